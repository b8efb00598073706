package kernel

import (
	"crypto/sha256"
	"encoding/hex"
	"hash"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// goldenHash is the SHA-256 of everything that the kernels compute from the inputs of
// TestGoldenHash, the same natively with and without vectors of any width, on arm64
// and in browsers. It changes only with NumericsVersion.
const goldenHash = "a679c3828e416c2b4a70addcc8fe126a3ea80464e17460d2e939b46f007a4130"

// TestGoldenHash guards contract C1 across machines: each of them compares its own
// vectors with its own scalar twins elsewhere, and all of them with each other here.
func TestGoldenHash(t *testing.T) {
	h := sha256.New()
	r := rand.New(rand.NewPCG(2026, NumericsVersion))
	for _, c := range crossCases() {
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
	ws := NewWorkspace()
	for _, f := range forms {
		for _, mnk := range [][3]int{{1, 33, 300}, {3, 4, 5}, {10, 32, 32}, {32, 10, 64}, {50, 70, 257}, {64, 64, 513}} {
			for _, acc := range []bool{false, true} {
				p := newProduct(r, f, mnk[0], mnk[1], mnk[2], acc, acc, fills[0].next)
				p.run(ws, p.m, p.n, p.k, p.a, p.lda, p.b, p.ldb, p.bias, p.c, p.ldc, acc)
				hashFloats(h, p.c...)
			}
		}
	}
	hashRowKernels(h, r)
	require.Equal(t, goldenHash, hex.EncodeToString(h.Sum(nil)),
		"the bits have changed: if that is meant, raise NumericsVersion and say so in CHANGELOG.md")
}

// hashRowKernels adds the kernels that work on rows, and the masks of dropout.
func hashRowKernels(h hash.Hash, r *rand.Rand) {
	const rows, n = 7, 19
	a, _ := guarded(r, rows*n, fills[0].next)
	b, _ := guarded(r, rows*n, fills[1].next)
	scale, _ := guarded(r, rows, fills[1].next)
	labels := []float32{0, 18, 3, 7, 1, 2, 5}
	out, loss := make([]float32, rows*n), make([]float32, rows)
	for _, f := range []func(){
		func() { Softmax(rows, n, out, a) },
		func() { SoftmaxGrad(rows, n, out, a, b) },
		func() { LogSoftmax(rows, n, out, a) },
		func() { LogSoftmaxGrad(rows, n, out, a, b) },
		func() { CCE(rows, n, loss, b, b); CCEGrad(rows, n, out, b, b, scale) },
		func() { SparseCCE(rows, n, loss, b, labels); SparseCCEGrad(rows, n, out, b, labels, scale) },
		func() { SparseCCELogits(rows, n, loss, a, labels); SparseCCELogitsGrad(rows, n, out, a, labels, scale) },
		func() { BCELogits(rows*n, 1, out, a, b) },
		func() {
			var pcg rand.PCG
			Stream(&pcg, 7, "dropout", "dense", 1, 2)
			DropoutMask(out, &pcg, 0.3)
		},
	} {
		f()
		hashFloats(h, out...)
		hashFloats(h, loss...)
	}
}

// hashFloats adds the bits of x, little-endian; all NaNs are one.
func hashFloats(h hash.Hash, x ...float32) {
	var b [4]byte
	for _, v := range x {
		u := math.Float32bits(v)
		if v != v {
			u = nanBits
		}
		b[0], b[1], b[2], b[3] = byte(u), byte(u>>8), byte(u>>16), byte(u>>24)
		h.Write(b[:])
	}
}
