package train_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/core/graph"
	"github.com/terrarium-ml/terrarium/core/nn"
	"github.com/terrarium-ml/terrarium/core/optim"
	"github.com/terrarium-ml/terrarium/core/tensor"
	"github.com/terrarium-ml/terrarium/core/train"
)

// Two batches of 16 are one of 32, apart from rounding, also where the last update has
// fewer rows; and they are the same bits each time.
func TestAccumulatedBatches(t *testing.T) {
	x, y := blobs(75)
	fit := func(batch, accumulate int) (*train.Model, *train.History, int) {
		m, err := train.New(nn.Sequential(nn.Input(2), nn.Dense(8, nn.Tanh, nn.KernelRegularizer(nn.L2(0.01))), nn.Dense(3, nn.Softmax)), train.Seed(2))
		require.NoError(t, err)
		require.NoError(t, m.Compile(train.Config{Optimizer: optim.SGD{LearningRate: 0.2}, Loss: nn.SparseCategoricalCrossentropy{}}))
		batches := 0
		count := train.Callback{OnBatchEnd: func(*train.Model, train.BatchLog) error { batches++; return nil }}
		h, err := m.Fit(ctx, x, y, train.FitConfig{Epochs: 5, BatchSize: batch, Accumulate: accumulate, Callbacks: []train.Callback{count}})
		require.NoError(t, err)
		return m, h, batches
	}
	large, _, batches := fit(32, 1)
	assert.Equal(t, 5*3, batches)
	small, h, batches := fit(16, 2)
	assert.Equal(t, 5*5, batches)
	again, sameH, _ := fit(16, 2)
	assert.Equal(t, small.Digest(), again.Digest())
	assert.Equal(t, h, sameH)
	plain, _, _ := fit(16, 1)
	for i, w := range large.Weights() {
		assert.InDeltaSlice(t, w.Tensor.Data, small.Weights()[i].Tensor.Data, 1e-6, w.Name)
	}
	assert.NotEqual(t, plain.Digest(), small.Digest())
	whole, _, _ := fit(75, 1)
	rest, _, _ := fit(20, 100) // more than an epoch has
	for i, w := range whole.Weights() {
		assert.InDeltaSlice(t, w.Tensor.Data, rest.Weights()[i].Tensor.Data, 1e-6, w.Name)
	}
	m := classifier(t, train.Config{})
	_, err := m.Fit(ctx, x, y, train.FitConfig{Accumulate: -1})
	assert.ErrorContains(t, err, "accumulate -1 must be at least 1")
}

// counter is a layer of a user that keeps a statistic: how many training rows it saw.
type counter struct{}

func (counter) ClassName() string { return "Counter" }
func (counter) LayerName() string { return "counter" }
func (counter) Config() any       { return struct{}{} }
func (counter) Lower(s *nn.Scope, x graph.Value) (graph.Value, error) {
	seen, err := s.Statistic("seen", []int{1}, nn.Zeros)
	if err != nil {
		return x, err
	}
	return s.Apply(counting{}, x, seen)
}

type counting struct{}

func (counting) Infer(in [][]int) ([]int, *tensor.Error) { return in[0], nil }
func (counting) Keeps(_ [][]int, _ []int) int            { return 1 }
func (counting) Forward(c *graph.Call)                   { copy(c.Out, c.In[0]); c.Kept[0] = float32(c.N) }
func (counting) Backward(c *graph.Call)                  { copy(c.DIn[0], c.DOut) }
func (counting) Commit(c *graph.Call)                    { c.In[1][0] += c.Kept[0] }

func counted(t *testing.T) *train.Model {
	m, err := train.New(nn.Sequential(nn.Input(200), nn.Dense(300, nn.ReLU), counter{}, nn.Dense(300, nn.ReLU), nn.Dense(1)), train.Seed(4))
	require.NoError(t, err)
	require.NoError(t, m.Compile(train.Config{Loss: nn.MeanSquaredError{}}))
	return m
}

func seenRows(m *train.Model) float32 {
	for _, w := range m.Weights() {
		if w.Name == "counter/seen" {
			return w.Tensor.Data[0]
		}
	}
	return -1
}

// Statistics count with the step that they were taken in: neither evaluation nor a step
// that is stopped in its middle leaves a trace, and of an update from several batches
// that is stopped none of the batches does.
func TestStatisticsBelongToSteps(t *testing.T) {
	x, y := tensor.New(150, 200), tensor.New(150, 1)
	for i := range x.Data {
		x.Data[i] = float32(i%17) / 17
	}
	m := counted(t)
	_, err := m.Fit(ctx, x, y, train.FitConfig{BatchSize: 50})
	require.NoError(t, err)
	assert.Equal(t, float32(150), seenRows(m))
	_, err = m.Evaluate(ctx, x, y, train.EvalConfig{})
	require.NoError(t, err)
	_, err = m.Predict(ctx, x)
	require.NoError(t, err)
	assert.Equal(t, float32(150), seenRows(m))

	stop := errors.New("stop")
	for _, accumulate := range []int{1, 3} {
		for stopAt := 1; ; stopAt++ {
			m, pauses, batches := counted(t), 0, 0
			start := m.Digest()
			_, err := m.Fit(ctx, x, y, train.FitConfig{BatchSize: 50, Accumulate: accumulate,
				Pause: func() error {
					if pauses++; pauses == stopAt {
						return stop
					}
					return nil
				},
				BetweenSteps: func() error { batches++; return nil }})
			if err == nil {
				assert.Greater(t, stopAt, 3, "steps pause")
				break
			}
			require.ErrorIs(t, err, stop)
			if accumulate == 3 {
				assert.Equal(t, start, m.Digest(), "stopped at pause %d, in batch %d", stopAt, batches)
			} else {
				assert.Equal(t, float32(50*batches), seenRows(m))
			}
		}
	}
}
