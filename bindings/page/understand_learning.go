package page

import (
	"github.com/terrarium-ml/terrarium/bindings"
	"github.com/terrarium-ml/terrarium/core/explain"
	"github.com/terrarium-ml/terrarium/core/json"
)

// A learningPart asks what more rows would bring.
type learningPart struct {
	in   *insight
	q    *inquiry
	done []bindings.LearningPoint
	got  *bindings.LearningResult
}

func (s *learningPart) init(in *insight) {
	s.in = in
	s.q = newInquiry(in.app.hub, "learning", "Training on more and more rows", in.drawn(s))
	in.app.on("learning.ask", func(Action) { s.ask() })
}

func (s *learningPart) clear() {
	s.q.forget()
	s.done, s.got = nil, nil
}

func (s *learningPart) ask() {
	in := s.in
	if !in.usable() || in.of.how == nil {
		return
	}
	s.done, s.got = nil, nil
	fit := *in.of.how
	fit.Resume, fit.Checkpoint = false, nil
	var got bindings.LearningResult
	s.q.ask(Request{Method: bindings.MethodJudgeLearning, Params: bindings.LearningParams{Fit: fit}, Notify: func(method string, params json.RawMessage) {
		var one bindings.PointDone
		if method == bindings.NotifyPoint && json.Unmarshal(params, &one) == nil {
			s.done = append(s.done, one.Point)
		}
	}}, &got, func([][]byte) {
		s.done, s.got = got.Points, &got
		in.app.state.say("Learning curve: " + verdicts[got.Judgement.Verdict] + ".")
	})
}

// verdicts are the judgements in a few words; the reason stands behind them.
var verdicts = map[explain.LearningVerdict]string{
	explain.MoreData:  "More data would help",
	explain.TooSmall:  "The model is too small, or the columns do not tell",
	explain.Overfits:  "The model overfits",
	explain.Enough:    "Neither more data nor a larger model promises much",
	explain.CannotSay: "It cannot be said",
}

func (s *learningPart) views() map[string]Nodes {
	var out Nodes
	if s.in.usable() {
		out = Nodes{s.view()}
	}
	return map[string]Nodes{"insight-learning": out}
}

func (s *learningPart) view() Node {
	in := s.in
	_, many := in.app.testedOn()
	out := el("div", el("p", txt("Fresh models are trained on an eighth, a quarter, half and all of the training "+many+". How their errors on unseen ones go down says whether collecting more would be worth it.")),
		el("div", class("tools"), button("learning.ask", "", "second", "Draw the learning curve", ident("learning-ask"), when(s.q.busy || in.of.how == nil || in.app.train.busy(), attr("disabled", "")))),
		when(in.of.how == nil, el("p", class("hint"), txt("That wants a model that was trained here: an opened one does not tell how."))), s.q.view())
	if s.got != nil {
		j := s.got.Judgement
		el("p", class("verdict"), ident("learning-verdict"), attr("data-verdict", string(j.Verdict)), txt(verdicts[j.Verdict]+": "+j.Reason+".")).join(&out)
	}
	if s.q.stopped && s.got == nil {
		el("p", class("hint"), txt("Stopped; the model above is as it was.")).join(&out)
	}
	if len(s.done) > 0 {
		s.plot().join(&out)
	}
	return panel("learning", "Would more data help?", out)
}

func (s *learningPart) plot() Node {
	var xs, seen, unseen []float64
	var rows Nodes
	headline := s.in.of.test.Headline
	for _, p := range s.done {
		xs, seen, unseen = append(xs, float64(p.Rows)), append(seen, p.Train), append(unseen, p.Validation)
		rows = append(rows, el("tr", attr("data-rows", plain(float64(p.Rows))), el("td", class("num"), txt(count(p.Rows))), el("td", class("num"), txt(number(p.Train))), el("td", class("num"), txt(number(p.Validation))), el("td", class("num"), txt(scored(headline, p.Score)))))
	}
	base := 0.0
	if s.got != nil {
		base = s.got.Baseline
	}
	_, top, _ := extent(seen, unseen, []float64{base})
	label := "Loss against training rows: on unseen rows from " + number(unseen[0]) + " to " + number(unseen[len(unseen)-1])
	p := xyPlot{id: "plot-learning", label: label, width: s.in.plotWidth(), x: [2]float64{0, xs[len(xs)-1] * 1.03}, y: [2]float64{0, max(top, 1e-9) * 1.05}, xName: "training rows →", yName: "↑ loss"}
	svg, x, y := p.frame()
	if base > 0 {
		el("path", class("best"), attr("d", "M"+px(x.from)+" "+px(y.at(base))+"H"+px(x.to))).join(&svg)
	}
	for _, c := range []struct {
		class string
		ys    []float64
	}{{"train", seen}, {"val", unseen}} {
		el("path", class("curve "+c.class), attr("d", through(xs, c.ys, x, y))).join(&svg)
		for i, v := range c.ys {
			el("circle", class("dot "+c.class), attr("r", "4"), attr("cx", px(x.at(xs[i]))), attr("cy", px(y.at(v)))).join(&svg)
		}
	}
	what := "Accuracy on these"
	if headline != "acc" {
		what = "R² on these"
	}
	return el("div", el("figure", el("figcaption", el("p", class("legend"), el("span", class("key train"), txt("on the rows it was trained on")), el("span", class("key val"), txt("on unseen validation rows")), when(base > 0, el("span", class("quiet"), txt("dotted: guessing")))), svg)),
		sheet("learning-table", "Loss by number of training rows. One curve is rough: with another seed it is a little different.", []string{"Training rows", "Loss on them", "Loss on unseen rows", what}, rows))
}
