package kernel

import (
	"crypto/sha256"
	"encoding/hex"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// selectCases are those of select.go and relu.go.
func selectCases() []crossCase {
	inf := float32(math.Inf(1))
	return []crossCase{
		writes("MaxOf", func(s slices) { MaxOf(s.d, s.a, s.b) }, func(s slices) { maxOfScalar(s.d, s.a, s.b) }),
		writes("MinOf", func(s slices) { MinOf(s.d, s.a, s.b) }, func(s slices) { minOfScalar(s.d, s.a, s.b) }),
		writes("WhereLess", func(s slices) { WhereLess(s.d, s.c, s.a, s.b) }, func(s slices) { whereLessScalar(s.d, s.c, s.a, s.b) }),
		writes("WhereNotLess", func(s slices) { WhereNotLess(s.d, s.c, s.a, s.b) }, func(s slices) { whereNotLessScalar(s.d, s.c, s.a, s.b) }),
		writes("ReluOf", func(s slices) { ReluOf(s.d, s.a, 0.5, 0.25, 2) }, func(s slices) { reluOfScalar(s.d, s.a, 0.5, 0.25, 2) }),
		writes("ReluOf/no limit", func(s slices) { ReluOf(s.d, s.a, -1, 0, inf) }, func(s slices) { reluOfScalar(s.d, s.a, -1, 0, inf) }),
		writes("ReluOfGrad", func(s slices) { ReluOfGrad(s.d, s.b, s.a, 0.5, 0.25, 2) }, func(s slices) { reluOfGradScalar(s.d, s.b, s.a, 0.5, 0.25, 2) }),
		writes("PRelu", func(s slices) { PRelu(s.d, s.a, s.b) }, func(s slices) { preluScalar(s.d, s.a, s.b) }),
		writes("PReluGrad", func(s slices) { PReluGrad(s.d, s.c, s.a, s.b) }, func(s slices) { preluGradScalar(s.d, s.c, s.a, s.b) }),
		writes("PReluSlope", func(s slices) { PReluSlope(s.d, s.c, s.a) }, func(s slices) { preluSlopeScalar(s.d, s.c, s.a) }),
	}
}

// layersHash is goldenHash for the kernels of select.go, relu.go, noise.go and pool.go.
const layersHash = "02d2aa1041bec1901d751d851edfb615c3beff985c8aee5b39b2e5c28074c98f"

func TestGoldenHashOfLayers(t *testing.T) {
	h := sha256.New()
	r := rand.New(rand.NewPCG(2026, NumericsVersion))
	for _, c := range selectCases() {
		for _, n := range []int{1, 5, 16, 31, 75} {
			for _, fill := range fills {
				var s slices
				for _, p := range []*[]float32{&s.d, &s.e, &s.f, &s.a, &s.b, &s.c} {
					*p, _ = guarded(r, n, fill.next)
				}
				c.fast(s)
				hashFloats(h, s.d...)
			}
		}
	}
	for _, p := range poolCases() {
		x, _ := guarded(r, p.H*p.W*p.C, fills[0].next)
		dy, _ := guarded(r, p.OH*p.OW*p.C, fills[0].next)
		y, dx := clone(dy), clone(x)
		p.Max(0, p.OH, y, x)
		p.MaxGrad(0, p.OH, dx, dy, x, y)
		hashFloats(h, y...)
		hashFloats(h, dx...)
		p.Mean(0, p.OH, y, x)
		p.MeanGrad(0, p.OH, dx, dy)
		hashFloats(h, y...)
		hashFloats(h, dx...)
		GlobalMean(p.H*p.W, p.C, y, x)
		GlobalMeanGrad(p.H*p.W, p.C, dx, y)
		hashFloats(h, dx...)
	}
	noise := make([]float32, 1000)
	FillNormal(noise, rand.NewPCG(1, 2), 3, 2)
	AddNormal(noise, noise, rand.NewPCG(3, 4), 0.5)
	hashFloats(h, noise...)
	require.Equal(t, layersHash, hex.EncodeToString(h.Sum(nil)),
		"the bits have changed: if that is meant, raise NumericsVersion and say so in CHANGELOG.md")
}

func TestNormalVariates(t *testing.T) {
	x := make([]float32, 40000)
	FillNormal(x, rand.NewPCG(1, 2), 3, 2)
	mean, variance, beyond := 0.0, 0.0, 0
	for _, v := range x {
		mean += float64(v) / float64(len(x))
	}
	for _, v := range x {
		d := float64(v) - mean
		variance += d * d / float64(len(x))
		if math.Abs(d) > 4 {
			beyond++
		}
	}
	require.InDelta(t, 3, mean, 0.05)
	require.InDelta(t, 4, variance, 0.15)
	require.InDelta(t, 0.0455, float64(beyond)/float64(len(x)), 0.005, "beyond two standard deviations")
}
