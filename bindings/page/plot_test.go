package page

import (
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/core/data"
)

func TestTicksAreRoundAndInside(t *testing.T) {
	require.Equal(t, []float64{0, 0.2, 0.4, 0.6000000000000001, 0.8, 1}, ticks(0, 1, 5))
	require.Equal(t, []float64{5}, ticks(5, 5, 4))
	for _, r := range [][2]float64{{0, 1e-9}, {-3, 7}, {1e9, 3e9}, {0.97, 0.99}, {-1e300, 1e300}} {
		got := ticks(r[0], r[1], 4)
		require.NotEmpty(t, got)
		require.LessOrEqual(t, len(got), 12)
		for _, v := range got {
			require.True(t, v >= r[0]-1e-9*math.Abs(r[0]) && v <= r[1]+1e-9*math.Abs(r[1]), "%v in %v", v, r)
		}
	}
}

func TestPlotNeverWritesNaN(t *testing.T) {
	for name, points := range map[string][]float64{
		"none": nil, "one": {0.5}, "flat": {2, 2, 2}, "nan": {math.NaN(), 1, math.Inf(1), 2}, "zero": {0, 0},
		"huge": {1e300, 1e308}, "tiny": {1e-300, 2e-300},
	} {
		for _, share := range []bool{false, true} {
			p := Plot{ID: "loss", Title: "Loss", Curves: []Curve{{"training", "train", points}}, Width: 500, Height: 300, Cursor: 0, Best: 0, Share: share}
			n := p.View()
			html := n.HTML()
			require.NotContains(t, html, "NaN", name)
			require.NotContains(t, html, "Inf", name)
			require.Contains(t, html, "epoch")
		}
	}
}

func TestPlotReducesToPixels(t *testing.T) {
	points := make([]float64, 100_000)
	for i := range points {
		points[i] = math.Sin(float64(i) / 1000)
	}
	points[50_000] = 9
	d := polyline(points, scale{1, 100_000, 50, 450}, scale{-1, 9, 300, 0})
	require.Less(t, strings.Count(d, "L"), 900)
	require.Contains(t, d, " 0L", "a single outlier survives")
}

func TestPlotFindsTheEpochUnderThePointer(t *testing.T) {
	p := Plot{Curves: []Curve{{"training", "train", []float64{3, 2, 1, 0.5, 0.25}}, {"validation", "val", []float64{3, 2.5, 2, 1.5, 1}}}, Width: 500, Height: 300}
	require.Equal(t, 0, p.Index(0))
	require.Equal(t, 4, p.Index(1))
	x, _ := p.scales()
	require.Equal(t, 2, p.Index(x.at(3)/500))
	require.Equal(t, "training 1, validation 2", p.At(2))
	require.Equal(t, "", p.At(9))
	require.Contains(t, p.Summary(), "training from 3 to 0.25")
}

func TestChartsDescribeWhatTheyShow(t *testing.T) {
	c := data.ColumnProfile{Name: "a", Kind: data.KindNumber, Min: 1, Max: 9, Median: 4, Bins: []data.Bin{{Low: 1, High: 5, Count: 3}, {Low: 5, High: 9, Count: 0}}}
	h := histogram(&c)
	require.Equal(t, "1 to 9, middle 4", h.get("aria-label"))
	c = data.ColumnProfile{Kind: data.KindCategory, Distinct: 3, Many: true, Bins: []data.Bin{{Label: "red", Count: 2}}}
	require.Equal(t, "more than 3 values, most often red", spread(&c))
	h = histogram(&data.ColumnProfile{})
	require.Equal(t, "no values", h.words())

	m := confusion([]string{"a", "b"}, [][]int{{3, 1}, {0, 0}}, nil)
	require.Contains(t, m.HTML(), `<td class="right shade-7">3</td><td class="wrong shade-3">1</td><td class="share">75.0`)
	require.Contains(t, m.HTML(), `–`)

	s := scatter([]float64{1, 2, math.NaN()}, []float64{1, 2, 3}, 400)
	require.Equal(t, 2, strings.Count(s.HTML(), "h0"))
	require.NotContains(t, s.HTML(), "NaN")
}
