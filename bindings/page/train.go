package page

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/terrarium-ml/terrarium/bindings"
	"github.com/terrarium-ml/terrarium/core/data"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// phases of a training run.
type phase uint8

const (
	idle phase = iota
	preparing
	fitting
	stopping
	judging
)

// checkpointName is under which a long training keeps itself safe meanwhile.
const checkpointName = "Last training (automatic copy)"

// copiesAfter is how long a training lasts before the first automatic copy is made of it.
const copiesAfter = 10 * time.Second

// A trainStep is the other half of step 3: training, seen live.
type trainStep struct {
	app     *studio
	phase   phase
	stop    context.CancelCauseFunc
	problem *problem

	names  []string             // of the curves, in order of arrival
	curves map[string][]float64 // by name, a value an epoch
	epochs int                  // asked for
	steps  [2]float64           // done and total, of the whole fit
	start  time.Time
	ended  time.Time
	pace   []moment // the last few seconds
	cursor int      // an epoch to read the curves at, or -1
	told   int      // the last tenth of the way that was announced
	best   int      // the epoch whose weights came back, or -1
	asked  parsed   // of the last training
	failed string   // code of what ended it, if that went wrong
	pause  pauser
	watch  watched
	unit   float64 // of the target: the network sees it in standard deviations of this size
}

// A moment is how many epochs were done when.
type moment struct {
	at     time.Time
	epochs float64
}

func newTrain(a *studio) *trainStep {
	s := &trainStep{app: a, cursor: -1, best: -1}
	a.on("train", func(Action) { s.begin(nil) })
	a.on("train.resume", func(Action) { s.resume() })
	a.on("train.goon", func(act Action) { s.goOn(act.Arg) })
	a.on("train.stop", func(Action) { s.end() })
	a.on("train.pause", func(Action) { s.togglePause() })
	a.on("train.inside", func(Action) { s.watch.shown = !s.watch.shown; a.touch(s) })
	a.on("train.dismiss", func(Action) { s.problem = nil; a.touch(s) })
	a.on("train.cursor", func(act Action) {
		if v, ok := read(act.Value); ok {
			s.point(int(v) - 1)
		}
	})
	a.on("plot", func(act Action) {
		if act.Share < 0 {
			s.point(-1)
		} else {
			s.point(s.plots()[0].Index(act.Share))
		}
	})
	return s
}

// busy tells whether the form must stay as it is: something is trained, or tried out.
func (s *trainStep) busy() bool { return s.running() || s.app.more.busy() }

// running tells whether a model is being trained.
func (s *trainStep) running() bool { return s.phase != idle }

func (s *trainStep) point(epoch int) {
	if epoch != s.cursor {
		s.cursor = epoch
		s.app.touch(s)
	}
}

// begin trains with the form's settings. A form that does not make sense is not sent: the
// first field that is wrong gets the focus.
//
// With a model whose training was interrupted, that one goes on, to the same bits as if
// nothing had happened.
func (s *trainStep) begin(cut *outcome) {
	a := s.app
	if s.busy() || !a.lesson.open() || !a.state.ready {
		return
	}
	p, c := a.lesson.check()
	if id := c.bad(); id != "" {
		s.problem = &problem{text: "Before training, please correct this: " + c[id].text}
		a.touch(s)
		a.screen.Focus(id)
		return
	}
	s.asked = p
	a.more.begin()
	epochs := p.epochs
	var before *bindings.FitResult
	if cut != nil {
		epochs, before = max(cut.info.Planned, epochs), cut.info.Interrupted
	}
	s.launch(epochs, before, "Training begins.", "Training was stopped; nothing was learned yet.",
		func(ctx context.Context) error { return s.run(ctx, p, cut) }, a.more.coach.ended)
}

// launch forgets the training before and lets one run beside everything else, with what an
// interrupted one told before, if there is any. Stopped is said where it was stopped before
// there was anything to show; ended is called in any case.
func (s *trainStep) launch(epochs int, before *bindings.FitResult, begins, stopped string, run func(context.Context) error, ended func()) {
	a := s.app
	ctx, stop := context.WithCancelCause(context.Background())
	s.phase, s.stop, s.problem = preparing, stop, nil
	s.failed, s.pause = "", newPauser()
	s.watch = watched{shown: s.watch.shown}
	s.names, s.curves, s.epochs = nil, map[string][]float64{}, epochs
	s.steps, s.pace, s.cursor, s.told, s.best = [2]float64{}, nil, -1, 0, -1
	s.recall(before)
	a.state.say(begins)
	a.touchAll()
	a.screen.Focus("stop")
	a.work(func() {
		defer stop(nil)
		err := run(ctx)
		lost := s.phase == idle && lostEngine(err)
		s.phase, s.ended = idle, a.screen.Now()
		a.touchAll()
		switch {
		case err == nil, lost, lostEngine(err):
		case aborted(err):
			a.state.say(stopped)
		default:
			s.problem, s.failed = &problem{text: advice(failure(err)), id: "train-problem"}, failure(err).Data.Code
			a.state.say("Training ended with a problem.")
		}
		ended()
	})
}

// recall shows the epochs that an interrupted training told of.
func (s *trainStep) recall(before *bindings.FitResult) {
	if before == nil {
		return
	}
	for _, e := range epochsOf(before) {
		s.add(e)
	}
	s.pace = nil
}

// advice is the engine's sentence, with the layer where it is not named yet.
func advice(e *bindings.Error) string {
	text := e.Message
	if l := e.Data.Layer; l != "" && !strings.Contains(text, l) {
		text = l + ": " + text
	}
	if c := e.Data.Column; c != "" && !strings.Contains(text, c) {
		text = "Column “" + c + "”: " + text
	}
	if e.Data.Code == tensor.CodeNaN && !strings.Contains(text, "learning rate") {
		text += " A lower learning rate usually helps. Nothing you chose is lost."
	}
	return text
}

// resume goes on with the training that the open model's automatic copy was taken from.
// The table must be the same, prepared in the same way: the fitted pipelines are compared.
func (s *trainStep) resume() {
	a := s.app
	r := a.result.now
	if r == nil || r.info.Interrupted == nil || s.busy() {
		return
	}
	p := a.lesson.prepared()
	if p == nil || !samePipeline(p.Pipeline, r.info.Pipeline) {
		s.problem = &problem{text: "To go on with that training, open the same file again, with the same columns, parts and seed (" + strconv.FormatInt(r.info.Seed, 10) + ")."}
		a.touch(s)
		a.screen.Settle("step-data")
		return
	}
	s.begin(r)
}

// end stops a fit and keeps what it learned so far. Pressed again, it changes nothing.
func (s *trainStep) end() {
	switch s.phase {
	case preparing:
		s.stop(nil)
	case fitting:
		s.stop(errKeep)
	default:
		return
	}
	s.phase = stopping
	s.app.state.say("Stopping…")
	s.app.touch(s)
}

// lostEngine forgets a run that will not go on.
func (s *trainStep) lostEngine() {
	s.phase = idle
	s.app.base.lostEngine()
	s.app.kept, s.app.trust.of = nil, 0 // they were the engine's
	s.app.more.lost()
}

func (a *hub) dispose(model int) {
	a.work(func() {
		if err := a.ask(bindings.MethodModelDispose, bindings.ModelParams{Model: model}, nil); err != nil {
			a.state.fail(err)
		}
	})
}

// taskOf is what a pipeline's model does.
func taskOf(p *data.Pipeline) data.Task {
	if p == nil {
		return ""
	}
	return p.Output.Task
}
