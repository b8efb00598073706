package page

import "strconv"

// judgeable tells whether a model that was opened can be judged on the data that are open:
// they must be prepared just as for its training, or rows that it learned from would be
// among those that it is judged on. Fitted pipelines are equal only then.
func (s *insight) judgeable() bool {
	r, l := s.of, s.app.lesson
	if r == nil || !r.loaded || r.info.Pipeline == nil || !l.open() || l.prepared() == nil || l.prepared().Pipeline == nil {
		return false
	}
	if r.info.Pipeline.Medium != nil {
		return false // nothing of it is fitted: the rows that it learned from are not known
	}
	a, b := *r.info.Pipeline, *l.prepared().Pipeline
	a.Output.Threshold, b.Output.Threshold = 0, 0 // which is chosen afterwards
	return samePipeline(&a, &b)
}

// judgeLoaded tests a model that was opened.
func (s *insight) judgeLoaded() {
	r := s.of
	if !s.judgeable() || !s.app.state.ready {
		return
	}
	table := s.app.lesson.table()
	s.app.work(func() {
		now, err := s.app.result.measure(r.info, table, nil)
		if s.of != r {
			return
		}
		s.touch()
		if err != nil {
			if !lostEngine(err) {
				s.empty.problem = &problem{text: failure(err).Message}
			}
			return
		}
		r.table, r.part, r.test, r.truth, r.said, r.lines = now.table, now.part, now.test, now.truth, now.said, now.lines
		s.score.ask()
		s.app.lesson.try(r)
	})
}

// An emptyPart stands in the section "Understand" before there is something to ask about.
type emptyPart struct {
	in      *insight
	problem *problem
}

func (s *emptyPart) init(in *insight) {
	s.in = in
	in.app.on("insight.loaded", func(Action) { in.judgeLoaded() })
	in.app.on("insight.dismiss", func(Action) { s.problem = nil; in.touch(s) })
}

func (s *emptyPart) views() map[string]Nodes {
	return map[string]Nodes{"insight-empty": s.view()}
}

func (s *emptyPart) view() Nodes {
	in := s.in
	if in.usable() {
		return nil
	}
	var out Nodes
	if s.problem != nil {
		out = append(out, s.problem.view("insight", "insight.dismiss"))
	}
	_, many := in.app.testedOn()
	text := "Once a model is trained, you can ask here why it answers as it does, whether its score was luck, and whether more " + many + " would help."
	if r := in.of; r != nil && r.loaded {
		text = "This model was opened, not trained here: which of the open " + many + " it learned from is not known."
		if r.info.Pipeline != nil && r.info.Pipeline.Medium == nil {
			text = "This model was opened, not trained here. To ask why it answers as it does, open its data again, with the same columns, parts and seed (" + strconv.FormatInt(r.info.Seed, 10) + ")."
		}
		if in.judgeable() {
			text = "This model was opened, not trained here. The data that are open are prepared just as for its training, so it can be judged on the " + many + " that it never saw."
		}
	}
	out = append(out, el("p", class("empty"), txt(text)))
	if in.judgeable() {
		out = append(out, el("div", class("tools"), button("insight.loaded", "", "second", "Judge this model on the open data", ident("judge-loaded"))))
	}
	return out
}
