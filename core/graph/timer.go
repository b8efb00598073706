package graph

// A Timer takes the time of every operation of a plan, while it is set. The operations
// then run one by one, also those that a kernel module would run together: the times say
// who takes how much of a step, not how long a step takes. Nothing is computed otherwise.
type Timer struct {
	Clock   func() float64 // seconds since any moment
	Forward []float64      // seconds by operation, added up over all runs
	Back    []float64      // likewise, going backward
}

// An OpInfo describes an operation of a plan, for who reads a Timer.
type OpInfo struct {
	Layer string // who added it; "" for losses
	Flops int    // of going forward and backward with MaxBatch rows
	Bytes int    // of its result, and of that one's gradient
}

// SetTimer makes the plan's runs take times by the clock, or with nil stops that.
func (p *Plan) SetTimer(clock func() float64) *Timer {
	p.timer = nil
	if clock != nil {
		p.timer = &Timer{clock, make([]float64, len(p.steps)), make([]float64, len(p.steps))}
	}
	return p.timer
}

// Ops describes the plan's operations, in the order of a Timer's times.
func (p *Plan) Ops() []OpInfo {
	infos := make([]OpInfo, len(p.steps))
	for i := range p.steps {
		s := &p.steps[i]
		n := &p.graph.nodes[s.node]
		forward := p.config.MaxBatch * s.cost
		info := OpInfo{Layer: n.layer, Flops: forward}
		for _, in := range n.in {
			if s.backward && p.layout.grad[in] && (p.graph.nodes[in].batched || len(p.graph.nodes[in].shape) > 1) {
				info.Flops += forward
			}
		}
		values := size(n.shape)
		if n.batched {
			values *= p.config.MaxBatch
		}
		info.Bytes = 4 * values
		if s.backward {
			info.Bytes *= 2
		}
		infos[i] = info
	}
	return infos
}

// forward runs the operations one by one and takes their times.
func (t *Timer) forward(p *Plan, rows int, training bool) error {
	for i := range p.steps {
		s := &p.steps[i]
		s.call.Training = training
		begun := t.Clock()
		s.op.Forward(&s.call)
		t.Forward[i] += t.Clock() - begun
		if p.pause(rows * min(s.cost, pauseFlops)) {
			return p.stopped
		}
	}
	return nil
}

// back is forward for the gradients.
func (t *Timer) back(p *Plan) error {
	for i := len(p.steps) - 1; i >= 0; i-- {
		s := &p.steps[i]
		if !s.backward {
			continue
		}
		begun := t.Clock()
		p.stepBack(s)
		t.Back[i] += t.Clock() - begun
		if p.pause(p.rows * min(s.cost, pauseFlops)) {
			return p.stopped
		}
	}
	return nil
}
