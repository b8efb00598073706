package train

import (
	"slices"

	"github.com/terrarium-ml/terrarium/core/graph"
	"github.com/terrarium-ml/terrarium/core/internal/kernel"
	"github.com/terrarium-ml/terrarium/core/optim"
)

// A span is a range of the trainable parameters that one rule updates. There is one for
// all of them, unless the optimizer decays some and leaves others alone.
type span struct {
	rule     optim.Optimizer
	from, to int
	slots    [][]float32 // of the range
}

// spans cuts the trainable parameters into ranges, as long as possible. That changes no
// bits: the rules are element-wise.
func (m *Model) spans(o optim.Optimizer) []span {
	rule := optim.Rule(o)
	decayer, ok := rule.(optim.Decayer)
	if !ok {
		return []span{m.span(rule, 0, m.store.Trainable())}
	}
	var list []span
	from, decays := 0, true
	cut := func(to int) {
		if to == from {
			return
		}
		part := rule
		if !decays {
			part = decayer.WithoutDecay()
		}
		list = append(list, m.span(part, from, to))
		from = to
	}
	params := slices.Clone(m.store.Params)
	slices.SortFunc(params, func(a, b graph.Stored) int { return a.Offset - b.Offset })
	for _, p := range params {
		if p.Trainable && decayer.Decays(p.FullName(), len(p.Shape)) != decays {
			cut(p.Offset)
			decays = !decays
		}
	}
	cut(m.store.Trainable())
	return list
}

func (m *Model) span(rule optim.Optimizer, from, to int) span {
	s := span{rule: rule, from: from, to: to, slots: make([][]float32, len(m.slots))}
	for i, slot := range m.slots {
		s.slots[i] = slot[from:to]
	}
	return s
}

// flushEvery is the number of steps after which denormal numbers among the weights and in
// the optimizer's memory become 0. Averages of gradients that are 0, as those of ReLUs that
// have died, end there and stay, and so do weights that L2 pulls to 0: a step of a small
// network takes three to fourteen times as long with them.
const flushEvery = 16

// applyGradients makes the optimizer's step, at the rate of the schedule if there is
// one, and holds weights to their constraints.
func (m *Model) applyGradients(grads []float32) {
	rate := m.LearningRate()
	m.counters.Step++
	for i := range m.updates {
		s := &m.updates[i]
		s.rule.Update(m.counters.Step, rate, m.store.Change()[s.from:s.to], grads[s.from:s.to], s.slots)
	}
	if m.counters.Step%flushEvery == 0 {
		kernel.FlushDenormals(m.store.Change()[:m.store.Trainable()])
		for _, slot := range m.slots {
			kernel.FlushDenormals(slot)
		}
	}
	m.store.Constrain()
}
