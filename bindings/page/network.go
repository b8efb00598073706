package page

import (
	"strconv"

	"github.com/terrarium-ml/terrarium/bindings"
	"github.com/terrarium-ml/terrarium/core/data"
	"github.com/terrarium-ml/terrarium/core/json"
)

// A networkStep is step 3's form: layers and training options. Until the user touches it,
// it follows what the engine suggests for the table.
type networkStep struct {
	app    *App
	layers []layerRow
	opts   options
	own    bool // the user changed something
	next   int  // for keys of new layers
	base   *bindings.PrepareResult
}

func newNetwork(a *App) *networkStep {
	s := &networkStep{app: a}
	s.opts, s.layers = formOf(&data.TrainingDefaults{Hidden: []int{32, 16}, Activation: "relu", Optimizer: "adam", LearningRate: 0.001, BatchSize: 32, Epochs: 100, Patience: 20}, data.DefaultSplit())
	field := func(name string, to func() *string) {
		a.on("option."+name, func(act Action) { *to() = act.Value; s.touched() })
	}
	field("epochs", func() *string { return &s.opts.epochs })
	field("batch", func() *string { return &s.opts.batch })
	field("rate", func() *string { return &s.opts.rate })
	field("l2", func() *string { return &s.opts.l2 })
	field("patience", func() *string { return &s.opts.patience })
	field("optimizer", func() *string { return &s.opts.optimizer })
	field("loss", func() *string { return &s.opts.loss })
	a.on("option.early", func(act Action) { s.opts.early = act.Checked; s.touched() })
	a.on("option.weights", func(act Action) { s.opts.weights = act.Checked; s.touched() })
	a.on("option.seed", func(act Action) { s.opts.seed = act.Value; s.resplit() })
	a.on("option.validation", func(act Action) { s.opts.validation = act.Value; s.resplit() })
	a.on("option.test", func(act Action) { s.opts.test = act.Value; s.resplit() })
	a.on("option.reset", func(Action) { s.reset() })
	a.on("layer.all", func(act Action) {
		if layers, ok := layersOf(act.Value); ok {
			s.layers = layers
			s.touched()
		}
	})
	a.on("layer.add", func(act Action) { s.add(act.Arg) })
	a.on("layer.remove", s.at(func(i int, _ string) {
		s.layers = append(s.layers[:i:i], s.layers[i+1:]...)
		a.screen.Focus("add-dense")
	}))
	a.on("layer.up", s.at(func(i int, _ string) { s.swap(i, i-1) }))
	a.on("layer.down", s.at(func(i int, _ string) { s.swap(i, i+1) }))
	a.on("layer.units", s.at(func(i int, v string) { s.layers[i].units = v }))
	a.on("layer.activation", s.at(func(i int, v string) { s.layers[i].activation = v }))
	a.on("layer.rate", s.at(func(i int, v string) { s.layers[i].rate = v }))
	return s
}

// at makes a handler for the layer whose key is the action's argument.
func (s *networkStep) at(do func(i int, value string)) func(Action) {
	return func(act Action) {
		for i := range s.layers {
			if s.layers[i].key == act.Arg {
				do(i, act.Value)
				s.touched()
				return
			}
		}
	}
}

func (s *networkStep) touched() {
	s.own = true
	s.app.touch(s, s.app.train)
}

// resplit is touched for what changes the parts of the table too.
func (s *networkStep) resplit() {
	s.touched()
	if _, c := s.opts.parse(0); !c["seed"].bad && !c["validation"].bad && !c["test"].bad {
		s.app.columns.changed()
	}
}

func (s *networkStep) add(kind string) {
	s.next++
	row := layerRow{key: "own" + strconv.Itoa(s.next), kind: kind, units: "16", activation: "relu", rate: "0.2"}
	if n := len(s.layers); n > 0 {
		row.activation = s.layers[n-1].activation
	}
	s.layers = append(s.layers, row)
	s.touched()
	if kind == "dense" {
		s.app.screen.Focus("units-" + strconv.Itoa(len(s.layers)-1))
	} else {
		s.app.screen.Focus("rate-" + strconv.Itoa(len(s.layers)-1))
	}
}

func (s *networkStep) swap(i, j int) {
	if j >= 0 && j < len(s.layers) {
		s.layers[i], s.layers[j] = s.layers[j], s.layers[i]
	}
}

// suggest takes the engine's proposal, unless the user has a network of their own.
func (s *networkStep) suggest(p *bindings.PrepareResult) {
	s.base = p
	if !s.own {
		s.fill(p)
	}
	s.app.touch(s)
}

// fill puts the proposal into the form; seed and parts stay as they were asked for.
func (s *networkStep) fill(p *bindings.PrepareResult) {
	s.layers = s.opts.suggested(&p.Defaults)
}

func (s *networkStep) reset() {
	split := data.DefaultSplit()
	s.opts.seed, s.opts.validation, s.opts.test = strconv.FormatUint(split.Seed, 10), shareText(split.Validation), shareText(split.Test)
	if s.base != nil {
		s.fill(s.base)
	}
	s.own = false
	s.app.columns.changed()
	s.app.touch(s, s.app.train)
}

// forget drops what fitted another target.
func (s *networkStep) forget() {
	s.own, s.base = false, nil
	s.opts.loss = ""
	s.app.touch(s)
}

// outputs returns how many outputs the network will have.
func (s *networkStep) outputs() int {
	if s.base == nil {
		return 1
	}
	return max(s.base.Defaults.OutputUnits, 1)
}

// check checks the whole form.
func (s *networkStep) check() (p parsed, c checks, parameters int64) {
	rows, inputs := 0, 0
	if s.base != nil {
		rows, inputs = s.base.Train, len(s.base.Features)
	}
	p, c = s.opts.parse(rows)
	parameters = checkLayers(s.layers, inputs, s.outputs(), c)
	return p, c, parameters
}

// hidden describes the hidden layers to the engine.
func (s *networkStep) hidden(p parsed) []bindings.Layer {
	out := []bindings.Layer{}
	for _, l := range s.layers {
		if l.kind == "dropout" {
			rate, _ := read(l.rate)
			out = append(out, bindings.Layer{ClassName: "Dropout", Config: object(map[string]any{"rate": rate})})
			continue
		}
		units, _ := read(l.units)
		config := map[string]any{"units": int(units), "activation": l.activation}
		if init := s.initializer(l.activation); init != "" {
			config["kernelInitializer"] = init
		}
		if p.l2 > 0 {
			config["kernelRegularizer"] = map[string]any{"class_name": "L2", "config": map[string]any{"l2": p.l2}}
		}
		out = append(out, bindings.Layer{ClassName: "Dense", Config: object(config)})
	}
	return out
}

// initializer chooses how a layer's weights begin: as suggested for the suggested
// activation, else what the activation's authors found; "" is Keras's default.
func (s *networkStep) initializer(activation string) string {
	if s.base != nil && activation == s.base.Defaults.Activation {
		return s.base.Defaults.Initializer
	}
	switch activation {
	case "relu", "leaky_relu", "elu", "gelu", "swish":
		return "heNormal"
	}
	return ""
}

// object encodes a small configuration, its members in order of name.
func object(v map[string]any) json.RawMessage {
	b, err := json.Marshal(v)
	if err != nil {
		panic("page: a configuration of numbers and names always encodes: " + err.Error())
	}
	return b
}
