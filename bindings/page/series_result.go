package page

import (
	"cmp"
	"math"
	"slices"

	"github.com/terrarium-ml/terrarium/core/data/series"
)

// A scorer is a road that shows scores in its own way.
type scorer interface {
	scores(r *outcome) Nodes
}

// scores sets the model beside rules that need no learning, in a table with bars.
func (a *Series) scores(r *outcome) Nodes {
	t := r.test
	type line struct {
		name, reason, id string
		mae, rmse        float64
		model            bool
	}
	lines := []line{{"This model", "", "test-score", t.Metrics["mae"], t.Metrics["rmse"], true}}
	if got := a.backtest.got; got != nil && a.backtest.of == r {
		for _, b := range got.Baselines {
			id := ""
			if b.Name == t.Guess {
				id = "baseline-score"
			}
			lines = append(lines, line{b.Name, b.Reason, id, b.MAE, b.RMSE, false})
		}
	} else {
		lines = append(lines, line{t.Guess, "", "baseline-score", t.Baseline["mae"], t.Baseline["rmse"], false})
	}
	slices.SortStableFunc(lines[1:], func(a, b line) int { return cmp.Compare(a.mae, b.mae) })
	most := 0.0
	for _, l := range lines {
		most = max(most, l.mae)
	}
	body := el("tbody")
	for _, l := range lines {
		name := el("th", attr("scope", "row"), txt(upperFirst(l.name)), when(l.reason != "", el("span", class("hint"), txt(l.reason))))
		fill := "base"
		if l.model {
			fill = "model"
		}
		el("tr", keyed(l.name), attr("data-rule", l.name), when(l.model, class("ours")), name,
			el("td", class("num"), attr("data-label", "absolute"), el("b", when(l.id != "", ident(l.id), attr("data-value", plain(l.mae))), txt(number(l.mae)))),
			el("td", class("num"), attr("data-label", "squared"), txt(number(l.rmse))),
			el("td", class("bar-cell"), bar(l.mae/math.Max(most, 1e-300), fill))).join(&body)
	}
	out := Nodes{el("div", class("scroll"), keyed("scores"), attr("tabindex", "0"), attr("role", "region"), attr("aria-label", "Scores"),
		el("table", class("rules scored"), ident("rules"), el("caption", txt("Errors on the time kept aside, in the units of the data: smaller is better.")),
			el("thead", el("tr", el("th", attr("scope", "col"), txt("Forecast by")), el("th", attr("scope", "col"), class("num"), txt("Mean absolute error")), el("th", attr("scope", "col"), class("num"), txt("Root mean squared error")), el("th", attr("scope", "col"), el("span", class("unseen"), txt("as a bar"))))),
			body))}
	if got := a.backtest.got; got != nil && a.backtest.of == r && got.Size > 0 {
		out = append(out, el("p", class("score-line"), keyed("share"), ident("score-share"), txt("A usual value there is "+number(got.Size)+", so the model is off by about "+percent(got.Score.MAE/got.Size)+" of it.")))
	}
	return out
}

// upperFirst begins a label.
func upperFirst(s string) string {
	if s == "" || s[0] < 'a' || s[0] > 'z' {
		return s
	}
	return string(s[0]-'a'+'A') + s[1:]
}

// forecastLine says how good forecasts were, as a sentence.
func (r *outcome) forecastLine() string {
	t := r.test
	return "In " + plural(t.Rows, "forecast", "forecasts") + " of a time it had never seen, the model was off by " + number(t.Metrics["mae"]) + " on average."
}

// forecastCompare says how that stands beside the best rule that was set beside it.
func (r *outcome) forecastCompare() string {
	t := r.test
	model, base := t.Metrics["mae"], t.Baseline["mae"]
	rule := "“" + t.Guess + "”"
	if t.Guess == series.BaselineSeasonal {
		rule = "Saying “as a season before”"
	}
	text := rule + " was off by " + number(base)
	switch {
	case !(base > 0):
		return text + "."
	case model >= base:
		return text + ": the model is no better. More data, another window or another network may help; until then the rule is the better forecast."
	}
	text += ", " + percent(1-model/base) + " of which the model saves."
	if t.Rows < 20 {
		text += " With so few test forecasts the score is only a rough one."
	}
	return text
}
