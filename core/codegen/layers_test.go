//go:build !js

package codegen_test

import (
	"testing"

	"github.com/terrarium-ml/terrarium/core/graph"
	"github.com/terrarium-ml/terrarium/core/internal/kernel"
)

func TestLayerOperations(t *testing.T) { checkOperations(t, layerCases) }

var layerCases = []opCase{
	{"MatMul", func(b *builder) graph.Value {
		k, n := b.upTo(300), b.upTo(40)
		return b.relu(b.apply(graph.MatMul{}, b.bias([]graph.Value{b.input(b.upTo(3), k), b.param(k, n)}, n)...))
	}},
	{"Add", pair(graph.Add{})}, {"Sub", pair(graph.Sub{})}, {"Mul", pair(graph.Mul{})}, {"Maximum", pair(graph.Maximum{})}, {"Minimum", pair(graph.Minimum{})},
	{"Scale", single(graph.Scale{Factor: 0.3})}, {"ReluOf", single(graph.ReluOf{Threshold: 0.2, Slope: 0.1, Most: 1.5})},
	{"Softmax", single(graph.Softmax{})}, {"LogSoftmax", single(graph.LogSoftmax{})}, {"UnitRows", single(graph.UnitRows{})},
	{"SpatialDropout", single(graph.SpatialDropout{Rate: 0.5})}, {"GlobalMean", single(graph.GlobalMean{})},
	{"Repeat", func(b *builder) graph.Value { return b.apply(graph.Repeat{Times: b.upTo(4)}, b.input(b.upTo(7))) }},
	{"Concat", func(b *builder) graph.Value {
		axis, shape := b.rng.IntN(3), b.image()
		in := []graph.Value{b.input(shape...)}
		for range b.upTo(2) {
			other := append([]int{}, shape...)
			other[axis] = b.upTo(5)
			in = append(in, b.input(other...))
		}
		return b.apply(graph.Concat{Axis: axis}, in...)
	}},
	{"Pad", single(graph.Pad{Edges: graph.Edges{Before: [2]int{1, 2}, After: [2]int{0, 3}}})},
	{"Crop", single(graph.Crop{Edges: graph.Edges{Before: [2]int{1, 0}, After: [2]int{1, 2}}})},
	{"Permute", func(b *builder) graph.Value {
		return b.apply(graph.Permute{Axes: b.rng.Perm(3)}, b.input(b.image()...))
	}},
	{"Upsample", func(b *builder) graph.Value {
		return b.apply(graph.Upsample{Size: b.sizes()}, b.input(b.image()[b.rng.IntN(2):]...))
	}},
	{"UpsampleBilinear", func(b *builder) graph.Value {
		return b.apply(graph.UpsampleBilinear{Size: b.sizes()}, b.input(b.image()[b.rng.IntN(2):]...))
	}},
	{"MaxPool", func(b *builder) graph.Value {
		return b.apply(graph.MaxPool{Window: graph.Window{Size: b.sizes(), Strides: b.sizes(), Same: b.coin()}}, b.input(b.image()...))
	}},
	{"MeanPool", func(b *builder) graph.Value {
		return b.apply(graph.MeanPool{Window: graph.Window{Size: b.sizes(), Strides: b.sizes(), Same: b.coin()}}, b.input(b.image()...))
	}},
	{"PRelu", func(b *builder) graph.Value {
		x := b.image()
		alpha := append([]int{}, x...)
		alpha[b.rng.IntN(3)] = 1
		alpha[b.rng.IntN(3)] = 1
		return b.apply(graph.PRelu{}, b.input(x...), b.param(alpha...))
	}},
	{"Dot", func(b *builder) graph.Value {
		k := b.upTo(9)
		return b.apply(graph.Dot{}, b.input(b.upTo(9), k), b.input(b.upTo(9), k))
	}},
	{"MaskedMean", func(b *builder) graph.Value {
		steps := b.upTo(9)
		factor := []float32{0, -1e9, 1e9}[b.rng.IntN(3)] // all halves, which count too, or zeros and ones
		mask := b.apply(graph.Activation{Kind: kernel.HardSigmoid}, b.apply(graph.Scale{Factor: factor}, b.input(steps)))
		return b.apply(graph.MaskedMean{}, b.input(steps, b.upTo(7)), mask)
	}},
}
