package graph

import (
	"github.com/terrarium-ml/terrarium/core/internal/kernel"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// MaxPool takes the maximum of each window, in each channel by itself:
//
//	x [h, w, c] or [steps, c]  →  y [oh, ow, c] or [out, c]
//
// Backward: dy goes to the first pixel of the window, by rows, that has the maximum;
// where windows overlap, their shares are added in the order of the windows.
type MaxPool struct{ Window Window }

// MeanPool takes the mean of each window, in each channel by itself, over the pixels
// that exist: padding does not count. Shapes are MaxPool's.
//
// Backward: dy, divided by the number of pixels, goes to each of them.
type MeanPool struct{ Window Window }

var (
	_ Op             = MaxPool{}
	_ BackwardReader = MaxPool{}
	_ Coster         = MaxPool{}
	_ Op             = MeanPool{}
	_ BackwardReader = MeanPool{}
	_ Coster         = MeanPool{}
)

// A Window says where windows lie along the two axes in front of the channels: [height,
// width], or, of a series, [1, steps]. Without padding ("valid") they lie inside; with
// Same there is one for each stride that begins inside, and what reaches over is spread
// over both ends, the odd pixel behind.
type Window struct {
	Size, Strides [2]int
	Same          bool
}

// along returns the number of windows along an axis of n pixels and how far the first
// one begins in front of it; no windows if none fits.
func (w Window) along(axis, n int) (count, before int) {
	size, stride := w.Size[axis], w.Strides[axis]
	if w.Same {
		count = (n + stride - 1) / stride
		return count, max((count-1)*stride+size-n, 0) / 2
	}
	if n < size {
		return 0, 0
	}
	return (n-size)/stride + 1, 0
}

// geometry lays the windows over an input.
func (w Window) geometry(x []int) kernel.Pool {
	h, width := 1, x[0]
	if len(x) == 3 {
		h, width = x[0], x[1]
	}
	p := kernel.Pool{H: h, W: width, C: x[len(x)-1], KH: w.Size[0], KW: w.Size[1], SH: w.Strides[0], SW: w.Strides[1]}
	p.OH, p.Top = w.along(0, p.H)
	p.OW, p.Left = w.along(1, p.W)
	return p
}

func (w Window) infer(x []int) ([]int, *tensor.Error) {
	if len(x) != 2 && len(x) != 3 {
		return nil, tensor.Errorf(tensor.CodeShape, "want input [batch, steps, channels] or [batch, height, width, channels], got %s", tensor.FormatBatch(x))
	}
	p := w.geometry(x)
	switch {
	case len(x) == 2 && p.OW == 0:
		return nil, tensor.Errorf(tensor.CodeShape, `pool %d does not fit input of %d steps; use padding "same" or a smaller pool`, p.KW, p.W)
	case p.OH == 0 || p.OW == 0:
		return nil, tensor.Errorf(tensor.CodeShape, `pool %d×%d does not fit input %d×%d; use padding "same" or a smaller pool`, p.KH, p.KW, p.H, p.W)
	case len(x) == 2:
		return []int{p.OW, p.C}, nil
	}
	return []int{p.OH, p.OW, p.C}, nil
}

// cost counts one operation for each pixel of each window.
func (w Window) cost(x, out []int) int {
	p := w.geometry(x)
	return size(out) * min(p.KH, p.H) * min(p.KW, p.W)
}

func (o MaxPool) Infer(in [][]int) ([]int, *tensor.Error) { return o.Window.infer(in[0]) }
func (o MaxPool) Cost(in [][]int, out []int) int          { return o.Window.cost(in[0], out) }
func (MaxPool) BackwardReads() (in, out bool)             { return true, true }

func (o MaxPool) Forward(c *Call) {
	p := o.Window.geometry(c.InShape[0])
	for s := newSweep(&p, c); s.next(); {
		p.Max(s.from, s.to, s.small(c.Out), s.large(c.In[0]))
	}
}

func (o MaxPool) Backward(c *Call) {
	if c.DIn[0] == nil {
		return
	}
	p := o.Window.geometry(c.InShape[0])
	for s := newSweep(&p, c); s.next(); {
		p.MaxGrad(s.from, s.to, s.large(c.DIn[0]), s.small(c.DOut), s.large(c.In[0]), s.small(c.Out))
	}
}

func (o MeanPool) Infer(in [][]int) ([]int, *tensor.Error) { return o.Window.infer(in[0]) }
func (o MeanPool) Cost(in [][]int, out []int) int          { return o.Window.cost(in[0], out) }
func (MeanPool) BackwardReads() (in, out bool)             { return false, false }

func (o MeanPool) Forward(c *Call) {
	p := o.Window.geometry(c.InShape[0])
	for s := newSweep(&p, c); s.next(); {
		p.Mean(s.from, s.to, s.small(c.Out), s.large(c.In[0]))
	}
}

func (o MeanPool) Backward(c *Call) {
	if c.DIn[0] == nil {
		return
	}
	p := o.Window.geometry(c.InShape[0])
	for s := newSweep(&p, c); s.next(); {
		p.MeanGrad(s.from, s.to, s.large(c.DIn[0]), s.small(c.DOut))
	}
}

// A sweep walks over the samples of a call, and in each over blocks of rows of windows,
// with a pause between them.
type sweep struct {
	call            *Call
	pool            *kernel.Pool
	cost, step      int // operations of a row of windows; rows of a block
	sample, samples int
	from, to        int // the block
}

func newSweep(p *kernel.Pool, c *Call) sweep {
	cost := p.OW * p.C * min(p.KH, p.H) * min(p.KW, p.W)
	return sweep{call: c, pool: p, cost: cost, step: max(1, pauseFlops/4/cost),
		sample: -1, samples: len(c.Out) / (p.OH * p.OW * p.C), from: p.OH, to: p.OH}
}

func (s *sweep) next() bool {
	if s.sample >= 0 && s.call.Pause(s.cost*(s.to-s.from)) {
		return false
	}
	if s.from = s.to; s.from == s.pool.OH {
		s.sample, s.from = s.sample+1, 0
	}
	s.to = min(s.from+s.step, s.pool.OH)
	return s.sample < s.samples
}

// large cuts x or dx to the sample, small y or dy.
func (s *sweep) large(x []float32) []float32 {
	n := s.pool.H * s.pool.W * s.pool.C
	return x[s.sample*n : s.sample*n+n]
}

func (s *sweep) small(y []float32) []float32 {
	n := s.pool.OH * s.pool.OW * s.pool.C
	return y[s.sample*n : s.sample*n+n]
}

// GlobalMean takes the mean over all axes but the last one:
//
//	x [.., c]  →  y [c]
//
// Each sum follows C1's rule for sums over an outer axis.
//
// Backward: dx is dy/n everywhere, n being the number of values in a mean.
type GlobalMean struct{}

var (
	_ Op             = GlobalMean{}
	_ BackwardReader = GlobalMean{}
	_ Coster         = GlobalMean{}
)

func (GlobalMean) Infer(in [][]int) ([]int, *tensor.Error) {
	if len(in[0]) < 2 {
		return nil, tensor.Errorf(tensor.CodeShape, "want input [batch, …, channels], got %s", tensor.FormatBatch(in[0]))
	}
	return in[0][len(in[0])-1:], nil
}

func (GlobalMean) Cost(in [][]int, _ []int) int  { return size(in[0]) }
func (GlobalMean) BackwardReads() (in, out bool) { return false, false }

func (GlobalMean) Forward(c *Call) {
	k := size(c.OutShape)
	n := size(c.InShape[0]) / k
	for i := range len(c.Out) / k {
		if i > 0 && c.Pause(n*k) {
			return
		}
		kernel.GlobalMean(n, k, c.Out[i*k:i*k+k], c.In[0][i*n*k:])
	}
}

func (GlobalMean) Backward(c *Call) {
	if c.DIn[0] == nil {
		return
	}
	k := size(c.OutShape)
	n := size(c.InShape[0]) / k
	for i := range len(c.Out) / k {
		if i > 0 && c.Pause(n*k) {
			return
		}
		kernel.GlobalMeanGrad(n, k, c.DIn[0][i*n*k:], c.DOut[i*k:])
	}
}
