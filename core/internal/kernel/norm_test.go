package kernel

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func normCases() []crossCase {
	return []crossCase{
		{"sumSquaresFrom", func(s slices) float32 { return sumSquaresFrom(s.a, s.b[0]) },
			func(s slices) float32 { return sumSquaresFromScalar(new(partials), s.a, s.b[0]) }},
		writes("normalizeRow", func(s slices) { normalizeRow(s.d, s.a, s.b, s.c, s.a[0], s.b[0]) },
			func(s slices) { normalizeRowScalar(s.d, s.a, s.b, s.c, s.a[0], s.b[0]) }),
		writes("normSums", func(s slices) { s.d[0], s.e[0] = normSums(s.a, s.b, s.c, s.a[0], s.b[0]) },
			func(s slices) {
				s.d[0], s.e[0] = normSumsScalar(new(partials), new(partials), s.a, s.b, s.c, s.a[0], s.b[0])
			}),
		writes("normRowGrad", func(s slices) { normRowGrad(s.d, s.a, s.b, s.c, s.a[0], s.b[0], s.c[0], 0.5) },
			func(s slices) { normRowGradScalar(s.d, s.a, s.b, s.c, s.a[0], s.b[0], s.c[0], 0.5) }),
		writes("addNormParams", func(s slices) { addNormParams(s.d, s.e, s.a, s.b, s.a[0], s.b[0]) },
			func(s slices) { addNormParamsScalar(s.d, s.e, s.a, s.b, s.a[0], s.b[0]) }),
		{"scaleMax", func(s slices) float32 { return scaleMax(s.d, s.a[0]) },
			func(s slices) float32 { return scaleMaxScalar(newMaxPartials(), s.d, s.a[0]) }},
		{"expSum", func(s slices) float32 { return expSum(s.d, s.a[0]) },
			func(s slices) float32 { return expSumScalar(new(partials), s.d, s.a[0]) }},
		writes("scoresGrad", func(s slices) {
			i := scoresGradVec(s.d, s.a, s.b[0], s.c[0])
			scoresGradScalar(s.d[i:], s.a[i:], s.b[0], s.c[0])
		}, func(s slices) { scoresGradScalar(s.d, s.a, s.b[0], s.c[0]) }),
		writes("NormalizeColumns", func(s slices) {
			NormalizeColumns(1, len(s.d), s.d, s.a, s.b, s.c, s.a, make([]float32, ColumnSpace(len(s.d))))
		}, func(s slices) { affineScalar(s.d, s.a, s.b, s.c, s.a) }),
		writes("NormalizeColumnsGrad", func(s slices) {
			NormalizeColumnsGrad(1, len(s.d), s.d, s.a, s.b, s.c, s.a, s.b, s.c, make([]float32, ColumnSpace(len(s.d))))
		}, func(s slices) { affineGradScalar(s.d, s.a, s.b, s.c, s.a, s.b, s.c) }),
	}
}

// The sums over rows are products with a row of ones, whatever the sizes.
func TestColumnSumsFollowProducts(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, m := range []int{1, 2, 255, 256, 257, 513} {
		for _, n := range []int{1, 3, 4, 15, 16, 17, 33, 70} {
			for _, fill := range fills {
				x, _ := guarded(r, m*n, fill.next)
				d, _ := guarded(r, m*n, fill.next)
				mean, _ := guarded(r, n, fill.next)
				terms, squares := make([]float32, m*n), make([]float32, m*n)
				for i := range x {
					v := x[i] - mean[i%n]
					terms[i], squares[i] = float32(d[i]*v), float32(v*v)
				}
				want := make([]float32, n)
				got, intact := guarded(r, n, fill.next)
				colSumsScalar(m, n, terms, n, want, false)
				ColDots(m, n, d, x, mean, got)
				requireSameBits(t, want, got, "ColDots m=%d n=%d, %s numbers", m, n, fill.name)
				colSumsScalar(m, n, squares, n, want, false)
				ColSquares(m, n, x, mean, got)
				requireSameBits(t, want, got, "ColSquares m=%d n=%d, %s numbers", m, n, fill.name)
				require.True(t, intact())
			}
		}
	}
}

// Rows that are written one behind the other, to fill vectors, are still rows.
func TestNormalizeColumns(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for _, m := range []int{1, 15, 16, 17, 40} {
		for _, n := range []int{1, 3, 8, 63, 64, 65} {
			next := fills[0].next
			x, _ := guarded(r, m*n, next)
			dy, _ := guarded(r, m*n, next)
			y, intactY := guarded(r, m*n, next)
			dx, intactD := guarded(r, m*n, next)
			var c [4][]float32
			for k := range c {
				c[k], _ = guarded(r, n, next)
			}
			scratch, intactS := guarded(r, ColumnSpace(n), next)
			NormalizeColumns(m, n, y, x, c[0], c[1], c[2], scratch)
			NormalizeColumnsGrad(m, n, dx, dy, x, c[0], c[1], c[2], c[3], scratch)
			want, wantD := make([]float32, m*n), make([]float32, m*n)
			for i := range m {
				at := i * n
				affineScalar(want[at:at+n], x[at:], c[0], c[1], c[2])
				affineGradScalar(wantD[at:at+n], dy[at:], x[at:], c[0], c[1], c[2], c[3])
			}
			requireSameBits(t, want, y, "m=%d n=%d", m, n)
			requireSameBits(t, wantD, dx, "gradient m=%d n=%d", m, n)
			require.True(t, intactY() && intactD() && intactS())
		}
	}
}

// Rows against float64, and the gradients of gamma and beta against ColSums.
func TestNormalizeRows(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	next := fills[0].next
	for _, centered := range []bool{true, false} {
		for _, rows := range []int{1, 3, 256, 257, 600} {
			for _, n := range []int{1, 5, 16, 64, 100} {
				x, _ := guarded(r, rows*n, next)
				dy, _ := guarded(r, rows*n, next)
				gamma, _ := guarded(r, n, next)
				beta, _ := guarded(r, n, next)
				stats, intactS := guarded(r, 2*rows, next)
				y, intactY := guarded(r, rows*n, next)
				NormalizeRows(rows, n, y, x, gamma, beta, stats, 1e-3, centered)
				want := make([]float32, rows*n)
				hat := make([]float32, rows*n)
				for i := range rows {
					mean, variance := 0.0, 0.0
					for _, v := range x[i*n : i*n+n] {
						mean += float64(v) / float64(n)
					}
					if !centered {
						mean = 0
					}
					for _, v := range x[i*n : i*n+n] {
						variance += (float64(v) - mean) * (float64(v) - mean) / float64(n)
					}
					for j := range n {
						want[i*n+j] = float32((float64(x[i*n+j])-mean)/math.Sqrt(variance+1e-3)*float64(gamma[j]) + float64(beta[j]))
						hat[i*n+j] = float32(dy[i*n+j] * float32((x[i*n+j]-stats[2*i])*stats[2*i+1]))
					}
				}
				assert.InDeltaSlice(t, want, y, 3e-5, "%d rows of %d", rows, n)

				dg, intactG := guarded(r, n, next)
				db, intactB := guarded(r, n, next)
				NormalizeRowsGrad(rows, n, dy, dg, db, clone(dy), x, gamma, stats, make([]float32, 2*n), centered)
				sums := make([]float32, n)
				colSumsScalar(rows, n, hat, n, sums, false)
				requireSameBits(t, sums, dg, "gamma of %d rows of %d", rows, n)
				require.True(t, intactS() && intactY() && intactG() && intactB())
			}
		}
	}
}

func TestNormalizationAllocatesNothing(t *testing.T) {
	const m, n = 20, 21
	s := make([]float32, 8*m*n)
	x, y, v, scratch := s[:m*n], s[m*n:2*m*n], s[2*m*n:3*m*n], s[3*m*n:]
	assert.Zero(t, testing.AllocsPerRun(5, func() {
		NormalizeRows(m, n, y, x, v, v, scratch, 1, true)
		NormalizeRowsGrad(m, n, y, v, v[n:], x, x, v, v, scratch, true)
		ColDots(m, n, x, y, v, scratch)
		ColSquares(m, n, x, v, scratch)
		NormalizeColumns(m, n, y, x, v, v, v, scratch)
		NormalizeColumnsGrad(m, n, y, x, x, v, v, v, v, scratch)
		AttentionWeights(m, n, 0, y, n, 1, v, true)
		AttentionWeightsGrad(m, n, 0, y, n, x, n, 1, true)
		Embedding(m, n, y, v[:m], x)
		EmbeddingGrad(m, n, y, x, v[:m])
	}))
}

// A result may lie where the input was.
func TestNormalizeInPlace(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	const rows, n = 5, 21
	next := fills[0].next
	x, _ := guarded(r, rows*n, next)
	dy, _ := guarded(r, rows*n, next)
	gamma, _ := guarded(r, n, next)
	stats, y, dx := make([]float32, 2*rows), make([]float32, rows*n), make([]float32, rows*n)
	dg, db := make([]float32, n), make([]float32, n)
	NormalizeRows(rows, n, y, x, gamma, gamma, stats, 1e-3, true)
	NormalizeRowsGrad(rows, n, dx, dg, db, dy, x, gamma, stats, make([]float32, 2*n), true)
	same, sameG := clone(x), clone(dy)
	NormalizeRows(rows, n, same, same, gamma, gamma, stats, 1e-3, true)
	requireSameBits(t, y, same, "forward")
	NormalizeRowsGrad(rows, n, sameG, dg, db, sameG, x, gamma, stats, make([]float32, 2*n), true)
	requireSameBits(t, dx, sameG, "backward")
}
