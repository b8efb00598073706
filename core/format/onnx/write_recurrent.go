package onnx

import (
	"math"

	"github.com/terrarium-ml/terrarium/core/graph"
	"github.com/terrarium-ml/terrarium/core/internal/kernel"
)

// recurrentOp writes recurrent networks, and what turns and joins their results. It
// tells whether op is one.
func (e *exporter) recurrentOp(n graph.Node) bool {
	switch op := n.Op.(type) {
	case graph.LSTM:
		e.recurrent(n, "LSTM", op.Recurrence, op.CellState)
	case graph.GRU:
		reset := 0
		if op.ResetAfter {
			reset = 1
		}
		e.recurrent(n, "GRU", op.Recurrence, false, attr("linear_before_reset", reset))
	case graph.SimpleRNN:
		e.recurrent(n, "RNN", op.Recurrence, false)
	case graph.Reverse:
		e.is(n, e.reverse(e.last(n.In[0])))
	case graph.Directions:
		e.directions(n, op.Merge)
	case graph.Slice:
		flat := e.reshape(e.last(n.In[0]), []int{-1})
		cut := e.op("Slice", []string{flat, e.ints(op.From), e.ints(op.From + graph.Size(op.Shape)), e.ints(1)})
		e.is(n, e.reshape(cut, op.Shape))
	default:
		return false
	}
	return true
}

// functions are ONNX's names of the activations that its recurrent operations have.
var functions = map[kernel.Activation]string{
	kernel.Tanh: "Tanh", kernel.Sigmoid: "Sigmoid", kernel.Relu: "Relu", kernel.HardSigmoid: "HardSigmoid", kernel.Softsign: "Softsign", kernel.Softplus: "Softplus",
}

// gateOrder says which of Keras's gates ONNX has first, second, …: i, o, f, c of i, f,
// c, o.
var gateOrder = map[string][]int{"LSTM": {0, 3, 1, 2}, "GRU": {0, 1, 2}, "RNN": {0}}

func (e *exporter) recurrent(n graph.Node, op string, r graph.Recurrence, cellState bool, more ...attribute) {
	act, known := functions[r.Act.Kind]
	gate, knownGate := functions[r.Gate.Kind]
	if op == "RNN" {
		gate, knownGate = "", true
	}
	if !known || !knownGate || r.Mask || r.Initial {
		e.Refuse(n.Layer, "ONNX's %s has no padding masks, no such initial states, or not these activations", op)
		e.is(n, e.fresh("missing"))
		return
	}
	activations := map[string][]string{"LSTM": {gate, act, act}, "GRU": {gate, act}, "RNN": {act}}[op]
	direction := "forward"
	if r.Backwards {
		direction = "reverse"
	}
	w, u, steps := e.cellWeights(n, op)
	x := e.op("Transpose", []string{e.last(n.In[0])}, attr("perm", []int{1, 0, 2}))
	y, h, c := e.fresh("Y"), e.fresh("Y_h"), e.fresh("Y_c")
	out := []string{y, h, c}
	if op != "LSTM" {
		out = out[:2]
	}
	e.nodes = append(e.nodes, encodeNode(op, e.fresh(op), append([]string{x}, w...), out,
		append(more, attr("hidden_size", u), attr("direction", direction), attr("activations", activations))))
	result := e.op("Squeeze", []string{h, e.ints(0)})
	if r.Sequences {
		result = e.op("Transpose", []string{e.op("Squeeze", []string{y, e.ints(1)})}, attr("perm", []int{1, 0, 2}))
		if r.Backwards { // ONNX gives the steps in their own order, not in that of reading
			result = e.reverse(result)
		}
	}
	if cellState {
		if r.Sequences {
			result = e.reshape(result, []int{steps * u})
		}
		result = e.op("Concat", []string{result, e.op("Squeeze", []string{c, e.ints(0)})}, attr("axis", 1))
	}
	e.is(n, result)
}

// cellWeights writes W [1, gates·u, in], R [1, gates·u, u] and B [1, 2·gates·u].
func (e *exporter) cellWeights(n graph.Node, op string) (names []string, units, steps int) {
	p, kernel := e.weights(n.In[1])
	q, recurrent := e.weights(n.In[2])
	in, order := p.Shape[0], gateOrder[op]
	u, gates := q.Shape[0], len(order)
	transposed := func(data []float32, rows int) []float32 {
		out := make([]float32, len(data))
		for to, from := range order {
			for unit := range u {
				for i := range rows {
					out[(to*u+unit)*rows+i] = data[i*gates*u+from*u+unit]
				}
			}
		}
		return out
	}
	names = []string{
		e.floats(e.unique(p.FullName()), []int{1, gates * u, in}, transposed(kernel, in)),
		e.floats(e.unique(q.FullName()), []int{1, gates * u, u}, transposed(recurrent, u)),
	}
	if len(n.In) > 3 {
		b, bias := e.weights(n.In[3])
		both := make([]float32, 2*gates*u)
		for i := 0; i < len(bias); i += gates * u { // one row, or that of the recurrent product as well
			copy(both[i:], transposed(bias[i:i+gates*u], 1))
		}
		names = append(names, e.floats(e.unique(b.FullName()), []int{1, 2 * gates * u}, both))
	}
	return names, u, e.values[n.In[0]].shape[0]
}

// reverse turns the axis of time, behind the batch, around.
func (e *exporter) reverse(x string) string {
	return e.op("Slice", []string{x, e.ints(-1), e.ints(math.MinInt64), e.ints(1), e.ints(-1)})
}

// directions merges what was read forwards with what was read backwards.
func (e *exporter) directions(n graph.Node, merge graph.Merging) {
	f, b := e.last(n.In[0]), e.last(n.In[1])
	if len(n.Shape) == 2 {
		b = e.reverse(b)
	}
	switch merge {
	case graph.MergeConcat:
		e.is(n, e.op("Concat", []string{f, b}, attr("axis", -1)))
	case graph.MergeMul:
		e.is(n, e.op("Mul", []string{f, b}))
	case graph.MergeAve:
		e.is(n, e.op("Mul", []string{e.op("Add", []string{f, b}), e.scalar(0.5)}))
	default:
		e.is(n, e.op("Add", []string{f, b}))
	}
}
