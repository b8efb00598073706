package page

import (
	"math"
	"strconv"

	"github.com/terrarium-ml/terrarium/bindings"
	"github.com/terrarium-ml/terrarium/core/explain"
)

// A whyColumnsPart asks which columns a model leans on, and for one of them how the answer
// moves with it.
type whyColumnsPart struct {
	in      *insight
	q, each *inquiry
	got     *bindings.WhyColumnsResult
	column  string // that is looked at
	class   int    // whose probability; -1: not chosen yet
	curve   *bindings.WhyColumnResult
}

func (s *whyColumnsPart) init(in *insight) {
	s.in, s.class = in, -1
	s.q = newInquiry(in.app.hub, "importance", "Shuffling one column after the other", in.drawn(s))
	s.each = newInquiry(in.app.hub, "dependence", "Trying other values", in.drawn(s))
	in.app.on("why.columns", func(Action) { s.ask() })
	in.app.on("why.column", func(act Action) { s.look(act.Arg) })
	in.app.on("why.class", func(act Action) {
		if k, err := strconv.Atoi(act.Value); err == nil {
			s.class = k
			s.look(s.column)
		}
	})
}

func (s *whyColumnsPart) clear() {
	s.q.forget()
	s.each.forget()
	s.got, s.curve, s.column, s.class = nil, nil, "", -1
}

func (s *whyColumnsPart) ask() {
	if !s.in.tabular() {
		return
	}
	var got bindings.WhyColumnsResult
	s.q.ask(Request{Method: bindings.MethodWhyColumns, Params: bindings.WhyColumnsParams{JudgeParams: s.in.params()}}, &got, func([][]byte) {
		s.got = &got
		if len(got.Columns) > 0 {
			s.in.app.state.say("The model leans most on " + got.Columns[0].Column + ".")
		}
	})
}

// of is the class whose probability is looked at.
func (s *whyColumnsPart) of() int {
	n := len(s.in.labels())
	if s.class >= 0 && s.class < n {
		return s.class
	}
	if n == 2 {
		return 1
	}
	return 0
}

func (s *whyColumnsPart) look(column string) {
	if !s.in.tabular() || column == "" {
		return
	}
	s.column, s.curve = column, nil
	p := bindings.WhyColumnParams{JudgeParams: s.in.params(), Column: column}
	if s.in.classes() {
		p.Class = s.of()
	}
	var got bindings.WhyColumnResult
	s.each.ask(Request{Method: bindings.MethodWhyColumn, Params: p}, &got, func([][]byte) {
		if len(got.Mean) > 0 {
			s.curve = &got
			s.in.app.screen.Settle("one-column-title")
		}
	})
}

// drop writes an importance with its spread: in percentage points of accuracy, or of R².
func (s *whyColumnsPart) drop(c explain.ColumnImportance) string {
	p := points(s.got.Metric, c.Mean, c.SD)
	return p[0] + " ± " + p[1]
}

func (s *whyColumnsPart) views() map[string]Nodes {
	var out Nodes
	if s.in.tabular() {
		out = Nodes{s.view()}
	}
	return map[string]Nodes{"insight-columns": out}
}

func (s *whyColumnsPart) view() Node {
	out := el("div", el("p", txt("Each column is shuffled in turn, so that it tells nothing any more: the more the score falls, the more the model leans on it. That says nothing about causes, and columns that tell the same share their importance.")),
		el("div", class("tools"), button("why.columns", "", "second", "Measure the columns", ident("why-columns"), when(s.q.busy, attr("disabled", "")))),
		s.q.view())
	if s.got != nil {
		s.bars().join(&out)
	}
	s.each.view().join(&out)
	if s.curve != nil {
		s.curveView().join(&out)
	}
	return panel("important", "What does it look at?", out)
}

// bars draws the importances with their spread; each opens its column.
func (s *whyColumnsPart) bars() Nodes {
	most := 0.0
	for _, c := range s.got.Columns {
		most = max(most, math.Abs(c.Mean)+c.SD)
	}
	var rows Nodes
	for i, c := range s.got.Columns {
		if i == maxInputs {
			break
		}
		rows = append(rows, el("tr", keyed(c.Column), attr("data-column", c.Column), attr("data-importance", plain(c.Mean)),
			el("th", attr("scope", "row"), button("why.column", c.Column, "cell", shorten(c.Column, 40), asIs, attr("aria-expanded", strconv.FormatBool(c.Column == s.column)))),
			el("td", class("wide"), spreadBar(c, most)),
			el("td", class("num"), txt(s.drop(c)))))
	}
	what, unit := "By how much accuracy falls", "Percentage points"
	if s.got.Metric != "acc" {
		what, unit = "By how much R² falls", "R²"
	}
	out := Nodes{sheet("importance", what+" when a column is shuffled: mean and standard deviation of five times, on "+plural(s.got.Rows, "test row", "test rows")+". Press a column to see how the answer moves with it.", []string{"Column", "", unit}, rows)}
	if n := len(s.got.Columns) - maxInputs; n > 0 {
		out = append(out, el("p", class("hint"), txt("and "+plural(n, "column", "columns")+" that matter less")))
	}
	return out
}

// spreadBar is a bar with a line from mean − SD to mean + SD.
func spreadBar(c explain.ColumnImportance, most float64) Node {
	at := func(v float64) string { return px(min(max(v, 0), most) / max(most, 1e-12) * 100) }
	return el("svg", class("bar spread-bar"), attr("viewBox", "0 0 100 10"), attr("preserveAspectRatio", "none"), attr("aria-hidden", "true"),
		el("rect", class("bar-back"), attr("width", "100"), attr("height", "10")),
		el("rect", class("bar-fill model"), attr("width", at(c.Mean)), attr("height", "10")),
		el("line", class("whisker val"), attr("x1", at(c.Mean-c.SD)), attr("x2", at(c.Mean+c.SD)), attr("y1", "5"), attr("y2", "5")))
}
