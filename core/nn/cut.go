package nn

import "github.com/terrarium-ml/terrarium/core/tensor"

// Cut returns the network up to a layer: what its first result, where the layer is used
// last, is computed from, and nothing else. Layers keep their names, so that weights can
// be carried over. An unknown name is an error. The layers themselves are shared.
func (n *Network) Cut(layer string) (*Network, error) {
	last := -1
	var known []string
	for i, node := range n.Nodes {
		known = append(known, node.Name)
		if node.Name == layer {
			last = i
		}
	}
	if last < 0 {
		return nil, unknownName("layer", layer, known)
	}
	needed := make([]bool, last+1)
	needed[last] = true
	for i := last; i >= 0; i-- {
		if needed[i] {
			for _, r := range n.Nodes[i].In {
				needed[r.Node] = true
			}
		}
	}
	cut := &Network{Name: n.Name}
	at := make([]int, last+1)
	for i, node := range n.Nodes[:last+1] {
		if !needed[i] {
			continue
		}
		in := make([]Ref, len(node.In))
		for k, r := range node.In {
			in[k] = Ref{at[r.Node], r.Output}
		}
		at[i], node.In = len(cut.Nodes), in
		cut.Nodes = append(cut.Nodes, node)
	}
	cut.Outputs = []Ref{{Node: at[last]}}
	return cut, nil
}

// Append returns the network followed by more layers, one behind the other, on its one
// output. Layers without a name get one that is not taken.
func (n *Network) Append(layers ...Layer) (*Network, error) {
	outputs := n.outputs()
	if len(n.Nodes) == 0 || len(outputs) != 1 {
		return nil, tensor.Errorf(tensor.CodeOption, "layers are appended to a network of one output, this one has %d; cut it at a layer first", len(outputs)*min(1, len(n.Nodes)))
	}
	longer := &Network{Name: n.Name, Nodes: append([]Node{}, n.Nodes...)}
	before := outputs[0]
	for i, l := range layers {
		if l == nil {
			return nil, tensor.Errorf(tensor.CodeOption, "layer %d to append is nil", i)
		}
		longer.Nodes = append(longer.Nodes, Node{Layer: l, In: []Ref{before}})
		before = Ref{Node: len(longer.Nodes) - 1}
	}
	longer.Outputs = []Ref{before}
	longer.nameLayers()
	return longer, nil
}

// SetFrozen freezes a layer, so that its weights are not trained, or thaws it. The
// network must be compiled again for that. An unknown name is an error.
func (n *Network) SetFrozen(layer string, frozen bool) error {
	var known []string
	found := false
	for i := range n.Nodes {
		known = append(known, n.Nodes[i].Name)
		if n.Nodes[i].Name == layer {
			n.Nodes[i].Frozen, found = frozen, true
		}
	}
	if !found {
		return unknownName("layer", layer, known)
	}
	return nil
}
