//go:build !js

package codegen_test

import (
	"bytes"
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/require"
	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"

	"github.com/terrarium-ml/terrarium/core/codegen"
	"github.com/terrarium-ml/terrarium/core/json"
	"github.com/terrarium-ml/terrarium/core/nn"
	"github.com/terrarium-ml/terrarium/core/tensor"
	"github.com/terrarium-ml/terrarium/core/train"
)

// A host calls a compiled model as any other host does.
type host struct {
	t       testing.TB
	module  api.Module
	in, out int // values of a row
}

func newHost(t testing.TB, wasm []byte, in, out int) *host {
	ctx := context.Background()
	r := wazero.NewRuntime(ctx)
	t.Cleanup(func() { require.NoError(t, r.Close(ctx)) })
	mod, err := r.InstantiateWithConfig(ctx, wasm, wazero.NewModuleConfig().WithName(""))
	require.NoError(t, err)
	require.EqualValues(t, codegen.ABI, mod.ExportedGlobal("abi").Get())
	return &host{t, mod, in, out}
}

func (h *host) call(name string, rows int) uint32 {
	r, err := h.module.ExportedFunction(name).Call(context.Background(), uint64(rows))
	require.NoError(h.t, err)
	return uint32(r[0])
}

// predict runs rows.
func (h *host) predict(x []float32) []float32 {
	h.t.Helper()
	rows := len(x) / h.in
	at := h.call("input", rows)
	require.NotZero(h.t, at)
	copy(h.view(at, len(x)), x)
	to := h.call("run", rows)
	require.NotZero(h.t, to)
	return slices.Clone(h.view(to, rows*h.out))
}

func (h *host) view(at uint32, n int) []float32 {
	b, ok := h.module.Memory().Read(at, uint32(4*n))
	require.True(h.t, ok)
	return unsafe.Slice((*float32)(unsafe.Pointer(unsafe.SliceData(b))), n)
}

// sameBits compares bit for bit, except that any NaN equals any other.
func sameBits(t testing.TB, want, got []float32, what ...any) {
	t.Helper()
	require.Equal(t, len(want), len(got))
	for i, w := range want {
		g := got[i]
		if math.Float32bits(w) != math.Float32bits(g) && (w == w || g == g) {
			require.Failf(t, "other bits", "%v: value %d: want %v, got %v", what, i, w, g)
		}
	}
}

// compile compiles a model that is to be compilable.
func compile(t testing.TB, m *train.Model, o codegen.Options) ([]byte, *codegen.Report) {
	t.Helper()
	var b bytes.Buffer
	report, err := m.WriteWasm(&b, o, codegen.About{})
	require.NoError(t, err)
	require.Equal(t, b.Len(), report.Bytes)
	return b.Bytes(), report
}

func newModel(t testing.TB, network *nn.Network) *train.Model {
	t.Helper()
	m, err := train.New(network, train.Seed(7))
	require.NoError(t, err)
	return m
}

// shake draws all weights anew, so that biases are not zero, and small enough that
// deep networks stay finite.
func shake(t testing.TB, m *train.Model, rng *rand.Rand) {
	var weights []*tensor.Tensor
	for _, w := range m.Weights() {
		fan := 1
		if s := w.Tensor.Shape; len(s) > 1 {
			fan = len(w.Tensor.Data) / s[len(s)-1]
		}
		for i := range w.Tensor.Data {
			w.Tensor.Data[i] = float32(rng.NormFloat64() / math.Sqrt(float64(fan)))
		}
		weights = append(weights, w.Tensor)
	}
	require.NoError(t, m.SetWeights(weights))
}

func random(rng *rand.Rand, n int) []float32 {
	x := make([]float32, n)
	for i := range x {
		x[i] = float32(rng.NormFloat64())
	}
	return x
}

// description reads a module's description, as a host does.
func description(t testing.TB, wasm []byte) codegen.Description {
	ctx := context.Background()
	r := wazero.NewRuntimeWithConfig(ctx, wazero.NewRuntimeConfigInterpreter().WithCustomSections(true))
	t.Cleanup(func() { require.NoError(t, r.Close(ctx)) })
	compiled, err := r.CompileModule(ctx, wasm)
	require.NoError(t, err)
	sections := compiled.CustomSections()
	require.Len(t, sections, 1)
	require.Equal(t, "terrarium", sections[0].Name())
	var d codegen.Description
	require.NoError(t, json.Unmarshal(sections[0].Data(), &d))
	return d
}
