package kernel

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Weights and their gradient against the definition in float64, for every kind of mask
// and for rows within a larger matrix.
func TestAttentionWeights(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, causal := range []bool{false, true} {
		for _, masked := range []bool{false, true} {
			for _, c := range [][3]int{{1, 1, 0}, {1, 7, 0}, {5, 3, 2}, {16, 16, 0}, {9, 33, 20}, {20, 70, 64}} {
				rows, n, first := c[0], c[1], c[2]
				lds := n + r.IntN(3)
				s, intact := guarded(r, (rows-1)*lds+n, fills[0].next)
				d, intactD := guarded(r, (rows-1)*lds+n, fills[0].next)
				var mask []float32
				if masked {
					mask = make([]float32, n)
					for j := range mask {
						mask[j] = float32(r.IntN(2))
					}
				}
				before, upstream := clone(s), clone(d)
				AttentionWeights(rows, n, first, s, lds, 0.5, mask, causal)
				AttentionWeightsGrad(rows, n, first, d, lds, s, lds, 0.5, causal)
				for i := range rows {
					sees := func(j int) bool { return (!causal || j <= first+i) && (mask == nil || mask[j] != 0) }
					sum, dot := 0.0, 0.0
					w := make([]float64, n)
					for j := range n {
						if sees(j) {
							w[j] = math.Exp(0.5 * float64(before[i*lds+j]))
							sum += w[j]
						}
					}
					for j := range n {
						if sum > 0 {
							w[j] /= sum
						}
						dot += w[j] * float64(upstream[i*lds+j])
						assert.InDelta(t, w[j], float64(s[i*lds+j]), 1e-6)
						if !sees(j) {
							assert.Zero(t, s[i*lds+j])
						}
					}
					for j := range n {
						assert.InDelta(t, 0.5*w[j]*(float64(upstream[i*lds+j])-dot), float64(d[i*lds+j]), 1e-6)
					}
				}
				for i := range rows - 1 {
					for j := n; j < lds; j++ {
						require.Equal(t, before[i*lds+j], s[i*lds+j], "between rows nothing changes")
					}
				}
				require.True(t, intact() && intactD())
			}
		}
	}
}

// What a query does not see is not looked at: neither NaN nor infinities leak.
func TestHiddenScoresDoNotLeak(t *testing.T) {
	nan, inf := float32(math.NaN()), float32(math.Inf(1))
	s := []float32{1, nan, 2, inf, inf}
	AttentionWeights(1, 5, 2, s, 5, 1, []float32{1, 0, 1, 1, 1}, true)
	for _, v := range s {
		assert.False(t, v != v)
	}
	assert.Zero(t, s[1]+s[3]+s[4])
}

func TestEmbedding(t *testing.T) {
	table := []float32{1, 2, 3, 4, 5, 6}
	index := []float32{2, 0, 2, -1, 3, float32(math.NaN()), 1e30, float32(math.Inf(-1)), 1.9, float32(math.Copysign(0, -1))}
	y := make([]float32, 2*len(index))
	Embedding(3, 2, y, index, table)
	assert.Equal(t, []float32{5, 6, 1, 2, 5, 6, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3, 4, 1, 2}, y)
	dy, d := make([]float32, len(y)), []float32{9, 9, 9, 9, 9, 9}
	for i := range dy {
		dy[i] = float32(i + 1)
	}
	EmbeddingGrad(3, 2, d, dy, index)
	assert.Equal(t, []float32{3 + 19, 4 + 20, 17, 18, 1 + 5, 2 + 6}, d)
}
