package kernel

import (
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"math"
	"math/rand/v2"
	stdslices "slices"
	"testing"

	"github.com/stretchr/testify/require"
)

// trainingCases are the kernels of losses, optimizers and constraints that came after
// the first golden hash.
func trainingCases() []crossCase {
	return []crossCase{
		{"Huber", func(s slices) float32 {
			var l [1]float32
			Huber(0.75, 1, len(s.a), l[:], s.a, s.b)
			return l[0]
		}, func(s slices) float32 { return huberScalar(new(partials), s.a, s.b, 0.75) / float32(len(s.a)) }},
		writes("HuberGrad", func(s slices) { HuberGrad(0.75, 1, len(s.a), s.d, s.a, s.b, s.c) },
			func(s slices) { huberGradScalar(s.d, s.a, s.b, 0.75, s.c[0]/float32(len(s.a))) }),
		writes("Adagrad", func(s slices) { Adagrad(s.d, s.a, s.e, 0.1, 0.01, 1e-7) },
			func(s slices) { adagradScalar(s.d, s.a, s.e, 0.1, 0.01, 1e-7) }),
		writes("Adadelta", func(s slices) { Adadelta(s.d, s.a, s.e, s.f, 0.95, 0.05, 1, 1e-7) },
			func(s slices) { adadeltaScalar(s.d, s.a, s.e, s.f, 0.95, 0.05, 1, 1e-7) }),
		writes("Adamax", func(s slices) { Adamax(s.d, s.a, s.e, s.f, 0.9, 0.1, 0.999, 0.01, 1e-7) },
			func(s slices) { adamaxScalar(s.d, s.a, s.e, s.f, 0.9, 0.1, 0.999, 0.01, 1e-7) }),
	}
}

// trainingHash is the SHA-256 of what the losses of lossTable, the kernels above and
// the constraints compute; see goldenHash.
const trainingHash = "ef48266902384ce8ff32620d49947cbc247786e675276dac11d606b87f57664a"

func TestTrainingHash(t *testing.T) {
	h := sha256.New()
	r := rand.New(rand.NewPCG(2026, NumericsVersion))
	for _, c := range trainingCases() {
		for _, n := range []int{1, 5, 16, 31, 64, 75} {
			for _, fill := range fills {
				var s slices
				for _, p := range []*[]float32{&s.d, &s.e, &s.f, &s.a, &s.b, &s.c} {
					*p, _ = guarded(r, n, fill.next)
				}
				hashFloats(h, c.fast(s))
				hashFloats(h, s.d...)
				hashFloats(h, s.e...)
				hashFloats(h, s.f...)
			}
		}
	}
	for _, name := range sortedLosses() {
		for _, k := range lossTable[name] {
			if k.loss == nil || name == "sparse_categorical_crossentropy" {
				continue
			}
			for _, fill := range fills[:2] {
				p, _ := guarded(r, 7*19, fill.next)
				target, _ := guarded(r, 7*19, fills[1].next)
				loss, dp := make([]float32, 7), make([]float32, 7*19)
				k.loss(7, 19, loss, p, target)
				k.grad(7, 19, dp, p, target, loss)
				hashFloats(h, loss...)
				hashFloats(h, dp...)
			}
		}
	}
	for _, shape := range [][3]int{{1, 300, 70}, {3, 5, 2}, {4, 33, 1}, {1, 7, 1}} {
		w, _ := guarded(r, shape[0]*shape[1]*shape[2], fills[0].next)
		ConstrainNorms(shape[0], shape[1], shape[2], w, 0.5, 2, 0.7)
		hashFloats(h, w...)
		NonNegative(w)
		hashFloats(h, w...)
		out := make([]float32, shape[0])
		Penalties(shape[0], shape[1]*shape[2], out, w, 0.1, 0.2)
		PenaltiesGrad(shape[0], shape[1]*shape[2], w, clone(w), out, 0.1, 0.2)
		ScaleShift(w, w, 0.9, 0.05)
		hashFloats(h, out...)
		hashFloats(h, w...)
	}
	require.Equal(t, trainingHash, hex.EncodeToString(h.Sum(nil)),
		"the bits have changed: if that is meant, raise NumericsVersion and say so in CHANGELOG.md")
}

func sortedLosses() []string {
	return stdslices.Sorted(maps.Keys(lossTable))
}

func TestConstrainNorms(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for _, shape := range [][3]int{{1, 4, 3}, {1, 600, 130}, {5, 7, 2}, {6, 40, 1}, {1, 1, 1}} {
		outer, n, inner := shape[0], shape[1], shape[2]
		w, intact := guarded(r, outer*n*inner, fills[0].next)
		before := clone(w)
		ConstrainNorms(outer, n, inner, w, 0.5, 1, 0.75)
		require.True(t, intact())
		for o := range outer {
			for j := range inner {
				norm := 0.0
				for i := range n {
					v := float64(before[(o*n+i)*inner+j])
					norm += v * v
				}
				norm = math.Sqrt(norm)
				want := (0.75*min(max(norm, 0.5), 1) + 0.25*norm) / (1e-7 + norm)
				for i := range n {
					k := (o*n+i)*inner + j
					require.InDelta(t, float64(before[k])*want, w[k], 1e-5, "%v element %d", shape, k)
				}
			}
		}
	}
}

func TestPenalties(t *testing.T) {
	x, out, dx := []float32{1, -2, 0, 3, 0, 0}, make([]float32, 2), make([]float32, 6)
	Penalties(2, 3, out, x, 0.5, 0.25)
	require.Equal(t, []float32{0.5*3 + 0.25*5, 0.5*3 + 0.25*9}, out)
	PenaltiesGrad(2, 3, dx, x, []float32{1, 2}, 0.5, 0.25)
	require.Equal(t, []float32{0.5 + 0.5, -0.5 - 1, 0, 2 * (0.5 + 1.5), 0, 0}, dx)
}

// log(cosh d) keeps its relative precision near 0, where the usual formula has none.
func TestLogCosh(t *testing.T) {
	for _, d := range []float64{1e-12, 1e-6, 1e-3, 0.1, 0.5, 0.999, 1, 1.001, 3, 20, 1000} {
		want := math.Log(math.Cosh(d))
		if d > 20 {
			want = d - math.Ln2
		} else if d < 1e-2 {
			want = d * d / 2 * (1 - d*d/6)
		}
		require.InEpsilon(t, want, float64(logCosh(float32(-d))), 1e-6, "%v", d)
	}
}

// The numbers at which a focal loss could become NaN.
func TestFocalAtTheEnds(t *testing.T) {
	for _, x := range []float32{-200, -100, -30, 0, 30, 100, 200} {
		for _, target := range []float32{0, 0.25, 1} {
			for _, g := range []float32{0.5, 1, 2, 3.5} {
				loss, grad := make([]float32, 1), make([]float32, 1)
				PointLosses(FocalLogits, g, -1, 1, 1, loss, []float32{x}, []float32{target})
				PointLossGrads(FocalLogits, g, -1, 1, 1, grad, []float32{x}, []float32{target}, []float32{1})
				require.False(t, HasNonFinite(loss) || HasNonFinite(grad), "x %v, t %v, gamma %v: %v, %v", x, target, g, loss, grad)
				rows, d := []float32{x, 0}, make([]float32, 2)
				CategoricalFocalLogits(g, 1, 1, 2, loss, rows, []float32{target, 1 - target})
				CategoricalFocalLogitsGrad(g, 1, 1, 2, d, rows, []float32{target, 1 - target}, []float32{1})
				require.False(t, HasNonFinite(loss) || HasNonFinite(d), "categorical x %v, t %v, gamma %v: %v, %v", x, target, g, loss, d)
			}
		}
	}
}

func TestTrainingAllocatesNothing(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	fill := func() []float32 { x, _ := guarded(r, 700, fills[1].next); return x }
	s := slices{fill(), fill(), fill(), fill(), fill(), fill()}
	for _, c := range trainingCases() {
		require.Zero(t, testing.AllocsPerRun(3, func() { c.fast(s) }), c.name)
	}
	for name, table := range lossTable {
		for _, k := range table {
			if k.loss != nil && name != "sparse_categorical_crossentropy" {
				require.Zero(t, testing.AllocsPerRun(3, func() {
					k.loss(70, 10, s.d, s.a, s.b)
					k.grad(70, 10, s.d, s.a, s.b, s.c)
				}), name)
			}
		}
	}
	require.Zero(t, testing.AllocsPerRun(3, func() {
		ConstrainNorms(1, 10, 70, s.d, 0, 1, 1)
		NonNegative(s.d)
		Penalties(70, 10, s.e, s.a, 0.1, 0.1)
		PenaltiesGrad(70, 10, s.d, s.a, s.b, 0.1, 0.1)
		ScaleShift(s.d, s.a, 0.9, 0.1)
	}))
}
