package kernel

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// cellUnits surround every multiple of a vector, and the general kernels' span.
var cellUnits = []int{1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 63, 64, 65, 130}

var usualCell = Cell{Act: Tanh, Gate: Sigmoid}

// cellArrays are rows of numbers for a test: a [rows, 4u] and others [rows, u].
func cellArrays(r *rand.Rand, rows, u int, next func(*rand.Rand, int) float32) (arrays [6][]float32, intact func() bool) {
	var checks []func() bool
	for i := range arrays {
		n := rows * u
		if i == 0 {
			n *= 4
		}
		s, check := guarded(r, n, next)
		arrays[i], checks = s, append(checks, check)
	}
	return arrays, func() bool {
		for _, check := range checks {
			if !check() {
				return false
			}
		}
		return true
	}
}

// TestLSTMMatchesScalar compares the vectors with the scalar twin and both with the
// general kernel, which is put together from others.
func TestLSTMMatchesScalar(t *testing.T) {
	const rows = 3
	r := rand.New(rand.NewPCG(1, 2))
	for _, u := range cellUnits {
		for _, fill := range fills {
			fast, intact := cellArrays(r, rows, u, fill.next)
			var slow, span [6][]float32
			for i := range fast {
				slow[i], span[i] = clone(fast[i]), clone(fast[i])
			}
			compare := func(what string) {
				t.Helper()
				for i := range fast {
					requireSameBits(t, slow[i], fast[i], "%s, u=%d, %s numbers, array %d", what, u, fill.name, i)
					requireSameBits(t, slow[i], span[i], "%s of any functions, u=%d, %s numbers, array %d", what, u, fill.name, i)
				}
				require.True(t, intact())
			}
			LSTM(usualCell, rows, u, fast[0], nil, fast[1], fast[2], fast[3], fast[4])
			for i := range rows {
				row := func(k int) []float32 { return slow[k][i*u : i*u+u] }
				lstmScalar(0, u, slow[0][i*4*u:], row(1), row(2), row(3), row(4))
				of := func(k int) []float32 { return span[k][i*u : i*u+u] }
				for j := 0; j < u; j += cellSpan {
					lstmSpan(usualCell, j, min(cellSpan, u-j), u, span[0][i*4*u:], of(1), of(2), of(3), of(4))
				}
			}
			compare("LSTM")
			LSTMGrad(usualCell, rows, u, fast[0], nil, fast[1], fast[2], fast[3], fast[4], fast[5])
			for i := range rows {
				row := func(k int) []float32 { return slow[k][i*u : i*u+u] }
				lstmGradScalar(0, u, slow[0][i*4*u:], row(1), row(3), row(4), row(5))
				of := func(k int) []float32 { return span[k][i*u : i*u+u] }
				for j := 0; j < u; j += cellSpan {
					lstmGradSpan(usualCell, j, min(cellSpan, u-j), u, span[0][i*4*u:], nil, of(1), of(2), of(3), of(4), of(5))
				}
			}
			compare("LSTMGrad")
		}
	}
}

// TestGRUMatchesScalar does for GRU what TestLSTMMatchesScalar does.
func TestGRUMatchesScalar(t *testing.T) {
	const rows = 3
	r := rand.New(rand.NewPCG(5, 6))
	for _, u := range cellUnits {
		for _, fill := range fills {
			for _, after := range []bool{false, true} {
				fast, intact := cellArrays(r, rows, u, fill.next) // a, h, next, m or rh, dh, drh
				fast[0] = fast[0][:rows*3*u]
				var slow, span [6][]float32
				for i := range fast {
					slow[i], span[i] = clone(fast[i]), clone(fast[i])
				}
				compare := func(what string) {
					t.Helper()
					for i := range fast {
						requireSameBits(t, slow[i], fast[i], "%s, u=%d, %s numbers, after %t, array %d", what, u, fill.name, after, i)
						requireSameBits(t, slow[i], span[i], "%s of any functions, u=%d, %s numbers, after %t, array %d", what, u, fill.name, after, i)
					}
					require.True(t, intact())
				}
				m := func(s []float32) []float32 { return s }
				rh := func([]float32) []float32 { return nil }
				if !after {
					m, rh = rh, m
				}
				rowsOf := func(s [6][]float32, row func(s [6][]float32)) {
					for i := range rows {
						one := [6][]float32{s[0][i*3*u : (i+1)*3*u]}
						for k := 1; k < 6; k++ {
							one[k] = s[k][i*u : i*u+u]
						}
						row(one)
					}
				}
				spans := func(s [6][]float32, span func(j, n int, s [6][]float32)) {
					rowsOf(s, func(s [6][]float32) {
						for j := 0; j < u; j += cellSpan {
							n, cut := min(cellSpan, u-j), s
							for k := 1; k < 6; k++ {
								cut[k] = s[k][j : j+n]
							}
							span(j, n, cut)
						}
					})
				}
				GRUGates(usualCell, rows, u, fast[0], nil, fast[1], rh(fast[3]))
				rowsOf(slow, func(s [6][]float32) { gruGatesScalar(0, u, s[0], s[1], rh(s[3])) })
				rowsOf(span, func(s [6][]float32) {
					usualCell.gate(s[0][:2*u], s[0])
					if !after {
						Mul(s[3], s[0][u:], s[1])
					}
				})
				compare("GRUGates")
				GRU(usualCell, rows, u, fast[0], nil, m(fast[3]), fast[1], fast[2])
				rowsOf(slow, func(s [6][]float32) { gruScalar(0, u, s[0], m(s[3]), s[1], s[2]) })
				spans(span, func(j, n int, s [6][]float32) { gruSpan(usualCell, j, n, u, s[0], nil, m(s[3]), s[1], s[2]) })
				compare("GRU")
				GRUGrad(usualCell, rows, u, fast[0], nil, m(fast[3]), fast[1], fast[4])
				rowsOf(slow, func(s [6][]float32) { gruGradScalar(0, u, s[0], m(s[3]), s[1], s[4]) })
				spans(span, func(j, n int, s [6][]float32) { gruGradSpan(usualCell, j, n, u, s[0], nil, m(s[3]), s[1], s[4]) })
				compare("GRUGrad")
				if !after {
					GRUResetGrad(usualCell, rows, u, fast[0], nil, fast[1], fast[5], fast[4])
					rowsOf(slow, func(s [6][]float32) { gruResetGradScalar(0, u, s[0], s[1], s[5], s[4]) })
					spans(span, func(j, n int, s [6][]float32) { gruResetGradSpan(usualCell, j, n, u, s[0], nil, s[1], s[5], s[4]) })
					compare("GRUResetGrad")
				}
			}
		}
	}
}

// TestGRUUnits computes every unit by itself.
func TestGRUUnits(t *testing.T) {
	const rows = 3
	r := rand.New(rand.NewPCG(3, 4))
	for _, cell := range []Cell{usualCell, {Act: Relu, Gate: HardSigmoid}, {Act: Swish, Gate: Sigmoid}} {
		for _, after := range []bool{false, true} {
			for _, u := range cellUnits {
				t.Run(fmt.Sprint(cell, after, u), func(t *testing.T) { gruStep(t, r, cell, after, rows, u) })
			}
		}
	}
}

func gruStep(t *testing.T, r *rand.Rand, cell Cell, after bool, rows, u int) {
	arrays, intact := cellArrays(r, rows, u, fills[0].next)
	a, h, next, m, rh, dh := arrays[0][:rows*3*u], arrays[1], arrays[2], arrays[3], arrays[4], arrays[5]
	one := func(f func(x []float32), x float32) float32 { y := []float32{x}; f(y); return y[0] }
	act := func(x float32) float32 { return one(func(y []float32) { cell.act(y, y) }, x) }
	gate := func(x float32) float32 { return one(func(y []float32) { cell.gate(y, y) }, x) }
	actGrad := func(d, x, y float32) float32 {
		return one(func(g []float32) { cell.actGrad(g, g, []float32{x}, []float32{y}) }, d)
	}
	gateGrad := func(d, x, y float32) float32 {
		return one(func(g []float32) { cell.gateGrad(g, g, []float32{x}, []float32{y}) }, d)
	}
	if !after {
		m = nil
	} else {
		rh = nil
	}
	var pre []float32
	if cell.NeedsInput() {
		pre = make([]float32, len(a))
	}
	a0, m0, dh0, drh := clone(a), clone(m), clone(dh), clone(next)

	GRUGates(cell, rows, u, a, pre, h, rh)
	GRU(cell, rows, u, a, pre, m, h, next)
	forward, reset := clone(next), clone(rh)
	GRUGrad(cell, rows, u, a, pre, m, h, dh)
	if !after {
		GRUResetGrad(cell, rows, u, a, pre, h, drh, dh)
	}
	for i := range rows {
		for j := range u {
			at := func(block int) int { return i*3*u + block*u + j }
			k := i*u + j
			az, ar, ay := a0[at(0)], a0[at(1)], a0[at(2)]
			z, g := gate(az), gate(ar)
			if after {
				ay += float32(g * m0[k])
			} else {
				require.Equal(t, float32(g*h[k]), reset[k])
			}
			y := act(ay)
			require.Equal(t, float32(z*h[k])+float32((1-z)*y), forward[k])

			d := dh0[k]
			require.Equal(t, gateGrad(float32((h[k]-y)*d), az, z), a[at(0)])
			dy := actGrad(float32((1-z)*d), ay, y)
			require.Equal(t, dy, a[at(2)])
			back := float32(d * z)
			if after {
				require.Equal(t, gateGrad(float32(dy*m0[k]), ar, g), a[at(1)])
				require.Equal(t, float32(dy*g), m[k])
			} else {
				require.Equal(t, gateGrad(float32(drh[k]*h[k]), ar, g), a[at(1)])
				back += float32(drh[k] * g)
			}
			require.Equal(t, back, dh[k])
		}
	}
	require.True(t, intact())
}

// recurrentHash is to the recurrent cells what goldenHash is to the other kernels.
const recurrentHash = "a07b99a885b1be89808bcac9af47d36fe8b5e1e3c220ad081c41f5c91689992c"

func TestRecurrentHash(t *testing.T) {
	h := sha256.New()
	r := rand.New(rand.NewPCG(2027, NumericsVersion))
	const rows = 2
	for _, cell := range []Cell{usualCell, {Act: Softsign, Gate: HardSigmoid}} {
		for _, u := range []int{1, 5, 16, 31, 75} {
			for _, fill := range fills {
				s, _ := cellArrays(r, rows, u, fill.next)
				a, pre := s[0], make([]float32, len(s[0]))
				LSTM(cell, rows, u, a, pre, s[1], s[2], s[3], s[4])
				LSTMGrad(cell, rows, u, a, pre, s[1], s[2], s[3], s[4], s[5])
				for _, array := range s {
					hashFloats(h, array...)
				}
				GRUGates(cell, rows, u, a, pre, s[1], s[2])
				GRU(cell, rows, u, a, pre, s[3], s[1], s[4])
				GRUGrad(cell, rows, u, a, pre, s[3], s[1], s[5])
				GRUResetGrad(cell, rows, u, a, pre, s[1], s[2], s[5])
				for _, array := range s {
					hashFloats(h, array...)
				}
			}
		}
	}
	require.Equal(t, recurrentHash, hex.EncodeToString(h.Sum(nil)),
		"the bits have changed: if that is meant, raise NumericsVersion and say so in CHANGELOG.md")
}

func TestRecurrentCellsDoNotAllocate(t *testing.T) {
	const rows, u = 3, 70
	r := rand.New(rand.NewPCG(1, 1))
	s, _ := cellArrays(r, rows, u, fills[0].next)
	a, pre := s[0], make([]float32, len(s[0]))
	for _, cell := range []Cell{usualCell, {Act: Swish, Gate: HardSigmoid}} {
		require.Zero(t, testing.AllocsPerRun(3, func() {
			LSTM(cell, rows, u, a, pre, s[1], s[2], s[3], s[4])
			LSTMGrad(cell, rows, u, a, pre, s[1], s[2], s[3], s[4], s[5])
			GRUGates(cell, rows, u, a, pre, s[1], s[2])
			GRU(cell, rows, u, a, pre, s[3], s[1], s[4])
			GRUGrad(cell, rows, u, a, pre, s[3], s[1], s[5])
			GRUResetGrad(cell, rows, u, a, pre, s[1], s[2], s[5])
		}))
	}
}
