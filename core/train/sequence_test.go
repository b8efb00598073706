package train_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/core/nn"
	"github.com/terrarium-ml/terrarium/core/optim"
	"github.com/terrarium-ml/terrarium/core/tensor"
	"github.com/terrarium-ml/terrarium/core/train"
)

// transformerDigest is to a transformer what goldenDigest is to dense layers.
const transformerDigest = "ce241525dd7000365453a0e78a6152b8c6d264dc6ff3b2443465f7bb4b4e5911"

// smallTransformer has all that is new with sequences: both positions, padding, dropout
// in every place, heads whose sums have more than a block, batch and layer normalisation.
func smallTransformer(t testing.TB) *train.Model {
	m, err := train.New(nn.Sequential(
		nn.Input(13),
		nn.Embedding(30, 12, nn.MaskZero),
		nn.PositionEmbedding(20),
		nn.SinePositionEncoding(),
		nn.TransformerBlock(3, nn.Causal, nn.DropoutRate(0.1)),
		nn.BatchNormalization(),
		&nn.TransformerBlockLayer{NumHeads: 2, KeyDim: 5, IntermediateDim: 300, PostNorm: true},
		nn.RMSNormalization(),
		nn.Dense(30, nn.Softmax),
	), train.Seed(7))
	require.NoError(t, err)
	require.NoError(t, m.Compile(train.Config{Optimizer: optim.Adam{LearningRate: 0.01}, Loss: nn.SparseCategoricalCrossentropy{}}))
	return m
}

// smallText is rows of numbers below 30, with padding at the end of some.
func smallText(rows int) (x, y *tensor.Tensor) {
	x, y = tensor.New(rows, 13), tensor.New(rows, 13)
	for i := range x.Data {
		row, step := i/13, i%13
		if step < 13-row%5 {
			x.Data[i] = float32(1 + (row*7+step*step)%29)
		}
		y.Data[i] = float32(1 + (row*7+(step+1)*(step+1))%29)
	}
	return x, y
}

func TestTransformerDigest(t *testing.T) {
	m := smallTransformer(t)
	x, y := smallText(41)
	h, err := m.Fit(ctx, x, y, train.FitConfig{Epochs: 8, BatchSize: 16})
	require.NoError(t, err)
	last, _ := h.Last("loss")
	assert.Less(t, last, h.Metrics["loss"][0]-0.2)
	require.Equal(t, transformerDigest, m.Digest())
}

func TestTransformerAllocatesNothing(t *testing.T) {
	m := smallTransformer(t)
	x, y := smallText(41)
	p, row, one := tensor.New(41, 13, 30), x.Slice(3, 4), tensor.New(1, 13, 30)
	require.NoError(t, m.PredictInto(p, x))
	assert.Zero(t, testing.AllocsPerRun(10, func() { _ = m.PredictInto(p, x) }))
	require.NoError(t, m.PredictInto(one, row))
	assert.Equal(t, p.Slice(3, 4).Data, one.Data, "a row alone gives the same bits")

	// Two runs, of which one makes 20 steps more, allocate the same.
	runs := func(rows int) float64 {
		return testing.AllocsPerRun(3, func() {
			_, _ = m.Fit(ctx, x.Slice(0, rows), y.Slice(0, rows), train.FitConfig{Epochs: 1, BatchSize: 2})
		})
	}
	assert.Equal(t, runs(2), runs(40))
}

// Moving statistics follow each step, by the momentum, and stay where the layer is
// frozen, where the step is abandoned and where the model only looks.
func TestMovingStatistics(t *testing.T) {
	momentum := 0.75
	network := nn.Sequential(nn.Input(2), &nn.BatchNormalizationLayer{Name: "norm", Momentum: &momentum}, nn.Dense(1))
	m, err := train.New(network, train.Seed(1))
	require.NoError(t, err)
	compile := func() {
		require.NoError(t, m.Compile(train.Config{Optimizer: optim.SGD{LearningRate: 0.1}, Loss: nn.MeanSquaredError{}}))
	}
	compile()
	x, err := tensor.From([]float32{1, 10, 3, 30}, 2, 2)
	require.NoError(t, err)
	y := tensor.New(2, 1)
	statistics := func() (mean, variance []float32) {
		for _, w := range m.Weights() {
			switch w.Name {
			case "norm/moving_mean":
				mean = append([]float32{}, w.Tensor.Data...)
			case "norm/moving_variance":
				variance = append([]float32{}, w.Tensor.Data...)
			}
		}
		return mean, variance
	}
	_, err = m.Fit(ctx, x, y, train.FitConfig{Epochs: 2, BatchSize: 2})
	require.NoError(t, err)
	mean, variance := statistics()
	const after = 1 - 0.75*0.75 // what two steps of the same batch count
	assert.Equal(t, []float32{2 * after, 20 * after}, mean)
	assert.Equal(t, []float32{1, 0.75*0.75 + 100*after}, variance)

	_, err = m.Evaluate(ctx, x, y, train.EvalConfig{})
	require.NoError(t, err)
	p, err := m.Predict(ctx, x)
	require.NoError(t, err)
	_, err = m.Fit(ctx, x, tensorOf(t, float32(math.MaxFloat32), 1), train.FitConfig{Epochs: 1, BatchSize: 2})
	require.Error(t, err, "the loss overflows: that step is none")
	again, spread := statistics()
	assert.Equal(t, mean, again)
	assert.Equal(t, variance, spread)
	q, err := m.Predict(ctx, x)
	require.NoError(t, err)
	assert.Equal(t, p.Data, q.Data)

	require.NoError(t, network.SetFrozen("norm", true))
	compile()
	_, err = m.Fit(ctx, x, y, train.FitConfig{Epochs: 3, BatchSize: 2})
	require.NoError(t, err)
	again, spread = statistics()
	assert.Equal(t, mean, again)
	assert.Equal(t, variance, spread)
}

func tensorOf(t testing.TB, values ...float32) *tensor.Tensor {
	x, err := tensor.From(values, len(values), 1)
	require.NoError(t, err)
	return x
}

// What an Embedding cannot look up is refused with its row and column, in training,
// validation and prediction, and harms nothing where nobody looks.
func TestIndicesAreChecked(t *testing.T) {
	m := smallTransformer(t)
	for _, bad := range []float32{30, -1, 2.5, 1e30} {
		x, y := smallText(5)
		x.Data[2*13+4] = bad
		want := "input row 3, column 5 is "
		_, err := m.Fit(ctx, x, y, train.FitConfig{})
		assert.ErrorContains(t, err, want)
		assert.ErrorContains(t, err, "whole numbers from 0 to 29")
		var e *tensor.Error
		require.ErrorAs(t, err, &e)
		assert.Equal(t, 3, e.Row)
		_, err = m.Predict(ctx, x)
		assert.ErrorContains(t, err, want)
		good, _ := smallText(5)
		_, err = m.Fit(ctx, good, y, train.FitConfig{ValidationX: x, ValidationY: y})
		assert.ErrorContains(t, err, want)
		assert.NoError(t, m.PredictFloats(make([]float32, 5*13*30), x.Data))
	}
}
