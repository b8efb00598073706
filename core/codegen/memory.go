package codegen

import (
	"cmp"
	"slices"

	"github.com/terrarium-ml/terrarium/core/graph"
	"github.com/terrarium-ml/terrarium/core/internal/wasmgen"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// Memory of a module, from below:
//
//	scratch    what functions work in
//	constants  the pipeline's table, weights; then weights that are decoded at the start
//	arena      values of one block of rows
//	rows       input rows, output rows: as many as input was called for
//
// Weights that are to be decoded lie at first where the arena will be.
const (
	page      = 1 << 16
	alignment = 64 // bytes, of everything in memory

	scratchAt   = alignment
	constantsAt = scratchAt + wasmgen.ScratchSize

	slack     = 4 * wasmgen.Slack // bytes behind an array that functions may touch
	maxMemory = 1 << 30           // bytes that a module's memory grows to at most

	mostRows   = 64      // of a block
	arenaBytes = 1 << 20 // what a block's values should take at most, as caches go

	// A module begins with room for so many rows, if they take no more bytes than that:
	// memory that grows takes away the views that a host has of it, and hosts that know
	// their batch write new Float32Array(memory.buffer, input(rows), …), whose first
	// argument is read before the second.
	roomRows  = 256
	roomBytes = 4 << 20
)

func aligned(bytes int) int { return (bytes + alignment - 1) &^ (alignment - 1) }

// memory says where everything lies. All sizes are bytes.
type memory struct {
	table   int // the pipeline's address
	arena   int // where the arena begins
	scratch int // what all operations share, behind the arena's blocks
	rows    int // where input rows begin
	in, out int // bytes of a row
	block   int // rows of a block
	maxRows int
	pages   int // at first
	staged  int // behind the weights that are to be decoded
}

// A place is where a value lies.
type place struct {
	kind  placeKind
	index int // of a block or a weight
}

type placeKind uint8

const (
	inArena placeKind = iota
	inWeights
	inInput  // the rows as the host wrote them
	inOutput // the rows as the host reads them
)

// A block is memory of the arena for one value, or for several after each other.
type block struct {
	size     int // bytes of a row, or of all if it is not batched
	batched  bool
	from, to int // the first and the last node that need it
	outside  bool
	offset   int
}

// layOut gives every value its place.
func (c *compiler) layOut() error {
	c.findLast()
	c.places = make([]place, len(c.nodes))
	weights := 0
	for i := range c.nodes {
		switch n := &c.nodes[i]; {
		case n.Param != nil:
			c.places[i] = place{inWeights, weights}
			weights++
		case n.Op == nil && len(c.source.Inputs) == 1 && !c.tabular():
			c.places[i] = place{kind: inInput}
		case n.Op == nil:
			c.places[i] = c.newBlock(i)
		case c.steps[i].alias || c.overwrites(i):
			c.places[i] = c.places[c.index[n.In[0]]]
		default:
			c.places[i] = c.newBlock(i)
		}
		if p := c.places[i]; p.kind == inArena {
			c.blocks[p.index].to = max(c.blocks[p.index].to, c.last[i])
		}
	}
	if out := c.source.Outputs; len(out) == 1 {
		if p := &c.places[c.index[out[0]]]; p.kind == inArena && c.blocks[p.index].batched {
			c.blocks[p.index].outside = true // written where the host reads it
		}
	}
	return c.address()
}

// findLast finds how long each value is needed, also through aliases of it.
func (c *compiler) findLast() {
	c.last = make([]int, len(c.nodes))
	for i := range c.nodes {
		c.last[i] = i
	}
	for _, v := range c.source.Outputs {
		c.last[c.index[v]] = len(c.nodes)
	}
	for i := len(c.nodes) - 1; i >= 0; i-- {
		for k, in := range c.nodes[i].In {
			until := i
			if k == 0 && c.steps[i].alias {
				until = c.last[i]
			}
			c.last[c.index[in]] = max(c.last[c.index[in]], until)
		}
	}
}

// overwrites tells whether node i may write its result over its first input: if
// nothing that lies there is needed later.
func (c *compiler) overwrites(i int) bool {
	n := &c.nodes[i]
	in := c.index[n.In[0]]
	p := c.places[in]
	if !c.steps[i].inPlace || p.kind != inArena || c.nodes[in].Batched != n.Batched || c.size(n.In[0]) != c.size(n.Value) {
		return false
	}
	for j := range i {
		if c.places[j] == p && c.last[j] > i {
			return false
		}
	}
	return !slices.Contains(n.In[1:], n.In[0])
}

func (c *compiler) newBlock(i int) place {
	n := &c.nodes[i]
	from := i
	if n.Op == nil {
		from = -1 // filled before the first operation
	}
	c.blocks = append(c.blocks, block{size: 4 * graph.Size(n.Shape), batched: n.Batched, from: from, to: i})
	return place{inArena, len(c.blocks) - 1}
}

// address gives every block its address, for as many rows as caches like.
func (c *compiler) address() error {
	m := &c.memory
	m.in, m.out = c.rowBytes(c.source.Inputs), c.rowBytes(c.source.Outputs)
	if c.tabular() {
		m.in = 4 * len(c.source.Pipeline.Inputs)
	}
	length, scratch := 0, 0
	for m.block = mostRows; ; m.block /= 2 {
		if length, scratch = c.place(m.block), c.scratch(m.block); length+scratch <= arenaBytes || m.block == 1 {
			break
		}
	}
	m.scratch = m.arena + length
	m.rows = aligned(m.scratch + scratch + slack)
	for i := range c.blocks {
		c.blocks[i].offset += m.arena
	}
	m.maxRows = (maxMemory - m.rows - 2*slack - 2*alignment) / (m.in + m.out)
	room := min(m.maxRows, max(1, min(roomRows, roomBytes/(m.in+m.out))))
	first := aligned(m.rows+room*m.in+slack) + room*m.out + slack + alignment
	m.pages = (max(first, m.staged+slack) + page - 1) / page
	if m.maxRows < 1 || m.staged > maxMemory {
		return tensor.Errorf(tensor.CodeMemory, "the compiled model would need %d MB of memory, more than the limit of %d MB; use smaller layers", m.pages*page>>20, maxMemory>>20)
	}
	return nil
}

// scratch returns how many bytes the operations work in, none at the same time as others.
func (c *compiler) scratch(rows int) int {
	most := 0
	for i := range c.steps {
		if numbers := c.steps[i].scratch; numbers != nil {
			most = max(most, aligned(4*numbers(rows)))
		}
	}
	return most
}

func (c *compiler) rowBytes(values []graph.Value) int {
	n := 0
	for _, v := range values {
		n += 4 * c.size(v)
	}
	return n
}

// place gives every block its offset for a number of rows, the largest first, each as
// low as the blocks that are needed at the same time allow ("greedy by size": Pisarchyk,
// Lee, 2020). It returns the length of all.
func (c *compiler) place(rows int) int {
	order := make([]*block, 0, len(c.blocks))
	for i := range c.blocks {
		if !c.blocks[i].outside {
			order = append(order, &c.blocks[i])
		}
	}
	slices.SortStableFunc(order, func(a, b *block) int { return cmp.Compare(b.room(rows), a.room(rows)) })
	length := 0
	for i, b := range order {
		b.offset = 0
		others := slices.Clone(order[:i])
		slices.SortStableFunc(others, func(a, b *block) int { return cmp.Compare(a.offset, b.offset) })
		for _, o := range others {
			if o.from <= b.to && b.from <= o.to && o.offset < b.offset+b.room(rows) && b.offset < o.offset+o.room(rows) {
				b.offset = o.offset + o.room(rows)
			}
		}
		length = max(length, b.offset+b.room(rows))
	}
	return length
}

// room returns the bytes of a block of rows. What functions write beyond a value, less
// than a vector, stays within them.
func (b *block) room(rows int) int {
	if !b.batched {
		rows = 1
	}
	return aligned(rows * b.size)
}

// addr is the address of a value.
func (e *emitter) addr(v graph.Value) wasmgen.I32 {
	p := e.c.places[e.c.index[v]]
	switch p.kind {
	case inWeights:
		return number(e.c.weights[p.index].at)
	case inInput:
		return e.in.Get()
	}
	if b := e.c.blocks[p.index]; !b.outside {
		return number(b.offset)
	}
	return e.out.Get()
}
