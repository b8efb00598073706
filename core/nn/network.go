package nn

import (
	"fmt"

	"github.com/terrarium-ml/terrarium/core/graph"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// A Network is a directed acyclic graph of layers.
type Network struct {
	Name  string
	Nodes []Node
}

// A Node is a layer and where its inputs come from: indices of earlier nodes.
type Node struct {
	Layer Layer
	Name  string // unique in the network
	In    []int
}

// Sequential returns the network in which each layer works on the result of the
// one before it. The first layer is an Input, or states its InputShape.
func Sequential(layers ...Layer) *Network {
	n := &Network{}
	for i, l := range layers {
		node := Node{Layer: l}
		if i > 0 {
			node.In = []int{i - 1}
		}
		n.Nodes = append(n.Nodes, node)
	}
	n.nameLayers()
	return n
}

// FromConfig returns the sequential network of configured layers.
func FromConfig(configs []LayerConfig) (*Network, error) {
	layers := make([]Layer, len(configs))
	for i, c := range configs {
		l, err := ParseLayer(c)
		if err != nil {
			return nil, located(err, fmt.Sprintf("layer %d", i))
		}
		layers[i] = l
	}
	return Sequential(layers...), nil
}

// Config returns the configurations of all layers; FromConfig gives the network
// back.
func (n *Network) Config() ([]LayerConfig, error) {
	configs := make([]LayerConfig, len(n.Nodes))
	for i, node := range n.Nodes {
		c, err := FormatLayer(node.Layer)
		if err != nil {
			return nil, err
		}
		configs[i] = c
	}
	return configs, nil
}

// nameLayers gives every layer without a name one made from its class: dense,
// dense_1, ….
func (n *Network) nameLayers() {
	taken := map[string]bool{}
	for i := range n.Nodes {
		if l := n.Nodes[i].Layer; l != nil {
			n.Nodes[i].Name = l.LayerName()
			taken[l.LayerName()] = true
		}
	}
	for i := range n.Nodes {
		if n.Nodes[i].Layer == nil || n.Nodes[i].Name != "" {
			continue
		}
		base := SnakeCase(className(n.Nodes[i].Layer.ClassName()))
		name := base
		for k := 1; taken[name]; k++ {
			name = fmt.Sprintf("%s_%d", base, k)
		}
		n.Nodes[i].Name, taken[name] = name, true
	}
}

// className undoes what SnakeCase would make of acronyms: LeakyReLU is leaky_relu.
func className(class string) string {
	switch class {
	case "LeakyReLU":
		return "LeakyRelu"
	case "ReLU":
		return "Relu"
	case "ELU":
		return "Elu"
	case "InputLayer":
		return "Input"
	}
	return class
}

// A Built network is its graph, with the values that matter.
type Built struct {
	Graph  *graph.Graph
	Input  graph.Value
	Output graph.Value
	Shapes [][]int // of a row of each node's result
}

// inputShaper is a layer that may state the shape of its input.
type inputShaper interface{ inputShape() []int }

// Build lowers all layers into a graph. Its errors name the layer, the shape that
// it got and the shape that it needs.
func (n *Network) Build() (*Built, error) {
	if len(n.Nodes) == 0 {
		return nil, tensor.Errorf(tensor.CodeOption, "a network wants at least one layer")
	}
	seen := map[string]bool{}
	for i, node := range n.Nodes {
		if node.Layer == nil {
			return nil, tensor.Errorf(tensor.CodeOption, "layer %d is nil", i)
		}
		if seen[node.Name] {
			return nil, tensor.Errorf(tensor.CodeOption, "two layers are called %q; give one another name", node.Name)
		}
		seen[node.Name] = true
	}
	first, ok := n.Nodes[0].Layer.(inputShaper)
	if !ok || len(first.inputShape()) == 0 {
		return nil, tensor.Errorf(tensor.CodeOption, "the first layer must state the shape of its input; give it inputShape, or begin with an Input").In(n.Nodes[0].Name)
	}
	b := &Built{Graph: &graph.Graph{}, Shapes: make([][]int, len(n.Nodes))}
	b.Graph.In(n.Nodes[0].Name)
	input, err := b.Graph.Input("x", first.inputShape())
	if err != nil {
		return nil, err
	}
	b.Input = input
	values := make([]graph.Value, len(n.Nodes))
	for i, node := range n.Nodes {
		x := input
		if i > 0 {
			x = values[node.In[0]]
			if err := checkStatedShape(node, b.Graph.Shape(x)); err != nil {
				return nil, err
			}
		}
		b.Graph.In(node.Name)
		values[i], err = node.Layer.Lower(&Scope{b.Graph, node.Name}, x)
		if err != nil {
			return nil, located(err, node.Name)
		}
		b.Shapes[i] = b.Graph.Shape(values[i])
	}
	b.Output = values[len(values)-1]
	return b, nil
}

// checkStatedShape refuses a later layer that states another input than it gets.
func checkStatedShape(node Node, got []int) error {
	l, ok := node.Layer.(inputShaper)
	if !ok || len(l.inputShape()) == 0 || tensor.SameShape(l.inputShape(), got) {
		return nil
	}
	return tensor.Errorf(tensor.CodeShape, "states input %s, got %s from the layer before; leave inputShape out behind the first layer",
		tensor.FormatBatch(l.inputShape()), tensor.FormatBatch(got)).In(node.Name)
}

// located names the layer in an error that does not name one yet.
func located(err error, layer string) error {
	if e, ok := err.(*tensor.Error); ok {
		return e.In(layer)
	}
	return fmt.Errorf("%s: %w", layer, err)
}
