//go:build !js

package codegen_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/terrarium-ml/terrarium/core/codegen"
	"github.com/terrarium-ml/terrarium/core/graph"
	"github.com/terrarium-ml/terrarium/core/internal/kernel"
)

// A grower makes one value more of one that there is.
type grower func(b *builder, v graph.Value) graph.Value

// growers are what a network may grow by, for values of any rank, of one axis, of two
// and of three.
var growers = [4][]grower{
	{
		func(b *builder, v graph.Value) graph.Value {
			kind := kernel.Activation(b.rng.IntN(int(kernel.GeluTanh) + 1))
			return b.apply(graph.Activation{Kind: kind, Alpha: 0.3}, v)
		},
		func(b *builder, v graph.Value) graph.Value { return b.apply(graph.Dropout{Rate: 0.5}, v) },
		func(b *builder, v graph.Value) graph.Value { return b.apply(graph.Scale{Factor: 0.5}, v) },
		func(b *builder, v graph.Value) graph.Value {
			return b.apply(graph.Reshape{Shape: []int{graph.Size(b.Shape(v))}}, v)
		},
		func(b *builder, v graph.Value) graph.Value {
			shape := b.Shape(v)
			k, n := shape[len(shape)-1], b.upTo(20)
			return b.relu(b.apply(graph.MatMul{}, b.bias([]graph.Value{v, b.param(k, n)}, n)...))
		},
		func(b *builder, v graph.Value) graph.Value {
			merge := []graph.Op{graph.Add{}, graph.Sub{}, graph.Mul{}, graph.Maximum{}, graph.Minimum{}}[b.rng.IntN(5)]
			return b.apply(merge, v, b.apply(graph.Activation{Kind: kernel.Tanh}, v))
		},
		func(b *builder, v graph.Value) graph.Value {
			return b.apply([]graph.Op{graph.Softmax{}, graph.LogSoftmax{}, graph.UnitRows{}}[b.rng.IntN(3)], v)
		},
		func(b *builder, v graph.Value) graph.Value { return b.apply(graph.Concat{}, v, v) },
	},
	{
		func(b *builder, v graph.Value) graph.Value { return b.apply(graph.Repeat{Times: b.upTo(3)}, v) },
	},
	{
		func(b *builder, v graph.Value) graph.Value { return b.apply(graph.Permute{Axes: []int{1, 0}}, v) },
		func(b *builder, v graph.Value) graph.Value { return b.apply(graph.GlobalMean{}, v) },
		func(b *builder, v graph.Value) graph.Value { return b.apply(graph.Dot{}, v, v) },
	},
	{
		func(b *builder, v graph.Value) graph.Value {
			n := b.upTo(8)
			op := graph.Conv{Strides: b.sizes(), Dilation: [2]int{1, 1}, Padding: graph.PadSame}
			return b.relu(b.apply(op, b.bias([]graph.Value{v, b.param(b.upTo(3), b.upTo(3), b.Shape(v)[2], n)}, n)...))
		},
		func(b *builder, v graph.Value) graph.Value {
			op := graph.DepthwiseConv{Strides: [2]int{1, 1}, Dilation: b.sizes(), Padding: graph.PadSame}
			return b.relu(b.apply(op, v, b.param(b.upTo(3), b.upTo(3), b.Shape(v)[2], 1)))
		},
		func(b *builder, v graph.Value) graph.Value {
			n := b.upTo(8)
			op := graph.ConvTranspose{Strides: b.sizes(), Dilation: [2]int{1, 1}, Padding: graph.PadSame}
			return b.relu(b.apply(op, b.bias([]graph.Value{v, b.param(b.upTo(3), b.upTo(3), n, b.Shape(v)[2])}, n)...))
		},
		func(b *builder, v graph.Value) graph.Value {
			return b.apply(graph.MaxPool{Window: graph.Window{Size: b.sizes(), Strides: b.sizes(), Same: true}}, v)
		},
		func(b *builder, v graph.Value) graph.Value {
			return b.apply(graph.MeanPool{Window: graph.Window{Size: b.sizes(), Strides: b.sizes(), Same: true}}, v)
		},
		func(b *builder, v graph.Value) graph.Value { return b.apply(graph.Permute{Axes: b.rng.Perm(3)}, v) },
		func(b *builder, v graph.Value) graph.Value {
			return b.apply(graph.Pad{Edges: graph.Edges{Before: [2]int{1, 0}, After: [2]int{0, 2}}}, v)
		},
		func(b *builder, v graph.Value) graph.Value { return b.apply(graph.Upsample{Size: b.sizes()}, v) },
		func(b *builder, v graph.Value) graph.Value { return b.apply(graph.GlobalMean{}, v) },
	},
}

// largest is how many numbers a row of a value may have.
const largest = 1 << 11

// grow draws a network: a graph with branches, several inputs and several outputs.
func grow(rng *rand.Rand) *builder {
	b := newBuilder(rng)
	values := []graph.Value{b.input(b.upTo(12))}
	if b.coin() {
		values = append(values, b.input(b.image()...))
	}
	if b.coin() {
		values = append(values, b.input(b.image()[:2]...))
	}
	var grown []graph.Value
	for range 1 + b.rng.IntN(12) {
		v := values[max(0, len(values)-1-b.rng.IntN(4))]
		list := slices.Concat(growers[0], growers[len(b.Shape(v))])
		next := list[b.rng.IntN(len(list))](b, v)
		if graph.Size(b.Shape(next)) <= largest {
			values, grown = append(values, next), append(grown, next)
		}
	}
	if len(grown) == 0 {
		grown = values
	}
	b.outputs = append(b.outputs, grown[len(grown)-1])
	for b.rng.IntN(3) == 0 {
		b.outputs = append(b.outputs, grown[b.rng.IntN(len(grown))])
	}
	b.inputs = slices.DeleteFunc(b.inputs, func(v graph.Value) bool { // a plan has no memory for the others
		return !slices.ContainsFunc(b.Nodes(b.outputs...), func(n graph.Node) bool { return n.Value == v })
	})
	return b
}

// TestNetworks compiles networks of all kinds of operations.
func TestNetworks(t *testing.T) {
	for seed := range uint64(150) {
		b := grow(rand.New(rand.NewPCG(seed, 1)))
		b.check(t, codegen.Options{NoSIMD: seed%4 == 0}, 1, 2, 3, 7, 65)
	}
}

// FuzzCompile compiles networks under options of all kinds: what is written is valid, or
// nothing is written.
func FuzzCompile(f *testing.F) {
	f.Add(uint64(1), uint64(2), "float32", false)
	f.Add(uint64(3), uint64(4), "int8", true)
	f.Add(uint64(5), uint64(6), "float16", false)
	f.Add(uint64(7), uint64(8), "float8", true)
	f.Fuzz(func(t *testing.T, seed, more uint64, weights string, noSIMD bool) {
		b := grow(rand.New(rand.NewPCG(seed, more)))
		b.checkValid(t, codegen.Options{Weights: codegen.Precision(weights), NoSIMD: noSIMD})
	})
}
