package kernel

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestSinCos(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	worst := 0.0
	check := func(x float64) {
		s, c := SinCos(x)
		worst = max(worst, math.Abs(s-math.Sin(x)), math.Abs(c-math.Cos(x)))
	}
	for _, x := range []float64{0, math.Copysign(0, -1), math.Pi / 4, math.Pi / 2, math.Pi, 3, 1e-300, 355, 103993, SinCosMax, -SinCosMax} {
		check(x)
	}
	for range 200000 {
		check((r.Float64()*2 - 1) * 10)
		check((r.Float64()*2 - 1) * SinCosMax)
		check(float64(r.IntN(1 << 20)))
		check(float64(r.IntN(1<<20)) * math.Pi / 2)
	}
	require.Less(t, worst, 1e-15)
	for _, x := range []float64{SinCosMax * 1.001, math.Inf(1), math.Inf(-1), math.NaN()} {
		s, c := SinCos(x)
		require.True(t, math.IsNaN(s) && math.IsNaN(c), "%v", x)
	}
}

func TestRoot(t *testing.T) {
	for _, a := range []float64{1e-30, 0.3, 1, 2, 1e4, 1e15, 1e30} {
		for _, n := range []int{1, 2, 3, 7, 64, 513, 4096, 1 << 20} {
			require.InEpsilon(t, math.Pow(a, 1/float64(n)), Root(a, n), 1e-14, "root %d of %v", n, a)
		}
	}
}

func TestSinePositions(t *testing.T) {
	for _, c := range []struct {
		steps, n   int
		wavelength float64
	}{{1, 1, 1e4}, {50, 7, 1e4}, {600, 64, 1e4}, {3, 5, 1}, {2000, 10, 1e15}} {
		p, intact := guarded(rand.New(rand.NewPCG(1, 1)), c.steps*c.n, fills[0].next)
		SinePositions(c.steps, c.n, p, c.wavelength)
		for s := range c.steps {
			for i := range c.n {
				angle := float64(s) * math.Pow(c.wavelength, -2*float64(i/2)/float64(c.n))
				want := math.Sin(angle)
				if i%2 == 1 {
					want = math.Cos(angle)
				}
				require.InDelta(t, want, float64(p[s*c.n+i]), 7e-8, "step %d, column %d", s, i)
			}
		}
		assert.True(t, intact())
	}
}
