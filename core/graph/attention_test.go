package graph

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/core/internal/kernel"
)

// attentionOf plans an attention whose loss is its result.
func attentionOf(t testing.TB, o Attention, queries, keys, d, e, rows int, masked bool) (p *Plan, in []Value, y Value) {
	g := &Graph{}
	for _, shape := range [][]int{{queries, o.Heads * d}, {keys, o.Heads * d}, {keys, o.Heads * e}, {keys}} {
		v, err := g.Input("in", shape)
		require.NoError(t, err)
		in = append(in, v)
	}
	if !masked {
		in = in[:3]
	}
	y, err := g.Apply(o, in...)
	require.NoError(t, err)
	p, err = NewPlan(g, NewStore(g), Config{MaxBatch: rows, Outputs: []Value{y}, Losses: []Value{y}, Explain: in[:3]}, 0)
	require.NoError(t, err)
	p.SetStreams(sameStreams{})
	r := rand.New(rand.NewPCG(1, 2))
	for _, v := range in[:3] {
		for i := range p.Value(v, rows) {
			p.Value(v, rows)[i] = r.Float32()*2 - 1
		}
	}
	for i := range p.LossGrad(y, rows) {
		p.LossGrad(y, rows)[i] = r.Float32()*2 - 1
	}
	if masked {
		for i := range p.Value(in[3], rows) {
			p.Value(in[3], rows)[i] = float32(r.IntN(2))
		}
	}
	return p, in, y
}

// Leaving out what causal attention does not see changes no bit: the products over all
// queries and keys, with weights of 0, give the same. Sizes are around what is computed
// together and around a block of a sum.
func TestCausalAttentionLeavesOutZeros(t *testing.T) {
	for _, n := range [][2]int{{1, 1}, {31, 33}, {32, 32}, {40, 40}, {64, 50}, {20, 90}, {256, 256}, {300, 300}, {600, 270}} {
		queries, keys := n[0], n[1]
		const heads, d, e, scale = 2, 5, 3, 0.7
		o := Attention{Heads: heads, Scale: scale, Causal: true}
		p, in, y := attentionOf(t, o, queries, keys, d, e, 1, false)
		require.NoError(t, p.Forward(1, true))
		require.NoError(t, p.Backward())
		q, k, v, dy := p.Value(in[0], 1), p.Value(in[1], 1), p.Value(in[2], 1), p.LossGrad(y, 1)
		for h := range heads {
			cut := func(x []float32, width int) []float32 { return x[h*width:] }
			w, ds := make([]float32, queries*keys), make([]float32, queries*keys)
			kernel.GemmScalar(false, true, queries, keys, d, cut(q, d), heads*d, cut(k, d), heads*d, nil, w, keys, false)
			kernel.AttentionWeights(queries, keys, 0, w, keys, scale, nil, true)
			kernel.GemmScalar(false, true, queries, keys, e, cut(dy, e), heads*e, cut(v, e), heads*e, nil, ds, keys, false)
			kernel.AttentionWeightsGrad(queries, keys, 0, ds, keys, w, keys, scale, true)
			check := func(what string, trans bool, m, n, k int, a, b []float32, ldb int, got []float32) {
				want := make([]float32, m*n)
				lda := keys
				kernel.GemmScalar(trans, false, m, n, k, a, lda, b, ldb, nil, want, n, false)
				for i := range m {
					require.Equal(t, bits(want[i*n:(i+1)*n]), bits(got[i*heads*n:i*heads*n+n]), "%s, head %d, row %d of %v", what, h, i, [2]int{queries, keys})
				}
			}
			check("y", false, queries, e, keys, w, cut(v, e), heads*e, cut(p.Value(y, 1), e))
			check("dq", false, queries, d, keys, ds, cut(k, d), heads*d, cut(p.Gradient(in[0], 1), d))
			check("dk", true, keys, d, queries, ds, cut(q, d), heads*d, cut(p.Gradient(in[1], 1), d))
			check("dv", true, keys, e, queries, w, cut(dy, e), heads*e, cut(p.Gradient(in[2], 1), e))
		}
	}
}

// A sample's result does not depend on how many go with it, and a step allocates
// nothing, whatever masks and dropout.
func TestAttentionOfManyRows(t *testing.T) {
	for _, o := range []Attention{{Heads: 2, Scale: 0.5}, {Heads: 2, Scale: 0.5, Causal: true, Dropout: 0.2}} {
		p, _, y := attentionOf(t, o, 40, 40, 4, 4, 5, true)
		require.NoError(t, p.Forward(5, false))
		all := bits(p.Value(y, 5))
		require.NoError(t, p.Forward(2, false))
		assert.Equal(t, all[:2*40*8], bits(p.Value(y, 2)))
		assert.Zero(t, testing.AllocsPerRun(3, func() { _ = p.Forward(5, true); _ = p.Backward() }))
	}
}

// A long attention looks between samples whether it was abandoned.
func TestAttentionPauses(t *testing.T) {
	p, _, _ := attentionOf(t, Attention{Heads: 4, Scale: 1}, 256, 256, 32, 32, 8, false)
	pauses := 0
	p.OnPause(func() error { pauses++; return nil })
	require.NoError(t, p.Forward(8, true))
	forward := pauses
	require.NoError(t, p.Backward())
	assert.Greater(t, forward, 4)
	assert.Greater(t, pauses-forward, 4)
}
