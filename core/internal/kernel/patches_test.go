package kernel

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestPatches compares the patches of images with zeros around them, at random
// geometries and for any range of positions, with what each window sees.
func TestPatches(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 5))
	for range 400 {
		p := Patches{H: 1 + r.IntN(8), W: 1 + r.IntN(8), Repeat: r.IntN(3), C: 1 + r.IntN(11),
			Top: r.IntN(3), Left: r.IntN(3), Bottom: r.IntN(3), Right: r.IntN(3),
			StepY: 1 + r.IntN(3), StepX: 1 + r.IntN(3), TapY: 1 + r.IntN(2), TapX: 1 + r.IntN(2), OffY: r.IntN(2), OffX: r.IntN(2)}
		if r.IntN(2) == 0 {
			p.Top, p.Left, p.Bottom, p.Right = 0, 0, 0, 0
		}
		times := max(1, p.Repeat)
		p.C *= times
		h, w := p.H+p.Top+p.Bottom-p.OffY, p.W+p.Left+p.Right-p.OffX
		if h < 1 || w < 1 {
			continue
		}
		p.TapsY, p.TapsX = 1+r.IntN((h-1)/p.TapY+1), 1+r.IntN((w-1)/p.TapX+1)
		p.Rows, p.Cols = 1+(h-1-(p.TapsY-1)*p.TapY)/p.StepY, 1+(w-1-(p.TapsX-1)*p.TapX)/p.StepX
		const samples = 3
		x, same := guarded(r, samples*p.H*p.W*p.C/times, fills[0].next)
		p.X = x
		p.Padded, _ = guarded(r, p.PaddedLen(), fills[0].next)
		total := samples * p.Rows * p.Cols
		from := r.IntN(total)
		to := from + 1 + r.IntN(total-from)
		dst, intact := guarded(r, (to-from)*p.Len(), fills[0].next)
		p.Gather(dst, from, to)
		var want []float32
		for q := from; q < to; q++ {
			sample, row, col := q/(p.Rows*p.Cols), q/p.Cols%p.Rows, q%p.Cols
			for i := range p.TapsY {
				for j := range p.TapsX {
					y, xx := p.OffY+row*p.StepY+i*p.TapY-p.Top, p.OffX+col*p.StepX+j*p.TapX-p.Left
					for c := range p.C {
						v := float32(0)
						if y >= 0 && y < p.H && xx >= 0 && xx < p.W {
							v = x[((sample*p.H+y)*p.W+xx)*p.C/times+c/times]
						}
						want = append(want, v)
					}
				}
			}
		}
		requireSameBits(t, want, dst, "%+v", p)
		require.True(t, intact() && same(), "wrote outside")
		if p.Whole() {
			requireSameBits(t, x[from*p.C:to*p.C], dst, "a whole image is its own patches")
		}
	}
}

// TestDepthwise compares the depthwise kernels with their scalar twins, at channels
// around every cut-off.
func TestDepthwise(t *testing.T) {
	r := rand.New(rand.NewPCG(6, 6))
	for _, c := range crossLengths()[:72] {
		for _, fill := range fills {
			n, xStep, yStep := 1+r.IntN(9), c+r.IntN(3), c+r.IntN(3)
			win := Window{TapsY: 1 + r.IntN(3), TapsX: 1 + r.IntN(3), TapY: r.IntN(50), TapX: c + r.IntN(2)}
			if c < 20 && r.IntN(3) == 0 {
				win.TapsY, win.TapsX = 19, 27 // more taps than one block
			}
			x, _ := guarded(r, (n-1)*xStep+(win.TapsY-1)*win.TapY+(win.TapsX-1)*win.TapX+c, fill.next)
			w, _ := guarded(r, win.TapsY*win.TapsX*c, fill.next)
			var bias []float32
			if r.IntN(2) == 0 {
				bias, _ = guarded(r, c, fill.next)
			}
			y, intact := guarded(r, (n-1)*yStep+c, fills[0].next)
			want := clone(y)
			depthwiseRowScalar(n, c, 0, win, x, xStep, w, bias, want, yStep)
			DepthwiseRow(n, c, win, x, xStep, w, bias, y, yStep)
			requireSameBits(t, want, y, "row: n=%d c=%d %+v %s", n, c, win, fill.name)
			require.True(t, intact(), "wrote outside")

			dy, _ := guarded(r, n*c, fill.next)
			s, whole := guarded(r, c, fill.next)
			want = clone(s)
			depthwiseGradScalar(n, c, 0, x, xStep, dy, want)
			DepthwiseGrad(n, c, x, xStep, dy, s)
			requireSameBits(t, want, s, "gradient: n=%d c=%d %s", n, c, fill.name)
			require.True(t, whole(), "wrote outside")
		}
	}
}

func TestChannelsAndTaps(t *testing.T) {
	wide := make([]float32, 6)
	RepeatChannels(wide, []float32{1, 2, 3}, 2)
	require.Equal(t, []float32{1, 1, 2, 2, 3, 3}, wide)
	narrow := make([]float32, 2)
	SumChannels(narrow, []float32{1, 2, 3, 4, 5, 6}, 3)
	require.Equal(t, []float32{6, 15}, narrow)
	taps := make([]float32, 8)
	TransposeTaps(taps, []float32{0, 0, 0, 0, 1, 2, 3, 4, 0, 0, 0, 0, 5, 6, 7, 8}, 2, 3, 2, 2, 2)
	require.Equal(t, []float32{5, 7, 6, 8, 1, 3, 2, 4}, taps)
}
