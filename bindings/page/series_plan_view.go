package page

import (
	"strconv"
	"strings"

	"github.com/terrarium-ml/terrarium/bindings"
	"github.com/terrarium-ml/terrarium/core/data/series"
	"github.com/terrarium-ml/terrarium/core/json"
)

func (s *seriesPlan) views() map[string]Nodes {
	a := s.app
	if !a.open() {
		return map[string]Nodes{
			"plan-view":    {el("p", class("empty"), txt("Once there are series, you say here how far to look back and how far ahead, and see which years are learned from and which are kept for the test."))},
			"network-view": {el("p", class("empty"), txt("The network follows once there are series."))},
		}
	}
	_, c := s.check()
	plan := Nodes{}
	if s.problem != nil {
		plan = append(plan, s.problem.view("plan", "plan.dismiss"))
	}
	plan = append(plan, s.questionView(c), s.splitView())
	busy := when(a.train.busy(), attr("disabled", ""))
	return map[string]Nodes{
		"plan-view":    {el("fieldset", class("plain"), busy, plan)},
		"network-view": {el("fieldset", class("plain"), busy, s.networkView(), s.optionsView(c))},
	}
}

// differenceReasons say what each difference is good for; the season is that of the
// frequency.
func differenceReasons(d series.Difference, f series.Frequency) string {
	switch d {
	case series.DifferenceStep:
		return "The network learns how much more or less comes than last: good for values that wander."
	case series.DifferenceSeasonal:
		return "The network learns how much more or less comes than " + periods(f.Season(), f) + " before: good where a season repeats."
	}
	return "The network learns the values themselves: good where they stay within the same bounds."
}

// questionView asks how far back and how far ahead.
func (s *seriesPlan) questionView(c checks) Node {
	a := s.app
	info := a.file.info
	f := info.Options.Frequency
	targets := []choice{}
	for _, name := range info.Names {
		targets = append(targets, choice{name, name})
	}
	differences := []choice{{string(series.DifferenceNone), "the values"}, {string(series.DifferenceStep), "the change since the last " + string(f)}}
	if f.Season() > 1 {
		differences = append(differences, choice{string(series.DifferenceSeasonal), "the change since the last season"})
	}
	season := "There is no season in years."
	if f.Season() > 1 {
		season = "A season has " + periods(f.Season(), f) + "."
	}
	box := el("div", class("wrap"), keyed("question"), el("div", class("fields"),
		field("target", "Forecast", "The column whose future you want to know.", check{}, func(more Part) Node {
			return chooser("target", "plan.target", "", s.setup.Target, targets, more, asIs)
		}),
		field("horizon", "This far ahead ("+string(f)+"s)", "How much is forecast at once. The parts below must have room for it.", c["horizon"], func(more Part) Node {
			return entry("horizon", "plan.horizon", "", s.horizon, "numeric", all{more, settled})
		}),
		field("window", "Looking back ("+string(f)+"s)", "What the network sees each time. "+season, c["window"], func(more Part) Node {
			return entry("window", "plan.window", "", s.window, "numeric", all{more, settled})
		}),
		field("difference", "It learns", differenceReasons(s.setup.Difference, f), check{}, func(more Part) Node {
			return chooser("difference", "plan.difference", "", string(s.setup.Difference), differences, more)
		}),
		field("validation", "Validation part (%)", "Watched during training: the time just after what is learned from.", c["validation"], func(more Part) Node {
			return entry("validation", "option.validation", "", s.opts.validation, "decimal", all{more, settled})
		}),
		field("test", "Test part (%)", "The latest time, kept aside to the very end.", c["test"], func(more Part) Node {
			return entry("test", "option.test", "", s.opts.test, "decimal", all{more, settled})
		})))
	if f != series.Yearly {
		tick("calendar", "plan.calendar", "", "The network sees where in the year, week or day it is", s.setup.Calendar).join(&box)
	}
	el("div", class("tools"), button("plan.reset", "", "second small", "Back to the suggestion", ident("plan-reset"), when(!s.own, attr("disabled", "")))).join(&box)
	return box
}

// splitView draws the parts on a series, and says how much each has.
func (s *seriesPlan) splitView() Node {
	a := s.app
	info := a.file.info
	said := "The series are being cut into windows…"
	switch {
	case s.prepared != nil:
		p := &s.prepared.Prepared
		said = plural(p.Train, "window", "windows") + " to learn from, " + count(p.Validation) + " to know when to stop, " + plural(s.prepared.Origins, "forecast", "forecasts") + " kept aside for the test."
	case !s.waiting:
		said = ""
	}
	box := el("div", class("wrap"), keyed("split"), el("p", class("prepared"), ident("prepared"), txt(said)))
	var shown *seriesShown
	for i := range a.file.plots {
		if a.file.plots[i].series == s.chosen {
			shown = &a.file.plots[i]
		}
	}
	if shown == nil || s.chosen >= len(info.Series) {
		return box
	}
	one := info.Series[s.chosen]
	if len(a.file.plots) > 1 {
		choices := []choice{}
		for _, p := range a.file.plots {
			choices = append(choices, choice{strconv.Itoa(p.series), info.Series[p.series].Key})
		}
		el("div", class("fields"), field("plan-series", "Shown on", "All series are cut at the same moments.", check{}, func(more Part) Node {
			return chooser("plan-series", "plan.series", "", strconv.Itoa(s.chosen), choices, more, asIs)
		})).join(&box)
	}
	p := timePlot{id: "split-plot", frequency: info.Options.Frequency, first: one.First, to: float64(one.Periods), width: a.plotWidth(), height: 230,
		lines: []timeLine{{"train", shown.points}}, bands: s.parts(one.First, one.Periods)}
	p.title = "The parts on the time line"
	legend := el("p", class("legend"))
	for _, b := range p.bands {
		span := periodName(p.frequency, one.First+int(b.from)) + " to " + periodName(p.frequency, one.First+int(b.to)-1)
		p.title += "; " + b.label + " from " + span
		el("span", class("key part-key "+b.class), txt(b.label+" "), el("span", asIs, txt(span))).join(&legend)
	}
	el("figure", keyed("split-plot"), el("figcaption", el("b", txt("Learned from, watched, and kept for the test")), el("span", class("quiet"), txt(" in order of time: nothing is shuffled, so no forecast can know the future")), legend), p.view()).join(&box)
	if s.prepared != nil {
		noticeList("plan-notices", s.prepared.Prepared.Notices[min(len(info.Notices), len(s.prepared.Prepared.Notices)):]).join(&box)
	}
	return box
}

var networkNames = map[string]string{"dense": "Dense", "lstm": "LSTM", "convolution": "Temporal convolution"}

// networkView chooses among the suggested networks and lists the layers.
func (s *seriesPlan) networkView() Node {
	box := el("div", class("wrap"), keyed("network"))
	group := el("div", class("networks"), attr("role", "radiogroup"), attr("aria-label", "Network"), ident("networks"))
	for _, name := range []string{"dense", "lstm", "convolution"} {
		reason := ""
		if s.prepared != nil {
			for _, n := range s.prepared.Networks {
				if n.Name == name {
					reason = n.Reason
				}
			}
		}
		id := "network-" + name
		el("label", class("network"), attr("for", id), keyed(id),
			el("input", attr("type", "radio"), attr("name", "network"), ident(id), attr("value", name), act("plan.network", ""), ticked(s.network == name)),
			el("span", el("b", txt(networkNames[name])), el("span", class("hint"), txt(reason)))).join(&group)
	}
	group.join(&box)
	el("div", class("fields wide"), field("scale", "Size of the network", "A large one learns finer differences, needs more data and more time.", check{}, func(more Part) Node {
		return chooser("scale", "plan.scale", "", s.scale, []choice{{"small", "small"}, {"usual", "as suggested"}, {"large", "large"}}, more)
	})).join(&box)
	if s.prepared == nil {
		return box
	}
	list := el("ol", class("layers compact"), ident("layers"), attr("aria-label", "Layers of the network"))
	shape := s.prepared.Prepared.Pipeline.Shape()
	add := func(kind, name, what string) {
		el("li", class("layer "+kind), el("b", txt(name)), el("span", class("quiet"), txt(what))).join(&list)
	}
	f := s.app.frequency()
	add("fixed", "Input", periods(shape[0], f)+" of "+plural(shape[1], "number", "numbers"))
	for _, l := range s.layers() {
		name := seriesLayers[l.ClassName]
		if name == "" {
			name = l.ClassName
		}
		add(strings.ToLower(l.ClassName), name, seriesLayer(l))
	}
	add("fixed", "Output", periods(s.prepared.Setup.Horizon, f)+" ahead")
	list.join(&box)
	return box
}

var seriesLayers = map[string]string{"Conv1D": "Convolution", "LSTM": "LSTM", "Flatten": "Flatten", "Dense": "Dense"}

// seriesLayer says a layer's options in few words.
func seriesLayer(l bindings.Layer) string {
	var c struct {
		Filters  int `json:"filters"`
		Kernel   int `json:"kernel_size"`
		Dilation int `json:"dilation_rate"`
		Units    int `json:"units"`
	}
	if json.Unmarshal(l.Config, &c) != nil {
		return ""
	}
	switch {
	case c.Filters > 0:
		return plural(c.Filters, "filter", "filters") + " of " + count(c.Kernel) + ", spread by " + count(c.Dilation)
	case c.Units > 0:
		return plural(c.Units, "unit", "units")
	}
	return "all numbers in a row"
}

func (s *seriesPlan) optionsView(c checks) Node {
	o := &s.opts
	reasons := map[string]string{}
	if s.prepared != nil && !s.ownTrain {
		reasons = s.prepared.Prepared.Defaults.Reasons
	}
	why := func(name, otherwise string) string {
		if reasons[name] != "" {
			return reasons[name]
		}
		return otherwise
	}
	text := func(id, label, hint, value, mode string) Node {
		return field(id, label, hint, c[id], func(more Part) Node { return entry(id, "option."+id, "", value, mode, more) })
	}
	basic := el("div", class("fields"),
		text("epochs", "Epochs", why("epochs", "How often the network sees every window, at most."), o.epochs, "numeric"),
		text("batch", "Batch size", why("batchSize", "Windows a step."), o.batch, "numeric"),
		text("rate", "Learning rate", why("learningRate", "How far each step goes."), o.rate, "decimal"),
		text("seed", "Seed", "The same seed gives the same start and the same model, to the bit.", o.seed, "numeric"))
	more := el("div", class("fields"),
		field("optimizer", "Optimizer", why("optimizer", ""), check{}, func(more Part) Node {
			return chooser("optimizer", "option.optimizer", "", strings.ToLower(o.optimizer), optimizerChoices, more)
		}),
		field("loss", "Loss", "What training makes small. The absolute error minds rare outliers less.", check{}, func(more Part) Node {
			return chooser("loss", "option.loss", "", o.loss, []choice{{"", "automatic"}, {"meanSquaredError", "mean squared error"}, {"meanAbsoluteError", "mean absolute error"}}, more)
		}))
	stop := el("div", class("fields"),
		tick("early", "option.early", "", "Stop early, and go back to the best epoch", o.early),
		when(o.early, text("patience", "Patience", why("patience", "Epochs without a better validation loss before it stops."), o.patience, "numeric")))
	return el("div", class("options"), keyed("options"), basic,
		el("details", class("more"), ident("more-options"), el("summary", txt("More options")), more), stop,
		button("option.reset", "", "second small", "Reset to the suggestion", ident("reset"), when(!s.ownTrain && s.scale == "usual" && s.network == "dense", attr("disabled", ""))))
}
