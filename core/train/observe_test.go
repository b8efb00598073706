package train_test

import (
	"context"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/core/nn"
	"github.com/terrarium-ml/terrarium/core/optim"
	"github.com/terrarium-ml/terrarium/core/tensor"
	"github.com/terrarium-ml/terrarium/core/train"
)

func watched(t *testing.T) (*train.Model, *tensor.Tensor, *tensor.Tensor) {
	t.Helper()
	x, err := tensor.From([]float32{0, 0, 0, 1, 1, 0, 1, 1}, 4, 2)
	require.NoError(t, err)
	y, err := tensor.From([]float32{0, 1, 1, 0}, 4, 1)
	require.NoError(t, err)
	m, err := train.New(nn.Sequential(nn.Input(2), nn.Dense(8, nn.Tanh), nn.Dropout(0.2), nn.Dense(1, nn.Sigmoid)), train.Seed(3))
	require.NoError(t, err)
	require.NoError(t, m.Compile(train.Config{Optimizer: optim.Adam{LearningRate: 0.05}, Loss: nn.BinaryCrossentropy{}}))
	return m, x, y
}

// The length of the gradient is that of a plain descent: with SGD the weights move by the
// rate times the gradient.
func TestGradientNormIsThatOfTheStep(t *testing.T) {
	_, x, y := watched(t)
	m, err := train.New(nn.Sequential(nn.Input(2), nn.Dense(3, nn.Tanh), nn.Dense(1, nn.Sigmoid)), train.Seed(3))
	require.NoError(t, err)
	require.NoError(t, m.Compile(train.Config{Optimizer: optim.SGD{LearningRate: 0.5}, Loss: nn.BinaryCrossentropy{}}))
	require.Zero(t, m.GradientNorm())
	var before []float32
	for _, w := range m.Weights() {
		before = append(before, w.Tensor.Data...)
	}
	_, err = m.Fit(context.Background(), x, y, train.FitConfig{BatchSize: 4})
	require.NoError(t, err)
	moved, k := 0.0, 0
	for _, w := range m.Weights() {
		for _, v := range w.Tensor.Data {
			d := float64(v - before[k])
			moved += d * d
			k++
		}
	}
	require.InDelta(t, math.Sqrt(moved)/0.5, m.GradientNorm(), 1e-6)
}

// Watching between steps changes no bit.
func TestWatchingChangesNothing(t *testing.T) {
	digest := func(watch bool) string {
		m, x, y := watched(t)
		c := train.FitConfig{Epochs: 20, BatchSize: 3}
		if watch {
			c.BetweenSteps = func() error {
				require.Positive(t, m.GradientNorm())
				require.Len(t, m.Spreads(5), 4)
				return nil
			}
		}
		_, err := m.Fit(context.Background(), x, y, c)
		require.NoError(t, err)
		return m.Digest()
	}
	require.Equal(t, digest(false), digest(true))
}

func TestSpreadCountsEveryValue(t *testing.T) {
	m, _, _ := watched(t)
	s := m.Spreads(4)
	require.Equal(t, "dense/kernel", s[0].Name)
	require.Equal(t, []int{2, 8}, s[0].Shape)
	sum := 0
	for _, n := range s[0].Counts {
		sum += n
	}
	require.Equal(t, 16, sum)
	require.Less(t, s[0].Low, s[0].High)
	require.Positive(t, s[0].Counts[0])
	require.Positive(t, s[0].Counts[3])
	require.Equal(t, []int{0, 0, 8, 0}, s[1].Counts, "biases begin at 0, all in the middle")
}

func TestProfileLeavesTheModelAsItWas(t *testing.T) {
	m, x, y := watched(t)
	before, now := m.Digest(), 0.0
	d := train.Tensors([]*tensor.Tensor{x}, []*tensor.Tensor{y})
	clock := func() float64 { now += 1e-3; return now }
	p, err := m.Profile(context.Background(), d, train.Profiling{BatchSize: 4, Seconds: 0.2, Clock: clock})
	require.NoError(t, err)
	require.Equal(t, before, m.Digest())
	require.Equal(t, 4, p.Rows)
	require.Positive(t, p.Step)
	require.Positive(t, p.Steps)
	names := map[string]train.LayerProfile{}
	for _, l := range p.Layers {
		names[l.Name] = l
	}
	require.Equal(t, "Dense", names["dense"].Class)
	require.Equal(t, 24, names["dense"].Parameters)
	require.Positive(t, names["dense"].Flops)
	require.Positive(t, names["dense"].Bytes)
	require.Contains(t, names, "dropout")

	fresh, _, _ := watched(t)
	for _, model := range []*train.Model{m, fresh} { // as if nobody had measured
		_, err := model.FitData(context.Background(), d, train.FitConfig{Epochs: 3, BatchSize: 2})
		require.NoError(t, err)
	}
	require.Equal(t, fresh.Digest(), m.Digest())
	_, err = m.Profile(context.Background(), d, train.Profiling{})
	require.ErrorContains(t, err, "want a clock")
	stopped, stop := context.WithCancel(context.Background())
	stop()
	_, err = m.Profile(stopped, d, train.Profiling{Clock: clock})
	require.Error(t, err)
}

// A search for a rate tells how far it is, and ends when it is told to.
func TestRateSearchTellsItsSteps(t *testing.T) {
	m, x, y := watched(t)
	var told []int
	_, err := m.FindLearningRate(context.Background(), x, y, train.RateSearch{Steps: 5, From: 1e-4, To: 1e-3, OnStep: func(done int) error {
		told = append(told, done)
		return nil
	}})
	require.NoError(t, err)
	require.Equal(t, []int{1, 2, 3, 4, 5}, told)
	_, err = m.FindLearningRate(context.Background(), x, y, train.RateSearch{OnStep: func(int) error { return train.ErrStop }})
	require.ErrorIs(t, err, train.ErrStop)
}
