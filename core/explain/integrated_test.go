package explain

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/terrarium-ml/terrarium/core/nn"
	"github.com/terrarium-ml/terrarium/core/tensor"
	"github.com/terrarium-ml/terrarium/core/train"
)

// Of a linear model, a feature adds its weight times its distance from the baseline.
func TestIntegratedGradientsOfLinearModel(t *testing.T) {
	m := network(t, nn.Input(3), nn.Dense(2))
	kernel, bias := tensor.New(3, 2), tensor.New(2)
	copy(kernel.Data, []float32{1, 4, -2, 5, 3, -6})
	copy(bias.Data, []float32{10, 20})
	require.NoError(t, m.SetWeights([]*tensor.Tensor{kernel, bias}))
	x, _ := tensor.From([]float32{1, 2, 3}, 1, 3)
	base, _ := tensor.From([]float32{1, 1, 1}, 1, 3)
	a, err := IntegratedGradients(t.Context(), m, x, Integration{Output: 1, Baseline: base, Steps: 7})
	require.NoError(t, err)
	assert.InDeltaSlice(t, []float64{0, 5, -12}, a.Values, 1e-6)
	assert.InDelta(t, 16, a.Answer, 1e-5)
	assert.InDelta(t, 23, a.AtBaseline, 1e-5)
	assert.InDelta(t, 0, a.Gap, 1e-5)
}

// Completeness, for layers that behave differently in training: dropout, normalisation,
// convolution, recurrence, attention. The answer is the prediction's own.
func TestIntegratedGradientsAreComplete(t *testing.T) {
	for name, m := range map[string]*train.Model{
		"dense":     network(t, nn.Input(6), nn.Dense(8, nn.Tanh), nn.Dropout(0.5), nn.Dense(3, nn.Softmax)),
		"picture":   network(t, nn.Input(6, 6, 2), nn.Conv2D(4, 3, nn.Swish), nn.BatchNormalization(), nn.AveragePooling2D(2), nn.Flatten(), nn.Dense(1, nn.Sigmoid)),
		"recurrent": network(t, nn.Input(5, 3), nn.LSTM(4), nn.Dense(1)),
		"attention": network(t, nn.Input(4, 8), nn.TransformerBlock(2), nn.GlobalAveragePooling1D(), nn.Dense(2, nn.Softmax)),
	} {
		t.Run(name, func(t *testing.T) {
			x := random(4, append([]int{1}, m.InputShape()...)...)
			before := m.Digest()
			c := Integration{Steps: 200}
			if name == "attention" { // layer normalisation leaps at zeros
				c.Baseline = random(5, x.Shape...)
			}
			a, err := IntegratedGradients(t.Context(), m, x, c)
			require.NoError(t, err)
			p, err := m.Predict(t.Context(), x)
			require.NoError(t, err)
			assert.Equal(t, float64(p.Data[0]), a.Answer)
			sum := 0.0
			for _, v := range a.Values {
				sum += v
			}
			assert.InDelta(t, sum, a.Sum, 1e-12)
			assert.InDelta(t, a.Answer-a.AtBaseline, a.Sum, 2e-3)
			assert.Greater(t, math.Abs(a.Answer-a.AtBaseline), 4e-3) // there is something to explain
			assert.Equal(t, before, m.Digest())
			again, err := IntegratedGradients(t.Context(), m, x, c)
			require.NoError(t, err)
			assert.Equal(t, a, again)
		})
	}
}

func TestIntegratedGradientsRefuseNonsense(t *testing.T) {
	m := network(t, nn.Input(3), nn.Dense(2))
	try := func(m *train.Model, x *tensor.Tensor, c Integration) error {
		_, err := IntegratedGradients(t.Context(), m, x, c)
		return err
	}
	x := random(1, 1, 3)
	wantCode(t, tensor.CodeOption, try(nil, x, Integration{}))
	wantCode(t, tensor.CodeShape, try(m, nil, Integration{}))
	wantCode(t, tensor.CodeShape, try(m, random(1, 2, 3), Integration{}))
	wantCode(t, tensor.CodeShape, try(m, random(1, 1, 4), Integration{}))
	wantCode(t, tensor.CodeShape, try(m, x, Integration{Baseline: random(1, 1, 4)}))
	wantCode(t, tensor.CodeOption, try(m, x, Integration{Output: 2}))
	wantCode(t, tensor.CodeOption, try(m, x, Integration{Steps: -1}))
	words := network(t, nn.Input(3), nn.Embedding(9, 2), nn.GlobalAveragePooling1D(), nn.Dense(1))
	wantCode(t, tensor.CodeUnsupported, try(words, tensor.New(1, 3), Integration{}))
}
