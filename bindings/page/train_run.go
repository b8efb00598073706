package page

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/terrarium-ml/terrarium/bindings"
	"github.com/terrarium-ml/terrarium/core/data"
)

// run makes a model, fits and tests it. It asks the engine all the way.
func (s *trainStep) run(ctx context.Context, p parsed, cut *outcome) error {
	a := s.app
	if a.lesson.prepared() == nil {
		if err := a.lesson.prepare(); err != nil {
			return err
		}
		if now, c := a.lesson.check(); c.bad() == "" {
			p = now // the suggestion for the data as they are now
			s.asked = now
			s.epochs = now.epochs
		}
	}
	prepared, table, from := a.lesson.prepared(), a.lesson.table(), a.lesson.name()
	var info bindings.ModelInfo
	if cut != nil {
		info = cut.info
	} else {
		made, err := s.create(ctx, p, table, from)
		if err != nil {
			return err
		}
		info = made
	}
	kept := cut != nil
	defer func() {
		if !kept {
			a.dispose(info.Model)
		}
	}()
	s.beginFit(prepared)
	fit := s.fit(p, info.Model, table, prepared)
	fit.Resume, fit.Again = cut != nil, cut != nil && cut.info.Data != ""
	r, err := s.fitted(ctx, &fit, info, prepared, from)
	if err != nil {
		return err
	}
	kept = true
	r.how = &fit
	a.more.runs.add(r, p, a.lesson.layers(p))
	a.result.show(r)
	return nil
}

// beginFit begins to count the time, now that the data are there.
func (s *trainStep) beginFit(prepared *bindings.PrepareResult) {
	s.phase, s.start, s.unit = fitting, s.app.screen.Now(), 1
	if taskOf(prepared.Pipeline) == data.TaskRegression && prepared.Pipeline.Output.Scale > 0 {
		s.unit = float64(prepared.Pipeline.Output.Scale)
	}
	s.app.touch(s)
}

// fitted fits a model, tests it, and secures what came of it. It asks the engine.
func (s *trainStep) fitted(ctx context.Context, fit *bindings.FitParams, info bindings.ModelInfo, prepared *bindings.PrepareResult, from string) (*outcome, error) {
	a := s.app
	fit.Watch = true
	var history bindings.FitResult
	if err := a.call(ctx, Request{Method: bindings.MethodModelFit, Params: *fit, Notify: s.hear, Hold: s.pause.to}, &history); err != nil {
		return nil, err
	}
	s.phase = judging
	s.finish(&history)
	a.touch(s)
	info.Interrupted = nil
	r, err := a.result.measure(info, fit.Table, &history)
	if err != nil {
		return nil, err
	}
	r.from, r.seconds, r.prepared = from, a.screen.Now().Sub(s.start), prepared
	a.trust.finish(r)
	s.secure(r, fit.Resume)
	return r, nil
}

// create makes and compiles the model that the form describes.
func (s *trainStep) create(ctx context.Context, p parsed, table int, from string) (bindings.ModelInfo, error) {
	a := s.app
	var info bindings.ModelInfo
	name := strings.TrimSuffix(strings.TrimSuffix(from, ".csv"), ".tsv")
	make := Request{Method: bindings.MethodModelCreate, Params: bindings.CreateParams{Layers: a.lesson.layers(p), Table: table, Name: name, Seed: &p.seed}}
	if f := a.base.now; f != nil {
		make = Request{Method: bindings.MethodModelAdapt, Params: bindings.AdaptParams{Model: f.of.info.Model, Table: table, Keep: f.keep, Name: name, Seed: &p.seed}}
	}
	if err := a.call(ctx, make, &info); err != nil {
		return info, err
	}
	err := a.call(ctx, Request{Method: bindings.MethodModelCompile, Params: bindings.CompileParams{Model: info.Model,
		Optimizer: bindings.Optimizer{ClassName: a.lesson.options().optimizer, Config: object(map[string]any{"learningRate": p.rate})},
		Loss:      bindings.Loss{ClassName: a.lesson.options().loss}}}, nil)
	if err != nil {
		a.dispose(info.Model)
	}
	return info, err
}

// fit describes the training that the form asks for.
func (s *trainStep) fit(p parsed, model, table int, prepared *bindings.PrepareResult) bindings.FitParams {
	opts := s.app.lesson.options()
	fit := bindings.FitParams{Model: model, Table: table, Epochs: p.epochs, BatchSize: p.batch,
		Checkpoint: &bindings.Checkpoint{Name: checkpointName, Date: s.start.Format(time.RFC3339), Data: s.app.storage.keep},
		Record:     &bindings.Record{Source: s.app.lesson.name(), Date: s.start.Format(time.RFC3339)}}
	if opts.early {
		fit.EarlyStopping = &bindings.EarlyStopping{Monitor: "val_loss", Patience: p.patience}
		if prepared.Validation == 0 {
			fit.EarlyStopping.Monitor = "loss"
		}
	}
	if opts.weights && len(prepared.Defaults.ClassWeight) > 0 {
		fit.ClassWeight = map[string]float64{}
		for i, w := range prepared.Defaults.ClassWeight {
			fit.ClassWeight[strconv.Itoa(i)] = w
		}
	}
	return fit
}

// secure keeps the trained model in place of the automatic copies of a training that was
// long enough to have some, or that went on from one, until the user saves it.
func (s *trainStep) secure(r *outcome, resumed bool) {
	if r.seconds < copiesAfter && !resumed {
		return
	}
	err := s.app.ask(bindings.MethodModelSave, bindings.SaveParams{Model: r.info.Model, Name: checkpointName,
		Date: s.app.screen.Now().Format(time.RFC3339), Metrics: r.test.Metrics}, nil)
	if err != nil && r.fit.Unsaved == "" {
		r.fit.Unsaved = failure(err).Message
	}
}
