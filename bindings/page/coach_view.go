package page

import (
	"strconv"
	"strings"

	"github.com/terrarium-ml/terrarium/core/data"
)

// A coachPart shows what the coach says, and carries it out.
type coachPart struct {
	app     *studio
	closed  map[string]bool // tips the user has seen enough of, by id
	done    string          // what was carried out last, in words
	restore func()          // takes it back
	later   *fix            // to carry out once the training has stopped
}

func newCoach(a *studio) *coachPart {
	c := &coachPart{app: a, closed: map[string]bool{}}
	a.on("coach.fix", func(act Action) {
		kind, value, _ := strings.Cut(act.Arg, " ")
		k, err := strconv.Atoi(kind)
		v, err2 := strconv.ParseFloat(value, 64)
		if err == nil && err2 == nil {
			c.fix(fix{fixKind(k), v})
		}
	})
	a.on("coach.undo", func(Action) { c.undo() })
	a.on("coach.close", func(act Action) { c.closed[act.Arg] = true; a.touch(a.train) })
	return c
}

// begin forgets what was said about the training before.
func (c *coachPart) begin() {
	c.closed, c.done, c.restore, c.later = map[string]bool{}, "", nil, nil
}

// story is what the coach is told.
func (c *coachPart) story() story {
	t := c.app.train
	s := story{loss: t.curves["loss"], val: t.curves["val_loss"], running: t.running(), epochs: t.asked.epochs, rate: t.asked.rate,
		early: c.app.lesson.options().early, patience: t.asked.patience, best: t.best, stoppedEarly: t.best >= 0, failed: t.failed, weighs: c.app.lesson.options().weights}
	if p := c.app.lesson.prepared(); p != nil {
		s.weights = len(p.Defaults.ClassWeight) > 0
	}
	for _, l := range c.app.lesson.layers(t.asked) {
		s.drops = s.drops || l.ClassName == "Dropout"
	}
	if r := c.app.result.now; r != nil && r.test != nil && !t.running() && t.failed == "" {
		s.tested, s.model, s.guess = true, r.test.Metrics[r.test.Headline], r.test.Baseline[r.test.Headline]
		if taskOf(r.info.Pipeline) == data.TaskClassification {
			s.confusion = r.test.Confusion
		}
	}
	return s
}

// action is what carries a fix out, nil where this road's form has no such thing.
func (c *coachPart) action(f fix) *Action {
	var act Action
	switch f.what {
	case fixRate:
		act = Action{Name: "option.rate", Value: tidy(f.value)}
	case fixEpochs:
		act = Action{Name: "option.epochs", Value: plain(f.value)}
	case fixPatience:
		act = Action{Name: "option.patience", Value: plain(f.value)}
	case fixEarly:
		act = Action{Name: "option.early", Checked: true}
	case fixWeights:
		act = Action{Name: "option.weights", Checked: true}
	case fixDropout:
		act = Action{Name: "layer.add", Arg: "dropout"}
	}
	if c.app.actions[act.Name] == nil {
		return nil
	}
	return &act
}

// label names a fix on its button.
func (f fix) label() string {
	switch f.what {
	case fixRate:
		return "Set the learning rate to " + tidy(f.value)
	case fixEpochs:
		return "Train for " + count(int(f.value)) + " epochs"
	case fixPatience:
		return "Raise the patience to " + count(int(f.value))
	case fixEarly:
		return "Stop early, and keep the best epoch"
	case fixWeights:
		return "Weigh rare classes more"
	}
	return "Add dropout"
}

// tidy writes a rate with two digits, as a person would choose it.
func tidy(v float64) string {
	r, err := strconv.ParseFloat(strconv.FormatFloat(v, 'e', 1, 64), 64)
	if err != nil {
		return plain(v)
	}
	return plain(r)
}

// fix carries advice out. In mid-training it stops that first.
func (c *coachPart) fix(f fix) {
	a := c.app
	if a.train.running() {
		c.later = &f
		a.train.end()
		return
	}
	act := c.action(f)
	if act == nil || a.more.busy() {
		return
	}
	c.apply(f.label(), func() { a.Do(*act) })
}

// apply changes the form in a way that can be taken back.
func (c *coachPart) apply(label string, change func()) {
	a := c.app
	restore := a.heldForm()
	change()
	c.done, c.restore = label, restore
	a.state.say("Changed: " + label + ". Press Train to see what it does.")
	a.touchAll()
	a.screen.Focus("train")
}

// ended carries out what waited for the training to stop.
func (c *coachPart) ended() {
	if f := c.later; f != nil {
		c.later = nil
		c.fix(*f)
	}
}

func (c *coachPart) undo() {
	if c.restore == nil || c.app.train.busy() {
		return
	}
	c.restore()
	c.app.state.say("Undone: " + c.done + ".")
	c.done, c.restore = "", nil
	c.app.touchAll()
	c.app.screen.Focus("train")
}

// mostTips is how many are shown at once.
const mostTips = 2

func (c *coachPart) nodes() Nodes {
	var out Nodes
	if len(c.app.train.curves["loss"]) > 0 || c.app.train.failed != "" {
		for _, t := range advise(c.story()) {
			if !c.closed[t.id] && len(out) < mostTips {
				out = append(out, c.tipView(t))
			}
		}
	}
	if c.restore != nil {
		out = append(out, el("p", class("tools"), keyed("coach-undo"), el("span", txt("Changed: "+c.done+".")),
			button("coach.undo", "", "second small", "Undo", ident("coach-undo"), when(c.app.train.busy(), attr("disabled", "")))))
	}
	if len(out) == 0 {
		return nil
	}
	return Nodes{el("div", class("coach"), keyed("coach"), ident("coach"), attr("role", "group"), attr("aria-label", "Advice"), out)}
}

func (c *coachPart) tipView(t tip) Node {
	tools := el("div", class("tools"))
	for _, f := range t.fixes {
		if c.action(f) == nil {
			continue
		}
		label := f.label()
		if c.app.train.running() {
			label = "Stop, then: " + label
		}
		button("coach.fix", strconv.Itoa(int(f.what))+" "+plain(f.value), "second small", label).join(&tools)
	}
	button("coach.close", t.id, "quiet-button", "Not now", attr("aria-label", "Not now: put this advice away")).join(&tools)
	return el("div", class("tip"), keyed("tip-"+t.id), ident("tip-"+t.id),
		el("p", el("strong", txt(t.seen))), el("p", txt(t.why)), tools)
}
