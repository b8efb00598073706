package graph

import (
	"github.com/terrarium-ml/terrarium/core/internal/kernel"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// SmoothLabels takes a share of certainty out of targets: t·(1−Smoothing) +
// Smoothing/Classes (Szegedy et al., 2016). Classes is 2 for targets of a binary
// loss. It stands between targets and any loss, the fused ones as well.
//
// Backward: dt = dy·(1−Smoothing).
type SmoothLabels struct {
	Smoothing float64 // 0 … 1
	Classes   int
}

var (
	_ Op             = SmoothLabels{}
	_ BackwardReader = SmoothLabels{}
)

func (SmoothLabels) Infer(in [][]int) ([]int, *tensor.Error) { return in[0], nil }

func (SmoothLabels) BackwardReads() (in, out bool) { return false, false }

func (s SmoothLabels) Forward(c *Call) {
	kernel.ScaleShift(c.Out, c.In[0], float32(1-s.Smoothing), float32(s.Smoothing/float64(s.Classes)))
}

func (s SmoothLabels) Backward(c *Call) {
	if c.DIn[0] != nil {
		kernel.Scale(c.DIn[0], c.DOut, float32(1-s.Smoothing))
	}
}
