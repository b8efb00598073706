package codegen

import (
	"math"

	"github.com/terrarium-ml/terrarium/core/graph"
	"github.com/terrarium-ml/terrarium/core/internal/wasmgen"
)

// Operations that only move values. Nearly all of them are copies of rows of some bytes
// between two arrays in which rows lie at some distance.

// rows writes a copy of count rows of bytes bytes.
func (e *emitter) rows(count wasmgen.I32, bytes int, dst wasmgen.I32, dstRow int, src wasmgen.I32, srcRow int) {
	e.Call(e.lib.Move(), count, number(bytes), dst, number(dstRow), src, number(srcRow))
}

func (c *compiler) lowerConcat(n *graph.Node, o graph.Concat) step {
	outer := graph.Size(n.Shape[:o.Axis])
	return step{emit: func(e *emitter) {
		whole, at := 4*graph.Size(n.Shape[o.Axis:]), 0
		for _, in := range n.In {
			part := 4 * graph.Size(c.node(in).Shape[o.Axis:])
			e.rows(e.count(n.Value, outer), part, wasmgen.I32Add(e.addr(n.Value), number(at)), whole, e.addr(in), part)
			at += part
		}
	}}
}

func (c *compiler) lowerRepeat(n *graph.Node, o graph.Repeat) step {
	return step{emit: func(e *emitter) {
		part := 4 * c.size(n.In[0])
		e.samples(n, func(x, y wasmgen.Local[wasmgen.I32]) { e.rows(number(o.Times), part, y.Get(), part, x.Get(), 0) })
	}}
}

// An enclosure says where a small image lies in a large one, in bytes.
type enclosure struct{ rows, inner, row, start int }

func enclose(shape []int, edges graph.Edges) enclosure {
	h, w, ch := 1, shape[0], shape[len(shape)-1]
	if len(shape) == 3 {
		h, w = shape[0], shape[1]
	} else {
		edges.Before[0], edges.After[0] = 0, 0
	}
	return enclosure{
		rows: h - edges.Before[0] - edges.After[0], inner: 4 * ch * (w - edges.Before[1] - edges.After[1]),
		row: 4 * ch * w, start: 4 * ch * (edges.Before[0]*w + edges.Before[1]),
	}
}

func (c *compiler) lowerPad(n *graph.Node, o graph.Pad) step {
	return step{emit: func(e *emitter) {
		g := enclose(n.Shape, o.Edges)
		e.MemoryFill(e.addr(n.Value), number(0), e.count(n.Value, 4*c.size(n.Value)))
		e.samples(n, func(x, y wasmgen.Local[wasmgen.I32]) {
			e.rows(number(g.rows), g.inner, plus(y, g.start), g.row, x.Get(), g.inner)
		})
	}}
}

func (c *compiler) lowerCrop(n *graph.Node, o graph.Crop) step {
	return step{emit: func(e *emitter) {
		g := enclose(c.node(n.In[0]).Shape, o.Edges)
		e.samples(n, func(x, y wasmgen.Local[wasmgen.I32]) {
			e.rows(number(g.rows), g.inner, y.Get(), g.inner, plus(x, g.start), g.row)
		})
	}}
}

// lowerPermute copies whole stretches of the axes that stay last; over the others it
// loops, the last of them by rows.
func (c *compiler) lowerPermute(n *graph.Node, o graph.Permute) step {
	shape := c.node(n.In[0]).Shape
	axes := append([]int{}, o.Axes...)
	unit := 4
	for k := len(axes) - 1; k > 0 && axes[k] == k; k-- {
		unit *= shape[k]
		axes = axes[:k]
	}
	return step{emit: func(e *emitter) {
		stride := func(axis int) int { return 4 * graph.Size(shape[axis+1:]) }
		e.samples(n, func(x, y wasmgen.Local[wasmgen.I32]) {
			to := e.local()
			to.Set(y.Get())
			var nest func(k int, from wasmgen.Local[wasmgen.I32])
			nest = func(k int, from wasmgen.Local[wasmgen.I32]) {
				axis := axes[k]
				if k == len(axes)-1 {
					e.rows(number(shape[axis]), unit, to.Get(), unit, from.Get(), stride(axis))
					e.advance(to, unit*shape[axis])
					return
				}
				at := e.local()
				at.Set(from.Get())
				e.repeat(number(shape[axis]), func() {
					nest(k+1, at)
					e.advance(at, stride(axis))
				})
			}
			nest(0, x)
		})
	}}
}

func (c *compiler) lowerUpsample(n *graph.Node, o graph.Upsample) step {
	x := c.node(n.In[0]).Shape
	h, w, ch, fy, fx := 1, x[0], x[len(x)-1], 1, o.Size[1]
	if len(x) == 3 {
		h, w, fy = x[0], x[1], o.Size[0]
	}
	return step{emit: func(e *emitter) {
		pixel, row := 4*ch, 4*ch*w*fx
		from, to := e.local(), e.local()
		from.Set(e.addr(n.In[0]))
		to.Set(e.addr(n.Value))
		e.repeat(e.count(n.Value, h), func() {
			at := e.local()
			at.Set(to.Get())
			e.repeat(number(fx), func() {
				e.rows(number(w), pixel, at.Get(), pixel*fx, from.Get(), pixel)
				e.advance(at, pixel)
			})
			if fy > 1 {
				e.rows(number(fy-1), row, plus(to, row), row, to.Get(), 0)
			}
			e.advance(from, pixel*w)
			e.advance(to, row*fy)
		})
	}}
}

// lowerBilinear finds sources and weights of each output row and column beforehand, in a
// table: two byte offsets, and the weight of the second.
func (c *compiler) lowerBilinear(n *graph.Node, o graph.UpsampleBilinear) step {
	x := c.node(n.In[0]).Shape
	h, w, ch, fy := 1, x[0], x[len(x)-1], 1
	if len(x) == 3 {
		h, w, fy = x[0], x[1], o.Size[0]
	}
	rows, cols := c.store(between(h, fy, 4*w*ch)), c.store(between(w, o.Size[1], 4*ch))
	return step{emit: func(e *emitter) {
		e.Call(e.lib.Bilinear(), e.count(n.Value, 1), e.addr(n.Value), e.addr(n.In[0]), number(4*h*w*ch), number(ch),
			number(rows()), number(h*fy), number(cols()), number(w*o.Size[1]))
	}}
}

// between lists for each of n·factor places the two of n around it, in bytes, and the
// weight of the second, as graph.UpsampleBilinear has them.
func between(n, factor, bytes int) []float32 {
	var table []float32
	for o := range n * factor {
		twice := 2*o + 1 - factor
		first, second, t := 0, 0, float32(0)
		switch {
		case twice < 0:
		case twice/(2*factor) >= n-1:
			first, second = n-1, n-1
		default:
			first = twice / (2 * factor)
			second, t = first+1, float32(twice-first*2*factor)/float32(2*factor)
		}
		table = append(table, math.Float32frombits(uint32(first*bytes)), math.Float32frombits(uint32(second*bytes)), t)
	}
	return table
}
