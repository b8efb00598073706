package page

import (
	"strconv"

	"github.com/terrarium-ml/terrarium/bindings"
	"github.com/terrarium-ml/terrarium/core/json"
)

// A foldsPart asks whether a score was luck: k models, each judged on the part of the
// training rows that it did not see.
type foldsPart struct {
	in     *insight
	q      *inquiry
	folds  string // how many
	asked  int    // of what is shown
	epochs int
	done   []bindings.FoldScore
	got    *bindings.FoldsResult // nil until all are done
}

func (s *foldsPart) init(in *insight) {
	s.in, s.folds = in, "5"
	s.q = newInquiry(in.app.hub, "folds", "Training one model after the other", in.drawn(s))
	in.app.on("folds.number", func(act Action) { s.folds = act.Value; in.touch(s) })
	in.app.on("folds.ask", func(Action) { s.ask() })
}

func (s *foldsPart) clear() {
	s.q.forget()
	s.done, s.got = nil, nil
}

// epochsOf is for how many epochs a model effectively learned: none of the folds may
// decide when to stop, or it could not judge as well.
func (r *outcome) epochsOf() int {
	if r.fit == nil {
		return 1
	}
	if r.fit.StoppedEarly && r.fit.BestEpoch >= 0 {
		return r.fit.BestEpoch + 1
	}
	return max(len(r.fit.Epoch), 1)
}

func (s *foldsPart) ask() {
	in := s.in
	k, err := strconv.Atoi(s.folds)
	if !in.usable() || in.of.how == nil || err != nil {
		return
	}
	s.done, s.got, s.asked, s.epochs = nil, nil, k, in.of.epochsOf()
	fit := *in.of.how
	fit.Epochs, fit.Resume, fit.Checkpoint, fit.EarlyStopping = s.epochs, false, nil, nil
	var got bindings.FoldsResult
	s.q.ask(Request{Method: bindings.MethodJudgeFolds, Params: bindings.FoldsParams{Fit: fit, Folds: k}, Notify: func(method string, params json.RawMessage) {
		var one bindings.FoldDone
		if method == bindings.NotifyFold && json.Unmarshal(params, &one) == nil {
			s.done = append(s.done, one.Fold)
		}
	}}, &got, func([][]byte) {
		s.done, s.got = got.Folds, &got
		in.app.state.say("Cross-validation: " + s.text())
	})
}

func (s *foldsPart) text() string {
	r := s.got
	return "Over " + plural(len(r.Folds), "fold", "folds") + " the score is " + scored(r.Headline, r.Mean) + " ± " + scored(r.Headline, r.SD) + " (mean and standard deviation); guessing reaches " + scored(r.Headline, r.Baseline) + "."
}

func (s *foldsPart) views() map[string]Nodes {
	var out Nodes
	if s.in.usable() {
		out = Nodes{s.view()}
	}
	return map[string]Nodes{"insight-folds": out}
}

func (s *foldsPart) view() Node {
	in := s.in
	var list []choice
	for _, k := range []string{"3", "5", "10"} {
		list = append(list, choice{k, k + " folds"})
	}
	_, many := in.app.testedOn()
	out := el("div", el("p", txt("One split can be lucky. Here the training "+many+" are divided into folds; a fresh model is trained on all of them but one, and judged on that, in turn.")),
		el("div", class("tools"),
			el("label", attr("for", "folds-number"), txt("How many")), chooser("folds-number", "folds.number", "", s.folds, list, class("short")),
			button("folds.ask", "", "second", "Cross-validate", ident("folds-ask"), when(s.q.busy || in.of.how == nil || in.app.train.busy(), attr("disabled", "")))),
		when(in.of.how == nil, el("p", class("hint"), txt("That wants a model that was trained here: an opened one does not tell how."))), s.q.view())
	if len(s.done) > 0 {
		headline := in.of.test.Headline
		var rows Nodes
		for i, f := range s.done {
			rows = append(rows, el("tr", keyed(strconv.Itoa(i)), attr("data-score", plain(f.Score)),
				el("th", attr("scope", "row"), txt("Fold "+strconv.Itoa(i+1))), el("td", class("num"), txt(count(f.Rows))), el("td", class("wide"), bar(f.Score, "model")),
				el("td", class("num"), txt(scored(headline, f.Score))), el("td", class("num"), txt(scored(headline, f.Baseline)))))
		}
		what := "Accuracy"
		if headline != "acc" {
			what = "R²"
		}
		sheet("folds-table", "Trained for "+plural(s.epochs, "epoch", "epochs")+" each, as the model above effectively was; no fold decides when to stop. What is fitted on the data before (scaling, filling) saw all training "+many+".", []string{"", "Rows", "", what, "Guessing"}, rows).join(&out)
	}
	switch {
	case s.got != nil:
		el("p", class("verdict"), ident("folds-text"), attr("data-mean", plain(s.got.Mean)), txt(s.text())).join(&out)
	case s.q.stopped:
		el("p", class("hint"), ident("folds-stopped"), txt("Stopped after "+plural(len(s.done), "fold", "folds")+" of "+count(s.asked)+"; the model above is as it was.")).join(&out)
	}
	return panel("folds", "Was the score luck?", out)
}
