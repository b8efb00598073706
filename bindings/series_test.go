package bindings

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/core/data"
	"github.com/terrarium-ml/terrarium/core/data/series"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// trainOn trains the first suggested network for a few epochs.
func (b *bench) trainOn(info SeriesInfo, setup series.Setup, network int) (SeriesPrepareResult, ModelInfo) {
	b.t.Helper()
	var ready SeriesPrepareResult
	b.call(MethodSeriesPrepare, SeriesPrepareParams{info.Table, setup}, &ready)
	require.Len(b.t, ready.Networks, 3)
	var model ModelInfo
	seed := int64(1)
	b.call(MethodModelCreate, CreateParams{Layers: ready.Networks[network].Layers, Table: info.Table, Seed: &seed}, &model)
	require.Equal(b.t, []int{ready.Setup.Horizon}, model.Output)
	b.call(MethodModelCompile, CompileParams{Model: model.Model, Optimizer: Optimizer{ClassName: "adam"}}, nil)
	b.call(MethodModelFit, FitParams{Model: model.Model, Table: info.Table, Epochs: 30, BatchSize: 8}, nil)
	return ready, model
}

// From a file to a forecast of the next months, which a saved model makes again.
func TestSeriesFromFileToForecast(t *testing.T) {
	b := newBench(t)
	var info SeriesInfo
	b.call(MethodSeriesOpen, SeriesParams{Sample: "sales"}, &info)
	require.Empty(t, info.Problem)
	require.Equal(t, "month", info.Columns.Date)
	require.Equal(t, series.Monthly, info.Options.Frequency)
	require.Equal(t, []SeriesOne{{Key: "", First: 2015 * 12, Periods: 120, Filled: 2}}, info.Series)
	require.Equal(t, 2, info.Filled)

	ready, model := b.trainOn(info, info.Setup, 0)
	require.Less(t, ready.Validation, ready.Test)
	require.Positive(t, ready.Prepared.Train)
	var test TestResult
	buffers := b.call(MethodModelTest, TestParams{Model: model.Model, Table: info.Table}, &test)
	require.Equal(t, "mae", test.Headline)
	require.Equal(t, series.BaselineSeasonal, test.Guess)
	require.Equal(t, ready.Origins, test.Rows)
	require.Equal(t, 4*test.Rows, buffers[test.Truth.Buffer].Len())
	require.Less(t, test.Metrics["mae"], test.Baseline["mae"])

	var back SeriesBackTestResult
	b.call(MethodSeriesBackTest, SeriesBackTestParams{model.Model, info.Table}, &back)
	require.InDelta(t, test.Metrics["mae"], back.Score.MAE, 1e-9)
	require.Len(t, back.Steps, ready.Setup.Horizon)
	require.Len(t, back.Coverage, len(series.Levels))
	require.Len(t, back.Origins, 1)
	require.Equal(t, ready.Origins, back.Origins[0].Count)
	require.Positive(t, back.Size)
	var one SeriesOriginResult
	b.call(MethodSeriesOrigin, SeriesOriginParams{model.Model, info.Table, 1, 0.8}, &one)
	require.Equal(t, back.Origins[0].Origin+1, one.Origin)
	require.Len(t, one.True, ready.Setup.Horizon)
	require.Len(t, one.Rule, ready.Setup.Horizon)
	require.NotEqual(t, one.Rule[0], one.Points[0].Value)
	require.Less(t, one.Points[0].Low, one.Points[0].High)
	require.Contains(t, b.refused(tensor.CodeOption, MethodSeriesOrigin, SeriesOriginParams{model.Model, info.Table, 999, 0}).Message, "no forecast 999")
	require.Contains(t, b.refused(tensor.CodeOption, MethodSeriesOrigin, SeriesOriginParams{model.Model, info.Table, 0, 0.3}).Message, "level 0.3")

	var next SeriesForecastResult
	b.call(MethodSeriesForecast, SeriesForecastParams{model.Model, info.Table, 0, 0.95}, &next)
	require.Equal(t, "sales", next.Target)
	require.Len(t, next.Recent, 120)
	require.Equal(t, series.Levels[:], next.Levels)
	require.Equal(t, "2025-01-01", data.FormatDate(next.Points[0].Days))

	// The file of the model says how series are gathered, and its intervals.
	var file BytesResult
	buffers = b.call(MethodModelBytes, ModelParams{model.Model}, &file)
	var loaded ModelInfo
	zero := 0
	b.call(MethodModelLoad, LoadParams{Buffer: &zero}, &loaded, buffers[0])
	b.call(MethodSeriesArrange, SeriesArrangeParams{Table: info.Table, Columns: info.Columns, Options: series.Options{Frequency: series.Quarterly}}, &info)
	require.Equal(t, series.Quarterly, info.Options.Frequency)
	var again SeriesForecastResult
	b.call(MethodSeriesForecast, SeriesForecastParams{loaded.Model, info.Table, 0, 0.95}, &again)
	require.Equal(t, next, again)

	// Another training on the same preparation begins without intervals, and a model of
	// another preparation is refused.
	_, lstm := b.trainOn(info, info.Setup, 1)
	b.call(MethodSeriesBackTest, SeriesBackTestParams{lstm.Model, info.Table}, &back)
	_, second := b.trainOn(info, info.Setup, 2)
	b.call(MethodSeriesBackTest, SeriesBackTestParams{second.Model, info.Table}, &back)
	require.Contains(t, b.refused(tensor.CodeShape, MethodSeriesBackTest, SeriesBackTestParams{loaded.Model, info.Table}).Message, "train it again")
	require.Contains(t, b.refused(tensor.CodeUnsupported, MethodModelTest, TestParams{Model: second.Model, Table: info.Table, Weights: "int8"}).Message, "not compiled")
}

func TestSeveralSeriesWithGaps(t *testing.T) {
	b := newBench(t)
	var info SeriesInfo
	b.call(MethodSeriesOpen, SeriesParams{Sample: "visitors"}, &info)
	require.Equal(t, "shop", info.Columns.Key)
	require.Len(t, info.Series, 3)
	require.Positive(t, info.Series[1].Filled)
	var shown SeriesPlotResult
	buffers := b.call(MethodSeriesPlot, SeriesPlotParams{Table: info.Table, Series: []int{0, 2}, Column: "visitors", Width: 100}, &shown)
	require.Len(t, shown.Plots, 2)
	require.LessOrEqual(t, shown.Plots[0].Points.Shape[0], 200)
	require.Greater(t, shown.Plots[0].Points.Shape[0], 100)
	require.Positive(t, shown.Plots[1].Filled.Shape[0])
	require.Len(t, buffers, 4)
	b.call(MethodSeriesPlot, SeriesPlotParams{Table: info.Table, Series: []int{1}, Column: "visitors", Width: 100, From: 1300, Count: 500}, &shown)
	require.Equal(t, 44, shown.Plots[0].Points.Shape[0])
	for _, c := range []struct {
		p    SeriesPlotParams
		says string
	}{
		{SeriesPlotParams{Column: "shop", Width: 100}, "no column"},
		{SeriesPlotParams{Column: "visitors", Width: 1}, "pixels wide"},
		{SeriesPlotParams{Column: "visitors", Width: 100, Series: []int{3}}, "no series 3"},
		{SeriesPlotParams{Column: "visitors", Width: 100, Series: make([]int, 99)}, "at most 24"},
	} {
		c.p.Table = info.Table
		require.Contains(t, b.refused(tensor.CodeOption, MethodSeriesPlot, c.p).Message, c.says)
	}
}

// Lows and highs survive, whatever the width.
func TestReducedToPixels(t *testing.T) {
	v := make([]float64, 100_000)
	v[77_777], v[12_345] = 5, -3
	got := reduced(v, 10, 300)
	require.LessOrEqual(t, len(got), 2*2*300)
	require.Contains(t, fmt.Sprint(got), " 77787 5 ")
	require.Contains(t, fmt.Sprint(got), " 12355 -3 ")
	for i := 2; i < len(got); i += 2 {
		require.Greater(t, got[i], got[i-2])
	}
	require.Equal(t, []float32{3, 4, 4, 6}, reduced([]float64{4, 6}, 3, 50))
	require.Equal(t, []float32{1, 3, 8, 9}, stretches([]bool{false, true, true, false, false, false, false, false, true}, 0, 2))
	require.Equal(t, []float32{1, 9}, stretches([]bool{false, true, true, false, false, false, false, false, true}, 0, 9))
}

// What makes no series is told, and other columns help.
func TestColumnsThatMakeNoSeries(t *testing.T) {
	b := newBench(t)
	var info SeriesInfo
	b.call(MethodSeriesOpen, SeriesParams{Text: "a,b\nx,1\ny,2\nx,3\n"}, &info)
	require.Contains(t, info.Problem, "No column of dates")
	require.Empty(t, info.Series)
	require.Contains(t, b.refused(tensor.CodeData, MethodSeriesPrepare, SeriesPrepareParams{Table: info.Table}).Message, "no series yet")
	b.call(MethodSeriesArrange, SeriesArrangeParams{Table: info.Table, Columns: series.Columns{Date: "b", Values: []string{"b"}}}, &info)
	require.Equal(t, "b", info.Columns.Date)

	text := "when,n,m\n2024-01-01,1,5\n2024-01-02,2,6\n2024-01-02,4,7\n2024-01-04,8,8\n2024-01-05,8,8\n"
	b.call(MethodSeriesOpen, SeriesParams{Text: text}, &info)
	require.Equal(t, 1, info.Merged)
	require.Equal(t, 2, info.Filled)
	b.call(MethodSeriesArrange, SeriesArrangeParams{Table: info.Table, Columns: info.Columns, Options: series.Options{Merge: series.MergeRefuse}}, &info)
	require.Contains(t, info.Problem, "Choose how they become one")
	var summed SeriesInfo
	b.call(MethodSeriesArrange, SeriesArrangeParams{Table: info.Table, Columns: series.Columns{Date: "when", Values: []string{"m"}}, Options: series.Options{Merge: series.MergeSum, Fill: series.FillZero}}, &summed)
	require.Empty(t, summed.Problem)
	require.Equal(t, []string{"m"}, summed.Names)
	require.Contains(t, b.refused(tensor.CodeData, MethodSeriesPrepare, SeriesPrepareParams{info.Table, summed.Setup}).Message, "part")

	var dated SeriesInfo
	b.call(MethodSeriesOpen, SeriesParams{Text: "when,n\n01/02/2024,1\n02/02/2024,2\n03/02/2024,4\n04/02/2024,8\n"}, &dated)
	require.Equal(t, series.Daily, dated.Options.Frequency)
	b.call(MethodSeriesArrange, SeriesArrangeParams{Table: dated.Table, Columns: dated.Columns, DateOrder: data.DateMDY}, &dated)
	require.Equal(t, series.Monthly, dated.Options.Frequency)

	require.Contains(t, b.refused(tensor.CodeOption, MethodSeriesOpen, SeriesParams{Sample: "cats"}).Message, "no sample set")
	require.Contains(t, b.refused(tensor.CodeOption, MethodSeriesOpen, SeriesParams{Sample: "sales", Text: "a"}).Message, "not from several")
	require.Contains(t, b.refused(tensor.CodeOption, MethodSeriesPlot, SeriesPlotParams{Table: 99}).Message, "no open table")
	var samples SeriesSamplesResult
	b.call(MethodSeriesSamples, nil, &samples)
	require.Len(t, samples.Samples, 2)
	table, _ := b.open(flowers(30), "kind")
	require.Contains(t, b.refused(tensor.CodeOption, MethodSeriesArrange, SeriesArrangeParams{Table: table.Table}).Message, "no file of series")
}

// Windows that would take too much are refused before they are made, and reading and
// testing can be broken off.
func TestSeriesAreBounded(t *testing.T) {
	b := newColdBench(t)
	b.call(MethodHello, HelloParams{Protocol: Protocol, MemoryLimit: 12 << 20}, nil)
	var text strings.Builder
	text.WriteString("day,n\n")
	for i := range 9000 {
		fmt.Fprintf(&text, "%s,%d\n", data.FormatDate(float64(10000+i)), i%7)
	}
	var info SeriesInfo
	b.call(MethodSeriesOpen, SeriesParams{Text: text.String()}, &info)
	setup := info.Setup
	setup.Window = 500
	require.Contains(t, b.refused(tensor.CodeMemory, MethodSeriesPrepare, SeriesPrepareParams{info.Table, setup}).Message, "cutting these series into windows")

	zero := 0
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	_, err := b.client.do(ctx, call{Method: MethodSeriesOpen, Params: SeriesParams{Blob: &zero}, Blobs: []Blob{file{name: "x.csv", text: text.String(), read: func(int64) error { cancel(); b.awaitCancel(); return nil }}}})
	var e *Error
	require.ErrorAs(t, err, &e)
	require.Equal(t, tensor.CodeAborted, e.Data.Code)
}
