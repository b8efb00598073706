package page

import (
	"strconv"
	"strings"
	"time"

	"github.com/terrarium-ml/terrarium/bindings"
	"github.com/terrarium-ml/terrarium/core/data"
)

// A rowStep is step 6: one row by hand, and the model's answer.
type rowStep struct {
	app     *App
	of      *outcome
	values  map[string]string // by input name
	answer  *bindings.RowResult
	truth   string // of a row taken from the test part
	line    int    // its line in the table, 0 for a row typed in
	problem *problem
	serial  int
	filter  string
	turn    int // how many test rows were shown
	numbers *numbersForm
	why     *whyRowPart
}

func newRow(a *App) *rowStep {
	s := &rowStep{app: a}
	s.why = newWhyRow(s)
	a.on("row.value", func(act Action) {
		s.values[act.Arg] = act.Value
		s.truth, s.line = "", 0
		s.soon()
	})
	a.on("row.predict", func(Action) { s.ask() })
	a.on("row.random", func(Action) { s.random() })
	a.on("row.default", func(Action) {
		if s.of != nil {
			s.defaults()
			s.ask()
		}
	})
	a.on("row.number", func(act Action) {
		if i, err := strconv.Atoi(act.Arg); err == nil && s.numbers != nil && i < len(s.numbers.values) {
			s.numbers.values[i] = act.Value
		}
	})
	a.on("row.numbers", func(Action) {
		if s.of != nil && !s.usable() {
			s.askNumbers()
		}
	})
	a.on("row.filter", func(act Action) { s.filter = act.Value; a.touch(s) })
	a.on("row.dismiss", func(Action) { s.problem = nil; a.touch(s) })
	return s
}

// begin takes a model that was just trained or loaded.
func (s *rowStep) begin(r *outcome) {
	s.of, s.answer, s.problem, s.turn, s.filter = r, nil, nil, 0, ""
	s.numbers = newNumbers(r.info.Inputs)
	s.defaults()
	if s.usable() {
		s.ask()
	}
}

func (s *rowStep) clear() {
	s.of, s.answer, s.problem = nil, nil, nil
	s.app.touch(s)
}

// lostEngine: the answers are gone with the engine, the typed values are not.
func (s *rowStep) lostEngine() { s.answer = nil; s.why.clear() }

func (s *rowStep) usable() bool {
	return s.of != nil && s.of.info.Pipeline != nil && s.of.info.Pipeline.Medium == nil
}

func (s *rowStep) defaults() {
	s.values, s.truth, s.line = map[string]string{}, "", 0
	if s.usable() {
		for _, in := range s.of.info.Pipeline.Inputs {
			s.values[in.Name] = in.Default
		}
	}
	s.app.touch(s)
}

// soon predicts once typing pauses.
func (s *rowStep) soon() {
	s.serial++
	mine := s.serial
	s.app.touch(s)
	s.app.screen.After(200*time.Millisecond, func() {
		if mine == s.serial {
			s.ask()
		}
	})
}

// ask predicts the form's row.
func (s *rowStep) ask() {
	if !s.usable() || !s.app.state.ready {
		return
	}
	s.serial++
	mine := s.serial
	s.why.clear()
	values := map[string]string{}
	for k, v := range s.values {
		values[k] = v
	}
	model := s.of.info.Model
	s.app.work(func() {
		var got bindings.RowResult
		err := s.app.ask(bindings.MethodModelRow, bindings.RowParams{Model: model, Values: values}, &got)
		if mine != s.serial {
			return
		}
		switch {
		case lostEngine(err):
		case err != nil:
			s.problem = &problem{text: advice(failure(err))}
		default:
			s.answer, s.problem = &got, nil
		}
		s.app.touch(s)
	})
}

// testable tells whether the table with the model's test rows is still open.
func (s *rowStep) testable() bool {
	return s.usable() && len(s.of.lines) > 0 && s.app.data.info != nil && s.app.data.info.Table == s.of.table
}

// random fills the form from a test row: always another one, in a mixed order that does
// not depend on chance.
func (s *rowStep) random() {
	if !s.testable() {
		return
	}
	n := len(s.of.lines)
	line := s.of.lines[(s.turn*7919+3)%n]
	s.turn++
	s.take(line)
}

// take fills the form from a row of the table, counted from 1.
func (s *rowStep) take(line int) {
	if !s.testable() {
		return
	}
	table := s.of.table
	s.app.work(func() {
		var got bindings.RowsResult
		err := s.app.ask(bindings.MethodTableRows, bindings.RowsParams{Table: table, From: line - 1, Count: 1}, &got)
		if err != nil || len(got.Rows) == 0 {
			if err != nil && !lostEngine(err) {
				s.problem = &problem{text: failure(err).Message}
			}
			s.app.touch(s)
			return
		}
		p := s.of.info.Pipeline
		s.values = map[string]string{}
		inputs := map[string]*data.Input{}
		for i := range p.Inputs {
			inputs[p.Inputs[i].Name] = &p.Inputs[i]
		}
		for i, name := range got.Columns {
			if in := inputs[name]; in != nil && i < len(got.Rows[0]) {
				s.values[name] = known(in, got.Rows[0][i])
			}
			if name == p.Output.Name && i < len(got.Rows[0]) {
				s.truth = got.Rows[0][i]
			}
		}
		s.line = line
		if len(got.Lines) > 0 {
			s.line = got.Lines[0]
		}
		s.app.touch(s)
		s.ask()
	})
}

// known makes a cell's text one that the form's control can hold: a select only
// knows the categories, and an unknown one counts as other or missing anyway.
func known(in *data.Input, text string) string {
	if len(in.Categories) == 0 {
		return text
	}
	for _, c := range in.Categories {
		if c == text {
			return text
		}
	}
	return in.Other
}

// maxInputs is how many fields the form shows at once.
const maxInputs = 60

func (s *rowStep) views() map[string]Nodes {
	switch {
	case s.of == nil:
		return map[string]Nodes{"row-view": {el("p", class("empty"), txt("Once there is a model, you can type in a row here and see what it answers."))}}
	case !s.usable() && s.of.info.Pipeline != nil:
		return map[string]Nodes{"row-view": {el("p", class("empty"), txt("This model does not take tables. Open it on the page of its own kind of data."))}}
	case !s.usable():
		return map[string]Nodes{"row-view": s.numbersView()}
	}
	var out Nodes
	form := el("form", ident("predict-form"), keyed("form"), act("row.predict", ""), attr("novalidate", ""), attr("autocomplete", "off"))
	fields := el("div", class("fields"))
	inputs := s.of.info.Pipeline.Inputs
	want := strings.ToLower(strings.TrimSpace(s.filter))
	shown := 0
	for i := range inputs {
		if want == "" || strings.Contains(strings.ToLower(inputs[i].Name), want) {
			if shown++; shown <= maxInputs {
				s.inputView(i, &inputs[i]).join(&fields)
			}
		}
	}
	if len(inputs) > maxInputs {
		el("div", class("pager"), el("label", attr("for", "input-filter"), txt("Find a column")),
			entry("input-filter", "row.filter", "", s.filter, "", nil),
			el("span", class("quiet"), txt(count(min(shown, maxInputs))+" of "+plural(len(inputs), "column", "columns")+" shown; the others keep their values"))).join(&form)
	}
	fields.join(&form)
	el("div", class("tools"),
		el("button", attr("type", "submit"), class("main"), ident("predict"), txt("Predict")),
		button("row.random", "", "second", "Fill in a test row", ident("random-row"), when(!s.testable(), attr("disabled", ""))),
		button("row.default", "", "second", "Typical values", ident("default-row"))).join(&form)
	out = append(out, form)
	if s.problem != nil {
		out = append(out, s.problem.view("row", "row.dismiss"))
	}
	if s.answer != nil {
		out = append(out, s.answerView())
	}
	return map[string]Nodes{"row-view": out}
}

func (s *rowStep) inputView(i int, in *data.Input) Node {
	id := "in-" + strconv.Itoa(i)
	value := s.values[in.Name]
	hint := ""
	switch in.Kind {
	case data.KindNumber:
		hint = "learned from " + number(in.Min) + " to " + number(in.Max)
	case data.KindDate:
		hint = "learned from " + day(in.Min) + " to " + day(in.Max)
	}
	return ownField(id, in.Name, hint, check{}, func(more Part) Node {
		more = all{more, attr("data-input", in.Name)}
		if len(in.Categories) > 0 {
			list := []choice{{"", "(missing)"}}
			for _, c := range in.Categories {
				if c != "" {
					list = append(list, choice{c, shorten(c, 60)})
				}
			}
			return chooser(id, "row.value", in.Name, value, list, more, asIs)
		}
		mode := ""
		if in.Kind == data.KindNumber {
			mode = "decimal"
		}
		format := map[data.DateOrder]string{data.DateYMD: "2024-01-31", data.DateDMY: "31/01/2024", data.DateMDY: "01/31/2024"}[in.DateOrder]
		if in.Kind != data.KindDate {
			format = ""
		}
		return entry(id, "row.value", in.Name, value, mode, all{more, when(format != "", attr("placeholder", format))})
	})
}

// maxShares is how many classes the answer lists.
const maxShares = 12

func (s *rowStep) answerView() Node {
	a := s.answer
	out := s.of.info.Pipeline.Output
	box := el("div", class("answer"), keyed("answer"), ident("prediction"), attr("role", "status"))
	said := a.Label
	if a.Value != nil {
		said = number(*a.Value)
		attr("data-value", plain(*a.Value)).join(&box)
	}
	el("p", class("said"), el("span", asIs, txt(out.Name)), txt(": "), el("b", ident("predicted"), asIs, txt(said))).join(&box)
	if s.line > 0 && s.truth != "" {
		verdict := "This is line " + count(s.line) + " of the file, kept aside from training; there it says " + s.truth + "."
		el("p", class("truth"), ident("row-truth"), txt(verdict)).join(&box)
	}
	if len(a.Classes) > 0 {
		shares(a.Classes).join(&box)
	}
	s.why.view().join(&box)
	return box
}

// shares describes the probabilities of classes, the likeliest first.
func shares(classes []bindings.ClassShare) Nodes {
	table := el("table", class("shares"), el("caption", class("unseen"), txt("Probability of each class")))
	body := el("tbody")
	for _, c := range classes[:min(len(classes), maxShares)] {
		el("tr", keyed(c.Label), attr("data-class", c.Label), attr("data-probability", plain(c.Probability)),
			el("th", attr("scope", "row"), asIs, txt(shorten(c.Label, 30))), el("td", bar(c.Probability, "model")), el("td", class("num"), txt(percent(c.Probability)))).join(&body)
	}
	body.join(&table)
	out := Nodes{table}
	if n := len(classes) - maxShares; n > 0 {
		out = append(out, el("p", class("hint"), txt("and "+plural(n, "class", "classes")+" less likely")))
	}
	return out
}
