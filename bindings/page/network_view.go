package page

import (
	"strconv"
	"strings"

	"github.com/terrarium-ml/terrarium/core/data"
)

var activationChoices = []choice{
	{"relu", "ReLU"}, {"leaky_relu", "Leaky ReLU"}, {"elu", "ELU"}, {"gelu", "GELU"}, {"swish", "Swish"},
	{"tanh", "tanh"}, {"sigmoid", "sigmoid"}, {"linear", "linear"},
}

var optimizerChoices = []choice{{"adam", "Adam"}, {"rmsprop", "RMSProp"}, {"momentum", "SGD with momentum"}, {"sgd", "SGD"}}

func (s *networkStep) views() map[string]Nodes {
	p, c, parameters := s.check()
	return map[string]Nodes{"network-view": {locked(s.app, Nodes{s.layersView(c), s.sizeView(p, c, parameters), s.optionsView(c)})}}
}

// layersView draws the network from input to output.
func (s *networkStep) layersView(c checks) Node {
	inputs, output := "numbers of a row", "The answer"
	if b := s.base; b != nil {
		inputs = plural(len(b.Features), "number", "numbers") + " a row"
		output = plural(b.Defaults.OutputUnits, "unit", "units") + ", " + b.Defaults.OutputActivation
	}
	list := el("ol", class("layers"), ident("layers"), attr("aria-label", "Layers of the network"),
		el("li", class("layer fixed"), keyed("input"), el("b", txt("Input")), el("span", txt(inputs))))
	for i := range s.layers {
		s.layerView(i, c).join(&list)
	}
	el("li", class("layer fixed"), keyed("output"), el("b", txt("Output")), el("span", txt(output)), el("span", class("quiet"), txt("follows from the target"))).join(&list)
	return el("div", class("wrap"), keyed("layers"), list, el("div", class("tools"),
		button("layer.add", "dense", "second", "Add a dense layer", ident("add-dense")),
		button("layer.add", "dropout", "second", "Add dropout", ident("add-dropout")),
		button("option.reset", "", "second", "Reset to the suggestion", ident("reset"), when(!s.own, attr("disabled", "")))))
}

func (s *networkStep) layerView(i int, c checks) Node {
	l, n := &s.layers[i], strconv.Itoa(i)
	where := "layer " + strconv.Itoa(i+1)
	row := el("li", class("layer "+l.kind), keyed(l.key), attr("data-layer", l.kind))
	if l.kind == "dropout" {
		all{el("b", txt("Dropout")), field("rate-"+n, "Share", "", c["rate-"+n], func(more Part) Node {
			return entry("rate-"+n, "layer.rate", l.key, l.rate, "decimal", all{more, attr("aria-label", "Dropped share of "+where)})
		})}.join(&row)
	} else {
		all{el("b", txt("Dense")), field("units-"+n, "Units", "", c["units-"+n], func(more Part) Node {
			return entry("units-"+n, "layer.units", l.key, l.units, "numeric", all{more, attr("aria-label", "Units of "+where)})
		}), field("activation-"+n, "Activation", "", check{}, func(more Part) Node {
			return chooser("activation-"+n, "layer.activation", l.key, l.activation, activationChoices, more, attr("aria-label", "Activation of "+where))
		})}.join(&row)
	}
	el("div", class("moves"),
		button("layer.up", l.key, "move", "↑", attr("aria-label", "Move "+where+" towards the input"), when(i == 0, attr("disabled", ""))),
		button("layer.down", l.key, "move", "↓", attr("aria-label", "Move "+where+" towards the output"), when(i == len(s.layers)-1, attr("disabled", ""))),
		button("layer.remove", l.key, "move", "×", attr("aria-label", "Remove "+where))).join(&row)
	return row
}

// sizeView says how large the network is, and whether that suits the table.
func (s *networkStep) sizeView(p parsed, c checks, parameters int64) Node {
	line := el("p", class("size"), ident("network-size"), keyed("size"))
	if s.base == nil || c.bad() != "" {
		txt("The size of the network is shown here once there is a table.").join(&line)
		return line
	}
	// Weights, their gradients and Adam's two averages, and one batch of activations.
	widths := int64(len(s.base.Features))
	for _, l := range s.layers {
		v, _ := read(l.units)
		widths += 2 * int64(v)
	}
	bytes := parameters*16 + widths*int64(p.batch)*8
	all{el("strong", txt(plural(parameters, "parameter", "parameters"))), txt(", about " + size(bytes) + " to train, " + size(parameters*4) + " to keep. ")}.join(&line)
	switch rows := int64(s.base.Train); {
	case parameters > 200*rows:
		el("span", class("check"), txt("That is a lot for "+plural(rows, "row", "rows")+": it may learn them by heart. Fewer units, dropout or weight decay help.")).join(&line)
	case len(s.layers) == 0:
		el("span", class("quiet"), txt("Without hidden layers this is a linear model.")).join(&line)
	}
	return line
}

func (s *networkStep) optionsView(c checks) Node {
	o := &s.opts
	// The engine's reason stands beside a value as long as it is the engine's.
	var d options
	if s.base != nil {
		d, _ = formOf(&s.base.Defaults, s.base.Setup.Split)
	}
	why := func(name, otherwise, value, suggested string) string {
		if s.base != nil && value == suggested && s.base.Defaults.Reasons[name] != "" {
			return s.base.Defaults.Reasons[name]
		}
		return otherwise
	}
	text := func(id, label, hint, value, mode string) Node {
		return field(id, label, hint, c[id], func(more Part) Node { return entry(id, "option."+id, "", value, mode, more) })
	}
	basic := el("div", class("fields"),
		text("epochs", "Epochs", why("epochs", "How often the network sees every row, at most.", o.epochs, d.epochs), o.epochs, "numeric"),
		text("batch", "Batch size", why("batchSize", "Rows a step.", o.batch, d.batch), o.batch, "numeric"),
		text("rate", "Learning rate", why("learningRate", "How far each step goes.", o.rate, d.rate), o.rate, "decimal"),
		text("seed", "Seed", "The same seed gives the same split, the same start and the same model, to the bit.", o.seed, "numeric"))
	more := el("div", class("fields"),
		field("optimizer", "Optimizer", why("optimizer", "", o.optimizer, d.optimizer), check{}, func(more Part) Node {
			return chooser("optimizer", "option.optimizer", "", strings.ToLower(o.optimizer), optimizerChoices, more)
		}),
		field("loss", "Loss", s.lossHint(), check{}, func(more Part) Node {
			return chooser("loss", "option.loss", "", o.loss, s.losses(), more)
		}),
		text("l2", "Weight decay (L2)", why("l2", "Keeps weights small; 0 means none.", o.l2, d.l2), o.l2, "decimal"),
		text("validation", "Validation part (%)", "Watched during training, not learned from.", o.validation, "decimal"),
		text("test", "Test part (%)", "Kept aside to the very end.", o.test, "decimal"))
	stop := el("div", class("fields"),
		tick("early", "option.early", "", "Stop early, and go back to the best epoch", o.early),
		when(o.early, text("patience", "Patience", why("patience", "Epochs without a better validation loss before it stops.", o.patience, d.patience), o.patience, "numeric")),
		when(s.base != nil && len(s.base.Defaults.ClassWeight) > 0,
			tick("weights", "option.weights", "", "Weigh rare classes more (the classes are of very different size)", o.weights)))
	return el("div", class("options"), keyed("options"), basic,
		el("details", class("more"), ident("more-options"), el("summary", txt("More options")), more), stop)
}

func (s *networkStep) lossHint() string {
	if s.base == nil || s.opts.loss != "" {
		return "What training makes small."
	}
	return "What training makes small: here " + words(s.base.Defaults.Loss) + "."
}

// losses lists the losses that fit the task.
func (s *networkStep) losses() []choice {
	if s.base == nil {
		return []choice{{"", "automatic"}}
	}
	out := []choice{{"", "automatic"}}
	if s.base.Setup.Task == data.TaskRegression {
		return append(out, choice{"meanSquaredError", "mean squared error"}, choice{"meanAbsoluteError", "mean absolute error"})
	}
	if s.base.Defaults.OutputUnits == 1 {
		return append(out, choice{"binaryCrossentropy", "binary crossentropy"}, choice{"meanSquaredError", "mean squared error"})
	}
	return append(out, choice{"sparseCategoricalCrossentropy", "sparse categorical crossentropy"})
}

// words writes a camelCase name as words.
func words(name string) string {
	var b strings.Builder
	for _, r := range name {
		if r >= 'A' && r <= 'Z' {
			b.WriteByte(' ')
			r += 'a' - 'A'
		}
		b.WriteRune(r)
	}
	return b.String()
}
