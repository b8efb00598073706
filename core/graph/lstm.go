package graph

import (
	"github.com/terrarium-ml/terrarium/core/internal/kernel"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// LSTM is the long short-term memory (Hochreiter, Schmidhuber, 1997; Gers et al., 2000).
// Its gates' blocks stand in the order i, f, g (the candidate), o; for each step
//
//	[aᵢ a_f a_g aₒ] = x·kernel + h·recurrent + bias
//	c = gate(a_f)·c + gate(aᵢ)·act(a_g)    h = gate(aₒ)·act(c)
//
// With CellState the last c stands behind the result, which is then one row of numbers:
// [time·u + u], or [2u].
type LSTM struct {
	Recurrence
	CellState bool
}

var (
	_ Op        = LSTM{}
	_ Memoriser = LSTM{}
	_ Scratcher = LSTM{}
	_ Coster    = LSTM{}
)

const lstmGates = 4

func (o LSTM) Infer(in [][]int) ([]int, *tensor.Error) {
	out, err := o.infer(in, lstmGates, 2)
	if err == nil && o.CellState {
		out = []int{size(out) + in[inRecurrent][0]}
	}
	return out, err
}

func (o LSTM) Cost(in [][]int, _ []int) int        { return o.cost(in) }
func (o LSTM) ScratchSize(in [][]int, _ []int) int { return size(in[inRecurrent]) }

func (o LSTM) AuxPerRow(in [][]int, _ []int) int {
	steps, units := in[inX][0], in[inRecurrent][0]
	n := o.memory(in) + steps*2*units + 2*units
	if o.cell().NeedsInput() {
		n += steps * lstmGates * units
	}
	return n
}

// lstmSequence is an LSTM at work.
type lstmSequence struct {
	sequence
	cells []float32 // [steps+1, rows, units]: c
	t     []float32 // [steps, rows, units]: act(c)
	dc    []float32 // [rows, units]
	pre   []float32 // [steps, rows, columns], or nil
}

func (o LSTM) lay(c *Call) lstmSequence {
	s := lstmSequence{sequence: o.Recurrence.lay(c)}
	s.cells = s.take((s.steps + 1) * s.units)
	s.t = s.take(s.steps * s.units)
	s.dc = s.take(s.units)
	if o.cell().NeedsInput() {
		s.pre = s.take(s.steps * s.columns)
	}
	return s
}

func (o LSTM) Forward(c *Call) {
	s := o.lay(c)
	if s.begin(o.bias(c)) {
		return
	}
	s.initial(1, s.cells)
	for step := range s.steps {
		a := s.at(s.a, step, s.columns)
		kernel.GemmNN(c.scratch(), s.rows, s.columns, s.units, s.state(step), s.units, c.In[inRecurrent], s.columns, nil, a, s.columns, true)
		for from, to := s.run(step, 0); from < to; from, to = s.run(step, to) {
			m := s.span(step, from, to)
			kernel.LSTM(o.cell(), to-from, s.units, m.a, m.pre, m.before, m.c, m.t, m.h)
		}
		s.carry(step, s.h)
		s.carry(step, s.cells)
		if c.Pause(s.stepFlops()) {
			return
		}
	}
	s.end()
	if o.CellState {
		wide := len(c.Out) / s.rows
		for row := range s.rows {
			copy(c.Out[(row+1)*wide-s.units:][:s.units], s.cells[(s.steps*s.rows+row)*s.units:])
		}
	}
}

// lstmSpan are rows of a step.
type lstmSpan struct{ a, pre, before, c, t, h []float32 }

func (s *lstmSequence) span(step, from, to int) lstmSpan {
	cut := func(memory []float32, step, wide int) []float32 {
		return s.at(memory, step, wide)[from*wide : to*wide]
	}
	m := lstmSpan{a: cut(s.a, step, s.columns), before: cut(s.cells, step, s.units), c: cut(s.cells, step+1, s.units),
		t: cut(s.t, step, s.units), h: cut(s.h, step+1, s.units)}
	if s.pre != nil {
		m.pre = cut(s.pre, step, s.columns)
	}
	return m
}

// Backward goes over the steps from the last one; see kernel.LSTMGrad for one of them.
// Then, with da the gradients of all arguments,
//
//	dh = da·recurrentᵀ    d recurrent = Σ hᵀ·da    d kernel = Σ xᵀ·da    dx = da·kernelᵀ
func (o LSTM) Backward(c *Call) {
	s := o.lay(c)
	s.beginBack()
	if o.CellState {
		s.fromOut(s.dc, len(c.DOut)/s.rows-s.units)
	} else {
		clear(s.dc)
	}
	transposed := s.transpose()
	for step := s.steps - 1; step >= 0; step-- {
		s.arrive(step)
		a := s.at(s.a, step, s.columns)
		for from, to := s.run(step, 0); from < to; from, to = s.run(step, to) {
			m := s.span(step, from, to)
			kernel.LSTMGrad(o.cell(), to-from, s.units, m.a, m.pre, m.before, m.c, m.t, s.dh[from*s.units:to*s.units], s.dc[from*s.units:to*s.units])
		}
		s.forget(step, a, s.columns, false)
		s.forget(step, s.dh, s.units, true)
		s.leave(a, transposed)
		if c.Pause(s.stepFlops()) {
			return
		}
	}
	if du := c.DIn[inRecurrent]; du != nil && s.weigh(s.units, s.columns, s.states(), s.units, s.a, s.columns, du, s.columns) {
		return
	}
	if o.Initial && c.DIn[o.initialAt()+1] != nil {
		copy(c.DIn[o.initialAt()+1], s.dc)
	}
	s.endBack()
}
