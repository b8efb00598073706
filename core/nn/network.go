package nn

import (
	"fmt"
	"reflect"
	"strings"
)

// A Network is a directed acyclic graph of layers.
type Network struct {
	Name    string
	Nodes   []Node
	Outputs []Ref // what the network computes; empty: the last node's result
}

// A Node is one use of a layer: where its inputs come from, and its name. A layer that
// stands in several nodes has one set of weights and one name.
type Node struct {
	Layer  Layer
	Name   string // unique for a layer
	In     []Ref  // of earlier nodes; none for an input
	Frozen bool   // its weights are not trained
}

// A Ref is a result of a node: most have one, number 0.
type Ref struct{ Node, Output int }

// Sequential returns the network in which each layer works on the result of the
// one before it. The first layer is an Input, or states its InputShape.
func Sequential(layers ...Layer) *Network {
	n := chain(layers)
	n.nameLayers()
	return n
}

// chain puts layers one behind the other.
func chain(layers []Layer) *Network {
	n := &Network{}
	for i, l := range layers {
		node := Node{Layer: l}
		if i > 0 {
			node.In = []Ref{{Node: i - 1}}
		}
		n.Nodes = append(n.Nodes, node)
	}
	return n
}

// outputs returns Outputs, or the last node's result.
func (n *Network) outputs() []Ref {
	if len(n.Outputs) == 0 {
		return []Ref{{Node: len(n.Nodes) - 1}}
	}
	return n.Outputs
}

// nameLayers gives every node without a name that of its layer or, if that has none,
// one made from its class: dense, dense_1, ….
func (n *Network) nameLayers() {
	taken := map[string]bool{}
	named := map[Layer]string{} // by pointer: equal values are two layers
	for i := range n.Nodes {
		node := &n.Nodes[i]
		if node.Layer == nil {
			continue
		}
		if node.Name == "" {
			node.Name = node.Layer.LayerName()
		} else if shareable(node.Layer) {
			named[node.Layer] = node.Name
		}
		taken[node.Name] = true
	}
	for i := range n.Nodes {
		node := &n.Nodes[i]
		if node.Layer == nil || node.Name != "" {
			continue
		}
		shared := shareable(node.Layer)
		if shared && named[node.Layer] != "" {
			node.Name = named[node.Layer]
			continue
		}
		base := SnakeCase(className(node.Layer.ClassName()))
		name := base
		for k := 1; taken[name]; k++ {
			name = fmt.Sprintf("%s_%d", base, k)
		}
		node.Name, taken[name] = name, true
		if shared {
			named[node.Layer] = name
		}
	}
}

// shareable tells whether a layer that stands in two nodes is one layer: if it is a
// pointer. A layer of another package may be a plain struct, of which equal ones are two.
func shareable(l Layer) bool { return reflect.TypeOf(l).Kind() == reflect.Pointer }

// className undoes what SnakeCase would make of acronyms: LeakyReLU is leaky_relu,
// MaxPooling2D is max_pooling2d.
func className(class string) string {
	switch class {
	case "LeakyReLU":
		return "LeakyRelu"
	case "ReLU":
		return "Relu"
	case "ELU":
		return "Elu"
	case "PReLU":
		return "Prelu"
	case "ThresholdedReLU":
		return "ThresholdedRelu"
	case "InputLayer":
		return "Input"
	case "LSTM":
		return "Lstm"
	case "GRU":
		return "Gru"
	case "SimpleRNN":
		return "SimpleRnn"
	case "RMSNormalization":
		return "RmsNormalization"
	}
	return strings.NewReplacer("1D", "1d", "2D", "2d").Replace(class)
}
