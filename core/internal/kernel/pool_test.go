package kernel

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// poolCases are windows that touch, overlap, leave gaps, and reach over the edge, with
// channels around every vector.
func poolCases() []Pool {
	var cases []Pool
	for _, c := range []int{1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33} {
		cases = append(cases,
			Pool{H: 6, W: 4, C: c, OH: 3, OW: 2, KH: 2, KW: 2, SH: 2, SW: 2},
			Pool{H: 7, W: 5, C: c, OH: 4, OW: 3, KH: 2, KW: 2, SH: 2, SW: 2},
			Pool{H: 8, W: 7, C: c, OH: 4, OW: 4, KH: 3, KW: 3, SH: 2, SW: 2, Left: 1},
			Pool{H: 5, W: 6, C: c, OH: 5, OW: 6, KH: 3, KW: 3, SH: 1, SW: 1, Top: 1, Left: 1},
			Pool{H: 1, W: 9, C: c, OH: 1, OW: 3, KH: 1, KW: 2, SH: 1, SW: 3},
			Pool{H: 3, W: 2, C: c, OH: 1, OW: 1, KH: 3, KW: 2, SH: 1, SW: 1},
			Pool{H: 2, W: 2, C: c, OH: 2, OW: 2, KH: 5, KW: 5, SH: 1, SW: 1, Top: 2, Left: 2})
	}
	return cases
}

// window lists the places of a window's pixels, naively.
func (p Pool) window(oy, ox int) (at []int) {
	for ky := range p.KH {
		for kx := range p.KW {
			y, x := oy*p.SH-p.Top+ky, ox*p.SW-p.Left+kx
			if y >= 0 && y < p.H && x >= 0 && x < p.W {
				at = append(at, (y*p.W+x)*p.C)
			}
		}
	}
	return at
}

// naive writes the contract's words down once more.
func (p Pool) naive(x, dy []float32) (most, dmost, mean, dmean []float32) {
	most, mean = make([]float32, p.OH*p.OW*p.C), make([]float32, p.OH*p.OW*p.C)
	dmost, dmean = make([]float32, len(x)), make([]float32, len(x))
	for oy := range p.OH {
		for ox := range p.OW {
			window := p.window(oy, ox)
			for c := range p.C {
				o := (oy*p.OW+ox)*p.C + c
				m, s := float32(math.Inf(-1)), float32(0)
				for _, at := range window {
					v := x[at+c]
					if s += v; m < v {
						m = v
					}
				}
				most[o], mean[o] = m, s/float32(len(window))
				given := false
				for _, at := range window {
					if !given && x[at+c] == m {
						dmost[at+c] += dy[o]
						given = true
					}
					dmean[at+c] += dy[o] / float32(len(window))
				}
			}
		}
	}
	return most, dmost, mean, dmean
}

func TestPoolingMatchesItsContract(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, p := range poolCases() {
		for _, fill := range fills {
			what := fmt.Sprintf("%+v, %s numbers", p, fill.name)
			x, _ := guarded(r, p.H*p.W*p.C, fill.next)
			dy, _ := guarded(r, p.OH*p.OW*p.C, fill.next)
			y, intact := guarded(r, len(dy), fill.next)
			dx, intactD := guarded(r, len(x), fill.next)
			most, dmost, mean, dmean := p.naive(x, dy)
			p.Max(0, p.OH, y, x)
			requireSameBits(t, most, y, "%s: Max", what)
			p.MaxGrad(0, p.OH, dx, dy, x, y)
			requireSameBits(t, dmost, dx, "%s: MaxGrad", what)
			p.Mean(0, p.OH, y, x)
			requireSameBits(t, mean, y, "%s: Mean", what)
			p.Sum(0, p.OH, y, x)
			for i := range y {
				if n := float32(len(p.window(i/p.C/p.OW, i/p.C%p.OW))); !sameBits(mean[i], y[i]/n) {
					require.Failf(t, "Sum", "%s: Sum[%d]", what, i)
				}
			}
			p.MeanGrad(0, p.OH, dx, dy)
			requireSameBits(t, dmean, dx, "%s: MeanGrad", what)
			require.True(t, intact() && intactD(), "%s: wrote outside", what)
		}
	}
}

func TestPoolingOfEqualPixels(t *testing.T) {
	p := Pool{H: 2, W: 2, C: 1, OH: 1, OW: 1, KH: 2, KW: 2, SH: 2, SW: 2}
	y, dx := make([]float32, 1), make([]float32, 4)
	p.Max(0, p.OH, y, []float32{1, 3, 3, 3})
	p.MaxGrad(0, p.OH, dx, []float32{5}, []float32{1, 3, 3, 3}, y)
	require.Equal(t, []float32{0, 5, 0, 0}, dx, "the first of equal pixels gets the gradient")
}

func BenchmarkPool(b *testing.B) {
	for _, c := range []int{1, 8, 16} {
		p := Pool{H: 24, W: 24, C: c, OH: 12, OW: 12, KH: 2, KW: 2, SH: 2, SW: 2}
		r := rand.New(rand.NewPCG(1, 2))
		x, _ := guarded(r, p.H*p.W*c, fills[0].next)
		dy, _ := guarded(r, p.OH*p.OW*c, fills[0].next)
		y, dx := clone(dy), clone(x)
		run := func(name string, f func()) {
			b.Run(fmt.Sprintf("%s/24x24x%d", name, c), func(b *testing.B) {
				warmUp(f)
				for b.Loop() {
					f()
				}
			})
		}
		run("max", func() { p.Max(0, p.OH, y, x) })
		run("maxgrad", func() { p.MaxGrad(0, p.OH, dx, dy, x, y) })
		run("mean", func() { p.Mean(0, p.OH, y, x) })
		run("meangrad", func() { p.MeanGrad(0, p.OH, dx, dy) })
	}
}
