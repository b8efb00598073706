package graph

import "github.com/terrarium-ml/terrarium/core/internal/kernel"

// A Recorder can write its Forward or its Backward as commands for the kernel module,
// which then do the whole work, to the same bits. It answers false, and what it has
// written is forgotten, where they do not suffice. The interface is optional, like those
// in op.go; the plan runs neighbouring operations that were recorded by one call.
type Recorder interface {
	RecordForward(c *Call, p *kernel.Program) bool
	RecordBackward(c *Call, p *kernel.Program) bool
}

// A recording is what a plan runs in place of single operations, for its present
// number of rows.
type recording struct {
	program           *kernel.Program // nil: there is no kernel module
	forward, backward []stretch       // by the step with which they begin
}

// A stretch is a number of neighbouring steps as commands [from, to) of the program. An
// empty one says that the step here runs by itself.
type stretch struct{ steps, from, to, flops int }

// commandsPerStep is the most that an operation takes, Backward with its additions.
const commandsPerStep = 8

func newRecording(steps int) recording {
	if !kernel.HaveModule() {
		return recording{}
	}
	return recording{kernel.NewProgram(commandsPerStep * steps), make([]stretch, steps), make([]stretch, steps)}
}

// record writes the program for the slices that the steps are bound to.
func (p *Plan) record() {
	r := &p.recording
	if r.program == nil {
		return
	}
	r.program.Cut(0)
	open := nowhere
	for i := range p.steps {
		open = p.recordStep(r.forward, i, open, (*Plan).recordForward)
	}
	open = nowhere
	for i := len(p.steps) - 1; i >= 0; i-- {
		if p.steps[i].backward {
			open = p.recordStep(r.backward, i, open, (*Plan).recordBackward)
		} else if r.backward[i] = (stretch{}); open != nowhere {
			r.backward[open].steps++
		}
	}
}

// recordStep records a step, as part of the stretch that begins at step open if there is
// one that it fits into, and returns which stretch is open afterwards. None is longer
// than what a plan does without a pause.
func (p *Plan) recordStep(stretches []stretch, i, open int, record func(*Plan, *step) bool) int {
	s, program := &p.steps[i], p.recording.program
	stretches[i] = stretch{}
	flops, from := p.rows*min(s.cost, pauseFlops), program.Len()
	if s.recorder == nil || flops > pauseFlops {
		return nowhere
	}
	if !record(p, s) {
		program.Cut(from)
		return nowhere
	}
	if open == nowhere || stretches[open].flops+flops > pauseFlops {
		open = i
		stretches[i].from = from
	}
	t := &stretches[open]
	t.steps, t.to, t.flops = t.steps+1, program.Len(), t.flops+flops
	return open
}

func (p *Plan) recordForward(s *step) bool {
	return s.recorder.RecordForward(&s.call, p.recording.program)
}

func (p *Plan) recordBackward(s *step) bool {
	if !s.recorder.RecordBackward(&s.call, p.recording.program) {
		return false
	}
	for _, j := range s.add {
		p.recording.program.Accumulate(p.gradient(p.graph.nodes[s.node].in[j]), s.call.DIn[j])
	}
	return true
}

// runStretch runs what begins at a step, if something does, and returns it.
func (p *Plan) runStretch(stretches []stretch, i int) stretch {
	if p.recording.program == nil {
		return stretch{}
	}
	t := stretches[i]
	p.recording.program.Run(t.from, t.to)
	return t
}
