package train

import (
	"io"
	"slices"

	"github.com/terrarium-ml/terrarium/core/codegen"
	"github.com/terrarium-ml/terrarium/core/graph"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// WriteWasm compiles the model, with its pipeline, to a stand-alone WebAssembly module
// that predicts with the same bits; package codegen tells how to call it. The model's
// name and numerics version are filled in where about leaves them out.
func (m *Model) WriteWasm(w io.Writer, o codegen.Options, about codegen.About) (*codegen.Report, error) {
	if about.Name == "" {
		about.Name = m.name
	}
	if about.Numerics == 0 {
		about.Numerics = m.numerics
	}
	if about.InputNames == nil {
		about.InputNames, about.OutputNames = m.built.Names.Inputs, m.built.Names.Outputs
	}
	// The graph is built anew by Compile; the store keeps its parameters' order.
	of := make(map[*graph.Param][]float32, len(m.store.Params))
	for i, p := range m.built.Graph.Params() {
		of[p] = m.store.Of(i, m.store.Values())
	}
	return codegen.Compile(w, codegen.Source{
		Graph: m.built.Graph, Inputs: m.built.Inputs, Outputs: m.built.Outputs, Pipeline: m.Pipeline, About: about,
		Weights: func(p *graph.Param) []float32 { return of[p] },
	}, o)
}

// Rounded returns a model with the weights that a module with weights of a precision
// computes with, to measure what would be lost. It fails where the precision cannot hold
// a weight.
func (m *Model) Rounded(p codegen.Precision) (*Model, error) {
	weights := make([]*tensor.Tensor, len(m.store.Params))
	for i, w := range m.Weights() {
		values, err := codegen.Decoded(p, w.Tensor.Shape, w.Tensor.Data)
		if err != nil {
			return nil, err
		}
		weights[i] = &tensor.Tensor{Shape: w.Tensor.Shape, Data: values}
	}
	network := *m.network
	network.Nodes = slices.Clone(network.Nodes)
	rounded, err := New(&network, Seed(m.Seed()), Name(m.name), MemoryLimit(m.limit))
	if err != nil {
		return nil, err
	}
	rounded.Pipeline, rounded.numerics = m.Pipeline, m.numerics
	return rounded, rounded.SetWeights(weights)
}
