package onnx

import (
	"slices"

	"github.com/terrarium-ml/terrarium/core/graph"
)

// imageOp writes operations on windows of images and sequences, for which channels
// stand first. It tells whether op is one.
func (e *exporter) imageOp(n graph.Node) bool {
	switch op := n.Op.(type) {
	case graph.MaxPool:
		e.pool(n, "MaxPool", op.Window)
	case graph.MeanPool:
		e.pool(n, "AveragePool", op.Window)
	case graph.GlobalMean:
		e.global(n, "GlobalAveragePool")
	default:
		return false
	}
	return true
}

// pads is what "same" padding adds to an axis of n numbers, at its begin and end.
func pads(n, kernel, stride, dilation int) (begin, end int) {
	out := (n + stride - 1) / stride
	total := max((out-1)*stride+(kernel-1)*dilation+1-n, 0)
	return total / 2, total - total/2
}

func (e *exporter) pool(n graph.Node, op string, w graph.Window) {
	row := e.values[n.In[0]].shape
	size, strides := w.Size[:], w.Strides[:]
	if len(row) == 2 {
		size, strides = size[1:], strides[1:]
	}
	begin, end := make([]int, len(size)), make([]int, len(size))
	for i := range size {
		if w.Same {
			begin[i], end[i] = pads(row[i], size[i], strides[i], 1)
		}
	}
	e.isFirst(n, e.op(op, []string{e.first(n.In[0])}, attr("kernel_shape", slices.Clone(size)), attr("strides", slices.Clone(strides)), attr("pads", append(begin, end...))))
}

// global pools everything but channels, which ONNX leaves as axes of length 1.
func (e *exporter) global(n graph.Node, op string) {
	y := e.op(op, []string{e.first(n.In[0])})
	e.is(n, e.reshape(y, n.Shape))
}
