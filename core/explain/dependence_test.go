package explain

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

func TestDependenceOfANumber(t *testing.T) {
	p := shop(t)
	x := shopRows(p, 400)
	// 3·price's feature, and −10 where the price is missing: 3·(price − 5)·0.5.
	f := linear(3, -10, 0, 0, 1)
	d, err := PartialDependence(t.Context(), f, p, x, "price", DependencePlot{Points: 11})
	require.NoError(t, err)
	last := len(d.Grid) - 1
	assert.Equal(t, []float64{0, 10}, []float64{d.Grid[0], d.Grid[last]})
	assert.IsIncreasing(t, d.Grid) // equal quantiles stand once
	assert.Greater(t, last, 6)
	green := 0.0
	for i := range x.Rows() {
		green += float64(x.Row(i)[4])
	}
	green /= 400
	for k, v := range d.Grid {
		assert.InDelta(t, 1.5*(v-5)+green, d.Mean[k], 1e-5)
		assert.InDelta(t, 0.47, d.SD[k], 0.02) // of a third of ones
	}
	require.Len(t, d.Curves, 50)
	for i, curve := range d.Centred() {
		assert.InDelta(t, 15, curve[last], 1e-5, "row %d", d.Rows[i])
		assert.Zero(t, curve[0])
	}
}

// Curves of rows of two kinds cross where the mean is flat.
func TestCurvesShowWhatTheMeanHides(t *testing.T) {
	p := shop(t)
	x := shopRows(p, 300)
	f := known(func(row []float32) float32 { return row[0] * (2*row[6] - 1) }) // price times ±1, by gift
	d, err := PartialDependence(t.Context(), f, p, x, "price", DependencePlot{Points: 3, Curves: 300})
	require.NoError(t, err)
	up, down := 0, 0
	for i, c := range d.Centred() {
		if gift := x.Row(d.Rows[i])[6]; gift == 1 {
			assert.Positive(t, c[2])
			up++
		} else {
			assert.Negative(t, c[2])
			down++
		}
	}
	assert.Greater(t, min(up, down), 100)
	assert.InDelta(t, 0, d.Mean[2]-d.Mean[0], 1)
}

func TestDependenceOfCategoriesAndDates(t *testing.T) {
	p := shop(t)
	x := shopRows(p, 100)
	f := linear(0, 0, 7, 1, 2, 4, 9, 10)
	for column, want := range map[string][]float64{"colour": {0, 1, 3}, "size": {0, 7, 14}, "gift": {0, 9}} {
		d, err := PartialDependence(t.Context(), f, p, x, column, DependencePlot{Curves: -1})
		require.NoError(t, err)
		assert.Empty(t, d.Curves)
		assert.Len(t, d.Labels, len(want))
		for k := range want {
			assert.InDelta(t, want[k], d.Mean[k]-d.Mean[0], 1e-4, column)
		}
	}
	d, err := PartialDependence(t.Context(), f, p, x, "day", DependencePlot{Points: 5, Rows: 30, Seed: 4})
	require.NoError(t, err)
	assert.Len(t, d.Rows, 30)
	for k, day := range d.Grid {
		assert.InDelta(t, float64(day-d.Grid[0])/10, d.Mean[k]-d.Mean[0], 1e-4)
	}
	again, err := PartialDependence(t.Context(), f, p, x, "day", DependencePlot{Points: 5, Rows: 30, Seed: 4})
	require.NoError(t, err)
	assert.Equal(t, d, again)
}

func TestDependenceRefusesNonsense(t *testing.T) {
	p, f := shop(t), linear(1)
	x := shopRows(p, 10)
	try := func(m Predictor, x *tensor.Tensor, column string, c DependencePlot) error {
		_, err := PartialDependence(t.Context(), m, p, x, column, c)
		return err
	}
	wantCode(t, tensor.CodeOption, try(nil, x, "price", DependencePlot{}))
	wantCode(t, tensor.CodeShape, try(f, random(1, 3, 3), "price", DependencePlot{}))
	wantCode(t, tensor.CodeOption, try(f, x, "weight", DependencePlot{}))
	wantCode(t, tensor.CodeOption, try(f, x, "price", DependencePlot{Points: 1}))
	wantCode(t, tensor.CodeOption, try(f, x, "price", DependencePlot{Rows: -1}))
	wantCode(t, tensor.CodeOption, try(f, x, "price", DependencePlot{Output: 1}))
	_, err := PartialDependence(t.Context(), f, nil, x, "price", DependencePlot{})
	wantCode(t, tensor.CodeOption, err)
	for i := range x.Rows() {
		x.Row(i)[1] = 1
	}
	wantCode(t, tensor.CodeData, try(f, x, "price", DependencePlot{}))
}
