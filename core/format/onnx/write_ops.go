package onnx

import (
	"maps"
	"slices"
	"strings"

	"github.com/terrarium-ml/terrarium/core/graph"
	"github.com/terrarium-ml/terrarium/core/internal/kernel"
)

func sortedKeys(m map[string]string) []string { return slices.Sorted(maps.Keys(m)) }

// node writes one operation.
func (e *exporter) node(n graph.Node) error {
	if n.Param != nil {
		e.values[n.Value] = &value{shape: n.Shape} // written where it is used, in the layout it has there
		return nil
	}
	if n.Op == nil {
		if e.values[n.Value] == nil {
			return formatErrorf("the network depends on the input %q, which is not named", n.Input)
		}
		return nil
	}
	e.layer = n.Layer
	switch op := n.Op.(type) {
	case graph.MatMul:
		e.matMul(n)
	case graph.Activation:
		e.elementwise(n, func(x string) string { return e.activation(op, x) })
	case graph.Softmax:
		e.is(n, e.op("Softmax", []string{e.last(n.In[0])}, attr("axis", -1)))
	case graph.LogSoftmax:
		e.is(n, e.op("LogSoftmax", []string{e.last(n.In[0])}, attr("axis", -1)))
	case graph.Dropout, graph.SpatialDropout, graph.GaussianNoise, graph.GaussianDropout, graph.AlphaDropout: // nothing, at inference
		e.values[n.Value] = e.values[n.In[0]]
	default:
		if !e.shapeOp(n) && !e.imageOp(n) && !e.mergeOp(n) && !e.recurrentOp(n) && !e.sequenceOp(n) {
			e.Refuse(n.Layer, "its operation %s has no counterpart in operator set %d", opName(op), opset)
			e.is(n, e.fresh("missing"))
		}
	}
	return nil
}

// opName is the name of an operation's type.
func opName(op graph.Op) string {
	name := typeName(op)
	return name[strings.LastIndexByte(name, '.')+1:]
}

// matMul writes x·w + b: Gemm for rows that are vectors, else MatMul and Add.
func (e *exporter) matMul(n graph.Node) {
	in := []string{e.last(n.In[0]), e.matrix(n.In[1], e.values[n.In[0]].shape)}
	if len(n.Shape) == 1 {
		if len(n.In) == 3 {
			in = append(in, e.vector(n.In[2]))
		}
		e.is(n, e.op("Gemm", in))
		return
	}
	y := e.op("MatMul", in)
	if len(n.In) == 3 {
		y = e.op("Add", []string{y, e.vector(n.In[2])})
	}
	e.is(n, y)
}

// activation writes a function of each element.
func (e *exporter) activation(a graph.Activation, x string) string {
	one := func(op string, attributes ...attribute) string { return e.op(op, []string{x}, attributes...) }
	mul := func(a, b string) string { return e.op("Mul", []string{a, b}) }
	switch a.Kind {
	case kernel.Relu:
		return one("Relu")
	case kernel.Relu6:
		return e.op("Clip", []string{x, e.scalar(0), e.scalar(6)})
	case kernel.LeakyRelu:
		return one("LeakyRelu", attr("alpha", a.Alpha))
	case kernel.Elu:
		return one("Elu", attr("alpha", a.Alpha))
	case kernel.Selu:
		return one("Selu")
	case kernel.Sigmoid:
		return one("Sigmoid")
	case kernel.HardSigmoid:
		return one("HardSigmoid", attr("alpha", float32(0.2)), attr("beta", float32(0.5)))
	case kernel.Tanh:
		return one("Tanh")
	case kernel.Softplus:
		return one("Softplus")
	case kernel.Softsign:
		return one("Softsign")
	case kernel.Swish:
		return mul(x, one("Sigmoid"))
	case kernel.Mish:
		return mul(x, e.op("Tanh", []string{one("Softplus")}))
	case kernel.Gelu: // x·(1 + erf(x/√2))/2
		erf := e.op("Erf", []string{mul(x, e.scalar(0.70710678))})
		return mul(mul(x, e.scalar(0.5)), e.op("Add", []string{erf, e.scalar(1)}))
	case kernel.GeluTanh: // x·(1 + tanh(√(2/π)·(x + 0.044715·x³)))/2
		cube := mul(mul(x, x), mul(x, e.scalar(0.044715)))
		tanh := e.op("Tanh", []string{mul(e.op("Add", []string{x, cube}), e.scalar(0.79788456))})
		return mul(mul(x, e.scalar(0.5)), e.op("Add", []string{tanh, e.scalar(1)}))
	}
	return x // Linear
}

// matrix adds a weight as the matrix that it stands for, behind rows of this shape.
func (e *exporter) matrix(v graph.Value, row []int) string {
	p, data := e.weights(v)
	in := row[len(row)-1]
	return e.floats(e.unique(p.FullName()), []int{in, len(data) / in}, data)
}

// vector adds a weight as a list.
func (e *exporter) vector(v graph.Value) string {
	p, data := e.weights(v)
	return e.floats(e.unique(p.FullName()), []int{len(data)}, data)
}
