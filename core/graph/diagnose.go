package graph

import (
	"fmt"

	"github.com/terrarium-ml/terrarium/core/internal/kernel"
)

// Diagnose repeats the last run, with the same random numbers, and names the first
// tensor in the order of computation that holds a NaN or an infinity: its layer and
// what it is. The layer is "" for an input, and both are "" if all is finite. After
// the run itself this could not be said: its tensors share memory.
func (p *Plan) Diagnose(training bool) (layer, what string) {
	pause := p.onPause
	p.onPause, p.stopped = nil, nil
	defer func() { p.onPause = pause }()

	if layer, what = p.wrongLeaf(); what != "" {
		return layer, what
	}
	for i := range p.steps {
		s := &p.steps[i]
		s.call.Training = training
		s.op.Forward(&s.call)
		if wrong(s.call.Out) {
			return s.call.Layer, "output"
		}
	}
	if !training {
		return "", ""
	}
	for i := len(p.steps) - 1; i >= 0; i-- {
		s := &p.steps[i]
		if !s.backward {
			continue
		}
		p.stepBack(s)
		for _, in := range p.graph.nodes[s.node].in {
			if !p.layout.grad[in] || !wrong(p.gradient(in)) {
				continue
			}
			if param := p.graph.nodes[in].param; param != nil {
				return param.Layer, fmt.Sprintf("gradient of weight %q", param.Name)
			}
			return s.call.Layer, "gradient of the input"
		}
	}
	return "", ""
}

// wrongLeaf looks at what is not computed: inputs and weights.
func (p *Plan) wrongLeaf() (layer, what string) {
	for id := range p.graph.nodes {
		n := &p.graph.nodes[id]
		if n.op != nil || !p.layout.needed[id] || !wrong(p.value(id)) {
			continue
		}
		if n.param != nil {
			return n.layer, fmt.Sprintf("weight %q", n.param.Name)
		}
		return "", fmt.Sprintf("input %q", n.input)
	}
	return "", ""
}

func wrong(values []float32) bool { return kernel.FirstNonFinite(values) >= 0 }
