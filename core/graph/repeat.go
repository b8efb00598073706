package graph

import (
	"github.com/terrarium-ml/terrarium/core/internal/kernel"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// Repeat writes each row Times times, along a new first axis:
//
//	x [..]  →  y [times, ..]
//
// Backward: dx is the sum of dy over that axis, by C1's rule for sums over an outer axis.
type Repeat struct{ Times int }

var (
	_ Op             = Repeat{}
	_ BackwardReader = Repeat{}
)

func (o Repeat) Infer(in [][]int) ([]int, *tensor.Error) {
	return append([]int{o.Times}, in[0]...), nil
}

func (Repeat) BackwardReads() (in, out bool) { return false, false }

func (o Repeat) Forward(c *Call) {
	n := size(c.InShape[0])
	for i := 0; i < len(c.Out); i += n {
		from := i / n / o.Times * n
		copy(c.Out[i:i+n], c.In[0][from:])
	}
}

func (o Repeat) Backward(c *Call) {
	n := size(c.InShape[0])
	for i := 0; i < len(c.DIn[0]); i += n {
		kernel.ColSums(o.Times, n, c.DOut[i*o.Times:], n, c.DIn[0][i:i+n], false)
	}
}
