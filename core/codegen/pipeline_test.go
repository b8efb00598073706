//go:build !js

package codegen_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/core/codegen"
	"github.com/terrarium-ml/terrarium/core/data"
	"github.com/terrarium-ml/terrarium/core/nn"
)

// everyInput is a pipeline with every kind, encoding and flag.
func everyInput(t testing.TB, output data.Output) *data.Pipeline {
	words := []string{"a", "b", "c", "d", "e"}
	p := &data.Pipeline{Format: data.PipelineFormat, Output: output, Inputs: []data.Input{
		{Name: "age", Kind: data.KindNumber, Encoding: data.EncodingNone, Fill: 29.5, Center: 30.1, Scale: 0.07, Default: "30", Max: 80},
		{Name: "income", Kind: data.KindNumber, Encoding: data.EncodingNone, Flag: true, Offset: 1e6, Fill: 3, Center: 1, Scale: 2, Max: 1},
		{Name: "class", Kind: data.KindCategory, Encoding: data.EncodingOneHot, Categories: words, Fill: 2, Other: "e", Max: 4},
		{Name: "cabin", Kind: data.KindCategory, Encoding: data.EncodingOneHot, Categories: words[:3], Fill: 1, Flag: true, Max: 2},
		{Name: "grade", Kind: data.KindCategory, Encoding: data.EncodingOrdinal, Categories: words[:4], Fill: 1, Center: 1.5, Scale: 0.9, Max: 3},
		{Name: "member", Kind: data.KindBoolean, Encoding: data.EncodingNone, Categories: words[:2], Center: 0.5, Scale: 2, Max: 1},
		{Name: "smokes", Kind: data.KindBoolean, Encoding: data.EncodingOneHot, Categories: words[:2], Fill: 1, Max: 1},
		{Name: "born", Kind: data.KindDate, Encoding: data.EncodingCyclic, DateOrder: data.DateYMD, Fill: 7000, Center: 8000, Scale: 1e-3, Max: 20000},
		{Name: "joined", Kind: data.KindDate, Encoding: data.EncodingCyclic, DateOrder: data.DateDMY, Flag: true, Fill: 7000, Center: 8000, Scale: 1e-3, Max: 20000},
		{Name: "left", Kind: data.KindDate, Encoding: data.EncodingNone, DateOrder: data.DateMDY, Fill: 7000, Center: 8000, Scale: 1e-3, Max: 20000},
	}}
	require.NoError(t, p.Validate())
	return p
}

var (
	price   = data.Output{Name: "price", Task: data.TaskRegression, Kind: data.KindNumber, Center: 13.7, Scale: 2.3, Min: 1, Max: 99}
	disease = data.Output{Name: "disease", Task: data.TaskClassification, Kind: data.KindCategory, Labels: []string{"no", "yes"}, Counts: []int{3, 2}, Scale: 1}
	species = data.Output{Name: "species", Task: data.TaskClassification, Kind: data.KindCategory, Labels: []string{"x", "y", "z"}, Counts: []int{3, 2, 1}, Scale: 1}
)

// rawRow is what a host may send: good values, missing ones and nonsense.
func rawRow(rng *rand.Rand, p *data.Pipeline) []float32 {
	row := make([]float32, len(p.Inputs))
	for i := range row {
		in := &p.Inputs[i]
		switch rng.IntN(8) {
		case 0:
			row[i] = float32(math.NaN())
		case 1:
			row[i] = []float32{-1, 0.5, 1e30, float32(math.Inf(1)), float32(math.Inf(-1)), float32(math.Copysign(0, -1)), 5, -20000.25}[rng.IntN(8)]
		default:
			row[i] = float32(rng.Float64() * in.Max)
			if len(in.Categories) > 0 {
				row[i] = float32(rng.IntN(len(in.Categories)))
			}
		}
	}
	return row
}

func TestPipeline(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	for _, output := range []data.Output{price, disease, species} {
		p := everyInput(t, output)
		last := map[data.Task]nn.Activation{data.TaskRegression: nn.Linear, data.TaskClassification: nn.Softmax}[output.Task]
		if output.Task == data.TaskClassification && output.Units() == 1 {
			last = nn.Sigmoid
		}
		m := newModel(t, nn.Sequential(nn.Input(p.Features()), nn.Dense(9, nn.Tanh), nn.Dense(output.Units(), last)))
		shake(t, m, rng)
		m.Pipeline = p
		for _, o := range []codegen.Options{{}, {NoSIMD: true}} {
			wasm, report := compile(t, m, o)
			require.LessOrEqual(t, report.Code(), 8<<10)
			h := newHost(t, wasm, len(p.Inputs), output.Units())
			for _, rows := range batches {
				var x, features []float32
				for range rows {
					row, encoded := rawRow(rng, p), make([]float32, p.Features())
					p.Encode(encoded, row)
					x, features = append(x, row...), append(features, encoded...)
				}
				want := make([]float32, rows*output.Units())
				require.NoError(t, m.PredictFloats(want, features))
				p.Decode(want)
				sameBits(t, want, h.predict(x), output.Name, rows)
			}
		}
	}
}
