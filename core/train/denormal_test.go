package train

import (
	"context"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/core/nn"
	"github.com/terrarium-ml/terrarium/core/optim"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// denormals counts numbers of that kind.
func denormals(x []float32) (n int) {
	for _, v := range x {
		if v != 0 && math.Abs(float64(v)) < 0x1p-126 {
			n++
		}
	}
	return n
}

// A unit that has died has no gradient any more, and its averages fade away; so do its
// weights where they are penalised. They do not stay what is slow to compute with, and
// where training is taken up again in between, it has the same bits.
func TestDenormalsFadeAway(t *testing.T) {
	const rows, often, apart = 8, 700, 5
	x, y := tensor.New(rows, 2), tensor.New(rows, 1)
	for i := range x.Data {
		x.Data[i] = float32(i%7) - 3
	}
	model := func() *Model {
		m, err := New(nn.Sequential(nn.Input(2), nn.Dense(20, nn.ReLU, nn.KernelRegularizer(nn.L2(0.01))), nn.Dense(1)), Seed(3))
		require.NoError(t, err)
		require.NoError(t, m.Compile(Config{Optimizer: optim.Adam{LearningRate: 0.01}, Loss: nn.MeanSquaredError{}}))
		return m
	}
	fit := func(m *Model, epochs int) {
		_, err := m.Fit(context.Background(), x, y, FitConfig{Epochs: epochs, BatchSize: rows, NoShuffle: true})
		require.NoError(t, err)
	}
	kill := func(m *Model) {
		bias := m.store.Of(1, m.store.Change())
		for i := range bias[:10] {
			bias[i] = -100
		}
	}
	m := model()
	fit(m, 1)
	kill(m)
	weights, memory := 0, 0
	for range often {
		fit(m, apart)
		w, s := denormals(m.store.Values()), denormals(m.slots[0])+denormals(m.slots[1])
		weights, memory = weights+w, memory+s
		if m.counters.Step%flushEvery == 0 {
			require.Zero(t, w+s, "step %d", m.counters.Step)
		}
	}
	require.Positive(t, weights, "nothing became denormal, so the test shows nothing")
	require.Positive(t, memory, "nothing became denormal, so the test shows nothing")
	whole := model()
	fit(whole, 1)
	kill(whole)
	fit(whole, often*apart)
	require.Equal(t, whole.Digest(), m.Digest())
}
