package codegen

import (
	"github.com/terrarium-ml/terrarium/core/graph"
	"github.com/terrarium-ml/terrarium/core/internal/wasmgen"
)

// A recurrence is a recurrent operation while it is written. The inputs of all steps are
// multiplied by the kernel in one product; then each step adds the product of the state
// with the recurrent kernel, and a cell makes the next state of it.
//
// Scratch memory, for rows samples: arguments [rows, steps, columns], the state h [rows,
// units], and [rows, units] more that an LSTM keeps its cells in and a GRU what the reset
// gate works on.
type recurrence struct {
	graph.Recurrence
	c        *compiler
	n        *graph.Node
	features int
	steps    int
	units    int
	columns  int
	states   int  // that an operation begins with: 2 of an LSTM
	cells    bool // the last cells' state stands behind the result
}

// The inputs of a recurrent operation by position; mask and initial states follow.
const (
	inX = iota
	inKernel
	inRecurrent
	inBias
)

func (c *compiler) newRecurrence(n *graph.Node, o graph.Recurrence, states int) recurrence {
	x, u := c.node(n.In[inX]).Shape, c.node(n.In[inRecurrent]).Shape
	return recurrence{Recurrence: o, c: c, n: n, steps: x[0], features: x[1], units: u[0], columns: u[1], states: states}
}

// cell names the cell's functions.
func (c *compiler) cell(act, gate graph.Activation) (wasmgen.Cell, bool) {
	a, g := activationOf(act.Kind), activationOf(gate.Kind)
	return wasmgen.Cell{
		Name: named("", float32(act.Kind), act.Alpha, float32(gate.Kind), gate.Alpha),
		Act:  func(l wasmgen.Lanes, x wasmgen.Num) wasmgen.Num { return a(l, x, act.Alpha) },
		Gate: func(l wasmgen.Lanes, x wasmgen.Num) wasmgen.Num { return g(l, x, gate.Alpha) },
	}, a != nil && g != nil
}

func (r recurrence) scratch(rows int) int {
	return rows*(r.steps*r.columns+2*r.units) + 4*wasmgen.Slack
}

// A recurrentStep is what a cell works with in one step of time.
type recurrentStep struct {
	e          *emitter
	a          wasmgen.Local[wasmgen.I32] // the step's arguments of the first sample
	aRow       int                        // bytes from sample to sample
	h, more    wasmgen.Local[wasmgen.I32] // [rows, units]
	mask       wasmgen.Local[wasmgen.I32]
	maskRow    int
	recurrent  wasmgen.I32
	units, all int // bytes of a state, of all arguments of a sample's step
}

// multiply writes: arguments from column on, n of them, += or = x·U + bias.
func (s *recurrentStep) multiply(x wasmgen.Local[wasmgen.I32], column, n int, bias, c wasmgen.I32, row, flags int) {
	u := s.units / 4
	s.e.Call(s.e.lib.Product(), s.e.n.Get(), number(n), number(u), x.Get(), number(s.units), wasmgen.I32Add(s.recurrent, number(4*column)), number(s.all),
		bias, c, number(row), number(flags))
}

// lower returns the step for a cell, which writes how h is made anew.
func (r recurrence) lower(cell func(s *recurrentStep)) step {
	return step{scratch: r.scratch, emit: func(e *emitter) { r.emit(e, cell) }}
}

func (r recurrence) emit(e *emitter, cell func(s *recurrentStep)) {
	n, unit, aRow := r.n, 4*r.units, 4*r.steps*r.columns
	s := &recurrentStep{e: e, a: e.local(), aRow: aRow, h: e.local(), more: e.local(), mask: e.local(), maskRow: 4 * r.steps,
		recurrent: e.addr(n.In[inRecurrent]), units: unit, all: 4 * r.columns}
	bias, next := number(0), inBias
	if r.Bias {
		bias, next = e.addr(n.In[inBias]), next+1
	}
	arguments := e.scratch(0)
	e.Call(e.lib.Product(), wasmgen.I32Mul(e.n.Get(), number(r.steps)), number(r.columns), number(r.features), e.addr(n.In[inX]), number(4*r.features),
		e.addr(n.In[inKernel]), number(4*r.columns), bias, number(arguments), number(4*r.columns), number(0))
	first, delta := 0, 1 // in the order of reading
	if r.Backwards {
		first, delta = r.steps-1, -1
	}
	s.a.Set(number(arguments + first*s.all))
	s.h.Set(wasmgen.I32Add(number(arguments), wasmgen.I32Mul(e.n.Get(), number(aRow))))
	s.more.Set(wasmgen.I32Add(s.h.Get(), wasmgen.I32Mul(e.n.Get(), number(unit))))
	if r.Mask {
		s.mask.Set(wasmgen.I32Add(e.addr(n.In[next]), number(4*first)))
		next++
	}
	e.MemoryFill(s.h.Get(), number(0), wasmgen.I32Mul(e.n.Get(), number(2*unit)))
	if r.Initial {
		for i, state := range []wasmgen.Local[wasmgen.I32]{s.h, s.more}[:r.states] {
			e.MemoryCopy(state.Get(), e.addr(n.In[next+i]), wasmgen.I32Mul(e.n.Get(), number(unit)))
		}
	}
	out := e.local()
	out.Set(e.addr(n.Value))
	row := 4 * r.c.size(n.Value)
	e.repeat(number(r.steps), func() {
		cell(s)
		if r.Sequences {
			e.rows(e.n.Get(), unit, out.Get(), row, s.h.Get(), unit)
			e.advance(out, unit)
		}
		e.advance(s.a, delta*s.all)
		if r.Mask {
			e.advance(s.mask, 4*delta)
		}
	})
	if !r.Sequences {
		e.rows(e.n.Get(), unit, out.Get(), row, s.h.Get(), unit)
		e.advance(out, unit)
	}
	if r.cells {
		e.rows(e.n.Get(), unit, out.Get(), row, s.more.Get(), unit)
	}
}

func (c *compiler) lowerSimpleRNN(n *graph.Node, o graph.SimpleRNN) step {
	cell, ok := c.cell(o.Act, o.Act)
	if !ok {
		return step{refused: "SimpleRNN of an unknown activation"}
	}
	r := c.newRecurrence(n, o.Recurrence, 1)
	return r.lower(func(s *recurrentStep) {
		s.multiply(s.h, 0, r.units, number(0), s.a.Get(), s.aRow, wasmgen.ProductAdd)
		s.e.Call(s.e.lib.SimpleRNN(cell), s.e.n.Get(), number(r.units), s.a.Get(), number(s.aRow), s.h.Get(), s.mask.Get(), number(s.maskRow))
	})
}

func (c *compiler) lowerLSTM(n *graph.Node, o graph.LSTM) step {
	cell, ok := c.cell(o.Act, o.Gate)
	if !ok {
		return step{refused: "LSTM of an unknown activation"}
	}
	r := c.newRecurrence(n, o.Recurrence, 2)
	r.cells = o.CellState
	return r.lower(func(s *recurrentStep) {
		s.multiply(s.h, 0, r.columns, number(0), s.a.Get(), s.aRow, wasmgen.ProductAdd)
		s.e.Call(s.e.lib.LSTM(cell), s.e.n.Get(), number(r.units), s.a.Get(), number(s.aRow), s.more.Get(), s.h.Get(), s.mask.Get(), number(s.maskRow))
	})
}

func (c *compiler) lowerGRU(n *graph.Node, o graph.GRU) step {
	cell, ok := c.cell(o.Act, o.Gate)
	if !ok {
		return step{refused: "GRU of an unknown activation"}
	}
	r := c.newRecurrence(n, o.Recurrence, 1)
	return r.lower(func(s *recurrentStep) {
		e, u := s.e, r.units
		candidate := wasmgen.I32Add(s.a.Get(), number(8*u))
		inner := func(at int) wasmgen.I32 { // b', which is added to h·U
			if !o.Bias || !o.ResetAfter {
				return number(0)
			}
			return wasmgen.I32Add(e.addr(n.In[inBias]), number(4*(r.columns+at)))
		}
		s.multiply(s.h, 0, 2*u, inner(0), s.a.Get(), s.aRow, wasmgen.ProductAdd)
		if o.ResetAfter {
			s.multiply(s.h, 2*u, u, inner(2*u), s.more.Get(), s.units, 0)
		} else {
			e.Call(e.lib.GRUGates(cell), e.n.Get(), number(u), s.a.Get(), number(s.aRow), s.more.Get(), s.h.Get(), number(0), number(0))
			s.multiply(s.more, 2*u, u, number(0), candidate, s.aRow, wasmgen.ProductAdd)
		}
		e.Call(e.lib.GRU(cell, o.ResetAfter), e.n.Get(), number(u), s.a.Get(), number(s.aRow), s.more.Get(), s.h.Get(), s.mask.Get(), number(s.maskRow))
	})
}
