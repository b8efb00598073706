package graph

import (
	"github.com/terrarium-ml/terrarium/core/internal/kernel"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// Reverse turns the first axis of a row, time, around: [time, …].
//
// Backward: so does the gradient.
type Reverse struct{}

var (
	_ Op             = Reverse{}
	_ BackwardReader = Reverse{}
)

func (Reverse) Infer(in [][]int) ([]int, *tensor.Error) {
	if len(in[0]) == 0 {
		return nil, tensor.Errorf(tensor.CodeShape, "want an input [batch, time, …], got [batch]")
	}
	return in[0], nil
}

func (Reverse) BackwardReads() (in, out bool) { return false, false }

func (Reverse) Forward(c *Call) { reverse(c.Out, c.In[0], c.OutShape) }

func (Reverse) Backward(c *Call) {
	if c.DIn[0] != nil {
		reverse(c.DIn[0], c.DOut, c.OutShape)
	}
}

func reverse(dst, src []float32, shape []int) {
	steps := shape[0]
	n := size(shape) / steps
	for row := 0; row < len(dst); row += steps * n {
		for t := range steps {
			copy(dst[row+t*n:][:n], src[row+(steps-1-t)*n:])
		}
	}
}

// A Merging is a way to make one of two values.
type Merging uint8

const (
	MergeConcat Merging = iota // side by side along the last axis
	MergeSum                   // f + b
	MergeMul                   // f·b
	MergeAve                   // (f + b)/2
)

// Directions merges what a recurrent network read forwards, f, with what another read
// backwards, b. Whole sequences [time, u] are put in one order first: step t of f meets
// step time−1−t of b. Last states [u] meet as they are.
//
// Backward, with u the width of f: concat df = dy[:u], db = dy[u:]; sum df = db = dy;
// mul df = dy·b, db = dy·f; ave df = db = dy/2.
type Directions struct{ Merge Merging }

var (
	_ Op             = Directions{}
	_ BackwardReader = Directions{}
)

func (o Directions) Infer(in [][]int) ([]int, *tensor.Error) {
	f, b := in[0], in[1]
	if !tensor.SameShape(f, b) || len(f) < 1 || len(f) > 2 {
		return nil, tensor.Errorf(tensor.CodeShape, "want two inputs [batch, units] or [batch, time, units], got %s and %s", tensor.FormatBatch(f), tensor.FormatBatch(b))
	}
	out := append([]int{}, f...)
	if o.Merge == MergeConcat {
		out[len(out)-1] *= 2
	}
	return out, nil
}

func (o Directions) BackwardReads() (in, out bool) { return o.Merge == MergeMul, false }

// rowsOfDirections returns the number of steps of a row, 1 for a last state, and their
// width.
func rowsOfDirections(c *Call) (steps, u int) {
	shape := c.InShape[0]
	u = shape[len(shape)-1]
	return size(shape) / u, u
}

func (o Directions) Forward(c *Call) {
	steps, u := rowsOfDirections(c)
	wide := c.OutShape[len(c.OutShape)-1]
	for i := range len(c.In[0]) / u {
		f, b := c.In[0][i*u:], c.In[1][turned(i, steps)*u:]
		y := c.Out[i*wide : (i+1)*wide]
		switch o.Merge {
		case MergeConcat:
			copy(y[:u], f)
			copy(y[u:], b)
		case MergeSum:
			kernel.Add(y, f, b)
		case MergeMul:
			kernel.Mul(y, f, b)
		case MergeAve:
			kernel.Add(y, f, b)
			kernel.Scale(y, y, 0.5)
		}
	}
}

func (o Directions) Backward(c *Call) {
	steps, u := rowsOfDirections(c)
	wide := c.OutShape[len(c.OutShape)-1]
	for i := range len(c.In[0]) / u {
		j := turned(i, steps)
		dy := c.DOut[i*wide : (i+1)*wide]
		o.backward(c.DIn[0], i*u, u, dy[:u], c.In[1][j*u:])
		o.backward(c.DIn[1], j*u, u, dy[wide-u:], c.In[0][i*u:])
	}
}

// backward computes u values from at on of one input's gradient.
func (o Directions) backward(d []float32, at, u int, dy, other []float32) {
	if d == nil {
		return
	}
	d = d[at : at+u]
	switch o.Merge {
	case MergeConcat, MergeSum:
		copy(d, dy)
	case MergeMul:
		kernel.Mul(d, dy, other)
	case MergeAve:
		kernel.Scale(d, dy, 0.5)
	}
}

// turned is the place of step i of all rows' steps when every row is turned around.
func turned(i, steps int) int { return i - i%steps + steps - 1 - i%steps }
