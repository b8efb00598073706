package bindings

import (
	"bytes"
	"slices"
	"strings"

	"github.com/terrarium-ml/terrarium/core/data"
	"github.com/terrarium-ml/terrarium/core/data/series"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// A seriesTest is the back-test of a model on a file, kept so that its forecasts can be
// looked at one by one.
type seriesTest struct {
	model  *model
	digest string // of its weights
	result SeriesBackTestResult
	test   *series.BackTest
	config *series.Config // with intervals
}

// forecastBytes is what a forecast takes beside its numbers, and numberBytes each number
// of the horizon: when, predicted, true, filled.
const (
	forecastBytes = 150
	numberBytes   = 25
)

func (t *seriesTest) bytes() int64 {
	if t == nil {
		return 0
	}
	return int64(len(t.test.Forecasts)) * int64(forecastBytes+numberBytes*len(t.test.Steps))
}

// asking returns what asks a model about a window. It breathes, and tells of progress
// over so many windows.
func (j *job) asking(m *model, total int64) series.Predict {
	done := int64(0)
	working := j.working("test")
	return func(dst, x []float32) error {
		if err := m.train.PredictFloats(dst, x); err != nil {
			return err
		}
		done++
		return working(done, total)
	}
}

// backTest tests a model on the file as it is prepared now, and gives it intervals.
func (j *job) backTest(m *model, f *seriesFile) (*seriesTest, error) {
	p := f.prepared
	if p == nil {
		return nil, tensor.Errorf(tensor.CodeOption, "the series are not prepared; call %s first", MethodSeriesPrepare)
	}
	if !sameInputs(m.train.Pipeline, p.Pipeline) {
		return nil, tensor.Errorf(tensor.CodeShape, "the model was not trained on these series as they are prepared now; train it again")
	}
	digest := m.train.Digest()
	if t := f.tested; t != nil && t.model == m && t.digest == digest {
		return t, nil
	}
	windows := int64(p.Origins())
	if err := j.engine.room(windows*int64(forecastBytes+numberBytes*p.Setup.Horizon), "a test of this many forecasts"); err != nil {
		return nil, err
	}
	t := &seriesTest{model: m, digest: digest}
	predict := j.asking(m, windows+int64(len(p.Validation.Rows)))
	if err := p.Calibrate(predict); err != nil {
		e := refusal(err)
		if e.Data.Code != tensor.CodeData {
			return nil, err
		}
		t.result.Unsure = e.Message
		p.Forget()
	}
	// The model keeps intervals of its own: another one that learns from the same file
	// gets others.
	own := *p.Pipeline
	medium := *own.Medium
	medium.Config = bytes.Clone(medium.Config)
	own.Medium = &medium
	config, err := series.Read(&own)
	if err != nil {
		return nil, err
	}
	test, err := p.BackTest(predict, 1)
	p.Forget()
	if err != nil {
		return nil, err
	}
	m.train.Pipeline = &own
	t.test, t.config = test, config
	r := &t.result
	r.Part, r.Score, r.Size, r.Steps, r.Coverage, r.Baselines = test.Part, test.Score, test.Size, test.Steps, test.Coverage, p.Baselines
	if r.Coverage == nil {
		r.Coverage = []series.Coverage{}
	}
	r.Origins = origins(f.set, test.Forecasts)
	f.tested = t
	return t, nil
}

// origins lists which forecasts belong to which series: they lie one behind the other.
func origins(s *series.Set, all []series.Forecast) []SeriesOrigins {
	list := []SeriesOrigins{}
	for i := range all {
		if n := len(list); n > 0 && list[n-1].Key == all[i].Key {
			list[n-1].Count++
			continue
		}
		place := slices.IndexFunc(s.Series, func(one *series.Series) bool { return one.Key == all[i].Key })
		list = append(list, SeriesOrigins{Key: all[i].Key, Series: place, First: i, Count: 1, Origin: all[i].Origin})
	}
	return list
}

// sameSeries tells whether two pipelines read series alike; intervals do not matter.
func sameSeries(a, b *data.Pipeline) bool {
	x, errX := series.Read(a)
	y, errY := series.Read(b)
	if errX != nil || errY != nil {
		return false
	}
	x.Intervals, y.Intervals = nil, nil
	return bytes.Equal(jsonOf(x), jsonOf(y))
}

// testSeries answers model.test for series: R² would flatter, as any forecast near the
// last value has a high one, so the mean error stands first.
func (j *job) testSeries(m *model, f *seriesFile) (any, error) {
	t, err := j.backTest(m, f)
	if err != nil {
		return nil, err
	}
	best := t.result.Baselines[0]
	for _, b := range t.result.Baselines {
		if b.Name == series.BaselineSeasonal {
			best = b
		}
	}
	r := TestResult{Rows: len(t.test.Forecasts), Headline: "mae", Guess: best.Name,
		Metrics:  Logs{"mae": t.result.Score.MAE, "rmse": t.result.Score.RMSE},
		Baseline: Logs{"mae": best.MAE, "rmse": best.RMSE}}
	// The first period of each forecast stands for it.
	truth, predicted, lines := make([]float32, r.Rows), make([]float32, r.Rows), make([]float32, r.Rows)
	for i, f := range t.test.Forecasts {
		truth[i], predicted[i], lines[i] = float32(f.True[0]), float32(f.Predicted[0]), float32(i+1)
	}
	r.Truth, r.Predicted, r.Lines = j.attach(truth, r.Rows), j.attach(predicted, r.Rows), j.attach(lines, r.Rows)
	return r, nil
}

func seriesBackTest(j *job, p SeriesBackTestParams) (any, error) {
	m, f, err := j.modelOfSeries(p.Model, p.Table)
	if err != nil {
		return nil, err
	}
	t, err := j.backTest(m, f)
	if err != nil {
		return nil, err
	}
	return t.result, nil
}

func (j *job) modelOfSeries(model, table int) (*model, *seriesFile, error) {
	m, err := j.engine.idleModel(model, "a forecast")
	if err != nil {
		return nil, nil, err
	}
	_, f, err := j.engine.gathered(table)
	return m, f, err
}

func seriesOrigin(j *job, p SeriesOriginParams) (any, error) {
	m, f, err := j.modelOfSeries(p.Model, p.Table)
	if err != nil {
		return nil, err
	}
	t, err := j.backTest(m, f)
	if err != nil {
		return nil, err
	}
	if p.Index < 0 || p.Index >= len(t.test.Forecasts) {
		return nil, tensor.Errorf(tensor.CodeOption, "there is no forecast %d; there are %d", p.Index, len(t.test.Forecasts))
	}
	of := &t.test.Forecasts[p.Index]
	r := SeriesOriginResult{Key: of.Key, Origin: of.Origin, True: of.True, Filled: of.Filled}
	if r.Rule = f.prepared.Rule(series.BaselineSeasonal, of); r.Rule == nil {
		r.Rule = f.prepared.Rule(series.BaselineLast, of)
	}
	if r.Points, err = t.config.Around(of, p.Level); err != nil {
		return nil, err
	}
	return r, nil
}

func seriesForecast(j *job, p SeriesForecastParams) (any, error) {
	m, f, err := j.modelOfSeries(p.Model, p.Table)
	if err != nil {
		return nil, err
	}
	config, err := series.Read(m.train.Pipeline)
	if err != nil {
		return nil, err
	}
	set := f.set
	if !slices.Equal(set.Names, config.Names) || set.Options != config.Options {
		if f.table == nil {
			return nil, tensor.Errorf(tensor.CodeShape, "the model forecasts from columns %s, these series have %s; open the file that it was trained on", strings.Join(config.Names, ", "), strings.Join(set.Names, ", "))
		}
		c := f.columns
		c.Values = config.Names
		o := config.Options
		if set, _, err = j.gather(f.table, c, o); err != nil {
			return nil, err
		}
	}
	if p.Series < 0 || p.Series >= len(set.Series) {
		return nil, tensor.Errorf(tensor.CodeOption, "there is no series %d; there are %d", p.Series, len(set.Series))
	}
	s := set.Series[p.Series]
	r := SeriesForecastResult{Key: s.Key, Target: config.Names[config.Target], Frequency: config.Options.Frequency, Keys: []string{}, Levels: []float64{}}
	for _, one := range set.Series {
		r.Keys = append(r.Keys, one.Key)
	}
	for _, v := range config.Intervals {
		r.Levels = append(r.Levels, v.Level)
	}
	values := s.Values[config.Target]
	recent := min(len(values), MaxRecent)
	r.First, r.Recent = s.First+len(values)-recent, values[len(values)-recent:]
	if r.Points, err = config.Forecast(s, m.train.PredictFloats, p.Level); err != nil {
		return nil, err
	}
	return r, nil
}
