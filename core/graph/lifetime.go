package graph

import (
	"cmp"
	"slices"
)

// A block is memory for one value or gradient, or for several that lie on top of each
// other, and the time for which somebody needs it.
//
// Time is counted in operations: a node's Forward happens at its index + 1, its
// Backward at as long before the end. The caller fills inputs at time 0 and reads
// outputs at the end.
type block struct {
	size     int
	from, to int // first and last time, both included
	offset   int
}

// clock converts operations to times.
type clock struct{ nodes int }

func (c clock) forward(id int) int  { return id + 1 }
func (c clock) backward(id int) int { return 2*c.nodes + 1 - id }
func (c clock) end() int            { return 2*c.nodes + 2 }

// nowhere is the place of what has no memory in the arena.
const nowhere = -1

// add makes a block and returns its index.
func (l *layout) add(size, from, to int) int {
	l.blocks = append(l.blocks, block{size: aligned(size), from: from, to: to})
	return len(l.blocks) - 1
}

// until makes a block live at least until t, and from no later than t.
func (l *layout) until(i, t int) {
	b := &l.blocks[i]
	b.from, b.to = min(b.from, t), max(b.to, t)
}

// blockValues gives every needed value its block. An operation may write over its
// first input if nobody else uses that, and if no Backward wants to read it.
func (l *layout) blockValues(g *Graph, config Config, uses []int) {
	at := clock{len(g.nodes)}
	kept := make([]bool, len(g.nodes)) // some Backward reads what lies in this memory
	for id := range g.nodes {
		n := &g.nodes[id]
		if !l.needed[id] || n.param != nil {
			continue
		}
		readsIn, readsOut := l.backwardReads(id, n.op)
		if n.op != nil && l.sharesMemory(g, n, uses) && (isView(n.op) || !kept[n.in[0]] && !readsIn) {
			l.values[id] = l.values[n.in[0]]
			l.until(l.values[id], at.forward(id))
			kept[id] = kept[n.in[0]] || readsOut
		} else {
			l.values[id] = l.add(g.room(id, config), at.forward(id), at.forward(id))
			kept[id] = readsOut
		}
		if n.op == nil { // the caller's
			l.until(l.values[id], 0)
			l.until(l.values[id], at.end())
		}
		if readsOut {
			l.until(l.values[id], at.backward(id))
		}
		for _, in := range n.in {
			if g.nodes[in].param != nil {
				continue
			}
			l.until(l.values[in], at.forward(id))
			if readsIn { // it stays as it is: nobody else may write over it
				l.until(l.values[in], at.backward(id))
				kept[in] = true
			}
		}
		l.blockExtras(g, config, id)
	}
	for _, v := range slices.Concat(config.Outputs, config.Losses) {
		l.until(l.values[v.id], at.end())
	}
	for _, v := range config.Memories {
		must(l.aux[v.id] != nowhere, "only what is computed and remembers something has a memory to read")
		l.until(l.aux[v.id], at.end())
	}
}

// blockExtras gives a node what its operation wants beside its values.
func (l *layout) blockExtras(g *Graph, config Config, id int) {
	at, n := clock{len(g.nodes)}, &g.nodes[id]
	if m, ok := n.op.(Memoriser); ok {
		l.auxPerRow[id] = m.AuxPerRow(g.shapes(n.in), n.shape)
		l.aux[id] = l.add(config.MaxBatch*l.auxPerRow[id], at.forward(id), at.forward(id))
		if l.grad[id] {
			l.until(l.aux[id], at.backward(id))
		}
	}
	if k, ok := n.op.(Keeper); ok {
		l.keeps[id] = k.Keeps(g.shapes(n.in), n.shape)
		l.kept[id] = l.add(l.keeps[id], at.forward(id), at.end())
	}
	if s, ok := n.op.(Scratcher); ok {
		l.scratch = max(l.scratch, aligned(s.ScratchSize(g.shapes(n.in), n.shape)))
	}
}

// backwardReads tells what the Backward of a node reads, if there is one.
func (l *layout) backwardReads(id int, op Op) (in, out bool) {
	if op == nil || !l.grad[id] {
		return false, false
	}
	if r, ok := op.(BackwardReader); ok {
		return r.BackwardReads()
	}
	return true, true
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

// blockGradients goes backward: a gradient lives from the first Backward that writes
// it until its own node's, and is written over that of the result where the operation
// works in place.
func (l *layout) blockGradients(g *Graph, config Config, uses []int) {
	at := clock{len(g.nodes)}
	for id := len(g.nodes) - 1; id >= 0; id-- {
		n := &g.nodes[id]
		if !l.grad[id] || n.param != nil {
			continue
		}
		if l.grads[id] == nowhere { // nobody wrote it: the caller does
			l.grads[id] = l.add(g.room(id, config), 0, 0)
		}
		l.until(l.grads[id], at.backward(id))
		if n.op == nil {
			continue
		}
		aside := 0
		for j, in := range n.in {
			if !l.grad[in] || g.nodes[in].param != nil && uses[in] == 1 {
				continue
			}
			if uses[in] > 1 {
				aside += aligned(g.room(in, config))
			}
			switch {
			case g.nodes[in].param != nil:
			case l.grads[in] != nowhere:
			case j == 0 && l.sharesMemory(g, n, uses):
				l.grads[in] = l.grads[id]
			default:
				l.grads[in] = l.add(g.room(in, config), at.backward(id), at.backward(id))
			}
		}
		l.aside[id] = l.add(aside, at.backward(id), at.backward(id))
	}
	for _, v := range config.Losses { // the caller's, and wanted again by Diagnose
		if l.grad[v.id] {
			l.until(l.grads[v.id], 0)
			l.until(l.grads[v.id], at.end())
		}
	}
	for _, v := range config.Explain {
		if l.grad[v.id] {
			l.until(l.grads[v.id], at.end())
		}
	}
}

// place gives every block its offset, the largest first, each as low as the blocks
// that live at the same time allow (Pisarchyk, Lee: Efficient Memory Management for
// Deep Neural Net Inference, 2020, "greedy by size").
func (l *layout) place() {
	order := make([]*block, len(l.blocks))
	for i := range order {
		order[i] = &l.blocks[i]
	}
	slices.SortStableFunc(order, func(a, b *block) int { return cmp.Compare(b.size, a.size) })
	for i, b := range order {
		b.offset = lowest(b, order[:i])
		l.length = max(l.length, b.offset+b.size)
	}
	for _, list := range [][]int{l.values, l.grads, l.aux, l.aside, l.kept} {
		for id, i := range list {
			if i != nowhere {
				list[id] = l.blocks[i].offset
			}
		}
	}
}

// lowest finds room for b beside the placed blocks of the same time.
func lowest(b *block, placed []*block) int {
	var others []*block
	for _, p := range placed {
		if p.from <= b.to && b.from <= p.to {
			others = append(others, p)
		}
	}
	slices.SortFunc(others, func(a, b *block) int { return cmp.Compare(a.offset, b.offset) })
	offset := 0
	for _, p := range others {
		if p.offset >= offset+b.size {
			break
		}
		offset = max(offset, p.offset+p.size)
	}
	return offset
}

// room returns the most values that node id can have.
func (g *Graph) room(id int, config Config) int {
	if g.nodes[id].batched {
		return config.MaxBatch * size(g.nodes[id].shape)
	}
	return size(g.nodes[id].shape)
}

func (l *layout) bytes(store *Store) int { return 4 * (l.length + store.Trainable()) }
