package graph

import "github.com/terrarium-ml/terrarium/core/tensor"

// maxAxes is how many axes a row may have where they are put in another order.
const maxAxes = 8

// Permute puts the axes of a row in another order: axis i of y is axis Axes[i] of x, from
// 0, the batch not counted. A matrix [a, b] becomes [b, a] by Axes 1, 0.
//
// Backward: the axes go back.
type Permute struct{ Axes []int }

var (
	_ Op             = Permute{}
	_ BackwardReader = Permute{}
)

func (o Permute) Infer(in [][]int) ([]int, *tensor.Error) {
	x := in[0]
	if len(x) != len(o.Axes) || len(x) > maxAxes {
		return nil, tensor.Errorf(tensor.CodeShape, "an order of %d axes does not fit input %s, of %d; at most %d can be ordered", len(o.Axes), tensor.FormatBatch(x), len(x), maxAxes)
	}
	y, seen := make([]int, len(x)), make([]bool, len(x))
	for i, a := range o.Axes {
		if a < 0 || a >= len(x) || seen[a] {
			return nil, tensor.Errorf(tensor.CodeOption, "an order must name each of the axes 1 to %d once", len(x))
		}
		y[i], seen[a] = x[a], true
	}
	return y, nil
}

func (Permute) BackwardReads() (in, out bool) { return false, false }

func (o Permute) Forward(c *Call) {
	w := o.walk(c)
	for i := 0; i < len(c.Out); i += w.count {
		w.gather(c.Out[i:i+w.count], c.In[0][i:i+w.count])
	}
}

func (o Permute) Backward(c *Call) {
	if c.DIn[0] == nil {
		return
	}
	w := o.walk(c)
	for i := 0; i < len(c.DOut); i += w.count {
		w.scatter(c.DIn[0][i:i+w.count], c.DOut[i:i+w.count])
	}
}

// A permutation walks over y in order: how long its axes are, and how far apart their
// values lie in x.
type permutation struct {
	axes, count int
	length      [maxAxes]int
	stride      [maxAxes]int
}

func (o Permute) walk(c *Call) permutation {
	w := permutation{axes: len(o.Axes), count: size(c.OutShape)}
	for i, a := range o.Axes {
		w.length[i] = c.OutShape[i]
		w.stride[i] = size(c.InShape[0][a+1:])
	}
	return w
}

// next moves index, of all axes but the last, to the next row of y and returns where it
// begins in x.
func (w *permutation) next(index *[maxAxes]int, at int) int {
	for i := w.axes - 2; i >= 0; i-- {
		index[i]++
		at += w.stride[i]
		if index[i] < w.length[i] {
			break
		}
		at -= w.length[i] * w.stride[i]
		index[i] = 0
	}
	return at
}

func (w *permutation) gather(y, x []float32) {
	n, step := w.length[w.axes-1], w.stride[w.axes-1]
	var index [maxAxes]int
	for i, at := 0, 0; i < len(y); i, at = i+n, w.next(&index, at) {
		if step == 1 {
			copy(y[i:i+n], x[at:])
			continue
		}
		for k, from := 0, at; k < n; k, from = k+1, from+step {
			y[i+k] = x[from]
		}
	}
}

func (w *permutation) scatter(x, y []float32) {
	n, step := w.length[w.axes-1], w.stride[w.axes-1]
	var index [maxAxes]int
	for i, at := 0, 0; i < len(y); i, at = i+n, w.next(&index, at) {
		if step == 1 {
			copy(x[at:at+n], y[i:])
			continue
		}
		for k, to := 0, at; k < n; k, to = k+1, to+step {
			x[to] = y[i+k]
		}
	}
}
