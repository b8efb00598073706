package kernel

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestReductionOrder writes the contract's words down once more, naively.
func TestReductionOrder(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, n := range crossLengths() {
		x, _ := guarded(r, n, fills[0].next)
		var p [16]float32
		for i, v := range x {
			p[i%16] += v
		}
		for _, half := range []int{8, 4, 2, 1} {
			for j := range half {
				p[j] += p[j+half]
			}
		}
		requireSameBits(t, p[:1], []float32{Sum(x)}, "n=%d", n)
	}
	require.Equal(t, float32(0), Sum(nil))
	require.Equal(t, float32(math.Inf(-1)), Max(nil))
	require.Equal(t, float32(3), Max([]float32{1, float32(math.NaN()), 3, 2}), "a maximum passes NaN over")

	out := make([]float32, 2)
	RowSums(2, 3, out, []float32{1, 2, 3, 4, 5, 6})
	require.Equal(t, []float32{6, 15}, out)
}

func TestFirstNonFinite(t *testing.T) {
	nan, inf := float32(math.NaN()), float32(math.Inf(1))
	x := make([]float32, 5000)
	Fill(x, math.MaxFloat32)
	x[7], x[8] = -math.MaxFloat32, 0x1p-149
	require.Equal(t, -1, FirstNonFinite(x))
	require.False(t, HasNonFinite(x))
	for _, bad := range []float32{nan, inf, -inf} {
		for _, at := range []int{0, 15, 16, 1023, 1024, 4095, 4999} {
			y := clone(x)
			y[at], y[len(y)-1] = bad, nan
			require.Equal(t, at, FirstNonFinite(y))
			require.True(t, HasNonFinite(y))
		}
	}
	require.Equal(t, -1, FirstNonFinite(nil))
	require.Equal(t, 0, FirstNonFinite([]float32{nan}))
}
