package page

// An understandStep is the section "Understand": what the model leans on, for whom it does
// well, whether the score was luck, and what more data would bring. Each is worked out on
// request.
type understandStep struct {
	in       *insight
	columns  whyColumnsPart
	groups   groupsPart
	folds    foldsPart
	learning learningPart
}

func newUnderstand(in *insight) *understandStep {
	s := &understandStep{in: in}
	s.columns.init(in)
	s.groups.init(in)
	s.folds.init(in)
	s.learning.init(in)
	return s
}

func (s *understandStep) clear() {
	s.columns.clear()
	s.groups.clear()
	s.folds.clear()
	s.learning.clear()
}

func (s *understandStep) views() map[string]Nodes {
	in := s.in
	_, many := in.app.testedOn()
	if !in.usable() {
		text := "Once a model is trained, you can ask here why it answers as it does, whether its score was luck, and whether more " + many + " would help."
		if in.of != nil || in.app.result.has() {
			text = "This model was opened, not trained here. Open its data and train, to ask why it answers as it does."
		}
		return map[string]Nodes{"understand-view": {el("p", class("empty"), txt(text))}}
	}
	var out Nodes
	if in.tabular() {
		out = append(out, s.columns.view(), s.groups.view())
	}
	out = append(out, s.folds.view(), s.learning.view())
	return map[string]Nodes{"understand-view": out}
}
