package page

import (
	"context"
	"math"
	"strconv"
	"time"

	"github.com/terrarium-ml/terrarium/bindings"
	"github.com/terrarium-ml/terrarium/core/data"
	"github.com/terrarium-ml/terrarium/core/data/series"
	"github.com/terrarium-ml/terrarium/core/json"
)

// planChoices are what the user decides between series and a training run, as typed.
type planChoices struct {
	setup           series.Setup
	window, horizon string
	own             bool // the user changed something of it
}

// A seriesPlan is what is to be forecast, and by which network: step 2 and the form of
// step 3. Until the user touches it, it follows what the engine suggests.
type seriesPlan struct {
	app *Series
	planChoices
	opts     options
	network  string // dense, lstm or convolution
	scale    string // of the network: small, usual, large
	ownTrain bool   // the user changed training options
	chosen   int    // the series that the plan is drawn on
	prepared *bindings.SeriesPrepareResult
	waiting  bool
	problem  *problem
	serial   int
}

func newSeriesPlan(a *Series) *seriesPlan {
	s := &seriesPlan{app: a, network: "dense", scale: "usual"}
	s.setup.Split = data.DefaultSplit()
	s.opts, _ = formOf(&data.TrainingDefaults{Optimizer: "adam", LearningRate: 0.001, BatchSize: 32, Epochs: 100, Patience: 20}, s.setup.Split)
	train := func(name string, to func() *string) {
		a.on("option."+name, func(act Action) { *to() = act.Value; s.ownTrain = true; a.touch(s, a.train) })
	}
	train("epochs", func() *string { return &s.opts.epochs })
	train("batch", func() *string { return &s.opts.batch })
	train("rate", func() *string { return &s.opts.rate })
	train("patience", func() *string { return &s.opts.patience })
	train("optimizer", func() *string { return &s.opts.optimizer })
	train("loss", func() *string { return &s.opts.loss })
	a.on("option.seed", func(act Action) { s.opts.seed = act.Value; a.touch(s, a.train) })
	a.on("option.early", func(act Action) { s.opts.early = act.Checked; s.ownTrain = true; a.touch(s, a.train) })
	a.on("option.validation", func(act Action) { s.opts.validation = act.Value; s.changed() })
	a.on("option.test", func(act Action) { s.opts.test = act.Value; s.changed() })
	a.on("option.reset", func(Action) { s.ownTrain = false; s.scale, s.network = "usual", "dense"; s.changed() })
	a.on("plan.network", func(act Action) { s.network = act.Value; a.touch(s) })
	a.on("plan.scale", func(act Action) { s.scale = act.Value; a.touch(s) })
	a.on("plan.series", func(act Action) { s.chosen, _ = strconv.Atoi(act.Value); a.touch(s) })
	a.on("plan.target", func(act Action) {
		if a.open() {
			a.file.remember("what is forecast")
			s.own = false
			a.file.arrange(a.file.info.Columns, a.file.asked, a.file.order(), act.Value, nil)
		}
	})
	a.on("plan.window", s.choose("the window", func(v Action) { s.window = v.Value }))
	a.on("plan.horizon", s.choose("the horizon", func(v Action) { s.horizon = v.Value }))
	a.on("plan.difference", s.choose("what of the values is learned", func(v Action) { s.setup.Difference = series.Difference(v.Value) }))
	a.on("plan.calendar", s.choose("the calendar", func(v Action) { s.setup.Calendar = v.Checked }))
	a.on("plan.reset", func(Action) { a.file.remember("the suggestion"); s.own = false; s.begin(nil) })
	a.on("plan.dismiss", func(Action) { s.problem = nil; a.touch(s) })
	return s
}

// choose makes the handler of a choice.
func (s *seriesPlan) choose(what string, change func(Action)) func(Action) {
	return func(act Action) {
		s.app.file.remember(what)
		change(act)
		s.own = true
		s.changed()
	}
}

// begin takes the suggestion for series that are new or arranged anew; with a plan that
// undo or a fresh engine brings back, that one.
func (s *seriesPlan) begin(plan *planChoices) {
	info := s.app.file.info
	s.chosen = 0
	switch {
	case info == nil || len(info.Series) == 0:
		s.stopped()
		s.app.touch(s)
		return
	case plan != nil:
		s.planChoices = *plan
	default:
		s.planChoices = planChoices{setup: info.Setup, window: strconv.Itoa(info.Setup.Window), horizon: strconv.Itoa(info.Setup.Horizon)}
	}
	s.changed()
}

// restore goes back to earlier choices on the same series.
func (s *seriesPlan) restore(plan planChoices) {
	s.planChoices = plan
	s.changed()
}

// stopped: what was prepared, or is about to be, counts no more.
func (s *seriesPlan) stopped() { s.prepared, s.waiting = nil, false; s.serial++ }

// changed lets the engine prepare once things are quiet.
func (s *seriesPlan) changed() {
	s.serial++
	s.prepared, s.waiting = nil, true
	mine := s.serial
	a := s.app
	a.touch(s, a.train)
	a.screen.After(300*time.Millisecond, func() {
		if mine == s.serial && a.complete() && a.state.ready && !a.train.busy() {
			a.work(func() { s.prepare() })
		}
	})
}

// Bounds of the form.
const mostPeriods = 4096

func (s *seriesPlan) check() (parsed, checks) {
	rows := 0
	if s.prepared != nil {
		rows = s.prepared.Prepared.Train
	}
	p, c := s.opts.parse(rows)
	whole(s.window, 1, mostPeriods, "window", "The window", c)
	whole(s.horizon, 1, mostPeriods, "horizon", "The horizon", c)
	s.fits(p, c)
	return p, c
}

// fits warns, before the engine refuses, where a window and what follows it do not fit
// into a part, and says which window leaves room. The engine knows exactly: this only
// looks at the longest series.
func (s *seriesPlan) fits(p parsed, c checks) {
	a := s.app
	window, ok := read(s.window)
	horizon, ok2 := read(s.horizon)
	if !ok || !ok2 || !a.open() || c["window"].bad || c["horizon"].bad || c["validation"].bad || c["test"].bad {
		return
	}
	f, longest := a.frequency(), 0
	for _, one := range a.file.info.Series {
		longest = max(longest, one.Periods)
	}
	switch s.setup.Difference {
	case series.DifferenceStep:
		longest--
	case series.DifferenceSeasonal:
		longest -= f.Season()
	}
	share := 1 - p.validation - p.test
	for _, v := range []float64{p.validation, p.test} {
		if v > 0 {
			share = min(share, v)
		}
	}
	room := int(float64(longest)*share + 0.5)
	if int(window)+int(horizon) <= room {
		return
	}
	text := "The smallest part has about " + periods(max(room, 0), f) + "; looking back and looking ahead must fit into it together."
	if left := room - int(horizon); left >= 1 {
		text += " To look " + periods(int(horizon), f) + " ahead, look back " + count(left) + " at most."
	}
	c["horizon"] = check{text: text}
}

// asked is the setup as the form says it.
func (s *seriesPlan) asked() series.Setup {
	setup := s.setup
	p, c := s.check()
	if v, ok := read(s.window); ok && !c["window"].bad {
		setup.Window = int(v)
	}
	if v, ok := read(s.horizon); ok && !c["horizon"].bad {
		setup.Horizon = int(v)
	}
	if !c["test"].bad && !c["validation"].bad {
		setup.Split.Validation, setup.Split.Test = p.validation, p.test
		setup.Split.Train = 1 - p.test - p.validation
	}
	return setup
}

// prepare lets the engine cut the series into windows. It asks the engine.
func (s *seriesPlan) prepare() bool {
	s.serial++
	mine := s.serial
	a := s.app
	s.prepared, s.waiting = nil, true
	a.touch(s, a.train)
	var got bindings.SeriesPrepareResult
	a.insight.leave()
	err := a.call(context.Background(), Request{Method: bindings.MethodSeriesPrepare, Params: bindings.SeriesPrepareParams{Table: a.table(), Setup: s.asked()}}, &got)
	if mine != s.serial {
		return false
	}
	s.waiting = false
	a.touch(s, a.train)
	if err != nil {
		if !lostEngine(err) && !aborted(err) {
			s.problem = &problem{text: failure(err).Message}
		}
		return false
	}
	s.problem, s.prepared = nil, &got
	if !s.ownTrain {
		s.opts.suggested(&got.Prepared.Defaults)
	}
	return true
}

// suggested returns the network that was chosen.
func (s *seriesPlan) suggested() *bindings.SeriesNetwork {
	if s.prepared == nil {
		return nil
	}
	for i := range s.prepared.Networks {
		if s.prepared.Networks[i].Name == s.network {
			return &s.prepared.Networks[i]
		}
	}
	return nil
}

// layers are those of the chosen network, in the size that was chosen.
func (s *seriesPlan) layers() []bindings.Layer {
	n := s.suggested()
	if n == nil {
		return nil
	}
	return scaled(n.Layers, networkScales[s.scale])
}

// scaled changes the filters and units of layers by a factor.
func scaled(layers []bindings.Layer, factor [2]int) []bindings.Layer {
	out := make([]bindings.Layer, len(layers))
	for i, l := range layers {
		out[i] = l
		config := map[string]json.RawMessage{}
		if json.Unmarshal(l.Config, &config) != nil {
			continue
		}
		for _, name := range []string{"filters", "units"} {
			if v, err := strconv.Atoi(string(config[name])); err == nil {
				config[name] = json.RawMessage(strconv.Itoa(max(1, v*factor[0]/factor[1])))
			}
		}
		if b, err := json.Marshal(config); err == nil {
			out[i].Config = b
		}
	}
	return out
}

// frequency is that of the open series.
func (a *Series) frequency() series.Frequency {
	if a.file.info == nil {
		return series.Monthly
	}
	return a.file.info.Options.Frequency
}

// periods writes so many periods: "12 months".
func periods(n int, f series.Frequency) string {
	return plural(n, string(f), string(f)+"s")
}

// parts are the bands of the plan's plot: where the parts of a series lie, by place.
func (s *seriesPlan) parts(first, length int) []timeBand {
	p := s.prepared
	if p == nil {
		return nil
	}
	end := float64(first + length)
	cut := func(period int) float64 {
		return math.Min(math.Max(float64(period), float64(first)), end) - float64(first)
	}
	var out []timeBand
	add := func(from, to float64, name, label string) {
		if to > from {
			out = append(out, timeBand{from: from, to: to, class: name, label: label})
		}
	}
	add(0, cut(p.Validation), "training", "training")
	add(cut(p.Validation), cut(p.Test), "validation", "validation")
	add(cut(p.Test), float64(length), "test", "test")
	return out
}
