package graph

// A layout says what a plan computes and where it lies in the arena. Slices are
// indexed by node.
type layout struct {
	needed    []bool // forward: an output or a loss depends on it
	grad      []bool // backward: a loss depends on it and it depends on a trainable parameter
	param     []int  // index in Graph.Params, or -1
	values    []int  // offsets in the arena
	grads     []int
	aux       []int
	auxPerRow []int
	aside     int // offset of the memory for gradients that are added to others
	length    int // of the arena
}

// lay decides everything about a plan but its addresses in memory.
func lay(g *Graph, config Config) layout {
	n := len(g.nodes)
	l := layout{needed: make([]bool, n), grad: make([]bool, n), param: make([]int, n),
		values: make([]int, n), grads: make([]int, n), aux: make([]int, n), auxPerRow: make([]int, n)}
	l.markNeeded(g, config)
	l.markGradients(g, config)
	uses := l.countUses(g, config)
	l.placeValues(g, config, uses)
	l.placeGradients(g, config, uses)
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

// placeValues gives every needed value its memory. An operation may write over its
// first input if nobody else uses that, and if no Backward wants to read it.
func (l *layout) placeValues(g *Graph, config Config, uses []int) {
	kept := make([]bool, len(g.nodes)) // some Backward reads what lies in this memory
	for id := range g.nodes {
		n := &g.nodes[id]
		if !l.needed[id] || n.param != nil {
			continue
		}
		readsIn, readsOut := true, true
		if r, ok := n.op.(BackwardReader); ok {
			readsIn, readsOut = r.BackwardReads()
		}
		if !l.grad[id] {
			readsIn, readsOut = false, false
		}
		if l.sharesMemory(g, n, uses) && (isView(n.op) || !kept[n.in[0]] && !readsIn) {
			l.values[id] = l.values[n.in[0]]
			kept[id] = kept[n.in[0]] || readsOut
		} else {
			l.values[id] = l.take(g.room(id, config))
			kept[id] = readsOut
		}
		// What an operation reads stays as it is from here on: nobody else may
		// write over it.
		if readsIn {
			for _, in := range n.in {
				kept[in] = true
			}
		}
		if m, ok := n.op.(Memoriser); ok {
			l.auxPerRow[id] = m.AuxPerRow(g.shapes(n.in), n.shape)
			l.aux[id] = l.take(config.MaxBatch * l.auxPerRow[id])
		}
	}
}

// sharesMemory tells whether n's result may lie in its first input's memory as far
// as other readers go.
func (l *layout) sharesMemory(g *Graph, n *node, uses []int) bool {
	p, ok := n.op.(InPlacer)
	if !ok || !p.InPlace() {
		return false
	}
	in := &g.nodes[n.in[0]]
	return in.op != nil && in.batched && uses[n.in[0]] == 1
}

func isView(op Op) bool {
	_, ok := op.(Viewer)
	return ok
}

// placeGradients goes backward: a gradient is written over that of the result
// where the operation works in place.
func (l *layout) placeGradients(g *Graph, config Config, uses []int) {
	placed := make([]bool, len(g.nodes))
	most := 0
	for id := len(g.nodes) - 1; id >= 0; id-- {
		n := &g.nodes[id]
		if !l.grad[id] || n.param != nil {
			continue
		}
		if !placed[id] {
			l.grads[id], placed[id] = l.take(g.room(id, config)), true
		}
		if n.op == nil {
			continue
		}
		if first := n.in[0]; l.grad[first] && l.sharesMemory(g, n, uses) {
			l.grads[first], placed[first] = l.grads[id], true
		}
		aside := 0
		for _, in := range n.in {
			if l.grad[in] && (uses[in] > 1) {
				aside += aligned(g.room(in, config))
			}
		}
		most = max(most, aside)
	}
	l.aside = l.take(most)
}

// room returns the most values that node id can have.
func (g *Graph) room(id int, config Config) int {
	if g.nodes[id].batched {
		return config.MaxBatch * size(g.nodes[id].shape)
	}
	return size(g.nodes[id].shape)
}

func (l *layout) take(n int) int {
	offset := l.length
	l.length += aligned(n)
	return offset
}

func (l *layout) bytes(store *Store) int { return 4 * (l.length + store.Trainable()) }
