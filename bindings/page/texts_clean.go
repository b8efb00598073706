package page

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/terrarium-ml/terrarium/bindings"
	"github.com/terrarium-ml/terrarium/core/data/text"
)

// textsShown is how many texts a page of the list has.
const textsShown = 8

// A cleanStep is step 1's second half: which columns, what cleaning does, which texts are
// learned from. Each change can be taken back.
type cleanStep struct {
	app     *Texts
	undo    []text.Choice
	labels  []string // what the changes were
	names   map[string]string
	show    text.Show
	class   string
	from    int
	rows    *bindings.TextsRowsResult
	asked   int // of the list
	problem *problem
}

func newClean(a *Texts) *cleanStep {
	s := &cleanStep{app: a, names: map[string]string{}}
	rule := func(name, said string, to func(*text.Choice) *bool) {
		a.on("clean."+name, func(act Action) {
			on := map[bool]string{true: "on", false: "off"}[act.Checked]
			s.change(said+" "+on, func(c *text.Choice) { *to(c) = act.Checked })
		})
	}
	rule("lower", "small letters", func(c *text.Choice) *bool { return &c.Cleaning.Lower })
	rule("width", "wide letters", func(c *text.Choice) *bool { return &c.Cleaning.Width })
	rule("digits", "digits as zeros", func(c *text.Choice) *bool { return &c.Cleaning.Digits })
	rule("spaces", "single spaces", func(c *text.Choice) *bool { return &c.Cleaning.Spaces })
	a.on("clean.copies", func(act Action) {
		s.change(map[bool]string{true: "copies left out", false: "copies kept"}[act.Checked], func(c *text.Choice) { c.KeepCopies = !act.Checked })
	})
	a.on("clean.text", func(act Action) {
		s.change("another column of texts", func(c *text.Choice) {
			if c.Label == act.Value {
				c.Label = c.Text
			}
			c.Text, c.Removed, c.Names = act.Value, nil, nil
		})
	})
	a.on("clean.label", func(act Action) {
		s.change("another column of classes", func(c *text.Choice) {
			if c.Text == act.Value {
				c.Text = c.Label
			}
			c.Label, c.Names = act.Value, nil
		})
	})
	a.on("clean.name", func(act Action) { s.rename(act.Arg, act.Value) })
	a.on("clean.drop", func(act Action) { s.rename(act.Arg, "") })
	a.on("clean.again", func(act Action) {
		s.change("“"+shorten(act.Arg, 30)+"” put back", func(c *text.Choice) { delete(c.Names, act.Arg) })
	})
	a.on("clean.remove", func(act Action) { s.take(act.Arg, true) })
	a.on("clean.restore", func(act Action) { s.take(act.Arg, false) })
	a.on("clean.undo", func(Action) { s.back() })
	a.on("clean.show", func(act Action) { s.show, s.from = text.Show(act.Value), 0; a.work(s.fetch) })
	a.on("clean.class", func(act Action) { s.class, s.from = act.Value, 0; a.work(s.fetch) })
	a.on("clean.page", func(act Action) {
		step, _ := strconv.Atoi(act.Arg)
		s.from = max(0, s.from+step*textsShown)
		a.work(s.fetch)
	})
	a.on("clean.dismiss", func(Action) { s.problem = nil; a.touch(s) })
	return s
}

// begin takes a new set. It asks the engine.
func (s *cleanStep) begin() {
	s.undo, s.labels, s.problem, s.names = nil, nil, nil, map[string]string{}
	s.show, s.class, s.from, s.rows = text.ShowAll, "", 0, nil
	s.fetch()
}

// fetch asks for the texts that the list shows. It asks the engine.
func (s *cleanStep) fetch() {
	a := s.app
	if a.gather.info == nil || !a.state.ready {
		return
	}
	s.asked++
	mine := s.asked
	var got bindings.TextsRowsResult
	err := a.ask(bindings.MethodTextsRows, bindings.TextsRowsParams{Table: a.table(), Show: s.show, Class: s.class, From: s.from, Count: textsShown}, &got)
	if mine != s.asked {
		return
	}
	if err != nil {
		s.say(err)
		return
	}
	s.rows = &got
	a.touch(s)
}

func (s *cleanStep) say(err error) {
	if err != nil && !lostEngine(err) && !aborted(err) {
		s.problem = &problem{text: failure(err).Message}
	}
	s.app.touch(s)
}

// copied copies a choice, so that changing it leaves the first one alone.
func copied(c text.Choice) text.Choice {
	c.Removed, c.Names = slices.Clone(c.Removed), maps.Clone(c.Names)
	return c
}

// change decides something anew and remembers how it was.
func (s *cleanStep) change(label string, do func(*text.Choice)) {
	a := s.app
	if a.gather.info == nil || !a.state.ready || a.train.busy() {
		return
	}
	before := a.gather.info.Choice
	after := copied(before)
	do(&after)
	a.work(func() {
		if s.apply(after, label) {
			s.undo, s.labels = append(s.undo, before), append(s.labels, label)
			if len(s.undo) > 100 {
				s.undo, s.labels = s.undo[1:], s.labels[1:]
			}
		}
	})
}

// apply lets the engine decide as c says. It asks the engine.
func (s *cleanStep) apply(c text.Choice, label string) bool {
	a := s.app
	var got bindings.TextsInfo
	if err := a.ask(bindings.MethodTextsEdit, bindings.TextsEditParams{Table: a.table(), Choice: c}, &got); err != nil {
		s.say(err)
		return false
	}
	s.problem = nil
	a.gather.info = &got
	a.state.say(sentence(label))
	if s.class != "" && !slices.ContainsFunc(got.Profile.Classes, func(c text.Class) bool { return c.Name == s.class }) {
		s.class = ""
	}
	s.names = map[string]string{}
	s.fetch()
	a.words.begin(false)
	a.touch(a.gather, s, a.train)
	return true
}

// back takes the last change back.
func (s *cleanStep) back() {
	n := len(s.undo) - 1
	a := s.app
	if n < 0 || !a.state.ready || a.train.busy() {
		return
	}
	last, label := s.undo[n], s.labels[n]
	s.undo, s.labels = s.undo[:n], s.labels[:n]
	a.work(func() { s.apply(last, "undone: "+label) })
}

// rename calls a class something else; the name of another class joins the two, none
// leaves it out.
func (s *cleanStep) rename(from, to string) {
	to = strings.TrimSpace(to)
	if to == from {
		return
	}
	label := "“" + shorten(from, 30) + "” is now “" + shorten(to, 30) + "”"
	if to == "" {
		label = "“" + shorten(from, 30) + "” left out"
	}
	s.change(label, func(c *text.Choice) {
		if c.Names == nil {
			c.Names = map[string]string{}
		}
		for original, now := range c.Names { // what was called so before
			if now == from {
				c.Names[original] = to
			}
		}
		if _, renamed := c.Names[from]; !renamed {
			c.Names[from] = to
		}
	})
}

// take takes a text out, or back in.
func (s *cleanStep) take(number string, out bool) {
	n, err := strconv.Atoi(number)
	if err != nil {
		return
	}
	if out {
		s.change("one text taken out", func(c *text.Choice) { c.Removed = append(c.Removed, n) })
		return
	}
	s.change("one text put back", func(c *text.Choice) {
		c.Removed = slices.DeleteFunc(c.Removed, func(k int) bool { return k == n })
	})
}
