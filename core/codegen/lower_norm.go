package codegen

import (
	"github.com/terrarium-ml/terrarium/core/graph"
	"github.com/terrarium-ml/terrarium/core/internal/wasmgen"
)

// lowerBatchNorm makes gamma/√(variance + epsilon) when the module starts.
func (c *compiler) lowerBatchNorm(n *graph.Node, o graph.BatchNorm) step {
	width := n.Shape[len(n.Shape)-1]
	next := 1
	in := func(there bool) int { // where an optional input stands
		if !there {
			return 0
		}
		next++
		return next - 1
	}
	gamma, beta := in(o.Scale), in(o.Center)
	mean, variance := n.In[next], n.In[next+1]
	factor := c.derive(width, func(e *emitter, at int) {
		f := e.lib.Map(named("inverseRoots", o.Epsilon), func(l wasmgen.Lanes, x wasmgen.Num) wasmgen.Num {
			return l.Div(l.Const(1), l.Sqrt(l.Add(x, l.Const(o.Epsilon))))
		})
		e.Call(f, number(width), number(at), e.addr(variance))
		if gamma > 0 {
			e.Call(e.lib.Zip("mul", wasmgen.Lanes.Mul), number(width), number(at), number(at), e.addr(n.In[gamma]))
		}
	})
	zeros := func() int { return 0 }
	if beta == 0 {
		zeros = c.constant(width, 0)
	}
	relu := c.feedsRelu(n)
	return step{inPlace: true, emit: func(e *emitter) {
		shift := number(zeros())
		if beta > 0 {
			shift = e.addr(n.In[beta])
		}
		name := "affine"
		if relu {
			name = "affineRelu"
		}
		f := e.lib.Columns(name, 3, func(l wasmgen.Lanes, x wasmgen.Num, p []wasmgen.Num) wasmgen.Num {
			y := l.Add(l.Mul(l.Sub(x, p[0]), p[1]), p[2])
			if relu {
				y = l.Relu(l.Keep(y))
			}
			return y
		})
		e.Call(f, e.count(n.Value, c.size(n.Value)/width), number(width), e.addr(n.Value), e.addr(n.In[0]), e.addr(mean), number(factor()), shift)
	}}
}

func (c *compiler) lowerNormalize(n *graph.Node, o graph.Normalize) step {
	width := graph.Size(n.Shape[len(n.Shape)-o.Axes:])
	next := 1
	param := func(there bool, otherwise float32) func(e *emitter) wasmgen.I32 {
		if there {
			in := n.In[next]
			next++
			return func(e *emitter) wasmgen.I32 { return e.addr(in) }
		}
		at := c.constant(width, otherwise)
		return func(*emitter) wasmgen.I32 { return number(at()) }
	}
	gamma, beta := param(o.Scale, 1), param(o.Center, 0)
	centered := 1
	if o.RMS {
		centered = 0
	}
	return step{inPlace: true, emit: func(e *emitter) {
		e.Call(e.lib.NormalizeRows(), e.count(n.Value, c.size(n.Value)/width), number(width), e.addr(n.Value), e.addr(n.In[0]),
			gamma(e), beta(e), wasmgen.F32Const(o.Epsilon), number(centered))
	}}
}
