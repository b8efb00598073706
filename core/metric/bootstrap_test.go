package metric

import (
	"errors"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/core/internal/kernel"
)

func TestBootstrapStream(t *testing.T) {
	var named rand.PCG
	kernel.Stream(&named, 7, "bootstrap", "", 0, 0)
	assert.Equal(t, *rand.NewPCG(7, bootstrapStream), named)
}

// The fast paths draw the same samples and compute the same as gathering the rows.
func TestBootstrapsAgree(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	const rows, cols = 60, 3
	p, labels := make([]float32, rows*cols), make([]float32, rows)
	y, score, errors := make([]float32, rows), make([]float32, rows), make([]float64, rows)
	for i := range p {
		p[i] = rng.Float32()
	}
	for i := range rows {
		labels[i] = float32(rng.IntN(cols))
		y[i] = float32(rng.IntN(2))
		score[i] = float32(int(rng.Float32()*8)) / 8 // with ties
		errors[i] = rng.Float64()
	}
	o := Resampling{Samples: 200, Level: 0.9, Seed: 3}
	gather := func(from []float32, width int, rows []int) []float32 {
		var to []float32
		for _, r := range rows {
			to = append(to, from[r*width:(r+1)*width]...)
		}
		return to
	}
	for _, name := range []string{"accuracy", "f1", "cohen_kappa", "matthews_correlation", "brier_score", "crossentropy"} {
		m, err := New(name, "sparse_categorical_crossentropy", cols)
		require.NoError(t, err)
		fast, err := BootstrapMetric(o, m, labels, p, rows, cols)
		require.NoError(t, err)
		if name != "f1" { // which is 0 where it is not defined
			assert.True(t, math.IsNaN(m.Value()), "%s is reset", name)
		}
		slow, err := Bootstrap(o, rows, func(drawn []int) float64 {
			m.Reset()
			m.Update(gather(labels, 1, drawn), gather(p, cols, drawn), len(drawn), cols, nil)
			return m.Value()
		})
		require.NoError(t, err)
		near(t, slow, fast, name)
		assert.Less(t, fast.Low, fast.Value)
		assert.Greater(t, fast.High, fast.Value)
		assert.Equal(t, 200, fast.Samples)
	}
	auc, err := BootstrapROCAUC(o, y, score)
	require.NoError(t, err)
	slow, err := Bootstrap(o, rows, func(drawn []int) float64 { return ROCAUC(gather(y, 1, drawn), gather(score, 1, drawn)) })
	require.NoError(t, err)
	near(t, slow, auc, "area")
	ap, err := BootstrapAveragePrecision(o, y, score)
	require.NoError(t, err)
	slow, err = Bootstrap(o, rows, func(drawn []int) float64 {
		c, err := PRCurve(gather(y, 1, drawn), gather(score, 1, drawn))
		require.NoError(t, err)
		return c.Area
	})
	require.NoError(t, err)
	near(t, slow, ap, "average precision")
	mean, err := BootstrapMean(o, errors)
	require.NoError(t, err)
	slow, err = Bootstrap(o, rows, func(drawn []int) float64 {
		sum := 0.0
		for _, r := range drawn {
			sum += errors[r]
		}
		return sum / rows
	})
	require.NoError(t, err)
	near(t, slow, mean, "mean")
}

func near(t *testing.T, want, got Interval, what string) {
	t.Helper()
	assert.InDelta(t, want.Value, got.Value, 1e-12, what)
	assert.InDelta(t, want.Low, got.Low, 1e-12, what)
	assert.InDelta(t, want.High, got.High, 1e-12, what)
	assert.Equal(t, want.Samples, got.Samples, what)
}

// Intervals of a mean cover it about as often as they say: 400 sets of 50 numbers.
func TestBootstrapCoverage(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 5))
	covered := 0
	for set := range 400 {
		values := make([]float64, 50)
		for i := range values {
			values[i] = rng.Float64()
		}
		v, err := BootstrapMean(Resampling{Samples: 300, Level: 0.9, Seed: uint64(set)}, values)
		require.NoError(t, err)
		if v.Low <= 0.5 && 0.5 <= v.High {
			covered++
		}
	}
	assert.InDelta(t, 0.9, float64(covered)/400, 0.05)
}

func TestBootstrapRefusesAndRepeats(t *testing.T) {
	f := func([]int) float64 { return 1 }
	for says, c := range map[string]struct {
		r    Resampling
		rows int
	}{
		"from 1 to 10000000 samples": {Resampling{Samples: -1}, 5},
		"a level above 0":            {Resampling{Level: 1}, 5},
		"no rows":                    {Resampling{}, 0},
	} {
		_, err := Bootstrap(c.r, c.rows, f)
		assert.ErrorContains(t, err, says)
	}
	first := func(seed uint64) (drawn [][]int) {
		_, err := Bootstrap(Resampling{Samples: 3, Seed: seed}, 9, func(rows []int) float64 {
			drawn = append(drawn, append([]int{}, rows...))
			return math.NaN()
		})
		require.NoError(t, err)
		return drawn
	}
	assert.Equal(t, first(1), first(1))
	assert.NotEqual(t, first(1), first(2))
	assert.Equal(t, []int{0, 1, 2, 3, 4, 5, 6, 7, 8}, first(1)[0])
	v, err := Bootstrap(Resampling{}, 4, func([]int) float64 { return math.NaN() })
	require.NoError(t, err)
	assert.Zero(t, v.Samples)
	assert.True(t, math.IsNaN(v.Low) && math.IsNaN(v.High))
	assert.Equal(t, 2.5, percentile([]float64{1, 2, 3, 4}, 0.5))
	assert.Equal(t, 4.0, percentile([]float64{1, 2, 3, 4}, 1))
}

// Many samples can be done in slices, and ended.
func TestBootstrapPauses(t *testing.T) {
	calls := 0
	r := Resampling{Samples: 50, Pause: func() error { calls++; return nil }}
	paused, err := BootstrapMean(r, []float64{1, 2, 3})
	require.NoError(t, err)
	require.Equal(t, 50, calls)
	plain, err := BootstrapMean(Resampling{Samples: 50}, []float64{1, 2, 3})
	require.NoError(t, err)
	require.Equal(t, plain, paused)
	r.Pause = func() error { return errors.New("enough") }
	_, err = BootstrapMean(r, []float64{1, 2, 3})
	require.ErrorContains(t, err, "enough")
}
