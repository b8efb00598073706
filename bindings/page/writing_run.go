package page

import (
	"context"
	"math"
	"strconv"
	"time"

	"github.com/terrarium-ml/terrarium/bindings"
	"github.com/terrarium-ml/terrarium/core/card"
	"github.com/terrarium-ml/terrarium/core/json"
)

// A writeRun is a training of a model that writes.
type writeRun struct {
	phase   phase
	stop    context.CancelCauseFunc
	rounds  int
	before  int     // of them, in a training that was cut off
	done    float64 // rounds
	loss    []float64
	val     []float64
	samples []writeSample // the newest first
	asking  bool          // a sample is being written
	next    time.Time     // when the next sample is due
	began   time.Time
	ended   string // how it ended
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
	samplesKept  = card.SamplesKept
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
	s.launch("Training begins.", "Training was stopped; nothing was learned yet.", s.learn)
}

// launch forgets the training before and lets one run beside everything else. Stopped is
// said where it was stopped before there was anything to show.
func (s *writeStep) launch(begins, stopped string, run func(context.Context) error) {
	a := s.app
	ctx, stop := context.WithCancelCause(context.Background())
	s.problem = nil
	s.run = writeRun{phase: preparing, stop: stop, began: a.screen.Now()}
	a.state.say(begins)
	a.touchAll()
	a.screen.Focus("write-stop")
	a.work(func() {
		defer stop(nil)
		err := run(ctx)
		if s.run.phase == idle && lostEngine(err) {
			return
		}
		s.run.phase = idle
		a.touchAll()
		if aborted(err) {
			a.state.say(stopped)
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
	n := s.chosen()
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
	s.run.rounds, _ = strconv.Atoi(s.rounds)
	fit := bindings.FitParams{Model: info.Model, Table: s.info.Table, Epochs: s.run.rounds, BatchSize: n.Train.BatchSize,
		Record: &bindings.Record{Source: s.from.name, Date: s.run.began.Format(time.RFC3339)}}
	if n.Train.Patience > 0 {
		fit.EarlyStopping = &bindings.EarlyStopping{Monitor: "val_loss", Patience: n.Train.Patience}
	}
	return s.fitted(ctx, &fit, info, &s.prepared.Prepared, s.from.name)
}

// fitted fits a model, secures it, and has it write. It asks the engine.
func (s *writeStep) fitted(ctx context.Context, fit *bindings.FitParams, info bindings.ModelInfo, prepared *bindings.PrepareResult, from string) error {
	a := s.app
	s.drop()
	s.run.phase, s.run.next = fitting, a.screen.Now().Add(sampleEvery/3)
	a.touch(s)
	fit.Checkpoint = &bindings.Checkpoint{Name: writingCopy, Date: s.run.began.Format(time.RFC3339), Data: a.storage.keep}
	var history bindings.FitResult
	err := a.call(ctx, Request{Method: bindings.MethodModelFit, Params: *fit, Notify: func(method string, params json.RawMessage) { s.hear(info.Model, method, params) }}, &history)
	if err == nil {
		s.digest, err = a.digest(info.Model)
	}
	if err != nil {
		a.dispose(info.Model)
		return err
	}
	info.Interrupted = nil
	s.judge(info.Model, &history, prepared)
	s.secure(info.Model, fit.Resume)
	s.run.loss, s.run.val = history.History["loss"], history.History["val_loss"]
	s.run.ended = s.run.summary(&history, info.Pipeline.Output.Tokens, a.screen.Now().Sub(s.run.began))
	s.model, s.of, s.lent, s.saved, s.written = &info, from, false, false, ""
	s.name = "Writes like " + from
	a.screen.Guard(true)
	a.state.say("Training has ended. The model can write.")
	s.run.phase = idle
	s.write(false)
	return nil
}

// judge writes into the model's card how well it foretells the part that it did not learn
// from, or the other where there is none. It asks the engine.
func (s *writeStep) judge(model int, h *bindings.FitResult, prepared *bindings.PrepareResult) {
	scores := card.Scores{Part: "training", Rows: prepared.Train}
	of := ""
	if prepared.Validation > 0 {
		scores.Part, scores.Rows, of = "validation", prepared.Validation, "val_"
	}
	metrics := map[string]float64{}
	for _, name := range []string{"loss", "acc"} {
		if at, values := learnedBy(h), h.History[of+name]; at >= 0 && at < len(values) {
			metrics[name] = values[at]
		}
	}
	scores.Metrics = card.Values(metrics)
	s.fail(s.app.ask(bindings.MethodModelCard, bindings.CardParams{Model: model, Scores: &scores}, nil))
}

// secure keeps the trained model in place of the automatic copies of a training that was
// long enough to have some, or that went on from one, until the user saves it. It asks the
// engine.
func (s *writeStep) secure(model int, resumed bool) {
	a := s.app
	now := a.screen.Now()
	if now.Sub(s.run.began) < copiesAfter && !resumed {
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
			r.done = float64(r.before) + float64(at.Done)/float64(at.Total)*float64(r.rounds)
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
	p.Count, p.Round = sampleLength, int(r.done)+1
	fresh := writeSample{round: p.Round, text: s.start}
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

// learnedBy is the round whose weights the model has in the end, from 0; -1 without any.
func learnedBy(h *bindings.FitResult) int {
	if n := len(h.Epoch); !h.StoppedEarly || h.BestEpoch < 0 || h.BestEpoch >= n {
		return n - 1
	}
	return h.BestEpoch
}

// summary says how a training ended of which the model knows so many tokens.
func (r *writeRun) summary(h *bindings.FitResult, tokens int, spent time.Duration) string {
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
	if at := learnedBy(h); at >= 0 && at < len(loss) {
		text += " For the next character" + where + " it hesitates as if between " + number(round2(math.Exp(loss[at]))) + " characters; guessing blindly there are " + count(tokens-2) + "."
	}
	return text
}
