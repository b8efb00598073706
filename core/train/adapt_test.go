package train_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/core/format/onnx"
	"github.com/terrarium-ml/terrarium/core/nn"
	"github.com/terrarium-ml/terrarium/core/optim"
	"github.com/terrarium-ml/terrarium/core/tensor"
	"github.com/terrarium-ml/terrarium/core/train"
)

// A model of another program gets a new last layer; what is frozen keeps its bits, and
// the new layer learns.
func TestAdapt(t *testing.T) {
	m := deep(t)
	for name, network := range map[string]*nn.Network{
		"dense":          nn.Sequential(nn.Input(2), nn.Dense(8, nn.ReLU), nn.Dense(3, nn.Softmax)),
		"activation":     nn.Sequential(nn.Input(2), nn.Dense(8, nn.ReLU), nn.Dense(3), nn.Activate(nn.Softmax)),
		"without a head": nn.Sequential(nn.Input(2), nn.Reshape([]int{2, 1}), nn.Conv1D(3, 1, nn.ReLU)),
	} {
		base, err := train.New(network, train.Seed(3))
		require.NoError(t, err)
		made, err := base.Adapt(train.Adaptation{Input: []int{2}, Units: 4, Activation: nn.Softmax, Frozen: true}, train.Seed(5))
		require.NoError(t, err, name)
		assert.Equal(t, []int{4}, made.OutputShape(), name)
		require.NoError(t, made.Compile(train.Config{Optimizer: optim.Adam{LearningRate: 0.05}, Loss: nn.SparseCategoricalCrossentropy{}}))
		before := weightsByName(made)
		x, y := blobs(80)
		h, err := made.Fit(ctx, x, y, train.FitConfig{Epochs: 5, BatchSize: 16})
		require.NoError(t, err)
		assert.Less(t, h.Metrics["loss"][4], h.Metrics["loss"][0], name)
		for weight, bits := range weightsByName(made) {
			if weight == "output/kernel" || weight == "output/bias" {
				assert.NotEqual(t, before[weight], bits, "%s: %s", name, weight)
			} else {
				assert.Equal(t, before[weight], bits, "%s: %s", name, weight)
				assert.Equal(t, weightsByName(base)[weight], bits, "%s: %s", name, weight)
			}
		}
	}
	whole, err := m.Adapt(train.Adaptation{Input: []int{2}, Units: 3, Whole: true})
	require.NoError(t, err)
	assert.Equal(t, weightsByName(m), weightsByName(whole))
	_, err = m.Adapt(train.Adaptation{Input: []int{2}, Units: 4, Whole: true})
	assert.ErrorContains(t, err, "4 numbers are wanted")
	_, err = m.Adapt(train.Adaptation{Input: []int{5}, Units: 4})
	assert.ErrorContains(t, err, "[2]")
}

// Images come with channels last, also to a model of ONNX, which has them first.
func TestAdaptMovesChannels(t *testing.T) {
	m, err := train.New(nn.Sequential(nn.Input(6, 5, 3), nn.Conv2D(4, 3, nn.ReLU), nn.GlobalAveragePooling2D(), nn.Dense(2, nn.Softmax)), train.Seed(4))
	require.NoError(t, err)
	file, err := m.ToONNX()
	require.NoError(t, err)
	f, err := onnx.Read(file)
	require.NoError(t, err)
	first, err := train.FromONNX(f)
	require.NoError(t, err)
	if shape := first.InputShape(); shape[0] != 3 {
		// It was written with channels last; one that takes them first is made by hand.
		moved, err := train.New(nn.Sequential(nn.Input(3, 6, 5), nn.Permute([]int{2, 3, 1}), nn.Conv2D(4, 3, nn.ReLU), nn.GlobalAveragePooling2D(), nn.Dense(2, nn.Softmax)), train.Seed(4))
		require.NoError(t, err)
		_, err = moved.TakeWeights(m)
		require.NoError(t, err)
		first = moved
	}
	whole, err := first.Adapt(train.Adaptation{Input: []int{6, 5, 3}, Units: 2, Whole: true})
	require.NoError(t, err)
	assert.Equal(t, []int{6, 5, 3}, whole.InputShape())
	x := tensor.New(2, 6, 5, 3)
	for i := range x.Data {
		x.Data[i] = float32(i%7) / 7
	}
	want, err := m.Predict(ctx, x)
	require.NoError(t, err)
	got, err := whole.Predict(ctx, x)
	require.NoError(t, err)
	assert.Equal(t, want.Bits(), got.Bits())
	headed, err := first.Adapt(train.Adaptation{Input: []int{6, 5, 3}, Units: 5, Activation: nn.Softmax, Frozen: true})
	require.NoError(t, err)
	assert.Equal(t, []int{5}, headed.OutputShape())
}
