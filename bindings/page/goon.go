package page

import (
	"context"
	"errors"
	"time"

	"github.com/terrarium-ml/terrarium/bindings"
	"github.com/terrarium-ml/terrarium/core/data"
)

// This file lets a training that was cut off go on: from its automatic copy and from what
// it learns from, which the engine kept beside that, without any file.

// keptSet is the kept training set of a fingerprint, or nil.
func (s *shelfStep) keptSet(fingerprint string) *bindings.StoredModel {
	for i := range s.sets {
		if fingerprint != "" && s.sets[i].Data == fingerprint {
			return &s.sets[i]
		}
	}
	return nil
}

// cutOffBanner says that a training was cut off, and offers to go on. Again says what to do
// where its data were not kept.
func (s *studio) cutOffBanner(again string) Nodes {
	m := s.shelf.cutOff()
	if m == nil || !s.state.ready {
		return nil
	}
	if at, elsewhere := s.elsewhere(m); elsewhere {
		return Nodes{el("div", class("leak"), ident("cut-off"), keyed("cut-off"),
			el("p", el("strong", txt("A training was cut off. ")), txt("It belongs to another page of this site, and can go on there: "), el("a", attr("href", at.file), txt(at.name))),
			el("div", class("tools"), button("shelf.later", "", "second", "Not now")))}
	}
	goOn := "train.goon"
	if m.Name == writingCopy {
		goOn = "write.goon"
	}
	text := "Its automatic copy of " + dated(m.Date) + " is kept in this browser. " + again
	first := button("shelf.load", m.Name, "second", "Open the copy", ident("open-copy"))
	if s.shelf.keptSet(m.Data) != nil {
		text = "Its automatic copy of " + dated(m.Date) + " is kept in this browser, and so is what it learns from: it can go on where it stopped, without the file."
		first = button(goOn, m.Name, "main", "Go on with it", ident("go-on-training"))
	}
	return Nodes{el("div", class("leak"), ident("cut-off"), keyed("cut-off"),
		el("p", el("strong", txt("A training was cut off. ")), txt(text)),
		el("div", class("tools"), first, button("shelf.later", "", "second", "Not now")))}
}

// A place is a page of the site.
type place struct{ file, name string }

// places are the pages of the roads, by what they learn from.
var places = map[string]place{
	"":                        {"index.html", "Tables"},
	string(data.MediumImage):  {"images.html", "Images"},
	string(data.MediumText):   {"text.html", "Text"},
	string(data.MediumSeries): {"series.html", "Series"},
}

// elsewhere tells whether a stored training belongs to another road than this one.
func (s *studio) elsewhere(m *bindings.StoredModel) (place, bool) {
	here, ok := s.lesson.(interface{ medium() data.MediumKind })
	if !ok || string(here.medium()) == m.Medium {
		return place{}, false
	}
	at, known := places[m.Medium]
	return at, known
}

func (a *App) medium() data.MediumKind      { return "" }
func (a *Pictures) medium() data.MediumKind { return data.MediumImage }
func (a *Texts) medium() data.MediumKind    { return data.MediumText }
func (a *Series) medium() data.MediumKind   { return data.MediumSeries }

// goOn goes on with the training of a stored copy, on the data that were kept.
func (s *trainStep) goOn(name string) {
	a := s.app
	if s.busy() || !a.state.ready {
		return
	}
	s.launch(1, nil, "The training goes on.", "Training was stopped. Its automatic copy is still there.",
		func(ctx context.Context) error { return s.runKept(ctx, name) }, func() {})
}

// runKept loads the copy and its data, fits and tests. It asks the engine all the way.
func (s *trainStep) runKept(ctx context.Context, name string) error {
	a := s.app
	info, err := a.loadCut(ctx, name)
	if err != nil {
		return err
	}
	kept := false
	defer func() {
		if !kept {
			a.dispose(info.Model)
		}
	}()
	set, err := a.openKept(ctx, info.Data)
	if err != nil {
		return err
	}
	s.epochs = max(info.Planned, len(info.Interrupted.Epoch), 1)
	s.beginFit(&set.Prepared)
	s.recall(info.Interrupted)
	fit := bindings.FitParams{Model: info.Model, Table: set.Table, Resume: true, Again: true,
		Checkpoint: &bindings.Checkpoint{Name: checkpointName, Date: s.start.Format(time.RFC3339), Data: a.storage.keep}}
	r, err := s.fitted(ctx, &fit, info, &set.Prepared, set.Source)
	if err != nil {
		return err
	}
	kept = true
	a.result.show(r)
	return nil
}

// loadCut opens the automatic copy of a training that was cut off. It asks the engine.
func (s *studio) loadCut(ctx context.Context, name string) (info bindings.ModelInfo, err error) {
	if err = s.call(ctx, Request{Method: bindings.MethodModelLoad, Params: bindings.LoadParams{Name: name}}, &info); err == nil && info.Interrupted == nil {
		s.dispose(info.Model)
		err = errors.New("this copy is not of a training that was cut off. Open it in the list of models")
	}
	return info, err
}

// openKept opens the data that were kept, in place of those that were opened before. It
// asks the engine.
func (s *studio) openKept(ctx context.Context, fingerprint string) (*bindings.SetResult, error) {
	set := new(bindings.SetResult)
	if err := s.call(ctx, Request{Method: bindings.MethodSetOpen, Params: bindings.SetParams{Data: fingerprint}}, set); err != nil {
		return nil, err
	}
	if old := s.kept; old != nil {
		s.closeTable(old.Table)
	}
	s.kept = set
	return set, nil
}
