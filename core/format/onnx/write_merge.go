package onnx

import (
	"math"

	"github.com/terrarium-ml/terrarium/core/graph"
)

// mergeOps are operations of two values.
var mergeOps = map[graph.Op]string{graph.Add{}: "Add", graph.Sub{}: "Sub", graph.Mul{}: "Mul", graph.Maximum{}: "Max", graph.Minimum{}: "Min"}

// mergeOp writes operations on elements of several values, and rectifiers with
// parameters. It tells whether op is one.
func (e *exporter) mergeOp(n graph.Node) bool {
	switch op := n.Op.(type) {
	case graph.Add, graph.Sub, graph.Mul, graph.Maximum, graph.Minimum:
		e.is(n, e.op(mergeOps[n.Op], []string{e.last(n.In[0]), e.last(n.In[1])}))
	case graph.Scale:
		e.elementwise(n, func(x string) string { return e.op("Mul", []string{x, e.scalar(op.Factor)}) })
	case graph.PRelu:
		e.is(n, e.op("PRelu", []string{e.last(n.In[0]), e.param(n.In[1])}))
	case graph.ReluOf:
		e.elementwise(n, func(x string) string { return e.reluOf(op, x) })
	default:
		return false
	}
	return true
}

// reluOf writes x where it is at least the threshold, else slope·(x − threshold), cut at
// the top.
func (e *exporter) reluOf(op graph.ReluOf, x string) string {
	y := x
	switch {
	case op.Threshold == 0 && op.Slope == 0:
		y = e.op("Relu", []string{x})
	case op.Threshold == 0:
		y = e.op("LeakyRelu", []string{x}, attr("alpha", op.Slope))
	default:
		below := e.op("Less", []string{x, e.scalar(op.Threshold)})
		less := e.op("Mul", []string{e.op("Sub", []string{x, e.scalar(op.Threshold)}), e.scalar(op.Slope)})
		y = e.op("Where", []string{below, less, x})
	}
	if !math.IsInf(float64(op.Most), 1) && op.Most < math.MaxFloat32 {
		y = e.op("Min", []string{y, e.scalar(op.Most)})
	}
	return y
}
