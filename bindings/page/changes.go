package page

import (
	"strconv"

	"github.com/terrarium-ml/terrarium/bindings"
	"github.com/terrarium-ml/terrarium/core/data"
)

// changesShown is how many cells are listed at once, groupsShown how many lines the table
// above them has at first, and how many more at each wish.
const (
	changesShown = 50
	groupsShown  = 50
)

// A changesPart tells what preparing changed: every cell that the network does not see as
// it stands in the file, why, and the choice that undoes it. The choices are those of the
// columns, so that one undo goes back through all of them.
type changesPart struct {
	app    *App
	q      *inquiry
	got    *bindings.ChangesResult // of the last preparation that is known
	picked *data.ChangeGroup       // the group whose cells are listed; nil: all
	page   int
	groups int // how many are shown
}

func newChanges(a *App) *changesPart {
	s := &changesPart{app: a, groups: groupsShown}
	s.q = newInquiry(a.hub, "changes", "Comparing the cells", func() { a.touch(s) })
	a.on("changes.pick", func(act Action) { s.pick(act.Arg) })
	a.on("changes.page", func(act Action) {
		if n, err := strconv.Atoi(act.Arg); err == nil && n >= 0 {
			s.turn(n)
		}
	})
	a.on("changes.more", func(Action) { s.groups += groupsShown; a.touch(s) })
	a.on("column.rare", func(act Action) {
		a.columns.edit(act.Arg, "merging of "+act.Arg, func(c *data.ColumnSetup) { c.KeepRare = !c.KeepRare })
	})
	return s
}

// clear forgets the table.
func (s *changesPart) clear() {
	s.q.forget()
	s.got, s.picked, s.page, s.groups = nil, nil, 0, groupsShown
	s.app.touch(s)
}

// ask compares the table with what was made of it just now. A group that is gone, as its
// choice was changed, is no longer picked.
func (s *changesPart) ask() {
	p := bindings.ChangesParams{Table: s.app.table(), From: s.page * changesShown, Count: changesShown}
	if s.picked != nil {
		p.Column, p.Rule = s.picked.Column, s.picked.Rule
	}
	var got bindings.ChangesResult
	s.q.ask(Request{Method: bindings.MethodTableChanges, Params: p}, &got, func([][]byte) {
		switch {
		case s.picked != nil && got.Total == 0:
			s.picked, s.page = nil, 0
			s.ask()
		case s.page > 0 && s.page*changesShown >= got.Total:
			s.page = 0
			s.ask()
		default:
			s.got = &got
		}
	})
}

// pick lists the cells of one group, or of all where it was picked already.
func (s *changesPart) pick(index string) {
	i, err := strconv.Atoi(index)
	if s.got == nil || err != nil || i >= len(s.got.Groups) {
		return
	}
	var group *data.ChangeGroup
	if i >= 0 {
		g := s.got.Groups[i]
		if !s.isPicked(&g) && g.Of != data.ChangeOfColumns {
			group = &g
		}
	}
	s.picked, s.page = group, 0
	s.ask()
}

func (s *changesPart) isPicked(g *data.ChangeGroup) bool {
	return s.picked != nil && s.picked.Column == g.Column && s.picked.Rule == g.Rule
}

func (s *changesPart) turn(page int) {
	if s.got != nil && page*changesShown < s.got.Total {
		s.page = page
		s.ask()
	}
}

// total says in a few words how much was changed.
func (s *changesPart) total() string {
	t := &s.got.ChangeTotals
	if t.Cells+t.Rows+t.Fitted+t.Ignored == 0 {
		return "nothing"
	}
	out := plural(t.Cells, "cell", "cells")
	if t.Cells > 0 {
		out += " in " + plural(t.Columns, "column", "columns")
	}
	if t.Rows > 0 {
		out += ", " + plural(t.Rows, "row", "rows") + " left out"
	}
	if t.Fitted > 0 {
		out += ", " + plural(t.Fitted, "row", "rows") + " filled or cut"
	}
	if t.Ignored > 0 {
		out += ", " + plural(t.Ignored, "column", "columns") + " left out"
	}
	return out
}
