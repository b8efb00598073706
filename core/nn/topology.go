package nn

import (
	"fmt"

	"github.com/terrarium-ml/terrarium/core/json"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// A NetworkConfig is a network as files and JavaScript write it. Without OutputLayers
// it is sequential. With them it has branches: each layer tells by InboundNodes where
// its inputs come from, once for each of its uses, as Keras's functional models do.
type NetworkConfig struct {
	Layers       []LayerConfig `json:"layers"`
	InputLayers  []LayerRef    `json:"input_layers,omitempty"`
	OutputLayers []LayerRef    `json:"output_layers,omitempty"`
}

// A LayerRef names a result: of which layer, of which of its uses, and which one. JSON
// has it as a list, ["dense", 0, 0].
type LayerRef struct {
	Layer       string
	Use, Output int
}

// WriteJSON writes the list.
func (r LayerRef) WriteJSON() ([]byte, error) {
	name, err := json.Marshal(r.Layer)
	return fmt.Appendf(nil, "[%s,%d,%d]", name, r.Use, r.Output), err
}

// ReadJSON reads the list. A fourth element, Keras's arguments of the call, must be
// empty.
func (r *LayerRef) ReadJSON(text []byte) error {
	var parts []json.RawMessage
	if err := json.Unmarshal(text, &parts); err != nil || len(parts) < 1 || len(parts) > 4 {
		return tensor.Errorf(tensor.CodeOption, "a result of a layer is written [name, use, output], got %.60s", text)
	}
	*r = LayerRef{}
	var arguments map[string]json.RawMessage
	for i, into := range []any{&r.Layer, &r.Use, &r.Output, &arguments}[:len(parts)] {
		if err := json.Unmarshal(parts[i], into); err != nil {
			return tensor.Errorf(tensor.CodeOption, "a result of a layer is written [name, use, output], got %.60s", text)
		}
	}
	if len(arguments) > 0 {
		return tensor.Errorf(tensor.CodeUnsupported, "layer %q is called with arguments, which is not supported: %.100s", r.Layer, parts[3])
	}
	return nil
}

// FromConfig returns the sequential network of configured layers.
func FromConfig(configs []LayerConfig) (*Network, error) {
	return ParseNetwork(NetworkConfig{Layers: configs})
}

// ParseNetwork makes the network of a configuration.
func ParseNetwork(c NetworkConfig) (*Network, error) {
	layers, frozen := make([]Layer, len(c.Layers)), make([]bool, len(c.Layers))
	for i, config := range c.Layers {
		l, err := ParseLayer(config)
		if err != nil {
			return nil, located(err, fmt.Sprintf("layer %d", i))
		}
		layers[i], frozen[i] = l, config.Frozen()
	}
	if len(c.OutputLayers) == 0 {
		n := chain(layers)
		for i := range n.Nodes {
			n.Nodes[i].Name, n.Nodes[i].Frozen = c.Layers[i].Name, frozen[i]
		}
		n.nameLayers()
		return n, nil
	}
	p := topologyParser{config: c, layers: layers, frozen: frozen, index: map[string]int{}, nodes: map[LayerRef]int{}}
	return p.parse()
}

// A topologyParser puts the uses of layers into an order in which each stands behind
// what it takes.
type topologyParser struct {
	config  NetworkConfig
	layers  []Layer
	frozen  []bool
	index   map[string]int   // layers by name
	nodes   map[LayerRef]int // finished nodes by layer and use
	open    map[LayerRef]bool
	network Network
}

func (p *topologyParser) parse() (*Network, error) {
	for i, l := range p.layers {
		name := l.LayerName()
		if name == "" {
			name = p.config.Layers[i].Name
		}
		if _, taken := p.index[name]; taken || name == "" {
			return nil, tensor.Errorf(tensor.CodeOption, "layer %d is called %q; in a network with branches every layer wants a name of its own", i, name)
		}
		p.index[name] = i
	}
	p.open = map[LayerRef]bool{}
	for _, r := range p.config.InputLayers {
		if _, err := p.visit(r); err != nil {
			return nil, err
		}
	}
	for _, r := range p.config.OutputLayers {
		ref, err := p.visit(r)
		if err != nil {
			return nil, err
		}
		p.network.Outputs = append(p.network.Outputs, ref)
	}
	return &p.network, nil
}

// visit returns where a result stands, after adding what it needs.
func (p *topologyParser) visit(r LayerRef) (Ref, error) {
	key := LayerRef{r.Layer, r.Use, 0}
	if node, ok := p.nodes[key]; ok {
		return Ref{node, r.Output}, nil
	}
	i, ok := p.index[r.Layer]
	if !ok {
		return Ref{}, tensor.Errorf(tensor.CodeOption, "layer %q is used but not described", r.Layer)
	}
	inbound := p.config.Layers[i].InboundNodes
	if r.Use < 0 || r.Use > 0 && r.Use >= len(inbound) {
		return Ref{}, tensor.Errorf(tensor.CodeOption, "has %d uses, but use %d is asked for", len(inbound), r.Use).In(r.Layer)
	}
	if p.open[key] {
		return Ref{}, tensor.Errorf(tensor.CodeOption, "takes its own result: the network has a cycle").In(r.Layer)
	}
	p.open[key] = true
	node := Node{Layer: p.layers[i], Name: r.Layer, Frozen: p.frozen[i]}
	if len(inbound) > 0 {
		for _, from := range inbound[r.Use] {
			ref, err := p.visit(from)
			if err != nil {
				return ref, err
			}
			node.In = append(node.In, ref)
		}
	}
	p.nodes[key] = len(p.network.Nodes)
	p.network.Nodes = append(p.network.Nodes, node)
	return Ref{p.nodes[key], r.Output}, nil
}

// Config returns the network's configuration; ParseNetwork gives the network back.
func (n *Network) Config() (NetworkConfig, error) {
	var c NetworkConfig
	sequential := n.sequential()
	usual := n.usualNames()
	at := map[string]int{}         // layers by name
	refs := make([]LayerRef, 0, 8) // of each node's first result
	for _, node := range n.Nodes {
		i, again := at[node.Name]
		if !again {
			l, err := FormatLayer(node.Layer)
			if err != nil {
				return c, err
			}
			if node.Frozen {
				l.Trainable = new(bool)
			}
			if !sequential || !usual {
				l.Name = node.Name
			}
			i = len(c.Layers)
			at[node.Name] = i
			c.Layers = append(c.Layers, l)
		}
		refs = append(refs, LayerRef{Layer: node.Name, Use: len(c.Layers[i].InboundNodes)})
		if sequential {
			continue
		}
		if len(node.In) == 0 {
			c.InputLayers = append(c.InputLayers, LayerRef{Layer: node.Name})
			continue
		}
		var inbound []LayerRef
		for _, r := range node.In {
			ref := refs[r.Node]
			ref.Output = r.Output
			inbound = append(inbound, ref)
		}
		c.Layers[i].InboundNodes = append(c.Layers[i].InboundNodes, inbound)
	}
	if !sequential {
		for _, r := range n.outputs() {
			ref := refs[r.Node]
			ref.Output = r.Output
			c.OutputLayers = append(c.OutputLayers, ref)
		}
	}
	return c, nil
}

// sequential tells whether the network is a chain.
func (n *Network) sequential() bool {
	seen := map[string]bool{}
	for i, node := range n.Nodes {
		chained := i == 0 && len(node.In) == 0 || len(node.In) == 1 && node.In[0] == Ref{i - 1, 0}
		if !chained || seen[node.Name] {
			return false
		}
		seen[node.Name] = true
	}
	out := n.outputs()
	return len(out) == 1 && out[0] == Ref{len(n.Nodes) - 1, 0}
}

// usualNames tells whether the layers have the names that Sequential would give them.
// Others, as a network may have that was cut from a larger one, are written down.
func (n *Network) usualNames() bool {
	var layers []Layer
	for _, node := range n.Nodes {
		layers = append(layers, node.Layer)
	}
	for i, node := range Sequential(layers...).Nodes {
		if node.Name != n.Nodes[i].Name {
			return false
		}
	}
	return true
}
