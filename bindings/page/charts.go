package page

import (
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/terrarium-ml/terrarium/core/data"
)

// histogram draws a column's bars, 96 × 30, with a summary in words for screen readers.
func histogram(c *data.ColumnProfile) Node {
	const width, height = 96.0, 30.0
	top := 0
	for _, b := range c.Bins {
		top = max(top, b.Count)
	}
	if top == 0 {
		return el("span", class("quiet"), txt("no values"))
	}
	step := width / float64(max(len(c.Bins), 4))
	var d strings.Builder
	for i, b := range c.Bins {
		if b.Count == 0 {
			continue
		}
		h := max(float64(b.Count)/float64(top)*height, 1)
		d.WriteString("M" + px(float64(i)*step+0.5) + " " + px(height) + "v-" + px(h) + "h" + px(step-1) + "v" + px(h) + "z")
	}
	return el("svg", class("histogram"), attr("viewBox", "0 0 96 31"), attr("role", "img"), attr("aria-label", spread(c)),
		el("path", class("bars"), attr("d", d.String())),
		el("path", class("floor"), attr("d", "M0 30.5H96")))
}

// spread says in a few words how a column's values lie.
func spread(c *data.ColumnProfile) string {
	switch c.Kind {
	case data.KindNumber:
		return number(c.Min) + " to " + number(c.Max) + ", middle " + number(c.Median)
	case data.KindDate:
		return day(c.Min) + " to " + day(c.Max)
	}
	distinct := plural(c.Distinct, "value", "values")
	if c.Many {
		distinct = "more than " + distinct
	}
	if len(c.Bins) > 0 && c.Bins[0].Label != "" && (c.Kind == data.KindCategory || c.Kind == data.KindBoolean) {
		return distinct + ", most often " + shorten(c.Bins[0].Label, 24)
	}
	return distinct
}

// bar draws a share of 1 as a horizontal bar.
func bar(share float64, name string) Node {
	if math.IsNaN(share) {
		share = 0
	}
	w := px(min(max(share, 0), 1) * 100)
	return el("svg", class("bar"), attr("viewBox", "0 0 100 10"), attr("preserveAspectRatio", "none"), attr("aria-hidden", "true"),
		el("rect", class("bar-back"), attr("width", "100"), attr("height", "10")),
		el("rect", class("bar-fill "+name), attr("width", w), attr("height", "10")))
}

// maxConfusion is how many classes a confusion matrix shows.
const maxConfusion = 20

// confusion describes a confusion matrix as a table: rows are what was true, columns what
// the model said; the shade is the share of the row. Open names the action of a cell with
// something in it; nil: there is none.
func confusion(labels []string, counts [][]int, open func(truth, said int) Part) Node {
	n := min(len(labels), len(counts), maxConfusion)
	head := el("tr", el("td", class("corner"), txt("true ↓ said →")))
	for _, l := range labels[:n] {
		el("th", attr("scope", "col"), asIs, txt(shorten(l, 18))).join(&head)
	}
	el("th", attr("scope", "col"), class("share"), txt("found")).join(&head)
	body := el("tbody")
	for i := range n {
		sum := 0
		for _, c := range counts[i] {
			sum += c
		}
		row := el("tr", el("th", attr("scope", "row"), asIs, txt(shorten(labels[i], 18))))
		for j := range n {
			share := 0.0
			if sum > 0 {
				share = float64(counts[i][j]) / float64(sum)
			}
			kind := "wrong"
			if i == j {
				kind = "right"
			}
			el("td", class(kind+" shade-"+strconv.Itoa(int(math.Ceil(share*9)))), cell(labels[i], labels[j], counts[i][j], i, j, open)).join(&row)
		}
		found := "–"
		if sum > 0 {
			found = percent(float64(counts[i][i]) / float64(sum))
		}
		el("td", class("share"), txt(found)).join(&row)
		row.join(&body)
	}
	caption := "How many of each true class (lines) the model took for which class (columns)."
	if len(labels) > n {
		caption += " The first " + strconv.Itoa(n) + " of " + count(len(labels)) + " classes are shown."
	}
	return el("div", class("scroll"), attr("tabindex", "0"), attr("role", "region"), attr("aria-label", "Confusion matrix"),
		el("table", class("confusion"), ident("confusion"), el("caption", txt(caption)), el("thead", head), body))
}

// cell is what a place of the matrix holds.
func cell(truth, said string, n, i, j int, open func(truth, said int) Part) Part {
	if open == nil || n == 0 {
		return txt(count(n))
	}
	return el("button", attr("type", "button"), class("cell"), open(i, j),
		attr("aria-label", count(n)+": "+truth+", taken for "+said), txt(count(n)))
}

// scatter draws predicted against true values, with the diagonal of a perfect model.
// Points that fall on the same pixel are drawn once.
func scatter(truth, said []float64, width float64) Node {
	height := min(width, 420)
	lo, hi, ok := extent(truth, said)
	if !ok {
		return el("p", class("quiet"), txt("There is nothing to plot."))
	}
	if lo == hi {
		lo, hi = lo-1, hi+1
	}
	pad := (hi - lo) * 0.03
	left := plotLeft
	for _, v := range ticks(lo-pad, hi+pad, 5) {
		left = max(left, 14+7*float64(utf8.RuneCountInString(number(v))))
	}
	x := scale{lo - pad, hi + pad, left, width - plotRight}
	y := scale{lo - pad, hi + pad, height - plotBottom, plotTop}
	svg := el("svg", class("plot scatter"), ident("scatter"), attr("viewBox", "0 0 "+px(width)+" "+px(height)), attr("role", "img"),
		attr("aria-label", "Predicted against true values of "+plural(len(truth), "test row", "test rows")+"; a perfect model would have all points on the diagonal."))
	for _, v := range ticks(y.lo, y.hi, 5) {
		el("line", class("grid"), attr("x1", px(x.from)), attr("x2", px(x.to)), attr("y1", px(y.at(v))), attr("y2", px(y.at(v)))).join(&svg)
		el("text", class("tick"), attr("x", px(x.from-8)), attr("y", px(y.at(v)+4)), attr("text-anchor", "end"), txt(number(v))).join(&svg)
	}
	for _, v := range ticks(x.lo, x.hi, int(width/100)) {
		el("text", class("tick"), attr("x", px(x.at(v))), attr("y", px(height-plotBottom+17)), attr("text-anchor", "middle"), txt(number(v))).join(&svg)
	}
	el("path", class("frame"), attr("d", "M"+px(x.from)+" "+px(y.to)+"V"+px(y.from)+"H"+px(x.to))).join(&svg)
	el("path", class("diagonal"), attr("d", "M"+px(x.from)+" "+px(y.from)+"L"+px(x.to)+" "+px(y.to))).join(&svg)
	var d strings.Builder
	seen := map[[2]int]bool{}
	for i := range min(len(truth), len(said)) {
		if math.IsNaN(truth[i]+said[i]) || math.IsInf(truth[i]+said[i], 0) {
			continue
		}
		cell := [2]int{int(x.at(truth[i])), int(y.at(said[i]))}
		if seen[cell] {
			continue
		}
		seen[cell] = true
		d.WriteString("M" + strconv.Itoa(cell[0]) + " " + strconv.Itoa(cell[1]) + "h0")
	}
	el("path", class("points"), attr("d", d.String())).join(&svg)
	el("text", class("tick axis"), attr("x", px(x.to)), attr("y", px(height-4)), attr("text-anchor", "end"), txt("true value →")).join(&svg)
	el("text", class("tick axis"), attr("x", px(x.from+6)), attr("y", px(y.to+10)), txt("↑ predicted")).join(&svg)
	return svg
}
