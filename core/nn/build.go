package nn

import (
	"fmt"

	"github.com/terrarium-ml/terrarium/core/graph"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// A Built network is its graph, with the values that matter.
type Built struct {
	Graph   *graph.Graph
	Inputs  []graph.Value // in the order of the network's input nodes
	Outputs []graph.Value
	Names   struct{ Inputs, Outputs []string } // of the layers they belong to
	Masks   []graph.Value                      // of each output that has one; the zero Value for others
	Masked  []bool                             // which have one
	Shapes  [][]int                            // of a row of each node's first result
	Indices []int                              // of each input: it wants whole numbers below this, for an Embedding; 0 for any others
}

// inputShaper is a layer that may state the shape of its input.
type inputShaper interface{ inputShape() []int }

// Build lowers all layers into a graph. Its errors name the layer, the shape that
// it got and the shape that it needs.
func (n *Network) Build() (*Built, error) {
	if err := n.check(); err != nil {
		return nil, err
	}
	b := &Built{Graph: &graph.Graph{}, Shapes: make([][]int, len(n.Nodes))}
	values := make([][]graph.Value, len(n.Nodes))
	scopes := map[string]*Scope{}
	masks, indices := map[graph.Value]graph.Value{}, map[graph.Value]int{}
	for i, node := range n.Nodes {
		in, err := n.gather(b, node, values)
		if err != nil {
			return nil, err
		}
		s := scopes[node.Name]
		if s == nil {
			s = &Scope{Graph: b.Graph, Name: node.Name, frozen: node.Frozen, masks: masks, indices: indices}
			scopes[node.Name] = s
		}
		b.Graph.In(node.Name)
		if values[i], err = s.Lower(node.Layer, in...); err != nil {
			return nil, located(err, node.Name)
		}
		b.Shapes[i] = b.Graph.Shape(values[i][0])
	}
	for _, v := range b.Inputs {
		b.Indices = append(b.Indices, indices[v])
	}
	for _, r := range n.outputs() {
		if r.Output >= len(values[r.Node]) {
			return nil, tensor.Errorf(tensor.CodeOption, "has %d results, but number %d is an output of the network", len(values[r.Node]), r.Output).In(n.Nodes[r.Node].Name)
		}
		v := values[r.Node][r.Output]
		mask, masked := masks[v]
		b.Outputs, b.Masks, b.Masked = append(b.Outputs, v), append(b.Masks, mask), append(b.Masked, masked)
		b.Names.Outputs = append(b.Names.Outputs, n.Nodes[r.Node].Name)
	}
	return b, nil
}

// check refuses networks that are none: without layers, with two layers of one name,
// with inputs that come later.
func (n *Network) check() error {
	if len(n.Nodes) == 0 {
		return tensor.Errorf(tensor.CodeOption, "a network wants at least one layer")
	}
	owner := map[string]Layer{}
	for i, node := range n.Nodes {
		if node.Layer == nil {
			return tensor.Errorf(tensor.CodeOption, "layer %d is nil", i)
		}
		if other, taken := owner[node.Name]; taken && !(shareable(other) && other == node.Layer) {
			return tensor.Errorf(tensor.CodeOption, "two layers are called %q; give one another name", node.Name)
		}
		owner[node.Name] = node.Layer
		for _, r := range node.In {
			if r.Node < 0 || r.Node >= i || r.Output < 0 {
				return tensor.Errorf(tensor.CodeOption, "takes the result of layer %d, which does not stand before it", r.Node).In(node.Name)
			}
		}
	}
	for _, r := range n.Outputs {
		if r.Node < 0 || r.Node >= len(n.Nodes) || r.Output < 0 {
			return tensor.Errorf(tensor.CodeOption, "the network's output is layer %d, which there is not", r.Node)
		}
	}
	return nil
}

// gather returns the values that a node works on. A node without inputs gets an input
// of the graph.
func (n *Network) gather(b *Built, node Node, values [][]graph.Value) ([]graph.Value, error) {
	stated := []int(nil)
	if l, ok := node.Layer.(inputShaper); ok {
		stated = l.inputShape()
	}
	if len(node.In) == 0 {
		if len(stated) == 0 {
			return nil, tensor.Errorf(tensor.CodeOption, "the first layer must state the shape of its input; give it inputShape, or begin with an Input").In(node.Name)
		}
		b.Graph.In(node.Name)
		name := "x"
		if k := len(b.Inputs); k > 0 {
			name = fmt.Sprintf("x%d", k)
		}
		input, err := b.Graph.Input(name, stated)
		b.Inputs, b.Names.Inputs = append(b.Inputs, input), append(b.Names.Inputs, node.Name)
		return []graph.Value{input}, err
	}
	in := make([]graph.Value, len(node.In))
	for k, r := range node.In {
		from := values[r.Node]
		if r.Output >= len(from) {
			return nil, tensor.Errorf(tensor.CodeOption, "takes result %d of %s, which has %d", r.Output, n.Nodes[r.Node].Name, len(from)).In(node.Name)
		}
		in[k] = from[r.Output]
	}
	if got := b.Graph.Shape(in[0]); len(stated) > 0 && !tensor.SameShape(stated, got) {
		return nil, tensor.Errorf(tensor.CodeShape, "states input %s, got %s from the layer before; leave inputShape out behind the first layer",
			tensor.FormatBatch(stated), tensor.FormatBatch(got)).In(node.Name)
	}
	return in, nil
}

// located names the layer in an error that does not name one yet.
func located(err error, layer string) error {
	if e, ok := err.(*tensor.Error); ok {
		return e.In(layer)
	}
	return fmt.Errorf("%s: %w", layer, err)
}
