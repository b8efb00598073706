package metric

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var nan = float32(math.NaN())

// each calls f with every metric that New knows, and data that suits it: 60 rows of
// 3 outputs, among which sit probabilities, one-hot targets or labels.
func each(t *testing.T, f func(t *testing.T, m Metric, y, p []float32, perRow int)) {
	rng := rand.New(rand.NewPCG(5, 6))
	const rows, cols = 60, 3
	p, oneHot, labels := make([]float32, rows*cols), make([]float32, rows*cols), make([]float32, rows)
	for i := range rows {
		sum := float32(0)
		for j := range cols {
			p[i*cols+j] = rng.Float32()
			sum += p[i*cols+j]
		}
		for j := range cols {
			p[i*cols+j] /= sum
		}
		class := rng.IntN(cols)
		labels[i], oneHot[i*cols+class] = float32(class), 1
	}
	for _, loss := range []string{"", "categoricalCrossentropy", "sparseCategoricalCrossentropy", "binaryCrossentropy"} {
		for _, name := range Names() {
			m, err := New(name, loss, cols)
			if err != nil {
				continue // the metric does not go with this loss: TestNewRefuses
			}
			t.Run(name+" "+loss, func(t *testing.T) {
				y, perRow := oneHot, cols
				if r, ok := m.(*rowMean); ok && r.labels == sparse {
					y, perRow = labels, 1
				}
				if r, ok := m.(*retrieval); ok && r.labels == sparse {
					y, perRow = labels, 1
				}
				if r, ok := m.(*agreement); ok && r.labels == sparse {
					y, perRow = labels, 1
				}
				f(t, m, y, p, perRow)
			})
		}
	}
}

// A metric of batches is the metric of all rows, and Reset begins anew.
func TestStreaming(t *testing.T) {
	each(t, func(t *testing.T, m Metric, y, p []float32, perRow int) {
		m.Update(y, p, 60, 3, nil)
		want := m.Value()
		require.False(t, math.IsNaN(want))
		m.Reset()
		for from := 0; from < 60; from += 7 {
			m.Update(y[from*perRow:], p[from*3:], min(7, 60-from), 3, nil)
		}
		assert.InDelta(t, want, m.Value(), 1e-12*max(1, math.Abs(want)))
	})
}

// A weight of 2 is a row that comes twice, a weight of 0 one that does not come,
// whatever it holds.
func TestWeights(t *testing.T) {
	each(t, func(t *testing.T, m Metric, y, p []float32, perRow int) {
		weight := make([]float32, 60)
		for i := range weight {
			weight[i] = float32(i % 3)
			for range i % 3 {
				m.Update(y[i*perRow:], p[i*3:], 1, 3, nil)
			}
		}
		want := m.Value()
		m.Reset()
		p = append([]float32{nan, nan, nan}, p[3:]...)
		m.Update(y, p, 60, 3, weight)
		assert.InDelta(t, want, m.Value(), 1e-12*max(1, math.Abs(want)))
	})
}

func TestNaNGivesNaN(t *testing.T) {
	each(t, func(t *testing.T, m Metric, y, p []float32, perRow int) {
		for _, at := range []int{0, 1, 2} {
			damaged := append([]float32{}, p...)
			damaged[5*3+at] = nan
			m.Reset()
			m.Update(y, damaged, 60, 3, nil)
			assert.True(t, math.IsNaN(m.Value()), "prediction %d", at)
		}
		damaged := append([]float32{}, y...)
		damaged[5*perRow] = nan
		m.Reset()
		m.Update(damaged, p, 60, 3, nil)
		assert.True(t, math.IsNaN(m.Value()), "target")

		m.Reset()
		m.Update(y, p, 60, 3, nil)
		assert.False(t, math.IsNaN(m.Value()), "Reset forgets it")
	})
}

func TestLabelThatIsNoClass(t *testing.T) {
	each(t, func(t *testing.T, m Metric, y, p []float32, perRow int) {
		if perRow > 1 {
			return
		}
		for _, label := range []float32{-1, 3, 1.5, float32(math.Inf(1))} {
			damaged := append([]float32{}, y...)
			damaged[5] = label
			m.Reset()
			m.Update(damaged, p, 60, 3, nil)
			assert.True(t, math.IsNaN(m.Value()), "%v", label)
		}
	})
}

// Numbers at the border of float32 must not panic.
func TestExtremes(t *testing.T) {
	each(t, func(t *testing.T, m Metric, y, p []float32, perRow int) {
		for _, v := range []float32{float32(math.Inf(1)), float32(math.Inf(-1)), math.MaxFloat32, -math.MaxFloat32, 1e-45, 0} {
			all := make([]float32, len(p))
			for i := range all {
				all[i] = v
			}
			m.Update(y, all, 60, 3, nil)
			m.Value()
		}
	})
}

func TestUpdateAllocatesNothing(t *testing.T) {
	each(t, func(t *testing.T, m Metric, y, p []float32, perRow int) {
		weight := make([]float32, 60)
		assert.Zero(t, testing.AllocsPerRun(10, func() {
			m.Update(y, p, 60, 3, weight)
			m.Value()
			m.Reset()
		}))
	})
}

func TestR2(t *testing.T) {
	r2 := func(y, p []float32, weight []float32) float64 {
		m, err := New("r2", "mse", 1)
		require.NoError(t, err)
		m.Update(y, p, len(y), 1, weight)
		return m.Value()
	}
	assert.Equal(t, 1.0, r2([]float32{1, 2, 3}, []float32{1, 2, 3}, nil))
	assert.Equal(t, 0.0, r2([]float32{1, 2, 3}, []float32{2, 2, 2}, nil), "no better than the mean")
	assert.Equal(t, -3.0, r2([]float32{1, 2, 3}, []float32{3, 2, 1}, nil))
	assert.Equal(t, 1.0, r2([]float32{5, 5}, []float32{5, 5}, nil), "constant and right")
	assert.Equal(t, 0.0, r2([]float32{5, 5}, []float32{5, 6}, nil), "constant and wrong")
	assert.True(t, math.IsNaN(r2(nil, nil, nil)), "no rows")
	assert.True(t, math.IsNaN(r2([]float32{1}, []float32{1}, []float32{0})), "no weight")
	// Targets far from zero, where Σy² − n·ȳ² would have no digit left.
	assert.InDelta(t, 0.8, r2([]float32{1e7, 1e7 + 1, 1e7 + 2, 1e7 + 3}, []float32{1e7 + 1, 1e7 + 1, 1e7 + 2, 1e7 + 3}, nil), 1e-12)
}

func TestConfusionMatrix(t *testing.T) {
	got, err := ConfusionMatrix([]int{0, 1, 2, 2}, []int{0, 2, 2, 1}, 3)
	require.NoError(t, err)
	assert.Equal(t, [][]int{{1, 0, 0}, {0, 0, 1}, {0, 1, 1}}, got)
	for says, c := range map[string]struct {
		y, p    []int
		classes int
	}{
		"want as many predictions":               {[]int{1}, nil, 2},
		"row 2: want classes 0 to 1, got target": {[]int{0, 2}, []int{0, 0}, 2},
		"and prediction -1":                      {[]int{0}, []int{-1}, 2},
		"at least 1 class":                       {nil, nil, 0},
	} {
		_, err := ConfusionMatrix(c.y, c.p, c.classes)
		assert.ErrorContains(t, err, says)
	}
}

func TestClasses(t *testing.T) {
	assert.Equal(t, []int{1, 0, -1}, Classes([]float32{0, 1, 2, 2, nan, 1}, 2, 0))
	assert.Equal(t, []int{0, 1, 0, -1}, Classes([]float32{0.5, 0.6, -1, nan}, 1, 0.5))
	assert.Empty(t, Classes(nil, 3, 0))
	assert.Empty(t, Classes([]float32{1}, 0, 0))
}

func TestROCAUC(t *testing.T) {
	assert.True(t, math.IsNaN(ROCAUC([]float32{1, 1}, []float32{0, 1})), "one class")
	assert.True(t, math.IsNaN(ROCAUC(nil, nil)), "no rows")
	assert.True(t, math.IsNaN(ROCAUC([]float32{0, 1}, []float32{0, nan})))
	// Against the definition, pair by pair, with many ties.
	rng := rand.New(rand.NewPCG(7, 8))
	for range 100 {
		n := 2 + rng.IntN(40)
		y, s := make([]float32, n), make([]float32, n)
		for i := range n {
			y[i], s[i] = float32(rng.IntN(2)), float32(rng.IntN(10))
		}
		y[0], y[1] = 0, 1
		wins, pairs := 0.0, 0.0
		for i := range n {
			for j := range n {
				if y[i] == 1 && y[j] == 0 {
					pairs++
					if s[i] > s[j] {
						wins++
					} else if s[i] == s[j] {
						wins += 0.5
					}
				}
			}
		}
		require.InDelta(t, wins/pairs, ROCAUC(y, s), 1e-15)
	}
}

// The library's logarithm serves as the test's yardstick; its last bit does not matter.
func TestLog(t *testing.T) {
	rng := rand.New(rand.NewPCG(9, 10))
	for range 100_000 {
		x := math.Ldexp(1+rng.Float64(), rng.IntN(60)-40)
		want := math.Log(x)
		require.LessOrEqual(t, math.Abs(log(x)-want), max(4e-16*math.Abs(want), 2.3e-16), "log %v", x)
	}
	assert.Zero(t, log(1))
	assert.True(t, math.IsNaN(log(math.NaN())))
}
