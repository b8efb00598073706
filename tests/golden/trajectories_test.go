package golden

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/core/nn"
	"github.com/terrarium-ml/terrarium/core/tensor"
	"github.com/terrarium-ml/terrarium/core/train"
)

type trajectoryCase struct {
	Model struct {
		InputShape []int `json:"input_shape"`
		Layers     []nn.LayerConfig
	}
	Loss struct {
		ClassName string `json:"class_name"`
		Config    json.RawMessage
	}
	Optimizer        optimizerSpec
	BatchSize        int `json:"batch_size"`
	Epochs           int
	X, Y             Tensor
	InitialWeights   []Tensor `json:"initial_weights"`
	Losses           Tensor
	FinalWeights     []Tensor `json:"final_weights"`
	FinalPredictions Tensor   `json:"final_predictions"`
	Noise            map[string]float64
}

// runTrajectory trains a whole run through the public face and compares every
// step's loss, the weights at the end and what the model then predicts.
func runTrajectory(t *testing.T, raw json.RawMessage) {
	var c trajectoryCase
	require.NoError(t, json.Unmarshal(raw, &c))
	layers := []nn.Layer{nn.Input(c.Model.InputShape...)}
	for _, l := range c.Model.Layers {
		layers = append(layers, parse(t, l.ClassName, json.RawMessage(l.Config)))
	}
	m, err := train.New(nn.Sequential(layers...), train.Seed(1))
	require.NoError(t, err)
	require.NoError(t, m.Compile(train.Config{Loss: parseLoss(t, c.Loss.ClassName, c.Loss.Config), Optimizer: c.Optimizer.make(t)}))
	var initial []*tensor.Tensor
	for _, w := range c.InitialWeights {
		initial = append(initial, from(t, w))
	}
	require.NoError(t, m.SetWeights(initial))

	var losses []float32
	record := train.Callback{OnBatchEnd: func(_ *train.Model, b train.BatchLog) error {
		losses = append(losses, float32(b.Loss))
		return nil
	}}
	x, y := from(t, c.X), from(t, c.Y)
	_, err = m.Fit(context.Background(), x, y, train.FitConfig{Epochs: c.Epochs, BatchSize: c.BatchSize, NoShuffle: true, Callbacks: []train.Callback{record}})
	require.NoError(t, err)

	near(t, "losses", c.Losses.Data, losses, 30*c.Noise["losses"]+1e-4*largest(c.Losses.Data))
	weights := m.Weights()
	require.Len(t, weights, len(c.FinalWeights))
	for i, want := range c.FinalWeights {
		near(t, fmt.Sprintf("weight %s", want.Name), want.Data, weights[i].Tensor.Data, 50*c.Noise["final_weights."+want.Name]+1e-3*largest(want.Data))
	}
	p, err := m.Predict(context.Background(), x)
	require.NoError(t, err)
	near(t, "predictions", c.FinalPredictions.Data, p.Data, 50*c.Noise["final_predictions"]+1e-3*largest(c.FinalPredictions.Data))
}

func from(t *testing.T, v Tensor) *tensor.Tensor {
	x, err := tensor.From(v.Data, v.Shape...)
	require.NoError(t, err)
	return x
}
