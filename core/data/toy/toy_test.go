package toy_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/core/data/toy"
)

func TestPointsOfEveryKind(t *testing.T) {
	for _, kind := range toy.Kinds() {
		points, err := toy.Points(kind.Name, 301, 0.1, 7)
		require.NoError(t, err)
		require.Len(t, points, 301)
		ones := 0
		for _, p := range points {
			require.LessOrEqual(t, math.Abs(float64(p.X)), float64(toy.Reach))
			require.LessOrEqual(t, math.Abs(float64(p.Y)), float64(toy.Reach))
			ones += p.Class
		}
		require.Equal(t, 150, ones)
		again, err := toy.Points(kind.Name, 301, 0.1, 7)
		require.NoError(t, err)
		require.Equal(t, points, again)
		other, err := toy.Points(kind.Name, 301, 0.1, 8)
		require.NoError(t, err)
		require.NotEqual(t, points, other)
	}
	for _, bad := range []func() ([]toy.Point, error){
		func() ([]toy.Point, error) { return toy.Points("stars", 10, 0, 1) },
		func() ([]toy.Point, error) { return toy.Points("xor", 1, 0, 1) },
		func() ([]toy.Point, error) { return toy.Points("xor", 10, math.NaN(), 1) },
	} {
		_, err := bad()
		require.Error(t, err)
	}
}

// Without noise the classes are where their names say.
func TestShapes(t *testing.T) {
	circles, err := toy.Points("circles", 200, 0, 1)
	require.NoError(t, err)
	for _, p := range circles {
		require.Equal(t, p.Class == 0, math.Hypot(float64(p.X), float64(p.Y)) < 3)
	}
	corners, err := toy.Points("xor", 200, 0, 1)
	require.NoError(t, err)
	for _, p := range corners {
		require.Equal(t, p.Class == 0, p.X*p.Y > 0)
	}
}

func TestFeatures(t *testing.T) {
	row := make([]float32, 7)
	toy.Show(row, toy.Features(), 3, -1.5)
	require.InDeltaSlice(t, []float32{1, -0.5, 0.5, 0.125, -0.25, float32(math.Sin(3)), float32(math.Sin(-1.5))}, row, 1e-6)
}
