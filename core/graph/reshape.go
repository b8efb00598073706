package graph

import (
	"github.com/terrarium-ml/terrarium/core/internal/kernel"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// Reshape gives a row another shape with the same number of values, in the same
// order.
type Reshape struct{ Shape []int }

var (
	_ Op       = Reshape{}
	_ InPlacer = Reshape{}
	_ Recorder = Reshape{}
)

func (r Reshape) Infer(in [][]int) ([]int, *tensor.Error) {
	if size(r.Shape) != size(in[0]) {
		return nil, tensor.Errorf(tensor.CodeShape, "cannot reshape %s to %s: %d values, want %d",
			tensor.FormatBatch(in[0]), tensor.FormatBatch(r.Shape), size(in[0]), size(r.Shape))
	}
	return r.Shape, nil
}

func (Reshape) InPlace() bool                 { return true }
func (Reshape) View()                         {}
func (Reshape) BackwardReads() (in, out bool) { return false, false }
func (Reshape) Forward(c *Call)               { copyIfApart(c.Out, c.In[0]) }
func (Reshape) Backward(c *Call) {
	if c.DIn[0] != nil {
		copyIfApart(c.DIn[0], c.DOut)
	}
}

// Nothing is to be done where both lie in one place.
func (Reshape) RecordForward(c *Call, _ *kernel.Program) bool { return &c.Out[0] == &c.In[0][0] }
func (Reshape) RecordBackward(c *Call, _ *kernel.Program) bool {
	return c.DIn[0] == nil || &c.DIn[0][0] == &c.DOut[0]
}
