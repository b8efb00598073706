package page

import (
	"strconv"

	"github.com/terrarium-ml/terrarium/bindings"
)

func (s *thresholdPart) views() map[string]Nodes {
	return map[string]Nodes{"insight-threshold": s.view()}
}

func (s *thresholdPart) view() Nodes {
	in := s.in
	if !in.usable() || s.test == nil || in.score.got == nil || len(in.labels()) != 2 {
		return s.q.view()
	}
	two := in.score.got.Two
	positive := shorten(in.labels()[1], 40)
	c := s.test.at(s.at)
	out := panel("threshold", "From which probability on?",
		el("p", txt("The model says “"+positive+"” where its probability is at least the threshold. A lower threshold finds more of them, and raises more false alarms.")),
		s.slider(c, positive),
		el("div", class("curves"), s.rocView(two, c), s.prView(two, c)),
		when(two.CurveRows < in.score.got.Rows, el("p", class("hint"), txt("The curves are of "+count(two.CurveRows)+" of the "+count(in.score.got.Rows)+" test rows, evenly chosen."))),
		s.quadView(c, positive),
		s.costView(c),
		el("div", class("tools"),
			button("threshold.use", "", "second", "Use this threshold in the model", ident("threshold-use"), when(s.q.busy || s.at == int(two.Threshold*bindings.ThresholdSteps+0.5), attr("disabled", ""))),
			when(s.used, el("span", class("quiet"), ident("threshold-used"), attr("role", "status"), txt("The model answers by this threshold now, and keeps it when it is saved.")))),
		s.q.view())
	return Nodes{out}
}

// slider moves the threshold by a hundredth; the field beside it takes a thousandth.
func (s *thresholdPart) slider(c quad, positive string) Node {
	spoken := s.text() + ": finds " + percent(share(c.found, c.found+c.missed)) + " of “" + positive + "”, and is right in " + percent(share(c.found, c.found+c.alarms)) + " of the cases it says so"
	return el("div", class("reader"),
		el("label", attr("for", "threshold-slider"), txt("Threshold")),
		el("input", ident("threshold-slider"), attr("type", "range"), attr("min", "1"), attr("max", "99"), attr("step", "1"), act("threshold.move", ""), holding(plain(float64((s.at+5)/10))), attr("aria-valuetext", spoken)),
		el("input", ident("threshold-exact"), attr("type", "text"), class("short"), attr("inputmode", "decimal"), attr("autocomplete", "off"), attr("aria-label", "Threshold, to three digits"), act("threshold.type", ""), settled, holding(s.text())))
}

func share(part, of float64) float64 { return part / max(of, 1) }

// marked draws a curve with a mark at the threshold.
func marked(p xyPlot, points [2][]float64, atX, atY float64, diagonal bool) Node {
	svg, x, y := p.frame()
	if diagonal {
		el("path", class("diagonal"), attr("d", "M"+px(x.at(0))+" "+px(y.at(0))+"L"+px(x.at(1))+" "+px(y.at(1)))).join(&svg)
	}
	el("path", class("curve train"), attr("d", through(points[0], points[1], x, y))).join(&svg)
	el("circle", class("dot val"), attr("r", "6"), attr("cx", px(x.at(atX))), attr("cy", px(y.at(atY)))).join(&svg)
	return svg
}

func (s *thresholdPart) rocView(two *bindings.TwoClasses, c quad) Node {
	found, wrong := share(c.found, c.found+c.missed), share(c.alarms, c.alarms+c.rejected)
	area := "Area " + number(two.AUC.Value) + " (95 % interval " + interval("", two.AUC) + "); 0.5 is chance, 1 is perfect."
	p := xyPlot{id: "plot-roc", width: s.in.plotWidth(), share: true, x: [2]float64{0, 1}, y: [2]float64{0, 1}, xName: "false alarms among the others →", yName: "↑ found",
		label: "ROC curve. " + area + " At the threshold " + s.text() + " it finds " + percent(found) + " and raises false alarms for " + percent(wrong) + " of the others."}
	return el("figure", el("figcaption", el("b", txt("ROC curve")), el("p", class("hint"), txt(area))), marked(p, s.test.roc, wrong, found, true))
}

func (s *thresholdPart) prView(two *bindings.TwoClasses, c quad) Node {
	recall, precision := share(c.found, c.found+c.missed), 1.0
	if c.found+c.alarms > 0 {
		precision = c.found / (c.found + c.alarms)
	}
	area := "Average precision " + number(two.AP.Value) + " (95 % interval " + interval("", two.AP) + "); chance is " + number(share(s.test.positives, s.test.positives+s.test.negatives)) + "."
	p := xyPlot{id: "plot-pr", width: s.in.plotWidth(), share: true, x: [2]float64{0, 1}, y: [2]float64{0, 1.02}, xName: "found (recall) →", yName: "↑ right when it says so (precision)",
		label: "Precision and recall. " + area + " At the threshold " + s.text() + " precision is " + percent(precision) + ", recall " + percent(recall) + "."}
	return el("figure", el("figcaption", el("b", txt("Precision and recall")), el("p", class("hint"), txt(area))), marked(p, s.test.pr, recall, precision, false))
}

// quadView is the confusion at the threshold.
func (s *thresholdPart) quadView(c quad, positive string) Node {
	labels := s.in.labels()
	cell := func(id, kind string, n float64) Node {
		return el("td", class(kind+" shade-4"), ident("quad-"+id), attr("data-value", plain(n)), txt(count(int(n))))
	}
	return el("div", class("scroll"), attr("tabindex", "0"), attr("role", "region"), attr("aria-labelledby", "quad-caption"), el("table", class("confusion"), ident("quad"),
		el("caption", ident("quad-caption"), txt("The test rows at the threshold "+s.text()+": "+percent((c.found+c.rejected)/max(c.rows(), 1))+" are judged right.")),
		el("thead", el("tr", el("td", class("corner"), txt("true ↓ said →")), el("th", attr("scope", "col"), asIs, txt(shorten(labels[0], 18))), el("th", attr("scope", "col"), asIs, txt(shorten(labels[1], 18))))),
		el("tbody",
			el("tr", el("th", attr("scope", "row"), asIs, txt(shorten(labels[0], 18))), cell("rejected", "right", c.rejected), cell("alarms", "wrong", c.alarms)),
			el("tr", el("th", attr("scope", "row"), asIs, txt(shorten(labels[1], 18))), cell("missed", "wrong", c.missed), cell("found", "right", c.found)))))
}

// costView asks what mistakes cost, and says which threshold is the cheapest.
func (s *thresholdPart) costView(c quad) Node {
	labels := s.in.labels()
	alarm, miss, ok := s.prices()
	check1 := check{}
	if !ok {
		check1 = check{"Costs are numbers from 0 on, not both 0.", true}
	}
	box := el("div", el("div", class("fields wide"),
		field("cost-alarm", "Cost of a false alarm: “"+shorten(labels[1], 24)+"” is said, “"+shorten(labels[0], 24)+"” is true", "in any unit", check1, func(more Part) Node {
			return entry("cost-alarm", "threshold.cost", "0", s.costs[0], "decimal", more)
		}),
		field("cost-miss", "Cost of a miss: “"+shorten(labels[0], 24)+"” is said, “"+shorten(labels[1], 24)+"” is true", "in the same unit", check{}, func(more Part) Node {
			return entry("cost-miss", "threshold.cost", "1", s.costs[1], "decimal", more)
		})))
	if !ok {
		return box
	}
	cost := c.cost(alarm, miss)
	k, _, _ := s.cheapest()
	where := "the validation rows"
	if s.own {
		where = "these same rows, as there are no validation rows; expect a little more elsewhere"
	}
	text := "At the threshold " + s.text() + " mistakes cost " + number(cost) + " a row on the test rows. The cheapest threshold is " + thresholdText(k) + ", chosen on " + where + "; with it they cost " + number(s.test.at(k).cost(alarm, miss)) + "."
	if k == s.at {
		text = "At the threshold " + s.text() + " mistakes cost " + number(cost) + " a row on the test rows. It is the cheapest one, chosen on " + where + "."
	}
	el("p", ident("cost-text"), attr("data-value", plain(cost)), attr("data-cheapest", strconv.Itoa(k)), txt(text)).join(&box)
	el("div", class("tools"), button("threshold.cheapest", "", "second small", "Go to the cheapest", ident("threshold-cheapest"), when(k == s.at, attr("disabled", "")))).join(&box)
	return box
}
