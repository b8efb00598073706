//go:build !js

package codegen_test

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/core/codegen"
	"github.com/terrarium-ml/terrarium/core/graph"
	"github.com/terrarium-ml/terrarium/core/internal/kernel"
	"github.com/terrarium-ml/terrarium/core/nn"
	"github.com/terrarium-ml/terrarium/core/train"
)

// batches are numbers of rows around a tile, a block and several blocks.
var batches = []int{1, 2, 3, 7, 64, 131}

// checkEqual compares a compiled model with the core, bit for bit.
func checkEqual(t testing.TB, m *train.Model, o codegen.Options, rng *rand.Rand, batches ...int) *codegen.Report {
	t.Helper()
	wasm, report := compile(t, m, o)
	in, out := graph.Size(m.InputShape()), graph.Size(m.OutputShape())
	h := newHost(t, wasm, in, out)
	for _, rows := range batches {
		x, want := random(rng, rows*in), make([]float32, rows*out)
		require.NoError(t, m.PredictFloats(want, x))
		sameBits(t, want, h.predict(x), rows)
	}
	return report
}

func TestMLP(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	m := newModel(t, nn.Sequential(nn.Input(784), nn.Dense(128, nn.ReLU), nn.Dense(64, nn.ReLU), nn.Dense(10, nn.Softmax)))
	shake(t, m, rng)
	for _, o := range []codegen.Options{{}, {NoSIMD: true}} {
		report := checkEqual(t, m, o, rng, batches...)
		require.Equal(t, 4*(784*128+128+128*64+64+64*10+10), report.Weights)
		require.LessOrEqual(t, report.Code(), 8<<10)
		t.Logf("%+v: %d bytes of code", o, report.Code())
	}
}

func TestCNN(t *testing.T) {
	rng := rand.New(rand.NewPCG(9, 10))
	b := newBuilder(rng)
	x := b.input(28, 28, 1)
	for _, n := range []int{8, 16} {
		op := graph.Conv{Strides: [2]int{1, 1}, Dilation: [2]int{1, 1}, Padding: graph.PadSame}
		x = b.apply(op, x, b.param(5, 5, b.Shape(x)[2], n), b.param(n))
		x = b.apply(graph.MaxPool{Window: graph.Window{Size: [2]int{2, 2}, Strides: [2]int{2, 2}}}, b.apply(graph.Activation{Kind: kernel.Relu}, x))
	}
	x = b.apply(graph.Reshape{Shape: []int{784}}, x)
	b.outputs = []graph.Value{b.apply(graph.Softmax{}, b.apply(graph.MatMul{}, x, b.param(784, 10), b.param(10)))}
	report := b.check(t, codegen.Options{}, batches...)
	require.LessOrEqual(t, report.Code(), 16<<10)
	t.Logf("%d bytes of code", report.Code())
}

func TestLSTM(t *testing.T) {
	b := newBuilder(rand.New(rand.NewPCG(11, 12)))
	r := graph.Recurrence{Act: graph.Activation{Kind: kernel.Tanh}, Gate: graph.Activation{Kind: kernel.Sigmoid}, Bias: true}
	x := b.apply(graph.LSTM{Recurrence: r}, b.input(20, 8), b.param(8, 128), b.param(32, 128), b.param(128))
	b.outputs = []graph.Value{b.apply(graph.Softmax{}, b.apply(graph.MatMul{}, x, b.param(32, 10), b.param(10)))}
	report := b.check(t, codegen.Options{}, batches...)
	require.LessOrEqual(t, report.Code(), 24<<10)
	t.Logf("%d bytes of code", report.Code())
}

func TestTransformer(t *testing.T) {
	b := newBuilder(rand.New(rand.NewPCG(13, 14)))
	b.words = 100
	linear := func(x graph.Value, n int) graph.Value {
		s := b.Shape(x)
		return b.apply(graph.MatMul{}, x, b.param(s[len(s)-1], n), b.param(n))
	}
	norm := func(x, y graph.Value) graph.Value {
		op := graph.Normalize{Axes: 1, Epsilon: 1e-3, Scale: true, Center: true}
		return b.apply(op, b.apply(graph.Add{}, x, y), b.param(32), b.param(32))
	}
	x := b.apply(graph.AddPositions{}, b.apply(graph.Embedding{}, b.input(16), b.param(100, 32)), b.param(16, 32))
	for range 2 {
		y := b.apply(graph.Attention{Heads: 4, Scale: 0.25}, linear(x, 32), linear(x, 32), linear(x, 32))
		x = norm(x, linear(y, 32))
		x = norm(x, linear(b.apply(graph.Activation{Kind: kernel.Gelu}, linear(x, 64)), 32))
	}
	b.outputs = []graph.Value{b.apply(graph.Softmax{}, linear(b.apply(graph.GlobalMean{}, x), 2))}
	report := b.check(t, codegen.Options{}, batches...)
	require.LessOrEqual(t, report.Code(), 24<<10)
	t.Logf("%d bytes of code", report.Code())
}
