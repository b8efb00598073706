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
	case graph.Conv:
		e.conv(n, window{strides: op.Strides[:], dilations: op.Dilation[:]}, op.Padding)
	case graph.DepthwiseConv:
		e.depthwise(n, window{strides: op.Strides[:], dilations: op.Dilation[:]}, op.Padding)
	case graph.ConvTranspose:
		e.convTranspose(n, window{strides: op.Strides[:], dilations: op.Dilation[:]}, op.Padding)
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

// convolve writes a convolution with weights that are in ONNX's order already.
func (e *exporter) convolve(n graph.Node, op, weights string, w window, more ...attribute) {
	in := []string{e.first(n.In[0]), weights}
	if len(n.In) == 3 {
		in = append(in, e.param(n.In[2]))
	}
	e.isFirst(n, e.op(op, in, append(more, attr("kernel_shape", w.kernel), attr("strides", w.strides), attr("dilations", w.dilations), attr("pads", append(w.begin, w.end...)))...))
}

// kernel returns the weights of a convolution as a constant, and its window over the
// spatial axes of x.
func (e *exporter) kernel(n graph.Node, w window, padding graph.Padding) (*graph.Param, *constant, window) {
	row := e.values[n.In[0]].shape
	p, data := e.weights(n.In[1])
	axes := len(row) - 1
	w.kernel = slices.Clone(p.Shape[:axes])
	w.strides, w.dilations = slices.Clone(w.strides[2-axes:]), slices.Clone(w.dilations[2-axes:])
	w.begin, w.end = make([]int, axes), make([]int, axes)
	for i := range axes {
		switch padding {
		case graph.PadSame:
			w.begin[i], w.end[i] = pads(row[i], w.kernel[i], w.strides[i], w.dilations[i])
		case graph.PadCausal:
			w.begin[i] = (w.kernel[i] - 1) * w.dilations[i]
		}
	}
	return p, &constant{shape: p.Shape, floats: data}, w
}

func (e *exporter) conv(n graph.Node, w window, padding graph.Padding) {
	p, c, w := e.kernel(n, w, padding)
	order := []int{2, 1, 0} // [k, in, out] becomes [out, in, k]
	if len(p.Shape) == 4 {
		order = []int{3, 2, 0, 1}
	}
	t := c.permuted(order...)
	e.convolve(n, "Conv", e.floats(e.unique(p.FullName()), t.Shape, t.Data), w)
}

// depthwise: [kh, kw, in, m] becomes [in·m, 1, kh, kw], with a group for each channel.
func (e *exporter) depthwise(n graph.Node, w window, padding graph.Padding) {
	p, c, w := e.kernel(n, w, padding)
	t := c.permuted(2, 3, 0, 1)
	shape := []int{p.Shape[2] * p.Shape[3], 1, p.Shape[0], p.Shape[1]}
	e.convolve(n, "Conv", e.floats(e.unique(p.FullName()), shape, t.Data), w, attr("group", p.Shape[2]))
}

// convTranspose: [kh, kw, out, in] becomes [in, out, kh, kw]. Its pads take away from the
// full result, and output_padding fills up where the kernel is smaller than the stride.
func (e *exporter) convTranspose(n graph.Node, w window, padding graph.Padding) {
	p, c, w := e.kernel(n, w, graph.PadValid)
	extra := make([]int, len(w.kernel))
	for i, k := range w.kernel {
		over := (k-1)*w.dilations[i] + 1 - w.strides[i]
		if padding == graph.PadSame {
			w.begin[i] = max(over, 0) / 2
			w.end[i] = max(over, 0) - w.begin[i]
		}
		extra[i] = max(-over, 0)
	}
	t := c.permuted(3, 2, 0, 1)
	e.convolve(n, "ConvTranspose", e.floats(e.unique(p.FullName()), t.Shape, t.Data), w, attr("output_padding", extra))
}
