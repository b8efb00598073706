package page

import (
	"strconv"
)

// curveView shows how the answer moves with one column: on average, and for single rows.
func (s *whyColumnsPart) curveView() Node {
	c := s.curve
	output := s.in.of.info.Pipeline.Output
	answer := output.Name
	value := number
	if s.in.classes() {
		answer, value = "probability of “"+shorten(s.in.labels()[s.of()], 30)+"”", percent
	}
	lo, hi, _ := extent(c.Mean)
	low, high := 0, 0
	for i, v := range c.Mean {
		if v < c.Mean[low] {
			low = i
		}
		if v > c.Mean[high] {
			high = i
		}
	}
	text := "With other values of “" + c.Column + "” and all else as it is, the mean " + answer + " goes from " + value(lo) + " (at " + s.point(low) + ") to " + value(hi) + " (at " + s.point(high) + ")."
	box := el("div", class("one-column"), keyed("one-column"), el("h4", ident("one-column-title"), attr("tabindex", "-1"), asIs, txt(c.Column)), el("p", ident("column-text"), txt(text)))
	if s.in.classes() && len(s.in.labels()) > 2 {
		var list []choice
		for k, l := range s.in.labels() {
			list = append(list, choice{strconv.Itoa(k), shorten(l, 60)})
		}
		field("why-class", "Probability of", "", check{}, func(more Part) Node {
			return chooser("why-class", "why.class", "", strconv.Itoa(s.of()), list, asIs, class("short"), more)
		}).join(&box)
	}
	el("figure", el("figcaption", el("p", class("legend"), el("span", class("key train"), txt("mean of "+plural(c.Rows, "row", "rows"))), el("span", class("quiet"), txt("thin: single rows; where they cross, the column acts together with another")))), s.curvePlot(text)).join(&box)
	var rows Nodes
	for i := range c.Mean {
		rows = append(rows, el("tr", el("td", asIs, txt(s.point(i))), el("td", class("num"), txt(value(c.Mean[i]))), el("td", class("num"), txt(value(c.SD[i])))))
	}
	folded(sheet("column-table", "The answer by the value of "+c.Column, []string{"Value", "Mean answer", "Standard deviation"}, rows)).join(&box)
	el("p", class("hint"), txt("A value may go with other columns to rows that do not exist: columns that move together mislead here.")).join(&box)
	return box
}

// point writes the value at a place of the grid.
func (s *whyColumnsPart) point(i int) string {
	c := s.curve
	switch {
	case i < len(c.Labels):
		if c.Labels[i] == "" {
			return "(missing)"
		}
		return shorten(c.Labels[i], 30)
	case c.Date:
		return day(c.Grid[i])
	}
	return number(c.Grid[i])
}

func (s *whyColumnsPart) curvePlot(label string) Node {
	c := s.curve
	lists := append([][]float64{c.Mean}, c.Curves...)
	lo, hi, _ := extent(lists...)
	span := padded(lo, hi)
	if s.in.classes() {
		span = [2]float64{0, 1}
	}
	left, right, _ := extent(c.Grid)
	p := xyPlot{id: "plot-column", label: label, width: min(620, max(s.in.app.screen.Width()-64, 260)), x: padded(left, right), y: span, xName: c.Column + " →", yName: "↑ answer", days: c.Date, shareY: s.in.classes()}
	if len(c.Labels) > 0 {
		return s.wordsPlot(p)
	}
	svg, x, y := p.frame()
	for _, curve := range c.Curves {
		el("path", class("ice"), attr("d", through(c.Grid, curve, x, y))).join(&svg)
	}
	el("path", class("curve train"), attr("d", through(c.Grid, c.Mean, x, y))).join(&svg)
	return svg
}

// wordsPlot has a bar for each category, with the spread of the rows.
func (s *whyColumnsPart) wordsPlot(p xyPlot) Node {
	c := s.curve
	n := min(len(c.Labels), 24)
	p.x = [2]float64{-0.5, float64(n) - 0.5}
	svg, x, y := p.frame()
	svg.Kids = withoutTicks(svg.Kids, y.from+16)
	for i := range n {
		at := px(x.at(float64(i)))
		el("line", class("whisker val"), attr("x1", at), attr("x2", at), attr("y1", px(y.at(c.Mean[i]-c.SD[i]))), attr("y2", px(y.at(c.Mean[i]+c.SD[i])))).join(&svg)
		el("circle", class("dot train"), attr("r", "6"), attr("cx", at), attr("cy", px(y.at(c.Mean[i])))).join(&svg)
		el("text", class("tick"), attr("x", at), attr("y", px(y.from+16)), attr("text-anchor", "middle"), asIs, txt(shorten(s.point(i), max(3, int((x.to-x.from)/float64(n)/7))))).join(&svg)
	}
	return svg
}

// withoutTicks takes the numbers of the x axis off a frame, for words in their place.
func withoutTicks(kids []Node, y float64) []Node {
	var left []Node
	for _, k := range kids {
		if k.Tag != "text" || k.get("y") != px(y) {
			left = append(left, k)
		}
	}
	return left
}
