package onnx

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

// A readCase is a model as another program may have written it. The files lie in
// testdata/read, each with an input and what ONNX Runtime makes of it: TERRARIUM_ONNX=write
// writes the files anew, and tests/interop/reference.mjs asks ONNX Runtime.
type readCase struct {
	name   string
	input  []int // a row
	output []int
	build  func(b *fileBuilder)
	opset  int64   // 17 if 0
	reach  float32 // of the input; 1 if 0
}

// A fileBuilder writes nodes and the constants that they want.
type fileBuilder struct {
	graph message
	rng   *rand.Rand
	count int
}

// node adds an operation of one result, whose name it returns.
func (b *fileBuilder) node(op string, in []string, attributes ...attribute) string {
	return b.nodes(op, in, 1, attributes...)[0]
}

func (b *fileBuilder) nodes(op string, in []string, results int, attributes ...attribute) []string {
	b.count++
	var out []string
	for i := range results {
		out = append(out, fmt.Sprintf("t%d_%d", b.count, i))
	}
	b.graph.bytes(1, encodeNode(op, fmt.Sprintf("%s_%d", op, b.count), in, out, attributes))
	return out
}

// ends makes a name the model's output.
func (b *fileBuilder) ends(name string) {
	b.graph.bytes(1, encodeNode("Identity", "end", []string{name}, []string{"y"}, nil))
}

func (b *fileBuilder) floats(shape []int, values ...float32) string {
	b.count++
	name := fmt.Sprintf("c%d", b.count)
	if values == nil {
		values = make([]float32, size(shape))
		for i := range values {
			values[i] = float32(b.rng.NormFloat64() * 0.5)
		}
	}
	b.graph.bytes(5, encodeFloats(name, shape, values))
	return name
}

func (b *fileBuilder) ints(values ...int) string {
	b.count++
	name := fmt.Sprintf("c%d", b.count)
	b.graph.bytes(5, encodeInts(name, values))
	return name
}

func (b *fileBuilder) scalar(v float32) string { return b.floats([]int{}, v) }

func size(shape []int) int {
	n := 1
	for _, d := range shape {
		n *= d
	}
	return n
}

func ins(names ...string) []string { return names }

// recurrent adds an LSTM, GRU or RNN on rows [N, T, C], and returns Y and Y_h.
func (b *fileBuilder) recurrent(op string, in, units int, direction string, attributes ...attribute) []string {
	gates, directions := map[string]int{"LSTM": 4, "GRU": 3, "RNN": 1}[op], 1
	if direction == "bidirectional" {
		directions = 2
	}
	x := b.node("Transpose", ins("x"), attr("perm", []int{1, 0, 2}))
	return b.nodes(op, ins(x, b.floats([]int{directions, gates * units, in}), b.floats([]int{directions, gates * units, units}), b.floats([]int{directions, 2 * gates * units})), 2,
		append(attributes, attr("hidden_size", units), attr("direction", direction))...)
}

// steps brings Y [T, directions, N, u] of a direction into [N, T, u].
func (b *fileBuilder) steps(y string) {
	b.ends(b.node("Transpose", ins(b.node("Squeeze", ins(y, b.ints(1)))), attr("perm", []int{1, 0, 2})))
}

var (
	two     = func(v int) attribute { return attr("strides", []int{v, v}) }
	padding = func(v ...int) attribute { return attr("pads", v) }
)

func conv(weights []int, attributes ...attribute) func(b *fileBuilder) {
	return func(b *fileBuilder) {
		b.ends(b.node("Conv", ins("x", b.floats(weights), b.floats(weights[:1])), attributes...))
	}
}

func elementwise(op string, attributes ...attribute) func(b *fileBuilder) {
	return func(b *fileBuilder) { b.ends(b.node(op, ins("x"), attributes...)) }
}

func clip(low, high float32) func(b *fileBuilder) {
	return func(b *fileBuilder) { b.ends(b.node("Clip", ins("x", b.scalar(low), b.scalar(high)))) }
}

// gelu writes x·(1 + erf(x/√2))/2 in one of the orders that programs write.
func gelu(order string) func(b *fileBuilder) {
	return func(b *fileBuilder) {
		inner := b.node("Div", ins("x", b.scalar(1.41421354)))
		if order == "half first" {
			inner = b.node("Mul", ins(b.scalar(0.70710678), "x"))
		}
		plus := b.node("Add", ins(b.node("Erf", ins(inner)), b.scalar(1)))
		switch order {
		case "half last":
			b.ends(b.node("Mul", ins(b.node("Mul", ins("x", plus)), b.scalar(0.5))))
		case "half first":
			b.ends(b.node("Mul", ins(b.node("Mul", ins("x", b.scalar(0.5))), plus)))
		default:
			b.ends(b.node("Mul", ins("x", b.node("Mul", ins(plus, b.scalar(0.5))))))
		}
	}
}

var readCases = []readCase{
	{name: "lstm-backward", input: []int{5, 3}, output: []int{5, 4}, build: func(b *fileBuilder) { b.steps(b.recurrent("LSTM", 3, 4, "reverse")[0]) }},
	{name: "gru-backward", input: []int{5, 3}, output: []int{5, 4}, build: func(b *fileBuilder) {
		b.steps(b.recurrent("GRU", 3, 4, "reverse", attr("linear_before_reset", 1))[0])
	}},
	{name: "gru-backward-before", input: []int{4, 2}, output: []int{4, 3}, build: func(b *fileBuilder) { b.steps(b.recurrent("GRU", 2, 3, "reverse")[0]) }},
	{name: "rnn-backward", input: []int{5, 3}, output: []int{5, 4}, build: func(b *fileBuilder) { b.steps(b.recurrent("RNN", 3, 4, "reverse")[0]) }},
	{name: "lstm-backward-both", input: []int{5, 3}, output: []int{8}, build: func(b *fileBuilder) {
		y := b.recurrent("LSTM", 3, 4, "reverse")
		all := b.node("Transpose", ins(b.node("Squeeze", ins(y[0], b.ints(1)))), attr("perm", []int{1, 0, 2}))
		mean := b.node("ReduceMean", ins(all), attr("axes", []int{1}), attr("keepdims", 0))
		b.ends(b.node("Concat", ins(mean, b.node("Squeeze", ins(y[1], b.ints(0)))), attr("axis", 1)))
	}},
	{name: "lstm-states", input: []int{5, 3}, output: []int{8}, build: func(b *fileBuilder) {
		y := b.recurrent("LSTM", 3, 4, "bidirectional")
		b.ends(b.node("Concat", ins(b.node("Gather", ins(y[1], b.scalarInt(-2))), b.node("Gather", ins(y[1], b.scalarInt(-1)))), attr("axis", 1)))
	}},
	{name: "gru-states-turned", input: []int{5, 3}, output: []int{6}, build: func(b *fileBuilder) {
		y := b.recurrent("GRU", 3, 3, "bidirectional")
		b.ends(b.node("Flatten", ins(b.node("Transpose", ins(y[1]), attr("perm", []int{1, 0, 2})))))
	}},
	{name: "lstm-steps-and-states", input: []int{5, 3}, output: []int{16}, build: func(b *fileBuilder) {
		y := b.recurrent("LSTM", 3, 4, "bidirectional")
		all := b.node("Reshape", ins(b.node("Transpose", ins(y[0]), attr("perm", []int{0, 2, 1, 3})), b.ints(0, 0, -1)))
		mean := b.node("ReduceMean", ins(b.node("Transpose", ins(all), attr("perm", []int{1, 0, 2}))), attr("axes", []int{1}), attr("keepdims", 0))
		last := b.node("Reshape", ins(b.node("Transpose", ins(y[1]), attr("perm", []int{1, 0, 2})), b.ints(0, -1)))
		b.ends(b.node("Concat", ins(mean, last), attr("axis", 1)))
	}},
	{name: "conv-same-lower", input: []int{2, 8, 9}, output: []int{3, 4, 5}, build: conv([]int{3, 2, 4, 4}, two(2), attr("auto_pad", "SAME_LOWER"))},
	{name: "conv-same-upper", input: []int{2, 8, 9}, output: []int{3, 4, 5}, build: conv([]int{3, 2, 4, 4}, two(2), attr("auto_pad", "SAME_UPPER"))},
	{name: "conv-valid", input: []int{2, 8, 9}, output: []int{3, 3, 3}, build: conv([]int{3, 2, 4, 4}, two(2), attr("auto_pad", "VALID"))},
	{name: "conv-groups", input: []int{6, 5, 5}, output: []int{9, 5, 5}, build: conv([]int{9, 2, 3, 3}, attr("group", 3), padding(1, 1, 1, 1))},
	{name: "conv-depthwise", input: []int{3, 7, 6}, output: []int{6, 4, 3}, build: conv([]int{6, 1, 3, 3}, attr("group", 3), two(2), padding(1, 1, 1, 1))},
	{name: "conv1d", input: []int{3, 9}, output: []int{4, 5}, build: conv([]int{4, 3, 3}, attr("strides", []int{2}), padding(1, 1))},
	{name: "conv1d-depthwise", input: []int{3, 9}, output: []int{3, 9}, build: conv([]int{3, 1, 3}, attr("group", 3), padding(2, 2), attr("dilations", []int{2}))},
	{name: "conv1d-groups", input: []int{4, 9}, output: []int{6, 7}, build: conv([]int{6, 2, 3}, attr("group", 2))},
	{name: "transposed", input: []int{3, 4, 5}, output: []int{4, 8, 10}, build: func(b *fileBuilder) {
		b.ends(b.node("ConvTranspose", ins("x", b.floats([]int{3, 4, 3, 3}), b.floats([]int{4})), two(2), padding(1, 1, 1, 1), attr("output_padding", []int{1, 1})))
	}},
	{name: "transposed-shape", input: []int{3, 4, 5}, output: []int{4, 8, 9}, build: func(b *fileBuilder) {
		b.ends(b.node("ConvTranspose", ins("x", b.floats([]int{3, 4, 3, 4}), b.floats([]int{4})), two(2), attr("output_shape", []int{8, 9})))
	}},
	{name: "transposed-same", input: []int{3, 4, 5}, output: []int{4, 8, 10}, build: func(b *fileBuilder) {
		b.ends(b.node("ConvTranspose", ins("x", b.floats([]int{3, 4, 3, 5}), b.floats([]int{4})), two(2), attr("auto_pad", "SAME_UPPER")))
	}},
	{name: "transposed-groups", input: []int{4, 4, 5}, output: []int{6, 6, 7}, build: func(b *fileBuilder) {
		b.ends(b.node("ConvTranspose", ins("x", b.floats([]int{4, 3, 3, 3}), b.floats([]int{6})), attr("group", 2)))
	}},
	{name: "pool-resnet", input: []int{2, 8, 8}, output: []int{2, 4, 4}, build: func(b *fileBuilder) {
		b.ends(b.node("MaxPool", ins(b.node("Relu", ins("x"))), attr("kernel_shape", []int{3, 3}), two(2), padding(1, 1, 1, 1)))
	}},
	{name: "pool-mean-counts", input: []int{2, 8, 8}, output: []int{2, 4, 4}, build: func(b *fileBuilder) {
		b.ends(b.node("AveragePool", ins("x"), attr("kernel_shape", []int{3, 3}), two(2), padding(1, 1, 1, 1), attr("count_include_pad", 1)))
	}},
	{name: "pool-mean-same", input: []int{2, 7, 9}, output: []int{2, 4, 5}, build: func(b *fileBuilder) {
		b.ends(b.node("AveragePool", ins("x"), attr("kernel_shape", []int{3, 3}), two(2), attr("auto_pad", "SAME_UPPER")))
	}},
	{name: "pool-ceiling", input: []int{2, 8, 7}, output: []int{2, 4, 3}, build: func(b *fileBuilder) {
		b.ends(b.node("MaxPool", ins(b.node("Relu", ins("x"))), attr("kernel_shape", []int{3, 3}), two(2), attr("ceil_mode", 1)))
	}},
	{name: "pool-ceiling-nothing", input: []int{2, 9, 7}, output: []int{2, 4, 3}, build: func(b *fileBuilder) {
		b.ends(b.node("MaxPool", ins("x"), attr("kernel_shape", []int{3, 3}), two(2), attr("ceil_mode", 1)))
	}},
	{name: "pool1d", input: []int{2, 9}, output: []int{2, 4}, build: func(b *fileBuilder) {
		b.ends(b.node("MaxPool", ins("x"), attr("kernel_shape", []int{2}), attr("strides", []int{2})))
	}},
	{name: "reduce-mean", input: []int{2, 5, 4}, output: []int{2}, build: func(b *fileBuilder) {
		b.ends(b.node("ReduceMean", ins("x"), attr("axes", []int{-2, -1}), attr("keepdims", 0)))
	}},
	{name: "hard-swish", input: []int{7}, output: []int{7}, reach: 5, build: elementwise("HardSwish")},
	{name: "hard-sigmoid", input: []int{7}, output: []int{7}, reach: 5, build: elementwise("HardSigmoid", attr("alpha", float32(1.0/6)), attr("beta", float32(0.5)))},
	{name: "hard-sigmoid-usual", input: []int{7}, output: []int{7}, reach: 5, build: elementwise("HardSigmoid")},
	{name: "thresholded", input: []int{7}, output: []int{7}, reach: 3, build: elementwise("ThresholdedRelu", attr("alpha", float32(0.7)))},
	{name: "negative", input: []int{7}, output: []int{7}, build: elementwise("Neg")},
	{name: "clip", input: []int{7}, output: []int{7}, reach: 3, build: clip(-1, 1.5)},
	{name: "clip-six", input: []int{7}, output: []int{7}, reach: 9, build: clip(0, 6)},
	{name: "clip-below", input: []int{7}, output: []int{7}, reach: 3, build: func(b *fileBuilder) { b.ends(b.node("Clip", ins("x", b.scalar(-0.5)))) }},
	{name: "clip-above", input: []int{7}, output: []int{7}, reach: 3, build: func(b *fileBuilder) { b.ends(b.node("Clip", ins("x", "", b.scalar(0.5)))) }},
	{name: "gelu-half-last", input: []int{7}, output: []int{7}, reach: 3, build: gelu("half last")},
	{name: "gelu-half-first", input: []int{7}, output: []int{7}, reach: 3, build: gelu("half first")},
	{name: "gelu-half-between", input: []int{7}, output: []int{7}, reach: 3, build: gelu("half between")},
	{name: "power", input: []int{7}, output: []int{7}, build: func(b *fileBuilder) {
		b.ends(b.node("Add", ins(b.node("Pow", ins("x", b.scalar(2))), b.node("Pow", ins("x", b.scalar(3))))))
	}},
	{name: "sum", input: []int{7}, output: []int{7}, build: func(b *fileBuilder) {
		b.ends(b.node("Sum", ins("x", b.node("Relu", ins("x")), b.node("Tanh", ins("x")))))
	}},
	{name: "squeeze-excite", input: []int{3, 5, 4}, output: []int{3, 5, 4}, build: func(b *fileBuilder) {
		pooled := b.node("GlobalAveragePool", ins("x"))
		gate := b.node("Sigmoid", ins(b.node("Conv", ins(pooled, b.floats([]int{3, 3, 1, 1})))))
		b.ends(b.node("Mul", ins("x", gate)))
	}},
	{name: "channel-constants", input: []int{3, 5, 4}, output: []int{3, 5, 4}, build: func(b *fileBuilder) {
		x := b.node("Conv", ins("x", b.floats([]int{3, 3, 1, 1})))
		b.ends(b.node("Div", ins(b.node("Sub", ins(x, b.floats([]int{1, 3, 1, 1}))), b.floats([]int{3, 1, 1}, 2, 3, 4))))
	}},
	{name: "resize-nearest", input: []int{2, 3, 4}, output: []int{2, 9, 8}, build: func(b *fileBuilder) {
		b.ends(b.node("Resize", ins("x", "", "", b.ints(3, 2, 9, 8)), attr("mode", "nearest"), attr("coordinate_transformation_mode", "asymmetric"), attr("nearest_mode", "floor")))
	}},
	{name: "resize-linear", input: []int{2, 3, 4}, output: []int{2, 6, 8}, build: func(b *fileBuilder) {
		b.ends(b.node("Resize", ins("x", "", b.floats([]int{4}, 1, 1, 2, 2)), attr("mode", "linear"), attr("coordinate_transformation_mode", "half_pixel")))
	}},
	{name: "gemm-factors", input: []int{4}, output: []int{3}, build: func(b *fileBuilder) {
		b.ends(b.node("Gemm", ins("x", b.floats([]int{3, 4}), b.floats([]int{3})), attr("transB", 1), attr("alpha", float32(0.5)), attr("beta", float32(2))))
	}},
	{name: "softmax-channels", input: []int{3, 2, 2}, output: []int{3, 2, 2}, build: func(b *fileBuilder) {
		b.ends(b.node("Softmax", ins(b.node("Conv", ins("x", b.floats([]int{3, 3, 1, 1})))), attr("axis", 1)))
	}},
	{name: "softmax-before-13", input: []int{6}, output: []int{6}, opset: 11, build: elementwise("Softmax")},
	{name: "pad-slice", input: []int{2, 5, 6}, output: []int{2, 4, 7}, build: func(b *fileBuilder) {
		padded := b.node("Pad", ins("x", b.ints(0, 0, 1, 2, 0, 0, 0, 1)))
		b.ends(b.node("Slice", ins(padded, b.ints(1, 1), b.ints(-1, 8), b.ints(2, 3))))
	}},
	{name: "layer-norm", input: []int{4, 6}, output: []int{4, 6}, build: func(b *fileBuilder) {
		b.ends(b.node("LayerNormalization", ins("x", b.floats([]int{6}), b.floats([]int{6})), attr("axis", -1), attr("epsilon", float32(1e-5))))
	}},
	{name: "batch-norm", input: []int{3, 4, 4}, output: []int{3, 4, 4}, build: func(b *fileBuilder) {
		b.ends(b.node("BatchNormalization", ins("x", b.floats([]int{3}), b.floats([]int{3}), b.floats([]int{3}), b.floats([]int{3}, 1, 2, 0.5)), attr("epsilon", float32(1e-3))))
	}},
	{name: "prelu", input: []int{3, 4, 4}, output: []int{3, 4, 4}, build: func(b *fileBuilder) {
		b.ends(b.node("PRelu", ins(b.node("Conv", ins("x", b.floats([]int{3, 3, 1, 1}))), b.floats([]int{3, 1, 1}))))
	}},
	{name: "flatten-images", input: []int{2, 4, 4}, output: []int{3}, build: func(b *fileBuilder) {
		x := b.node("MaxPool", ins(b.node("Conv", ins("x", b.floats([]int{4, 2, 3, 3})))), attr("kernel_shape", []int{2, 2}))
		b.ends(b.node("Gemm", ins(b.node("Flatten", ins(x)), b.floats([]int{4, 3}), b.floats([]int{3}))))
	}},
}

func (b *fileBuilder) scalarInt(v int) string {
	b.count++
	name := fmt.Sprintf("c%d", b.count)
	var raw []byte
	for i := range 8 {
		raw = append(raw, byte(int64(v)>>(8*i)))
	}
	b.graph.bytes(5, encodeTensor(name, typeInt64, []int{}, raw))
	return name
}

// file writes the case's model.
func (c readCase) file() []byte {
	b := &fileBuilder{rng: rand.New(rand.NewPCG(1, uint64(len(c.name))))}
	c.build(b)
	b.graph.text(2, c.name)
	b.graph.bytes(11, encodeValueInfo("x", c.input))
	b.graph.bytes(12, encodeValueInfo("y", c.output))
	opset := c.opset
	if opset == 0 {
		opset = 17
	}
	var set, m message
	set.varint(2, opset)
	m.varint(1, irVersion)
	m.bytes(7, b.graph)
	m.bytes(8, set)
	return m
}

// The files of testdata/read are what this program writes.
func TestReadCases(t *testing.T) {
	folder := filepath.Join("testdata", "read")
	for _, c := range readCases {
		file := filepath.Join(folder, c.name+".onnx")
		if os.Getenv("TERRARIUM_ONNX") == "write" {
			require.NoError(t, os.MkdirAll(folder, 0o755))
			require.NoError(t, os.WriteFile(file, c.file(), 0o644))
			rng := rand.New(rand.NewPCG(7, uint64(len(c.name))))
			x := make([]float32, 3*size(c.input))
			for i := range x {
				x[i] = float32(rng.NormFloat64()) * max(1, c.reach)
			}
			text, err := json.Marshal(map[string]any{"shape": append([]int{3}, c.input...), "x": x})
			require.NoError(t, err)
			require.NoError(t, os.WriteFile(filepath.Join(folder, c.name+".json"), text, 0o644))
			continue
		}
		have, err := os.ReadFile(file)
		require.NoError(t, err)
		require.True(t, slices.Equal(have, c.file()), "%s: write it anew", c.name)
	}
}
