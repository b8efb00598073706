package explain

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// With calibrated scores the best threshold is FP/(FP + FN) (Elkan, 2001).
func TestThresholdOfCalibratedScoresIsKnown(t *testing.T) {
	var y, score []float32
	for i := range 100 { // 100 rows of each probability i/100
		for k := range 100 {
			truth := float32(0)
			if k < i {
				truth = 1
			}
			y, score = append(y, truth), append(score, float32(i)/100)
		}
	}
	for _, c := range []Costs{{FalsePositive: 1, FalseNegative: 1}, {FalsePositive: 1, FalseNegative: 4}, {FalsePositive: 9, FalseNegative: 1}} {
		r, err := ChooseThreshold(y, score, c)
		require.NoError(t, err)
		assert.InDelta(t, c.FalsePositive/(c.FalsePositive+c.FalseNegative), r.Best.At, 0.0101)
		assert.LessOrEqual(t, r.Best.Cost, r.AtHalf)
		cost, half := 0.0, 0.0
		for i := range y {
			for at, sum := range map[float64]*float64{r.Best.At: &cost, 0.499999: &half} {
				switch yes := float64(score[i]) >= at; {
				case yes && y[i] == 0:
					*sum += c.FalsePositive
				case !yes && y[i] == 1:
					*sum += c.FalseNegative
				}
			}
		}
		assert.InDelta(t, cost/1e4, r.Best.Cost, 1e-9)
		assert.InDelta(t, half/1e4, r.AtHalf, 1e-9)
	}
}

func TestThresholdAtTheEnds(t *testing.T) {
	y, score := []float32{0, 1, 0, 1}, []float32{0.9, 0.8, 0.2, 0.3}
	never, err := ChooseThreshold(y, score, Costs{FalsePositive: 1})
	require.NoError(t, err)
	assert.True(t, math.IsInf(never.Best.At, 1))
	assert.Zero(t, never.Best.Cost)
	always, err := ChooseThreshold(y, score, Costs{FalseNegative: 1})
	require.NoError(t, err)
	assert.InDelta(t, 0.3, always.Best.At, 1e-6)
	assert.Equal(t, 1.0, always.Best.TruePositiveRate)
	// Where positives will be rare, saying yes pays less.
	rare, err := ChooseThreshold(y, score, Costs{FalsePositive: 1, FalseNegative: 2, Prevalence: 0.01})
	require.NoError(t, err)
	assert.True(t, math.IsInf(rare.Best.At, 1))
	assert.InDelta(t, 0.02, rare.Best.Cost, 1e-12)
}

func TestThresholdRefusesNonsense(t *testing.T) {
	y, score := []float32{0, 1}, []float32{0.1, 0.9}
	for _, c := range []Costs{{}, {FalsePositive: -1}, {FalseNegative: math.NaN()}, {FalsePositive: math.Inf(1)}, {FalsePositive: 1, Prevalence: 1}, {FalsePositive: 1, Prevalence: -1}} {
		_, err := ChooseThreshold(y, score, c)
		wantCode(t, tensor.CodeOption, err)
	}
	_, err := ChooseThreshold(y[:1], score[:1], Costs{FalsePositive: 1})
	wantCode(t, tensor.CodeData, err)
	_, err = ChooseThreshold(y[:1], score, Costs{FalsePositive: 1})
	wantCode(t, tensor.CodeShape, err)
}
