package codegen

import (
	"fmt"
	"math"

	"github.com/terrarium-ml/terrarium/core/graph"
	"github.com/terrarium-ml/terrarium/core/internal/wasmgen"
)

// lowerMap lowers an operation on every number; name tells it from others.
func (c *compiler) lowerMap(n *graph.Node, name string, write func(l wasmgen.Lanes, x wasmgen.Num) wasmgen.Num) step {
	return step{inPlace: true, emit: func(e *emitter) {
		e.Call(e.lib.Map(name, write), e.count(n.Value, c.size(n.Value)), e.addr(n.Value), e.addr(n.In[0]))
	}}
}

// named is a name with numbers that belong to it.
func named(name string, of ...float32) string {
	for _, v := range of {
		name += fmt.Sprintf(" %x", math.Float32bits(v))
	}
	return name
}

func (c *compiler) lowerReluOf(n *graph.Node, o graph.ReluOf) step {
	return c.lowerMap(n, named("reluOf", o.Threshold, o.Slope, o.Most), func(l wasmgen.Lanes, x wasmgen.Num) wasmgen.Num {
		low, most := l.Const(o.Threshold), l.Const(o.Most)
		return l.Select(l.Mul(l.Const(o.Slope), l.Sub(x, low)), l.Select(most, x, l.Gt(x, most)), l.Lt(x, low))
	})
}

// lowerPRelu expands the slopes to a row.
func (c *compiler) lowerPRelu(n *graph.Node) step {
	alpha, size := c.node(n.In[1]).Shape, c.size(n.Value)
	row := func(e *emitter) wasmgen.I32 { return e.addr(n.In[1]) }
	if graph.Size(alpha) != size {
		at := c.derive(size, func(e *emitter, at int) {
			to := e.local()
			to.Set(number(at))
			e.expand(n.Shape, alpha, e.addr(n.In[1]), to)
		})
		row = func(*emitter) wasmgen.I32 { return number(at()) }
	}
	return step{inPlace: true, emit: func(e *emitter) {
		f := e.lib.Columns("prelu", 1, func(l wasmgen.Lanes, x wasmgen.Num, p []wasmgen.Num) wasmgen.Num {
			return l.Select(l.Mul(p[0], x), x, l.Lt(x, l.Const(0)))
		})
		e.Call(f, e.count(n.Value, 1), number(size), e.addr(n.Value), e.addr(n.In[0]), row(e))
	}}
}

// expand writes loops that copy values of a shape, in which some axes of shape are 1, to
// all places of shape.
func (e *emitter) expand(shape, small []int, from wasmgen.I32, to wasmgen.Local[wasmgen.I32]) {
	if len(shape) == 0 {
		e.F32Store(to.Get(), 0, wasmgen.F32Load(from, 0))
		e.advance(to, 4)
		return
	}
	at := e.local()
	at.Set(from)
	e.repeat(number(shape[0]), func() {
		e.expand(shape[1:], small[1:], at.Get(), to)
		if small[0] > 1 {
			e.advance(at, 4*graph.Size(small[1:]))
		}
	})
}

func (c *compiler) lowerPool(n *graph.Node, w graph.Window, mean bool) step {
	x := c.node(n.In[0]).Shape
	h, width, oh, ow := 1, x[0], 1, n.Shape[0]
	if len(x) == 3 {
		h, width, oh, ow = x[0], x[1], n.Shape[0], n.Shape[1]
	}
	before := func(axis, in, out int) int {
		if !w.Same {
			return 0
		}
		return max((out-1)*w.Strides[axis]+w.Size[axis]-in, 0) / 2
	}
	return step{emit: func(e *emitter) {
		e.Call(e.lib.Pool(mean), e.count(n.Value, 1), e.addr(n.Value), e.addr(n.In[0]), number(h), number(width), number(x[len(x)-1]), number(oh), number(ow),
			number(w.Size[0]), number(w.Size[1]), number(w.Strides[0]), number(w.Strides[1]), number(before(0, h, oh)), number(before(1, width, ow)))
	}}
}

// lowerGlobalMean multiplies by a row of ones, as kernel.ColSums does, and divides.
func (c *compiler) lowerGlobalMean(n *graph.Node) step {
	k := c.size(n.Value)
	pixels := c.size(n.In[0]) / k
	ones := c.constant(pixels, 1)
	return step{emit: func(e *emitter) {
		e.samples(n, func(x, y wasmgen.Local[wasmgen.I32]) {
			e.Call(e.lib.Product(), number(1), number(k), number(pixels), number(ones()), number(4*pixels), x.Get(), number(4*k), number(0), y.Get(), number(4*k), number(0))
		})
		f := e.lib.Map(named("divide", float32(pixels)), func(l wasmgen.Lanes, x wasmgen.Num) wasmgen.Num { return l.Div(x, l.Const(float32(pixels))) })
		e.Call(f, e.count(n.Value, k), e.addr(n.Value), e.addr(n.Value))
	}}
}

func (c *compiler) lowerUnitRows(n *graph.Node) step {
	width := n.Shape[len(n.Shape)-1]
	return step{inPlace: true, emit: func(e *emitter) {
		e.Call(e.lib.UnitRows(), e.count(n.Value, c.size(n.Value)/width), number(width), e.addr(n.Value), e.addr(n.In[0]), wasmgen.F32Const(1e-12))
	}}
}

// lowerDot turns the second factor over, sample by sample.
func (c *compiler) lowerDot(n *graph.Node) step {
	m, width, k := n.Shape[0], n.Shape[1], c.node(n.In[0]).Shape[1]
	return step{scratch: func(int) int { return k*width + wasmgen.Slack }, emit: func(e *emitter) {
		b, turned := e.local(), number(e.scratch(0))
		b.Set(e.addr(n.In[1]))
		e.samples(n, func(x, y wasmgen.Local[wasmgen.I32]) {
			e.Call(e.lib.Transpose(), number(width), number(k), turned, number(4*width), b.Get(), number(4*k))
			e.Call(e.lib.Product(), number(m), number(width), number(k), x.Get(), number(4*k), turned, number(4*width), number(0), y.Get(), number(4*width), number(0))
			e.advance(b, 4*width*k)
		})
	}}
}

// lowerMaskedMean multiplies the mask with the steps, and by one over their number.
func (c *compiler) lowerMaskedMean(n *graph.Node) step {
	x := c.node(n.In[0]).Shape
	steps, k := x[0], x[1]
	return step{emit: func(e *emitter) {
		mask := e.local()
		count := wasmgen.NewLocal[wasmgen.F32](e.Func)
		mask.Set(e.addr(n.In[1]))
		e.samples(n, func(x, y wasmgen.Local[wasmgen.I32]) {
			e.Call(e.lib.Product(), number(1), number(k), number(steps), mask.Get(), number(4*steps), x.Get(), number(4*k), number(0), y.Get(), number(4*k), number(0))
			count.Set(wasmgen.Result[wasmgen.F32](e.lib.Reduce(wasmgen.Sum), number(steps), mask.Get(), wasmgen.F32Const(0)))
			e.If(wasmgen.F32Gt(count.Get(), wasmgen.F32Const(0)), func() {
				e.Call(e.lib.ScaleRow(), number(k), y.Get(), y.Get(), wasmgen.F32Div(wasmgen.F32Const(1), count.Get()))
			})
			e.advance(mask, 4*steps)
		})
	}}
}
