//go:build !js

package codegen_test

import (
	"testing"

	"github.com/terrarium-ml/terrarium/core/graph"
)

func TestAttentionOperations(t *testing.T) { checkOperations(t, attentionCases) }

var attentionCases = []opCase{
	{"BatchNorm", func(b *builder) graph.Value {
		x := b.image()
		op := graph.BatchNorm{Momentum: 0.9, Epsilon: 1e-3, Scale: b.coin(), Center: b.coin()}
		in := []graph.Value{b.input(x...)}
		for range map[bool]int{true: 1}[op.Scale] + map[bool]int{true: 1}[op.Center] + 2 {
			in = append(in, b.param(x[2]))
		}
		b.positive[b.Params()[len(b.Params())-1]] = true
		return b.relu(b.apply(op, in...))
	}},
	{"Normalize", func(b *builder) graph.Value {
		x := b.image()
		op := graph.Normalize{Axes: b.upTo(3), Epsilon: 1e-3, RMS: b.coin(), Scale: b.coin(), Center: b.coin()}
		in := []graph.Value{b.input(x...)}
		for range map[bool]int{true: 1}[op.Scale] + map[bool]int{true: 1}[op.Center] {
			in = append(in, b.param(x[3-op.Axes:]...))
		}
		return b.apply(op, in...)
	}},
	{"Embedding", func(b *builder) graph.Value {
		b.words = 7
		return b.apply(graph.Embedding{}, b.input(b.upTo(5)), b.param(7, b.upTo(9)))
	}},
	{"AddPositions", func(b *builder) graph.Value {
		steps, n := b.upTo(5), b.upTo(7)
		if b.coin() {
			return b.apply(graph.AddPositions{Table: random(b.rng, steps*n)}, b.input(steps, n))
		}
		return b.apply(graph.AddPositions{}, b.input(steps, n), b.param(steps+1, n))
	}},
	{"Masking", func(b *builder) graph.Value {
		b.words = 2
		x := b.input(b.upTo(6), b.upTo(2))
		mask := b.apply(graph.StepMask{Padding: 1}, x)
		b.outputs = append(b.outputs, mask)
		return b.apply(graph.HideSteps{}, x, mask)
	}},
	{"Attention", func(b *builder) graph.Value {
		heads, d, e, queries, keys := b.upTo(3), b.upTo(6), b.upTo(6), b.upTo(70), b.upTo(70)
		op := graph.Attention{Heads: heads, Scale: 0.5, Causal: b.coin()}
		in := []graph.Value{b.input(queries, heads*d), b.input(keys, heads*d), b.input(keys, heads*e)}
		if b.coin() {
			in = append(in, b.apply(graph.StepMask{Padding: 9}, b.apply(graph.Slice{Shape: []int{keys}}, in[1])))
		}
		return b.apply(op, in...)
	}},
	{"Attention in front", func(b *builder) graph.Value {
		return b.apply(graph.Attention{Heads: 2, Scale: 0.5}, b.input(3, 5, 4), b.input(3, 6, 4), b.input(3, 6, 8))
	}},
}
