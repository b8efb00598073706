package graph

import (
	"github.com/terrarium-ml/terrarium/core/internal/kernel"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// Upsample makes an image Size[0] times as high and Size[1] times as wide, or a series
// Size[1] times as long:
//
//	x [h, w, c] or [steps, c]  →  y [h·size0, w·size1, c] or [steps·size1, c]
//
// Each pixel becomes a block of equal ones.
//
// Backward: dx is the sum of dy over the pixel's block, from +0 on by rows.
type Upsample struct{ Size [2]int }

// UpsampleBilinear enlarges as Upsample does, between the centres of pixels in
// proportion to their distance: the output pixel o lies at (o + ½)/size − ½ of the input,
// and beyond the outermost centres these continue. (So do Keras and PyTorch; TensorFlow.js
// takes o/size instead, which shifts the image.)
//
// A pixel is w00·x00 + w01·x01 + w10·x10 + w11·x11, added in this order. Backward adds
// dy times the same weights to dx, from +0 on, in the order of dy's pixels by rows.
type UpsampleBilinear struct{ Size [2]int }

var (
	_ Op             = Upsample{}
	_ BackwardReader = Upsample{}
	_ Op             = UpsampleBilinear{}
	_ BackwardReader = UpsampleBilinear{}
	_ Coster         = UpsampleBilinear{}
)

func (o Upsample) Infer(in [][]int) ([]int, *tensor.Error) { return enlarged(in[0], o.Size) }
func (Upsample) BackwardReads() (in, out bool)             { return false, false }

func enlarged(x []int, factor [2]int) ([]int, *tensor.Error) {
	switch len(x) {
	case 2:
		return []int{x[0] * factor[1], x[1]}, nil
	case 3:
		return []int{x[0] * factor[0], x[1] * factor[1], x[2]}, nil
	}
	return nil, tensor.Errorf(tensor.CodeShape, "want input [batch, steps, channels] or [batch, height, width, channels], got %s", tensor.FormatBatch(x))
}

// blocks lays the windows that become single pixels over y.
func (o Upsample) blocks(c *Call) kernel.Pool {
	w := Window{Size: o.Size, Strides: o.Size}
	if len(c.OutShape) == 2 {
		w.Size[0], w.Strides[0] = 1, 1
	}
	return w.geometry(c.OutShape)
}

func (o Upsample) Forward(c *Call) {
	p := o.blocks(c)
	row := p.W * p.C
	for y, x := c.Out, c.In[0]; len(y) > 0; {
		for at := 0; at < row; x = x[p.C:] {
			for range p.KW {
				at += copy(y[at:at+p.C], x)
			}
		}
		for k := 1; k < p.KH; k++ {
			copy(y[k*row:k*row+row], y[:row])
		}
		y = y[p.KH*row:]
	}
}

func (o Upsample) Backward(c *Call) {
	if c.DIn[0] == nil {
		return
	}
	p := o.blocks(c)
	large, small := p.H*p.W*p.C, p.OH*p.OW*p.C
	for dx, dy := c.DIn[0], c.DOut; len(dx) > 0; dx, dy = dx[small:], dy[large:] {
		p.Sum(0, p.OH, dx, dy)
		if c.Pause(large) {
			return
		}
	}
}

func (o UpsampleBilinear) Infer(in [][]int) ([]int, *tensor.Error) { return enlarged(in[0], o.Size) }
func (UpsampleBilinear) Cost(_ [][]int, out []int) int             { return 7 * size(out) }
func (UpsampleBilinear) BackwardReads() (in, out bool)             { return false, false }

func (o UpsampleBilinear) Forward(c *Call) {
	o.each(c, func(at [4]int, weight [4]float32, y int) {
		k := c.OutShape[len(c.OutShape)-1]
		out := c.Out[y : y+k]
		kernel.Scale(out, c.In[0][at[0]:], weight[0])
		for i := 1; i < 4; i++ {
			kernel.AddScaled(out, c.In[0][at[i]:], weight[i])
		}
	})
}

func (o UpsampleBilinear) Backward(c *Call) {
	if c.DIn[0] == nil {
		return
	}
	clear(c.DIn[0])
	o.each(c, func(at [4]int, weight [4]float32, y int) {
		k := c.OutShape[len(c.OutShape)-1]
		for i := range 4 {
			kernel.AddScaled(c.DIn[0][at[i]:at[i]+k], c.DOut[y:], weight[i])
		}
	})
}

// each calls f for every output pixel: where its four sources begin in x, their weights,
// and where it begins in y.
func (o UpsampleBilinear) each(c *Call, f func(at [4]int, weight [4]float32, y int)) {
	h, w, k := 1, c.InShape[0][0], c.InShape[0][len(c.InShape[0])-1]
	factor := o.Size
	if len(c.OutShape) == 3 {
		h, w = c.InShape[0][0], c.InShape[0][1]
	} else {
		factor[0] = 1
	}
	y := 0
	for base := 0; y < len(c.Out); base += h * w * k {
		for oy := range h * factor[0] {
			top, bottom, ty := between(oy, factor[0], h)
			for ox := range w * factor[1] {
				left, right, tx := between(ox, factor[1], w)
				f([4]int{base + (top*w+left)*k, base + (top*w+right)*k, base + (bottom*w+left)*k, base + (bottom*w+right)*k},
					[4]float32{(1 - ty) * (1 - tx), (1 - ty) * tx, ty * (1 - tx), ty * tx}, y)
				y += k
			}
			if c.Pause(7 * w * factor[1] * k) {
				return
			}
		}
	}
}

// between finds the two pixels of n around the output pixel o, and the weight of the
// second: (o + ½)/factor − ½ = (2·o + 1 − factor) / (2·factor).
func between(o, factor, n int) (first, second int, t float32) {
	twice := 2*o + 1 - factor
	if twice < 0 {
		return 0, 0, 0
	}
	first = twice / (2 * factor)
	if first >= n-1 {
		return n - 1, n - 1, 0
	}
	return first, first + 1, float32(twice-first*2*factor) / float32(2*factor)
}
