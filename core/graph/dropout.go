package graph

import (
	"github.com/terrarium-ml/terrarium/core/internal/kernel"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// Dropout sets each element to zero with probability Rate while training, and
// multiplies the others by 1/(1−Rate), so that the expectation stays (Srivastava
// et al., 2014, in the "inverted" form). At inference it does nothing.
//
// The mask of a step comes from the stream (Purpose, layer, epoch, step): repeating the
// step repeats the mask. A layer that drops out more than once gives each its own
// Purpose; "" is "dropout".
type Dropout struct {
	Rate    float32
	Purpose string
}

var (
	_ Op        = Dropout{}
	_ InPlacer  = Dropout{}
	_ Memoriser = Dropout{}
)

func (Dropout) Infer(in [][]int) ([]int, *tensor.Error) { return in[0], nil }
func (Dropout) InPlace() bool                           { return true }
func (Dropout) BackwardReads() (in, out bool)           { return false, false }
func (Dropout) AuxPerRow(_ [][]int, out []int) int      { return size(out) }

func (d Dropout) Forward(c *Call) {
	if !c.Training || d.Rate == 0 {
		copyIfApart(c.Out, c.In[0])
		return
	}
	purpose := d.Purpose
	if purpose == "" {
		purpose = "dropout"
	}
	kernel.DropoutMask(c.Aux, c.Rand(purpose), d.Rate)
	kernel.Mul(c.Out, c.In[0], c.Aux)
}

// Backward: dx = dy·mask.
func (d Dropout) Backward(c *Call) {
	switch {
	case c.DIn[0] == nil:
	case !c.Training || d.Rate == 0:
		copyIfApart(c.DIn[0], c.DOut)
	default:
		kernel.Mul(c.DIn[0], c.DOut, c.Aux)
	}
}

// copyIfApart copies src to dst unless the plan laid them on top of each other.
func copyIfApart(dst, src []float32) {
	if &dst[0] != &src[0] {
		copy(dst, src)
	}
}
