package bindings

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// Of new rows of the same kind at least nine of ten lie within the interval, in the mean
// over many tests; too few rows have none.
func TestIntervalHoldsWhatItSays(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	draw := func() float32 { return float32(rng.ExpFloat64()*3 - 1) } // far from even
	within, asked := 0, 0
	for range 400 {
		truth := make([]float32, 39)
		for i := range truth {
			truth[i] = draw()
		}
		got := interval(truth, make([]float32, len(truth)))
		require.Less(t, got.Low, got.High)
		require.Equal(t, 0.9, got.Share)
		for range 50 {
			if v := float64(draw()); v >= got.Low && v <= got.High {
				within++
			}
			asked++
		}
	}
	require.InDelta(t, 0.9, float64(within)/float64(asked), 0.015)
	require.Nil(t, interval(make([]float32, 18), make([]float32, 18)))
	require.NotNil(t, interval(make([]float32, 19), make([]float32, 19)))
}
