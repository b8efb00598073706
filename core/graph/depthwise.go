package graph

import (
	"github.com/terrarium-ml/terrarium/core/internal/kernel"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// DepthwiseConv is a convolution in which each channel has kernels of its own, m of
// them (Sifre, 2014; Chollet, 2017):
//
//	x [h, w, in]  w [kh, kw, in, m]  b [in·m], optional  →  y [oh, ow, in·m]
//
//	y[o, p, c·m + d] = Σ over i, j of x[o·Strides[0] − top + i·Dilation[0],
//	                   p·Strides[1] − left + j·Dilation[1], c] · w[i, j, c, d] + b[c·m + d]
//
// The order of sums is C1's: k runs over (i, j); in the gradient of the kernel over
// (sample, o, p); in that of the input over (o, p), as in Conv, for each d by itself,
// and then the sums are added in ascending d.
type DepthwiseConv struct {
	Strides, Dilation [2]int
	Padding           Padding
}

var (
	_ Op        = DepthwiseConv{}
	_ Coster    = DepthwiseConv{}
	_ Scratcher = DepthwiseConv{}
)

func (o DepthwiseConv) Infer(in [][]int) ([]int, *tensor.Error) {
	w, err := o.convolution(in)
	if err != nil {
		return nil, err
	}
	must(!w.one && (len(in) == 2 || len(in[2]) == 1 && in[2][0] == w.wide()), "a depthwise convolution wants a kernel [kh, kw, in, m] and a bias [in·m]")
	return w.outputs(w.wide()), nil
}

func (o DepthwiseConv) convolution(in [][]int) (convolution, *tensor.Error) {
	return newConvolution(in[0], in[1], o.Strides, o.Dilation, o.Padding, false)
}

func (o DepthwiseConv) bound(c *Call) convolution {
	w, _ := o.convolution(c.InShape)
	return w
}

// wide is the number of channels of a depthwise convolution's result.
func (w convolution) wide() int { return w.c * w.n }

func (DepthwiseConv) Cost(in [][]int, out []int) int {
	return 2 * in[1][0] * in[1][1] * size(out)
}

// ScratchSize: an image, a kernel in reverse or the sums of a block, and a row.
func (o DepthwiseConv) ScratchSize(in [][]int, _ []int) int {
	w, _ := o.convolution(in)
	x, dy := w.widePatches(nil, nil), w.wideGradients(nil, w.y.phase(0), w.x.phase(0), nil)
	return max(x.PaddedLen(), dy.PaddedLen()) + (w.taps()+w.x.in)*w.wide()
}

// BackwardReads: x and w, but not y.
func (DepthwiseConv) BackwardReads() (in, out bool) { return true, false }

// widePatches are the patches of x, its channels repeated.
func (w convolution) widePatches(x, scratch []float32) kernel.Patches {
	p := w.patches(x, nil)
	p.C, p.Repeat = w.wide(), w.n
	return patchesOf(p, scratch)
}

// wideGradients are those of dy that lead to the inputs of a phase.
func (w convolution) wideGradients(dy []float32, py, px phase, scratch []float32) kernel.Patches {
	p := w.phasePatches(dy, py, px, nil)
	p.C = w.wide()
	return patchesOf(p, scratch)
}

// pixels is the window of patches as depthwise kernels take it, for images with rows
// stride numbers apart.
func pixels(p *kernel.Patches, stride int) kernel.Window {
	if p.Len() == 0 {
		return kernel.Window{}
	}
	return kernel.Window{TapsY: p.TapsY, TapsX: p.TapsX, TapY: p.TapY * stride, TapX: p.TapX * p.C}
}

func (o DepthwiseConv) Forward(c *Call) {
	w := o.bound(c)
	p, b, wide := w.widePatches(c.In[0], c.Scratch), bias(c), w.wide()
	for at := range c.N * p.Rows {
		image, stride := p.Sample(at / p.Rows)
		top := at % p.Rows * p.StepY * stride
		kernel.DepthwiseRow(p.Cols, wide, pixels(&p, stride), image[top:], p.StepX*wide, c.In[1], b, c.Out[at*p.Cols*wide:], wide)
		if c.Pause(2 * p.Cols * w.taps() * wide) {
			return
		}
	}
}

func (o DepthwiseConv) Backward(c *Call) {
	w := o.bound(c)
	if dx := c.DIn[0]; dx != nil && w.depthwiseInput(c, dx) {
		return
	}
	if dw := c.DIn[1]; dw != nil && w.depthwiseKernel(c, dw) {
		return
	}
	if len(c.In) == 3 && c.DIn[2] != nil {
		kernel.ColSums(len(c.DOut)/w.wide(), w.wide(), c.DOut, w.wide(), c.DIn[2], false)
	}
}

// depthwiseKernel computes dw, adding up blocks of as many positions as C1 has it.
func (w convolution) depthwiseKernel(c *Call, dw []float32) (stop bool) {
	p, wide := w.widePatches(c.In[0], c.Scratch), w.wide()
	sums := c.Scratch[p.PaddedLen():][:len(dw)]
	kernel.Fill(dw, 0)
	total := c.N * p.Rows * p.Cols
	for from := 0; from < total; from += positions {
		kernel.Fill(sums, 0)
		end := min(from+positions, total)
		for at := from; at < end; {
			row, col := at/p.Cols, at%p.Cols
			n := min(p.Cols-col, end-at)
			image, stride := p.Sample(row / p.Rows)
			first := row%p.Rows*p.StepY*stride + col*p.StepX*wide
			dy := c.DOut[at*wide : (at+n)*wide]
			for i := range p.TapsY {
				for j := range p.TapsX {
					x := image[first+i*p.TapY*stride+j*p.TapX*wide:]
					kernel.DepthwiseGrad(n, wide, x, p.StepX*wide, dy, sums[(i*p.TapsX+j)*wide:])
				}
			}
			at += n
		}
		kernel.Accumulate(dw, sums)
		if end < total && c.Pause(2*(end-from)*w.taps()*wide) {
			return true
		}
	}
	return false
}

// depthwiseInput computes dx, one phase after the other (see convolution.backward).
func (w convolution) depthwiseInput(c *Call, dx []float32) (stop bool) {
	for fy := range min(w.y.stride, w.y.in) {
		for fx := range min(w.x.stride, w.x.in) {
			if w.depthwisePhase(c, w.y.phase(fy), w.x.phase(fx), dx) {
				return true
			}
		}
	}
	return false
}

func (w convolution) depthwisePhase(c *Call, py, px phase, dx []float32) (stop bool) {
	p, wide := w.wideGradients(c.DOut, py, px, c.Scratch), w.wide()
	reversed := c.Scratch[p.PaddedLen():][:p.Len()]
	for i := range py.count {
		for j := range px.count {
			tap := (py.last-i*py.tapStep)*w.x.kernel + px.last - j*px.tapStep
			copy(reversed[(i*px.count+j)*wide:], c.In[1][tap*wide:(tap+1)*wide])
		}
	}
	line := c.Scratch[p.PaddedLen()+p.Len():]
	for at := range c.N * py.size {
		sample, row := at/py.size, at%py.size
		image, stride := p.Sample(sample)
		if p.Len() > 0 {
			image = image[(p.OffY+row)*stride+p.OffX*wide:]
		}
		out := dx[((sample*w.y.in+py.first+row*w.y.stride)*w.x.in+px.first)*w.c:]
		if w.n == 1 {
			kernel.DepthwiseRow(px.size, wide, pixels(&p, stride), image, wide, reversed, nil, out, w.x.stride*wide)
		} else {
			kernel.DepthwiseRow(px.size, wide, pixels(&p, stride), image, wide, reversed, nil, line, wide)
			for col := range px.size {
				kernel.SumChannels(out[col*w.x.stride*w.c:][:w.c], line[col*wide:], w.n)
			}
		}
		if c.Pause(2 * px.size * p.Len()) {
			return true
		}
	}
	return false
}
