package page

import (
	"context"
	"slices"

	"github.com/terrarium-ml/terrarium/bindings"
	"github.com/terrarium-ml/terrarium/core/data"
	"github.com/terrarium-ml/terrarium/core/data/series"
)

// A seriesFile is step 1 of the road of series: a file comes in, its columns become
// series, and these are shown.
type seriesFile struct {
	fileIntake
	app    *Series
	from   source
	read   data.ReadOptions
	info   *bindings.SeriesInfo
	asked  series.Options // policies that the user chose; what is empty is found out
	past   []seriesChoices
	plots  []seriesShown // of the first series
	shown  int           // how many are to be plotted
	serial int           // of the last arrangement
}

// seriesChoices are every decision at one time. Undo goes back to them.
type seriesChoices struct {
	label   string // what was done after it
	columns series.Columns
	order   data.DateOrder // of day and month
	asked   series.Options
	plan    planChoices
}

// seriesShown is what a plot shows of a series.
type seriesShown struct {
	series int
	points []spot
	filled [][2]float64
}

// firstPlots is how many series are plotted before more are asked for.
const firstPlots = 4

func newSeriesFile(a *Series) *seriesFile {
	s := &seriesFile{app: a, shown: firstPlots}
	s.fileIntake = newFileIntake(a.studio, s, "A model is being trained on the open file. Stop it, or let it end, before you open another one.")
	a.on("data.file", func(act Action) { s.take(act.Files) })
	a.on("data.sample", func(act Action) { s.sample(act.Arg) })
	a.on("data.paste", func(Action) { s.paste(s.open) })
	a.on("data.cancel", func(Action) { s.cancel() })
	a.on("data.option", func(act Action) {
		setReadOption(&s.read, act.Arg, act.Value)
		if s.last != nil {
			s.open(*s.last)
		}
		a.touch(s)
	})
	a.on("data.dismiss", func(Action) { s.problem = nil; a.touch(s) })
	a.on("series.date", s.columns("the column of dates", func(c *series.Columns, act Action) {
		c.Date, c.Month, c.Day, c.Time = act.Value, "", "", ""
		c.Values = without(c.Values, act.Value)
	}))
	a.on("series.month", s.columns("the column of months", func(c *series.Columns, act Action) { c.Month, c.Day = act.Value, "" }))
	a.on("series.day", s.columns("the column of days", func(c *series.Columns, act Action) { c.Day = act.Value }))
	a.on("series.time", s.columns("the column of times", func(c *series.Columns, act Action) { c.Time = act.Value }))
	a.on("series.key", s.columns("what tells series apart", func(c *series.Columns, act Action) { c.Key = act.Value }))
	a.on("series.value", s.columns("the columns of numbers", func(c *series.Columns, act Action) {
		c.Values = without(c.Values, act.Arg)
		if act.Checked {
			c.Values = append(c.Values, act.Arg)
		}
	}))
	a.on("series.frequency", s.policy("the frequency", func(o *series.Options, v string) { o.Frequency = series.Frequency(v) }))
	a.on("series.fill", s.policy("what fills gaps", func(o *series.Options, v string) { o.Fill = series.Fill(v) }))
	a.on("series.merge", s.policy("what several values become", func(o *series.Options, v string) { o.Merge = series.Merge(v) }))
	a.on("series.order", func(act Action) {
		if s.info != nil && !a.train.busy() {
			s.remember("the order of day and month")
			s.arrange(s.info.Columns, s.asked, data.DateOrder(act.Value), a.plan.setup.Target, nil)
		}
	})
	a.on("series.undo", func(Action) { s.back() })
	a.on("series.more", func(Action) { s.shown += bindings.MaxPlots / 2; s.replot() })
	return s
}

func without(list []string, one string) []string {
	return slices.DeleteFunc(slices.Clone(list), func(v string) bool { return v == one })
}

// columns makes the handler of a choice of columns.
func (s *seriesFile) columns(what string, change func(*series.Columns, Action)) func(Action) {
	return func(act Action) {
		if s.info == nil || s.app.train.busy() {
			return
		}
		c := s.info.Columns
		c.Reason = ""
		change(&c, act)
		s.remember(what)
		order := s.order()
		if c.Date != s.info.Columns.Date {
			order = ""
		}
		s.arrange(c, s.asked, order, s.app.plan.setup.Target, nil)
	}
}

// policy makes the handler of a policy.
func (s *seriesFile) policy(what string, change func(*series.Options, string)) func(Action) {
	return func(act Action) {
		if s.info == nil || s.app.train.busy() {
			return
		}
		s.remember(what)
		o := s.asked
		change(&o, act.Value)
		s.arrange(s.info.Columns, o, s.order(), s.app.plan.setup.Target, nil)
	}
}

// remember keeps all choices as they are now, for undo.
func (s *seriesFile) remember(what string) {
	if s.info != nil {
		s.past = append(s.past, seriesChoices{what, s.info.Columns, s.order(), s.asked, s.app.plan.planChoices})
	}
}

// back undoes the last choice.
func (s *seriesFile) back() {
	n := len(s.past)
	if n == 0 || s.info == nil || s.app.train.busy() {
		return
	}
	was := s.past[n-1]
	s.past = s.past[:n-1]
	s.app.state.say("Undone: " + was.label + ".")
	if was.asked == s.asked && was.order == s.order() && sameColumns(was.columns, s.info.Columns) && was.plan.setup.Target == s.app.plan.setup.Target {
		s.app.plan.restore(was.plan)
		return
	}
	s.arrange(was.columns, was.asked, was.order, was.plan.setup.Target, &was.plan)
}

// order is that of day and month in the column of dates, as it is read now.
func (s *seriesFile) order() data.DateOrder {
	for _, p := range s.info.Profile.Columns {
		if p.Name == s.info.Columns.Date {
			return p.DateOrder
		}
	}
	return ""
}

func sameColumns(a, b series.Columns) bool {
	return a.Date == b.Date && a.Month == b.Month && a.Day == b.Day && a.Time == b.Time && a.Key == b.Key && slices.Equal(a.Values, b.Values)
}

func (s *seriesFile) take(files []File) { s.takeOne(files, s.open) }

func (s *seriesFile) sample(name string) {
	for _, info := range series.Samples() {
		if info.Name == name {
			s.open(source{name: info.Title, sample: name})
		}
	}
}

// open reads a file in the engine. An earlier one stays until the new one is there.
func (s *seriesFile) open(from source) {
	s.intake.open(from, from.name, func(ctx context.Context) (func(), error) {
		info, err := s.ask(ctx, from)
		return func() { s.took(from, info) }, err
	})
}

// took shows another file.
func (s *seriesFile) took(from source, info *bindings.SeriesInfo) {
	a := s.app
	if old := s.info; old != nil {
		a.closeTable(old.Table)
	}
	s.from, s.past, s.asked, s.shown = from, nil, series.Options{}, firstPlots
	a.state.say("Read " + plural(info.Profile.Rows, "row", "rows") + " from " + from.name + ": " + plural(len(info.Series), "series", "series") + ".")
	s.show(info, nil)
	a.screen.Settle("step-data")
}

func (s *seriesFile) ask(ctx context.Context, from source) (*bindings.SeriesInfo, error) {
	p := bindings.SeriesParams{Text: from.text, Sample: from.sample, Options: s.read}
	p.Options.Name = from.name
	var files []File
	p.Blob, files = from.blob()
	var info bindings.SeriesInfo
	err := s.app.call(ctx, Request{Method: bindings.MethodSeriesOpen, Params: p, Files: files, Notify: s.hear}, &info)
	return &info, err
}

// arrange makes series of the file's columns anew; with a plan, undo goes back to it.
func (s *seriesFile) arrange(c series.Columns, o series.Options, order data.DateOrder, target string, plan *planChoices) {
	a := s.app
	s.serial++
	mine := s.serial
	a.plan.stopped()
	a.touch(s, a.plan, a.train)
	a.work(func() {
		info, err := s.arranged(c, o, order, target)
		if mine != s.serial || lostEngine(err) {
			return
		}
		if err != nil {
			s.problem = &problem{text: failure(err).Message}
			a.touch(s)
			return
		}
		s.problem, s.asked = nil, o
		s.show(info, plan)
	})
}

func (s *seriesFile) arranged(c series.Columns, o series.Options, order data.DateOrder, target string) (*bindings.SeriesInfo, error) {
	var info bindings.SeriesInfo
	err := s.app.ask(bindings.MethodSeriesArrange, bindings.SeriesArrangeParams{Table: s.info.Table, Columns: c, Options: o, DateOrder: order, Target: target}, &info)
	return &info, err
}

// show takes series as they are now. It asks the engine for their plots.
func (s *seriesFile) show(info *bindings.SeriesInfo, plan *planChoices) {
	a := s.app
	s.info, s.plots = info, nil
	a.backtest.outdated()
	a.plan.begin(plan)
	a.forecast.again()
	a.touch(s, a.train)
	s.fetch()
}

// replot fetches plots anew, for another width or more series.
func (s *seriesFile) replot() {
	if s.app.open() {
		s.app.work(s.fetch)
	}
}

// plotWidth is the width of a plot across the step, in pixels.
func (a *Series) plotWidth() float64 { return min(1000, max(a.screen.Width()-60, 280)) }

// fetch asks the engine for the plots of the first series.
func (s *seriesFile) fetch() {
	a := s.app
	if !a.open() || !a.state.ready {
		return
	}
	mine := s.serial
	p := bindings.SeriesPlotParams{Table: s.info.Table, Column: a.plan.setup.Target, Width: int(a.plotWidth() - plotLeft - plotRight)}
	var all []seriesShown
	total := min(s.shown, len(s.info.Series))
	for len(all) < total {
		p.Series = nil
		for i := len(all); i < total && len(p.Series) < bindings.MaxPlots; i++ {
			p.Series = append(p.Series, i)
		}
		got, err := a.plotsOf(p)
		if mine != s.serial || err != nil {
			return // the series were arranged anew, or the state bar says what is wrong
		}
		all = append(all, got...)
		if len(got) == 0 {
			break
		}
	}
	s.plots = all
	a.touch(s, a.plan)
}

// plotsOf asks the engine for what plots show.
func (a *Series) plotsOf(p bindings.SeriesPlotParams) ([]seriesShown, error) {
	var got bindings.SeriesPlotResult
	buffers, err := a.engine.Call(context.Background(), Request{Method: bindings.MethodSeriesPlot, Params: p}, &got)
	if err != nil {
		a.state.fail(err)
		return nil, err
	}
	var out []seriesShown
	for _, one := range got.Plots {
		shown := seriesShown{series: one.Series}
		v := floats(buffers, one.Points)
		for i := 0; i+1 < len(v); i += 2 {
			shown.points = append(shown.points, spot{v[i], v[i+1]})
		}
		f := floats(buffers, one.Filled)
		for i := 0; i+1 < len(f); i += 2 {
			shown.filled = append(shown.filled, [2]float64{f[i], f[i+1]})
		}
		out = append(out, shown)
	}
	return out, nil
}

// reopen reads the file again in a fresh engine and keeps the user's decisions.
func (s *seriesFile) reopen() {
	if s.info == nil {
		return
	}
	a := s.app
	old, order := s.info, s.order()
	info, err := s.ask(context.Background(), s.from)
	if err == nil {
		s.info = info
		if !sameColumns(old.Columns, info.Columns) || order != s.order() || s.asked != (series.Options{}) || a.plan.setup.Target != info.Setup.Target {
			info, err = s.arranged(old.Columns, s.asked, order, a.plan.setup.Target)
		}
	}
	if err != nil {
		s.problem = &problem{text: "The file could not be opened again: " + failure(err).Message + " Please choose it once more."}
		s.info, s.plots = nil, nil
		a.touch(a.steps()...)
		return
	}
	a.state.say("Back again: " + s.from.name + " is open, with your choices.")
	plan := a.plan.planChoices
	s.show(info, &plan)
}

// stopped forgets a reading that the lost engine will not end.
func (s *seriesFile) stopped() { s.reading = nil; s.serial++ }
