package explain

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

func TestLearningCurvesOfKnownKinds(t *testing.T) {
	curve := func(f func(rows float64) (train, validation float64)) []LearningPoint {
		var points []LearningPoint
		for _, rows := range []int{100, 200, 400, 800} {
			train, validation := f(float64(rows))
			points = append(points, LearningPoint{rows, train, validation})
		}
		return points
	}
	for want, f := range map[LearningVerdict]func(float64) (float64, float64){
		MoreData: func(n float64) (float64, float64) { return 0.1, 0.1 + 8/math.Sqrt(n) },
		TooSmall: func(n float64) (float64, float64) { return 0.8, 0.8 + 1/n },
		Overfits: func(n float64) (float64, float64) { return 0.01, 0.7 },
		Enough:   func(n float64) (float64, float64) { return 0.1, 0.1 + 1/n },
	} {
		j, err := JudgeLearning(curve(f), 1)
		require.NoError(t, err)
		assert.Equal(t, want, j.Verdict, j.Reason)
		assert.NotEmpty(t, j.Reason)
		// The unit of the loss does not matter.
		scaled, err := JudgeLearning(curve(func(n float64) (float64, float64) { a, b := f(n); return 7 * a, 7 * b }), 7)
		require.NoError(t, err)
		assert.Equal(t, want, scaled.Verdict)
	}
	// A model that fits badly and still gains from rows without a gap is too small.
	j, err := JudgeLearning([]LearningPoint{{100, 0.9, 1.0}, {200, 0.9, 0.95}}, 1)
	require.NoError(t, err)
	assert.Equal(t, TooSmall, j.Verdict)
	assert.InDelta(t, 0.05, j.Gap, 1e-12)
	assert.InDelta(t, 0.05, j.Gain, 1e-12)
	assert.InDelta(t, 0.9, j.Fit, 1e-12)
}

func TestLearningCurvesThatCannotSay(t *testing.T) {
	for _, points := range [][]LearningPoint{nil, {{100, 1, 1}}, {{90, 1, 1}, {100, 1, 1}}} {
		j, err := JudgeLearning(points, 1)
		require.NoError(t, err)
		assert.Equal(t, CannotSay, j.Verdict)
	}
	for _, points := range [][]LearningPoint{{{100, 1, 1}, {100, 1, 1}}, {{0, 1, 1}}, {{1, math.NaN(), 1}}, {{1, 1, math.Inf(1)}}, {{1, -1, 1}}} {
		_, err := JudgeLearning(points, 1)
		wantCode(t, tensor.CodeData, err)
	}
	for _, baseline := range []float64{0, -1, math.NaN(), math.Inf(1)} {
		_, err := JudgeLearning(nil, baseline)
		wantCode(t, tensor.CodeOption, err)
	}
}
