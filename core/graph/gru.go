package graph

import (
	"github.com/terrarium-ml/terrarium/core/internal/kernel"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// GRU is the gated recurrent unit (Cho et al., 2014). Its blocks stand in the order z
// (update), r (reset), y (the candidate); for each step
//
//	z = gate(x·W_z + h·U_z + b_z)    r = gate(x·W_r + h·U_r + b_r)
//	y = act(x·W_y + (r·h)·U_y + b_y)    h = z·h + (1−z)·y
//
// With ResetAfter, the reset gate works behind the product: y = act(x·W_y + b_y +
// r·(h·U_y + b'_y)), and bias is [2, 3u]: b, and b' which is added to h·U.
type GRU struct {
	Recurrence
	ResetAfter bool
}

var (
	_ Op        = GRU{}
	_ Memoriser = GRU{}
	_ Scratcher = GRU{}
	_ Coster    = GRU{}
)

const gruGates = 3

func (o GRU) Infer(in [][]int) ([]int, *tensor.Error) { return o.infer(in, gruGates, 1) }
func (o GRU) Cost(in [][]int, _ []int) int            { return o.cost(in) }
func (o GRU) ScratchSize(in [][]int, _ []int) int     { return size(in[inRecurrent]) }

func (o GRU) AuxPerRow(in [][]int, _ []int) int {
	steps, units := in[inX][0], in[inRecurrent][0]
	n := o.memory(in) + steps*units + units
	if o.cell().NeedsInput() {
		n += steps * gruGates * units
	}
	return n
}

// gruSequence is a GRU at work.
type gruSequence struct {
	sequence
	m    []float32 // [steps, rows, units]: r·h, or with ResetAfter h·U_y + b'_y
	back []float32 // [rows, units]: the gradient of r·h
	pre  []float32 // [steps, rows, columns], or nil
}

func (o GRU) lay(c *Call) gruSequence {
	s := gruSequence{sequence: o.Recurrence.lay(c)}
	s.m = s.take(s.steps * s.units)
	s.back = s.take(s.units)
	if o.cell().NeedsInput() {
		s.pre = s.take(s.steps * s.columns)
	}
	return s
}

func (o GRU) Forward(c *Call) {
	s := o.lay(c)
	if s.begin(o.bias(c)) {
		return
	}
	u, ws := c.In[inRecurrent], c.scratch()
	var inner []float32 // b'
	if o.Bias && o.ResetAfter {
		inner = c.In[inBias][s.columns:]
	}
	for step := range s.steps {
		a, h, m := s.at(s.a, step, s.columns), s.state(step), s.at(s.m, step, s.units)
		kernel.GemmNN(ws, s.rows, 2*s.units, s.units, h, s.units, u, s.columns, inner, a, s.columns, true)
		if o.ResetAfter {
			kernel.GemmNN(ws, s.rows, s.units, s.units, h, s.units, u[2*s.units:], s.columns, tail(inner, 2*s.units), m, s.units, false)
		}
		o.gates(&s, step, h)
		if !o.ResetAfter {
			kernel.GemmNN(ws, s.rows, s.units, s.units, m, s.units, u[2*s.units:], s.columns, nil, a[2*s.units:], s.columns, true)
		}
		for from, to := s.run(step, 0); from < to; from, to = s.run(step, to) {
			k := s.span(step, from, to)
			kernel.GRU(o.cell(), to-from, s.units, k.a, k.pre, o.behind(k.m), k.h, k.next)
		}
		s.carry(step, s.h)
		if c.Pause(s.stepFlops()) {
			return
		}
	}
	s.end()
}

// gates computes z and r of a step and, unless the reset gate works behind the product,
// m. Rows that the step does not count in get an m that multiplies nothing.
func (o GRU) gates(s *gruSequence, step int, h []float32) {
	for from, to := s.run(step, 0); from < to; from, to = s.run(step, to) {
		k := s.span(step, from, to)
		m := k.m
		if o.ResetAfter {
			m = nil
		}
		kernel.GRUGates(o.cell(), to-from, s.units, k.a, k.pre, h[from*s.units:to*s.units], m)
	}
	if !o.ResetAfter {
		s.forget(step, s.at(s.m, step, s.units), s.units, false)
	}
}

// behind is m where the reset gate works behind the product, else nil.
func (o GRU) behind(m []float32) []float32 {
	if o.ResetAfter {
		return m
	}
	return nil
}

func tail(s []float32, from int) []float32 {
	if s == nil {
		return nil
	}
	return s[from:]
}

// gruSpan are rows of a step.
type gruSpan struct{ a, pre, m, h, next []float32 }

func (s *gruSequence) span(step, from, to int) gruSpan {
	cut := func(memory []float32, step, wide int) []float32 {
		return s.at(memory, step, wide)[from*wide : to*wide]
	}
	k := gruSpan{a: cut(s.a, step, s.columns), m: cut(s.m, step, s.units), h: cut(s.h, step, s.units), next: cut(s.h, step+1, s.units)}
	if s.pre != nil {
		k.pre = cut(s.pre, step, s.columns)
	}
	return k
}

// Backward goes over the steps from the last one; see kernel.GRUGrad and GRUResetGrad
// for one of them. dh is z·dh and what comes through the recurrent kernel, in the order
// of the gates' blocks.
func (o GRU) Backward(c *Call) {
	s := o.lay(c)
	s.beginBack()
	ws, transposed := c.scratch(), s.transpose()
	candidate := transposed[2*s.units*s.units:] // U_yᵀ
	for step := s.steps - 1; step >= 0; step-- {
		s.arrive(step)
		a, m := s.at(s.a, step, s.columns), s.at(s.m, step, s.units)
		for from, to := s.run(step, 0); from < to; from, to = s.run(step, to) {
			k := s.span(step, from, to)
			kernel.GRUGrad(o.cell(), to-from, s.units, k.a, k.pre, o.behind(k.m), k.h, s.dh[from*s.units:to*s.units])
		}
		s.forget(step, a, s.columns, false)
		through := s.dh
		if s.dropState != nil {
			through = s.through
			clear(through)
		}
		h := s.at(s.states(), step, s.units)
		if o.ResetAfter {
			s.forget(step, m, s.units, false)
		} else {
			kernel.GemmNN(ws, s.rows, s.units, s.units, a[2*s.units:], s.columns, candidate, s.units, nil, s.back, s.units, false)
			for from, to := s.run(step, 0); from < to; from, to = s.run(step, to) {
				k := s.span(step, from, to)
				kernel.GRUResetGrad(o.cell(), to-from, s.units, k.a, k.pre, h[from*s.units:to*s.units], s.back[from*s.units:to*s.units], through[from*s.units:to*s.units])
			}
		}
		kernel.GemmNN(ws, s.rows, s.units, 2*s.units, a, s.columns, transposed, s.units, nil, through, s.units, true)
		if o.ResetAfter {
			kernel.GemmNN(ws, s.rows, s.units, s.units, m, s.units, candidate, s.units, nil, through, s.units, true)
		}
		if s.dropState != nil {
			s.arriveDropped()
		}
		if c.Pause(s.stepFlops()) {
			return
		}
	}
	if o.weights(&s) {
		return
	}
	s.endBack()
}

// weights computes the gradients of the recurrent kernel, whose candidate's block has a
// factor of its own, and of b'.
func (o GRU) weights(s *gruSequence) (stop bool) {
	c, gates := s.call, 2*s.units
	if du := c.DIn[inRecurrent]; du != nil {
		if s.weigh(s.units, gates, s.states(), s.units, s.a, s.columns, du, s.columns) {
			return true
		}
		left, right, wide := s.states(), s.m, s.units
		if !o.ResetAfter {
			left, right, wide = s.m, s.a[gates:], s.columns
		}
		if s.weigh(s.units, s.units, left, s.units, right, wide, du[gates:], s.columns) {
			return true
		}
	}
	if o.Bias && o.ResetAfter && c.DIn[inBias] != nil {
		inner, all := c.DIn[inBias][s.columns:], s.steps*s.rows
		kernel.ColSums(all, gates, s.a, s.columns, inner[:gates], false)
		kernel.ColSums(all, s.units, s.m, s.units, inner[gates:s.columns], false)
	}
	return false
}
