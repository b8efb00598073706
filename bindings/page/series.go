package page

import (
	"github.com/terrarium-ml/terrarium/bindings"
	"github.com/terrarium-ml/terrarium/core/data"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// Series is the road of time series: its steps, and what joins them.
type Series struct {
	*studio

	file     *seriesFile
	plan     *seriesPlan
	backtest *backTestStep
	forecast *forecastStep
}

var (
	_ road   = (*Series)(nil)
	_ lesson = (*Series)(nil)
	_ scorer = (*Series)(nil)
)

// NewSeries makes the page of series on a screen.
func NewSeries(screen Screen, spawn func(lost func(why string)) Engine) *Series {
	h, a := newHub(screen, spawn), &Series{}
	h.road = a
	a.studio = newStudio(h, a)
	a.file = newSeriesFile(a)
	a.plan = newSeriesPlan(a)
	a.backtest = newBackTest(a)
	a.forecast = newForecast(a)
	a.address.begin()
	return a
}

func (a *Series) steps() []step {
	return []step{a.file, a.plan, a.train, a.result, a.backtest, a.forecast, a.shelf}
}

func (a *Series) begin()                   { a.touch(a.file); a.shelf.refresh() }
func (a *Series) busy() bool               { return a.train.busy() }
func (a *Series) take(files []File)        { a.file.take(files) }
func (a *Series) takeText(text string)     { a.file.open(source{name: "pasted text", text: text}) }
func (a *Series) undo()                    { a.file.back() }
func (a *Series) things() (string, string) { return "forecast", "forecasts" }

func (a *Series) resized() {
	a.file.replot()
	a.touch(a.steps()...)
}

func (a *Series) lost() {
	a.file.stopped()
	a.plan.stopped()
	a.train.lostEngine()
	a.backtest.stopped()
	a.forecast.stopped()
	a.touch(a.steps()...)
}

// comeBack opens the file again with the user's choices, and brings back the last model
// that was saved by itself.
func (a *Series) comeBack(trained bool) {
	a.shelf.refresh()
	a.file.reopen()
	a.result.reopen(trained)
}

func (a *Series) open() bool      { return a.file.info != nil && len(a.file.info.Series) > 0 }
func (a *Series) complete() bool  { return a.open() }
func (a *Series) missing() string { return "First open a file with dates and numbers above." }
func (a *Series) name() string    { return a.file.from.name }
func (a *Series) table() int      { return a.file.info.Table }
func (a *Series) prepared() *bindings.PrepareResult {
	if p := a.plan.prepared; p != nil {
		return &p.Prepared
	}
	return nil
}
func (a *Series) check() (parsed, checks)          { return a.plan.check() }
func (a *Series) options() *options                { return &a.plan.opts }
func (a *Series) layers(p parsed) []bindings.Layer { return a.plan.layers() }

func (a *Series) prepare() error {
	if a.plan.prepare() {
		return nil
	}
	text := "The series changed while they were being prepared. Please press Train again."
	if p := a.plan.problem; p != nil {
		text = p.text
	}
	return &bindings.Error{Message: text, Data: bindings.ErrorData{Code: tensor.CodeData}}
}

func (a *Series) try(r *outcome) {
	a.backtest.begin(r)
	a.forecast.begin(r)
}

func (a *Series) banner() Nodes {
	return a.cutOffBanner("Open the same file again, and the training can go on where it stopped.")
}

// ofSeries tells whether a model takes series.
func ofSeries(r *outcome) bool {
	if r == nil {
		return false
	}
	p := r.info.Pipeline
	return p != nil && p.Medium != nil && p.Medium.Kind == data.MediumSeries
}
