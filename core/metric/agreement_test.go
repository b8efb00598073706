package metric

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func measure(t *testing.T, name, loss string, cols int, y, p []float32) float64 {
	t.Helper()
	m, err := New(name, loss, cols)
	require.NoError(t, err)
	m.Update(y, p, len(p)/cols, cols, nil)
	return m.Value()
}

// Worked by hand. Of 10 rows 4 are found, 1 is wrongly taken and 2 are missed.
func TestAgreement(t *testing.T) {
	y := []float32{1, 1, 1, 1, 1, 1, 0, 0, 0, 0}
	p := []float32{.9, .8, .7, .6, .4, .3, .6, .2, .1, .1}
	// Agreement 7/10; by chance 6/10·5/10 + 4/10·5/10 = 0.5.
	assert.InDelta(t, (0.7-0.5)/(1-0.5), measure(t, "kappa", "binaryCrossentropy", 1, y, p), 1e-15)
	assert.InDelta(t, (4*3-1*2.0)/math.Sqrt(5*6*4*5), measure(t, "mcc", "binaryCrossentropy", 1, y, p), 1e-15)
	// Class labels, perfect, reversed and constant.
	labels := []float32{0, 1, 2, 1}
	eye := []float32{1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 1, 0}
	for _, name := range []string{"cohen_kappa", "matthews_correlation"} {
		assert.InDelta(t, 1, measure(t, name, "sparse_categorical_crossentropy", 3, labels, eye), 1e-15)
		assert.InDelta(t, -1, measure(t, name, "", 1, []float32{1, 0, 1, 0}, []float32{0, 1, 0, 1}), 1e-15)
		assert.Zero(t, measure(t, name, "", 1, []float32{1, 1}, []float32{1, 1}))
		assert.True(t, math.IsNaN(measure(t, name, "", 1, nil, nil)))
		assert.True(t, math.IsNaN(measure(t, name, "sparse_categorical_crossentropy", 3, []float32{3}, eye[:3])))
	}
	assert.Zero(t, measure(t, "matthewsCorrelation", "", 1, []float32{1, 0}, []float32{1, 1}))
}

func TestBrierAndQuantile(t *testing.T) {
	assert.InDelta(t, (0.01+0.16)/2, measure(t, "brier_score", "binary_crossentropy", 1, []float32{1, 0}, []float32{0.9, 0.4}), 1e-7)
	p := []float32{0.5, 0.25, 0.25}
	want := 0.25 + 0.0625 + 0.0625
	assert.InDelta(t, want, measure(t, "brier", "categoricalCrossentropy", 3, []float32{1, 0, 0}, p), 1e-12)
	assert.InDelta(t, want, measure(t, "brierScore", "sparseCategoricalCrossentropy", 3, []float32{0}, p), 1e-12)
	m, err := NewWith("quantileLoss", "", 1, Options{Quantile: 0.75})
	require.NoError(t, err)
	m.Update([]float32{3, 1}, []float32{1, 2}, 2, 1, nil)
	assert.InDelta(t, (0.75*2+0.25*1)/2, m.Value(), 1e-12)
	_, err = NewWith("quantile_loss", "", 1, Options{Quantile: 1})
	assert.ErrorContains(t, err, "quantile must be above 0 and below 1")
}
