package train_test

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/core/nn"
	"github.com/terrarium-ml/terrarium/core/optim"
	"github.com/terrarium-ml/terrarium/core/train"
)

func weightsByName(m *train.Model) map[string][]uint32 {
	bits := map[string][]uint32{}
	for _, w := range m.Weights() {
		bits[w.Name] = w.Tensor.Bits()
	}
	return bits
}

// deep is a trained network to cut.
func deep(t *testing.T) *train.Model {
	m, err := train.New(nn.Sequential(nn.Input(2), nn.Dense(64, nn.ReLU), nn.Dense(32, nn.ReLU), nn.Dense(3, nn.Softmax)), train.Seed(6))
	require.NoError(t, err)
	require.NoError(t, m.Compile(train.Config{Loss: nn.SparseCategoricalCrossentropy{}}))
	x, y := blobs(60)
	_, err = m.Fit(ctx, x, y, train.FitConfig{Epochs: 5})
	require.NoError(t, err)
	return m
}

// Load, cut, freeze, put a new head on, fine-tune: what is kept has the weights of the
// model that it came from, and what is frozen keeps them bit for bit.
func TestTransferLearning(t *testing.T) {
	m, err := train.Load(bytes.NewReader(saved(t, deep(t))))
	require.NoError(t, err)
	tuned, err := m.Cut("dense_1", []nn.Layer{nn.Dense(4, nn.Tanh), nn.Dense(1)}, train.Seed(9))
	require.NoError(t, err)
	assert.Equal(t, []string{"input", "dense", "dense_1", "dense_2", "dense_3"}, tuned.LayerNames())
	before, start := weightsByName(m), weightsByName(tuned)
	for _, name := range []string{"dense/kernel", "dense/bias", "dense_1/kernel", "dense_1/bias"} {
		assert.Equal(t, before[name], start[name], name)
	}
	require.NoError(t, tuned.SetTrainable("dense", false))
	require.NoError(t, tuned.Compile(train.Config{Optimizer: optim.Adam{LearningRate: 0.01}, Loss: nn.MeanSquaredError{}}))
	x, y := blobs(60)
	h, err := tuned.Fit(ctx, x, y, train.FitConfig{Epochs: 6, BatchSize: 16})
	require.NoError(t, err)
	assert.Less(t, h.Metrics["loss"][5], h.Metrics["loss"][0])
	after := weightsByName(tuned)
	for name, bits := range start {
		if name == "dense/kernel" || name == "dense/bias" {
			assert.Equal(t, bits, after[name], name)
		} else {
			assert.NotEqual(t, bits, after[name], name)
		}
	}
	assert.Equal(t, before, weightsByName(m), "the model itself is as it was")

	// Files keep what is frozen, and training goes on with the same bits.
	var file bytes.Buffer
	require.NoError(t, tuned.SaveCheckpoint(&file))
	back, err := train.Load(&file)
	require.NoError(t, err)
	for _, m := range []*train.Model{tuned, back} {
		_, err := m.Fit(ctx, x, y, train.FitConfig{Epochs: 2})
		require.NoError(t, err)
	}
	assert.Equal(t, tuned.Digest(), back.Digest())
	assert.Equal(t, start["dense/kernel"], weightsByName(back)["dense/kernel"])

	// Thawed, all of it is tuned.
	require.NoError(t, tuned.SetTrainable("dense", true))
	_, err = tuned.Fit(ctx, x, y, train.FitConfig{})
	assert.ErrorContains(t, err, "not compiled")
	require.NoError(t, tuned.Compile(train.Config{Loss: nn.MeanSquaredError{}}))
	_, err = tuned.Fit(ctx, x, y, train.FitConfig{})
	require.NoError(t, err)
	assert.NotEqual(t, start["dense/kernel"], weightsByName(tuned)["dense/kernel"])
}

// A frozen bottom costs its way forward and no more: neither gradients of its weights
// nor those of what lies between them.
func TestFrozenBottomIsNotDifferentiated(t *testing.T) {
	m := deep(t)
	flops := func() int {
		require.NoError(t, m.Compile(train.Config{Loss: nn.SparseCategoricalCrossentropy{}}))
		c, err := m.StepCost(10)
		require.NoError(t, err)
		return c.Flops
	}
	const first, second, last = 10 * 2 * 2 * 64, 10 * 2 * 64 * 32, 10 * 2 * 32 * 3
	all := flops()
	require.NoError(t, m.SetTrainable("dense", false))
	some := flops()
	// The first kernel's gradient, the second layer's input gradient, and the first
	// activation's on the way between them are left out.
	assert.Equal(t, first+second+10*10*64, all-some)
	require.NoError(t, m.SetTrainable("dense_1", false))
	assert.Equal(t, second+last+10*10*32, some-flops())

	require.NoError(t, m.SetTrainable("dense_2", false))
	require.NoError(t, m.Compile(train.Config{Loss: nn.SparseCategoricalCrossentropy{}}))
	x, y := blobs(10)
	_, err := m.Fit(ctx, x, y, train.FitConfig{})
	assert.ErrorContains(t, err, "no weights to train")
	_, err = m.Evaluate(ctx, x, y, train.EvalConfig{})
	assert.NoError(t, err)
}

func TestFreshModels(t *testing.T) {
	m := deep(t)
	x, y := blobs(60)
	fresh, err := m.Fresh()
	require.NoError(t, err)
	assert.NotEqual(t, m.Digest(), fresh.Digest())
	_, err = fresh.Fit(ctx, x, y, train.FitConfig{Epochs: 5})
	require.NoError(t, err)
	assert.Equal(t, m.Digest(), fresh.Digest(), "the same seed, data and options")
	require.NoError(t, fresh.SetTrainable("dense", false))
	assert.False(t, m.Network().Nodes[1].Frozen)
	other, err := m.Fresh(train.Seed(7))
	require.NoError(t, err)
	assert.Equal(t, uint64(7), other.Seed())
}

func TestTakeWeights(t *testing.T) {
	m := deep(t)
	other, err := train.New(nn.Sequential(nn.Input(2), nn.Dense(64), nn.Dense(7)))
	require.NoError(t, err)
	names, err := other.TakeWeights(m)
	require.NoError(t, err)
	assert.Equal(t, []string{"dense/kernel", "dense/bias"}, names)
	_, err = other.TakeWeights(m, "dense_1")
	assert.ErrorContains(t, err, `dense_1: weight "kernel": want shape [64, 7], the other model has [64, 32]`)
	_, err = other.TakeWeights(m, "warp")
	assert.ErrorContains(t, err, `there is no layer "warp"; the layers are input, dense, dense_1`)
	_, err = m.Cut("warp", nil)
	assert.ErrorContains(t, err, `unknown layer "warp"`)
	assert.ErrorContains(t, m.SetTrainable("warp", false), `unknown layer "warp"`)

	features, err := m.Cut("dense", nil)
	require.NoError(t, err)
	x, _ := blobs(3)
	p, err := features.Predict(ctx, x)
	require.NoError(t, err)
	assert.Equal(t, []int{3, 64}, p.Shape)
}
