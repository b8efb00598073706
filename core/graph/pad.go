package graph

import "github.com/terrarium-ml/terrarium/core/tensor"

// Edges says how many rows and columns of pixels an operation on images adds or takes
// away: of a series [steps, channels], those of the second axis count.
type Edges struct{ Before, After [2]int }

// Pad puts zeros around an image or in front of and behind a series:
//
//	x [h, w, c] or [steps, c]  →  y [h + before + after, w + before + after, c] or [.., c]
//
// Backward: dx is the middle of dy.
type Pad struct{ Edges Edges }

// Crop takes edges away: y is the middle of x.
//
// Backward: dx is dy with zeros around it.
type Crop struct{ Edges Edges }

var (
	_ Op             = Pad{}
	_ BackwardReader = Pad{}
	_ Op             = Crop{}
	_ BackwardReader = Crop{}
)

func (o Pad) Infer(in [][]int) ([]int, *tensor.Error) { return o.Edges.resize(in[0], 1) }
func (Pad) BackwardReads() (in, out bool)             { return false, false }
func (o Pad) Forward(c *Call)                         { o.Edges.enclose(c.OutShape, c.Out, c.In[0]) }
func (o Pad) Backward(c *Call) {
	if c.DIn[0] != nil {
		o.Edges.middle(c.OutShape, c.DIn[0], c.DOut)
	}
}

func (o Crop) Infer(in [][]int) ([]int, *tensor.Error) { return o.Edges.resize(in[0], -1) }
func (Crop) BackwardReads() (in, out bool)             { return false, false }
func (o Crop) Forward(c *Call)                         { o.Edges.middle(c.InShape[0], c.Out, c.In[0]) }
func (o Crop) Backward(c *Call) {
	if c.DIn[0] != nil {
		o.Edges.enclose(c.InShape[0], c.DIn[0], c.DOut)
	}
}

func (e Edges) resize(x []int, sign int) ([]int, *tensor.Error) {
	if len(x) != 2 && len(x) != 3 {
		return nil, tensor.Errorf(tensor.CodeShape, "want input [batch, steps, channels] or [batch, height, width, channels], got %s", tensor.FormatBatch(x))
	}
	y := append([]int{}, x...)
	for i := range y[:len(y)-1] {
		axis := i + 3 - len(y)
		if y[i] += sign * (e.Before[axis] + e.After[axis]); y[i] < 1 {
			return nil, tensor.Errorf(tensor.CodeShape, "cropping %d and %d leaves nothing of an axis of %d; crop less", e.Before[axis], e.After[axis], x[i])
		}
	}
	return y, nil
}

// enclose writes samples of y, of the given shape: x in the middle, zeros around it.
func (e Edges) enclose(shape []int, y, x []float32) {
	g := e.geometry(shape)
	for len(y) > 0 {
		clear(y[:g.top])
		at := g.top
		for range g.rows {
			clear(y[at : at+g.left])
			at += g.left
			at += copy(y[at:at+g.inner], x)
			x = x[g.inner:]
			clear(y[at : at+g.right])
			at += g.right
		}
		clear(y[at:g.sample])
		y = y[g.sample:]
	}
}

// middle reads x out of samples of y, of the given shape.
func (e Edges) middle(shape []int, x, y []float32) {
	g := e.geometry(shape)
	for len(x) > 0 {
		at := g.top
		for range g.rows {
			at += g.left
			x = x[copy(x[:g.inner], y[at:]):]
			at += g.inner + g.right
		}
		y = y[g.sample:]
	}
}

// An enclosure counts the values of a large sample: before the first row that has
// something of the small one, and in such a row.
type enclosure struct{ sample, top, rows, left, inner, right int }

func (e Edges) geometry(shape []int) enclosure {
	h, w, c := 1, shape[0], shape[len(shape)-1]
	if len(shape) == 3 {
		h, w = shape[0], shape[1]
	} else {
		e.Before[0], e.After[0] = 0, 0
	}
	return enclosure{sample: h * w * c, top: e.Before[0] * w * c, rows: h - e.Before[0] - e.After[0],
		left: e.Before[1] * c, inner: (w - e.Before[1] - e.After[1]) * c, right: e.After[1] * c}
}
