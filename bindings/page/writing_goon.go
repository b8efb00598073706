package page

import (
	"context"

	"github.com/terrarium-ml/terrarium/bindings"
	"github.com/terrarium-ml/terrarium/core/card"
)

// This file lets a model go on learning to write where its training was cut off.

// cutOff is the automatic copy of a training that was cut off, if there is one.
func (s *writeStep) cutOff() *bindings.StoredModel {
	for i := range s.app.shelf.models {
		if m := &s.app.shelf.models[i]; m.Name == writingCopy && m.Kind == "checkpoint" {
			return m
		}
	}
	return nil
}

// resumable tells whether the text that is open may be the one that a training was cut off
// on, because its own was not kept. The engine compares the fingerprints.
func (s *writeStep) resumable() bool {
	cut := s.cutOff()
	return cut != nil && s.prepared != nil && s.app.shelf.keptSet(cut.Data) == nil
}

// goOn goes on with the training of the automatic copy.
func (s *writeStep) goOn() {
	a := s.app
	if s.run.busy() || s.reading || s.writing || a.train.busy() || !a.state.ready {
		return
	}
	s.launch("The training goes on.", "Training was stopped. Its automatic copy is still there.", s.runKept)
}

// runKept loads the copy and what it learns from, and fits. It asks the engine all the way.
func (s *writeStep) runKept(ctx context.Context) error {
	a := s.app
	info, err := a.loadCut(ctx, writingCopy)
	if err != nil {
		return err
	}
	var told bindings.CardResult
	table, prepared, from := 0, (*bindings.PrepareResult)(nil), info.Source
	if err = a.call(ctx, Request{Method: bindings.MethodModelCard, Params: bindings.CardParams{Model: info.Model}}, &told); err == nil {
		table, prepared, err = s.learnedFrom(ctx, info.Data)
	}
	if err != nil {
		a.dispose(info.Model)
		return err
	}
	s.run.rounds = max(info.Planned, len(info.Interrupted.Epoch), 1)
	s.recall(info.Interrupted, told.Card)
	fit := bindings.FitParams{Model: info.Model, Table: table, Resume: true, Again: true}
	return s.fitted(ctx, &fit, info, prepared, from)
}

// learnedFrom opens the text that was kept, else it is the one that is open on the page. It
// asks the engine.
func (s *writeStep) learnedFrom(ctx context.Context, fingerprint string) (table int, p *bindings.PrepareResult, err error) {
	switch a := s.app; {
	case a.shelf.keptSet(fingerprint) != nil:
		set, err := a.openKept(ctx, fingerprint)
		if err != nil {
			return 0, nil, err
		}
		return set.Table, &set.Prepared, nil
	case s.prepared != nil:
		return s.info.Table, &s.prepared.Prepared, nil
	}
	return 0, nil, &bindings.Error{Message: "To go on with that training, open the same text again in step 7."}
}

// recall shows what an interrupted training told of, and what its model wrote meanwhile.
func (s *writeStep) recall(before *bindings.FitResult, c *card.Card) {
	r := &s.run
	r.before = len(before.Epoch)
	r.done = float64(r.before)
	r.loss, r.val = before.History["loss"], before.History["val_loss"]
	if c == nil {
		return
	}
	for _, w := range c.Written {
		r.samples = append([]writeSample{{round: w.Round, text: w.Text}}, r.samples...)
	}
}

// interrupted offers to go on with the copy that the shelf has lent; nothing for another
// model.
func (s *writeStep) interrupted() Part {
	m := s.model
	if !s.lent || m.Interrupted == nil || m.Name != writingCopy {
		return all(nil)
	}
	return all{el("p", txt("It is the automatic copy of a training that was cut off after "+plural(len(m.Interrupted.Epoch), "round", "rounds")+". You can use it as it is, or go on where it stopped: the result will be the same, to the bit, as if nothing had happened.")),
		el("div", class("tools"), button("write.goon", "", "main", "Go on with this training", ident("write-resume"), when(s.run.busy() || s.writing || s.app.train.busy() || !s.app.state.ready, attr("disabled", ""))))}
}
