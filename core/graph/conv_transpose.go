package graph

import (
	"github.com/terrarium-ml/terrarium/core/internal/kernel"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// ConvTranspose is the transposed convolution (Zeiler et al., 2010): what the gradient
// of a convolution's input is made of, as a layer of its own. It enlarges:
//
//	x [h, w, in]  w [kh, kw, out, in]  b [out], optional  →  y [oh, ow, out]
//
// With PadSame oh = h·stride, with PadValid oh = h·stride + max(r − stride, 0), where
// r = (kh − 1)·dilation + 1.
//
// The order of sums is that of Conv, forward and backward changing places.
type ConvTranspose struct {
	Strides, Dilation [2]int
	Padding           Padding
}

var (
	_ Op        = ConvTranspose{}
	_ Coster    = ConvTranspose{}
	_ Scratcher = ConvTranspose{}
)

func (o ConvTranspose) Infer(in [][]int) ([]int, *tensor.Error) {
	w, err := o.convolution(in)
	if err != nil {
		return nil, err
	}
	must(len(in) == 2 || len(in[2]) == 1 && in[2][0] == w.c, "a transposed convolution wants a bias [out]")
	return w.inputs(w.c), nil
}

func (o ConvTranspose) convolution(in [][]int) (convolution, *tensor.Error) {
	return newConvolution(in[0], in[1], o.Strides, o.Dilation, o.Padding, true)
}

func (o ConvTranspose) bound(c *Call) convolution {
	w, _ := o.convolution(c.InShape)
	return w
}

func (ConvTranspose) Cost(in [][]int, _ []int) int {
	return 2 * size(in[1]) * (size(in[0]) / in[0][len(in[0])-1])
}

func (o ConvTranspose) ScratchSize(in [][]int, _ []int) int {
	w, _ := o.convolution(in)
	return max(w.scratchForward(), w.scratchBackward())
}

// BackwardReads: x and w, but not y.
func (ConvTranspose) BackwardReads() (in, out bool) { return true, false }

func (o ConvTranspose) Forward(c *Call) {
	w := o.bound(c)
	w.backward(c, c.In[0], c.In[1], bias(c), c.Out)
}

func (o ConvTranspose) Backward(c *Call) {
	w := o.bound(c)
	if dx := c.DIn[0]; dx != nil && w.forward(c, c.DOut, c.In[1], nil, dx) {
		return
	}
	if dw := c.DIn[1]; dw != nil && w.kernelGradient(c, c.DOut, c.In[0], dw) {
		return
	}
	if len(c.In) == 3 && c.DIn[2] != nil {
		kernel.ColSums(len(c.DOut)/w.c, w.c, c.DOut, w.c, c.DIn[2], false)
	}
}

// scratchBackward is what backward works in: an image of dy, the kernel of a phase,
// patches, and results where they do not lie side by side.
func (w convolution) scratchBackward() int {
	p := w.phasePatches(nil, w.y.phase(0), w.x.phase(0), nil)
	return p.PaddedLen() + w.taps()*w.c*w.n + positions*(w.taps()*w.n+w.c)
}

// phasePatches are the patches of dy that lead to the inputs of a phase along each axis.
func (w convolution) phasePatches(dy []float32, py, px phase, scratch []float32) kernel.Patches {
	top, bottom := w.y.margins()
	left, right := w.x.margins()
	return patchesOf(kernel.Patches{X: dy, H: w.y.out, W: w.x.out, C: w.n,
		Top: top, Left: left, Bottom: bottom, Right: right,
		Rows: py.size, Cols: px.size, StepY: 1, StepX: 1, OffY: top + py.shift, OffX: left + px.shift,
		TapsY: py.count, TapsX: px.count, TapY: py.step, TapX: px.step}, scratch)
}

// backward computes from dy the gradient dx of a convolution's input, plus bias if
// there is one. It returns true if the step is being abandoned.
//
// Inputs that are a stride apart are met by the same taps (a phase): for these it is a
// convolution of dy without strides, by those taps in reverse.
func (w convolution) backward(c *Call, dy, weights, bias, dx []float32) (stop bool) {
	for fy := range min(w.y.stride, w.y.in) {
		for fx := range min(w.x.stride, w.x.in) {
			if w.backwardPhase(c, w.y.phase(fy), w.x.phase(fx), dy, weights, bias, dx) {
				return true
			}
		}
	}
	return false
}

func (w convolution) backwardPhase(c *Call, py, px phase, dy, weights, bias, dx []float32) (stop bool) {
	p := w.phasePatches(dy, py, px, c.Scratch)
	k, n, total := p.Len(), w.c, c.N*py.size*px.size
	reversed, room := c.Scratch[p.PaddedLen():][:k*n], c.Scratch[p.PaddedLen()+k*n:]
	for i := range py.count {
		row := (py.last - i*py.tapStep) * w.x.kernel
		kernel.TransposeTaps(reversed[i*px.count*w.n*n:], weights, px.count, row+px.last, px.tapStep, w.c, w.n)
	}
	apart := w.y.stride > 1 || w.x.stride > 1
	for from := 0; from < total; from += positions {
		rows := min(positions, total-from)
		a := dy[min(from*k, len(dy)):]
		if !p.Whole() {
			p.Gather(room[:rows*k], from, from+rows)
			a = room
		}
		out := dx[min(from*n, len(dx)):]
		if apart {
			out = room[rows*k:]
		}
		kernel.GemmNN(c.scratch(), rows, n, k, a, k, reversed, n, bias, out, n, false)
		if apart {
			w.spread(dx, out[:rows*n], py, px, from)
		}
		if c.Pause(2 * rows * k * n) {
			return true
		}
	}
	return false
}

// spread copies results of a phase, from position number from on, to their places.
func (w convolution) spread(dx, results []float32, py, px phase, from int) {
	sample, at := from/(py.size*px.size), from%(py.size*px.size)
	row, col := at/px.size, at%px.size
	for ; len(results) > 0; results = results[w.c:] {
		y, x := py.first+row*w.y.stride, px.first+col*w.x.stride
		copy(dx[((sample*w.y.in+y)*w.x.in+x)*w.c:], results[:w.c])
		if col++; col == px.size {
			col, row = 0, row+1
		}
		if row == py.size {
			row, sample = 0, sample+1
		}
	}
}
