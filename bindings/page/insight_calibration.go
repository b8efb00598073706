package page

import (
	"math"
)

// A calibrationPart shows whether what is said with 80 % is right in 80 % of cases.
type calibrationPart struct{ in *insight }

func (s *calibrationPart) views() map[string]Nodes {
	return map[string]Nodes{"insight-calibration": s.view()}
}

func (s *calibrationPart) view() Nodes {
	r := s.in.score.got
	if !s.in.usable() || r == nil || r.Calibration == nil || len(r.Calibration.Bins) == 0 {
		return nil
	}
	c := r.Calibration
	text := "On average the probabilities are off by " + percent(c.ECE) + " (expected calibration error). Brier score " + number(c.Brier) + ": the mean square of probability less truth, 0 is perfect."
	switch {
	case c.ECE < 0.05:
		text = "The probabilities can be taken at their word. " + text
	case c.ECE > 0.15:
		text = "The probabilities should not be taken at their word. " + text
	}
	if r.Rows < 100 {
		text += " With so few rows that is rough."
	}
	p := xyPlot{id: "plot-calibration", label: "Calibration: how often it was so, against the probability that was said. " + text, width: s.in.plotWidth(), share: true,
		x: [2]float64{0, 1}, y: [2]float64{0, 1}, xName: "said probability →", yName: "↑ share of rows of which it was so"}
	svg, x, y := p.frame()
	el("path", class("diagonal"), attr("d", "M"+px(x.at(0))+" "+px(y.at(0))+"L"+px(x.at(1))+" "+px(y.at(1)))).join(&svg)
	var rows Nodes
	most := 0
	for _, b := range c.Bins {
		most = max(most, b.Rows)
	}
	for _, b := range c.Bins {
		el("circle", class("dot train"), attr("cx", px(x.at(b.Said))), attr("cy", px(y.at(b.Was))), attr("r", px(3+5*math.Sqrt(float64(b.Rows)/float64(max(most, 1)))))).join(&svg)
		rows = append(rows, el("tr", el("td", class("num"), txt(percent(b.Low)+" to "+percent(b.High))), el("td", class("num"), txt(count(b.Rows))), el("td", class("num"), txt(percent(b.Said))), el("td", class("num"), txt(percent(b.Was)))))
	}
	of := "the likeliest class"
	if r.Two != nil && len(s.in.labels()) == 2 {
		of = "“" + shorten(s.in.labels()[1], 30) + "”"
	}
	return Nodes{panel("calibration", "Are the probabilities honest?", el("p", ident("calibration-text"), txt(text)),
		el("figure", el("figcaption", class("quiet"), txt("Of "+of+". On the dashed line what is said with 80 % is so in 80 % of cases; larger dots are more rows.")), svg),
		folded(sheet("calibration-table", "Calibration", []string{"Said", "Rows", "Mean said", "Was so"}, rows)))}
}
