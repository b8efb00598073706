package page

import (
	"strconv"

	"github.com/terrarium-ml/terrarium/bindings"
	"github.com/terrarium-ml/terrarium/core/data"
	"github.com/terrarium-ml/terrarium/core/data/text"
	"github.com/terrarium-ml/terrarium/core/json"
)

// A textForm is step 3's form: the network, and training options. Until the user touches
// it, it follows what the engine suggests.
type textForm struct {
	app      *Texts
	network  string // by name
	scale    string // of the network: small, usual, large
	opts     options
	ownTrain bool // the user changed training options
}

func newTextForm(a *Texts) *textForm {
	s := &textForm{app: a, network: text.NetworkBag, scale: "usual"}
	s.opts, _ = formOf(&data.TrainingDefaults{Optimizer: "adam", LearningRate: 0.005, BatchSize: 32, Epochs: 30, Patience: 5}, data.DefaultSplit())
	s.opts.listen(a.hub, func() { s.ownTrain = true; a.touch(s, a.train) }, func() { a.words.changed() })
	a.on("option.reset", func(Action) { s.fresh(); s.suggest(); a.words.changed() })
	a.on("network.choose", func(act Action) { s.network = act.Value; s.suggest() })
	a.on("network.scale", func(act Action) { s.scale = act.Value; a.touch(s) })
	return s
}

// fresh forgets what the user chose.
func (s *textForm) fresh() { s.ownTrain, s.network, s.scale = false, text.NetworkBag, "usual" }

// chosen is the network that was chosen; nil while none is known.
func (s *textForm) chosen() *bindings.TextNetwork {
	p := s.app.words.last
	if p == nil || len(p.Networks) == 0 {
		return nil
	}
	for i := range p.Networks {
		if p.Networks[i].Name == s.network {
			return &p.Networks[i]
		}
	}
	return &p.Networks[0]
}

// suggest takes the engine's proposal for the network, unless the user has an own one.
func (s *textForm) suggest() {
	if n := s.chosen(); n != nil && !s.ownTrain {
		weights := s.opts.weights
		s.opts.suggested(&n.Train)
		s.opts.weights = weights
	}
	s.app.touch(s, s.app.train)
}

func (s *textForm) check() (parsed, checks) {
	rows := 0
	if p := s.app.words.prepared; p != nil {
		rows = p.Prepared.Train
	}
	p, c := s.opts.parse(rows)
	for id, k := range s.app.words.check() {
		c[id] = k
	}
	return p, c
}

// layers are those of the network, in the size that was chosen.
func (s *textForm) layers() []bindings.Layer {
	n := s.chosen()
	if n == nil {
		return nil
	}
	return widenedLayers(n.Layers, networkScales[s.scale])
}

// widenedLayers makes layers wider or narrower by a factor.
func widenedLayers(layers []bindings.Layer, factor [2]int) []bindings.Layer {
	out := make([]bindings.Layer, len(layers))
	for i, l := range layers {
		out[i] = bindings.Layer{ClassName: l.ClassName, Config: widened(l.Config, factor)}
	}
	return out
}

// widened multiplies what says how wide a layer is, also of a layer within it. Widths stay
// even, so that heads share them.
func widened(config json.RawMessage, factor [2]int) json.RawMessage {
	members := map[string]json.RawMessage{}
	if factor == [2]int{1, 1} || json.Unmarshal(config, &members) != nil {
		return config
	}
	for name, v := range members {
		if n, err := strconv.Atoi(string(v)); err == nil && (name == "units" || name == "outputDim" || name == "intermediateDim") {
			members[name] = json.RawMessage(strconv.Itoa(max(2, n*factor[0]/factor[1]/2*2)))
		} else if len(v) > 0 && v[0] == '{' {
			members[name] = widened(v, factor)
		}
	}
	out, err := json.Marshal(members)
	if err != nil {
		return config
	}
	return out
}

func (s *textForm) views() map[string]Nodes {
	a := s.app
	if !a.open() {
		return map[string]Nodes{"network-view": {el("p", class("empty"), txt("The network follows once there are texts."))}}
	}
	_, c := s.check()
	reasons, weights := map[string]string{}, false
	if n := s.chosen(); n != nil {
		weights = len(n.Train.ClassWeight) > 0
		if !s.ownTrain {
			reasons = n.Train.Reasons
		}
	}
	return map[string]Nodes{"network-view": {el("fieldset", class("plain"), when(a.train.busy(), attr("disabled", "")), s.networkView(),
		el("div", class("options"), keyed("options"), trainingFields(&s.opts, c, reasons, "text", "texts", weights),
			button("option.reset", "", "second small", "Reset to the suggestion", ident("reset"), when(!s.ownTrain && s.network == text.NetworkBag && s.scale == "usual", attr("disabled", "")))))}}
}

// networkView asks for the network and lists its layers.
func (s *textForm) networkView() Node {
	box := el("div", class("wrap"), keyed("network"))
	n, p := s.chosen(), s.app.words.last
	if n == nil {
		return box
	}
	var choices []choice
	for _, k := range p.Networks {
		choices = append(choices, choice{k.Name, k.Title})
	}
	el("div", class("fields wide"),
		field("network", "Network", n.Reason, check{}, func(more Part) Node { return chooser("network", "network.choose", "", n.Name, choices, more) }),
		field("scale", "Size of the network", "A large one learns finer differences, needs more texts and more time.", check{}, func(more Part) Node {
			return chooser("scale", "network.scale", "", s.scale, []choice{{"small", "small"}, {"usual", "as suggested"}, {"large", "large"}}, more)
		})).join(&box)
	layerList("layers", plural(p.Setup.Options.Length, "token", "tokens"), s.layers(), plural(len(p.Prepared.Pipeline.Output.Labels), "class", "classes")).join(&box)
	return box
}
