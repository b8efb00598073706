package train

import (
	"github.com/terrarium-ml/terrarium/core/format/onnx"
	"github.com/terrarium-ml/terrarium/core/graph"
	"github.com/terrarium-ml/terrarium/core/nn"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// FromONNX makes a model of what onnx.Read read, for prediction or as a base to train
// on. Its inputs and outputs are arranged as in the file: images have channels first.
func FromONNX(f *onnx.File, opts ...Option) (*Model, error) {
	network, err := nn.ParseNetwork(f.Network)
	if err != nil {
		return nil, err
	}
	if f.Name != "" {
		opts = append([]Option{Name(f.Name)}, opts...)
	}
	m, err := New(network, opts...)
	if err != nil {
		return nil, err
	}
	weights := make([]*tensor.Tensor, len(m.store.Params))
	for i, p := range m.store.Params {
		t := f.Weights[p.FullName()]
		if t == nil || graph.Size(t.Shape) != p.Size {
			return nil, formatErrorf("the file has no weight %s of shape %s", p.FullName(), tensor.Format(p.Shape))
		}
		weights[i] = &tensor.Tensor{Shape: p.Shape, Data: t.Data}
	}
	return m, m.SetWeights(weights)
}

// ToONNX writes the network as an ONNX model, operator set 17, with an open batch.
// Preprocessing has no place in it: the model predicts from the numbers that the network
// itself takes, with channels last.
func (m *Model) ToONNX() ([]byte, error) {
	built, err := m.network.Build()
	if err != nil {
		return nil, err
	}
	index := map[string]int{}
	for i, p := range m.store.Params {
		index[p.FullName()] = i
	}
	return onnx.Write(onnx.Source{
		Name: m.name, Graph: built.Graph, Inputs: built.Inputs, Outputs: built.Outputs,
		InputNames: built.Names.Inputs, OutputNames: built.Names.Outputs,
		Weights: func(p *graph.Param) []float32 { return m.store.Of(index[p.FullName()], m.store.Values()) },
	})
}
