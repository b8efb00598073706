package graph

import (
	"github.com/terrarium-ml/terrarium/core/internal/kernel"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// Slice cuts out of each row the values from From on, as many as Shape has.
//
// Backward: dx = dy there, and 0 elsewhere.
type Slice struct {
	From  int
	Shape []int
}

var (
	_ Op             = Slice{}
	_ BackwardReader = Slice{}
)

func (o Slice) Infer(in [][]int) ([]int, *tensor.Error) {
	if n := size(in[0]); o.From < 0 || o.From+size(o.Shape) > n {
		return nil, tensor.Errorf(tensor.CodeShape, "cannot cut values %d to %d out of %s, which has %d", o.From, o.From+size(o.Shape), tensor.FormatBatch(in[0]), n)
	}
	return o.Shape, nil
}

func (Slice) BackwardReads() (in, out bool) { return false, false }

func (o Slice) Forward(c *Call) {
	n, whole := size(o.Shape), size(c.InShape[0])
	for i, at := 0, o.From; i < len(c.Out); i, at = i+n, at+whole {
		copy(c.Out[i:i+n], c.In[0][at:])
	}
}

func (o Slice) Backward(c *Call) {
	dx := c.DIn[0]
	if dx == nil {
		return
	}
	kernel.Fill(dx, 0)
	n, whole := size(o.Shape), size(c.InShape[0])
	for i, at := 0, o.From; i < len(c.DOut); i, at = i+n, at+whole {
		copy(dx[at:], c.DOut[i:i+n])
	}
}

// Stack puts values of one shape behind each other, along a new first axis: of k values
// [a, b] it makes [k, a, b].
//
// Backward: each gets its part of dy.
type Stack struct{}

var (
	_ Op             = Stack{}
	_ BackwardReader = Stack{}
)

func (Stack) Infer(in [][]int) ([]int, *tensor.Error) {
	for _, s := range in[1:] {
		if !tensor.SameShape(s, in[0]) {
			return nil, tensor.Errorf(tensor.CodeShape, "want inputs of the same shape, got %s and %s", tensor.FormatBatch(in[0]), tensor.FormatBatch(s))
		}
	}
	return append([]int{len(in)}, in[0]...), nil
}

func (Stack) BackwardReads() (in, out bool) { return false, false }

func (Stack) Forward(c *Call) {
	n, whole := size(c.InShape[0]), size(c.OutShape)
	for k, x := range c.In {
		for i, at := 0, k*n; i < len(x); i, at = i+n, at+whole {
			copy(c.Out[at:], x[i:i+n])
		}
	}
}

func (Stack) Backward(c *Call) {
	n, whole := size(c.InShape[0]), size(c.OutShape)
	for k, dx := range c.DIn {
		for i, at := 0, k*n; i < len(dx); i, at = i+n, at+whole {
			copy(dx[i:i+n], c.DOut[at:])
		}
	}
}
