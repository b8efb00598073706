package train

import (
	"io"

	"github.com/terrarium-ml/terrarium/core/codegen"
	"github.com/terrarium-ml/terrarium/core/graph"
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
		of[p] = m.store.Of(i, m.store.Values)
	}
	return codegen.Compile(w, codegen.Source{
		Graph: m.built.Graph, Inputs: m.built.Inputs, Outputs: m.built.Outputs, Pipeline: m.Pipeline, About: about,
		Weights: func(p *graph.Param) []float32 { return of[p] },
	}, o)
}
