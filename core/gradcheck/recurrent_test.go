package gradcheck

import (
	"fmt"
	"testing"

	"github.com/terrarium-ml/terrarium/core/graph"
	"github.com/terrarium-ml/terrarium/core/internal/kernel"
)

// recurrentCells are the cells with the number of their gates' blocks and of their states.
var recurrentCells = []struct {
	name          string
	gates, states int
	bias          []int // but for units
	op            func(graph.Recurrence) graph.Op
}{
	{"simple", 1, 1, nil, func(r graph.Recurrence) graph.Op { return graph.SimpleRNN{Recurrence: r} }},
	{"lstm", 4, 2, nil, func(r graph.Recurrence) graph.Op { return graph.LSTM{Recurrence: r} }},
	{"lstm with its state", 4, 2, nil, func(r graph.Recurrence) graph.Op { return graph.LSTM{Recurrence: r, CellState: true} }},
	{"gru", 3, 1, nil, func(r graph.Recurrence) graph.Op { return graph.GRU{Recurrence: r} }},
	{"gru reset after", 3, 1, []int{2}, func(r graph.Recurrence) graph.Op { return graph.GRU{Recurrence: r, ResetAfter: true} }},
}

var usual = graph.Recurrence{Act: graph.Activation{Kind: kernel.Tanh}, Gate: graph.Activation{Kind: kernel.Sigmoid}}

func TestRecurrent(t *testing.T) {
	other := graph.Recurrence{Act: graph.Activation{Kind: kernel.Swish}, Gate: graph.Activation{Kind: kernel.Softsign}}
	variants := map[string]func(r *graph.Recurrence, c *Config){
		"last state":    func(*graph.Recurrence, *Config) {},
		"sequences":     func(r *graph.Recurrence, _ *Config) { r.Sequences = true },
		"backwards":     func(r *graph.Recurrence, _ *Config) { r.Backwards, r.Sequences = true, true },
		"bias":          func(r *graph.Recurrence, _ *Config) { r.Bias = true },
		"mask":          func(r *graph.Recurrence, _ *Config) { r.Mask, r.Bias = true, true },
		"mask, all":     func(r *graph.Recurrence, _ *Config) { r.Mask, r.Sequences, r.Backwards = true, true, true },
		"initial state": func(r *graph.Recurrence, _ *Config) { r.Initial, r.Sequences = true, true },
		"everything": func(r *graph.Recurrence, _ *Config) {
			r.Bias, r.Mask, r.Initial, r.Sequences = true, true, true, true
		},
		"dropout": func(r *graph.Recurrence, _ *Config) { r.Dropout, r.RecurrentDropout, r.Bias = 0.3, 0.4, true },
		"dropout, mask": func(r *graph.Recurrence, _ *Config) {
			r.Dropout, r.RecurrentDropout, r.Mask, r.Sequences, r.Initial = 0.3, 0.4, true, true, true
		},
		"dropout at inference": func(r *graph.Recurrence, c *Config) { r.Dropout, r.RecurrentDropout, c.Inference = 0.3, 0.4, true },
		"one sample":           func(r *graph.Recurrence, c *Config) { r.Bias, r.Sequences, c.Rows = true, true, 1 },
		"other functions": func(r *graph.Recurrence, _ *Config) {
			r.Act, r.Gate, r.Bias, r.Mask = other.Act, other.Gate, true, true
		},
	}
	for _, cell := range recurrentCells {
		for name, variant := range variants {
			for _, steps := range []int{1, 4} {
				t.Run(fmt.Sprint(cell.name, "/", name, "/", steps), func(t *testing.T) {
					r, config := usual, Config{}
					variant(&r, &config)
					const features, units = 3, 5
					inputs := []Input{{Shape: []int{steps, features}}, {Shape: []int{features, cell.gates * units}, Param: true},
						{Shape: []int{units, cell.gates * units}, Param: true}}
					if r.Bias {
						inputs = append(inputs, Input{Shape: append(cell.bias[:len(cell.bias):len(cell.bias)], cell.gates*units), Param: true})
					}
					if r.Mask { // of 3 samples: one whole, one padded behind, one that begins and ends with padding
						mask := map[int][]float32{1: {1, 1, 0}, 4: {1, 1, 1, 1, 1, 1, 0, 0, 0, 1, 1, 0}}[steps]
						inputs = append(inputs, Input{Shape: []int{steps}, Fixed: true, Data: mask})
					}
					if r.Initial {
						for range cell.states {
							inputs = append(inputs, Input{Shape: []int{units}})
						}
					}
					Op(t, cell.op(r), config, inputs...)
				})
			}
		}
	}
}

func TestSequenceOps(t *testing.T) {
	x := Input{Shape: []int{4, 3}}
	t.Run("slice", func(t *testing.T) { Op(t, graph.Slice{From: 2, Shape: []int{2, 3}}, Config{}, x) })
	t.Run("slice of a parameter", func(t *testing.T) {
		Check(t, func(g *graph.Graph, in []graph.Value) (graph.Value, error) {
			half, err := g.Apply(graph.Slice{From: 3, Shape: []int{3, 2}}, in[1])
			if err != nil {
				return half, err
			}
			return g.Apply(graph.MatMul{}, in[0], half)
		}, Config{}, x, Input{Shape: []int{3, 3}, Param: true})
	})
	t.Run("reverse", func(t *testing.T) { Op(t, graph.Reverse{}, Config{}, x) })
	for merge := graph.MergeConcat; merge <= graph.MergeAve; merge++ {
		t.Run(fmt.Sprint("directions/", merge), func(t *testing.T) {
			Op(t, graph.Directions{Merge: merge}, Config{}, x, x)
			Op(t, graph.Directions{Merge: merge}, Config{}, Input{Shape: []int{5}}, Input{Shape: []int{5}})
		})
	}
}
