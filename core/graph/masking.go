package graph

import (
	"github.com/terrarium-ml/terrarium/core/internal/kernel"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// StepMask is 1 for each step of time in which any value differs from Padding, and 0
// for the others.
//
//	x [time, …]  →  mask [time]
//
// It has no gradient.
type StepMask struct{ Padding float32 }

var (
	_ Op             = StepMask{}
	_ BackwardReader = StepMask{}
)

func (StepMask) Infer(in [][]int) ([]int, *tensor.Error) {
	if len(in[0]) == 0 {
		return nil, tensor.Errorf(tensor.CodeShape, "want input [batch, time, …] to find padded steps in, got [batch]")
	}
	return in[0][:1], nil
}

func (StepMask) BackwardReads() (in, out bool) { return false, false }

func (o StepMask) Forward(c *Call) {
	n := len(c.In[0]) / len(c.Out)
	for i := range c.Out {
		c.Out[i] = 0
		for _, v := range c.In[0][i*n : i*n+n] {
			if v != o.Padding {
				c.Out[i] = 1
				break
			}
		}
	}
}

func (StepMask) Backward(c *Call) {
	if c.DIn[0] != nil {
		kernel.Fill(c.DIn[0], 0)
	}
}

// HideSteps makes the steps of time zero whose mask is 0.
//
//	x [time, …]  mask [time]  →  y [time, …]
//
// Backward: dx is dy where the mask is not 0, else 0.
type HideSteps struct{}

var (
	_ Op             = HideSteps{}
	_ InPlacer       = HideSteps{}
	_ BackwardReader = HideSteps{}
)

func (HideSteps) Infer(in [][]int) ([]int, *tensor.Error) {
	if len(in[0]) == 0 || len(in[1]) != 1 || in[0][0] != in[1][0] {
		return nil, tensor.Errorf(tensor.CodeShape, "want input [batch, time, …] and a mask [batch, time], got %s and %s",
			tensor.FormatBatch(in[0]), tensor.FormatBatch(in[1]))
	}
	return in[0], nil
}

func (HideSteps) InPlace() bool                 { return true }
func (HideSteps) BackwardReads() (in, out bool) { return true, false }
func (HideSteps) Forward(c *Call)               { hideSteps(c.Out, c.In[0], c.In[1]) }

func (HideSteps) Backward(c *Call) {
	if c.DIn[1] != nil {
		kernel.Fill(c.DIn[1], 0)
	}
	if c.DIn[0] != nil {
		hideSteps(c.DIn[0], c.DOut, c.In[1])
	}
}

// hideSteps copies src to dst, except for the steps that are hidden.
func hideSteps(dst, src, mask []float32) {
	copyIfApart(dst, src)
	n := len(dst) / len(mask)
	for i, m := range mask {
		if m == 0 {
			kernel.Fill(dst[i*n:i*n+n], 0)
		}
	}
}
