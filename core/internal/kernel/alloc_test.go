package kernel

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestNothingAllocates: contract C2.
func TestNothingAllocates(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	ws := NewWorkspace()
	for _, f := range forms {
		for _, mnk := range [][3]int{{1, 70, 300}, {3, 5, 7}, {7, 9, 11}, {33, 70, 300}, {130, 260, 20}} {
			for _, acc := range []bool{false, true} {
				p := newProduct(r, f, mnk[0], mnk[1], mnk[2], true, acc, fills[0].next)
				require.Zero(t, testing.AllocsPerRun(3, func() {
					p.run(ws, p.m, p.n, p.k, p.a, p.lda, p.b, p.ldb, p.bias, p.c, p.ldc, acc)
				}), "Gemm%s %v acc=%t", f.name, mnk, acc)
			}
		}
	}
	make6 := func(n int) slices {
		s := func() []float32 { x, _ := guarded(r, n, fills[0].next); return x }
		return slices{s(), s(), s(), s(), s(), s()}
	}
	for _, c := range crossCases() {
		s := make6(77)
		require.Zero(t, testing.AllocsPerRun(3, func() { c.fast(s) }), c.name)
	}
	s := make6(80)
	labels := []float32{0, 3, 9, 1, 2, 3, 4, 5}
	pcg := rand.NewPCG(1, 2)
	for name, f := range map[string]func(){
		"Softmax":             func() { Softmax(8, 10, s.d, s.a) },
		"SoftmaxGrad":         func() { SoftmaxGrad(8, 10, s.d, s.a, s.b) },
		"LogSoftmax":          func() { LogSoftmax(8, 10, s.d, s.a) },
		"LogSoftmaxGrad":      func() { LogSoftmaxGrad(8, 10, s.d, s.a, s.b) },
		"RowSums":             func() { RowSums(8, 10, s.d, s.a) },
		"FirstNonFinite":      func() { FirstNonFinite(s.a) },
		"CCE":                 func() { CCE(8, 10, s.d, s.a, s.b) },
		"CCEGrad":             func() { CCEGrad(8, 10, s.d, s.a, s.b, s.c) },
		"SparseCCE":           func() { SparseCCE(8, 10, s.d, s.a, labels) },
		"SparseCCEGrad":       func() { SparseCCEGrad(8, 10, s.d, s.a, labels, s.c) },
		"SparseCCELogits":     func() { SparseCCELogits(8, 10, s.d, s.a, labels) },
		"SparseCCELogitsGrad": func() { SparseCCELogitsGrad(8, 10, s.d, s.a, labels, s.c) },
		"BCELogits, n = 1":    func() { BCELogits(80, 1, s.d, s.a, s.b) },
		"DropoutMask":         func() { DropoutMask(s.d, pcg, 0.5) },
		"FillNormal":          func() { FillNormal(s.d, pcg, 0, 1) },
		"AddNormal":           func() { AddNormal(s.d, s.a, pcg, 1) },
		"Stream":              func() { Stream(pcg, 1, "dropout", "dense_1", 2, 3) },
	} {
		require.Zero(t, testing.AllocsPerRun(3, f), name)
	}
}
