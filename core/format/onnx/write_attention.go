package onnx

import (
	"slices"

	"github.com/terrarium-ml/terrarium/core/graph"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// sequenceOp writes normalisations, embeddings and attention. It tells whether op is one.
func (e *exporter) sequenceOp(n graph.Node) bool {
	switch op := n.Op.(type) {
	case graph.BatchNorm:
		e.batchNorm(n, op)
	case graph.Normalize:
		e.normalize(n, op)
	case graph.Embedding:
		index := e.op("Cast", []string{e.last(n.In[0])}, attr("to", typeInt64))
		e.is(n, e.op("Gather", []string{e.param(n.In[1]), index}, attr("axis", 0)))
	case graph.AddPositions:
		e.positions(n, op)
	case graph.Attention:
		e.attention(n, op)
	default:
		return false
	}
	return true
}

// optional returns the next parameter if it is there, else n times a number.
func (e *exporter) optional(in *[]graph.Value, there bool, n int, otherwise float32) string {
	if !there {
		return e.floats(e.fresh("constant"), []int{n}, slices.Repeat([]float32{otherwise}, n))
	}
	v := (*in)[0]
	*in = (*in)[1:]
	return e.param(v)
}

func (e *exporter) batchNorm(n graph.Node, op graph.BatchNorm) {
	channels, rest := n.Shape[len(n.Shape)-1], n.In[1:]
	weights := []string{e.optional(&rest, op.Scale, channels, 1), e.optional(&rest, op.Center, channels, 0), e.param(rest[0]), e.param(rest[1])}
	if len(n.Shape) == 1 {
		e.is(n, e.op("BatchNormalization", append([]string{e.last(n.In[0])}, weights...), attr("epsilon", op.Epsilon)))
		return
	}
	e.isFirst(n, e.op("BatchNormalization", append([]string{e.first(n.In[0])}, weights...), attr("epsilon", op.Epsilon)))
}

// normalize writes LayerNormalization, or x / √(mean of x² + ε), which operator set 17
// has no name for.
func (e *exporter) normalize(n graph.Node, op graph.Normalize) {
	rest, shape := n.In[1:], n.Shape[len(n.Shape)-op.Axes:]
	x := e.last(n.In[0])
	if !op.RMS {
		gamma := ""
		if op.Scale {
			gamma = e.optional(&rest, true, 0, 0)
		} else {
			gamma = e.floats(e.fresh("constant"), shape, slices.Repeat([]float32{1}, graph.Size(shape)))
		}
		in := []string{x, gamma}
		if op.Center {
			in = append(in, e.param(rest[0]))
		}
		e.is(n, e.op("LayerNormalization", in, attr("axis", -op.Axes), attr("epsilon", op.Epsilon)))
		return
	}
	axes := []int{}
	for a := -op.Axes; a < 0; a++ {
		axes = append(axes, a)
	}
	mean := e.op("ReduceMean", []string{e.op("Mul", []string{x, x})}, attr("axes", axes), attr("keepdims", 1))
	y := e.op("Div", []string{x, e.op("Sqrt", []string{e.op("Add", []string{mean, e.scalar(op.Epsilon)})})})
	if op.Scale {
		y = e.op("Mul", []string{y, e.optional(&rest, true, 0, 0)})
	}
	if op.Center {
		y = e.op("Add", []string{y, e.param(rest[0])})
	}
	e.is(n, y)
}

// positions adds the first rows of a table.
func (e *exporter) positions(n graph.Node, op graph.AddPositions) {
	table := op.Table
	if table == nil {
		_, data := e.weights(n.In[1])
		table = data[:graph.Size(n.Shape)]
	}
	e.is(n, e.op("Add", []string{e.last(n.In[0]), e.floats(e.fresh("positions"), n.Shape, table)}))
}

// hidden is what is added to the scores of keys that are not to be seen: its exponential
// is 0 beside any other.
const hidden = -1e9

// attention writes softmax(scale·q·kᵀ)·v, head by head side by side.
func (e *exporter) attention(n graph.Node, op graph.Attention) {
	if len(n.Shape) != 2 {
		e.Refuse(n.Layer, "attention over rows of shape %s is not written; want [time, features]", tensor.Format(n.Shape))
		e.is(n, e.fresh("missing"))
		return
	}
	heads := func(v graph.Value, perm ...int) string {
		row := e.values[v].shape
		split := e.reshape(e.last(v), []int{row[0], op.Heads, row[1] / op.Heads})
		return e.op("Transpose", []string{split}, attr("perm", perm))
	}
	scores := e.op("MatMul", []string{heads(n.In[0], 0, 2, 1, 3), heads(n.In[1], 0, 2, 3, 1)})
	scores = e.op("Mul", []string{scores, e.scalar(op.Scale)})
	queries, keys := e.values[n.In[0]].shape[0], e.values[n.In[1]].shape[0]
	if op.Causal {
		mask := make([]float32, queries*keys)
		for q := range queries {
			for k := q + 1; k < keys; k++ {
				mask[q*keys+k] = hidden
			}
		}
		scores = e.op("Add", []string{scores, e.floats(e.fresh("causal"), []int{queries, keys}, mask)})
	}
	if len(n.In) == 4 { // [batch, keys], 1 for those that are seen
		gone := e.op("Mul", []string{e.op("Sub", []string{e.last(n.In[3]), e.scalar(1)}), e.scalar(-hidden)})
		scores = e.op("Add", []string{scores, e.reshape(gone, []int{1, 1, keys})})
	}
	y := e.op("MatMul", []string{e.op("Softmax", []string{scores}, attr("axis", -1)), heads(n.In[2], 0, 2, 1, 3)})
	y = e.op("Transpose", []string{y}, attr("perm", []int{0, 2, 1, 3}))
	e.is(n, e.reshape(y, n.Shape))
}
