package page

import (
	"context"

	"github.com/terrarium-ml/terrarium/bindings"
	"github.com/terrarium-ml/terrarium/core/data"
	"github.com/terrarium-ml/terrarium/core/json"
)

// An insight is what stands behind a result: how sure it is, which rows were judged wrong,
// what other thresholds would give, and why the model answers so.
//
// A road gets it by the two places "judged-view" and "understand-view" on its page, by
// listing steps() among its own, clear() when the engine is lost and touch() when the
// window has another size. What its lesson can do besides is asked for by interfaces of a
// method each: columnNames for groups, tryLine to try a row of a list, again to answer
// anew after the threshold moved; a judge may open the rows of a cell by rows.show.
type insight struct {
	app   *studio
	on    bool
	of    *outcome
	score scorePart
	rows  rowsPart
	moves thresholdPart
	rest  residualPart

	judged     *frameStep
	calibrated calibrationPart
	perClass   classPart
	understand *frameStep
	empty      emptyPart
	columns    whyColumnsPart
	groups     groupsPart
	folds      foldsPart
	learning   learningPart
}

func newInsight(a *studio) *insight {
	s := &insight{app: a}
	s.judged = &frameStep{"judged-view", []string{"insight-rows", "insight-score", "insight-classes", "insight-errors", "insight-threshold", "insight-calibration"}}
	s.understand = &frameStep{"understand-view", []string{"insight-empty", "insight-columns", "insight-groups", "insight-folds", "insight-learning"}}
	s.calibrated.in, s.perClass.in, s.rest.in = s, s, s
	s.empty.init(s)
	s.score.init(s)
	s.rows.init(s)
	s.moves.init(s)
	s.columns.init(s)
	s.groups.init(s)
	s.folds.init(s)
	s.learning.init(s)
	return s
}

// steps switches the insight on. Each part is a step of its own, so that none takes long
// to draw, and what did not change is not described anew.
func (s *insight) steps() []step {
	s.on = true
	return []step{s.judged, s.understand, &s.rows, &s.score, &s.perClass, &s.rest, &s.moves, &s.calibrated, &s.empty, &s.columns, &s.groups, &s.folds, &s.learning}
}

// touch marks parts for the next drawing, all of them without any.
func (s *insight) touch(parts ...step) {
	if s.on && len(parts) == 0 {
		parts = s.steps()
	}
	if s.on {
		s.app.touch(parts...)
	}
}

// drawn returns what marks a part.
func (s *insight) drawn(part step) func() { return func() { s.touch(part) } }

// usable tells whether there is a model that was tested on rows which are still open, and
// gives a class or a number to each. Forecasts of several steps have a back-test instead.
func (s *insight) usable() bool {
	if !s.on || s.of == nil || s.of.test == nil || s.of.info.Pipeline == nil {
		return false
	}
	o := &s.of.info.Pipeline.Output
	return o.Steps <= 1 && (o.Task == data.TaskClassification || o.Task == data.TaskRegression)
}

// tabular tells whether its rows have columns.
func (s *insight) tabular() bool { return s.usable() && s.of.info.Pipeline.Medium == nil }

func (s *insight) classes() bool { return taskOf(s.of.info.Pipeline) == data.TaskClassification }

func (s *insight) labels() []string { return s.of.info.Pipeline.Output.Labels }

// params name the model and its test rows.
func (s *insight) params() bindings.JudgeParams {
	return bindings.JudgeParams{Model: s.of.info.Model, Table: s.of.table, Part: s.of.part}
}

// begin takes the model that the page is about now.
func (s *insight) begin(r *outcome) {
	s.clear()
	s.of = r
	if s.usable() {
		s.score.ask()
	}
	s.touch()
}

// leave gives up what was asked when the training ended: the data is prepared anew, and
// of what it was the engine answers nothing.
func (s *insight) leave() {
	if s.score.q.busy {
		s.score.q.forget()
		s.touch()
	}
}

// clear forgets all answers; what is being asked is cancelled.
func (s *insight) clear() {
	s.score.clear()
	s.rows.clear()
	s.moves.clear()
	s.rest.drawn, s.rest.of, s.empty.problem = nil, nil, nil
	s.columns.clear()
	s.groups.clear()
	s.folds.clear()
	s.learning.clear()
	s.of = nil
	s.touch()
}

// An inquiry is a long question to the engine, with its progress and a way to stop it.
type inquiry struct {
	app     *hub
	drawn   func() // marks its step
	id      string // of its elements
	what    string // for those who do not see the bar: "Measuring the columns"
	busy    bool
	stopped bool
	done    float64
	total   float64
	problem *problem
	stop    context.CancelFunc
	serial  int
}

// newInquiry makes an inquiry whose actions are "id.stop" and "id.dismiss".
func newInquiry(h *hub, id, what string, drawn func()) *inquiry {
	q := &inquiry{app: h, id: id, what: what, drawn: drawn}
	h.on(id+".stop", func(Action) { q.cancel() })
	h.on(id+".dismiss", func(Action) { q.problem = nil; drawn() })
	return q
}

// ask asks the engine beside everything else. Then is told of the answer's buffers, if the
// answer came and nobody asked anew.
func (q *inquiry) ask(r Request, result any, then func(buffers [][]byte)) {
	if !q.app.state.ready {
		return
	}
	q.forget()
	mine := q.serial
	ctx, stop := context.WithCancel(context.Background())
	q.stop, q.busy = stop, true
	other := r.Notify
	r.Notify = func(method string, params json.RawMessage) {
		if mine != q.serial {
			return
		}
		if method == bindings.NotifyProgress {
			var at bindings.Progress
			if json.Unmarshal(params, &at) == nil {
				q.done, q.total = float64(at.Done), float64(at.Total)
			}
		} else if other != nil {
			other(method, params)
		}
		q.drawn()
	}
	q.drawn()
	q.app.work(func() {
		defer stop()
		buffers, err := q.app.engine.Call(ctx, r, result)
		if mine != q.serial {
			return
		}
		q.busy, q.stop = false, nil
		q.drawn()
		switch {
		case err == nil:
			then(buffers)
		case lostEngine(err):
		case aborted(err):
			q.stopped = true
			q.app.state.say("Stopped.")
		default:
			q.problem = &problem{text: advice(failure(err))}
		}
	})
}

// cancel stops what is being asked; the engine then says so.
func (q *inquiry) cancel() {
	if q.stop != nil {
		q.stop()
	}
}

// forget stops it, and does not listen to the answer.
func (q *inquiry) forget() {
	q.cancel()
	q.serial++
	q.busy, q.stopped, q.problem, q.stop, q.done, q.total = false, false, nil, nil, 0, 0
}

// view shows how far it is, or what went wrong.
func (q *inquiry) view() Nodes {
	var out Nodes
	if q.busy {
		out = append(out, el("div", class("progress-line"), keyed(q.id+"-progress"), progress(q.id+"-bar", q.what, q.done, q.total),
			el("span", txt(q.what+"…")), button(q.id+".stop", "", "second small", "Cancel", ident(q.id+"-stop"))))
	}
	if q.problem != nil {
		out = append(out, q.problem.view(q.id, q.id+".dismiss"))
	}
	return out
}
