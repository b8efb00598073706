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

// denormals counts what an optimizer remembers of that kind.
func denormals(m *Model) (n int) {
	for _, slot := range m.slots {
		for _, v := range slot {
			if v != 0 && math.Abs(float64(v)) < 0x1p-126 {
				n++
			}
		}
	}
	return n
}

// A unit that has died has no gradient any more, and its averages fade away. They do not
// stay what is slow to compute with, and where training is taken up again in between, it
// has the same bits.
func TestDenormalsFadeAway(t *testing.T) {
	const rows = 64
	x, y := tensor.New(rows, 2), tensor.New(rows, 1)
	for i := range x.Data {
		x.Data[i] = float32(i%7) - 3
	}
	model := func() *Model {
		m, err := New(nn.Sequential(nn.Input(2), nn.Dense(20, nn.ReLU), nn.Dense(1)), Seed(3))
		require.NoError(t, err)
		require.NoError(t, m.Compile(Config{Optimizer: optim.Adam{}, Loss: nn.MeanSquaredError{}}))
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
	faded := 0
	for range 1200 {
		fit(m, 1)
		n := denormals(m)
		faded += n
		if m.counters.Step%flushEvery == 0 {
			require.Zero(t, n, "step %d", m.counters.Step)
		}
	}
	require.Positive(t, faded, "nothing became denormal, so the test shows nothing")
	whole := model()
	fit(whole, 1)
	kill(whole)
	fit(whole, 1200)
	require.Equal(t, whole.Digest(), m.Digest())
}
