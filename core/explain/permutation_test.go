package explain

import (
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/terrarium-ml/terrarium/core/metric"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// For a linear model that is right, shuffling column j costs E (wⱼ·(xⱼ − xⱼ′))² =
// 2·wⱼ²·Var xⱼ of the squared error; here Var x = 1/3.
func TestImportanceOfLinearModelIsKnown(t *testing.T) {
	w := []float32{3, 0, -1}
	f, x := linear(w...), random(1, 3000, 3)
	y := answers(t, f, x)
	r, err := PermutationImportance(t.Context(), f, x, y, singles(3), Permutation{Metric: "mse", Repeats: 10, Seed: 1})
	require.NoError(t, err)
	assert.False(t, r.Higher)
	assert.Zero(t, r.Base)
	for j, c := range r.Columns {
		want := float64(2 * w[j] * w[j] / 3)
		assert.InDelta(t, want, c.Mean, 0.05*want, c.Column)
		assert.Len(t, c.Each, 10)
		assert.InDelta(t, 0, c.SD, 0.05*want)
	}
	ranked := r.Ranked()
	assert.Equal(t, []string{"a", "c", "b"}, []string{ranked[0].Column, ranked[1].Column, ranked[2].Column})
}

// Two features of one column must move together: their difference is always 0 in a row,
// and stays 0, so a model of the difference does not need the column.
func TestFeaturesOfAColumnStayTogether(t *testing.T) {
	x := random(2, 200, 3)
	for i := range x.Rows() {
		x.Row(i)[1] = x.Row(i)[0]
	}
	f := linear(5, -5, 1)
	y := answers(t, f, x)
	r, err := PermutationImportance(t.Context(), f, x, y, []Column{{"twin", []int{0, 1}}, {"other", []int{2}}}, Permutation{Metric: "r2"})
	require.NoError(t, err)
	assert.True(t, r.Higher)
	assert.Equal(t, 1.0, r.Base)
	assert.Zero(t, r.Columns[0].Mean)
	assert.Greater(t, r.Columns[1].Mean, 1.0)

	apart, err := PermutationImportance(t.Context(), f, x, y, singles(3), Permutation{Metric: "r2"})
	require.NoError(t, err)
	assert.Greater(t, apart.Columns[0].Mean, 1.0)
}

func TestImportanceIsThatOfItsSeed(t *testing.T) {
	f, x := linear(1, 2), random(3, 3000, 2) // more than a block
	y := tensor.New(3000, 1)
	for i := range y.Data {
		if f(x.Row(i)) > 0 {
			y.Data[i] = 1
		}
	}
	run := func(seed uint64, columns ...Column) *Importance {
		r, err := PermutationImportance(t.Context(), f, x, y, columns, Permutation{Metric: "roc_auc", Seed: seed, Repeats: 2})
		require.NoError(t, err)
		return r
	}
	a := run(1, singles(2)...)
	assert.Equal(t, 1.0, a.Base)
	assert.Positive(t, a.Columns[0].Mean)
	assert.Greater(t, a.Columns[1].Mean, a.Columns[0].Mean)
	assert.Equal(t, a, run(1, singles(2)...))
	assert.NotEqual(t, a, run(2, singles(2)...))
	// A column's stream is its name's: others do not change it.
	assert.Equal(t, a.Columns[1], run(1, singles(2)[1]).Columns[0])
}

// Whatever package metric can make must be told apart by whether more is better.
func TestDirectionOfEveryMetric(t *testing.T) {
	for _, name := range append(metric.Names(), "roc_auc") {
		outputs, targets := 1, 1
		y, right, wrong := []float32{0, 1, 0, 1}, []float32{0.1, 0.9, 0.1, 0.9}, []float32{0.9, 0.1, 0.9, 0.2}
		if strings.Contains(name, "top_k") { // is only wrong where there are more than k classes
			continue
		}
		if strings.Contains(name, "categorical") || strings.Contains(name, "cosine") {
			outputs, targets = 2, 2
			y, right, wrong = []float32{0, 1, 1, 0}, []float32{0.1, 0.9, 0.9, 0.1}, []float32{0.9, 0.1, 0.1, 0.9}
			if strings.HasPrefix(name, "sparse") {
				y, targets = []float32{1, 0}, 1
			}
		}
		m, higher, err := newScore(name, "", targets, outputs)
		require.NoError(t, err, name)
		value := func(p []float32) float64 {
			m.Reset()
			m.Update(y, p, len(p)/outputs, outputs, nil)
			return m.Value()
		}
		good, bad := value(right), value(wrong)
		require.False(t, math.IsNaN(good) || math.IsNaN(bad), name)
		assert.Equal(t, higher, good > bad, name)
	}
	for _, name := range []string{"top_k_categorical_accuracy", "sparseTopKCategoricalAccuracy"} {
		assert.Contains(t, rising, plain(name))
	}
}

func TestImportanceRefusesNonsense(t *testing.T) {
	f, x, y := linear(1, 2), random(1, 4, 2), random(2, 4, 1)
	one := singles(2)
	try := func(m Predictor, x, y *tensor.Tensor, columns []Column, c Permutation) error {
		_, err := PermutationImportance(t.Context(), m, x, y, columns, c)
		return err
	}
	mse := Permutation{Metric: "mse"}
	wantCode(t, tensor.CodeOption, try(nil, x, y, one, mse))
	wantCode(t, tensor.CodeShape, try(f, nil, y, one, mse))
	wantCode(t, tensor.CodeShape, try(f, x, nil, one, mse))
	wantCode(t, tensor.CodeShape, try(f, x, random(1, 3, 1), one, mse))
	wantCode(t, tensor.CodeShape, try(f, x, random(1, 4, 3), one, mse))
	wantCode(t, tensor.CodeOption, try(f, x, y, nil, mse))
	wantCode(t, tensor.CodeOption, try(f, x, y, []Column{{"a", []int{2}}}, mse))
	wantCode(t, tensor.CodeOption, try(f, x, y, []Column{{"a", []int{0}}, {"b", []int{0}}}, mse))
	wantCode(t, tensor.CodeOption, try(f, x, y, []Column{{"a", nil}}, mse))
	wantCode(t, tensor.CodeOption, try(f, x, y, one, Permutation{}))
	wantCode(t, tensor.CodeOption, try(f, x, y, one, Permutation{Metric: "goodness"}))
	wantCode(t, tensor.CodeOption, try(f, x, y, one, Permutation{Metric: "mse", Repeats: -1}))
	x.Data[3] /= 0 * x.Data[3]
	wantCode(t, tensor.CodeData, try(f, x, y, one, mse))
}
