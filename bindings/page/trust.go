package page

import (
	"context"
	"slices"
	"strings"

	"github.com/terrarium-ml/terrarium/bindings"
	"github.com/terrarium-ml/terrarium/core/card"
	"github.com/terrarium-ml/terrarium/core/json"
)

// A trustPart stands below the result: the model's card, the log of its training, and how
// both are checked.
type trustPart struct {
	app      *studio
	of       int // the model that the rest is about
	card     *card.Card
	log      []string
	licence  string
	verified *bindings.VerifyResult
	replay   *bindings.ReplayResult
	stop     context.CancelFunc // of a replay that runs
	share    float64            // of it that is done
	problem  *problem
}

func newTrust(a *studio) *trustPart {
	s := &trustPart{app: a}
	a.on("trust.verify", func(Action) { a.work(s.verify) })
	a.on("trust.replay", func(Action) { s.again() })
	a.on("trust.cancel", func(Action) {
		if s.stop != nil {
			s.stop()
		}
	})
	a.on("trust.licence", func(act Action) { s.license(strings.TrimSpace(act.Value)) })
	a.on("trust.card", func(Action) {
		if w := a.warden(); w != nil && s.card != nil {
			w.DownloadPage(s.card.Name+" card.html", s.card.HTML(a.lang(), a.say))
		}
	})
	a.on("trust.json", func(Action) {
		if text, err := json.Marshal(s.card); err == nil && s.card != nil {
			a.screen.Download(s.card.Name+" card.json", text)
		}
	})
	a.on("trust.log", func(Action) {
		if s.card != nil {
			a.screen.Download(s.card.Name+" log.jsonl", []byte(strings.Join(s.log, "\n")+"\n"))
		}
	})
	a.on("trust.dismiss", func(Action) { s.problem = nil; a.touch(a.result) })
	return s
}

// finish writes what a model is worth into its card. It asks the engine.
func (s *trustPart) finish(r *outcome) {
	part := r.part
	if part == "" {
		part = "test"
	}
	s.read(r, bindings.CardParams{Model: r.info.Model, Scores: &card.Scores{Part: part, Rows: r.test.Rows,
		Metrics: card.Values(r.test.Metrics), Baseline: card.Values(r.test.Baseline), Guess: r.guess()}})
}

// show reads the card of a model that is shown now. It asks the engine.
func (s *trustPart) show(r *outcome) {
	if r.info.Model != s.of {
		s.read(r, bindings.CardParams{Model: r.info.Model})
		s.app.touch(s.app.result)
	}
}

func (s *trustPart) read(r *outcome, p bindings.CardParams) {
	var got bindings.CardResult
	if err := s.app.ask(bindings.MethodModelCard, p, &got); err != nil {
		s.say(err)
		return
	}
	if r.info.Model != s.of {
		s.verified, s.replay, s.problem = nil, nil, nil
	}
	s.of, s.card, s.log, s.licence = r.info.Model, got.Card, got.Log, ""
	if got.Card != nil {
		s.licence = got.Card.Licence
	}
}

func (s *trustPart) say(err error) {
	if !lostEngine(err) && !aborted(err) {
		s.problem = &problem{text: failure(err).Message}
	}
	s.app.touch(s.app.result)
}

// license writes into the card under which terms the model may be used.
func (s *trustPart) license(text string) {
	r := s.app.result.now
	if r == nil || r.info.Model != s.of {
		return
	}
	s.app.work(func() {
		s.read(r, bindings.CardParams{Model: r.info.Model, Licence: &text})
		s.app.touch(s.app.result)
	})
}

// groups writes into the card how the model does on the groups of a column. It asks the
// engine.
func (s *trustPart) groups(r *outcome, column string, list []card.Group) {
	if s.card == nil || s.card.Scores == nil || r.info.Model != s.of {
		return
	}
	scores := *s.card.Scores
	scores.Groups = slices.DeleteFunc(slices.Clone(scores.Groups), func(g card.Group) bool { return g.Column == column })
	scores.Groups = append(scores.Groups, list...)
	s.read(r, bindings.CardParams{Model: r.info.Model, Scores: &scores})
	s.app.touch(s.app.result)
}

// verify checks the log. It asks the engine.
func (s *trustPart) verify() {
	var v bindings.VerifyResult
	if err := s.app.ask(bindings.MethodModelVerify, bindings.ModelParams{Model: s.of}, &v); err != nil {
		s.say(err)
		return
	}
	s.verified = &v
	s.app.touch(s.app.result)
}

// again trains again what the log tells of, on the data that are open or were kept.
func (s *trustPart) again() {
	a := s.app
	r := a.result.now
	if r == nil || s.card == nil || s.stop != nil || a.train.busy() {
		return
	}
	ctx, stop := context.WithCancel(context.Background())
	s.stop, s.share, s.replay, s.problem = stop, 0, nil, nil
	a.state.say("Training again, to compare…")
	a.touch(a.result)
	a.work(func() {
		defer func() { stop(); s.stop = nil; a.touch(a.result) }()
		table, err := s.table(ctx, r)
		if err != nil {
			s.say(err)
			return
		}
		var got bindings.ReplayResult
		err = a.call(ctx, Request{Method: bindings.MethodModelReplay, Params: bindings.ReplayParams{Model: r.info.Model, Table: table}, Notify: func(method string, params json.RawMessage) {
			if at, ok := progressOf(method, params); ok && at.Total > 0 && at.Stage == "fit" {
				s.share = float64(at.Done) / float64(at.Total)
				a.touch(a.result)
			}
		}}, &got)
		if err != nil {
			a.state.say("The replay has ended.")
			s.say(err)
			return
		}
		s.replay = &got
		a.state.say(map[bool]string{true: "Trained again: the same bits.", false: "Trained again: other bits."}[got.Same])
	})
}

// table is where the data of the model are open: the kept set, if there is one, else what
// is open on the page. The engine checks the fingerprint of either.
func (s *trustPart) table(ctx context.Context, r *outcome) (int, error) {
	a := s.app
	if k := a.kept; k != nil && k.Data == s.card.Data.Fingerprint {
		return k.Table, nil
	}
	if w, ok := a.lesson.(interface{ manuscript(*outcome) int }); ok {
		if table := w.manuscript(r); table != 0 && a.shelf.keptSet(s.card.Data.Fingerprint) == nil {
			return table, nil
		}
	}
	if a.lesson.prepared() != nil && !r.loaded {
		return a.lesson.table(), nil
	}
	if a.shelf.keptSet(s.card.Data.Fingerprint) != nil {
		set, err := a.openKept(ctx, s.card.Data.Fingerprint)
		if err != nil {
			return 0, err
		}
		return set.Table, nil
	}
	if a.lesson.prepared() != nil {
		return a.lesson.table(), nil
	}
	return 0, &bindings.Error{Message: "To train again, open the same file first, with the same columns, parts and seed."}
}

// nodes describe the part; nothing for a model without a card.
func (s *trustPart) nodes() Nodes {
	a := s.app
	if r := a.result.now; r == nil || r.info.Model != s.of || s.card == nil {
		return nil
	}
	c := s.card
	box := el("details", class("more"), keyed("trust"), ident("trust"), el("summary", txt("Model card and training log")))
	el("p", txt("What the model is, as it will be read by others. It is in the model’s file as well.")).join(&box)
	for _, section := range c.Sections() {
		el("h3", txt(section.Title)).join(&box)
		if len(section.Rows) > 0 {
			list := el("dl", class("card"))
			for _, row := range section.Rows { // already in the page's language
				var rest []string
				for _, cell := range row[1:] {
					if words := cell.Words(a.say); words != "" {
						rest = append(rest, words)
					}
				}
				el("dt", asIs, txt(row[0].Words(a.say))).join(&list)
				el("dd", asIs, txt(strings.Join(rest, " — "))).join(&list)
			}
			list.join(&box)
		}
		if len(section.Items) > 0 {
			list := el("ul", class("notices"))
			for _, item := range section.Items {
				el("li", class("notice"), txt(item)).join(&list)
			}
			list.join(&box)
		}
	}
	field("licence", "Licence", "Under which terms others may use the model, such as CC-BY-4.0. It goes into the card.", check{}, func(more Part) Node {
		return entry("licence", "trust.licence", "", s.licence, "", all{more, settled, attr("maxlength", "200")})
	}).join(&box)
	el("div", class("tools"),
		when(a.warden() != nil, button("trust.card", "", "second", "Download the card (.html)", ident("card-html"))),
		button("trust.json", "", "second", "Download the card (.json)", ident("card-json")),
		button("trust.log", "", "second", "Download the log ("+plural(len(s.log), "line", "lines")+")", ident("card-log"))).join(&box)
	el("p", class("hint"), txt("Each line of the log carries the SHA-256 of the line before, and the last one that of the weights. Verify checks that; Replay trains again on the same data and compares every line and the weights, to the bit.")).join(&box)
	el("div", class("tools"),
		button("trust.verify", "", "second", "Verify the log", ident("verify")),
		button("trust.replay", "", "second", "Replay the training", ident("replay"), when(s.stop != nil || a.train.busy(), attr("disabled", ""))),
		when(s.stop != nil, all{progress("replay-progress", "Training again", s.share, 1), button("trust.cancel", "", "second", "Cancel", ident("replay-cancel"))})).join(&box)
	if v := s.verified; v != nil {
		text := "The log is whole: " + plural(v.Lines, "line", "lines") + ", and it ends with the weights of this model."
		if !v.Sound {
			text = "The log does not hold: " + v.Problem + "."
		}
		el("p", class(map[bool]string{true: "verdict", false: "problem"}[v.Sound]), keyed("verified"), ident("verified"), attr("role", "status"), txt(text)).join(&box)
	}
	if r := s.replay; r != nil {
		text := "Trained again for " + plural(r.Epochs, "epoch", "epochs") + ": every loss and every weight came out the same, to the bit (" + r.Digest + ")."
		if !r.Same {
			text = "Trained again, it came out differently: the weights have the SHA-256 " + r.Digest + ", the log says " + r.Want + "."
			if r.Differs >= 0 {
				text += " The first line that differs is " + count(r.Differs+1) + "."
			}
		}
		el("p", class(map[bool]string{true: "verdict", false: "problem"}[r.Same]), keyed("replayed"), ident("replayed"), attr("role", "status"), attr("data-same", map[bool]string{true: "yes", false: "no"}[r.Same]), txt(text)).join(&box)
	}
	if s.problem != nil {
		s.problem.view("trust", "trust.dismiss").join(&box)
	}
	return Nodes{box}
}
