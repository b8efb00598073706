package graph

import (
	"github.com/terrarium-ml/terrarium/core/internal/kernel"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// ActivityPenalty is the penalty on what a layer gives: L1·Σ|y| + L2·Σy² over all
// values of a row.
//
//	y [..]  →  penalty [], a number a row
//
// Training adds the mean over the batch's rows to the loss. That is Keras's rule, which
// divides the sum by the batch's size; TensorFlow.js refuses activity regularizers.
//
// Backward: dy = dpenalty·(L1·sign y + 2·L2·y), sign 0 = 0.
type ActivityPenalty struct{ L1, L2 float32 }

var (
	_ Op             = ActivityPenalty{}
	_ BackwardReader = ActivityPenalty{}
	_ Coster         = ActivityPenalty{}
)

func (ActivityPenalty) Infer([][]int) ([]int, *tensor.Error) { return []int{}, nil }

func (ActivityPenalty) Cost(in [][]int, _ []int) int { return 4 * size(in[0]) }

func (ActivityPenalty) BackwardReads() (in, out bool) { return true, false }

func (p ActivityPenalty) Forward(c *Call) {
	kernel.Penalties(len(c.Out), size(c.InShape[0]), c.Out, c.In[0], p.L1, p.L2)
}

func (p ActivityPenalty) Backward(c *Call) {
	if c.DIn[0] != nil {
		kernel.PenaltiesGrad(len(c.Out), size(c.InShape[0]), c.DIn[0], c.In[0], c.DOut, p.L1, p.L2)
	}
}

// AddPenalty makes v, a number a row, a part of what training lowers: the mean over
// the batch's rows is added to the loss. Sample weights do not reach it.
func (g *Graph) AddPenalty(v Value) { g.penalties = append(g.penalties, v) }

// Penalties returns what AddPenalty was given, in that order.
func (g *Graph) Penalties() []Value { return g.penalties }
