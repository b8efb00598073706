package page

import (
	"strconv"

	"github.com/terrarium-ml/terrarium/bindings"
	"github.com/terrarium-ml/terrarium/core/data/text"
)

// mostWrongTexts is how many texts behind a cell of the confusion matrix are shown.
const mostWrongTexts = 30

// A textWrong shows the texts behind a cell of the confusion matrix.
type textWrong struct {
	app         *Texts
	of          *outcome
	truth, said string
	records     []text.Record
	total       int
	problem     *problem
	serial      int
}

func newTextWrong(a *Texts) *textWrong {
	s := &textWrong{app: a}
	a.on("wrong.dismiss", func(Action) { s.clear() })
	return s
}

func (s *textWrong) clear() {
	s.of, s.records, s.problem = nil, nil, nil
	s.serial++
	s.app.touch(s)
}

// show fetches the test texts of class truth that were taken for class said.
func (s *textWrong) show(r *outcome, truth, said int) {
	a := s.app
	s.clear()
	if r.test == nil || truth >= len(r.test.Labels) || said >= len(r.test.Labels) || a.gather.info == nil || r.table != a.table() {
		s.problem = &problem{text: "The texts that this model was tested on are no longer open."}
		return
	}
	numbers := []int{}
	for i, line := range r.lines {
		if i < len(r.truth) && i < len(r.said) && int(r.truth[i]) == truth && int(r.said[i]) == said {
			numbers = append(numbers, line-1)
		}
	}
	s.of, s.truth, s.said, s.total = r, r.test.Labels[truth], r.test.Labels[said], len(numbers)
	numbers = numbers[:min(len(numbers), mostWrongTexts)]
	mine := s.serial
	a.work(func() {
		var got bindings.TextsRowsResult
		err := a.ask(bindings.MethodTextsRows, bindings.TextsRowsParams{Table: r.table, Numbers: numbers}, &got)
		if mine != s.serial {
			return
		}
		if err != nil && !lostEngine(err) {
			s.problem = &problem{text: failure(err).Message}
		}
		s.records = got.Records
		a.touch(s)
		a.screen.Settle("wrong")
	})
}

func (s *textWrong) views() map[string]Nodes {
	if s.problem != nil {
		return map[string]Nodes{"wrong-view": {s.problem.view("wrong", "wrong.dismiss")}}
	}
	if s.of == nil {
		return map[string]Nodes{"wrong-view": nil}
	}
	title := plural(s.total, "text", "texts") + " of “" + s.truth + "” that the model took for “" + s.said + "”"
	if s.truth == s.said {
		title = plural(s.total, "text", "texts") + " of “" + s.truth + "” that the model judged right"
	}
	if s.total > len(s.records) && len(s.records) > 0 {
		title += "; the first " + count(len(s.records)) + " are shown"
	}
	list := el("ul", class("records"), keyed("list"))
	for _, r := range s.records {
		el("li", class("record"), keyed(strconv.Itoa(r.Number)), el("p", class("record-head"), el("span", class("quiet"), asIs, txt(r.Where)),
			button("try.record", strconv.Itoa(r.Number), "second small", "Why?", attr("aria-label", "Why? Ask the model about text "+count(r.Number+1)))),
			el("p", class("raw"), asIs, txt(r.Text+more(r.Cut)))).join(&list)
	}
	return map[string]Nodes{"wrong-view": {
		el("h3", ident("wrong"), keyed("title"), attr("tabindex", "-1"), txt(title)), list,
		el("p", class("hint"), keyed("hint"), txt("“Why?” shows in step 6 what the model thinks of a text, and which words made it think so."))}}
}
