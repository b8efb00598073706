package page

import (
	"strconv"

	"github.com/terrarium-ml/terrarium/bindings"
	"github.com/terrarium-ml/terrarium/core/data"
)

func (s *resultStep) views() map[string]Nodes {
	r := s.now
	if r == nil {
		_, many := s.app.testedOn()
		text := "After training you will see here how often the model is right on " + many + " it never saw, beside what plain guessing reaches."
		if many == "forecasts" { // which are no question of right and wrong
			text = "After training you will see here how far the forecasts were off on the time kept aside, beside rules that need no learning."
		}
		return map[string]Nodes{"result-view": {el("p", class("empty"), txt(text))}}
	}
	var out Nodes
	if s.problem != nil {
		out = append(out, s.problem.view("result", "result.dismiss"))
	}
	if r.loaded {
		out = append(out, s.loadedView(r))
	} else {
		if own, ok := s.app.lesson.(scorer); ok {
			out = append(out, own.scores(r)...)
		} else {
			out = append(out, s.scoreView(r))
		}
		out = append(out, el("p", class("verdict"), keyed("verdict"), ident("verdict"), txt(r.headline()+" "+r.compare())))
		if s.before != "" {
			out = append(out, el("p", class("hint"), keyed("before"), txt("The training before this one reached "+s.before+".")))
		}
		out = append(out, el("p", keyed("stopped"), ident("fit-summary"), txt(r.fitSummary())))
		if ofSeries(r) {
			// The road draws its forecasts against time.
		} else if taskOf(r.info.Pipeline) == data.TaskRegression {
			w := min(540, max(s.app.screen.Width()-56, 280))
			out = append(out, el("figure", keyed("scatter"), el("figcaption", el("b", txt("Predicted against true values")), el("span", class("quiet"), txt(" of the test rows; a perfect model would put every point on the line"))), scatter(r.truth, r.said, w)))
		} else if len(r.test.Confusion) > 0 {
			out = append(out, el("div", class("wrap"), keyed("confusion"), confusion(r.test.Labels, r.test.Confusion, s.opener()), when(s.opener() != nil, el("p", class("hint"), txt("Press a number to see what is behind it.")))))
		}
	}
	out = append(out, proof("", &r.info, r.digest), el("div", class("tools"), keyed("tools"),
		button("result.download", "", "second", "Download the model (.safetensors)", ident("download"))))
	out = append(out, s.app.export.nodes()...)
	out = append(out, s.app.trust.nodes()...)
	return map[string]Nodes{"result-view": out}
}

// opener returns what names the action of a cell of the confusion matrix; nil where the
// road has nothing to show behind it.
func (s *resultStep) opener() func(truth, said int) Part {
	if _, ok := s.app.lesson.(judge); !ok || s.now.loaded {
		return nil
	}
	return func(truth, said int) Part { return act("result.cell", strconv.Itoa(truth)+" "+strconv.Itoa(said)) }
}

// scoreView sets the test score beside the baseline's, in large numbers with bars.
func (s *resultStep) scoreView(r *outcome) Node {
	t := r.test
	tile := func(id, name string, v float64, fill string) Node {
		shown := number(v)
		if t.Headline == "acc" {
			shown = percent(v)
		}
		return el("div", class("score "+fill), el("span", class("score-name"), txt(name)),
			el("b", ident(id), attr("data-value", plain(v)), txt(shown)), bar(v, fill))
	}
	name := "The model is right"
	guess := "Always guessing “" + r.guess() + "”"
	if t.Headline != "acc" {
		name, guess = "R² of the model", "R² of always guessing "+r.guess()
	}
	box := el("div", class("scores"), keyed("scores"),
		tile("test-score", name, t.Metrics[t.Headline], "model"),
		tile("baseline-score", guess, t.Baseline[t.Headline], "base"))
	if f1, ok := t.Metrics["f1"]; ok && len(t.Labels) == 2 {
		el("p", class("score-line"), ident("score-f1"), attr("data-value", plain(f1)),
			txt("F1 of “"+shorten(t.Labels[1], 40)+"”: "), el("b", txt(number(f1))),
			txt(", by guessing "+number(t.Baseline["f1"])+". Of those it named, "+percent(t.Metrics["precision"])+" were right; of those there are, it found "+percent(t.Metrics["recall"])+".")).join(&box)
	}
	for _, m := range []string{"mae", "rmse"} {
		if v, ok := t.Metrics[m]; ok {
			el("p", class("score-line"), ident("score-"+m), attr("data-value", plain(v)),
				txt(title(m)+": "), el("b", txt(number(v))), txt(", by guessing "+number(t.Baseline[m])+".")).join(&box)
		}
	}
	return box
}

// guess is what the baseline always says, a number with a few digits only.
func (r *outcome) guess() string {
	if v, ok := read(r.test.Guess); ok && r.test.Headline != "acc" {
		return number(v)
	}
	return shorten(r.test.Guess, 40)
}

// headline says the score as a sentence.
func (r *outcome) headline() string {
	t := r.test
	if t.Headline == "mae" {
		return r.forecastLine()
	}
	rows := plural(t.Rows, "test "+r.one, "test "+r.many)
	if t.Headline == "acc" {
		right := 0
		for i := range t.Confusion {
			right += t.Confusion[i][i]
		}
		if len(t.Confusion) > 0 {
			return "Of " + rows + " it had never seen, the model judged " + count(right) + " right."
		}
		return "The model is right on " + percent(t.Metrics["acc"]) + " of " + rows + " it had never seen."
	}
	return "On " + rows + " it had never seen, the model explains " + percent(max(t.Metrics["r2"], 0)) + " of the differences and is off by " + number(t.Metrics["mae"]) + " on average."
}

// compare says how that stands beside guessing.
func (r *outcome) compare() string {
	t := r.test
	if t.Headline == "mae" {
		return r.forecastCompare()
	}
	model, base := t.Metrics[t.Headline], t.Baseline[t.Headline]
	switch {
	case model <= base:
		if r.info.Pipeline != nil && r.info.Pipeline.Medium != nil {
			return "That is no better than guessing: more examples of each class, or other settings, may help."
		}
		return "That is no better than guessing: the columns may not say enough about the target, or the training needs other settings."
	case t.Headline == "acc":
		text := "Always guessing “" + r.guess() + "” would be right on " + percent(base) + "."
		if t.Rows < 50 {
			text += " With so few test " + r.many + " the score is only a rough one."
		}
		return text
	}
	text := "Always guessing the mean, " + r.guess() + ", would be off by " + number(t.Baseline["mae"]) + "."
	if t.Rows < 50 {
		text += " With so few test " + r.many + " the score is only a rough one."
	}
	return text
}

// fitSummary says what training and early stopping did.
func (r *outcome) fitSummary() string {
	f := r.fit
	n := len(f.Epoch)
	text := "Trained for " + plural(n, "epoch", "epochs") + " in " + took(r.seconds) + ". "
	switch {
	case f.Stopped && n == 0:
		text += "You stopped it before the first epoch ended: the weights are as they began."
	case f.Stopped:
		text += "You stopped it; the model keeps what it had learned by then."
	case f.StoppedEarly:
		text += "It stopped by itself when the validation loss no longer improved, and went back to epoch " + strconv.Itoa(f.BestEpoch+1) + ", the best one."
	default:
		text += "It ran to the last epoch."
		if f.BestEpoch == n-1 && n > 1 {
			text += " The last epoch was the best so far: more epochs may help."
		}
	}
	if f.Unsaved != "" {
		text += " No automatic copy could be kept meanwhile: " + f.Unsaved
	}
	return text
}

func (s *resultStep) loadedView(r *outcome) Node {
	text := "“" + r.info.Name + "” is open (" + r.from + ")."
	if p := r.info.Pipeline; p != nil {
		if ofSeries(r) {
			text += " It forecasts " + p.Output.Name + "."
		} else if writes(p) {
			text += " It writes texts."
		} else if p.Medium != nil {
			text += " It tells apart " + listing(p.Output.Labels, 6) + "."
		} else {
			text += " It predicts " + p.Output.Name + " from " + plural(len(p.Inputs), "column", "columns") + "."
		}
	} else {
		text += " It takes numbers as they are: try it below, save it, or use it on a page."
	}
	for _, m := range shelfScores(r.metrics) {
		if _, ok := r.metrics[m]; ok {
			text += " On its test rows it reached " + scoreText(m, r.metrics) + "."
		}
	}
	box := el("div", class("wrap"), keyed("loaded"), el("p", class("verdict"), ident("loaded-model"), txt(text)))
	if r.info.Pipeline == nil {
		s.app.base.offer(r).join(&box)
	}
	if len(r.notes) > 0 {
		list := el("ul", class("notices"), ident("file-notes"))
		for _, n := range r.notes {
			el("li", class("notice"), txt(n)).join(&list)
		}
		list.join(&box)
	}
	if cut := r.info.Interrupted; cut != nil {
		all{el("p", txt("It is the automatic copy of a training that was cut off after "+plural(len(cut.Epoch), "epoch", "epochs")+". You can use it as it is, or go on where it stopped: the result will be the same, to the bit, as if nothing had happened.")),
			button("train.resume", "", "main", "Go on with this training", ident("resume"), when(s.app.train.busy(), attr("disabled", "")))}.join(&box)
	}
	return box
}

// proof shows what makes the run of a model repeatable. What there is once on a page has
// names that begin with its own word.
func proof(word string, info *bindings.ModelInfo, digest string) Node {
	return el("details", class("more"), keyed("proof"), ident(word+"proof"), el("summary", txt("Repeatable to the bit")),
		el("p", txt("The same file, settings and seed give exactly these weights again, in any browser and on any machine.")),
		el("dl",
			el("dt", txt("Seed")), el("dd", el("code", ident(word+"seed-used"), txt(strconv.FormatInt(info.Seed, 10)))),
			el("dt", txt("SHA-256 of the weights")), el("dd", el("code", class("digest"), ident(word+"digest"), asIs, txt(digest))),
			el("dt", txt("Parameters")), el("dd", txt(count(info.Parameters))),
			el("dt", txt("Numerics version")), el("dd", txt(strconv.Itoa(info.Numerics)))))
}
