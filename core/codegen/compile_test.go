//go:build !js

package codegen_test

import (
	"bytes"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/core/codegen"
	"github.com/terrarium-ml/terrarium/core/data"
	"github.com/terrarium-ml/terrarium/core/graph"
	"github.com/terrarium-ml/terrarium/core/json"
	"github.com/terrarium-ml/terrarium/core/nn"
	"github.com/terrarium-ml/terrarium/core/tensor"
	"github.com/terrarium-ml/terrarium/core/train"
)

// An alien is an operation that nobody can compile.
type alien struct{}

func (alien) Infer(in [][]int) ([]int, *tensor.Error) { return in[0], nil }
func (alien) Forward(c *graph.Call)                   { copy(c.Out, c.In[0]) }
func (alien) Backward(*graph.Call)                    {}

type alienLayer struct{ nn.ActivationLayer }

func (alienLayer) Lower(s *nn.Scope, x graph.Value) (graph.Value, error) { return s.Apply(alien{}, x) }

func TestRefusedByName(t *testing.T) {
	first, second := &alienLayer{nn.ActivationLayer{Name: "first"}}, &alienLayer{nn.ActivationLayer{Name: "second"}}
	m := newModel(t, nn.Sequential(nn.Input(3), first, nn.Dense(2), second))
	var b bytes.Buffer
	_, err := m.WriteWasm(&b, codegen.Options{}, codegen.About{})
	var e *tensor.Error
	require.ErrorAs(t, err, &e)
	assert.Equal(t, tensor.CodeUnsupported, e.Code)
	assert.Contains(t, e.Error(), "first (codegen_test.alien), second (codegen_test.alien)")
	assert.Zero(t, b.Len(), "nothing is written before it is refused")
}

func TestNonsenseOptions(t *testing.T) {
	m := newModel(t, nn.Sequential(nn.Input(3), nn.Dense(2)))
	var b bytes.Buffer
	_, err := m.WriteWasm(&b, codegen.Options{Weights: "float8"}, codegen.About{})
	assert.ErrorContains(t, err, `weights must be float32, float16 or int8, got "float8"`)
	_, err = codegen.Decoded("float8", []int{1, 1}, []float32{1})
	assert.Error(t, err)
}

func TestFloat16Overflow(t *testing.T) {
	m := newModel(t, nn.Sequential(nn.Input(1), nn.Dense(1)))
	large := &tensor.Tensor{Shape: []int{1, 1}, Data: []float32{65520}}
	require.NoError(t, m.SetWeights([]*tensor.Tensor{large, tensor.New(1)}))
	var b bytes.Buffer
	_, err := m.WriteWasm(&b, codegen.Options{Weights: codegen.Float16}, codegen.About{})
	assert.ErrorContains(t, err, "dense: weight \"kernel\" holds 65520, which is too large for float16")
	large.Data[0] = 65519
	require.NoError(t, m.SetWeights([]*tensor.Tensor{large, tensor.New(1)}))
	_, err = m.WriteWasm(&b, codegen.Options{Weights: codegen.Float16}, codegen.About{})
	assert.NoError(t, err)
}

// TestSmallWeights: a module computes what the core computes with the decoded weights.
func TestSmallWeights(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	network := func() *nn.Network { return nn.Sequential(nn.Input(37), nn.Dense(21, nn.GELU), nn.Dense(5)) }
	m := newModel(t, network())
	shake(t, m, rng)
	whole, plain := compile(t, m, codegen.Options{})
	for precision, share := range map[codegen.Precision]float64{codegen.Float16: 0.5, codegen.Int8: 0.25} {
		decoded := newModel(t, network())
		var weights []*tensor.Tensor
		for _, w := range m.Weights() {
			values, err := codegen.Decoded(precision, w.Tensor.Shape, w.Tensor.Data)
			require.NoError(t, err)
			weights = append(weights, &tensor.Tensor{Shape: w.Tensor.Shape, Data: values})
		}
		require.NoError(t, decoded.SetWeights(weights))
		for _, noSIMD := range []bool{false, true} {
			wasm, report := compile(t, m, codegen.Options{Weights: precision, NoSIMD: noSIMD})
			assert.InDelta(t, share, float64(report.Weights)/float64(plain.Weights), 0.06)
			assert.Less(t, len(wasm), len(whole))
			h := newHost(t, wasm, 37, 5)
			for _, rows := range batches {
				x, want := random(rng, 37*rows), make([]float32, 5*rows)
				require.NoError(t, decoded.PredictFloats(want, x))
				sameBits(t, want, h.predict(x), precision, rows)
			}
		}
	}
}

// TestDecoded: every float16 is its own, and others go to the nearest.
func TestDecoded(t *testing.T) {
	var all []float32
	for h := range 0x7C00 {
		exponent, fraction := h>>10, float64(h&0x3FF)
		v := math.Ldexp(1024+fraction, exponent-25)
		if exponent == 0 {
			v = math.Ldexp(fraction, -24)
		}
		all = append(all, float32(v), float32(-v))
	}
	got, err := codegen.Decoded(codegen.Float16, []int{1, len(all)}, all)
	require.NoError(t, err)
	sameBits(t, all, got)
	between, err := codegen.Decoded(codegen.Float16, []int{1, 4}, []float32{1 + 0x1p-11, 1 + 0x1.8p-10, 1 + 0x1.1p-11, 0x1p-25})
	require.NoError(t, err)
	sameBits(t, []float32{1, 1 + 0x1p-9, 1 + 0x1p-10, 0}, between)

	got, err = codegen.Decoded(codegen.Int8, []int{3, 2}, []float32{127, 0, -64.4, 0, 1, 0})
	require.NoError(t, err)
	sameBits(t, []float32{127, 0, -64, 0, 1, 0}, got)
	got, err = codegen.Decoded(codegen.Int8, []int{3}, []float32{1.25, 2.5, -3})
	require.NoError(t, err)
	sameBits(t, []float32{1.25, 2.5, -3}, got, "a bias stays as it is")
}

func TestRows(t *testing.T) {
	m := newModel(t, nn.Sequential(nn.Input(3), nn.Dense(2)))
	wasm, report := compile(t, m, codegen.Options{})
	h := newHost(t, wasm, 3, 2)
	assert.Zero(t, h.call("run", 1), "before input")
	assert.Zero(t, h.call("input", 0))
	assert.Zero(t, h.call("input", -1))
	assert.Zero(t, h.call("input", report.MaxRows+1))
	assert.NotZero(t, h.call("input", 5))
	assert.Zero(t, h.call("run", 6), "more than input made room for")
	assert.Zero(t, h.call("run", 0))
	assert.NotZero(t, h.call("run", 5))
	assert.NotZero(t, h.call("input", 100_000))
	assert.NotZero(t, h.call("run", 100_000))
	assert.Less(t, h.module.Memory().Size(), uint32(4<<20))
}

func TestDescription(t *testing.T) {
	p := everyInput(t, price)
	m, err := train.New(nn.Sequential(nn.Input(p.Features()), nn.Dense(1)), train.Name("houses"))
	require.NoError(t, err)
	m.Pipeline = p
	var b bytes.Buffer
	_, err = m.WriteWasm(&b, codegen.Options{Weights: codegen.Int8}, codegen.About{Unit: "k€", Units: map[string]string{"age": "years"}, Metrics: map[string]float64{"mae": 0.5}, Licence: "CC0"})
	require.NoError(t, err)
	d := description(t, b.Bytes())
	assert.Equal(t, 1, d.Format)
	assert.Equal(t, "houses", d.Name)
	assert.Equal(t, "CC0", d.Licence)
	assert.Equal(t, codegen.Int8, d.Weights)
	assert.Equal(t, map[string]float64{"mae": 0.5}, d.Metrics)
	assert.Equal(t, len(p.Inputs), d.InputSize)
	require.Len(t, d.Inputs, len(p.Inputs))
	assert.Equal(t, "years", d.Inputs[0].Unit)
	assert.Equal(t, 80.0, *d.Inputs[0].Max)
	assert.Equal(t, 1e6, d.Inputs[1].Offset)
	assert.Equal(t, []string{"a", "b", "c", "d", "e"}, d.Inputs[2].Categories)
	assert.Equal(t, "dmy", d.Inputs[8].DateOrder)
	require.Len(t, d.Outputs, 1)
	assert.Equal(t, "k€", d.Outputs[0].Unit)
	assert.Equal(t, "regression", d.Outputs[0].Task)
}

// TestMedium: of what is no table the module takes the network's own numbers, and says
// what they are.
func TestMedium(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 9))
	m := newModel(t, nn.Sequential(nn.Input(6, 2), nn.Flatten(), nn.Dense(1)))
	shake(t, m, rng)
	m.Pipeline = &data.Pipeline{Format: data.PipelineFormat, Output: price,
		Medium: &data.Medium{Kind: data.MediumSeries, Shape: []int{6, 2}, Config: json.RawMessage(`{"window":6}`)}}
	require.NoError(t, m.Pipeline.Validate())
	wasm, _ := compile(t, m, codegen.Options{})
	x, want := random(rng, 3*12), make([]float32, 3)
	require.NoError(t, m.PredictFloats(want, x))
	m.Pipeline.Decode(want)
	sameBits(t, want, newHost(t, wasm, 12, 1).predict(x))
	d := description(t, wasm)
	require.Len(t, d.Inputs, 1)
	assert.Equal(t, "series", d.Inputs[0].Kind)
	assert.Equal(t, []int{6, 2}, d.Inputs[0].Shape)
	assert.JSONEq(t, `{"window":6}`, string(d.Inputs[0].Config))
	assert.Equal(t, "price", d.Outputs[0].Name)
}

// A threshold that was chosen goes along: who answers by the module answers by it.
func TestThresholdIsDescribed(t *testing.T) {
	for _, threshold := range []float32{0, 0.3} {
		p := everyInput(t, disease)
		p.Output.Threshold = threshold
		m, err := train.New(nn.Sequential(nn.Input(p.Features()), nn.Dense(1, nn.Sigmoid)))
		require.NoError(t, err)
		m.Pipeline = p
		var b bytes.Buffer
		_, err = m.WriteWasm(&b, codegen.Options{}, codegen.About{})
		require.NoError(t, err)
		assert.Equal(t, threshold, description(t, b.Bytes()).Outputs[0].Threshold)
	}
}
