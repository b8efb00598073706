package page

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/terrarium-ml/terrarium/bindings"
	"github.com/terrarium-ml/terrarium/core/json"
)

// A finished is a training of this session, kept for comparison: what it was asked, how it
// went, and how to ask for the same again. Its model is not kept.
type finished struct {
	number   int
	name     string
	from     string
	settings []setting
	headline string
	metrics  bindings.Logs
	score    string
	epochs   int
	took     time.Duration
	digest   string
	curves   map[string][]float64
	shown    bool // its curve is drawn
	restore  func()
}

// A setting is one thing that was chosen for a training.
type setting struct{ name, value string }

// A runsPart compares the trainings of this session.
type runsPart struct {
	app   *studio
	list  []*finished
	count int
	gone  *finished // removed last
	at    int       // where it stood
}

func newRuns(a *studio) *runsPart {
	s := &runsPart{app: a}
	of := func(do func(i int, act Action)) func(Action) {
		return func(act Action) {
			for i, r := range s.list {
				if strconv.Itoa(r.number) == act.Arg {
					do(i, act)
					a.touch(a.train)
					return
				}
			}
		}
	}
	a.on("runs.name", of(func(i int, act Action) { s.list[i].name = act.Value }))
	a.on("runs.show", of(func(i int, act Action) { s.list[i].shown = act.Checked }))
	a.on("runs.again", of(func(i int, _ Action) {
		if r := s.list[i]; !a.train.busy() {
			a.more.coach.apply("the settings of "+r.title(), r.restore)
		}
	}))
	a.on("runs.remove", of(func(i int, _ Action) {
		s.gone, s.at = s.list[i], i
		s.list = append(s.list[:i:i], s.list[i+1:]...)
		a.state.say("Removed " + s.gone.title() + " from the comparison.")
		a.screen.Focus("runs-undo")
	}))
	a.on("runs.undo", func(Action) { s.back() })
	return s
}

func (s *runsPart) back() {
	if s.gone == nil {
		return
	}
	at := min(s.at, len(s.list))
	s.list = append(s.list[:at:at], append([]*finished{s.gone}, s.list[at:]...)...)
	s.gone = nil
	s.app.touch(s.app.train)
	s.app.screen.Focus("runs")
}

func (r *finished) title() string {
	if strings.TrimSpace(r.name) != "" {
		return r.name
	}
	return "run " + strconv.Itoa(r.number)
}

// add takes a training that has ended.
func (s *runsPart) add(o *outcome, p parsed, layers []bindings.Layer) {
	s.count++
	t := s.app.train
	r := &finished{number: s.count, from: o.from, settings: s.settings(o, p, layers), headline: o.test.Headline, metrics: o.test.Metrics, score: o.score(),
		epochs: len(o.fit.Epoch), took: o.seconds, digest: o.digest, curves: t.curves, shown: true, restore: s.app.heldForm()}
	s.list = append(s.list, r)
}

// settings are what a training was asked, in the order of the table.
func (s *runsPart) settings(o *outcome, p parsed, layers []bindings.Layer) []setting {
	opts := s.app.lesson.options()
	early := "no"
	if opts.early {
		early = "patience " + strconv.Itoa(p.patience)
	}
	list := []setting{
		{"Network", network(layers)}, {"Optimizer", opts.optimizer}, {"Learning rate", plain(p.rate)}, {"Batch", strconv.Itoa(p.batch)},
		{"Epochs at most", strconv.Itoa(p.epochs)}, {"Stops early", early}, {"Seed", strconv.FormatInt(o.info.Seed, 10)},
	}
	if o.prepared != nil {
		list = append(list, setting{"Learned from", plural(o.prepared.Train, o.one, o.many)})
		if len(o.prepared.Defaults.ClassWeight) > 0 {
			list = append(list, setting{"Rare classes", map[bool]string{false: "as they are", true: "weigh more"}[opts.weights]})
		}
	}
	if p.l2 > 0 {
		list = append(list, setting{"Weight decay", plain(p.l2)})
	}
	if opts.loss != "" {
		list = append(list, setting{"Loss", words(opts.loss)})
	}
	return list
}

// network writes hidden layers in few words: 32 relu, dropout 0.2, 16 relu.
func network(layers []bindings.Layer) string {
	var parts []string
	for _, l := range layers {
		var c struct {
			Units      int     `json:"units"`
			Filters    int     `json:"filters"`
			Rate       float64 `json:"rate"`
			Activation string  `json:"activation"`
		}
		if json.Unmarshal(l.Config, &c) != nil {
			continue
		}
		switch {
		case l.ClassName == "Dense":
			parts = append(parts, strings.TrimSpace(strconv.Itoa(c.Units)+" "+c.Activation))
		case c.Filters > 0:
			parts = append(parts, strings.ToLower(l.ClassName)+" "+strconv.Itoa(c.Filters))
		case c.Units > 0:
			parts = append(parts, strings.ToLower(l.ClassName)+" "+strconv.Itoa(c.Units))
		case l.ClassName == "Dropout":
			parts = append(parts, "dropout "+plain(c.Rate))
		}
	}
	if len(parts) == 0 {
		return "no hidden layer"
	}
	return strings.Join(parts, ", ")
}

// of returns a setting's value, "" where the run had no such thing.
func (r *finished) of(name string) string {
	for _, s := range r.settings {
		if s.name == name {
			return s.value
		}
	}
	return ""
}

// columns are the settings that any run has.
func (s *runsPart) columns() []string {
	var names []string
	for _, r := range s.list {
		for _, c := range r.settings {
			if !slices.Contains(names, c.name) {
				names = append(names, c.name)
			}
		}
	}
	return names
}

// best is the run with the best score among those on the same data and task, -1 if there
// is none to compare with.
func (s *runsPart) best() int {
	if len(s.list) < 2 {
		return -1
	}
	best := -1
	for i, r := range s.list {
		v, ok := r.metrics[r.headline]
		if !ok || r.headline != s.list[len(s.list)-1].headline {
			continue
		}
		if best < 0 || v > s.list[best].metrics[s.list[best].headline] {
			best = i
		}
	}
	return best
}
