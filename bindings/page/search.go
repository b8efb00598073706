package page

import (
	"context"

	"github.com/terrarium-ml/terrarium/bindings"
	"github.com/terrarium-ml/terrarium/core/json"
)

// A searchPart looks for better settings, within a budget: a number of trials, or of
// minutes.
type searchPart struct {
	tool    tool
	trials  string // as typed
	minutes string
	rows    []bindings.SearchTrial
	best    int
	monitor string
	ended   string
	over    bool
}

func newSearch(a *studio) *searchPart {
	s := &searchPart{tool: tool{app: a, name: "search", stage: "search"}, trials: "12", minutes: "", best: -1}
	s.tool.wire(s.begin)
	a.on("search.trials", func(act Action) { s.trials = act.Value; a.touch(a.train) })
	a.on("search.minutes", func(act Action) { s.minutes = act.Value; a.touch(a.train) })
	a.on("search.use", func(Action) { s.use() })
	return s
}

// mostTrials bounds a search that has a budget of time only.
const mostTrials = 1000

// budget reads the form.
func (s *searchPart) budget(c checks) (trials int, seconds float64) {
	if s.minutes != "" {
		v, ok := read(s.minutes)
		if !ok || v <= 0 || v > 24*60 {
			c["search-minutes"] = check{"The time is a number of minutes above 0, or empty for as long as it takes.", true}
		}
		seconds = 60 * v
	}
	if s.trials == "" && seconds > 0 {
		return mostTrials, seconds
	}
	return int(whole(s.trials, 2, mostTrials, "search-trials", "The number of trials", c)), seconds
}

func (s *searchPart) begin() {
	a := s.tool.app
	c := checks{}
	trials, seconds := s.budget(c)
	if id := c.bad(); id != "" {
		a.touch(a.train)
		a.screen.Focus(id)
		return
	}
	s.tool.run("Searching for better settings…", func(ctx context.Context, p parsed) error {
		s.rows, s.best, s.monitor, s.ended, s.over = nil, -1, "", "", false
		var found bindings.SearchResult
		err := a.call(ctx, Request{Method: bindings.MethodModelSearch, Params: s.params(p, trials, seconds), Notify: s.tool.hear(s.hear)}, &found)
		if err != nil {
			return err
		}
		s.rows, s.best, s.monitor, s.ended, s.over = found.Trials, found.Best, found.Monitor, found.Ended, true
		a.state.say("The search is over after " + plural(len(s.rows), "trial", "trials") + ".")
		return nil
	})
}

// params describes the search: around the form's settings.
func (s *searchPart) params(p parsed, trials int, seconds float64) bindings.SearchParams {
	a := s.tool.app
	prepared := a.lesson.prepared()
	fit := a.train.fit(p, 0, 0, prepared)
	fit.Checkpoint, fit.Watch = nil, false
	q := bindings.SearchParams{Table: a.lesson.table(), Layers: a.lesson.layers(p), Seed: &p.seed, Fit: fit, Trials: trials, Seconds: seconds,
		Optimizer: bindings.Optimizer{ClassName: a.lesson.options().optimizer, Config: object(map[string]any{"learningRate": p.rate})},
		Loss:      bindings.Loss{ClassName: a.lesson.options().loss},
		RateFrom:  p.rate / 30, RateTo: min(p.rate*30, max(p.rate, 0.5)),
		Batches: []int{max(4, p.batch/2), p.batch, 2 * p.batch}}
	if shape, ok := a.lesson.(shaper); ok {
		q.Widths = []float64{0.5, 1, 2}
		if shape.dropsOut() {
			q.Dropouts = []float64{0, 0.2, 0.4}
		}
	}
	return q
}

// hear takes trials as they end.
func (s *searchPart) hear(method string, params json.RawMessage) {
	var logs bindings.SearchLogs
	if method != bindings.NotifyTrial || json.Unmarshal(params, &logs) != nil {
		return
	}
	s.rows = append(s.rows, logs.Trials...)
	s.best = -1
	for i, t := range s.rows {
		if t.Failed == "" && finite(t.Value) && (s.best < 0 || t.Value < s.rows[s.best].Value) {
			s.best = i
		}
	}
}

// use puts the best settings into the form.
func (s *searchPart) use() {
	a := s.tool.app
	if s.best < 0 || s.best >= len(s.rows) || a.train.busy() {
		return
	}
	t := s.rows[s.best]
	a.more.coach.apply("the best settings of the search", func() {
		a.Do(Action{Name: "option.rate", Value: plain(t.Rate)})
		a.Do(Action{Name: "option.batch", Value: plain(float64(t.Batch))})
		if shape, ok := a.lesson.(shaper); ok && (t.Width != 1 || t.Dropout > 0) {
			shape.reshape(t.Width, t.Dropout)
		}
	})
}

func (s *searchPart) view() Node {
	c := checks{}
	s.budget(c)
	fields := el("div", class("fields"),
		field("search-trials", "Trials at most", "The first one has your settings as they are.", c["search-trials"], func(more Part) Node {
			return entry("search-trials", "search.trials", "", s.trials, "numeric", more)
		}),
		field("search-minutes", "Minutes at most", "Empty: as long as the trials take.", c["search-minutes"], func(more Part) Node {
			return entry("search-minutes", "search.minutes", "", s.minutes, "decimal", more)
		}))
	var found Part
	if len(s.rows) > 0 {
		found = all{s.table(), when(s.over, s.verdict())}
	}
	return s.tool.frame("Search for better settings", "Trains many small variations on the same rows: other learning rates, batch sizes and networks. They are judged by the validation part; the test part is not looked at.", "Search", fields, found)
}

func (s *searchPart) verdict() Node {
	a := s.tool.app
	if s.best < 0 {
		return el("p", keyed("verdict"), ident("search-said"), txt("No trial came to a result. Try a lower learning rate."))
	}
	text := "Your own settings were the best. The search found none that are better."
	if s.best > 0 {
		text = "Trial " + count(s.rows[s.best].Number+1) + " was the best: " + number(s.rows[s.best].Value) + ", where your settings reached " + number(s.rows[0].Value) + "."
	}
	return el("div", class("wrap"), keyed("verdict"), el("p", ident("search-said"), txt(text)),
		when(s.best > 0, el("div", class("tools"), button("search.use", "", "main", "Use the best settings", ident("search-use"), when(a.train.busy(), attr("disabled", ""))))))
}

func (s *searchPart) table() Node {
	name := "Validation loss"
	if s.monitor == "loss" {
		name = "Training loss"
	}
	heads := []string{"Trial", name, "Learning rate", "Batch"}
	shape, wide := s.tool.app.lesson.(shaper)
	drops := wide && shape.dropsOut()
	if wide {
		heads = append(heads, "Width")
	}
	if drops {
		heads = append(heads, "Dropout")
	}
	body := el("tbody")
	for i, t := range s.rows {
		value := number(t.Value)
		if t.Failed != "" {
			value = "failed"
		}
		mark := func(v string) Node {
			if i == s.best {
				return el("td", class("num"), el("b", txt(v)))
			}
			return el("td", class("num"), txt(v))
		}
		row := el("tr", keyed(count(t.Number)), attr("data-trial", count(t.Number)), when(i == s.best, class("best-trial")),
			el("th", attr("scope", "row"), txt(count(t.Number+1)), when(i == s.best, el("span", class("yours"), txt("best")))),
			mark(value), mark(plain(t.Rate)), mark(count(t.Batch)))
		if wide {
			mark("× " + plain(t.Width)).join(&row)
		}
		if drops {
			dropout := plain(t.Dropout)
			if t.Dropout == 0 {
				dropout = "as it is"
			}
			mark(dropout).join(&row)
		}
		mark(count(t.Epochs)).join(&row)
		row.join(&body)
	}
	return el("div", class("scroll"), keyed("trials"), attr("tabindex", "0"), attr("role", "region"), attr("aria-label", "Trials of the search"),
		el("table", class("runs-table"), ident("trials"), el("thead", el("tr", headings(append(heads, "Epochs")...))), body))
}
