package kernel

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
)

// ulpStride thins the walk over all float32 bit patterns. It is odd, so that no pattern
// of low bits is left out. With 1 the walk is complete and takes a quarter of an hour;
// the limits below were found with 5.
const ulpStride = 1009

// ulpError returns how many units in the last place got is from want, the unit
// being that of float32 at want (in the denormals: the smallest denormal).
func ulpError(got float32, want float64) float64 {
	if math.IsNaN(want) || math.IsInf(float64(float32(want)), 0) {
		if float64(got) == float64(float32(want)) || math.IsNaN(want) && got != got {
			return 0
		}
		if math.IsInf(want, 0) {
			return math.Inf(1)
		}
	}
	_, e := math.Frexp(want)
	unit := math.Ldexp(1, max(e-24, -149))
	if got-got != 0 { // overflowed: as far away as the next number would be
		got = float32(math.Copysign(math.MaxFloat32, float64(got)))
		return math.Abs(float64(got)+math.Copysign(unit, want)-want) / unit
	}
	return math.Abs(float64(got)-want) / unit
}

// TestUlp walks over float32 values of the whole line, checks the error that the doc
// comments state, and logs the one measured.
func TestUlp(t *testing.T) {
	softplus := func(x float64) float64 { return math.Max(x, 0) + math.Log1p(math.Exp(-math.Abs(x))) }
	sigmoid := func(x float64) float64 {
		if x < 0 {
			return math.Exp(x) / (1 + math.Exp(x))
		}
		return 1 / (1 + math.Exp(-x))
	}
	for _, c := range []struct {
		name  string
		f     func(float32) float32
		exact func(float64) float64
		limit float64
	}{
		{"exp", Exp32, math.Exp, 0.95},
		{"log", Log32, math.Log, 0.9},
		{"log1p", Log1p32, math.Log1p, 0.9},
		{"tanh", Tanh32, math.Tanh, 1.4},
		{"sigmoid", Sigmoid32, sigmoid, 2.5},
		{"softplus", Softplus32, softplus, 1.7},
		{"erf", Erf32, math.Erf, 1.4},
		{"expm1, x ≤ 0", func(x float32) float32 { return expm1Neg(-abs32(x)) }, func(x float64) float64 { return math.Expm1(-math.Abs(x)) }, 1.1},
	} {
		t.Run(c.name, func(t *testing.T) {
			worst, at := 0.0, float32(0)
			for u := uint64(0); u < 1<<32; u += ulpStride {
				x := math.Float32frombits(uint32(u))
				if e := ulpError(c.f(x), c.exact(float64(x))); !(e <= worst) {
					worst, at = e, x
				}
			}
			t.Logf("%s: worst error %.3f ulp at %v: got %v, want %v", c.name, worst, at, c.f(at), c.exact(float64(at)))
			require.LessOrEqual(t, worst, c.limit)
		})
	}
}
