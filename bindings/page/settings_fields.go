package page

import (
	"slices"
	"strconv"
	"strings"

	"github.com/terrarium-ml/terrarium/core/data/image"
	"github.com/terrarium-ml/terrarium/core/data/series"
	"github.com/terrarium-ml/terrarium/core/data/text"
)

// numberSetting is a setting that is a number, as typed. What it says is checked by its form.
func numberSetting(name, action string, value func() string) formSetting {
	return formSetting{name, value, func(v string) Action { return Action{Name: action, Value: v} },
		func(v string) bool { _, ok := read(v); return v == "" || ok && len(v) <= 20 }}
}

// wordSetting is a setting that is one of a few words.
func wordSetting(name, action string, words []string, value func() string) formSetting {
	return formSetting{name, value, func(v string) Action { return Action{Name: action, Value: v} },
		func(v string) bool { return slices.Contains(words, v) }}
}

// tickSetting is a setting that is on or off.
func tickSetting(name, action string, value func() bool) formSetting {
	words := map[bool]string{false: "no", true: "yes"}
	return formSetting{name, func() string { return words[value()] }, func(v string) Action { return Action{Name: action, Checked: v == "yes"} },
		func(v string) bool { return v == "yes" || v == "no" }}
}

func optimizers() []string {
	var out []string
	for _, c := range optimizerChoices {
		out = append(out, c.value)
	}
	return out
}

// losses are all that a table's form may offer.
var losses = []string{"", "meanSquaredError", "meanAbsoluteError", "binaryCrossentropy", "sparseCategoricalCrossentropy"}

// trainingSettings are the options that every road has.
func trainingSettings(o *options) []formSetting {
	return []formSetting{
		numberSetting("epochs", "option.epochs", func() string { return o.epochs }),
		numberSetting("batch", "option.batch", func() string { return o.batch }),
		numberSetting("rate", "option.rate", func() string { return o.rate }),
		wordSetting("optimizer", "option.optimizer", optimizers(), func() string { return strings.ToLower(o.optimizer) }),
		tickSetting("early", "option.early", func() bool { return o.early }),
		numberSetting("patience", "option.patience", func() string { return o.patience }),
		numberSetting("seed", "option.seed", func() string { return o.seed }),
		numberSetting("validation", "option.validation", func() string { return o.validation }),
		numberSetting("test", "option.test", func() string { return o.test }),
	}
}

func weighing(o *options) formSetting {
	return tickSetting("weights", "option.weights", func() bool { return o.weights })
}

func (a *App) settings() []formSetting {
	n := a.network
	return append(trainingSettings(&n.opts), weighing(&n.opts),
		numberSetting("l2", "option.l2", func() string { return n.opts.l2 }),
		formSetting{"loss", func() string { return n.opts.loss }, func(v string) Action { return Action{Name: "option.loss", Value: v} },
			func(v string) bool { // which there are depends on the target
				return n.base == nil && slices.Contains(losses, v) || slices.ContainsFunc(n.losses(), func(c choice) bool { return c.value == v })
			}},
		formSetting{"layers", func() string { return layersText(n.layers) }, func(v string) Action { return Action{Name: "layer.all", Value: v} },
			func(v string) bool { _, ok := layersOf(v); return ok }})
}

func (a *Pictures) settings() []formSetting {
	f := a.form
	fits := make([]string, len(image.Fits))
	for i, fit := range image.Fits {
		fits[i] = string(fit)
	}
	out := append(trainingSettings(&f.opts), weighing(&f.opts),
		numberSetting("side", "shown.side", func() string { return f.side }),
		wordSetting("fit", "shown.fit", fits, func() string { return string(f.setup.Fit) }),
		wordSetting("channels", "shown.channels", []string{"1", "3"}, func() string { return strconv.Itoa(f.setup.Channels) }),
		wordSetting("scale", "shown.scale", networkSizes, func() string { return f.scale }),
		tickSetting("flip", "vary.flip", func() bool { return f.setup.Augment.Flip }))
	for _, v := range variations {
		one := numberSetting(v.name, "vary", func() string { return plain(*v.of(&f.setup.Augment) * v.unit) })
		one.choose = func(text string) Action { return Action{Name: "vary", Arg: v.name, Value: text} }
		one.valid = func(text string) bool { n, ok := read(text); return ok && n >= 0 && n <= v.most }
		out = append(out, one)
	}
	return out
}

func (a *Texts) settings() []formSetting {
	f, w := a.form, a.words
	kinds := []string{string(text.KindWords), string(text.KindCharacters), string(text.KindNGrams), string(text.KindBytePairs)}
	return append([]formSetting{
		wordSetting("tokens", "words.kind", kinds, func() string { return string(w.kind) }), // first: the others follow it
		numberSetting("vocabulary", "words.vocabulary", func() string { return w.vocabulary }),
		numberSetting("count", "words.count", func() string { return w.minCount }),
		numberSetting("length", "words.length", func() string { return w.length }),
		numberSetting("low", "words.low", func() string { return w.low }),
		numberSetting("high", "words.high", func() string { return w.high }),
		wordSetting("cut", "words.cut", []string{string(text.CutEnd), string(text.CutStart)}, func() string { return string(w.cut) }),
		wordSetting("network", "network.choose", []string{text.NetworkBag, text.NetworkGRU, text.NetworkTransformer}, func() string { return f.network }),
		wordSetting("scale", "network.scale", networkSizes, func() string { return f.scale }),
	}, append(trainingSettings(&f.opts), weighing(&f.opts))...)
}

func (a *Series) settings() []formSetting {
	p := a.plan
	differences := make([]string, len(series.Differences))
	for i, d := range series.Differences {
		differences[i] = string(d)
	}
	return append([]formSetting{
		numberSetting("window", "plan.window", func() string { return p.window }),
		numberSetting("horizon", "plan.horizon", func() string { return p.horizon }),
		wordSetting("difference", "plan.difference", differences, func() string { return string(p.setup.Difference) }),
		tickSetting("calendar", "plan.calendar", func() bool { return p.setup.Calendar }),
		wordSetting("network", "plan.network", []string{"dense", "lstm", "convolution"}, func() string { return p.network }),
		wordSetting("scale", "plan.scale", networkSizes, func() string { return p.scale }),
		wordSetting("loss", "option.loss", []string{"", "meanSquaredError", "meanAbsoluteError"}, func() string { return p.opts.loss }),
	}, trainingSettings(&p.opts)...)
}

// layersText writes hidden layers for an address: 32-relu_drop0.2_16-relu.
func layersText(list []layerRow) string {
	parts := make([]string, len(list))
	for i, l := range list {
		if parts[i] = strings.TrimSpace(l.units) + "-" + l.activation; l.kind == "dropout" {
			parts[i] = "drop" + strings.TrimSpace(l.rate)
		}
	}
	return strings.Join(parts, "_")
}

// mostLayers is how many layers an address may ask for.
const mostLayers = 32

// layersOf reads what layersText wrote.
func layersOf(written string) ([]layerRow, bool) {
	if written == "" {
		return nil, true
	}
	parts := strings.Split(written, "_")
	if len(parts) > mostLayers {
		return nil, false
	}
	var out []layerRow
	for i, part := range parts {
		l := layerRow{key: "address" + strconv.Itoa(i), kind: "dense", units: "16", activation: "relu", rate: "0.2"}
		if rate, is := strings.CutPrefix(part, "drop"); is {
			v, ok := read(rate)
			if !ok || v < 0 || v >= 1 || len(rate) > 20 {
				return nil, false
			}
			l.kind, l.rate = "dropout", strings.TrimSpace(rate)
		} else {
			units, activation, _ := strings.Cut(part, "-")
			n, err := strconv.Atoi(units)
			if err != nil || n < 1 || n > 16_384 || !slices.ContainsFunc(activationChoices, func(c choice) bool { return c.value == activation }) {
				return nil, false
			}
			l.units, l.activation = strconv.Itoa(n), activation
		}
		out = append(out, l)
	}
	return out, true
}
