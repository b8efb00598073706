//go:build !js

package codegen_test

import (
	"testing"

	"github.com/terrarium-ml/terrarium/core/graph"
	"github.com/terrarium-ml/terrarium/core/internal/kernel"
)

func TestRecurrentOperations(t *testing.T) { checkOperations(t, recurrentCases) }

var recurrentCases = []opCase{
	{"Reverse", single(graph.Reverse{})},
	{"Slice", func(b *builder) graph.Value {
		return b.apply(graph.Slice{From: b.rng.IntN(3), Shape: []int{b.upTo(5)}}, b.input(8))
	}},
	{"SimpleRNN", func(b *builder) graph.Value {
		r, in := b.recurrence(1, 1, 1)
		return b.apply(graph.SimpleRNN{Recurrence: r}, in...)
	}},
	{"LSTM", func(b *builder) graph.Value {
		r, in := b.recurrence(4, 2, 1)
		return b.apply(graph.LSTM{Recurrence: r, CellState: b.coin()}, in...)
	}},
	{"GRU", func(b *builder) graph.Value {
		after := b.coin()
		rows := 1
		if after {
			rows = 2
		}
		r, in := b.recurrence(3, 1, rows)
		return b.apply(graph.GRU{Recurrence: r, ResetAfter: after}, in...)
	}},
	{"Directions", func(b *builder) graph.Value {
		shape := []int{b.upTo(5), b.upTo(6)}[b.rng.IntN(2):]
		return b.apply(graph.Directions{Merge: graph.Merging(b.rng.IntN(4))}, b.input(shape...), b.input(shape...))
	}},
}

// recurrence draws a recurrent operation of so many gates, initial states and rows of bias.
func (b *builder) recurrence(gates, states, biases int) (graph.Recurrence, []graph.Value) {
	kinds := []kernel.Activation{kernel.Tanh, kernel.Sigmoid, kernel.HardSigmoid, kernel.Relu, kernel.Linear}
	r := graph.Recurrence{Act: graph.Activation{Kind: kernel.Tanh}, Gate: graph.Activation{Kind: kernel.Sigmoid},
		Backwards: b.coin(), Sequences: b.coin(), Bias: b.coin(), Mask: b.coin(), Initial: b.coin()}
	if b.coin() {
		r.Act.Kind, r.Gate.Kind = kinds[b.rng.IntN(5)], kinds[b.rng.IntN(3)]
	}
	steps, features, u := b.upTo(6), b.upTo(9), b.upTo(13)
	x := b.input(steps, features)
	in := []graph.Value{x, b.param(features, gates*u), b.param(u, gates*u)}
	if r.Bias {
		if biases == 2 {
			in = append(in, b.param(2, gates*u))
		} else {
			in = append(in, b.param(gates*u))
		}
	}
	if r.Mask {
		in = append(in, b.apply(graph.Activation{Kind: kernel.Relu}, b.input(steps)))
	}
	if r.Initial {
		for range states {
			in = append(in, b.input(u))
		}
	}
	return r, in
}
