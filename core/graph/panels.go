package graph

import "github.com/terrarium-ml/terrarium/core/internal/kernel"

// One row of a product costs what reading the weights does, and where they lie in panels
// that is a tenth less. So a plan that is asked for single rows again and again keeps
// them once more, in that order.

// panels are a plan's weights in panels.
type panels struct {
	memory  []float32 // of all steps one behind the other; nil: single rows are not expected
	changes int       // the store's, when the runs began
	runs    int       // of one row with these weights
	filled  bool
}

// panelsFrom is the number of runs of a row after which the weights are copied: a copy
// costs about as much as that many save.
const panelsFrom = 128

// PanelBytes is what ExpectRows would allocate.
func (p *Plan) PanelBytes() int {
	total := 0
	for i := range p.steps {
		total += 4 * p.panelSize(&p.steps[i])
	}
	return total
}

// panelSize returns how many weights of a step can lie in panels, of which a row of the
// batch uses each once.
func (p *Plan) panelSize(s *step) int {
	if s.weigher == nil {
		return 0
	}
	k, n := s.weigher.WeightMatrix(s.call.InShape)
	if size(s.call.InShape[0]) != k || p.layout.param[p.graph.nodes[s.node].in[1]] < 0 {
		return 0
	}
	return k * kernel.ColumnsInPanels(n)
}

// ExpectRows allocates what a plan without losses needs to be quicker at single rows.
func (p *Plan) ExpectRows() {
	must(len(p.config.Losses) == 0, "a plan with losses expects many rows")
	if p.panels.memory == nil {
		p.panels.memory = make([]float32, p.PanelBytes()/4)
		p.panels.changes = p.store.changes
	}
}

// usePanels stands before a run: it looks whether the weights are still those that were
// copied, and copies them when it is time.
func (p *Plan) usePanels() {
	u := &p.panels
	if p.rows != 1 || len(u.memory) == 0 {
		return
	}
	if u.changes != p.store.changes {
		u.changes, u.runs = p.store.changes, 0
		if u.filled {
			p.cutPanels(false)
		}
	}
	if u.filled {
		return
	}
	if u.runs++; u.runs == panelsFrom {
		p.cutPanels(true)
		for i := range p.steps {
			if c := &p.steps[i].call; c.Panels != nil {
				k, n := p.steps[i].weigher.WeightMatrix(c.InShape)
				kernel.Panels(c.Panels, c.In[1], k, n)
			}
		}
	}
}

// cutPanels hands each step its part of the memory, or takes it away.
func (p *Plan) cutPanels(filled bool) {
	p.panels.filled = filled
	rest := p.panels.memory
	for i := range p.steps {
		s := &p.steps[i]
		s.call.Panels = nil
		if n := p.panelSize(s); filled && n > 0 {
			s.call.Panels, rest = rest[:n:n], rest[n:]
		}
	}
	p.record()
}
