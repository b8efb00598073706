package graph

import (
	"unsafe"

	"github.com/terrarium-ml/terrarium/core/internal/kernel"
)

// pauseFlops is the work after which a plan offers to pause: at the slowest, the
// scalar kernels in a browser, about 10 ms.
const pauseFlops = 16 << 20

// OnPause sets what is called between operations after a bounded amount of work.
// When it returns an error, Forward or Backward ends early with that error and the
// step is void: no parameter has been touched.
func (p *Plan) OnPause(f func() error) { p.onPause = f }

// SetStreams sets where operations get their random numbers from.
func (p *Plan) SetStreams(s Streams) { p.streams = s }

// pause counts work and calls onPause when there was enough of it.
func (p *Plan) pause(flops int) (stop bool) {
	p.work += flops
	if p.work >= pauseFlops {
		p.work = 0
		if p.onPause != nil && p.stopped == nil {
			p.stopped = p.onPause()
		}
	}
	return p.stopped != nil
}

// Bytes returns the memory of the plan beside the parameters.
func (p *Plan) Bytes() int { return p.layout.bytes(p.store) }

// MaxBatch returns the most rows of a run.
func (p *Plan) MaxBatch() int { return p.config.MaxBatch }

// A Cost is what a plan takes.
type Cost struct {
	Bytes int // memory beside the parameters
	Flops int // floating-point operations of a run of MaxBatch rows, forward and backward
}

// Estimate tells what a plan would take, without making it.
func Estimate(g *Graph, store *Store, config Config) Cost {
	l := lay(g, config)
	c := Cost{Bytes: l.bytes(store)}
	for id := range g.nodes {
		n := &g.nodes[id]
		if n.op == nil || !l.needed[id] {
			continue
		}
		forward := config.MaxBatch * cost(g, n)
		c.Flops += forward
		for _, in := range n.in {
			// A gradient of rows or of a matrix costs about as much as going forward.
			if l.grad[id] && l.grad[in] && (g.nodes[in].batched || len(g.nodes[in].shape) > 1) {
				c.Flops += forward
			}
		}
	}
	return c
}

// Value returns the memory of an input or an output for a number of rows.
func (p *Plan) Value(v Value, rows int) []float32 {
	p.bind(rows)
	return p.value(v.id)
}

// ReadFrom has the next runs read an input where it lies, in memory that stays the
// caller's and holds as many rows as a run has; nil ends that. No operation writes there if
// the input is among Config.Outputs. Another place than before means binding all steps anew.
func (p *Plan) ReadFrom(v Value, memory []float32) {
	if unsafe.SliceData(memory) != unsafe.SliceData(p.outside.memory) || len(memory) != len(p.outside.memory) {
		p.outside = outside{v.id, memory}
		p.rows = 0
	}
}

// LossGrad returns the memory where the caller puts what each value of a loss
// counts before Backward: weight / number of losses. It is nil for a loss that
// depends on nothing that is trained.
func (p *Plan) LossGrad(v Value, rows int) []float32 {
	if !p.layout.grad[v.id] {
		return nil
	}
	p.bind(rows)
	return p.gradient(v.id)
}

// Gradient returns the gradient of a value of Config.Explain after Backward.
func (p *Plan) Gradient(v Value, rows int) []float32 {
	p.bind(rows)
	return p.gradient(v.id)
}

// Memory returns what the operation behind a value of Config.Memories keeps in its Aux,
// after Forward: a number of values for each row.
func (p *Plan) Memory(v Value, rows int) []float32 {
	p.bind(rows)
	return p.part(p.layout.aux[v.id], rows*p.layout.auxPerRow[v.id])
}

// Forward computes all values from inputs of the given number of rows.
func (p *Plan) Forward(rows int, training bool) error {
	p.bind(rows)
	p.usePanels()
	p.stopped = nil
	if p.timer != nil {
		return p.timer.forward(p, rows, training)
	}
	for i := 0; i < len(p.steps); i++ {
		if t := p.runStretch(p.recording.forward, i); t.steps > 0 {
			i += t.steps - 1
			if p.pause(t.flops) {
				return p.stopped
			}
			continue
		}
		s := &p.steps[i]
		s.call.Training = training
		s.op.Forward(&s.call)
		if p.pause(rows * min(s.cost, pauseFlops)) {
			return p.stopped
		}
	}
	return nil
}

// Backward computes the gradients of all trainable parameters, into Grads. It
// follows Forward with training set, and the caller's filling of LossGrad.
func (p *Plan) Backward() error {
	p.stopped = nil
	for _, g := range p.idle {
		clear(g) // what the caller added to the gradient of the step before
	}
	if p.timer != nil {
		return p.timer.back(p)
	}
	for i := len(p.steps) - 1; i >= 0; i-- {
		s := &p.steps[i]
		if !s.backward {
			continue
		}
		if t := p.runStretch(p.recording.backward, i); t.steps > 0 {
			i -= t.steps - 1
			if p.pause(t.flops) {
				return p.stopped
			}
			continue
		}
		p.stepBack(s)
		if p.pause(p.rows * min(s.cost, pauseFlops)) {
			return p.stopped
		}
	}
	return nil
}

// Commit lets operations keep what they learned from the step that Forward ran, like
// moving statistics. It belongs after the update of the parameters, once a step.
func (p *Plan) Commit() {
	for i := range p.steps {
		if s := &p.steps[i]; s.keeper != nil {
			p.store.Change()
			s.keeper.Commit(&s.call)
		}
	}
}

// stepBack computes the gradients of one operation, and adds those that belong to
// values with several users.
func (p *Plan) stepBack(s *step) {
	s.op.Backward(&s.call)
	for _, j := range s.add {
		kernel.Accumulate(p.gradient(p.graph.nodes[s.node].in[j]), s.call.DIn[j])
	}
}
