//go:build !js

package codegen_test

import (
	"testing"

	"github.com/terrarium-ml/terrarium/core/graph"
)

func TestConvolutions(t *testing.T) { checkOperations(t, convCases) }

var convCases = []opCase{
	{"Conv", func(b *builder) graph.Value {
		x, n := b.image(), b.upTo(20)
		op := graph.Conv{Strides: b.sizes(), Dilation: b.sizes(), Padding: b.padding()}
		return b.relu(b.apply(op, b.bias([]graph.Value{b.input(x...), b.param(b.upTo(3), b.upTo(3), x[2], n)}, n)...))
	}},
	{"Conv wide", func(b *builder) graph.Value {
		op := graph.Conv{Strides: [2]int{1, 1}, Dilation: [2]int{1, 1}, Padding: b.padding()}
		return b.relu(b.apply(op, b.input(3, 100, 2), b.param(3, 3, 2, 5)))
	}},
	{"Conv deep", func(b *builder) graph.Value { // more than a patch that is read where it lies
		op := graph.Conv{Strides: b.sizes(), Dilation: [2]int{1, 1}, Padding: b.padding()}
		return b.relu(b.apply(op, b.bias([]graph.Value{b.input(5, 6, 29), b.param(3, 3, 29, 6)}, 6)...))
	}},
	{"Conv1D", func(b *builder) graph.Value {
		ch, n := b.upTo(6), b.upTo(9)
		op := graph.Conv{Strides: b.sizes(), Dilation: b.sizes(), Padding: graph.Padding(b.rng.IntN(3))}
		return b.relu(b.apply(op, b.bias([]graph.Value{b.input(b.upTo(12), ch), b.param(b.upTo(4), ch, n)}, n)...))
	}},
	{"DepthwiseConv", func(b *builder) graph.Value {
		x, m := b.image(), b.upTo(3)
		op := graph.DepthwiseConv{Strides: b.sizes(), Dilation: b.sizes(), Padding: b.padding()}
		return b.relu(b.apply(op, b.bias([]graph.Value{b.input(x...), b.param(b.upTo(3), b.upTo(3), x[2], m)}, x[2]*m)...))
	}},
	{"ConvTranspose", func(b *builder) graph.Value {
		x, n := b.image(), b.upTo(9)
		op := graph.ConvTranspose{Strides: b.sizes(), Dilation: b.sizes(), Padding: b.padding()}
		return b.relu(b.apply(op, b.bias([]graph.Value{b.input(x...), b.param(b.upTo(4), b.upTo(4), n, x[2])}, n)...))
	}},
}

func (b *builder) padding() graph.Padding { return graph.Padding(b.rng.IntN(2)) }
