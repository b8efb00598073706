package golden

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/core/nn"
	"github.com/terrarium-ml/terrarium/core/optim"
	"github.com/terrarium-ml/terrarium/core/tensor"
	"github.com/terrarium-ml/terrarium/core/train"
)

// runRegularizer trains one step on data without any error, so that the loss is the
// penalty, and the step of SGD with rate 1 is its gradient.
func runRegularizer(t *testing.T, raw json.RawMessage) {
	var c regularizerCase
	require.NoError(t, json.Unmarshal(raw, &c))
	var penalty nn.Regularizer
	require.NoError(t, json.Unmarshal(c.Regularizer, &penalty))
	rows, cols := 1, len(c.Weight.Data)
	if len(c.Weight.Shape) == 2 {
		rows, cols = c.Weight.Shape[0], c.Weight.Shape[1]
	}
	m, err := train.New(nn.Sequential(nn.Input(rows), nn.Dense(cols, nn.NoBias, nn.KernelRegularizer(penalty))), train.Seed(1))
	require.NoError(t, err)
	require.NoError(t, m.Compile(train.Config{Loss: nn.MeanSquaredError{}, Optimizer: optim.SGD{LearningRate: 1}}))
	weight, err := tensor.From(c.Weight.Data, rows, cols)
	require.NoError(t, err)
	require.NoError(t, m.SetWeights([]*tensor.Tensor{weight}))
	x, y := tensor.New(1, rows), tensor.New(1, cols) // zero inputs, zero outputs
	h, err := m.Fit(context.Background(), x, y, train.FitConfig{Epochs: 1, BatchSize: 1})
	require.NoError(t, err)
	loss, _ := h.Last("loss")
	near(t, "value", []float32{c.Value}, []float32{float32(loss)}, tolerance(c.Noise["value"], []float32{c.Value}))
	want := make([]float32, len(c.Grad.Data))
	for i := range want {
		want[i] = c.Weight.Data[i] - c.Grad.Data[i]
	}
	near(t, "weight after a step", want, m.Weights()[0].Tensor.Data, tolerance(c.Noise["grad"], want))
}
