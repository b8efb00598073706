package page

import (
	"context"

	"github.com/terrarium-ml/terrarium/bindings"
	"github.com/terrarium-ml/terrarium/core/json"
)

// An intake brings what a person gives into the engine, one thing at a time: with progress,
// a way to stop it, and what was wrong with it. S says where things come from; it is kept,
// so that they can be read again after the engine was lost.
type intake[S any] struct {
	on      *studio
	shown   step // that shows it
	words   intakeWords[S]
	last    *S                 // that was tried last, also if it could not be read
	reading *S                 // nil: nothing is being read
	stop    context.CancelFunc // of the reading
	done    float64
	total   float64
	problem *problem
}

// intakeWords are what is said of what comes in.
type intakeWords[S any] struct {
	busy     string                          // something else is being read
	training string                          // a model is being trained
	failed   string                          // in few words
	focus    string                          // id of what to try next; "" leaves the focus
	why      func(S, *bindings.Error) string // what was wrong; nil: the engine's sentence
}

// open has something read. What was open before stays until then: read asks the engine, and
// returns what shows the answer.
func (in *intake[S]) open(from S, name string, read func(context.Context) (took func(), err error)) {
	a := in.on
	switch {
	case !a.state.ready:
		return
	case in.reading != nil:
		in.problem = &problem{text: in.words.busy}
		a.touch(in.shown)
		return
	case a.train.busy():
		in.problem = &problem{text: in.words.training}
		a.touch(in.shown)
		return
	}
	ctx, stop := context.WithCancel(context.Background())
	mine := &from
	in.last, in.reading, in.stop, in.done, in.total, in.problem = mine, mine, stop, 0, 0, nil
	a.state.say("Reading " + name + "…")
	a.touch(in.shown)
	a.work(func() {
		defer stop()
		took, err := read(ctx)
		if in.reading != mine {
			return // the engine was lost meanwhile
		}
		in.reading = nil
		a.touch(in.shown)
		switch {
		case aborted(err):
			a.state.say("Reading was cancelled.")
		case lostEngine(err):
		case err != nil:
			text := failure(err).Message
			if in.words.why != nil {
				text = in.words.why(from, failure(err))
			}
			in.problem = &problem{text: text}
			a.state.say(in.words.failed)
			if in.words.focus != "" {
				a.screen.Focus(in.words.focus)
			}
		default:
			took()
		}
	})
}

// cancel stops the reading.
func (in *intake[S]) cancel() {
	if in.stop != nil {
		in.stop()
	}
}

// hear takes the progress of what is read.
func (in *intake[S]) hear(method string, params json.RawMessage) {
	if at, ok := progressOf(method, params); ok {
		in.done, in.total = float64(at.Done), float64(at.Total)
		in.on.touch(in.shown)
	}
}

// progressOf reads a notification of progress.
func progressOf(method string, params json.RawMessage) (at bindings.Progress, ok bool) {
	ok = method == bindings.NotifyProgress && json.Unmarshal(params, &at) == nil
	return at, ok
}
