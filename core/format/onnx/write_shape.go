package onnx

import (
	"slices"

	"github.com/terrarium-ml/terrarium/core/graph"
)

// shapeOp writes operations that move, cut and join numbers. It tells whether op is one.
func (e *exporter) shapeOp(n graph.Node) bool {
	switch op := n.Op.(type) {
	case graph.Reshape:
		e.is(n, e.reshape(e.last(n.In[0]), n.Shape))
	case graph.Permute:
		perm := []int{0}
		for _, a := range op.Axes {
			perm = append(perm, a+1)
		}
		e.is(n, e.op("Transpose", []string{e.last(n.In[0])}, attr("perm", perm)))
	case graph.Repeat: // [n] becomes [times, n]
		x := e.reshape(e.last(n.In[0]), append([]int{1}, n.Shape[1:]...))
		e.is(n, e.op("Expand", []string{x, e.ints(append([]int{1}, n.Shape...)...)}))
	case graph.Concat:
		in := []string{}
		for _, v := range n.In {
			in = append(in, e.last(v))
		}
		e.is(n, e.op("Concat", in, attr("axis", op.Axis+1)))
	case graph.Pad:
		e.pad(n, op.Edges)
	case graph.Crop:
		e.crop(n, op.Edges)
	case graph.Upsample:
		e.upsample(n, op)
	case graph.UpsampleBilinear:
		scales := []float32{1, 1, float32(op.Size[0]), float32(op.Size[1])}
		e.isFirst(n, e.op("Resize", []string{e.first(n.In[0]), "", e.floats(e.fresh("constant"), []int{4}, scales)},
			attr("mode", "linear"), attr("coordinate_transformation_mode", "half_pixel")))
	default:
		return false
	}
	return true
}

// reshape gives rows another shape; 0 keeps the batch.
func (e *exporter) reshape(x string, row []int) string {
	return e.op("Reshape", []string{x, e.ints(append([]int{0}, row...)...)})
}

// edges are what stands before and behind each spatial axis: an operation on a series
// counts it as the second of two.
func edges(row []int, e graph.Edges) (before, after []int) {
	if len(row) == 2 {
		return e.Before[1:], e.After[1:]
	}
	return e.Before[:], e.After[:]
}

func (e *exporter) pad(n graph.Node, by graph.Edges) {
	before, after := edges(n.Shape, by)
	pads := slices.Concat([]int{0}, before, []int{0, 0}, after, []int{0})
	e.is(n, e.op("Pad", []string{e.last(n.In[0]), e.ints(pads...)}))
}

func (e *exporter) crop(n graph.Node, by graph.Edges) {
	before, _ := edges(n.Shape, by)
	ends, axes := []int{}, []int{}
	for i, b := range before {
		ends, axes = append(ends, b+n.Shape[i]), append(axes, i+1)
	}
	e.is(n, e.op("Slice", []string{e.last(n.In[0]), e.ints(before...), e.ints(ends...), e.ints(axes...)}))
}

// upsample repeats pixels.
func (e *exporter) upsample(n graph.Node, by graph.Upsample) {
	scales := []float32{1, 1, float32(by.Size[0]), float32(by.Size[1])}
	if len(n.Shape) == 2 {
		scales = []float32{1, 1, float32(by.Size[1])}
	}
	e.isFirst(n, e.op("Resize", []string{e.first(n.In[0]), "", e.floats(e.fresh("constant"), []int{len(scales)}, scales)},
		attr("mode", "nearest"), attr("coordinate_transformation_mode", "asymmetric"), attr("nearest_mode", "floor")))
}
