package graph

import "github.com/terrarium-ml/terrarium/core/internal/kernel"

// A sequence is a recurrent operation at work: its sizes, and its memory in the order
// of time.
type sequence struct {
	Recurrence
	call                         *Call
	rows, steps, features, units int
	columns                      int       // of the kernels: a block of units for each gate
	x                            []float32 // [steps, rows, features]
	a                            []float32 // [steps, rows, columns]: arguments, then gates, then gradients of arguments
	h                            []float32 // [steps+1, rows, units]: the states, beginning with the initial one
	dh                           []float32 // [rows, units]: the gradient of the state at hand
	rest                         []float32 // of Aux
	mask                         []float32 // [rows, steps], or nil
	drop                         []float32 // [rows, features]: the factors of Dropout, or nil

	// With RecurrentDropout: its factors [rows, units], the states as the recurrent kernel
	// sees them [steps, rows, units], and their gradient [rows, units].
	dropState, seen, through []float32
}

func (r Recurrence) memory(in [][]int) int {
	steps, features, units, columns := in[inX][0], in[inX][1], in[inRecurrent][0], in[inRecurrent][1]
	n := steps*(features+columns+units) + 2*units
	if r.Dropout > 0 {
		n += features
	}
	if r.RecurrentDropout > 0 {
		n += steps*units + 2*units
	}
	return n
}

// lay divides Aux.
func (r Recurrence) lay(c *Call) sequence {
	s := sequence{Recurrence: r, call: c, rows: c.N, steps: c.InShape[inX][0], features: c.InShape[inX][1],
		units: c.InShape[inRecurrent][0], columns: c.InShape[inRecurrent][1], rest: c.Aux}
	s.x = s.take(s.steps * s.features)
	s.a = s.take(s.steps * s.columns)
	s.h = s.take((s.steps + 1) * s.units)
	s.dh = s.take(s.units)
	if r.Mask {
		s.mask = c.In[r.maskAt()]
	}
	if r.Dropout > 0 && c.Training {
		s.drop = s.take(s.features)
	}
	if r.RecurrentDropout > 0 && c.Training {
		s.dropState, s.seen, s.through = s.take(s.units), s.take(s.steps*s.units), s.take(s.units)
	}
	return s
}

// take cuts off memory of so many numbers a row.
func (s *sequence) take(perRow int) []float32 {
	n := s.rows * perRow
	taken := s.rest[:n:n]
	s.rest = s.rest[n:]
	return taken
}

// at is the part of memory that belongs to a step; wide is its numbers a row.
func (s *sequence) at(memory []float32, step, wide int) []float32 {
	n := s.rows * wide
	return memory[step*n : step*n+n : step*n+n]
}

// time is the step of time that is read as the given step.
func (s *sequence) time(step int) int {
	if s.Backwards {
		return s.steps - 1 - step
	}
	return step
}

// counts tells whether a step is more than padding in a row.
func (s *sequence) counts(step, row int) bool {
	return s.mask == nil || s.mask[row*s.steps+s.time(step)] != 0
}

// run returns the next rows, from on or later, that a step counts in; from ≥ to are none.
func (s *sequence) run(step, from int) (first, to int) {
	if s.mask == nil {
		return from, s.rows
	}
	for from < s.rows && !s.counts(step, from) {
		from++
	}
	to = from
	for to < s.rows && s.counts(step, to) {
		to++
	}
	return from, to
}

// begin gathers the inputs, multiplies them by the kernel and sets the initial state. It
// returns true where the step is being abandoned.
func (s *sequence) begin(bias []float32) (stop bool) {
	c := s.call
	x, n := c.In[inX], s.features
	for step := range s.steps {
		t := s.time(step)
		for row := range s.rows {
			to := s.x[(step*s.rows+row)*n:][:n]
			if !s.counts(step, row) { // whatever lies there
				clear(to)
				continue
			}
			copy(to, x[(row*s.steps+t)*n:])
		}
	}
	s.initial(0, s.h)
	s.drawDropout()
	all := s.steps * s.rows
	return s.multiply(all, s.columns, n, s.x, c.In[inKernel], bias, s.a)
}

// drawDropout draws the factors of both kinds of dropout and drops features.
func (s *sequence) drawDropout() {
	purpose, purposeState := "dropout", "recurrent_dropout"
	if s.Backwards { // of Bidirectional's two, which have one name
		purpose, purposeState = "dropout backwards", "recurrent_dropout backwards"
	}
	if s.drop != nil {
		kernel.DropoutMask(s.drop, s.call.Rand(purpose), s.Dropout)
		s.dropFeatures()
	}
	if s.dropState != nil {
		kernel.DropoutMask(s.dropState, s.call.Rand(purposeState), s.RecurrentDropout)
	}
}

// dropFeatures multiplies x, or its gradient, by the factors of Dropout.
func (s *sequence) dropFeatures() {
	if s.drop == nil {
		return
	}
	for step := range s.steps {
		x := s.at(s.x, step, s.features)
		kernel.Mul(x, x, s.drop)
	}
}

// state is h before a step as the recurrent kernel sees it.
func (s *sequence) state(step int) []float32 {
	h := s.at(s.h, step, s.units)
	if s.dropState == nil {
		return h
	}
	seen := s.at(s.seen, step, s.units)
	kernel.Mul(seen, h, s.dropState)
	return seen
}

// states are those of all steps, after state was asked for each.
func (s *sequence) states() []float32 {
	if s.dropState == nil {
		return s.h
	}
	return s.seen
}

// initial sets the first step of a state's memory.
func (s *sequence) initial(state int, memory []float32) {
	first := s.at(memory, 0, s.units)
	if s.Initial {
		copy(first, s.call.In[s.initialAt()+state])
		return
	}
	clear(first)
}

// carry gives the rows that a step does not count in their state of before.
func (s *sequence) carry(step int, memory []float32) {
	if s.mask == nil {
		return
	}
	from, to := s.at(memory, step, s.units), s.at(memory, step+1, s.units)
	for row := range s.rows {
		if !s.counts(step, row) {
			copy(to[row*s.units:][:s.units], from[row*s.units:])
		}
	}
}

// end writes the result.
func (s *sequence) end() {
	wide := len(s.call.Out) / s.rows
	for row := range s.rows {
		out := s.call.Out[row*wide:]
		if !s.Sequences {
			copy(out[:s.units], s.h[(s.steps*s.rows+row)*s.units:])
			continue
		}
		for step := range s.steps {
			copy(out[step*s.units:][:s.units], s.h[((step+1)*s.rows+row)*s.units:])
		}
	}
}

// beginBack sets dh to what the result's gradient says about the last state.
func (s *sequence) beginBack() {
	if s.Sequences {
		clear(s.dh)
		return
	}
	s.fromOut(s.dh, 0)
}

// fromOut copies units numbers of each row of the result's gradient.
func (s *sequence) fromOut(dst []float32, at int) {
	wide := len(s.call.DOut) / s.rows
	for row := range s.rows {
		copy(dst[row*s.units:][:s.units], s.call.DOut[row*wide+at:])
	}
}

// arrive adds to dh what the result's gradient says about the state behind a step.
func (s *sequence) arrive(step int) {
	if !s.Sequences {
		return
	}
	wide := len(s.call.DOut) / s.rows
	for row := range s.rows {
		dh := s.dh[row*s.units:][:s.units]
		kernel.Add(dh, dh, s.call.DOut[row*wide+step*s.units:])
	}
}

// leave makes dh the gradient of the state before a step, a being that of the step's
// arguments. Rows that the step does not count in keep theirs; the others' have been
// cleared, if there are such rows.
func (s *sequence) leave(a []float32, transposed []float32) {
	to, adds := s.dh, s.mask != nil
	if s.dropState != nil {
		to, adds = s.through, false
	}
	kernel.GemmNN(s.call.scratch(), s.rows, s.units, s.columns, a, s.columns, transposed, s.units, nil, to, s.units, adds)
	switch {
	case s.dropState == nil:
	case s.mask == nil:
		kernel.Mul(s.dh, s.through, s.dropState)
	default:
		s.arriveDropped()
	}
}

// arriveDropped adds to dh what came through the recurrent kernel.
func (s *sequence) arriveDropped() {
	kernel.Mul(s.through, s.through, s.dropState)
	kernel.Accumulate(s.dh, s.through)
}

// forget clears rows of a memory: those of a step that are padding or, the other way
// round, those that count.
func (s *sequence) forget(step int, memory []float32, wide int, counting bool) {
	if s.mask == nil {
		return
	}
	for row := range s.rows {
		if s.counts(step, row) == counting {
			clear(memory[row*wide:][:wide])
		}
	}
}

// transpose writes the recurrent kernel's transpose [columns, units] to Scratch.
func (s *sequence) transpose() []float32 {
	u, t := s.call.In[inRecurrent], s.call.Scratch
	for i := range s.units {
		for j, v := range u[i*s.columns:][:s.columns] {
			t[j*s.units+i] = v
		}
	}
	return t
}

// endBack computes what is left when all steps have been gone back over: the gradients
// of kernel, bias, inputs and initial states.
func (s *sequence) endBack() {
	c := s.call
	all, n := s.steps*s.rows, s.features
	if dw := c.DIn[inKernel]; dw != nil && s.weigh(n, s.columns, s.x, n, s.a, s.columns, dw, s.columns) {
		return
	}
	if s.Bias && c.DIn[inBias] != nil {
		kernel.ColSums(all, s.columns, s.a, s.columns, c.DIn[inBias][:s.columns], false)
	}
	if s.Mask && c.DIn[s.maskAt()] != nil {
		clear(c.DIn[s.maskAt()])
	}
	if s.Initial && c.DIn[s.initialAt()] != nil {
		copy(c.DIn[s.initialAt()], s.dh)
	}
	dx := c.DIn[inX]
	if dx == nil {
		return
	}
	for step, i := rowsPerBlock(2*s.columns*n), 0; i < all; i += step {
		rows := min(step, all-i)
		kernel.GemmNT(c.scratch(), rows, n, s.columns, s.a[i*s.columns:], s.columns, c.In[inKernel], s.columns, nil, s.x[i*n:], n, false)
		if i+rows < all && c.Pause(2*rows*s.columns*n) {
			return
		}
	}
	s.dropFeatures()
	for step := range s.steps {
		t := s.time(step)
		for row := range s.rows {
			copy(dx[(row*s.steps+t)*n:][:n], s.x[(step*s.rows+row)*n:])
		}
	}
}

// stepFlops is the work of one step's product.
func (s *sequence) stepFlops() int { return 2 * s.rows * s.units * s.columns }

// multiply computes c[m,n] = a[m,k]·b[k,n] + bias in parts between which it may pause.
func (s *sequence) multiply(m, n, k int, a, b, bias, c []float32) (stop bool) {
	for step, i := rowsPerBlock(2*k*n), 0; i < m; i += step {
		rows := min(step, m-i)
		kernel.GemmNN(s.call.scratch(), rows, n, k, a[i*k:], k, b, n, bias, c[i*n:], n, false)
		if s.call.Pause(2 * rows * k * n) {
			return true
		}
	}
	return false
}

// weigh computes a weight's gradient: c[m,n] = aᵀ·b over all steps and samples.
func (s *sequence) weigh(m, n int, a []float32, lda int, b []float32, ldb int, c []float32, ldc int) (stop bool) {
	all := s.steps * s.rows
	for step, i := rowsPerBlock(2*all*n), 0; i < m; i += step {
		rows := min(step, m-i)
		kernel.GemmTN(s.call.scratch(), rows, n, all, a[i:], lda, b, ldb, nil, c[i*ldc:], ldc, false)
		if s.call.Pause(2 * rows * all * n) {
			return true
		}
	}
	return false
}
