package page

import (
	"strconv"

	"github.com/terrarium-ml/terrarium/bindings"
	"github.com/terrarium-ml/terrarium/core/card"
	"github.com/terrarium-ml/terrarium/core/explain"
)

// A groupsPart asks for whom the model does well: scores by the groups of a column.
type groupsPart struct {
	in       *insight
	q        *inquiry
	column   string
	positive int // the class that the rates are about; -1: not chosen yet
	got      *bindings.GroupsResult
}

func (s *groupsPart) init(in *insight) {
	s.in, s.positive = in, -1
	s.q = newInquiry(in.app.hub, "groups", "Scoring the groups", in.drawn(s))
	in.app.on("groups.column", func(act Action) { s.column = act.Value; s.ask() })
	in.app.on("groups.positive", func(act Action) {
		if k, err := strconv.Atoi(act.Value); err == nil {
			s.positive = k
			s.ask()
		}
	})
}

func (s *groupsPart) clear() {
	s.q.forget()
	s.column, s.positive, s.got = "", -1, nil
}

// class is the one that the rates are about: the second of two unless another is chosen.
func (s *groupsPart) class() int {
	n := len(s.in.labels())
	if s.positive >= 0 && s.positive < n {
		return s.positive
	}
	return min(1, max(n-1, 0))
}

func (s *groupsPart) ask() {
	if !s.in.usable() {
		return
	}
	s.q.forget()
	s.got = nil
	if s.column == "" {
		s.in.touch(s)
		return
	}
	p := bindings.GroupsParams{JudgeParams: s.in.params(), Column: s.column}
	if s.in.classes() {
		p.Positive = s.class()
	}
	var got bindings.GroupsResult
	s.q.ask(Request{Method: bindings.MethodJudgeGroups, Params: p}, &got, func([][]byte) {
		s.got = &got
		s.in.app.trust.groups(s.in.of, p.Column, forCard(p.Column, &got))
	})
}

// forCard is what a model's card tells of groups.
func forCard(column string, r *bindings.GroupsResult) []card.Group {
	var out []card.Group
	if r.Scores != nil {
		for _, g := range r.Scores.Groups {
			out = append(out, card.Group{Column: column, Value: g.Group, Rows: g.Rows, Metrics: []card.Value{{Name: "acc", Value: g.Accuracy.Value}}})
		}
	}
	for _, g := range r.Errors {
		out = append(out, card.Group{Column: column, Value: g.Group, Rows: g.Rows, Metrics: []card.Value{{Name: "mae", Value: g.MAE.Value}}})
	}
	return out
}

// names lists the columns of the table that is open, of which any may make groups.
func (s *groupsPart) names() []string {
	if t, ok := s.in.app.lesson.(interface{ columnNames() []string }); ok {
		return t.columnNames()
	}
	return nil
}

func (s *groupsPart) views() map[string]Nodes {
	var out Nodes
	if s.in.tabular() {
		out = Nodes{s.view()}
	}
	return map[string]Nodes{"insight-groups": out}
}

func (s *groupsPart) view() Node {
	list := []choice{{"", "choose a column"}}
	for _, name := range s.names() {
		list = append(list, choice{name, shorten(name, 60)})
	}
	fields := el("div", class("fields"),
		field("groups-column", "Groups by", "also one that the model does not use", check{}, func(more Part) Node {
			return chooser("groups-column", "groups.column", "", s.column, list, asIs, more)
		}))
	if s.in.classes() {
		var classes []choice
		for k, l := range s.in.labels() {
			classes = append(classes, choice{strconv.Itoa(k), shorten(l, 60)})
		}
		field("groups-positive", "The rates are about the class", "such as “gets the loan”", check{}, func(more Part) Node {
			return chooser("groups-positive", "groups.positive", "", strconv.Itoa(s.class()), classes, asIs, more)
		}).join(&fields)
	}
	out := el("div", el("p", txt("A model that is right on average can be wrong for some. Choose a column, and compare its groups on the test rows; numbers and dates are divided into ranges.")), fields, s.q.view())
	if r := s.got; r != nil {
		if r.Scores != nil {
			s.scores(r).join(&out)
		} else {
			s.errors(r).join(&out)
		}
	}
	return panel("groups", "Does it do equally well for everyone?", out)
}

// rateText writes a rate with its interval, greyed where there are too few rows.
func rateCell(r explain.Rate) Node {
	if r.Rows == 0 {
		return el("td", class("num"), txt("–"))
	}
	name := "num"
	if !r.Sure {
		name = "num unsure"
	}
	return el("td", class(name), txt(percent(r.Value)+" "), el("span", class("hint sub"), txt(percent(r.Low)+" to "+percent(r.High))))
}

var gapNames = map[string]string{"accuracy": "accuracy", "positive rate": "how often the class is said", "true positive rate": "how much of the class is found", "false positive rate": "false alarms"}

func (s *groupsPart) scores(r *bindings.GroupsResult) Nodes {
	var rows Nodes
	for i, g := range r.Scores.Groups {
		rows = append(rows, el("tr", keyed(strconv.Itoa(i)), attr("data-group", g.Group), attr("data-accuracy", plain(g.Accuracy.Value)),
			el("th", attr("scope", "row"), asIs, txt(shorten(g.Group, 40))), el("td", class("num"), txt(count(g.Rows)+" "), el("span", class("hint sub"), txt(count(g.Positives)+" of the class"))),
			rateCell(g.Accuracy), rateCell(g.PositiveRate), rateCell(g.TruePositiveRate), rateCell(g.FalsePositiveRate)))
	}
	out := Nodes{sheet("groups-table", "Below each rate its 95 % interval; rates of fewer than "+count(r.Few)+" rows are grey: they say little.",
		[]string{"Group", "Rows", "Judged right", "Class said", "Class found", "False alarms"}, rows)}
	list := el("ul", class("notices"), ident("groups-gaps"))
	for _, g := range r.Scores.Gaps {
		text := "The largest gap in " + gapNames[g.Measure] + " is " + percent(g.Value) + ", between “" + g.Highest + "” and “" + g.Lowest + "” (95 % interval " + percent(g.Low) + " to " + percent(g.High) + "): "
		if g.Clear {
			text += "more than chance, though with many groups some gap always is."
		} else {
			text += "it may be chance."
		}
		el("li", class("notice"), attr("data-gap", g.Measure), txt(text)).join(&list)
	}
	var warned []string
	for _, g := range r.Scores.Groups {
		if g.Warning != "" {
			warned = append(warned, g.Group)
			el("li", class("notice small-sample"), attr("data-warning", g.Group), txt("“"+g.Group+"”: "+g.Warning+".")).join(&list)
		}
	}
	if len(r.Scores.Gaps) == 0 {
		el("li", class("notice"), txt("No two groups have enough rows to be compared.")).join(&list)
	}
	s.in.app.state.say("Scored " + plural(len(r.Scores.Groups), "group", "groups") + "; " + plural(len(warned), "has", "have") + " too few rows for some rate.")
	return append(out, list)
}

func (s *groupsPart) errors(r *bindings.GroupsResult) Nodes {
	var rows Nodes
	list := el("ul", class("notices"), ident("groups-gaps"))
	if r.Gap != nil {
		text := "Between the groups with the largest and the smallest mean error lie " + number(r.Gap.Value) + " (95 % interval " + number(r.Gap.Low) + " to " + number(r.Gap.High) + "): "
		if r.Gap.Low > 0 {
			text += "more than chance, though with many groups some gap always is."
		} else {
			text += "it may be chance."
		}
		el("li", class("notice"), txt(text)).join(&list)
	}
	for i, g := range r.Errors {
		name := "num"
		if g.Warning != "" {
			name = "num unsure"
			el("li", class("notice small-sample"), attr("data-warning", g.Group), txt("“"+g.Group+"”: "+g.Warning+".")).join(&list)
		}
		rows = append(rows, el("tr", keyed(strconv.Itoa(i)), attr("data-group", g.Group), el("th", attr("scope", "row"), asIs, txt(shorten(g.Group, 40))), el("td", class("num"), txt(count(g.Rows))),
			el("td", class(name), txt(number(g.MAE.Value)+" "), el("span", class("hint sub"), txt(interval("", g.MAE)))), el("td", class(name), txt(number(g.Bias.Value)+" "), el("span", class("hint sub"), txt(interval("", g.Bias))))))
	}
	return Nodes{sheet("groups-table", "Errors are in the target’s own units, with their 95 % intervals; groups of fewer than "+count(r.Few)+" rows are grey.",
		[]string{"Group", "Rows", "Mean error", "Said too high by"}, rows), list}
}
