package graph

import (
	"github.com/terrarium-ml/terrarium/core/internal/kernel"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// SimpleRNN is the fully connected recurrent network (Elman, 1990); for each step
//
//	h = act(x·kernel + h·recurrent + bias)
//
// It has no gates: Gate is not used.
type SimpleRNN struct{ Recurrence }

var (
	_ Op        = SimpleRNN{}
	_ Memoriser = SimpleRNN{}
	_ Scratcher = SimpleRNN{}
	_ Coster    = SimpleRNN{}
)

func (o SimpleRNN) Infer(in [][]int) ([]int, *tensor.Error) { return o.infer(in, 1, 1) }
func (o SimpleRNN) Cost(in [][]int, _ []int) int            { return o.cost(in) }
func (o SimpleRNN) ScratchSize(in [][]int, _ []int) int     { return size(in[inRecurrent]) }
func (o SimpleRNN) AuxPerRow(in [][]int, _ []int) int       { return o.memory(in) }

func (o SimpleRNN) Forward(c *Call) {
	s := o.lay(c)
	if s.begin(o.bias(c)) {
		return
	}
	for step := range s.steps {
		a, h := s.at(s.a, step, s.units), s.at(s.h, step+1, s.units)
		kernel.GemmNN(c.scratch(), s.rows, s.units, s.units, s.state(step), s.units, c.In[inRecurrent], s.units, nil, a, s.units, true)
		kernel.Activate(o.Act.Kind, o.Act.Alpha, h, a)
		s.carry(step, s.h)
		if c.Pause(s.stepFlops()) {
			return
		}
	}
	s.end()
}

// Backward, for each step from the last:
//
//	da = dh·act'(a)    dh = da·recurrentᵀ
func (o SimpleRNN) Backward(c *Call) {
	s := o.lay(c)
	s.beginBack()
	transposed := s.transpose()
	for step := s.steps - 1; step >= 0; step-- {
		s.arrive(step)
		a := s.at(s.a, step, s.units)
		kernel.ActivateGrad(o.Act.Kind, o.Act.Alpha, a, s.dh, a, s.at(s.h, step+1, s.units))
		s.forget(step, a, s.units, false)
		s.forget(step, s.dh, s.units, true)
		s.leave(a, transposed)
		if c.Pause(s.stepFlops()) {
			return
		}
	}
	if du := c.DIn[inRecurrent]; du != nil && s.weigh(s.units, s.units, s.states(), s.units, s.a, s.units, du, s.units) {
		return
	}
	s.endBack()
}
