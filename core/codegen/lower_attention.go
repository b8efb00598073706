package codegen

import (
	"github.com/terrarium-ml/terrarium/core/graph"
	"github.com/terrarium-ml/terrarium/core/internal/wasmgen"
)

func (c *compiler) lowerEmbedding(n *graph.Node) step {
	table := c.node(n.In[1]).Shape
	return step{emit: func(e *emitter) {
		e.Call(e.lib.Embedding(), e.count(n.Value, c.size(n.In[0])), number(table[0]), number(table[1]), e.addr(n.Value), e.addr(n.In[0]), e.addr(n.In[1]))
	}}
}

func (c *compiler) lowerAddPositions(n *graph.Node, o graph.AddPositions) step {
	size := c.size(n.Value)
	table := func(e *emitter) wasmgen.I32 { return e.addr(n.In[1]) }
	if o.Table != nil {
		at := c.store(o.Table)
		table = func(*emitter) wasmgen.I32 { return number(at()) }
	}
	return step{inPlace: true, emit: func(e *emitter) {
		f := e.lib.Columns("addRow", 1, func(l wasmgen.Lanes, x wasmgen.Num, p []wasmgen.Num) wasmgen.Num { return l.Add(x, p[0]) })
		e.Call(f, e.count(n.Value, 1), number(size), e.addr(n.Value), e.addr(n.In[0]), table(e))
	}}
}

func (c *compiler) lowerStepMask(n *graph.Node, o graph.StepMask) step {
	steps := n.Shape[0]
	return step{emit: func(e *emitter) {
		e.Call(e.lib.StepMask(), e.count(n.Value, steps), number(c.size(n.In[0])/steps), e.addr(n.Value), e.addr(n.In[0]), wasmgen.F32Const(o.Padding))
	}}
}

func (c *compiler) lowerHideSteps(n *graph.Node) step {
	steps := n.Shape[0]
	return step{inPlace: true, emit: func(e *emitter) {
		bytes := 4 * c.size(n.Value)
		if e.c.places[e.c.index[n.Value]] != e.c.places[e.c.index[n.In[0]]] {
			e.MemoryCopy(e.addr(n.Value), e.addr(n.In[0]), e.count(n.Value, bytes))
		}
		e.Call(e.lib.HideRows(), e.count(n.Value, steps), number(bytes/steps), e.addr(n.Value), e.addr(n.In[1]))
	}}
}

// lowerAttention computes one head after the other, causal ones in steps of 32 queries
// as graph.Attention does.
func (c *compiler) lowerAttention(n *graph.Node, o graph.Attention) step {
	q, v := c.node(n.In[0]).Shape, c.node(n.In[2]).Shape
	r := len(q)
	blocks, queries, keys, qCols, vCols := graph.Size(q[:r-2]), q[r-2], v[r-2], q[r-1], v[r-1]
	d, width := qCols/o.Heads, vCols/o.Heads
	causal, most := 0, queries
	if o.Causal {
		causal, most = 1, min(queries, 32)
	}
	const slack = wasmgen.Slack
	all := keys
	return step{scratch: func(int) int { return d*keys + slack + most*keys + slack }, emit: func(e *emitter) {
		turned, w := e.scratch(0), e.scratch(d*keys+slack)
		at := make([]wasmgen.Local[wasmgen.I32], 4) // q, k, v, y
		for i, value := range []graph.Value{n.In[0], n.In[1], n.In[2], n.Value} {
			at[i] = e.local()
			at[i].Set(e.addr(value))
		}
		mask, head := e.local(), e.local()
		if len(n.In) == 4 {
			mask.Set(e.addr(n.In[3]))
		}
		part := func(rows, keys int, first wasmgen.I32, q, y wasmgen.I32) {
			e.Call(e.lib.Product(), number(rows), number(keys), number(d), q, number(4*qCols), number(turned), number(4*all), number(0), number(w), number(4*all), number(0))
			e.Call(e.lib.Attend(), number(rows), number(all), first, number(w), number(4*all), wasmgen.F32Const(o.Scale), mask.Get(), number(causal))
			e.Call(e.lib.Product(), number(rows), number(width), number(keys), number(w), number(4*all), wasmgen.I32Add(at[2].Get(), wasmgen.I32Mul(head.Get(), number(4*width))), number(4*vCols), number(0), y, number(4*vCols), number(0))
		}
		one := func() {
			col := func(l wasmgen.Local[wasmgen.I32], w int) wasmgen.I32 {
				return wasmgen.I32Add(l.Get(), wasmgen.I32Mul(head.Get(), number(4*w)))
			}
			e.Call(e.lib.Transpose(), number(keys), number(d), number(turned), number(4*keys), col(at[1], d), number(4*qCols))
			for i := 0; i < queries; i += most {
				rows := min(most, queries-i)
				seen := keys
				if o.Causal {
					seen = min(keys, i+rows)
				}
				part(rows, seen, number(i), wasmgen.I32Add(col(at[0], d), number(4*i*qCols)), wasmgen.I32Add(col(at[3], width), number(4*i*vCols)))
			}
		}
		perSample := func() {
			e.repeat(number(blocks), func() {
				head.Set(number(0))
				e.repeat(number(o.Heads), func() {
					one()
					e.advance(head, 1)
				})
				for i, step := range []int{queries * qCols, keys * qCols, keys * vCols, queries * vCols} {
					e.advance(at[i], 4*step)
				}
			})
		}
		e.repeat(e.count(n.Value, 1), func() {
			perSample()
			if len(n.In) == 4 {
				e.advance(mask, 4*keys)
			}
		})
	}}
}
