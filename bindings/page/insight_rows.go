package page

import (
	"math"
	"strconv"

	"github.com/terrarium-ml/terrarium/bindings"
	"github.com/terrarium-ml/terrarium/core/data"
)

// rowsShown is how many rows behind a score are listed at first, and how many more at each
// wish.
const rowsShown = 20

// A rowsPart lists the rows behind a cell of the confusion matrix, or the largest errors.
type rowsPart struct {
	in          *insight
	q           *inquiry
	open        bool
	truth, said string // of the cell; "" for all that were judged wrong
	numbers     bool   // the largest errors of a regression
	many        int    // how many are listed
	got         *bindings.JudgeRowsResult
}

func (s *rowsPart) init(in *insight) {
	s.in = in
	s.q = newInquiry(in.app.hub, "rows", "Looking for the rows", in.drawn(s))
	in.app.on("rows.close", func(Action) { s.clear(); in.touch(s); in.app.screen.Focus("step-result") })
	in.app.on("rows.more", func(Action) { s.many += rowsShown; in.touch(s) })
	in.app.on("rows.wrong", func(Action) { s.show(-1, -1) })
	in.app.on("rows.try", func(act Action) {
		if line, err := strconv.Atoi(act.Arg); err == nil && in.usable() {
			if t, ok := in.app.lesson.(interface{ tryLine(line int) }); ok {
				t.tryLine(line)
			}
		}
	})
}

func (s *rowsPart) clear() {
	s.q.forget()
	s.open, s.got = false, nil
}

// show asks for the rows of a cell; with negative classes for all that were judged wrong,
// of a regression for those with the largest errors.
func (s *rowsPart) show(truth, said int) {
	if !s.in.usable() {
		return
	}
	s.clear()
	s.open, s.truth, s.said, s.many = true, "", "", rowsShown
	s.numbers = !s.in.classes()
	p := bindings.JudgeRowsParams{JudgeParams: s.in.params(), Count: bindings.MaxJudgedRows}
	if labels := s.in.labels(); truth >= 0 && truth < len(labels) && said >= 0 && said < len(labels) {
		p.Truth, p.Said = &truth, &said
		s.truth, s.said = labels[truth], labels[said]
	}
	var got bindings.JudgeRowsResult
	s.q.ask(Request{Method: bindings.MethodJudgeRows, Params: p}, &got, func([][]byte) {
		s.got = &got
		s.in.app.state.say(s.heading() + ".")
		s.in.app.screen.Settle("rows-title")
	})
	s.in.touch(s)
}

func (s *rowsPart) listed() int { return min(s.many, len(s.got.Rows)) }

// heading says what is listed.
func (s *rowsPart) heading() string {
	n := s.got.Total
	more := ""
	if n > s.listed() {
		more = "; the first " + count(s.listed()) + " are listed"
	}
	switch {
	case s.numbers:
		return "The " + plural(s.listed(), "largest error", "largest errors") + " of " + plural(n, "test row", "test rows")
	case s.truth == "":
		return plural(n, "test row was", "test rows were") + " judged wrong, the surest mistakes first" + more
	case s.truth == s.said:
		return plural(n, "row", "rows") + " of “" + s.truth + "” that the model judged right, the surest first" + more
	}
	return plural(n, "row", "rows") + " of “" + s.truth + "” that the model took for “" + s.said + "”, the surest mistakes first" + more
}

func (s *rowsPart) views() map[string]Nodes { return map[string]Nodes{"insight-rows": s.view()} }

func (s *rowsPart) view() Nodes {
	if !s.open {
		return nil
	}
	out := s.q.view()
	if s.got == nil {
		return out
	}
	target := s.in.of.info.Pipeline.Output.Name
	head := []string{"Line", "Truth", "Answer", "Sure"}
	if s.numbers {
		head[3] = "Off by"
	}
	var shown []int
	for i, name := range s.got.Columns {
		if name != target {
			shown = append(shown, i)
		}
	}
	line := el("tr")
	for _, h := range head {
		el("th", attr("scope", "col"), txt(h)).join(&line)
	}
	for _, i := range shown {
		el("th", attr("scope", "col"), asIs, txt(shorten(s.got.Columns[i], 30))).join(&line)
	}
	body := el("tbody")
	for _, r := range s.got.Rows[:s.listed()] {
		s.rowView(r, shown).join(&body)
	}
	table := el("div", class("scroll tall"), attr("tabindex", "0"), attr("role", "region"), attr("aria-label", "Rows"),
		el("table", class("sheet rows"), ident("judged-rows"), el("thead", line), body))
	return append(out, panel("rows", s.heading(), when(len(s.got.Rows) > 0, table),
		el("div", class("tools"), when(s.listed() < len(s.got.Rows), button("rows.more", "", "second small", "Show more", ident("rows-more"))), button("rows.close", "", "second small", "Close this list", ident("rows-close")))))
}

func (s *rowsPart) rowView(r bindings.JudgedRow, shown []int) Node {
	sure := percent(r.Share)
	if s.numbers {
		sure = number(r.Error)
		if r.Error > 0 {
			sure = "+" + sure
		}
	}
	row := el("tr", keyed(strconv.Itoa(r.Row)), attr("data-line", strconv.Itoa(r.Line)), attr("data-share", plain(r.Share)))
	name := el("th", attr("scope", "row"), txt(count(r.Line)))
	if _, ok := s.in.app.lesson.(interface{ tryLine(line int) }); ok {
		name = el("th", attr("scope", "row"), button("rows.try", strconv.Itoa(r.Row), "cell", count(r.Line), attr("aria-label", "Try line "+count(r.Line)+" below")))
	}
	all{name, el("td", asIs, txt(r.Truth)), el("td", asIs, txt(r.Said)), el("td", class("num"), txt(sure))}.join(&row)
	for _, i := range shown {
		cell := ""
		if i < len(r.Cells) {
			cell = r.Cells[i]
		}
		el("td", asIs, txt(shorten(cell, 60))).join(&row)
	}
	return row
}

// A residualPart keeps the plots of a regression's errors: drawn once, as they have a
// point for each row.
type residualPart struct {
	in    *insight
	of    *outcome
	width float64
	drawn Nodes
}

func (s *residualPart) views() map[string]Nodes {
	var out Nodes
	if s.in.usable() && !s.in.classes() {
		out = s.view(s.in)
	}
	return map[string]Nodes{"insight-errors": out}
}

func (s *residualPart) view(in *insight) Nodes {
	if s.of != in.of || s.width != in.plotWidth() {
		s.of, s.width = in.of, in.plotWidth()
		s.drawn = residuals(in.of, s.width)
	}
	return s.drawn
}

// residuals draws errors against what was said, and how they are distributed.
func residuals(r *outcome, width float64) Nodes {
	n := min(len(r.truth), len(r.said))
	errors := make([]float64, 0, n)
	mean, over := 0.0, 0
	for i := range n {
		d := r.said[i] - r.truth[i]
		errors = append(errors, d)
		mean += d / float64(n)
		if d > 0 {
			over++
		}
	}
	lo, hi, ok := extent(errors)
	if !ok {
		return nil
	}
	most := max(math.Abs(lo), math.Abs(hi))
	left, right, _ := extent(r.said)
	text := "Errors are what was said less what is true: from " + number(lo) + " to " + number(hi) + ", on average " + number(mean) + ". " + percent(float64(over)/float64(n)) + " of the rows were said too high."
	date := r.info.Pipeline.Output.Kind == data.KindDate
	p := xyPlot{id: "plot-residuals", label: "Errors against predictions. " + text, width: width, x: padded(left, right), y: padded(-most, most), xName: "predicted →", yName: "↑ error: said − true", days: date}
	svg, x, y := p.frame()
	el("path", class("diagonal"), attr("d", "M"+px(x.from)+" "+px(y.at(0))+"H"+px(x.to))).join(&svg)
	seen, d := map[[2]int]bool{}, []byte(nil)
	for i, e := range errors {
		at := [2]int{int(x.at(r.said[i])), int(y.at(e))}
		if !seen[at] && !math.IsNaN(e) {
			seen[at] = true
			d = append(strconv.AppendInt(append(strconv.AppendInt(append(d, 'M'), int64(at[0]), 10), ' '), int64(at[1]), 10), 'h', '0')
		}
	}
	el("path", class("points small-points"), attr("d", string(d))).join(&svg)
	bars, table := errorBars(errors, most, width)
	return Nodes{panel("residuals", "Where is it off?",
		el("p", ident("residual-text"), txt(text)),
		el("div", class("curves"), el("figure", el("figcaption", el("b", txt("Errors against predictions"))), svg), el("figure", el("figcaption", el("b", txt("How large the errors are"))), bars)),
		folded(table),
		el("div", class("tools"), button("rows.wrong", "", "second", "List the largest errors", ident("largest-errors"))))}
}

// errorBars draws a histogram of errors around zero, and gives its numbers.
func errorBars(errors []float64, most, width float64) (svg, table Node) {
	const bins = 21 // odd: the middle one is around zero
	if most == 0 {
		most = 1
	}
	counts := make([]int, bins)
	top := 0
	for _, e := range errors {
		if !math.IsNaN(e) {
			k := min(int((e+most)/(2*most)*bins), bins-1)
			counts[k]++
			top = max(top, counts[k])
		}
	}
	p := xyPlot{id: "plot-errors", label: "How many rows have which error; the largest bar has " + plural(top, "row", "rows") + ".", width: width, x: [2]float64{-most, most}, y: [2]float64{0, float64(max(top, 1)) * 1.05}, xName: "error →", yName: "↑ rows"}
	svg, x, y := p.frame()
	d := ""
	var rows Nodes
	for k, c := range counts {
		from, to := -most+2*most*float64(k)/bins, -most+2*most*float64(k+1)/bins
		if c > 0 {
			d += "M" + px(x.at(from)+0.5) + " " + px(y.from) + "V" + px(y.at(float64(c))) + "H" + px(x.at(to)-0.5) + "V" + px(y.from) + "z"
			rows = append(rows, el("tr", el("td", class("num"), txt(number(from)+" to "+number(to))), el("td", class("num"), txt(count(c)))))
		}
	}
	el("path", class("bars"), attr("d", d)).join(&svg)
	return svg, sheet("error-table", "How many rows have which error", []string{"Error", "Rows"}, rows)
}
