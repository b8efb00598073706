package explain

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// For a sum of functions of single columns, a column adds f(its value) − the mean of f
// over the background, whatever the kernel.
func TestLimeOfLinearModelIsKnown(t *testing.T) {
	w := []float32{4, 0, -2, 1}
	f, background := linear(w...), random(1, 500, 4)
	row := []float32{1, 1, 1, -1}
	r, err := ExplainRow(t.Context(), f, row, background, singles(4), Lime{Samples: 4000, Ridge: 1e-6})
	require.NoError(t, err)
	mean := make([]float64, 4)
	for i := range background.Rows() {
		for j, v := range background.Row(i) {
			mean[j] += float64(v) / 500
		}
	}
	for j, e := range r.Effects {
		want := float64(w[j]) * (float64(row[j]) - mean[j])
		assert.InDelta(t, want, e.Effect, 0.25, e.Column)
		assert.Less(t, e.SD, 0.25)
	}
	assert.Equal(t, 1.0, r.Answer)
	assert.InDelta(t, 1, r.Local, 0.3)
	assert.Equal(t, 1.0, r.Agreement)
	assert.Greater(t, r.R2, 0.4) // the rest is what the other rows' values differ in
	assert.LessOrEqual(t, r.LeastR2, r.R2)
}

// Against a background of one row a linear model is a linear model of what is kept: the
// surrogate is exact.
func TestLimeIsExactAgainstOneRow(t *testing.T) {
	f := linear(4, -3, 2)
	background, err := tensor.From([]float32{0, 1, -1}, 1, 3)
	require.NoError(t, err)
	r, err := ExplainRow(t.Context(), f, []float32{1, 3, 0}, background, singles(3), Lime{Ridge: 1e-9, Samples: 200})
	require.NoError(t, err)
	for j, want := range []float64{4, -6, 2} {
		assert.InDelta(t, want, r.Effects[j].Effect, 1e-6)
		assert.InDelta(t, 0, r.Effects[j].SD, 1e-6)
	}
	assert.InDelta(t, -5, r.Intercept, 1e-6)
	assert.InDelta(t, 1, r.R2, 1e-9)
	assert.InDelta(t, r.Answer, r.Local, 1e-6)
}

// What no line can follow has a low R², and effects that no run confirms.
func TestLimeSaysWhereItFails(t *testing.T) {
	f := known(func(row []float32) float32 {
		odd := float32(1)
		for _, v := range row {
			if v > 0 {
				odd = -odd
			}
		}
		return odd
	})
	background := random(1, 500, 6)
	r, err := ExplainRow(t.Context(), f, []float32{1, 1, 1, 1, 1, 1}, background, singles(6), Lime{Samples: 300, Runs: 8, Width: 10})
	require.NoError(t, err)
	assert.Less(t, r.R2, 0.2)
	assert.Less(t, r.Agreement, 0.8)
	again, err := ExplainRow(t.Context(), f, []float32{1, 1, 1, 1, 1, 1}, background, singles(6), Lime{Samples: 300, Runs: 8, Width: 10})
	require.NoError(t, err)
	assert.Equal(t, r, again)
}

func TestLimeOfAConstantModel(t *testing.T) {
	r, err := ExplainRow(t.Context(), linear(0, 0), []float32{1, 2}, random(1, 9, 2), singles(2), Lime{Runs: 1})
	require.NoError(t, err)
	assert.Equal(t, []ColumnEffect{{"a", 0, 0}, {"b", 0, 0}}, r.Effects)
	assert.Equal(t, 1.0, r.R2)
}

func TestLimeRefusesNonsense(t *testing.T) {
	f, x, row := linear(1, 2), random(1, 5, 2), []float32{1, 2}
	try := func(m Predictor, row []float32, columns []Column, c Lime) error {
		_, err := ExplainRow(t.Context(), m, row, x, columns, c)
		return err
	}
	wantCode(t, tensor.CodeOption, try(nil, row, singles(2), Lime{}))
	wantCode(t, tensor.CodeShape, try(f, row[:1], singles(1), Lime{}))
	wantCode(t, tensor.CodeOption, try(f, row, nil, Lime{}))
	wantCode(t, tensor.CodeOption, try(f, row, singles(3), Lime{}))
	wantCode(t, tensor.CodeOption, try(f, row, singles(2), Lime{Samples: 1}))
	wantCode(t, tensor.CodeOption, try(f, row, singles(2), Lime{Runs: -1}))
	wantCode(t, tensor.CodeOption, try(f, row, singles(2), Lime{Width: -1}))
	wantCode(t, tensor.CodeOption, try(f, row, singles(2), Lime{Ridge: -1}))
	wantCode(t, tensor.CodeOption, try(f, row, singles(2), Lime{Output: 2}))
	wantCode(t, tensor.CodeMemory, try(f, row, singles(2), Lime{Samples: 1 << 27}))
	// A kernel so narrow that every changed sample weighs nothing, and next to no ridge.
	_, err := ExplainRow(t.Context(), f, row, x, singles(2), Lime{Width: 1e-9, Ridge: 1e-300})
	wantCode(t, tensor.CodeOption, err)
}

func TestSolve(t *testing.T) {
	for n := 1; n <= 12; n++ {
		m, want := random(uint64(n), n+2, n), random(99, 1, n).Data
		a, b := make([]float64, n*n), make([]float64, n)
		for i := range n {
			for j := range n {
				for k := range n + 2 {
					a[i*n+j] += float64(m.Row(k)[i]) * float64(m.Row(k)[j])
				}
				b[i] += a[i*n+j] * float64(want[j])
			}
		}
		require.True(t, solve(a, b))
		for i := range n {
			assert.InDelta(t, float64(want[i]), b[i], 1e-6)
		}
	}
	assert.False(t, solve([]float64{1, 2, 2, 1}, []float64{1, 1}))
	assert.False(t, solve([]float64{0}, []float64{1}))
}
