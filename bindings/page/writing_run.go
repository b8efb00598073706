package page

import (
	"context"
	"math"
	"strconv"
	"time"

	"github.com/terrarium-ml/terrarium/bindings"
	"github.com/terrarium-ml/terrarium/core/json"
)

// A writeRun is a training of a model that writes.
type writeRun struct {
	phase   phase
	stop    context.CancelCauseFunc
	rounds  int
	done    float64 // rounds
	loss    []float64
	val     []float64
	samples []writeSample // the newest first
	asking  bool          // a sample is being written
	next    time.Time     // when the next sample is due
	began   time.Time
	ended   string // how it ended
	vocab   int
}

// writingCopy is under which a long training keeps itself safe meanwhile.
const writingCopy = "Last model that learned to write (automatic copy)"

// A writeSample is what the model wrote while it learned.
type writeSample struct {
	round int
	text  string
}

// Samples are written while the model learns: how long they are, how many stay, and how
// much time lies between two, unless writing takes so long that learning would suffer.
const (
	sampleLength = 160
	samplesKept  = 6
	sampleEvery  = 3 * time.Second
	samplePause  = 5 // times as long as the last sample took
)

func (r *writeRun) busy() bool { return r.phase != idle }

// end stops the training and keeps what was learned.
func (r *writeRun) end(a *Texts) {
	switch r.phase {
	case preparing:
		r.stop(nil)
	case fitting:
		r.stop(errKeep)
	default:
		return
	}
	r.phase = stopping
	a.state.say("Stopping…")
}

// train trains a model with the form's settings.
func (s *writeStep) train() {
	a := s.app
	if s.info == nil || s.run.busy() || a.train.busy() || !a.state.ready {
		return
	}
	c := s.check()
	if id := c.bad(); id != "" {
		s.problem = &problem{text: "Before training, please correct this: " + c[id].text}
		a.touch(s)
		a.screen.Focus(id)
		return
	}
	ctx, stop := context.WithCancelCause(context.Background())
	s.problem = nil
	s.run = writeRun{phase: preparing, stop: stop, began: a.screen.Now()}
	a.state.say("Training begins.")
	a.touchAll()
	a.screen.Focus("write-stop")
	a.work(func() {
		defer stop(nil)
		err := s.learn(ctx)
		if s.run.phase == idle && lostEngine(err) {
			return
		}
		s.run.phase = idle
		a.touchAll()
		if aborted(err) {
			a.state.say("Training was stopped; nothing was learned yet.")
		}
		s.fail(err)
	})
}

// learn makes a model and fits it. It asks the engine all the way.
func (s *writeStep) learn(ctx context.Context) error {
	a := s.app
	if s.prepared == nil {
		if err := s.prepare(); err != nil || s.prepared == nil {
			return err
		}
	}
	p, n := s.prepared, s.chosen()
	rounds, _ := strconv.Atoi(s.rounds)
	rate, _ := read(s.rate)
	seed, _ := strconv.ParseInt(s.seed, 10, 64)
	var info bindings.ModelInfo
	if err := a.call(ctx, Request{Method: bindings.MethodModelCreate, Params: bindings.CreateParams{Layers: n.Layers, Table: s.info.Table, Name: s.from.name, Seed: &seed}}, &info); err != nil {
		return err
	}
	err := a.call(ctx, Request{Method: bindings.MethodModelCompile, Params: bindings.CompileParams{Model: info.Model,
		Optimizer: bindings.Optimizer{ClassName: n.Train.Optimizer, Config: object(map[string]any{"learningRate": rate})}}}, nil)
	if err != nil {
		a.dispose(info.Model)
		return err
	}
	s.drop()
	s.run.phase, s.run.rounds, s.run.vocab, s.run.next = fitting, rounds, p.Vocabulary, a.screen.Now().Add(sampleEvery/3)
	a.touch(s)
	fit := bindings.FitParams{Model: info.Model, Table: s.info.Table, Epochs: rounds, BatchSize: n.Train.BatchSize,
		Checkpoint: &bindings.Checkpoint{Name: writingCopy, Date: s.run.began.Format(time.RFC3339)}}
	if n.Train.Patience > 0 {
		fit.EarlyStopping = &bindings.EarlyStopping{Monitor: "val_loss", Patience: n.Train.Patience}
	}
	var history bindings.FitResult
	if err := a.call(ctx, Request{Method: bindings.MethodModelFit, Params: fit, Notify: func(method string, params json.RawMessage) { s.hear(info.Model, method, params) }}, &history); err != nil {
		a.dispose(info.Model)
		return err
	}
	s.secure(info.Model)
	s.run.loss, s.run.val = history.History["loss"], history.History["val_loss"]
	s.run.ended = s.run.summary(&history, a.screen.Now().Sub(s.run.began))
	s.model, s.of, s.lent, s.saved, s.written = &info, s.from.name, false, false, ""
	s.name = "Writes like " + s.from.name
	a.screen.Guard(true)
	a.state.say("Training has ended. The model can write.")
	s.run.phase = idle
	s.write(false)
	return nil
}

// secure keeps the trained model in place of the automatic copies of a training that was
// long enough to have some, until the user saves it. It asks the engine.
func (s *writeStep) secure(model int) {
	a := s.app
	now := a.screen.Now()
	if now.Sub(s.run.began) < 10*time.Second {
		return
	}
	s.fail(a.ask(bindings.MethodModelSave, bindings.SaveParams{Model: model, Name: writingCopy, Date: now.Format(time.RFC3339)}, nil))
	a.shelf.refresh()
}

// hear takes the engine's reports, and has the model write now and then.
func (s *writeStep) hear(model int, method string, params json.RawMessage) {
	r := &s.run
	switch method {
	case bindings.NotifyProgress:
		var at bindings.Progress
		if json.Unmarshal(params, &at) == nil && at.Total > 0 {
			r.done = float64(at.Done) / float64(at.Total) * float64(r.rounds)
		}
	case bindings.NotifyEpoch:
		var logs bindings.EpochLogs
		if json.Unmarshal(params, &logs) == nil {
			for _, e := range logs.Epochs {
				r.loss = append(r.loss, e.Logs["loss"])
				if v, ok := e.Logs["val_loss"]; ok {
					r.val = append(r.val, v)
				}
			}
		}
	}
	a := s.app
	a.touch(s)
	now := a.screen.Now()
	if r.phase == fitting && !r.asking && !now.Before(r.next) {
		r.asking = true
		a.work(func() { s.sample(model, now) })
	}
}

// sample has the model write between two steps. It asks the engine.
func (s *writeStep) sample(model int, begun time.Time) {
	a, r := s.app, &s.run
	defer func() {
		now := a.screen.Now()
		r.asking, r.next = false, now.Add(max(sampleEvery, samplePause*now.Sub(begun)))
		a.touch(s)
	}()
	p, ok := s.writeParams(model, s.start)
	if !ok {
		return
	}
	p.Count = sampleLength
	fresh := writeSample{round: int(r.done) + 1, text: s.start}
	r.samples = append([]writeSample{fresh}, r.samples[:min(len(r.samples), samplesKept-1)]...)
	shown := r.samples
	var got bindings.WriteResult
	err := a.call(context.Background(), Request{Method: bindings.MethodWritingWrite, Params: p, Notify: func(method string, params json.RawMessage) {
		var w bindings.Written
		if method == bindings.NotifyWritten && json.Unmarshal(params, &w) == nil {
			shown[0].text += w.Text
			a.touch(s)
		}
	}}, &got)
	if err == nil {
		shown[0].text = s.start + got.Text
	}
}

// summary says how a training ended.
func (r *writeRun) summary(h *bindings.FitResult, spent time.Duration) string {
	n := len(h.Epoch)
	text := "Learned for " + plural(n, "round", "rounds") + " in " + took(spent) + "."
	switch {
	case h.Stopped:
		text += " You stopped it; the model keeps what it had learned by then."
	case h.StoppedEarly:
		text += " It stopped by itself when the last tenth of the text, which it does not learn from, was no longer foretold better, and went back to round " + strconv.Itoa(h.BestEpoch+1) + "."
	}
	loss := h.History["val_loss"]
	where := " of the part that it did not learn from"
	if len(loss) == 0 {
		loss, where = h.History["loss"], ""
	}
	if n > 0 && len(loss) >= n {
		at := n - 1
		if h.StoppedEarly && h.BestEpoch >= 0 && h.BestEpoch < n {
			at = h.BestEpoch
		}
		text += " For the next character" + where + " it hesitates as if between " + number(round2(math.Exp(loss[at]))) + " characters; guessing blindly there are " + count(r.vocab-2) + "."
	}
	return text
}
