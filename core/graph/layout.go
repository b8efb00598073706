package graph

import "slices"

// A layout says what a plan computes and where it lies in the arena. Slices are
// indexed by node.
type layout struct {
	needed    []bool // forward: an output or a loss depends on it
	grad      []bool // backward: a loss depends on it and it depends on a trainable parameter
	param     []int  // index in Graph.Params, or -1
	values    []int  // offsets in the arena; until they are placed, indices of blocks
	grads     []int
	aux       []int
	aside     []int // memory for gradients that are added to others
	kept      []int // of Keepers
	auxPerRow []int
	keeps     []int // values that a Keeper keeps
	scratch   int   // what all Scratchers share, at the arena's end
	length    int   // of the arena

	blocks []block
}

// lay decides everything about a plan but its addresses in memory.
func lay(g *Graph, config Config) layout {
	n := len(g.nodes)
	l := layout{needed: make([]bool, n), grad: make([]bool, n), param: make([]int, n), auxPerRow: make([]int, n), keeps: make([]int, n)}
	for _, places := range []*[]int{&l.values, &l.grads, &l.aux, &l.aside, &l.kept} {
		*places = slices.Repeat([]int{nowhere}, n)
	}
	l.markNeeded(g, config)
	l.markGradients(g, config)
	uses := l.countUses(g, config)
	l.blockValues(g, config, uses)
	l.blockGradients(g, config, uses)
	l.place()
	l.length += l.scratch
	return l
}

// markNeeded walks back from what the caller wants.
func (l *layout) markNeeded(g *Graph, config Config) {
	for _, v := range config.Outputs {
		l.needed[v.id] = true
	}
	for _, v := range config.Losses {
		l.needed[v.id] = true
	}
	params := 0
	for id := range g.nodes {
		l.param[id] = -1
		if g.nodes[id].param != nil {
			l.param[id] = params
			params++
		}
	}
	for id := len(g.nodes) - 1; id >= 0; id-- {
		if l.needed[id] {
			for _, in := range g.nodes[id].in {
				l.needed[in] = true
			}
		}
	}
}

// markGradients finds the nodes between losses and what the gradients are for:
// trainable parameters, and inputs to be explained.
func (l *layout) markGradients(g *Graph, config Config) {
	below := make([]bool, len(g.nodes))
	for _, v := range config.Explain {
		below[v.id] = true
	}
	for id, n := range g.nodes {
		below[id] = below[id] || n.param != nil && n.param.Trainable
		for _, in := range n.in {
			below[id] = below[id] || below[in]
		}
	}
	above := make([]bool, len(g.nodes)) // a loss depends on it
	for _, v := range config.Losses {
		above[v.id] = true
	}
	for id := len(g.nodes) - 1; id >= 0; id-- {
		if above[id] {
			for _, in := range g.nodes[id].in {
				above[in] = true
			}
		}
		l.grad[id] = above[id] && below[id]
	}
}

// countUses counts who reads each value; being an output counts as well.
func (l *layout) countUses(g *Graph, config Config) []int {
	uses := make([]int, len(g.nodes))
	for _, v := range append(append([]Value{}, config.Outputs...), config.Losses...) {
		uses[v.id]++
	}
	for id, n := range g.nodes {
		if l.needed[id] {
			for _, in := range n.in {
				uses[in]++
			}
		}
	}
	return uses
}
