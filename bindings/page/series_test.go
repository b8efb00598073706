package page

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/bindings"
	"github.com/terrarium-ml/terrarium/core/data"
	"github.com/terrarium-ml/terrarium/core/data/series"
	"github.com/terrarium-ml/terrarium/core/json"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// A ledger is a page of series on a fake screen with a fake engine.
type ledger struct {
	*stage
	app *Series
}

func newLedger(t *testing.T) *ledger {
	s := &ledger{stage: &stage{T: t, shown: map[string]Node{},
		engine: &fakeEngine{t: t, answer: map[string]func(json.RawMessage, Request) (any, [][]byte, error){}, last: map[string]json.RawMessage{}},
		screen: &fakeScreen{values: map[string]string{}, files: map[string][]byte{}, clock: time.Unix(1e9, 0)}}}
	s.app = NewSeries(s.screen, func(lost func(string)) Engine { s.lose = lost; return s.engine })
	s.stage.app = &App{studio: s.app.studio}
	s.app.beside = func(do func()) { do() }
	s.fix(bindings.MethodHello, bindings.Capabilities{Version: "1", SIMD: true})
	s.fix(bindings.MethodStoreList, bindings.ListResult{})
	s.fix(bindings.MethodStoreUsage, bindings.UsageResult{Usage: 10, Quota: 1000})
	s.fix(bindings.MethodSeriesOpen, shops(series.Columns{Date: "day", Key: "shop", Values: []string{"sold"}, Reason: "“day” holds the dates."}, series.Options{}))
	s.engine.answer[bindings.MethodSeriesArrange] = func(params json.RawMessage, _ Request) (any, [][]byte, error) {
		var p bindings.SeriesArrangeParams
		require.NoError(t, json.Unmarshal(params, &p))
		return shops(p.Columns, p.Options), nil, nil
	}
	s.engine.answer[bindings.MethodSeriesPlot] = func(params json.RawMessage, _ Request) (any, [][]byte, error) {
		var p bindings.SeriesPlotParams
		require.NoError(t, json.Unmarshal(params, &p))
		r := bindings.SeriesPlotResult{}
		var buffers [][]byte
		for i, n := range p.Series {
			r.Plots = append(r.Plots, bindings.SeriesPlot{Series: n, Points: bindings.Tensor{Shape: []int{3, 2}, Buffer: 2 * i}, Filled: bindings.Tensor{Shape: []int{1, 2}, Buffer: 2*i + 1}})
			buffers = append(buffers, bytesOf([]float32{0, 5, 20, 9, 39, 7}), bytesOf([]float32{10, 12}))
		}
		return r, buffers, nil
	}
	s.engine.answer[bindings.MethodSeriesPrepare] = func(params json.RawMessage, _ Request) (any, [][]byte, error) {
		var p bindings.SeriesPrepareParams
		require.NoError(t, json.Unmarshal(params, &p))
		first := shops(series.Columns{}, series.Options{}).Series[0].First
		return bindings.SeriesPrepareResult{Setup: p.Setup, Validation: first + 25, Test: first + 32, Origins: 9, Baselines: baselines(),
			Prepared: bindings.PrepareResult{Train: 11, Validation: 4, Test: 5, Pipeline: seriesPipeline(),
				Defaults: data.TrainingDefaults{Optimizer: "adam", LearningRate: 0.003, BatchSize: 16, Epochs: 77, Patience: 9, Reasons: map[string]string{"epochs": "Few windows."}}},
			Networks: []bindings.SeriesNetwork{{Name: "dense", Reason: "Fast.", Layers: []bindings.Layer{{ClassName: "Flatten", Config: json.RawMessage(`{}`)}, {ClassName: "Dense", Config: json.RawMessage(`{"units":32}`)}}},
				{Name: "lstm", Reason: "Remembers.", Layers: []bindings.Layer{{ClassName: "LSTM", Config: json.RawMessage(`{"units":16}`)}}},
				{Name: "convolution", Reason: "Patterns.", Layers: []bindings.Layer{{ClassName: "Conv1D", Config: json.RawMessage(`{"filters":16,"kernel_size":3,"dilation_rate":2}`)}}}}}, nil, nil
	}
	s.fix(bindings.MethodModelCreate, bindings.ModelInfo{Model: 5, Name: "shops", Seed: 1, Pipeline: seriesPipeline()})
	s.fix(bindings.MethodModelFit, bindings.FitResult{Epoch: []int{0}, History: map[string][]float64{"loss": {1}, "mae": {0.5}}})
	s.fix(bindings.MethodModelTest, bindings.TestResult{Rows: 9, Headline: "mae", Metrics: bindings.Logs{"mae": 3, "rmse": 4}, Baseline: bindings.Logs{"mae": 6, "rmse": 8}, Guess: series.BaselineSeasonal})
	s.fix(bindings.MethodModelDigest, bindings.DigestResult{Digest: "cafe"})
	s.fix(bindings.MethodSeriesBackTest, bindings.SeriesBackTestResult{Part: "test", Score: series.Score{MAE: 3, RMSE: 4, Count: 18}, Size: 60, Steps: []series.Score{{MAE: 2}, {MAE: 4}},
		Coverage: []series.Coverage{{Level: 0.8, Share: 0.75}}, Baselines: baselines(), Origins: []bindings.SeriesOrigins{{Key: "North", Series: 0, First: 0, Count: 5, Origin: 32}, {Key: "South", Series: 1, First: 5, Count: 4, Origin: 33}}})
	s.engine.answer[bindings.MethodSeriesOrigin] = func(params json.RawMessage, _ Request) (any, [][]byte, error) {
		var p bindings.SeriesOriginParams
		require.NoError(t, json.Unmarshal(params, &p))
		return bindings.SeriesOriginResult{Key: "North", Origin: 32 + p.Index, Points: []series.Point{{Days: 19000, Value: 5, Low: 4, High: 6}, {Days: 19001, Value: 6, Low: 4, High: 9}}, True: []float64{7, 8}, Rule: []float64{4, 4}, Filled: []bool{false, true}}, nil, nil
	}
	s.engine.answer[bindings.MethodSeriesForecast] = func(params json.RawMessage, _ Request) (any, [][]byte, error) {
		var p bindings.SeriesForecastParams
		require.NoError(t, json.Unmarshal(params, &p))
		r := bindings.SeriesForecastResult{Key: "No,rth", Keys: []string{"No,rth", "South"}, Target: "sold", Frequency: series.Daily, First: 19000, Recent: []float64{5, 6, 7}, Levels: []float64{0.5, 0.8, 0.95},
			Points: []series.Point{{Days: 19003, Value: 8.5, Low: 8.5, High: 8.5}}}
		if p.Level > 0 {
			r.Points[0].Low, r.Points[0].High = 8-p.Level, 9+p.Level
		}
		return r, nil, nil
	}
	s.app.Start()
	return s
}

func seriesPipeline() *data.Pipeline {
	return &data.Pipeline{Format: 1, Inputs: []data.Input{}, Medium: &data.Medium{Kind: data.MediumSeries, Shape: []int{14, 5}, Config: json.RawMessage(`{}`)},
		Output: data.Output{Name: "sold", Task: data.TaskRegression, Kind: data.KindNumber, Steps: 2, Scale: 1}}
}

func baselines() []series.Baseline {
	return []series.Baseline{{Name: series.BaselineLast, Reason: "As last.", Score: series.Score{MAE: 9, RMSE: 12}, Steps: []series.Score{{MAE: 8}, {MAE: 10}}},
		{Name: series.BaselineSeasonal, Reason: "As a week before.", Score: series.Score{MAE: 6, RMSE: 8}, Steps: []series.Score{{MAE: 6}, {MAE: 6}}}}
}

// shops is a file of two series of forty days.
func shops(c series.Columns, o series.Options) bindings.SeriesInfo {
	r := bindings.SeriesInfo{Table: 3, Columns: c, Options: o, Names: c.Values, Filled: 2, Notices: []data.Notice{{Code: data.NoticeMissing, Message: "2 values were missing and filled (linear)."}},
		Profile: data.Profile{Name: "shops.csv", Rows: 80, Columns: []data.ColumnProfile{{Name: "day", Kind: data.KindDate}, {Name: "shop", Kind: data.KindCategory}, {Name: "sold", Kind: data.KindNumber}, {Name: "staff", Kind: data.KindNumber}}},
		Series:  []bindings.SeriesOne{{Key: "North", First: 19000, Periods: 40, Filled: 2}, {Key: "South", First: 19001, Periods: 39}},
		Setup:   series.Setup{Target: "sold", Window: 14, Horizon: 2, Difference: series.DifferenceSeasonal, Calendar: true, Split: data.DefaultSplit()}}
	if r.Options.Frequency == "" {
		r.Options.Frequency = series.Daily
	}
	if o.Fill == "" {
		r.Options.Fill = series.FillLinear
	}
	if o.Merge == "" {
		r.Options.Merge = series.MergeMean
	}
	if o.Fill == series.FillRefuse {
		r.Problem, r.Series = "Column “sold” has no value for the day of 2022-01-18.", nil
	}
	return r
}

func withShops(t *testing.T) *ledger {
	s := newLedger(t)
	s.do(Action{Name: "data.file", Files: []File{{Name: "shops.csv"}}})
	return s
}

func (s *ledger) params(method string, into any) {
	s.Helper()
	require.NoError(s, json.Unmarshal(s.engine.last[method], into))
}

func TestSeriesAreShown(t *testing.T) {
	s := withShops(t)
	require.Contains(t, s.see("data-read").words(), "80 rows and 4 columns read from shops.csv")
	require.Contains(t, s.see("found").words(), "2 series, up to 40 days long. 2 values were missing")
	require.Contains(t, s.see("gaps").words(), "North : 2022-01-18 to 2022-01-19")
	require.Contains(t, s.see("series-0").get("aria-label"), "North: 40 days from 5 to 7, between 5 and 9")
	require.Contains(t, s.see("prepared").words(), "11 windows to learn from, 4 to know when to stop, 9 forecasts kept aside")
	var parts []string
	for _, k := range s.see("split-plot").Kids {
		if p := k.get("data-part"); p != "" {
			parts = append(parts, p)
		}
	}
	require.Equal(t, []string{"training", "validation", "test"}, parts)
	require.Contains(t, s.see("split-plot").get("aria-label"), "validation from 2022-02-02 to 2022-02-08")
	require.Equal(t, "77", *s.see("epochs").Value)
	require.Contains(t, s.see("layers").words(), "Input 14 days of 5 numbers")
	require.False(t, s.disabled("train"))
	var p bindings.SeriesPlotParams
	s.params(bindings.MethodSeriesPlot, &p)
	require.Equal(t, bindings.SeriesPlotParams{Table: 3, Series: []int{0, 1}, Column: "sold", Width: int(940 - plotLeft - plotRight)}, p)
}

func TestChoicesAboutSeriesAreUndone(t *testing.T) {
	s := withShops(t)
	var p bindings.SeriesArrangeParams
	s.do(Action{Name: "series.value", Arg: "staff", Checked: true}, Action{Name: "series.fill", Value: "zero"}, Action{Name: "plan.horizon", Value: "5"}, Action{Name: "plan.difference", Value: "step"})
	s.params(bindings.MethodSeriesArrange, &p)
	require.Equal(t, []string{"sold", "staff"}, p.Columns.Values)
	require.Equal(t, series.Options{Fill: series.FillZero}, p.Options)
	var prepared bindings.SeriesPrepareParams
	s.params(bindings.MethodSeriesPrepare, &prepared)
	require.Equal(t, 5, prepared.Setup.Horizon)
	require.Equal(t, series.DifferenceStep, prepared.Setup.Difference)
	require.Equal(t, "Undo: what of the values is learned", s.see("undo").words())
	s.app.road.undo()
	s.do(Action{Name: "series.undo"})
	require.Equal(t, "2", *s.see("horizon").Value)
	s.params(bindings.MethodSeriesPrepare, &prepared)
	require.Equal(t, 2, prepared.Setup.Horizon)
	s.do(Action{Name: "series.undo"}, Action{Name: "series.undo"})
	p = bindings.SeriesArrangeParams{}
	s.params(bindings.MethodSeriesArrange, &p)
	require.Equal(t, []string{"sold"}, p.Columns.Values)
	require.True(t, s.disabled("undo"))

	s.do(Action{Name: "series.fill", Value: "refuse"})
	require.Contains(t, s.see("problem-columns").words(), "no value for the day")
	require.True(t, s.disabled("train"))
	s.gone("split-plot")
	s.do(Action{Name: "series.undo"})
	require.False(t, s.disabled("train"))
	s.do(Action{Name: "series.date", Value: "staff"}, Action{Name: "series.key", Value: ""}, Action{Name: "series.frequency", Value: "week"}, Action{Name: "series.merge", Value: "sum"})
	p = bindings.SeriesArrangeParams{}
	s.params(bindings.MethodSeriesArrange, &p)
	require.Equal(t, series.Columns{Date: "staff", Values: []string{"sold"}}, p.Columns)
	require.Equal(t, series.Options{Frequency: series.Weekly, Merge: series.MergeSum}, p.Options)
}

func TestThePlanIsChecked(t *testing.T) {
	s := withShops(t)
	s.do(Action{Name: "plan.window", Value: "0"}, Action{Name: "train"})
	require.Contains(t, s.see("problem-train").words()+s.see("window-check").words(), "from 1 to 4096")
	s.do(Action{Name: "plan.reset"})
	require.Equal(t, "14", *s.see("window").Value)
	require.Contains(t, s.see("horizon-check").words(), "about 5 days")
	s.do(Action{Name: "plan.window", Value: "3"}, Action{Name: "plan.horizon", Value: "4"})
	require.Contains(t, s.see("horizon-check").words(), "To look 4 days ahead, look back 1 at most.")
	s.do(Action{Name: "plan.horizon", Value: "2"})
	s.gone("horizon-check")
	s.fail(bindings.MethodSeriesPrepare, tensor.CodeData, "The test part has up to 8 periods of a series, want 16.")
	s.do(Action{Name: "option.test", Value: "10"})
	require.Contains(t, s.see("problem-plan").words(), "want 16")
	s.do(Action{Name: "train"})
	require.Contains(t, s.see("train-problem").words(), "want 16")
}

func TestTrainedOnSeries(t *testing.T) {
	s := withShops(t)
	s.do(Action{Name: "plan.network", Value: "convolution"}, Action{Name: "plan.scale", Value: "large"}, Action{Name: "train"})
	var created bindings.CreateParams
	s.params(bindings.MethodModelCreate, &created)
	require.Contains(t, string(created.Layers[0].Config), `"filters":32`)
	require.Contains(t, s.see("verdict").words(), "In 9 forecasts of a time it had never seen, the model was off by 3 on average. Saying “as a season before” was off by 6, 50.0 % of which the model saves.")
	require.Equal(t, "3", s.see("test-score").get("data-value"))
	require.Equal(t, "6", s.see("baseline-score").get("data-value"))
	words := s.see("rules").words()
	require.Less(t, strings.Index(words, "Seasonal naive"), strings.Index(words, "Last value"), "the best rule first")
	require.Contains(t, s.see("score-share").words(), "about 5.0 % of it")
	require.Contains(t, s.see("growth").words(), "days ahead")
	require.Contains(t, s.html("backtest-view"), "In the test it held 75.0")
	require.Contains(t, s.see("origin-said").words(), "off by 2 on average", "a value that was filled does not count")
	require.Contains(t, s.html("backtest-view"), `class="interval"`)

	s.do(Action{Name: "backtest.series", Value: "1"}, Action{Name: "backtest.origin", Value: "2"}, Action{Name: "backtest.level", Value: "0"})
	var origin bindings.SeriesOriginParams
	s.params(bindings.MethodSeriesOrigin, &origin)
	require.Equal(t, bindings.SeriesOriginParams{Model: 5, Table: 3, Index: 7}, origin)
	require.NotContains(t, s.html("backtest-view"), `class="interval"`)

	s.do(Action{Name: "forecast.level", Value: "0.95"}, Action{Name: "forecast.csv"})
	require.Equal(t, "time,series,sold,low,high\n2022-01-11,\"No,rth\",8.5,7.05,9.95\n", string(s.screen.files["forecast of sold No,rth.csv"]))
	s.do(Action{Name: "forecast.level", Value: "0"}, Action{Name: "forecast.csv"})
	require.Equal(t, "time,series,sold\n2022-01-11,\"No,rth\",8.5\n", string(s.screen.files["forecast of sold No,rth.csv"]))
	s.fail(bindings.MethodSeriesForecast, tensor.CodeOption, "The model does not know a series “South”.")
	s.do(Action{Name: "forecast.series", Value: "1"})
	require.Contains(t, s.see("problem-forecast").words(), "does not know")
	s.see("forecast-series")

	s.do(Action{Name: "series.fill", Value: "last"})
	require.Contains(t, s.see("stale").words(), "Train again")
}

// A model that is no better than the rule says so, and few validation values give no band.
func TestHonestAboutForecasts(t *testing.T) {
	s := withShops(t)
	s.fix(bindings.MethodModelTest, bindings.TestResult{Rows: 9, Headline: "mae", Metrics: bindings.Logs{"mae": 7}, Baseline: bindings.Logs{"mae": 6}, Guess: series.BaselineSeasonal})
	s.fix(bindings.MethodSeriesBackTest, bindings.SeriesBackTestResult{Unsure: "Intervals are made of the errors on the validation part.", Steps: []series.Score{{MAE: 7}}, Baselines: baselines(), Origins: []bindings.SeriesOrigins{{Key: "North", Count: 1}}})
	s.do(Action{Name: "train"})
	require.Contains(t, s.see("verdict").words(), "the model is no better")
	require.Contains(t, s.see("unsure").words(), "There are no intervals.")
	require.Contains(t, s.html("backtest-view"), "no later steps")
	var p bindings.SeriesOriginParams
	s.params(bindings.MethodSeriesOrigin, &p)
	require.Zero(t, p.Level)
}

// Where day and month could be either, the page says so and lets the user say.
func TestOrderOfDayAndMonth(t *testing.T) {
	s := newLedger(t)
	info := shops(series.Columns{Date: "day", Values: []string{"sold"}}, series.Options{})
	info.Profile.Columns[0].DateOrder = data.DateDMY
	info.Profile.Notices = []data.Notice{{Code: data.NoticeDateOrder, Column: "day"}}
	s.fix(bindings.MethodSeriesOpen, info)
	s.do(Action{Name: "data.file", Files: []File{{Name: "shops.csv"}}})
	require.Contains(t, s.see("date-order-check").words(), "Both would be possible")
	s.do(Action{Name: "series.order", Value: "mdy"})
	var p bindings.SeriesArrangeParams
	s.params(bindings.MethodSeriesArrange, &p)
	require.Equal(t, data.DateMDY, p.DateOrder)
	s.do(Action{Name: "series.undo"})
	s.params(bindings.MethodSeriesArrange, &p)
	require.Equal(t, data.DateDMY, p.DateOrder)
}

// After the engine was lost the file is back with all choices.
func TestSeriesComeBack(t *testing.T) {
	s := withShops(t)
	s.do(Action{Name: "series.fill", Value: "last"}, Action{Name: "plan.horizon", Value: "5"})
	s.lose("out of memory")
	s.do(Action{Name: "state.again"})
	var arranged bindings.SeriesArrangeParams
	s.params(bindings.MethodSeriesArrange, &arranged)
	require.Equal(t, series.FillLast, arranged.Options.Fill)
	var prepared bindings.SeriesPrepareParams
	s.params(bindings.MethodSeriesPrepare, &prepared)
	require.Equal(t, 5, prepared.Setup.Horizon)
	require.False(t, s.disabled("train"))
	s.lose("again")
	s.fail(bindings.MethodSeriesOpen, tensor.CodeData, "moved")
	s.do(Action{Name: "state.again"})
	require.Contains(t, s.see("problem-data").words(), "moved")
	require.True(t, s.disabled("train"))
}

func TestFilesOfSeries(t *testing.T) {
	s := newLedger(t)
	s.do(Action{Name: "data.paste"})
	require.Contains(t, s.see("problem-data").words(), "no text to read")
	s.screen.values["paste-text"] = "day,sold\n"
	s.do(Action{Name: "data.paste"}, Action{Name: "data.option", Arg: "delimiter", Value: ";"})
	var p bindings.SeriesParams
	s.params(bindings.MethodSeriesOpen, &p)
	require.Equal(t, ";", p.Options.Delimiter)
	require.Equal(t, "day,sold\n", p.Text)
	require.Contains(t, s.engine.asked, bindings.MethodTableClose, "the file before is closed")
	s.do(Action{Name: "data.sample", Arg: "sales"})
	p = bindings.SeriesParams{}
	s.params(bindings.MethodSeriesOpen, &p)
	require.Equal(t, "sales", p.Sample)
	s.do(Action{Name: "page.files", Files: []File{{Name: "a.csv"}, {Name: "b.csv"}}})
	require.Contains(t, s.see("problem-data").words(), "one at a time")
	s.do(Action{Name: "page.files", Files: []File{{Name: "m.safetensors"}}})
	require.Contains(t, s.engine.asked, bindings.MethodModelOpen)
	s.fail(bindings.MethodSeriesOpen, tensor.CodeData, "There is nothing in it.")
	s.do(Action{Name: "page.files", Files: []File{{Name: "a.csv"}}})
	require.Contains(t, s.see("problem-data").words(), "a.csv: There is nothing in it.")
}

// A loaded model waits for a file, and forecasts from it.
func TestLoadedModelOfSeries(t *testing.T) {
	s := newLedger(t)
	s.fix(bindings.MethodStoreList, bindings.ListResult{Models: []bindings.StoredModel{{Name: "Shops", Metrics: bindings.Logs{"mae": 3, "rmse": 4}, Target: "sold"}}})
	s.app.shelf.refresh()
	require.Contains(t, s.see("models").words(), "Mean absolute error 3")
	s.fix(bindings.MethodModelLoad, bindings.ModelInfo{Model: 8, Name: "Shops", Pipeline: seriesPipeline()})
	s.do(Action{Name: "shelf.load", Arg: "Shops"})
	require.Contains(t, s.see("loaded-model").words(), "It forecasts sold.")
	require.Contains(t, s.html("forecast-view"), "Open the file above")
	s.do(Action{Name: "data.file", Files: []File{{Name: "shops.csv"}}})
	require.Equal(t, "8.5", s.see("forecast").Kids[1].Kids[0].get("data-value"))
	s.fix(bindings.MethodModelLoad, bindings.ModelInfo{Model: 9, Name: "Pets", Pipeline: imagePipeline()})
	s.do(Action{Name: "shelf.load", Arg: "Shops"})
	require.Contains(t, s.html("forecast-view"), "does not take series")
}

// A plot of many values stays as small as its pixels, and its ticks are round dates.
func TestTimePlot(t *testing.T) {
	for f, want := range map[series.Frequency]string{series.Hourly: "2024-03-04 05:00", series.Daily: "2024-03-04", series.Weekly: "2024-03-04", series.Monthly: "2024-03", series.Quarterly: "2024 Q1", series.Yearly: "2024"} {
		period := f.Period(float64(data.Days(2024, 3, 4)) + 5.0/24)
		require.Equal(t, want, periodName(f, period), string(f))
		p := timePlot{frequency: f, first: period, to: 1000, width: 600, height: 200, lines: []timeLine{{"train", []spot{{0, 1}, {999, 2}}}}}
		x, _ := p.scales()
		dates := p.dates(x)
		require.NotEmpty(t, dates, string(f))
		require.LessOrEqual(t, len(dates), 6, string(f))
	}
	p := timePlot{frequency: series.Monthly, first: 2015 * 12, to: 120, width: 600, height: 200}
	x, _ := p.scales()
	require.Equal(t, "2016", p.dates(x)[0].label)
	one := timeRange{from: 3, low: []float64{1}, high: []float64{2}}
	require.NotEmpty(t, one.path(scale{0, 10, 0, 100}, scale{0, 10, 100, 0}))
	require.Equal(t, "nothing to show", summary(nil))
	require.Equal(t, "M0 0L100 100", (&timeLine{points: []spot{{0, 0}, {1, 1}}}).path(scale{0, 1, 0, 100}, scale{0, 1, 0, 100}))
}
