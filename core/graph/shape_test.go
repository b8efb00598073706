package graph

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func forward(t *testing.T, op Op, shape []int, x ...float32) ([]float32, []int) {
	t.Helper()
	p := onePlan(t, op, len(x)/size(shape), shape)
	rows := len(x) / size(shape)
	copy(p.Value(p.config.Explain[0], rows), x)
	require.NoError(t, p.Forward(rows, false))
	y := p.config.Outputs[0]
	return append([]float32{}, p.Value(y, rows)...), p.graph.Shape(y)
}

func TestShapesByHand(t *testing.T) {
	y, shape := forward(t, Permute{[]int{1, 0}}, []int{2, 3}, 1, 2, 3, 4, 5, 6)
	assert.Equal(t, []int{3, 2}, shape)
	assert.Equal(t, []float32{1, 4, 2, 5, 3, 6}, y)

	y, shape = forward(t, Repeat{2}, []int{2}, 1, 2, 3, 4)
	assert.Equal(t, []int{2, 2}, shape)
	assert.Equal(t, []float32{1, 2, 1, 2, 3, 4, 3, 4}, y)

	edges := Edges{Before: [2]int{1, 0}, After: [2]int{0, 2}}
	y, shape = forward(t, Pad{edges}, []int{1, 2, 1}, 1, 2, 3, 4)
	assert.Equal(t, []int{2, 4, 1}, shape)
	assert.Equal(t, []float32{0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 0, 0, 3, 4, 0, 0}, y)
	y, shape = forward(t, Crop{edges}, []int{2, 3, 1}, 1, 2, 3, 4, 5, 6)
	assert.Equal(t, []int{1, 1, 1}, shape)
	assert.Equal(t, []float32{4}, y)
	y, _ = forward(t, Pad{edges}, []int{2, 1}, 1, 2)
	assert.Equal(t, []float32{1, 2, 0, 0}, y, "of a series the second axis counts")

	y, shape = forward(t, Upsample{[2]int{2, 3}}, []int{1, 2, 1}, 1, 2)
	assert.Equal(t, []int{2, 6, 1}, shape)
	assert.Equal(t, []float32{1, 1, 1, 2, 2, 2, 1, 1, 1, 2, 2, 2}, y)
	y, shape = forward(t, Upsample{[2]int{7, 2}}, []int{2, 1}, 1, 2)
	assert.Equal(t, []int{4, 1}, shape)
	assert.Equal(t, []float32{1, 1, 2, 2}, y)
	y, _ = forward(t, UpsampleBilinear{[2]int{1, 2}}, []int{1, 3, 1}, 0, 4, 8)
	assert.Equal(t, []float32{0, 1, 3, 5, 7, 8}, y, "centres at a quarter and three quarters")
	y, _ = forward(t, UpsampleBilinear{[2]int{1, 3}}, []int{1, 2, 1}, 0, 3)
	assert.Equal(t, []float32{0, 0, 1, 2, 3, 3}, y)

	y, _ = forward(t, UnitRows{}, []int{2}, 3, 4, 0, 0)
	assert.InDeltaSlice(t, []float32{0.6, 0.8, 0, 0}, y, 1e-6)
	y, _ = forward(t, ReluOf{Threshold: 1, Slope: 0.5, Most: 3}, []int{5}, -1, 0.5, 1, 2, 4)
	assert.Equal(t, []float32{-1, -0.25, 1, 2, 3}, y)
}

// Every operation of one input runs without an allocation, with any number of rows up to
// the largest.
func TestLayersAllocateNothing(t *testing.T) {
	image := []int{4, 5, 3}
	edges := Edges{Before: [2]int{1, 0}, After: [2]int{0, 2}}
	for _, op := range []Op{Permute{[]int{2, 0, 1}}, Repeat{3}, Pad{edges}, Crop{edges}, Upsample{[2]int{2, 3}}, UpsampleBilinear{[2]int{2, 3}},
		UnitRows{}, ReluOf{Most: 3}, Scale{2}, SpatialDropout{0.5}, GaussianNoise{0.1}, GaussianDropout{0.5}, AlphaDropout{0.5}} {
		allocationFree(t, op, image)
	}
	for _, op := range []Op{Sub{}, Mul{}, Maximum{}, Minimum{}, Concat{1}} {
		allocationFree(t, op, image, image)
	}
	allocationFree(t, Concat{0}, []int{2, 3}, []int{1, 3}, []int{4, 3})
	allocationFree(t, Dot{}, []int{4, 5}, []int{3, 5})
	allocationFree(t, MaskedMean{}, []int{4, 5}, []int{4})
	allocationFree(t, PRelu{}, image, []int{1, 1, 3})
}

func allocationFree(t *testing.T, op Op, shapes ...[]int) {
	t.Helper()
	p := onePlan(t, op, 4, shapes...)
	assert.Zero(t, testing.AllocsPerRun(5, func() {
		for _, rows := range []int{4, 1} {
			_, _ = p.Forward(rows, true), p.Backward()
		}
	}), "%T", op)
}

// At inference noise passes everything on; while training it keeps the mean, and the same
// step draws the same noise.
func TestNoise(t *testing.T) {
	const rows, n = 50, 200
	for _, op := range []Op{SpatialDropout{0.4}, GaussianNoise{0.5}, GaussianDropout{0.4}, AlphaDropout{0.2}} {
		p := onePlan(t, op, rows, []int{n / 4, 4})
		x, y := p.config.Explain[0], p.config.Outputs[0]
		fill := func(v float32) {
			for i := range p.Value(x, rows) {
				p.Value(x, rows)[i] = v
			}
		}
		fill(1)
		require.NoError(t, p.Forward(rows, false))
		assert.Equal(t, p.Value(x, rows), p.Value(y, rows), "%T", op)

		if _, alpha := op.(AlphaDropout); alpha {
			fill(0) // which is the mean that it keeps
		}
		require.NoError(t, p.Forward(rows, true))
		first, mean := append([]float32{}, p.Value(y, rows)...), 0.0
		for _, v := range first {
			mean += float64(v) / float64(len(first))
		}
		assert.InDelta(t, float64(p.Value(x, rows)[0]), mean, 0.15, "%T", op)
		assert.NotEqual(t, p.Value(x, rows), first, "%T", op)
		require.NoError(t, p.Forward(rows, true))
		assert.Equal(t, first, p.Value(y, rows), "%T", op)
	}
}

func TestSpatialDropoutDropsChannels(t *testing.T) {
	p := onePlan(t, SpatialDropout{0.5}, 8, []int{3, 2, 5})
	x := p.Value(p.config.Explain[0], 8)
	for i := range x {
		x[i] = 1
	}
	require.NoError(t, p.Forward(8, true))
	y := p.Value(p.config.Outputs[0], 8)
	dropped := 0
	for sample := range 8 {
		for c := range 5 {
			first := y[sample*30+c]
			for pixel := range 6 {
				require.Equal(t, first, y[sample*30+pixel*5+c])
			}
			require.Contains(t, []float32{0, 2}, first)
			if first == 0 {
				dropped++
			}
		}
	}
	assert.Greater(t, dropped, 8)
	assert.Less(t, dropped, 32)
}
