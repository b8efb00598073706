package metric

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestCurves(t *testing.T) {
	y, score := []float32{1, 0, 1, 0, 0}, []float32{0.9, 0.8, 0.8, 0.3, 0.1}
	roc, err := ROCCurve(y, score)
	require.NoError(t, err)
	assert.InDeltaSlice(t, []float64{0, 0, 1. / 3, 2. / 3, 1}, roc.X, 1e-15)
	assert.InDeltaSlice(t, []float64{0, 0.5, 1, 1, 1}, roc.Y, 1e-15)
	assert.Equal(t, []float64{math.Inf(1), float64(float32(0.9)), float64(float32(0.8)), float64(float32(0.3)), float64(float32(0.1))}, roc.Threshold)
	area := 0.0
	for i := 1; i < len(roc.X); i++ {
		area += (roc.X[i] - roc.X[i-1]) * (roc.Y[i] + roc.Y[i-1]) / 2
	}
	assert.InDelta(t, area, roc.Area, 1e-15)
	pr, err := PRCurve(y, score)
	require.NoError(t, err)
	assert.InDeltaSlice(t, []float64{0, 0.5, 1, 1, 1}, pr.X, 1e-15)
	assert.InDeltaSlice(t, []float64{1, 1, 2. / 3, 0.5, 0.4}, pr.Y, 1e-15)
	assert.InDelta(t, 0.5*1+0.5*2/3, pr.Area, 1e-15)
}

// The area of the sorted walk is that of all pairs, weights being repetitions.
func TestRankedAreaIsROCAUC(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 9))
	for range 50 {
		y, score := make([]float32, 30), make([]float32, 30)
		for i := range y {
			y[i], score[i] = float32(rng.IntN(2)), float32(rng.IntN(7))
		}
		y[0], y[1] = 0, 1
		r, err := rank("test", y, score)
		require.NoError(t, err)
		assert.InDelta(t, ROCAUC(y, score), r.rocAUC(nil), 1e-13)
	}
}

func TestCurvesRefuse(t *testing.T) {
	for says, c := range map[string][2][]float32{
		"ROC curve: want as many scores as targets, got 1 and 2":                   {{1, 0}, {1}},
		"ROC curve: row 2 holds NaN":                                               {{1, nan}, {1, 1}},
		"ROC curve: want rows of both classes, got 2 positive and 0 negative ones": {{1, 1}, {1, 0}},
	} {
		_, err := ROCCurve(c[0], c[1])
		assert.ErrorContains(t, err, says)
	}
	_, err := PRCurve([]float32{0}, []float32{1})
	assert.ErrorContains(t, err, "PR curve: want rows of both classes")
}

func TestCalibration(t *testing.T) {
	c, err := Calibration([]float32{0, 1, 1, 1, 0, 1}, []float32{0.125, 0.25, 0.75, 0.75, 0.75, 1}, 4)
	require.NoError(t, err)
	require.Len(t, c.Bins, 4)
	assert.Equal(t, CalibrationBin{0, 0.25, 1, 0.125, 0}, c.Bins[0])
	assert.Equal(t, CalibrationBin{0.25, 0.5, 1, 0.25, 1}, c.Bins[1])
	assert.Zero(t, c.Bins[2].Rows)
	assert.True(t, math.IsNaN(c.Bins[2].Observed))
	assert.Equal(t, CalibrationBin{0.75, 1, 4, 0.8125, 0.75}, c.Bins[3])
	assert.InDelta(t, (0.125+0.75+4*0.0625)/6, c.ECE, 1e-15)
	assert.InDelta(t, 0.75, c.MCE, 1e-15)
	assert.InDelta(t, (0.125*0.125+0.75*0.75+2*0.0625+0.5625)/6, c.Brier, 1e-15)
	for says, f := range map[string]func() error{
		"want as many probabilities": func() error { _, err := Calibration([]float32{1}, nil, 3); return err },
		"at least 1 row":             func() error { _, err := Calibration(nil, nil, 3); return err },
		"row 1: want a probability":  func() error { _, err := Calibration([]float32{1}, []float32{1.5}, 3); return err },
		"want from 1 to 1000000":     func() error { _, err := Calibration([]float32{1}, []float32{1}, 0); return err },
	} {
		assert.ErrorContains(t, f(), says)
	}
}

func TestConfidence(t *testing.T) {
	right, confidence, err := Confidence([]float32{0, 2}, []float32{0.5, 0.25, 0.25, 0.125, 0.75, 0.125}, 3)
	require.NoError(t, err)
	assert.Equal(t, []float32{1, 0}, right)
	assert.Equal(t, []float32{0.5, 0.75}, confidence)
	_, _, err = Confidence([]float32{3}, []float32{1, 0, 0}, 3)
	assert.ErrorContains(t, err, "row 1: want a class from 0 to 2")
	_, _, err = Confidence([]float32{3}, []float32{1, 0}, 3)
	assert.ErrorContains(t, err, "want 3 predictions a row")
}
