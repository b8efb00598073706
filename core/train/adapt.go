package train

import (
	"slices"

	"github.com/terrarium-ml/terrarium/core/nn"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// An Adaptation says what a model for other data is made of one that is there.
type Adaptation struct {
	Input      []int         // the shape of its rows
	Units      int           // of its output
	Activation nn.Activation // of its output

	// Frozen leaves all as it is but a new last layer, so that only this learns.
	Frozen bool
	// Whole keeps the last layer too, which must have the units.
	Whole bool
}

// Adapt makes a model for other data of this one, for transfer learning: the last Dense
// layer, and what is behind it, makes room for a fresh one. Where this model takes images
// with channels first, as ONNX has them, and rows come with channels last, their axes are
// moved. The new model has no pipeline, and must be compiled.
func (m *Model) Adapt(a Adaptation, opts ...Option) (*Model, error) {
	n := m.network
	outputs := n.Outputs
	if len(outputs) == 0 {
		outputs = []nn.Ref{{Node: len(n.Nodes) - 1}}
	}
	if len(m.InputShapes()) != 1 || len(outputs) != 1 {
		return nil, tensor.Errorf(tensor.CodeUnsupported, "A model of several inputs or outputs is not trained further here; this one has %d and %d.", len(m.InputShapes()), len(outputs))
	}
	network, first, err := m.fedWith(a.Input)
	if err != nil {
		return nil, err
	}
	end := outputs[0].Node + first
	if !a.Whole {
		base, several := network.base(end)
		body, err := (*nn.Network)(network).Cut(network.Nodes[base].Name)
		if err != nil {
			return nil, err
		}
		head := []nn.Layer{}
		if several {
			head = append(head, nn.Flatten())
		}
		body, err = body.Append(append(head, nn.Dense(a.Units, a.Activation, nn.Name(fresh(body, "output"))))...)
		if err != nil {
			return nil, err
		}
		network = (*fed)(body)
	} else if last := m.OutputShape(); !slices.Equal(last, []int{a.Units}) {
		return nil, tensor.Errorf(tensor.CodeShape, "The model gives rows of shape %s, and %d numbers are wanted; give it a new last layer.", tensor.Format(last), a.Units)
	}
	made, err := New((*nn.Network)(network), append([]Option{Seed(m.Seed()), Name(m.name), MemoryLimit(m.limit)}, opts...)...)
	if err != nil {
		return nil, err
	}
	var kept []string
	for _, name := range made.LayerNames() {
		if slices.Contains(m.LayerNames(), name) {
			kept = append(kept, name)
		}
	}
	if _, err := made.TakeWeights(m, kept...); err != nil {
		return nil, err
	}
	made.numerics = m.numerics
	if a.Frozen && !a.Whole {
		for _, name := range kept {
			if err := made.SetTrainable(name, false); err != nil {
				return nil, err
			}
		}
	}
	return made, nil
}

// A fed network takes other rows than the one it is of.
type fed nn.Network

// fedWith returns the network on rows of a shape, and how many nodes stand in front of
// those that it had.
func (m *Model) fedWith(shape []int) (network *fed, first int, err error) {
	n := &fed{Name: m.network.Name, Nodes: slices.Clone(m.network.Nodes), Outputs: slices.Clone(m.network.Outputs)}
	have := m.InputShape()
	switch {
	case tensor.SameShape(have, shape):
		return n, 0, nil
	case len(have) != 3 || len(shape) != 3 || have[0] != shape[2] || have[1] != shape[0] || have[2] != shape[1]:
		return nil, 0, tensor.Errorf(tensor.CodeShape, "The model takes rows of shape %s, these are %s.", tensor.Format(have), tensor.Format(shape))
	}
	if n.Nodes[0].Layer.ClassName() != "InputLayer" {
		return nil, 0, tensor.Errorf(tensor.CodeUnsupported, "The model takes channels first, and does not begin with an input layer.")
	}
	// Its input layer becomes the one that moves the axes.
	for i := range n.Nodes {
		n.Nodes[i].In = slices.Clone(n.Nodes[i].In)
		for k := range n.Nodes[i].In {
			n.Nodes[i].In[k].Node++
		}
	}
	for i := range n.Outputs {
		n.Outputs[i].Node++
	}
	moved := n.Nodes[0]
	moved.Layer, moved.In = nn.Permute([]int{3, 1, 2}), []nn.Ref{{}}
	n.Nodes[0] = moved
	n.Nodes = slices.Insert(n.Nodes, 0, nn.Node{Layer: nn.Input(shape...), Name: fresh((*nn.Network)(n), "rows")})
	return n, 1, nil
}

// base finds behind which node a new last layer goes: before the last Dense layer, unless
// something else than functions stands behind that. It tells as well whether what comes
// there has several axes.
func (n *fed) base(end int) (node int, several bool) {
	at := end
	for {
		switch class := n.Nodes[at].Layer.ClassName(); {
		case class == "Dense" && len(n.Nodes[at].In) == 1:
			return n.Nodes[at].In[0].Node, false
		case len(n.Nodes[at].In) == 1 && slices.Contains([]string{"Activation", "Softmax", "Dropout", "ReLU", "LeakyReLU"}, class):
			at = n.Nodes[at].In[0].Node
			continue
		}
		return end, true
	}
}

// fresh is a name that no layer has yet.
func fresh(n *nn.Network, name string) string {
	for slices.ContainsFunc(n.Nodes, func(node nn.Node) bool { return node.Name == name }) {
		name += "_"
	}
	return name
}
