package graph

import "github.com/terrarium-ml/terrarium/core/tensor"

// Concat puts values behind each other along an axis of the row (0 is the first one
// behind the batch); their other axes are alike:
//
//	x0 [a, n0, b]  x1 [a, n1, b]  …  →  y [a, n0 + n1 + …, b]
//
// Backward: each input gets its part of dy.
type Concat struct{ Axis int }

var (
	_ Op             = Concat{}
	_ BackwardReader = Concat{}
)

func (o Concat) Infer(in [][]int) ([]int, *tensor.Error) {
	y := append([]int{}, in[0]...)
	if o.Axis < 0 || o.Axis >= len(y) {
		return nil, tensor.Errorf(tensor.CodeShape, "axis %d is not one of %s; want one from 1 to %d", o.Axis+1, tensor.FormatBatch(y), len(y))
	}
	for _, x := range in[1:] {
		fits := len(x) == len(y)
		for i := range y {
			fits = fits && (i == o.Axis || x[i] == y[i])
		}
		if !fits {
			return nil, tensor.Errorf(tensor.CodeShape, "want inputs that differ along axis %d only, got %s and %s",
				o.Axis+1, tensor.FormatBatch(in[0]), tensor.FormatBatch(x))
		}
		y[o.Axis] += x[o.Axis]
	}
	return y, nil
}

func (Concat) BackwardReads() (in, out bool) { return false, false }

func (o Concat) Forward(c *Call) {
	whole, at := size(c.OutShape[o.Axis:]), 0
	for i, x := range c.In {
		part := size(c.InShape[i][o.Axis:])
		for from, to := 0, at; from < len(x); from, to = from+part, to+whole {
			copy(c.Out[to:to+part], x[from:])
		}
		at += part
	}
}

func (o Concat) Backward(c *Call) {
	whole, at := size(c.OutShape[o.Axis:]), 0
	for i, d := range c.DIn {
		part := size(c.InShape[i][o.Axis:])
		for to, from := 0, at; to < len(d); to, from = to+part, from+whole {
			copy(d[to:to+part], c.DOut[from:])
		}
		at += part
	}
}
