package page

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/terrarium-ml/terrarium/bindings"
	"github.com/terrarium-ml/terrarium/core/data"
)

// A textTry is step 6: a text that is typed, and what the model says to it while it is
// typed, word by word.
type textTry struct {
	app     *Texts
	of      *outcome
	text    string
	answer  *bindings.TextsClassifyResult
	problem *problem
	serial  int
	stop    context.CancelFunc // of what is being asked
	looks   *attentionPart
}

func newTextTry(a *Texts) *textTry {
	s := &textTry{app: a}
	s.looks = newAttention(a, "attention", s, func() *bindings.ModelInfo {
		if s.answer == nil || !s.usable() {
			return nil
		}
		return &s.of.info
	}, func() string { return s.text })
	a.on("try.text", func(act Action) { s.text = act.Value; s.soon() })
	a.on("try.record", func(act Action) { s.record(act.Arg) })
	a.on("try.wipe", func(Action) { s.text, s.answer = "", nil; s.serial++; a.touch(s); a.screen.Focus("try-text") })
	a.on("try.dismiss", func(Action) { s.problem = nil; a.touch(s) })
	return s
}

func (s *textTry) usable() bool {
	if s.of == nil {
		return false
	}
	p := s.of.info.Pipeline
	return p != nil && p.Medium != nil && p.Medium.Kind == data.MediumText && len(p.Output.Labels) > 0
}

// begin takes a model that was just trained or loaded; nil: there is none any more.
func (s *textTry) begin(r *outcome) {
	s.of, s.answer, s.problem = r, nil, nil
	s.looks.forget()
	if s.usable() && strings.TrimSpace(s.text) != "" {
		s.ask()
	}
	s.app.touch(s)
}

// lostEngine: the answers are gone with the engine.
func (s *textTry) lostEngine() { s.answer = nil; s.looks.forget() }

// soon asks once typing pauses.
func (s *textTry) soon() {
	s.serial++
	mine := s.serial
	if s.stop != nil {
		s.stop()
	}
	s.app.touch(s)
	s.app.screen.After(200*time.Millisecond, func() {
		if mine == s.serial {
			s.ask()
		}
	})
}

// record takes one of the set's texts.
func (s *textTry) record(number string) {
	n, err := strconv.Atoi(number)
	a := s.app
	if err != nil || !s.usable() || a.gather.info == nil {
		return
	}
	a.work(func() {
		var got bindings.TextsRowsResult
		if err := a.ask(bindings.MethodTextsRows, bindings.TextsRowsParams{Table: a.table(), Numbers: []int{n}}, &got); err != nil || len(got.Records) == 0 {
			return
		}
		s.text = got.Records[0].Text
		s.ask()
		a.screen.Focus("step-try")
	})
}

// ask asks the model about the text.
func (s *textTry) ask() {
	a := s.app
	if !s.usable() || !a.state.ready {
		return
	}
	if strings.TrimSpace(s.text) == "" {
		s.answer = nil
		a.touch(s)
		return
	}
	s.serial++
	mine := s.serial
	ctx, stop := context.WithCancel(context.Background())
	s.stop = stop
	p := bindings.TextsClassifyParams{Model: s.of.info.Model, Text: s.text, Explain: true}
	a.work(func() {
		defer stop()
		var got bindings.TextsClassifyResult
		err := a.call(ctx, Request{Method: bindings.MethodTextsClassify, Params: p}, &got)
		if mine != s.serial {
			return
		}
		a.touch(s)
		switch {
		case lostEngine(err), aborted(err):
		case err != nil:
			s.problem, s.answer = &problem{text: failure(err).Message}, nil
		default:
			s.problem, s.answer = nil, &got
			s.looks.refresh()
		}
	})
}

func (s *textTry) views() map[string]Nodes {
	switch {
	case s.of == nil:
		return map[string]Nodes{"try-view": {el("p", class("empty"), txt("Once there is a model, you can type a text here and see what it says, and why."))}}
	case writes(s.of.info.Pipeline):
		return map[string]Nodes{"try-view": {el("p", class("empty"), ident("writes"), txt("This model writes texts: let it write in step 7."))}}
	case !s.usable():
		return map[string]Nodes{"try-view": {el("p", class("empty"), txt("This model does not tell texts apart. Open it on the page of its own kind of data."))}}
	}
	out := Nodes{field("try-text", "Type or paste a text", "The model answers while you type. Nothing leaves this tab.", check{}, func(more Part) Node {
		return el("textarea", ident("try-text"), attr("name", "try-text"), attr("rows", "4"), attr("autocomplete", "off"), act("try.text", ""), holding(s.text), asIs, more)
	}), el("div", class("tools"), keyed("tools"), button("try.wipe", "", "second", "Wipe", ident("wipe-try"), when(s.text == "", attr("disabled", ""))))}
	if s.problem != nil {
		out = append(out, s.problem.view("try", "try.dismiss"))
	}
	if s.answer != nil {
		out = append(out, s.answerView())
		out = append(out, s.looks.nodes()...)
	}
	return map[string]Nodes{"try-view": out}
}

func (s *textTry) answerView() Node {
	r := s.answer
	name := s.of.info.Pipeline.Output.Name
	return el("div", class("answer"), keyed("answer"), ident("prediction"),
		el("p", class("said"), attr("role", "status"), el("span", asIs, txt(name)), txt(": "), el("b", ident("predicted"), asIs, txt(r.Answer.Label))),
		shares(r.Answer.Classes), whyView(r))
}

// leastEffect is how much the logarithm of the odds must fall for a piece to be marked: a
// tenth of the odds.
const leastEffect = 0.1

// whyView shows the text as the model reads it. Pieces that speak for the answer have a
// ground and a solid line, those against it another ground and a wavy one; and a sentence
// says the same.
func whyView(r *bindings.TextsClassifyResult) Node {
	most := 0.0
	for _, v := range r.Effects {
		most = max(most, math.Abs(v))
	}
	box := el("div", class("wrap"), keyed("why"))
	if len(r.Pieces) == 0 {
		el("p", class("hint"), txt("There is nothing in this text that the model could read.")).join(&box)
		return box
	}
	shown := el("p", class("why"), ident("why"), asIs)
	for i, piece := range r.Pieces {
		txt(piece.Gap).join(&shown)
		v := 0.0
		if i < len(r.Effects) {
			v = r.Effects[i]
		}
		step := 0
		if most >= leastEffect && math.Abs(v) >= leastEffect {
			step = int(math.Ceil(math.Abs(v) / most * 4))
		}
		var name string
		switch {
		case piece.Count == 0:
			name = "unread"
		case step > 0 && v > 0:
			name = "for-" + strconv.Itoa(step)
		case step > 0:
			name = "against-" + strconv.Itoa(step)
		case !piece.Known:
			name = "unknown"
		}
		if name == "" {
			txt(piece.Text).join(&shown)
			continue
		}
		el("mark", class(name), attr("title", "odds "+timesOdds(v)), txt(piece.Text)).join(&shown)
	}
	txt(r.Rest).join(&shown)
	shown.join(&box)
	el("p", class("hint"), ident("why-said"), txt(whySaid(r))).join(&box)
	return box
}

// timesOdds writes by what a piece multiplies the odds of the answer.
func timesOdds(v float64) string {
	if v < 0 {
		return "÷\u2009" + number(round2(math.Exp(-v)))
	}
	return "×\u2009" + number(round2(math.Exp(v)))
}

// round2 leaves two digits.
func round2(v float64) float64 {
	unit := math.Pow(10, math.Floor(math.Log10(v))-1)
	return math.Round(v/unit) * unit
}

// whySaid says in a sentence what the marks show.
func whySaid(r *bindings.TextsClassifyResult) string {
	order := make([]int, 0, len(r.Effects))
	for i := range r.Effects {
		order = append(order, i)
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(math.Abs(r.Effects[b]), math.Abs(r.Effects[a])) })
	var speakFor, against []string
	for _, i := range order {
		text := "“" + visible(r.Pieces[i].Text) + "” (" + timesOdds(r.Effects[i]) + ")"
		switch v := r.Effects[i]; {
		case math.Abs(v) < leastEffect:
		case v > 0 && len(speakFor) < 5:
			speakFor = append(speakFor, text)
		case v < 0 && len(against) < 3:
			against = append(against, text)
		}
	}
	said := "No single part decides: without any one of them the answer would be nearly the same."
	if len(speakFor) > 0 {
		said = "For “" + r.Answer.Label + "” speak " + listing(speakFor, 5) + ": by so much they multiply the odds."
	}
	if len(against) > 0 {
		said += " Against it speak " + listing(against, 3) + "."
	}
	if r.Unread > 0 {
		said += " The text is too long: " + plural(r.Unread, "part is", "parts are") + " not read, and crossed out."
	}
	return said
}
