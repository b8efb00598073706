package codegen

import (
	"github.com/terrarium-ml/terrarium/core/graph"
	"github.com/terrarium-ml/terrarium/core/internal/wasmgen"
)

func (c *compiler) lowerSlice(n *graph.Node, o graph.Slice) step {
	return step{emit: func(e *emitter) {
		part := 4 * graph.Size(o.Shape)
		e.rows(e.count(n.Value, 1), part, e.addr(n.Value), part, wasmgen.I32Add(e.addr(n.In[0]), number(4*o.From)), 4*c.size(n.In[0]))
	}}
}

func (c *compiler) lowerReverse(n *graph.Node) step {
	return step{emit: func(e *emitter) {
		steps := n.Shape[0]
		part := 4 * c.size(n.Value) / steps
		e.samples(n, func(x, y wasmgen.Local[wasmgen.I32]) {
			e.rows(number(steps), part, y.Get(), part, plus(x, (steps-1)*part), -part)
		})
	}}
}

// lowerDirections puts the sequence that was read backwards in order, and merges.
func (c *compiler) lowerDirections(n *graph.Node, o graph.Directions) step {
	shape := c.node(n.In[0]).Shape
	u := shape[len(shape)-1]
	size := graph.Size(shape)
	steps, part := size/u, 4*u
	if o.Merge == graph.MergeConcat {
		return step{emit: func(e *emitter) {
			e.rows(e.count(n.Value, steps), part, e.addr(n.Value), 2*part, e.addr(n.In[0]), part)
			x, y := e.local(), e.local()
			x.Set(e.addr(n.In[1]))
			y.Set(wasmgen.I32Add(e.addr(n.Value), number(part)))
			e.repeat(e.count(n.Value, 1), func() {
				e.rows(number(steps), part, y.Get(), 2*part, plus(x, (steps-1)*part), -part)
				e.advance(x, 4*size)
				e.advance(y, 8*size)
			})
		}}
	}
	name, merge := "add", wasmgen.Lanes.Add
	switch o.Merge {
	case graph.MergeMul:
		name, merge = "mul", wasmgen.Lanes.Mul
	case graph.MergeAve:
		name, merge = "average", func(l wasmgen.Lanes, a, b wasmgen.Num) wasmgen.Num { return l.Mul(l.Add(a, b), l.Const(0.5)) }
	}
	return step{scratch: func(rows int) int { return rows * size }, emit: func(e *emitter) {
		back := e.scratch(0)
		x, y := e.local(), e.local()
		x.Set(e.addr(n.In[1]))
		y.Set(number(back))
		e.repeat(e.count(n.Value, 1), func() {
			e.rows(number(steps), part, y.Get(), part, plus(x, (steps-1)*part), -part)
			e.advance(x, 4*size)
			e.advance(y, 4*size)
		})
		e.Call(e.lib.Zip(name, merge), e.count(n.Value, size), e.addr(n.Value), e.addr(n.In[0]), number(back))
	}}
}
