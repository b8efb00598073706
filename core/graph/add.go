package graph

import (
	"github.com/terrarium-ml/terrarium/core/internal/kernel"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// Add is the sum of two values of the same shape.
//
// Backward: each input's gradient is dy.
type Add struct{}

var _ Op = Add{}

func (Add) Infer(in [][]int) ([]int, *tensor.Error) {
	if !tensor.SameShape(in[0], in[1]) {
		return nil, tensor.Errorf(tensor.CodeShape, "want two inputs of the same shape, got %s and %s",
			tensor.FormatBatch(in[0]), tensor.FormatBatch(in[1]))
	}
	return in[0], nil
}

func (Add) BackwardReads() (in, out bool) { return false, false }

func (Add) Forward(c *Call) { kernel.Add(c.Out, c.In[0], c.In[1]) }

func (Add) Backward(c *Call) {
	for _, d := range c.DIn {
		if d != nil {
			copy(d, c.DOut)
		}
	}
}
