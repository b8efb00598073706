package keras

import (
	"fmt"

	"github.com/terrarium-ml/terrarium/core/format/unsupported"
	"github.com/terrarium-ml/terrarium/core/json"
	"github.com/terrarium-ml/terrarium/core/nn"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// A parser makes one flat network of a model, which may hold models as layers.
//
// A model is called, like a function, on the results that it works on: its own input
// layers stand for those, and its other layers are added to the network, once each,
// with a use for each call. The model of the file is called on nothing: its input
// layers become the network's.
type parser struct {
	unsupported.List
	file     *File
	keras3   bool
	fromTFJS bool
	added    map[string]int // the network's layers, by their path
	uses     int            // of layers, in all
	depth    int            // of models in models
}

// Bounds on what a hostile file can make of shared models, which multiply.
const (
	maxUses  = 20_000
	maxDepth = 32
)

func newParser(f *File) *parser { return &parser{file: f, added: map[string]int{}} }

// A rawLayer is a layer, or a model, as it stands in the file.
type rawLayer struct {
	ClassName string            `json:"class_name"`
	Name      string            `json:"name"`
	Config    json.RawMessage   `json:"config"`
	Inbound   []json.RawMessage `json:"inbound_nodes"`

	path string // names of the models that it is in, and its own
}

// topology reads modelTopology in each of its wrappings, and returns the training
// configuration where it stands inside.
func (p *parser) topology(text json.RawMessage) (training json.RawMessage, err error) {
	var wrapped struct {
		KerasVersion string          `json:"keras_version"`
		ModelConfig  json.RawMessage `json:"model_config"`
		Training     json.RawMessage `json:"training_config"`
		rawLayer
	}
	if err := json.Unmarshal(text, &wrapped); err != nil {
		return nil, formatErrorf("modelTopology is not the JSON of a model: %v", err)
	}
	root := wrapped.rawLayer
	if wrapped.ModelConfig != nil {
		if err := json.Unmarshal(wrapped.ModelConfig, &root); err != nil {
			return nil, formatErrorf("model_config is not the JSON of a model: %v", err)
		}
	}
	p.keras3 = len(wrapped.KerasVersion) > 0 && wrapped.KerasVersion[0] == '3'
	p.fromTFJS = len(wrapped.KerasVersion) >= 4 && wrapped.KerasVersion[:4] == "tfjs"
	m, err := p.model(root)
	if err != nil {
		return nil, err
	}
	p.file.Name = m.name
	if chain := m.chain(); chain != nil {
		for _, l := range chain {
			p.add(l, nil)
		}
		p.closeChain()
		return wrapped.Training, nil
	}
	outputs, err := p.call(m, nil)
	p.file.Network.OutputLayers = outputs
	return wrapped.Training, err
}

// closeChain makes a chain of the layers again: they name no inputs.
func (p *parser) closeChain() {
	for i := range p.file.Network.Layers {
		p.file.Network.Layers[i].InboundNodes = nil
	}
}

// A model is a list of layers and how they hang together.
type model struct {
	name            string
	sequential      bool
	layers          []rawLayer
	inputs, outputs []nn.LayerRef
}

func isModel(class string) bool {
	switch class {
	case "Sequential", "Functional", "Model":
		return true
	}
	return false
}

// model reads a Sequential, whose config may be a plain list, or a functional model.
func (p *parser) model(l rawLayer) (*model, error) {
	if !isModel(l.ClassName) {
		return nil, tensor.Errorf(tensor.CodeUnsupported, "the model is a %q; only Sequential and functional models describe their layers", l.ClassName)
	}
	m := &model{name: l.Name, sequential: l.ClassName == "Sequential"}
	if err := json.Unmarshal(l.Config, &m.layers); err == nil && m.sequential {
		return m, m.check(l.path)
	}
	var c struct {
		Name    string          `json:"name"`
		Layers  []rawLayer      `json:"layers"`
		Inputs  json.RawMessage `json:"input_layers"`
		Outputs json.RawMessage `json:"output_layers"`
	}
	if err := json.Unmarshal(l.Config, &c); err != nil {
		return nil, formatErrorf("the layers of model %q cannot be read: %v", m.name, err)
	}
	m.layers = c.Layers
	if c.Name != "" {
		m.name = c.Name
	}
	if !m.sequential {
		var err error
		if m.inputs, err = refs(c.Inputs); err == nil {
			m.outputs, err = refs(c.Outputs)
		}
		if err != nil {
			return nil, err
		}
	}
	return m, m.check(l.path)
}

// check makes sure that layers have names, which are theirs alone, and gives them their
// paths.
func (m *model) check(path string) error {
	seen := map[string]bool{}
	for i := range m.layers {
		l := &m.layers[i]
		var c struct {
			Name string `json:"name"`
		}
		// A list as config, of a nested Sequential, has no name in it.
		_ = json.Unmarshal(l.Config, &c)
		if c.Name != "" {
			l.Name = c.Name
		}
		if l.Name == "" {
			l.Name = fmt.Sprintf("%s_%d", nn.SnakeCase(l.ClassName), i)
		}
		if seen[l.Name] {
			return formatErrorf("model %q has two layers called %q", m.name, l.Name)
		}
		seen[l.Name] = true
		l.path = path + "/" + l.Name
	}
	if len(m.layers) == 0 {
		return formatErrorf("model %q has no layers", m.name)
	}
	return nil
}

// chain returns the layers of a Sequential that has no model in it, else nil.
func (m *model) chain() []rawLayer {
	for _, l := range m.layers {
		if !m.sequential || isModel(l.ClassName) {
			return nil
		}
	}
	return m.layers
}

// call adds a model's layers on the given results, and returns its own. For the file's
// model in is nil.
func (p *parser) call(m *model, in []nn.LayerRef) ([]nn.LayerRef, error) {
	if p.depth++; p.depth > maxDepth {
		return nil, formatErrorf("models stand in models more than %d deep", maxDepth)
	}
	defer func() { p.depth-- }()
	if m.sequential {
		return p.callChain(m, in)
	}
	c := caller{parser: p, model: m, index: map[string]int{}, results: map[nn.LayerRef][]nn.LayerRef{}}
	for i, l := range m.layers {
		c.index[l.Name] = i
	}
	for i, r := range m.inputs {
		if in != nil {
			if i >= len(in) {
				return nil, formatErrorf("model %q takes %d inputs, got %d", m.name, len(m.inputs), len(in))
			}
			c.results[nn.LayerRef{Layer: r.Layer}] = []nn.LayerRef{in[i]}
			continue
		}
		if _, err := c.visit(r); err != nil {
			return nil, err
		}
	}
	var out []nn.LayerRef
	for _, r := range m.outputs {
		result, err := c.visit(r)
		if err != nil {
			return nil, err
		}
		out = append(out, result)
	}
	return out, nil
}

// callChain is call for a Sequential.
func (p *parser) callChain(m *model, in []nn.LayerRef) (results []nn.LayerRef, err error) {
	for _, l := range m.layers {
		switch {
		case l.ClassName == "InputLayer" && in != nil:
			continue
		case in == nil && l.ClassName != "InputLayer" && !isModel(l.ClassName):
			// The first layer states the input's shape by itself.
			if in, err = p.inputOf(l); err != nil {
				return nil, err
			}
		}
		if in, err = p.apply(l, in); err != nil {
			return nil, err
		}
	}
	return in, nil
}

// inputOf adds an input layer of the shape that the options of a layer state.
func (p *parser) inputOf(l rawLayer) ([]nn.LayerRef, error) {
	o, err := options(l.Config)
	if err != nil {
		return nil, formatErrorf("layer %q: %v", l.Name, err)
	}
	shape := json.RawMessage(nil)
	for _, key := range []string{"batch_input_shape", "batch_shape"} {
		if o[key] != nil {
			shape = o[key]
		}
	}
	config, err := json.Marshal(map[string]json.RawMessage{"batch_input_shape": shape})
	if err != nil {
		return nil, err
	}
	return p.add(rawLayer{ClassName: "InputLayer", Name: l.Name + "_input", Config: config, path: l.path + "_input"}, nil), nil
}

// apply uses a layer or a model on results.
func (p *parser) apply(l rawLayer, in []nn.LayerRef) ([]nn.LayerRef, error) {
	if p.uses++; p.uses > maxUses {
		return nil, formatErrorf("layers are used more than %d times", maxUses)
	}
	if !isModel(l.ClassName) {
		return p.add(l, in), nil
	}
	m, err := p.model(l)
	if err != nil {
		return nil, err
	}
	return p.call(m, in)
}
