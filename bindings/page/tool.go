package page

import (
	"context"

	"github.com/terrarium-ml/terrarium/core/json"
)

// A tool tries something out on the open data beside the training proper: one long request
// with progress, which can be cancelled.
type tool struct {
	app         *studio
	name        string // for element ids
	stage       string // of its progress
	stop        context.CancelCauseFunc
	done, total float64
	problem     *problem
	serial      int
}

func (t *tool) busy() bool { return t.stop != nil }

// stopped: the lost engine will not answer.
func (t *tool) stopped() { t.stop = nil; t.serial++ }

// cancel ends the tool; what it found until then is kept where it can be.
func (t *tool) cancel() {
	if t.stop != nil {
		t.stop(errKeep)
	}
}

// run checks the form, has the data prepared, and does the work beside everything else.
func (t *tool) run(does string, work func(ctx context.Context, p parsed) error) {
	a := t.app
	if a.train.busy() || !a.lesson.complete() || !a.state.ready {
		return
	}
	p, c := a.lesson.check()
	if id := c.bad(); id != "" {
		t.problem = &problem{text: "Please correct this first: " + c[id].text}
		a.touch(a.train)
		a.screen.Focus(id)
		return
	}
	ctx, stop := context.WithCancelCause(context.Background())
	t.serial++
	mine := t.serial
	t.stop, t.problem, t.done, t.total = stop, nil, 0, 0
	a.state.say(does)
	a.touchAll()
	a.screen.Focus(t.name + "-cancel")
	a.work(func() {
		defer stop(nil)
		err := t.prepared(&p)
		if err == nil {
			err = work(ctx, p)
		}
		if mine != t.serial {
			return
		}
		t.stop = nil
		switch {
		case err == nil, lostEngine(err):
		case aborted(err):
			a.state.say("Cancelled.")
		default:
			t.problem = &problem{text: advice(failure(err))}
		}
		a.touchAll()
		a.screen.Focus(t.name)
	})
}

// prepared waits for the data.
func (t *tool) prepared(p *parsed) error {
	a := t.app
	if a.lesson.prepared() != nil {
		return nil
	}
	if err := a.lesson.prepare(); err != nil {
		return err
	}
	if now, c := a.lesson.check(); c.bad() == "" {
		*p = now
	}
	return nil
}

// withModel makes a model of the form for as long as use takes.
func (t *tool) withModel(ctx context.Context, p parsed, use func(model int) error) error {
	a := t.app
	info, err := a.train.create(ctx, p, a.lesson.table(), a.lesson.name())
	if err != nil {
		return err
	}
	defer a.dispose(info.Model)
	return use(info.Model)
}

// hear takes progress, and hands on what else the engine says.
func (t *tool) hear(other func(method string, params json.RawMessage)) func(string, json.RawMessage) {
	return func(method string, params json.RawMessage) {
		switch at, ok := progressOf(method, params); {
		case ok && at.Stage == t.stage:
			t.done, t.total = float64(at.Done), float64(at.Total)
		case other != nil:
			other(method, params)
		}
		t.app.touch(t.app.train)
	}
}

// frame is what every tool shows: what it is for, its button or its progress, and what
// it found.
func (t *tool) frame(title, hint, press string, fields, found Part) Node {
	a := t.app
	box := el("details", class("more tool"), keyed("tool-"+t.name), ident("tool-"+t.name), el("summary", txt(title)), el("p", class("hint"), txt(hint)))
	if t.problem != nil {
		t.problem.view(t.name, t.name+".dismiss").join(&box)
	}
	el("fieldset", class("plain"), when(a.train.busy(), attr("disabled", "")), fields,
		el("div", class("tools"), button(t.name, "", "second", press, ident(t.name), when(a.train.busy() || !a.state.ready, attr("disabled", ""))))).join(&box)
	if t.busy() {
		el("div", class("progress-line"), keyed("progress"), progress(t.name+"-progress", title, t.done, t.total),
			button(t.name+".cancel", "", "second", "Stop looking", ident(t.name+"-cancel"))).join(&box)
	}
	if found != nil {
		found.join(&box)
	}
	return box
}

// wire names the actions that every tool has.
func (t *tool) wire(begin func()) {
	a := t.app
	a.on(t.name, func(Action) { begin() })
	a.on(t.name+".cancel", func(Action) { t.cancel() })
	a.on(t.name+".dismiss", func(Action) { t.problem = nil; a.touch(a.train) })
}
