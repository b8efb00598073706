package codegen

import (
	"fmt"
	"math"
	"strings"

	"github.com/terrarium-ml/terrarium/core/graph"
	"github.com/terrarium-ml/terrarium/core/internal/kernel"
	"github.com/terrarium-ml/terrarium/core/internal/wasmgen"
)

// A step says how the module computes one operation.
type step struct {
	refused string             // why it cannot: the operation's name
	alias   bool               // the result is the first input as it lies there; nothing is computed
	inPlace bool               // the result may lie in the first input's place
	scratch func(rows int) int // how many numbers the operation works in; nil: none
	emit    func(e *emitter)
}

// An emitter writes the code of steps into the module's function run. n rows are
// computed at once.
type emitter struct {
	*wasmgen.Func
	c          *compiler
	lib        *wasmgen.Library
	n, in, out wasmgen.Local[wasmgen.I32]
}

// number is a constant.
func number(v int) wasmgen.I32 { return wasmgen.I32Const(int32(v)) }

// count is per numbers for each row of v.
func (e *emitter) count(v graph.Value, per int) wasmgen.I32 {
	switch {
	case !e.c.node(v).Batched:
		return number(per)
	case per == 1:
		return e.n.Get()
	}
	return wasmgen.I32Mul(e.n.Get(), number(per))
}

// local declares a variable.
func (e *emitter) local() wasmgen.Local[wasmgen.I32] { return wasmgen.NewLocal[wasmgen.I32](e.Func) }

// advance writes l += by.
func (e *emitter) advance(l wasmgen.Local[wasmgen.I32], by int) {
	l.Set(wasmgen.I32Add(l.Get(), number(by)))
}

// repeat writes body so that it runs count times; count is at least 1.
func (e *emitter) repeat(count wasmgen.I32, body func()) {
	left := e.local()
	left.Set(count)
	e.Loop(func(again wasmgen.Label) {
		body()
		e.BrIf(again, left.Tee(wasmgen.I32Sub(left.Get(), number(1))))
	})
}

// samples writes body so that it runs for each row of v, x and y being where the row's
// first input and its result are.
func (e *emitter) samples(n *graph.Node, body func(x, y wasmgen.Local[wasmgen.I32])) {
	x, y := e.local(), e.local()
	x.Set(e.addr(n.In[0]))
	y.Set(e.addr(n.Value))
	e.repeat(e.count(n.Value, 1), func() {
		body(x, y)
		e.advance(x, 4*e.c.size(n.In[0]))
		e.advance(y, 4*e.c.size(n.Value))
	})
}

// plus is the address some bytes behind l.
func plus(l wasmgen.Local[wasmgen.I32], bytes int) wasmgen.I32 {
	if bytes == 0 {
		return l.Get()
	}
	return wasmgen.I32Add(l.Get(), number(bytes))
}

// scratch is the address of the memory that the operation works in, some numbers on.
func (e *emitter) scratch(numbers int) int { return e.c.memory.scratch + 4*numbers }

// lowerNode decides how an operation is computed.
func (c *compiler) lowerNode(n *graph.Node) step {
	switch op := n.Op.(type) {
	case graph.Reshape, graph.Dropout, graph.SpatialDropout, graph.GaussianNoise, graph.GaussianDropout, graph.AlphaDropout:
		return step{alias: true}
	case graph.MatMul:
		return c.lowerMatMul(n)
	case graph.Activation:
		return c.lowerActivation(n, op)
	case graph.Softmax:
		return c.lowerRows(n, (*wasmgen.Library).Softmax)
	case graph.LogSoftmax:
		return c.lowerRows(n, (*wasmgen.Library).LogSoftmax)
	case graph.Add:
		return c.lowerZip(n, "add", wasmgen.Lanes.Add)
	case graph.Sub:
		return c.lowerZip(n, "sub", wasmgen.Lanes.Sub)
	case graph.Mul:
		return c.lowerZip(n, "mul", wasmgen.Lanes.Mul)
	case graph.Maximum:
		return c.lowerZip(n, "maximum", func(l wasmgen.Lanes, x, z wasmgen.Num) wasmgen.Num { return l.Select(z, x, l.Lt(x, z)) })
	case graph.Minimum:
		return c.lowerZip(n, "minimum", func(l wasmgen.Lanes, x, z wasmgen.Num) wasmgen.Num { return l.Select(z, x, l.Gt(x, z)) })
	case graph.Scale:
		return c.lowerMap(n, named("scale", op.Factor), func(l wasmgen.Lanes, x wasmgen.Num) wasmgen.Num { return l.Mul(x, l.Const(op.Factor)) })
	case graph.ReluOf:
		return c.lowerReluOf(n, op)
	case graph.PRelu:
		return c.lowerPRelu(n)
	case graph.Conv:
		return c.lowerConv(n, op)
	case graph.DepthwiseConv:
		return c.lowerDepthwise(n, op)
	case graph.ConvTranspose:
		return c.lowerConvTranspose(n, op)
	case graph.MaxPool:
		return c.lowerPool(n, op.Window, false)
	case graph.MeanPool:
		return c.lowerPool(n, op.Window, true)
	case graph.GlobalMean:
		return c.lowerGlobalMean(n)
	case graph.MaskedMean:
		return c.lowerMaskedMean(n)
	case graph.UnitRows:
		return c.lowerUnitRows(n)
	case graph.Dot:
		return c.lowerDot(n)
	case graph.BatchNorm:
		return c.lowerBatchNorm(n, op)
	case graph.Normalize:
		return c.lowerNormalize(n, op)
	case graph.Embedding:
		return c.lowerEmbedding(n)
	case graph.AddPositions:
		return c.lowerAddPositions(n, op)
	case graph.StepMask:
		return c.lowerStepMask(n, op)
	case graph.HideSteps:
		return c.lowerHideSteps(n)
	case graph.Attention:
		return c.lowerAttention(n, op)
	case graph.SimpleRNN:
		return c.lowerSimpleRNN(n, op)
	case graph.LSTM:
		return c.lowerLSTM(n, op)
	case graph.GRU:
		return c.lowerGRU(n, op)
	}
	return c.lowerMove(n)
}

// lowerMove is lowerNode for operations that only move values.
func (c *compiler) lowerMove(n *graph.Node) step {
	switch op := n.Op.(type) {
	case graph.Concat:
		return c.lowerConcat(n, op)
	case graph.Slice:
		return c.lowerSlice(n, op)
	case graph.Reverse:
		return c.lowerReverse(n)
	case graph.Directions:
		return c.lowerDirections(n, op)
	case graph.Repeat:
		return c.lowerRepeat(n, op)
	case graph.Pad:
		return c.lowerPad(n, op)
	case graph.Crop:
		return c.lowerCrop(n, op)
	case graph.Permute:
		return c.lowerPermute(n, op)
	case graph.Upsample:
		return c.lowerUpsample(n, op)
	case graph.UpsampleBilinear:
		return c.lowerBilinear(n, op)
	}
	return step{refused: strings.TrimPrefix(fmt.Sprintf("%T", n.Op), "graph.")}
}

func (c *compiler) lowerMatMul(n *graph.Node) step {
	x := c.node(n.In[0]).Shape
	k, width := x[len(x)-1], n.Shape[len(n.Shape)-1]
	m := graph.Size(n.Shape) / width
	flags := c.reluFlag(n)
	panels := c.inPanels(n.In[1], width)
	return step{emit: func(e *emitter) {
		bias := number(0)
		if len(n.In) == 3 {
			bias = e.addr(n.In[2])
		}
		if panels {
			e.Call(e.lib.PanelProduct(), e.count(n.Value, m), number(width), number(k), e.addr(n.In[0]), number(4*k),
				e.addr(n.In[1]), bias, e.addr(n.Value), number(4*width), number(flags))
			return
		}
		e.Call(e.lib.Product(), e.count(n.Value, m), number(width), number(k), e.addr(n.In[0]), number(4*k),
			e.addr(n.In[1]), number(4*width), bias, e.addr(n.Value), number(4*width), number(flags))
	}}
}

// inPanels has a weight lie in the module in panels, if that is possible and makes a
// difference: what else reads it would not find its numbers, and what is decoded when the
// module starts comes out row by row.
func (c *compiler) inPanels(v graph.Value, width int) bool {
	i := c.index[v]
	if c.nodes[i].Param == nil || c.uses[i] != 1 || c.codec != nil || width <= wasmgen.PanelColumns {
		return false
	}
	c.panels[i] = true
	return true
}

// feedsRelu tells whether a product's only reader is a relu, which is then computed
// with it.
func (c *compiler) feedsRelu(n *graph.Node) bool {
	if c.uses[c.index[n.Value]] != 1 {
		return false
	}
	for i := c.index[n.Value] + 1; i < len(c.nodes); i++ {
		if r := &c.nodes[i]; r.Op != nil && r.In[0] == n.Value {
			return isRelu(r.Op)
		}
	}
	return false
}

// reluFlag is the flag of products, and of what else takes it, for a relu behind n.
func (c *compiler) reluFlag(n *graph.Node) int {
	if c.feedsRelu(n) {
		return wasmgen.ProductRelu
	}
	return 0
}

func isRelu(op graph.Op) bool {
	a, ok := op.(graph.Activation)
	return ok && a.Kind == kernel.Relu
}

// An activation is written by a function of a Lanes.
type activation func(l wasmgen.Lanes, x wasmgen.Num, alpha float32) wasmgen.Num

func plain(f func(l wasmgen.Lanes, x wasmgen.Num) wasmgen.Num) activation {
	return func(l wasmgen.Lanes, x wasmgen.Num, _ float32) wasmgen.Num { return f(l, x) }
}

// activationOf returns nil for a kind that is not written. Its table is made when it is
// asked: a variable would bring the writers into every program that can train.
func activationOf(kind kernel.Activation) activation {
	return map[kernel.Activation]activation{
		kernel.Linear:      plain(func(_ wasmgen.Lanes, x wasmgen.Num) wasmgen.Num { return x }),
		kernel.Relu:        plain(wasmgen.Lanes.Relu),
		kernel.Relu6:       plain(func(l wasmgen.Lanes, x wasmgen.Num) wasmgen.Num { return l.Clamp(x, 0, 6) }),
		kernel.LeakyRelu:   wasmgen.Lanes.LeakyRelu,
		kernel.Elu:         wasmgen.Lanes.Elu,
		kernel.Selu:        plain(wasmgen.Lanes.Selu),
		kernel.Sigmoid:     plain(wasmgen.Lanes.Sigmoid),
		kernel.HardSigmoid: plain(wasmgen.Lanes.HardSigmoid),
		kernel.Tanh:        plain(wasmgen.Lanes.Tanh),
		kernel.Softplus:    plain(wasmgen.Lanes.Softplus),
		kernel.Softsign:    plain(wasmgen.Lanes.Softsign),
		kernel.Swish:       plain(wasmgen.Lanes.Swish),
		kernel.Mish:        plain(wasmgen.Lanes.Mish),
		kernel.Gelu:        plain(wasmgen.Lanes.Gelu),
		kernel.GeluTanh:    plain(wasmgen.Lanes.GeluTanh),
	}[kind]
}

func (c *compiler) lowerActivation(n *graph.Node, a graph.Activation) step {
	if a.Kind == kernel.Linear {
		return step{alias: true}
	}
	write := activationOf(a.Kind)
	if write == nil {
		return step{refused: fmt.Sprintf("Activation %d", a.Kind)}
	}
	if before := c.node(n.In[0]); a.Kind == kernel.Relu && fusesRelu(before.Op) && c.feedsRelu(before) {
		return step{alias: true}
	}
	name := fmt.Sprintf("activation %d %x", a.Kind, math.Float32bits(a.Alpha))
	return step{inPlace: true, emit: func(e *emitter) {
		f := e.lib.Map(name, func(l wasmgen.Lanes, x wasmgen.Num) wasmgen.Num { return write(l, x, a.Alpha) })
		e.Call(f, e.count(n.Value, c.size(n.Value)), e.addr(n.Value), e.addr(n.In[0]))
	}}
}

// fusesRelu tells whether an operation can compute the relu behind it.
func fusesRelu(op graph.Op) bool {
	switch op.(type) {
	case graph.MatMul, graph.Conv, graph.DepthwiseConv, graph.ConvTranspose, graph.BatchNorm:
		return true
	}
	return false
}

// lowerRows lowers an operation on rows along the last axis, by a function of (rows, n, y, x).
func (c *compiler) lowerRows(n *graph.Node, function func(lib *wasmgen.Library) *wasmgen.Func) step {
	width := n.Shape[len(n.Shape)-1]
	return step{inPlace: true, emit: func(e *emitter) {
		e.Call(function(e.lib), e.count(n.Value, c.size(n.Value)/width), number(width), e.addr(n.Value), e.addr(n.In[0]))
	}}
}

// lowerZip lowers an operation on two values of one shape.
func (c *compiler) lowerZip(n *graph.Node, name string, write func(l wasmgen.Lanes, x, z wasmgen.Num) wasmgen.Num) step {
	if c.node(n.In[0]).Batched != c.node(n.In[1]).Batched {
		return step{refused: fmt.Sprintf("%T of a weight", n.Op)}
	}
	return step{inPlace: true, emit: func(e *emitter) {
		e.Call(e.lib.Zip(name, write), e.count(n.Value, c.size(n.Value)), e.addr(n.Value), e.addr(n.In[0]), e.addr(n.In[1]))
	}}
}
