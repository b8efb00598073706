package graph

import (
	"github.com/terrarium-ml/terrarium/core/internal/kernel"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// Conv is a convolution (rather, as everywhere in this field, a correlation) over one
// or two axes:
//
//	x [h, w, in]   w [kh, kw, in, out]  b [out], optional  →  y [oh, ow, out]
//	x [steps, in]  w [k, in, out]       b [out], optional  →  y [osteps, out]
//
//	y[o, p, n] = Σ over i, j, c of x[o·Strides[0] − top + i·Dilation[0],
//	             p·Strides[1] − left + j·Dilation[1], c] · w[i, j, c, n] + b[n]
//
// What lies outside x is zero. With one axis Strides[1] and Dilation[1] count.
//
// The order of sums is C1's: k runs over (i, j, c), zeros outside x included; in the
// gradient of the kernel over (sample, o, p). The gradient of the input is a
// convolution of dy and its k runs over (o, p, n), that is over i and j from the last to
// the first, and where strides are above 1 only over those (i, j) that lead to the
// input at hand.
type Conv struct {
	Strides, Dilation [2]int
	Padding           Padding
}

var (
	_ Op        = Conv{}
	_ Coster    = Conv{}
	_ Scratcher = Conv{}
)

func (o Conv) Infer(in [][]int) ([]int, *tensor.Error) {
	w, err := o.convolution(in)
	if err != nil {
		return nil, err
	}
	must(len(in) == 2 || len(in[2]) == 1 && in[2][0] == w.n, "a convolution wants a bias [out]")
	return w.outputs(w.n), nil
}

func (o Conv) convolution(in [][]int) (convolution, *tensor.Error) {
	return newConvolution(in[0], in[1], o.Strides, o.Dilation, o.Padding, false)
}

// bound is the geometry of shapes that Infer has accepted.
func (o Conv) bound(c *Call) convolution {
	w, _ := o.convolution(c.InShape)
	return w
}

func (Conv) Cost(in [][]int, out []int) int {
	return 2 * size(in[1]) * (size(out) / out[len(out)-1])
}

func (o Conv) ScratchSize(in [][]int, _ []int) int {
	w, _ := o.convolution(in)
	return max(w.scratchForward(), w.scratchBackward())
}

// BackwardReads: x and w, but not y.
func (Conv) BackwardReads() (in, out bool) { return true, false }

func (o Conv) Forward(c *Call) {
	w := o.bound(c)
	w.forward(c, c.In[0], c.In[1], bias(c), c.Out)
}

func (o Conv) Backward(c *Call) {
	w := o.bound(c)
	if dx := c.DIn[0]; dx != nil && w.backward(c, c.DOut, c.In[1], nil, dx) {
		return
	}
	if dw := c.DIn[1]; dw != nil && w.kernelGradient(c, c.In[0], c.DOut, dw) {
		return
	}
	if len(c.In) == 3 && c.DIn[2] != nil {
		kernel.ColSums(len(c.DOut)/w.n, w.n, c.DOut, w.n, c.DIn[2], false)
	}
}

// bias is an operation's third input, or nil.
func bias(c *Call) []float32 {
	if len(c.In) < 3 {
		return nil
	}
	return c.In[2]
}

// positions is how many patches are gathered at a time: as many as the products in a
// kernel's gradient share an accumulator (C1), so that the sums of these blocks can be
// added up one after the other.
const positions = 256

// scratchForward is what forward and kernelGradient work in.
func (w convolution) scratchForward() int {
	p := w.patches(nil, nil)
	return p.PaddedLen() + positions*p.Len()
}

// patches are those of the inputs x. Of the scratch memory they take what they need to
// hold an image and leave the rest.
func (w convolution) patches(x, scratch []float32) kernel.Patches {
	return patchesOf(kernel.Patches{X: x, H: w.y.in, W: w.x.in, C: w.c,
		Top: w.y.before, Left: w.x.before, Bottom: w.y.after(), Right: w.x.after(),
		Rows: w.y.out, Cols: w.x.out, StepY: w.y.stride, StepX: w.x.stride,
		TapsY: w.y.kernel, TapsX: w.x.kernel, TapY: w.y.dilation, TapX: w.x.dilation}, scratch)
}

func patchesOf(p kernel.Patches, scratch []float32) kernel.Patches {
	if scratch != nil {
		p.Padded = scratch[:p.PaddedLen()]
	}
	return p
}

// forward computes y from x. It returns true if the step is being abandoned.
func (w convolution) forward(c *Call, x, weights, bias, y []float32) (stop bool) {
	p := w.patches(x, c.Scratch)
	k, n, total := p.Len(), w.n, c.N*w.y.out*w.x.out
	room := c.Scratch[p.PaddedLen():]
	for from := 0; from < total; from += positions {
		rows := min(positions, total-from)
		a := x[min(from*k, len(x)):]
		if !p.Whole() {
			p.Gather(room, from, from+rows)
			a = room
		}
		kernel.GemmNN(c.scratch(), rows, n, k, a, k, weights, n, bias, y[from*n:], n, false)
		if from+rows < total && c.Pause(2*rows*k*n) {
			return true
		}
	}
	return false
}

// kernelGradient computes dw from x and dy. Each product is over positions at most, and
// their sums are added in ascending order: the order of one long product.
func (w convolution) kernelGradient(c *Call, x, dy, dw []float32) (stop bool) {
	p := w.patches(x, c.Scratch)
	k, n, total := p.Len(), w.n, c.N*w.y.out*w.x.out
	room := c.Scratch[p.PaddedLen():]
	for from := 0; from < total; from += positions {
		rows := min(positions, total-from)
		a := x[min(from*k, len(x)):]
		if !p.Whole() {
			p.Gather(room, from, from+rows)
			a = room
		}
		kernel.GemmTN(c.scratch(), k, n, rows, a, k, dy[from*n:], n, nil, dw, n, from > 0)
		if from+rows < total && c.Pause(2*rows*k*n) {
			return true
		}
	}
	return false
}
