package card

import (
	"slices"
	"strconv"
	"strings"

	"github.com/terrarium-ml/terrarium/core/data"
)

// A Section is a piece of the card for people: rows of a heading and what belongs to it,
// or a list.
type Section struct {
	Title string
	Rows  [][]Cell
	Items []string
}

// A Cell is what stands in one place: texts, between commas.
type Cell []Text

// A Text is the card's own words or, where Own, what stays as it is in every language:
// names from the data, those of the field, numbers.
type Text struct {
	Words string
	Own   bool
}

func said(words ...string) Cell { return cellOf(false, words) }
func own(words ...string) Cell  { return cellOf(true, words) }

// cellOf leaves out what is empty.
func cellOf(own bool, words []string) (c Cell) {
	for _, w := range words {
		if w != "" {
			c = append(c, Text{w, own})
		}
	}
	return c
}

// Words is the cell as say puts its words.
func (c Cell) Words(say func(string) string) string {
	var all []string
	for _, t := range c {
		if !t.Own {
			t.Words = say(t.Words)
		}
		all = append(all, t.Words)
	}
	return strings.Join(all, say(", "))
}

// own tells whether nothing in it is the card's words.
func (c Cell) own() bool {
	for _, t := range c {
		if !t.Own {
			return false
		}
	}
	return true
}

// Sections is the card for people, without sections that would be empty.
func (c *Card) Sections() []Section {
	sections := []Section{c.worth(), {Title: "Its limits", Items: c.Limits}, c.profile()}
	if len(c.Data.Columns) > 0 {
		sections = append(sections, c.columns())
	}
	licence := own(c.Licence)
	if c.Licence == "" {
		licence = said("not stated")
	}
	sections = append(sections, c.how(), c.written(), Section{Title: "What it is", Rows: [][]Cell{
		{said("Licence"), licence}, {said("Made"), own(c.Made)}, {said("By"), own(c.Program)}, {said("Numerics version"), own(whole(c.Numerics))},
		{said("SHA-256 of the weights"), own(c.Digests.Weights)}, {said("SHA-256 of the log"), own(c.Digests.Log)}}})
	return slices.DeleteFunc(sections, func(s Section) bool { return len(s.Rows)+len(s.Items) == 0 })
}

func number(v float64) string { return strconv.FormatFloat(v, 'g', 5, 64) }
func whole(n int) string      { return strconv.Itoa(n) }

func (c *Card) worth() Section {
	score := Section{Title: "What it is worth"}
	s := c.Scores
	if s == nil {
		return score
	}
	score.Rows = append(score.Rows, []Cell{said("Judged on"), said(whole(s.Rows) + " examples of the " + s.Part + " part")})
	for _, m := range s.Metrics {
		reached := number(m.Value)
		for _, b := range s.Baseline {
			if b.Name == m.Name {
				reached += " (guessing: " + number(b.Value) + ")"
			}
		}
		score.Rows = append(score.Rows, []Cell{own(m.Name), said(reached)})
	}
	for _, g := range s.Groups {
		cell := said(whole(g.Rows) + " examples")
		for _, m := range g.Metrics {
			cell = append(cell, own(m.Name+" "+number(m.Value))...)
		}
		score.Rows = append(score.Rows, []Cell{own(g.Column + " = " + g.Value), cell})
	}
	return score
}

func (c *Card) profile() Section {
	d := &c.Data
	split := said("seed " + strconv.FormatUint(d.Split.Seed, 10))
	if d.Split.Stratify {
		split = append(split, said("each part with its share of every class")...)
	}
	profile := Section{Title: "What it learned from", Items: d.Notices, Rows: [][]Cell{
		{said("Source"), own(d.Source)}, {said("Kind"), said(d.Kind)}, {said("Predicts"), append(own(d.Target), said(string(d.Task))...)},
		{said("Examples"), said(whole(d.Train)+" to learn from", whole(d.Validation)+" to validate", whole(d.Test)+" to test")},
		{said("Split"), split}, {said("Fingerprint"), own(d.Fingerprint)}}}
	for i, label := range d.Labels {
		if i < len(d.Counts) {
			profile.Rows = append(profile.Rows, []Cell{said("Class " + label), said(whole(d.Counts[i]) + " to learn from")})
		}
	}
	if d.Min != 0 || d.Max != 0 {
		profile.Rows = append(profile.Rows, []Cell{said("Range of " + d.Target), said(number(d.Min) + " to " + number(d.Max))})
	}
	return profile
}

func (c *Card) columns() Section {
	s := Section{Title: "What was decided about each column"}
	for _, col := range c.Data.Columns {
		if col.Role == string(data.RoleIgnore) {
			col.Encoding, col.Scaling, col.Missing = "", "", ""
		}
		// That a column was not encoded or scaled goes without saying.
		for _, way := range []*string{&col.Encoding, &col.Scaling} {
			if *way == "none" {
				*way = ""
			}
		}
		s.Rows = append(s.Rows, []Cell{own(col.Name), said(col.Role, col.Kind, col.Encoding, col.Scaling, col.Missing), said(col.Why)})
	}
	return s
}

func (c *Card) how() Section {
	t := &c.Training
	how := Section{Title: "How it was trained", Rows: [][]Cell{
		{said("Seed"), own(strconv.FormatUint(t.Seed, 10))}, {said("Parameters"), own(whole(t.Parameters))},
		{said("Optimizer"), append(own(t.Optimizer), said("learning rate "+number(t.Rate))...)}, {said("Loss"), own(t.Loss)},
		{said("Epochs"), said(whole(t.Done)+" of "+whole(t.Epochs), map[string]string{WhyEarly: "ended early as it no longer improved", WhyStopped: "stopped by hand"}[t.Why])}}}
	for _, v := range t.First {
		for _, l := range t.Last {
			if l.Name == v.Name {
				how.Rows = append(how.Rows, []Cell{own(v.Name), said(number(v.Value)+" after the first epoch", number(l.Value)+" after the last")})
			}
		}
	}
	for i, l := range t.Layers {
		how.Rows = append(how.Rows, []Cell{said("Layer " + whole(i+1)), own(l)})
	}
	how.Rows = append(how.Rows, []Cell{said("Options"), own(string(t.Options))})
	return how
}

func (c *Card) written() Section {
	s := Section{Title: "What it wrote while it learned"}
	for _, w := range c.Written {
		s.Rows = append(s.Rows, []Cell{said("In round " + whole(w.Round)), own(w.Text)})
	}
	return s
}
