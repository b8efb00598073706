package page

import (
	"strconv"

	"github.com/terrarium-ml/terrarium/bindings"
	"github.com/terrarium-ml/terrarium/core/data/series"
)

// A backTestStep is the rest of step 4: what the model would have forecast, beside what
// came, one moment after the other.
type backTestStep struct {
	app     *Series
	of      *outcome
	got     *bindings.SeriesBackTestResult
	series  int // place in got.Origins
	index   int // of the series' forecasts
	level   string
	shown   *originShown
	stale   bool // the series are others by now
	problem *problem
	serial  int
}

// originShown is one forecast, and the values around it.
type originShown struct {
	result bindings.SeriesOriginResult
	around seriesShown
	from   int // place of the first value that is shown
	first  int // period of place 0
}

// levelChoices are the intervals that can be shown.
var levelChoices = []choice{{"0.5", "half of the values"}, {"0.8", "80 % of the values"}, {"0.95", "95 % of the values"}, {"0", "none"}}

func newBackTest(a *Series) *backTestStep {
	s := &backTestStep{app: a, level: "0.8"}
	a.on("backtest.origin", func(act Action) {
		if v, ok := read(act.Value); ok {
			s.index = int(v)
			a.touch(s)
			a.work(s.fetch)
		}
	})
	a.on("backtest.series", func(act Action) {
		s.series, _ = strconv.Atoi(act.Value)
		s.index = 0
		a.touch(s)
		a.work(s.fetch)
	})
	a.on("backtest.level", func(act Action) { s.level = act.Value; a.touch(s); a.work(s.fetch) })
	a.on("backtest.dismiss", func(Action) { s.problem = nil; a.touch(s) })
	return s
}

func (s *backTestStep) stopped() { s.serial++; s.shown = nil }

// outdated is called when the series are made anew: the forecasts of the test then have no
// place in the plots any more.
func (s *backTestStep) outdated() {
	if s.got != nil {
		s.stopped()
		s.stale = true
		s.app.touch(s)
	}
}

// begin takes a model that was just trained; one that was loaded has no test here.
func (s *backTestStep) begin(r *outcome) {
	s.serial++
	s.of, s.got, s.shown, s.series, s.index, s.stale, s.problem = r, nil, nil, 0, 0, false, nil
	s.app.touch(s, s.app.result)
	if r == nil || r.loaded || !ofSeries(r) {
		return
	}
	mine := s.serial
	a := s.app
	a.work(func() {
		var got bindings.SeriesBackTestResult
		err := a.ask(bindings.MethodSeriesBackTest, bindings.SeriesBackTestParams{Model: r.info.Model, Table: r.table}, &got)
		if mine != s.serial {
			return
		}
		if err != nil {
			s.fail(err)
			return
		}
		s.got = &got
		a.touch(s, a.result)
		s.fetch()
	})
}

func (s *backTestStep) fail(err error) {
	if !lostEngine(err) {
		s.problem = &problem{text: failure(err).Message}
		s.app.touch(s)
	}
}

// interval is the level that is asked for: none where the model has no intervals.
func (s *backTestStep) interval() float64 {
	if s.got == nil || s.got.Unsure != "" {
		return 0
	}
	v, _ := read(s.level)
	return v
}

// fetch asks the engine for the forecast that the slider points at.
func (s *backTestStep) fetch() {
	a := s.app
	if s.got == nil || s.stale || s.series >= len(s.got.Origins) || !a.open() || a.table() != s.of.table {
		return
	}
	s.serial++
	mine := s.serial
	o := s.got.Origins[s.series]
	s.index = min(max(s.index, 0), o.Count-1)
	shown := &originShown{}
	err := a.ask(bindings.MethodSeriesOrigin, bindings.SeriesOriginParams{Model: s.of.info.Model, Table: s.of.table, Index: o.First + s.index, Level: s.interval()}, &shown.result)
	if mine != s.serial {
		return
	}
	if err != nil {
		s.fail(err)
		return
	}
	before := max(3*len(shown.result.Points), 2*a.frequency().Season(), 12)
	shown.from = max(shown.result.Origin+1-before, 0)
	if o.Series < 0 || o.Series >= len(a.file.info.Series) {
		return
	}
	shown.first = a.file.info.Series[o.Series].First
	plots, err := a.plotsOf(bindings.SeriesPlotParams{Table: s.of.table, Series: []int{o.Series}, Column: a.plan.setup.Target, Width: int(a.plotWidth()), From: shown.from, Count: shown.result.Origin + 1 - shown.from + len(shown.result.Points)})
	if mine != s.serial || err != nil || len(plots) == 0 {
		return
	}
	shown.around = plots[0]
	s.shown, s.problem = shown, nil
	a.touch(s)
}

func (s *backTestStep) views() map[string]Nodes {
	var out Nodes
	if s.problem != nil {
		out = append(out, s.problem.view("backtest", "backtest.dismiss"))
	}
	if s.got != nil {
		out = append(out, s.growthView())
		if s.stale {
			out = append(out, el("p", class("hint"), keyed("stale"), ident("stale"), txt("The series were changed after this training. Train again to see its forecasts beside what came.")))
		} else {
			out = append(out, s.originView())
		}
	}
	return map[string]Nodes{"backtest-view": out}
}

// growthView shows how errors grow with the step ahead.
func (s *backTestStep) growthView() Node {
	a := s.app
	if len(s.got.Steps) < 2 {
		return el("p", class("hint"), keyed("growth"), txt("The model forecasts one "+string(a.frequency())+" ahead: there are no later steps whose errors could grow."))
	}
	of := func(name, style string, steps []series.Score) Curve {
		c := Curve{Name: name, Class: style}
		for _, k := range steps {
			c.Points = append(c.Points, k.MAE)
		}
		return c
	}
	p := Plot{ID: "plot-steps", Title: "Mean absolute error by step ahead", Axis: string(a.frequency()) + "s ahead", Width: min(620, a.plotWidth()), Height: 240, Cursor: -1, Best: -1,
		Curves: []Curve{of("model", "train", s.got.Steps)}}
	styles := map[string]string{series.BaselineSeasonal: "val", series.BaselineLast: "last", series.BaselineMean: "mean"}
	legend := el("p", class("legend"), el("span", class("key train"), txt("model")))
	for _, b := range s.got.Baselines {
		p.Curves = append(p.Curves, of(b.Name, styles[b.Name], b.Steps))
		el("span", class("key "+styles[b.Name]), txt(b.Name)).join(&legend)
	}
	return el("figure", keyed("growth"), ident("growth"), el("figcaption", el("b", txt("How errors grow with the step ahead")), el("span", class("quiet"), txt(" mean absolute error of each "+string(a.frequency())+" ahead")), legend), p.View())
}

// originView shows one forecast of the test, with a slider over all.
func (s *backTestStep) originView() Node {
	a := s.app
	f := a.frequency()
	box := el("div", class("wrap"), keyed("origin"), el("h3", txt("What it would have forecast")))
	o := s.got.Origins[min(s.series, len(s.got.Origins)-1)]
	fields := el("div", class("fields"))
	if len(s.got.Origins) > 1 {
		choices := []choice{}
		for i, one := range s.got.Origins {
			choices = append(choices, choice{strconv.Itoa(i), one.Key})
		}
		field("backtest-series", "Series", "", check{}, func(more Part) Node {
			return chooser("backtest-series", "backtest.series", "", strconv.Itoa(s.series), choices, more, asIs)
		}).join(&fields)
	}
	if s.got.Unsure == "" {
		field("backtest-level", "The band should hold", s.coverage(), check{}, func(more Part) Node {
			return chooser("backtest-level", "backtest.level", "", s.level, levelChoices, more)
		}).join(&fields)
	} else {
		el("p", class("hint"), ident("unsure"), txt("There are no intervals. "+s.got.Unsure)).join(&fields)
	}
	fields.join(&box)
	when := ""
	if s.shown != nil {
		when = periodName(f, s.shown.first+s.shown.result.Origin)
	}
	el("div", class("reader"), keyed("reader"),
		el("label", attr("for", "origin"), txt("Forecast made after "), el("b", asIs, txt(when))),
		el("input", ident("origin"), attr("type", "range"), attr("min", "0"), attr("max", strconv.Itoa(max(o.Count-1, 1))), act("backtest.origin", ""), holding(strconv.Itoa(s.index)), attr("aria-valuetext", when))).join(&box)
	if s.shown == nil {
		return box
	}
	r := &s.shown.result
	ahead := float64(r.Origin + 1)
	p := timePlot{id: "backtest-plot", frequency: f, first: s.shown.first, from: float64(s.shown.from), to: ahead + float64(len(r.Points)), width: a.plotWidth(), height: 280, mark: float64(r.Origin) + 0.5, filled: s.shown.around.filled}
	forecast, band := timeLine{class: "val"}, timeRange{from: ahead}
	off, n := 0.0, 0
	for k, at := range r.Points {
		forecast.points = append(forecast.points, spot{ahead + float64(k), at.Value})
		band.low, band.high = append(band.low, at.Low), append(band.high, at.High)
		if !r.Filled[k] {
			off += max(at.Value-r.True[k], r.True[k]-at.Value)
			n++
		}
	}
	rule, ruleName := timeLine{class: "rule"}, "as a season before"
	for k, v := range r.Rule {
		rule.points = append(rule.points, spot{ahead + float64(k), v})
	}
	if f.Season() == 1 {
		ruleName = "as last"
	}
	p.lines = []timeLine{{"train", s.shown.around.points}, rule, forecast}
	p.dots = []timeLine{forecast}
	if s.interval() > 0 {
		p.interval = &band
	}
	said := "Every value of this time was filled, so nothing can be said about this forecast."
	if n > 0 {
		said = "This forecast was off by " + number(off/float64(n)) + " on average."
	}
	p.title = "Forecast after " + when + " against what came. " + said
	el("figure", keyed("backtest-plot"), el("figcaption", el("p", class("legend"), el("span", class("key train"), txt("what came")), el("span", class("key val"), txt("forecast")), el("span", class("key rule"), txt(ruleName)))), p.view(),
		el("p", class("hint"), ident("origin-said"), txt(said))).join(&box)
	return box
}

// coverage says how many values the chosen band really held in the test.
func (s *backTestStep) coverage() string {
	v, _ := read(s.level)
	for _, c := range s.got.Coverage {
		if c.Level == v {
			return "In the test it held " + percent(c.Share) + " of them."
		}
	}
	return ""
}
