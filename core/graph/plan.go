package graph

import (
	"math/rand/v2"

	"github.com/terrarium-ml/terrarium/core/internal/kernel"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// A Config says what a plan is for.
type Config struct {
	MaxBatch int     // the most rows of a run
	Outputs  []Value // what the caller will read
	Losses   []Value // where going backward begins; empty for a plan that only predicts
	Explain  []Value // inputs whose gradient the caller wants as well, by Plan.Gradient
	Memories []Value // results of Memorisers whose Aux the caller will read, by Plan.Memory
}

// A Plan is a graph made runnable for up to MaxBatch rows. Everything it will ever
// use is allocated by New; a run allocates nothing. A Plan is used by one
// goroutine at a time.
type Plan struct {
	Grads []float32 // ∂loss/∂parameter, laid out as Store.Values()[:Trainable()]

	graph   *Graph
	store   *Store
	config  Config
	steps   []step      // forward order
	idle    [][]float32 // gradients of trainable parameters on which no loss depends
	layout  layout      // where every value and gradient lies
	arena   []float32   // all activations, gradients and scratch
	outside outside     // where an input lies that is not in the arena
	rows    int         // what the steps are bound to
	pcg     rand.PCG
	streams Streams

	workspace *kernel.Workspace
	recording recording
	panels    panels
	onPause   func() error
	timer     *Timer // nil: nobody wants to know
	work      int    // operations since the last pause
	stopped   error  // what onPause answered
}

// outside is a value that the caller keeps.
type outside struct {
	id     int
	memory []float32
}

// A step is an operation bound to its memory.
type step struct {
	node     int
	op       Op
	cost     int // operations of a row, forward
	backward bool
	add      []int // inputs whose gradient is computed aside and then added
	call     Call

	// What the operation is as well, or nil: to find out takes a while.
	keeper    Keeper
	scratcher Scratcher
	recorder  Recorder
	weigher   Weigher
}

// NewPlan lays out a plan over the store's parameters. It fails with code memory
// where the plan would need more than limit bytes beyond the store; a limit of 0
// means none.
func NewPlan(g *Graph, store *Store, config Config, limit int) (*Plan, error) {
	must(config.MaxBatch > 0, "a plan wants at least one row")
	p := &Plan{graph: g, store: store, config: config, layout: lay(g, config), workspace: kernel.NewWorkspace()}
	if need := p.layout.bytes(store); limit > 0 && need > limit {
		return nil, tensor.Errorf(tensor.CodeMemory, "a batch of %d rows needs %d MB of memory, more than the limit of %d MB; use a smaller batch or smaller layers",
			config.MaxBatch, need>>20, limit>>20)
	}
	p.arena = make([]float32, p.layout.length)
	if len(config.Losses) > 0 {
		p.Grads = make([]float32, store.Trainable())
		for id, i := range p.layout.param {
			if i >= 0 && store.Params[i].Trainable && !p.layout.grad[id] {
				p.idle = append(p.idle, store.Of(i, p.Grads))
			}
		}
	}
	p.makeSteps()
	p.recording = newRecording(len(p.steps))
	p.bind(config.MaxBatch)
	return p, nil
}

// makeSteps lists the operations that something needs, with calls that hold every
// slice except the batched ones.
func (p *Plan) makeSteps() {
	written := make([]bool, len(p.graph.nodes)) // gradients that have a first summand
	for id := range p.graph.nodes {
		if n := &p.graph.nodes[id]; n.op != nil && p.layout.needed[id] {
			s := step{node: id, op: n.op, cost: cost(p.graph, n), backward: p.layout.grad[id]}
			s.call = Call{In: make([][]float32, len(n.in)), DIn: make([][]float32, len(n.in)),
				InShape: p.graph.shapes(n.in), OutShape: n.shape, Layer: n.layer, run: p}
			s.keeper, _ = n.op.(Keeper)
			s.scratcher, _ = n.op.(Scratcher)
			s.recorder, _ = n.op.(Recorder)
			s.weigher, _ = n.op.(Weigher)
			p.steps = append(p.steps, s)
		}
	}
	for i := len(p.steps) - 1; i >= 0; i-- { // in the order of going backward
		s := &p.steps[i]
		if !s.backward {
			continue
		}
		for j, in := range p.graph.nodes[s.node].in {
			if p.layout.grad[in] && written[in] {
				s.add = append(s.add, j)
			}
			written[in] = true
		}
	}
}

// bind cuts all slices to a number of rows.
func (p *Plan) bind(rows int) {
	if p.rows == rows {
		return
	}
	p.rows = rows
	for i := range p.steps {
		p.bindForward(&p.steps[i])
		if p.steps[i].backward {
			p.bindBackward(&p.steps[i])
		}
	}
	p.record()
}

func (p *Plan) bindForward(s *step) {
	c := &s.call
	c.N = p.rows
	c.Out = p.value(s.node)
	if k := p.layout.auxPerRow[s.node]; k > 0 {
		c.Aux = p.part(p.layout.aux[s.node], p.rows*k)
	}
	if k := p.layout.keeps[s.node]; k > 0 {
		c.Kept = p.part(p.layout.kept[s.node], k)
	}
	if s.scratcher != nil {
		c.Scratch = p.part(len(p.arena)-p.layout.scratch, s.scratcher.ScratchSize(c.InShape, c.OutShape))
	}
	for j, in := range p.graph.nodes[s.node].in {
		c.In[j] = p.value(in)
	}
}

func (p *Plan) bindBackward(s *step) {
	c := &s.call
	c.DOut = p.gradient(s.node)
	for j, in := range p.graph.nodes[s.node].in {
		if p.layout.grad[in] {
			c.DIn[j] = p.gradient(in)
		}
	}
	aside := p.layout.aside[s.node]
	for _, j := range s.add {
		c.DIn[j] = p.part(aside, len(c.DIn[j]))
		aside += aligned(len(c.DIn[j]))
	}
}

func (p *Plan) part(offset, length int) []float32 {
	return p.arena[offset : offset+length : offset+length]
}

// length returns the number of values that node id has at present.
func (p *Plan) length(id int) int {
	n := &p.graph.nodes[id]
	if n.batched {
		return p.rows * size(n.shape)
	}
	return size(n.shape)
}

func (p *Plan) value(id int) []float32 {
	if i := p.layout.param[id]; i >= 0 {
		return p.store.Of(i, p.store.values)
	}
	if p.outside.memory != nil && p.outside.id == id {
		return p.outside.memory[:p.length(id)]
	}
	return p.part(p.layout.values[id], p.length(id))
}

func (p *Plan) gradient(id int) []float32 {
	if i := p.layout.param[id]; i >= 0 {
		return p.store.Of(i, p.Grads)
	}
	return p.part(p.layout.grads[id], p.length(id))
}

func (g *Graph) shapes(ids []int) [][]int {
	shapes := make([][]int, len(ids))
	for i, id := range ids {
		shapes[i] = g.nodes[id].shape
	}
	return shapes
}

func cost(g *Graph, n *node) int {
	if c, ok := n.op.(Coster); ok {
		return c.Cost(g.shapes(n.in), n.shape)
	}
	return size(n.shape)
}
