package nn

import "github.com/terrarium-ml/terrarium/core/tensor"

// A Symbol stands for a result of a layer while a network with branches is described:
//
//	a, b := nn.NewInput(4), nn.NewInput(3)
//	h := nn.Apply(nn.Concatenate(), nn.Apply(nn.Dense(8, nn.ReLU), a), b)
//	net, err := nn.Functional([]*nn.Symbol{a, b}, []*nn.Symbol{nn.Apply(nn.Dense(1), h)})
//
// A layer that is applied twice has one set of weights. Nothing is checked before the
// network is built.
type Symbol struct {
	use    *use
	output int
}

// A use is one application of a layer.
type use struct {
	layer Layer
	in    []*Symbol
}

// NewInput returns an input of rows of the given shape.
func NewInput(shape ...int) *Symbol { return Apply(Input(shape...)) }

// Apply returns the first result of a layer on those of others.
func Apply(l Layer, in ...*Symbol) *Symbol { return &Symbol{use: &use{l, in}} }

// Result returns another result of the same use of the layer: those behind the first
// are, for example, the states of an LSTM with ReturnState.
func (s *Symbol) Result(i int) *Symbol { return &Symbol{s.use, i} }

// Functional returns the network that computes outputs from inputs. Its layers stand in
// the order in which the outputs need them, inputs first. An output that depends on an
// input that is not listed is an error.
func Functional(inputs, outputs []*Symbol) (*Network, error) {
	n := &Network{}
	at := map[*use]int{}
	for _, s := range inputs {
		if s == nil {
			return nil, tensor.Errorf(tensor.CodeOption, "an input of the network is nil")
		}
		if _, twice := at[s.use]; twice || len(s.use.in) > 0 {
			return nil, tensor.Errorf(tensor.CodeOption, "an input of the network must be an Input, and stand there once")
		}
		at[s.use] = len(n.Nodes)
		n.Nodes = append(n.Nodes, Node{Layer: s.use.layer})
	}
	var visit func(s *Symbol) (Ref, error)
	visit = func(s *Symbol) (Ref, error) {
		if s == nil {
			return Ref{}, tensor.Errorf(tensor.CodeOption, "a layer is applied to nothing")
		}
		if i, ok := at[s.use]; ok {
			return Ref{i, s.output}, nil
		}
		if len(s.use.in) == 0 {
			return Ref{}, tensor.Errorf(tensor.CodeOption, "the outputs need an input that is not listed among the network's inputs")
		}
		node := Node{Layer: s.use.layer}
		for _, in := range s.use.in {
			r, err := visit(in)
			if err != nil {
				return r, err
			}
			node.In = append(node.In, r)
		}
		at[s.use] = len(n.Nodes)
		n.Nodes = append(n.Nodes, node)
		return Ref{at[s.use], s.output}, nil
	}
	if len(outputs) == 0 {
		return nil, tensor.Errorf(tensor.CodeOption, "a network wants at least one output")
	}
	for _, s := range outputs {
		r, err := visit(s)
		if err != nil {
			return nil, err
		}
		n.Outputs = append(n.Outputs, r)
	}
	n.nameLayers()
	return n, nil
}
