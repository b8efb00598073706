package page

import (
	"math"
	"sort"

	"github.com/terrarium-ml/terrarium/bindings"
)

// A whyRowPart explains the answer to the row in the form.
type whyRowPart struct {
	step *rowStep
	q    *inquiry
	got  *bindings.WhyRowResult
}

func newWhyRow(s *rowStep) *whyRowPart {
	w := &whyRowPart{step: s}
	w.q = newInquiry(s.app.hub, "why", "Asking about a thousand rows like it", func() { s.app.touch(s) })
	s.app.on("why.row", func(Action) { w.ask() })
	return w
}

// clear forgets the explanation: it was of another row.
func (w *whyRowPart) clear() {
	w.q.forget()
	w.got = nil
}

func (w *whyRowPart) ask() {
	s := w.step
	if !s.testable() {
		return
	}
	values := map[string]string{}
	for k, v := range s.values {
		values[k] = v
	}
	var got bindings.WhyRowResult
	w.q.ask(Request{Method: bindings.MethodWhyRow, Params: bindings.WhyRowParams{Model: s.of.info.Model, Table: s.of.table, Values: values}}, &got, func([][]byte) {
		if len(got.Effects) > 0 {
			w.got = &got
			s.app.screen.Settle("why-title")
		}
	})
}

// mostEffects is how many columns an explanation lists.
const mostEffects = 12

func (w *whyRowPart) view() Nodes {
	s := w.step
	out := Nodes{el("div", class("tools"), keyed("why"), button("why.row", "", "second small", "Why this answer?", ident("why-row"), when(w.q.busy || !s.testable(), attr("disabled", ""))),
		when(!s.testable(), el("span", class("hint"), txt("To say why, the table that the model learned from must be open."))))}
	out = append(out, w.q.view()...)
	if w.got == nil {
		return out
	}
	r := w.got
	value := number
	if r.Label != "" {
		value = percent
	}
	list := append(r.Effects[:0:0], r.Effects...)
	sort.SliceStable(list, func(i, j int) bool { return math.Abs(list[i].Effect) > math.Abs(list[j].Effect) })
	most := math.Abs(list[0].Effect)
	var rows Nodes
	for _, e := range list[:min(len(list), mostEffects)] {
		sign := "+"
		if e.Effect < 0 {
			sign = ""
		}
		rows = append(rows, el("tr", keyed(e.Column), attr("data-column", e.Column), attr("data-effect", plain(e.Effect)),
			el("th", attr("scope", "row"), asIs, txt(shorten(e.Column, 30)+" "), el("span", class("hint sub"), txt(shorten(s.values[e.Column], 30)))),
			el("td", class("wide"), signedBar(e.Effect, most)), el("td", class("num"), txt(sign+value(e.Effect)+" ± "+value(e.SD)))))
	}
	of := "the answer"
	if r.Label != "" {
		of = "the probability of “" + r.Label + "”"
	}
	box := el("div", keyed("why-box"), ident("why-box"),
		el("h3", ident("why-title"), attr("tabindex", "-1"), txt("Why this answer?")),
		sheet("why-table", "What each value adds to "+of+", against rows where that value is someone else’s.", []string{"Column and value", "", "Effect"}, rows),
		el("p", ident("why-trust"), attr("data-r2", plain(r.R2)), attr("data-agreement", plain(r.Agreement)), txt(w.trust())))
	return append(out, box)
}

// trust says how far the explanation can be believed.
func (w *whyRowPart) trust() string {
	r := w.got
	text := "This simple sum of effects explains " + percent(max(r.R2, 0)) + " of how the model moves around this row (R²), and five attempts with other samples agree to " + percent(r.Agreement) + " on the three strongest columns."
	switch {
	case r.R2 < 0.25:
		text += " That is little: here columns act together, and the list is hardly an explanation."
	case r.Agreement < 0.7:
		text += " The order of the columns is not stable: do not make much of it."
	}
	return text
}

// signedBar draws an effect to the right of the middle where it speaks for the answer, to
// the left where it speaks against it.
func signedBar(v, most float64) Node {
	w := math.Abs(v) / max(most, 1e-12) * 50
	x, name := 50.0, "model"
	if v < 0 {
		x, name = 50-w, "against"
	}
	return el("svg", class("bar"), attr("viewBox", "0 0 100 10"), attr("preserveAspectRatio", "none"), attr("aria-hidden", "true"),
		el("rect", class("bar-back"), attr("width", "100"), attr("height", "10")),
		el("rect", class("bar-fill "+name), attr("x", px(x)), attr("width", px(w)), attr("height", "10")),
		el("path", class("frame"), attr("d", "M50 0V10")))
}

// tryLine fills the form with a row of the table, as the list of wrong rows asks.
func (a *App) tryLine(row int) {
	a.row.take(row)
	a.screen.Focus("step-row")
}

// again asks anew, as the model answers otherwise now.
func (a *App) again() { a.row.ask() }

// columnNames are those of the open table.
func (a *App) columnNames() []string {
	if a.data.info == nil {
		return nil
	}
	var names []string
	for _, c := range a.data.info.Profile.Columns {
		names = append(names, c.Name)
	}
	return names
}

// cell lists the rows behind a cell of the confusion matrix.
func (a *App) cell(_ *outcome, truth, said int) { a.insight.rows.show(truth, said) }

var _ judge = (*App)(nil)
