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
