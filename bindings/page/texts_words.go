package page

import (
	"context"
	"strconv"
	"time"

	"github.com/terrarium-ml/terrarium/bindings"
	"github.com/terrarium-ml/terrarium/core/data"
	"github.com/terrarium-ml/terrarium/core/data/text"
	"github.com/terrarium-ml/terrarium/core/json"
)

// A wordsStep is step 2: what a token is, how many there are, how long a row is. Until the
// user touches it, it follows what the engine suggests.
type wordsStep struct {
	app        *Texts
	kind       text.Kind
	vocabulary string
	minCount   string
	length     string // "" lets the engine choose
	low, high  string
	cut        text.Cut
	own        bool
	reason     string
	prepared   *bindings.TextsPrepareResult // nil while what was chosen last is not carried out
	last       *bindings.TextsPrepareResult // of the same texts, to show something meanwhile
	waiting    bool
	done       float64
	total      float64
	problem    *problem
	serial     int

	typed  string // a text to see cut; "" shows one of the set
	record int
	tokens *bindings.TextsTokensResult
	looked int
}

func newWords(a *Texts) *wordsStep {
	s := &wordsStep{app: a}
	s.suggest(text.Suggest(nil))
	a.on("words.kind", func(act Action) {
		s.kind, s.own = text.Kind(act.Value), true
		s.usual()
		s.changed()
	})
	entry := func(name string, to *string) {
		a.on("words."+name, func(act Action) { *to = act.Value; s.own = true; s.changed() })
	}
	entry("vocabulary", &s.vocabulary)
	entry("count", &s.minCount)
	entry("length", &s.length)
	entry("low", &s.low)
	entry("high", &s.high)
	a.on("words.cut", func(act Action) { s.cut, s.own = text.Cut(act.Value), true; s.changed() })
	a.on("words.reset", func(Action) { s.own = false; s.begin(true) })
	a.on("words.typed", func(act Action) { s.typed = act.Value; s.soon() })
	a.on("words.another", func(Action) {
		s.typed = ""
		s.record += 7 // a mixed order that does not depend on chance
		a.work(s.look)
	})
	a.on("words.dismiss", func(Action) { s.problem = nil; a.touch(s) })
	return s
}

// suggest fills the form in.
func (s *wordsStep) suggest(setup text.Setup) {
	o := setup.Options
	s.kind, s.cut, s.reason = o.Kind, o.Cut, setup.Reason
	s.usual()
}

// usual takes what is usual for a kind of token.
func (s *wordsStep) usual() {
	s.vocabulary, s.minCount, s.length, s.low, s.high = "20000", "2", "", "3", "5"
	switch s.kind {
	case text.KindCharacters:
		s.minCount = "1"
	case text.KindNGrams:
		s.vocabulary, s.high = "30000", "4"
	case text.KindBytePairs:
		s.vocabulary = "4000"
	}
}

// stopped: the lost engine will not answer.
func (s *wordsStep) stopped() { s.prepared, s.waiting = nil, false; s.serial++ }

// begin takes the suggestion for a set; all is suggested anew where it is another one.
func (s *wordsStep) begin(fresh bool) {
	info := s.app.gather.info
	if info == nil {
		return
	}
	if fresh {
		s.own, s.record, s.typed = false, 0, ""
		s.last, s.tokens, s.problem = nil, nil, nil
		s.app.form.fresh()
	}
	if !s.own {
		s.suggest(info.Setup)
	}
	s.changed()
}

// changed lets the engine prepare once things are quiet.
func (s *wordsStep) changed() {
	s.serial++
	s.prepared, s.waiting = nil, true
	mine := s.serial
	a := s.app
	a.touch(s, a.form, a.train)
	a.screen.After(300*time.Millisecond, func() {
		if mine == s.serial && a.complete() && a.state.ready && !a.train.busy() && s.check().bad() == "" {
			a.work(func() { s.prepare() })
		}
	})
}

// check says what is wrong with the form.
func (s *wordsStep) check() checks {
	c := checks{}
	whole(s.vocabulary, 3, 131072, "vocabulary", "The size of the vocabulary", c)
	whole(s.minCount, 1, 1_000_000, "min-count", "The smallest count", c)
	if s.length != "" {
		whole(s.length, 1, 4096, "length", "The length", c)
	}
	if s.kind == text.KindNGrams {
		low := whole(s.low, 1, 16, "low", "The shortest run", c)
		whole(s.high, low, 16, "high", "The longest run", c)
	}
	return c
}

// asked is the setup as the forms say it.
func (s *wordsStep) asked() text.Setup {
	number := func(text string) int { v, _ := strconv.Atoi(text); return v }
	setup := text.Setup{Split: s.app.form.opts.split(data.DefaultSplit()), Reason: s.reason,
		Options: text.Options{Kind: s.kind, Vocabulary: number(s.vocabulary), MinCount: number(s.minCount), Length: number(s.length), Cut: s.cut}}
	if s.kind == text.KindNGrams {
		setup.Options.Low, setup.Options.High = number(s.low), number(s.high)
	}
	return setup
}

// prepare lets the engine make the tokenizer and encode the texts. It asks the engine.
func (s *wordsStep) prepare() bool {
	s.serial++
	mine := s.serial
	a := s.app
	s.prepared, s.waiting, s.done, s.total = nil, true, 0, 0
	a.touch(s, a.form, a.train)
	var got bindings.TextsPrepareResult
	a.insight.leave()
	err := a.call(context.Background(), Request{Method: bindings.MethodTextsPrepare, Params: bindings.TextsPrepareParams{Table: a.table(), Setup: s.asked()},
		Notify: func(method string, params json.RawMessage) {
			if at, ok := progressOf(method, params); ok && mine == s.serial {
				s.done, s.total = float64(at.Done), float64(at.Total)
				a.touch(s)
			}
		}}, &got)
	if mine != s.serial {
		return false
	}
	s.waiting = false
	a.touch(s, a.form, a.train)
	if err != nil {
		if !lostEngine(err) && !aborted(err) {
			s.problem = &problem{text: failure(err).Message}
		}
		return false
	}
	s.problem, s.prepared, s.last = nil, &got, &got
	a.form.suggest()
	s.look()
	return true
}

// soon looks once typing pauses.
func (s *wordsStep) soon() {
	s.looked++
	mine := s.looked
	a := s.app
	a.touch(s)
	a.screen.After(200*time.Millisecond, func() {
		if mine == s.looked {
			a.work(s.look)
		}
	})
}

// look asks how a text is cut. It asks the engine.
func (s *wordsStep) look() {
	a := s.app
	if s.prepared == nil || !a.state.ready {
		return
	}
	s.looked++
	mine := s.looked
	p := bindings.TextsTokensParams{Table: a.table(), Text: s.typed}
	if s.typed == "" {
		n := s.record % max(a.gather.info.Profile.Records, 1)
		p.Record = &n
	}
	var got bindings.TextsTokensResult
	err := a.ask(bindings.MethodTextsTokens, p, &got)
	if mine != s.looked || err != nil {
		return // the form says what is wrong with it
	}
	s.tokens = &got
	a.touch(s)
}
