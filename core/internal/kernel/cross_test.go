package kernel

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// crossLengths surround every multiple of a vector, a partial sum and an unrolled
// loop.
func crossLengths() []int {
	var lengths []int
	for n := 1; n <= 70; n++ {
		lengths = append(lengths, n)
	}
	return append(lengths, 127, 128, 129, 255, 256, 257, 1023, 1024, 1025)
}

// fills make the numbers that kernels are fed with.
var fills = []struct {
	name string
	next func(r *rand.Rand, i int) float32
}{
	{"ordinary", func(r *rand.Rand, _ int) float32 { return r.Float32()*8 - 4 }},
	{"probabilities", func(r *rand.Rand, _ int) float32 { return r.Float32() }},
	{"any bits", func(r *rand.Rand, _ int) float32 { return math.Float32frombits(r.Uint32()) }},
	{"special", func(r *rand.Rand, _ int) float32 { return specialValues[r.IntN(len(specialValues))] }},
	{"one special", func(r *rand.Rand, i int) float32 {
		if i == 3 {
			return specialValues[r.IntN(len(specialValues))]
		}
		return r.Float32() - 0.5
	}},
}

var specialValues = []float32{
	float32(math.NaN()), float32(math.Inf(1)), float32(math.Inf(-1)), 0, float32(math.Copysign(0, -1)),
	0x1p-149, -0x1p-149, 0x1p-127, -0x1.8p-130, 0x1p-126, -0x1p-126, // denormal and the smallest normal
	1, -1, 6, 2.5, -2.5, 0.625, -0.921875, 4, 89, -104, 88.73, -87.4, 1e-7, 1 - 0x1p-23,
	math.MaxFloat32, -math.MaxFloat32, 100, -100, 1e-20, 0.5, 0.70710677, 16777216,
}

// guarded returns a slice of n numbers between two bands of sentinels, and a check
// that the bands are untouched. The slice begins off every alignment.
func guarded(r *rand.Rand, n int, next func(r *rand.Rand, i int) float32) (s []float32, intact func() bool) {
	const band, sentinel = 19, 0x1.23456p+77
	whole := make([]float32, n+2*band)
	for i := range whole {
		whole[i] = sentinel
	}
	s = whole[band : band+n : band+n]
	for i := range s {
		s[i] = next(r, i)
	}
	return s, func() bool {
		for i, v := range whole {
			if (i < band || i >= band+n) && v != sentinel {
				return false
			}
		}
		return true
	}
}

// sameBits compares bit by bit; all NaNs are one.
func sameBits(x, y float32) bool {
	return math.Float32bits(x) == math.Float32bits(y) || x != x && y != y
}

func requireSameBits(t *testing.T, want, got []float32, what string, args ...any) {
	t.Helper()
	require.Len(t, got, len(want))
	for i := range want {
		if !sameBits(want[i], got[i]) {
			require.Failf(t, "bits differ", what+": element %d is %v (%#08x), its scalar twin's %v (%#08x)",
				append(args, i, got[i], math.Float32bits(got[i]), want[i], math.Float32bits(want[i]))...)
		}
	}
}

// TestVectorMatchesScalar feeds every element-wise kernel, reduction, loss and
// optimizer, at lengths around all cut-offs, with ordinary and with the worst numbers.
func TestVectorMatchesScalar(t *testing.T) {
	cases := append(crossCases(), selectCases()...)
	cases = append(cases, trainingCases()...)
	cases = append(cases, normCases()...)
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			r := rand.New(rand.NewPCG(1, 2))
			for _, n := range crossLengths() {
				for _, fill := range fills {
					var fast slices
					var intact []func() bool
					for _, p := range []*[]float32{&fast.d, &fast.e, &fast.f, &fast.a, &fast.b, &fast.c} {
						s, check := guarded(r, n, fill.next)
						*p, intact = s, append(intact, check)
					}
					slow := slices{clone(fast.d), clone(fast.e), clone(fast.f), clone(fast.a), clone(fast.b), clone(fast.c)}

					got, want := c.fast(fast), c.slow(slow)
					requireSameBits(t, []float32{want}, []float32{got}, "n=%d, %s numbers, result", n, fill.name)
					requireSameBits(t, slow.d, fast.d, "n=%d, %s numbers, d", n, fill.name)
					requireSameBits(t, slow.e, fast.e, "n=%d, %s numbers, e", n, fill.name)
					requireSameBits(t, slow.f, fast.f, "n=%d, %s numbers, f", n, fill.name)
					requireSameBits(t, slow.a, fast.a, "n=%d, %s numbers, a must not change", n, fill.name)
					requireSameBits(t, slow.b, fast.b, "n=%d, %s numbers, b must not change", n, fill.name)
					for i, check := range intact {
						require.True(t, check(), "n=%d: wrote outside slice %d", n, i)
					}
				}
			}
		})
	}
}

func clone(s []float32) []float32 { return append([]float32(nil), s...) }
