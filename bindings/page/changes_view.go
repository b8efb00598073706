package page

import (
	"strconv"

	"github.com/terrarium-ml/terrarium/core/data"
)

// changeNames say a rule in a word or two.
var changeNames = map[data.ChangeRule]string{
	data.ChangeRagged: "another length", data.ChangeFitted: "another length", data.ChangeTarget: "nothing to predict", data.ChangeDropped: "missing",
	data.ChangeEmpty: "empty", data.ChangeWord: "means no value", data.ChangeOdd: "cannot be read", data.ChangeInfinite: "infinite", data.ChangeLarge: "too large",
	data.ChangeMerged: "rare", data.ChangeUnknown: "not in training", data.ChangeSpelling: "other spelling", data.ChangeIgnored: "column left out",
}

func (s *changesPart) views() map[string]Nodes { return map[string]Nodes{"changes-view": s.view()} }

func (s *changesPart) view() Nodes {
	if s.app.columns.info == nil {
		return nil
	}
	out := s.q.view()
	if s.got == nil {
		return out
	}
	return append(out, el("details", class("more"), keyed("changes"), ident("changes-panel"),
		el("summary", el("span", txt("What was changed, cell by cell")), txt(": "), el("span", ident("changes-total"), attr("aria-live", "polite"), txt(s.total()))),
		el("p", class("hint"), txt("The file itself stays as it is. Every choice made here can be undone.")),
		el("div", class("tools"), keyed("tools"),
			button("columns.undo", "", "second small", "Undo the last choice", ident("changes-undo"), attr("title", "Ctrl+Z"), when(len(s.app.columns.undo) == 0 || s.app.train.busy(), attr("disabled", "")))),
		s.groupsView(), s.listView()))
}

// groupsView counts the changes by column and rule, each with its reason and its choice.
func (s *changesPart) groupsView() Part {
	groups := s.got.Groups
	if len(groups) == 0 {
		return el("p", keyed("none"), txt("The network sees every cell as it stands in the file."))
	}
	body := el("tbody")
	for i := range groups[:min(s.groups, len(groups))] {
		s.groupView(i, &groups[i]).join(&body)
	}
	return all{
		el("table", class("columns changes"), keyed("groups"), ident("changes"),
			el("caption", class("unseen"), txt("What was changed, by column and reason")),
			el("thead", el("tr", headings("Column", "How many", "Why", "Choose"))), body),
		when(s.groups < len(groups), button("changes.more", "", "second small", "Show more", keyed("more"), ident("changes-more"))),
	}
}

func (s *changesPart) groupView(i int, g *data.ChangeGroup) Node {
	name := el("span", class("name"), asIs, txt(shorten(g.Column, 60)))
	if g.Column == "" {
		name = el("span", class("name"), txt("whole lines"))
	}
	pressed := "false"
	if s.isPicked(g) {
		pressed = "true"
	}
	label := el("span", class("quiet"), txt(changeNames[g.Rule]))
	head := all{name, label}
	if g.Of != data.ChangeOfColumns {
		head = all{name, el("button", attr("type", "button"), class("fold"), act("changes.pick", strconv.Itoa(i)), attr("aria-pressed", pressed),
			attr("aria-label", "List only these: "+g.Column+", "+changeNames[g.Rule]), txt(changeNames[g.Rule]))}
	}
	many := plural(g.Count, "cell", "cells")
	switch g.Of {
	case data.ChangeOfRows:
		many = plural(g.Count, "row", "rows")
	case data.ChangeOfColumns:
		many = "the column"
	}
	why := el("div", class("because"), el("span", txt(g.Reason)), txt(" "), el("span", txt(g.Instead)))
	if g.Rule == data.ChangeMerged {
		all{el("span", txt(" The fewest training rows for a category of its own: ")), el("span", asIs, txt(count(g.Least)+"."))}.join(&why)
	}
	if g.Becomes != "" {
		all{el("span", txt(" It becomes: ")), el("b", asIs, txt(shorten(g.Becomes, 40)))}.join(&why)
	}
	return el("tr", keyed(g.Column+"/"+string(g.Rule)), attr("data-change", g.Column+"/"+string(g.Rule)), attr("data-count", strconv.Itoa(g.Count)),
		when(s.isPicked(g), class("picked")),
		el("th", attr("scope", "row"), head), el("td", attr("data-label", "How many"), txt(many)), el("td", attr("data-label", "Why"), why),
		el("td", attr("data-label", "Choose"), el("div", class("choose"), s.choice(strconv.Itoa(i), g))))
}

// listView lists the cells, a page at a time.
func (s *changesPart) listView() Part {
	total := s.got.Total
	if total == 0 {
		return all(nil)
	}
	title := el("h3", ident("changes-list-title"), attr("tabindex", "-1"), keyed("title"), txt("Every one of them"))
	var every Part = all(nil)
	if s.picked != nil {
		title = el("h3", ident("changes-list-title"), attr("tabindex", "-1"), keyed("title"), el("span", txt("Only: ")), el("span", asIs, txt(shorten(s.picked.Column, 60))), txt(" "), el("span", txt(changeNames[s.picked.Rule])))
		every = button("changes.pick", "-1", "second small", "List all", ident("changes-all"))
	}
	body := el("tbody")
	for i, c := range s.got.Changes {
		changeView(i, &c).join(&body)
	}
	last := (total - 1) / changesShown
	from := s.page * changesShown
	return all{title,
		el("div", class("pager"), keyed("list-pager"), every,
			button("changes.page", strconv.Itoa(s.page-1), "second small", "Previous", ident("changes-previous"), attr("aria-label", "Previous changes"), when(s.page == 0, attr("disabled", ""))),
			el("span", attr("aria-live", "polite"), ident("changes-at"), txt(count(from+1)+" to "+count(from+len(s.got.Changes))+" of "+count(total))),
			button("changes.page", strconv.Itoa(s.page+1), "second small", "Next", ident("changes-next"), attr("aria-label", "Next changes"), when(s.page >= last, attr("disabled", "")))),
		el("div", class("scroll tall"), keyed("list"), attr("tabindex", "0"), attr("role", "region"), attr("aria-labelledby", "changes-list-title"),
			el("table", class("sheet rows"), ident("changes-list"), el("thead", el("tr", headings("Line", "Column", "Was", "Becomes", "Why"))), body))}
}

func changeView(i int, c *data.Change) Node {
	was, becomes := el("td", asIs, txt(shorten(c.Was, 60))), el("td", asIs, txt(shorten(c.Becomes, 60)))
	switch {
	case c.Fields > 0:
		was = el("td", txt(plural(c.Fields, "field", "fields")))
	case c.Was == "":
		was = el("td", class("quiet"), txt("(empty)"))
	}
	switch {
	case c.Rule == data.ChangeFitted:
		becomes = el("td", class("quiet"), txt("filled or cut"))
	case c.Rule == data.ChangeRagged || c.Rule == data.ChangeTarget || c.Rule == data.ChangeDropped:
		becomes = el("td", class("quiet"), txt("the row is left out"))
	case c.Becomes == "":
		becomes = el("td", class("quiet"), txt("a category of its own"))
	}
	return el("tr", keyed(strconv.Itoa(i)), attr("data-line", strconv.Itoa(c.Line)),
		el("th", attr("scope", "row"), txt(count(c.Line))), el("td", asIs, txt(shorten(c.Column, 40))), was, becomes, el("td", txt(changeNames[c.Rule])))
}
