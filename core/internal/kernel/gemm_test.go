package kernel

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// form is one of the three products.
type form struct {
	name           string
	transA, transB bool
	run            func(ws *Workspace, m, n, k int, a []float32, lda int, b []float32, ldb int, bias, c []float32, ldc int, acc bool)
}

var forms = []form{{"NN", false, false, GemmNN}, {"TN", true, false, GemmTN}, {"NT", false, true, GemmNT}}

// product is one call of a form, its matrices embedded in guard bands and in rows
// longer than they need be.
type product struct {
	form
	m, n, k       int
	lda, ldb, ldc int
	a, b, bias, c []float32
	intact        []func() bool
	acc           bool
}

func newProduct(r *rand.Rand, f form, m, n, k int, biased, acc bool, next func(r *rand.Rand, i int) float32) *product {
	p := &product{form: f, m: m, n: n, k: k, acc: acc}
	pad := r.IntN(3)
	ar, ac, br, bc := m, k, k, n
	if f.transA {
		ar, ac = k, m
	}
	if f.transB {
		br, bc = n, k
	}
	p.lda, p.ldb, p.ldc = ac+pad, bc+pad, n+pad
	p.a = p.matrix(r, ar, ac, p.lda, next)
	p.b = p.matrix(r, br, bc, p.ldb, next)
	p.c = p.matrix(r, m, n, p.ldc, next)
	if biased {
		p.bias = p.matrix(r, 1, n, n, next)
	}
	return p
}

// matrix allocates no more than the last row needs.
func (p *product) matrix(r *rand.Rand, rows, cols, stride int, next func(r *rand.Rand, i int) float32) []float32 {
	if rows == 0 || cols == 0 {
		return nil
	}
	s, check := guarded(r, (rows-1)*stride+cols, next)
	p.intact = append(p.intact, check)
	return s
}

func (p *product) check(t *testing.T, ws *Workspace, what string) {
	t.Helper()
	want := clone(p.c)
	GemmScalar(p.transA, p.transB, p.m, p.n, p.k, p.a, p.lda, p.b, p.ldb, p.bias, want, p.ldc, p.acc)
	p.run(ws, p.m, p.n, p.k, p.a, p.lda, p.b, p.ldb, p.bias, p.c, p.ldc, p.acc)
	// The numbers between the rows of C are compared too: they must not change.
	requireSameBits(t, want, p.c, "%s m=%d n=%d k=%d bias=%t acc=%t %s", p.name, p.m, p.n, p.k, p.bias != nil, p.acc, what)
	for _, intact := range p.intact {
		require.True(t, intact(), "%s m=%d n=%d k=%d wrote outside its matrices", p.name, p.m, p.n, p.k)
	}
}

func eachWorkspace(t *testing.T, f func(t *testing.T, ws *Workspace)) {
	t.Run("vectors", func(t *testing.T) { f(t, NewWorkspace()) })
	t.Run("scalar tile", func(t *testing.T) { f(t, newWorkspace(true)) })
}

func TestGemmSmallShapes(t *testing.T) {
	eachWorkspace(t, func(t *testing.T, ws *Workspace) {
		r := rand.New(rand.NewPCG(3, 4))
		for _, f := range forms {
			for m := 1; m <= 9; m++ {
				for _, n := range []int{1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 65} {
					for _, k := range []int{0, 1, 2, 3, 4, 5, 7, 8, 9, 17} {
						newProduct(r, f, m, n, k, r.IntN(2) == 0, r.IntN(2) == 0, fills[0].next).check(t, ws, "")
					}
				}
			}
		}
	})
}

// TestGemmBlocks takes sizes around the blocks of k, of rows and of columns and the
// sizes from which A and B are packed.
func TestGemmBlocks(t *testing.T) {
	eachWorkspace(t, func(t *testing.T, ws *Workspace) {
		r := rand.New(rand.NewPCG(5, 6))
		for _, f := range forms {
			for _, k := range []int{255, 256, 257, 512, 513} {
				for _, mn := range [][2]int{{1, 300}, {3, 1}, {4, 8}, {5, 33}, {33, 10}, {47, 63}, {48, 64}, {50, 65}} {
					for _, acc := range []bool{false, true} {
						newProduct(r, f, mn[0], mn[1], k, r.IntN(2) == 0, acc, fills[0].next).check(t, ws, "")
					}
				}
			}
			for _, mnk := range [][3]int{{127, 257, 16}, {128, 255, 5}, {129, 256, 9}, {257, 31, 258}, {130, 260, 300}} {
				for _, acc := range []bool{false, true} {
					newProduct(r, f, mnk[0], mnk[1], mnk[2], true, acc, fills[0].next).check(t, ws, "")
				}
			}
		}
	})
}

// TestGemmSpecialValues: NaN, infinities, zeros of both signs and denormals reach C as
// they do in the oracle, and those beside a matrix do not leak into it.
func TestGemmSpecialValues(t *testing.T) {
	eachWorkspace(t, func(t *testing.T, ws *Workspace) {
		r := rand.New(rand.NewPCG(7, 8))
		for _, f := range forms {
			for _, mnk := range [][3]int{{1, 40, 20}, {2, 9, 300}, {7, 13, 5}, {33, 17, 257}, {64, 70, 40}} {
				for _, fill := range fills[2:] {
					for _, acc := range []bool{false, true} {
						newProduct(r, f, mnk[0], mnk[1], mnk[2], acc, acc, fill.next).check(t, ws, fill.name)
					}
				}
			}
		}
	})
}

// TestGemmExact compares with a product in float64: the error of a sum of k products
// in blocks is far below k·ε times the sum of absolute values.
func TestGemmExact(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 10))
	ws := NewWorkspace()
	for _, f := range forms {
		p := newProduct(r, f, 37, 29, 700, true, false, fills[0].next)
		p.run(ws, p.m, p.n, p.k, p.a, p.lda, p.b, p.ldb, p.bias, p.c, p.ldc, false)
		for i := range p.m {
			for j := range p.n {
				want, size := float64(p.bias[j]), 0.0
				for q := range p.k {
					ai, bi := i*p.lda+q, q*p.ldb+j
					if f.transA {
						ai = q*p.lda + i
					}
					if f.transB {
						bi = j*p.ldb + q
					}
					x := float64(p.a[ai]) * float64(p.b[bi])
					want, size = want+x, size+math.Abs(x)
				}
				require.InDelta(t, want, float64(p.c[i*p.ldc+j]), size*0x1p-20, "%s [%d,%d]", f.name, i, j)
			}
		}
	}
}

func TestGemmPanicsOnShortSlices(t *testing.T) {
	ws := NewWorkspace()
	s := func(n int) []float32 { return make([]float32, n) }
	require.PanicsWithValue(t, "kernel: matrix A is shorter than its shape", func() { GemmNN(ws, 5, 8, 3, s(14), 3, s(24), 8, nil, s(40), 8, false) })
	require.PanicsWithValue(t, "kernel: matrix B is shorter than its shape", func() { GemmTN(ws, 5, 8, 3, s(15), 5, s(23), 8, nil, s(40), 8, false) })
	require.PanicsWithValue(t, "kernel: matrix C is shorter than its shape", func() { GemmNT(ws, 5, 8, 3, s(15), 3, s(24), 3, nil, s(39), 8, false) })
	require.PanicsWithValue(t, "kernel: bias is shorter than a row of C", func() { GemmNN(ws, 5, 8, 3, s(15), 3, s(24), 8, s(7), s(40), 8, false) })
	require.NotPanics(t, func() { GemmNN(ws, 0, 8, 3, nil, 3, nil, 8, nil, nil, 8, false) })
}

func TestColSums(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 12))
	for _, m := range []int{0, 1, 2, 255, 256, 257, 513} {
		for _, n := range []int{1, 3, 4, 8, 15, 16, 17, 33, 70} {
			for _, acc := range []bool{false, true} {
				ones := make([]float32, m)
				Fill(ones, 1)
				p := newProduct(r, forms[0], max(m, 1), n, 1, false, acc, fills[0].next)
				out, intact := guarded(r, n, fills[0].next)
				want := clone(out)
				GemmScalar(false, false, 1, n, m, ones, m, p.c, p.ldc, nil, want, n, acc)
				ColSums(m, n, p.c, p.ldc, out, acc)
				requireSameBits(t, want, out, "ColSums m=%d n=%d acc=%t", m, n, acc)
				require.True(t, intact())
			}
		}
	}
}
