package page

import (
	"math"
	"strings"
	"unicode/utf8"
)

// An xyPlot is a frame with two axes of numbers.
type xyPlot struct {
	id, label    string
	width        float64
	height       float64 // by the width if 0
	x, y         [2]float64
	xName, yName string
	share        bool // both axes are shares of 1
	shareY       bool // the y axis is
	days         bool // the x axis is days
}

// plotWidth is how wide a plot may be on this screen; two stand side by side on a wide one.
func (s *insight) plotWidth() float64 { return min(460, max(s.app.screen.Width()-64, 260)) }

// frame describes the empty plot, and returns where values go.
func (p *xyPlot) frame() (svg Node, x, y scale) {
	h := p.height
	if h == 0 {
		h = min(p.width*0.72, 330)
	}
	y = scale{p.y[0], p.y[1], h - plotBottom - 4, plotTop + 12}
	svg = el("svg", class("plot"), ident(p.id), attr("viewBox", "0 0 "+px(p.width)+" "+px(h)), attr("role", "img"), attr("aria-label", p.label))
	name := func(v float64, share bool) string {
		if share {
			return round(v)
		}
		return number(v)
	}
	left := plotLeft
	for _, v := range ticks(y.lo, y.hi, 4) {
		left = max(left, 14+7*float64(utf8.RuneCountInString(name(v, p.share || p.shareY))))
	}
	x = scale{p.x[0], p.x[1], left, p.width - plotRight}
	for _, v := range ticks(y.lo, y.hi, 4) {
		el("line", class("grid"), attr("x1", px(x.from)), attr("x2", px(x.to)), attr("y1", px(y.at(v))), attr("y2", px(y.at(v)))).join(&svg)
		el("text", class("tick"), attr("x", px(x.from-8)), attr("y", px(y.at(v)+4)), attr("text-anchor", "end"), txt(name(v, p.share || p.shareY))).join(&svg)
	}
	for _, v := range ticks(x.lo, x.hi, max(int(p.width/110), 3)) {
		label := name(v, p.share)
		if p.days {
			label = day(v)
		}
		el("text", class("tick"), attr("x", px(min(x.at(v), p.width-20))), attr("y", px(y.from+16)), attr("text-anchor", "middle"), txt(label)).join(&svg)
	}
	el("path", class("frame"), attr("d", "M"+px(x.from)+" "+px(y.to)+"V"+px(y.from)+"H"+px(x.to))).join(&svg)
	el("text", class("tick axis"), attr("x", px(x.to)), attr("y", px(h-2)), attr("text-anchor", "end"), txt(p.xName)).join(&svg)
	el("text", class("tick axis"), attr("x", "4"), attr("y", "12"), txt(p.yName)).join(&svg)
	return svg, x, y
}

// round writes a share at an axis: 50 %.
func round(v float64) string { return strings.Replace(percent(v), ".0\u00a0%", "\u00a0%", 1) }

// through is a path through points.
func through(xs, ys []float64, x, y scale) string {
	var b strings.Builder
	pen := byte('M')
	for i, v := range xs {
		if math.IsNaN(v + ys[i]) {
			pen = 'M'
			continue
		}
		b.WriteByte(pen)
		b.WriteString(px(x.at(v)) + " " + px(y.at(ys[i])))
		pen = 'L'
	}
	return b.String()
}

// padded widens a range a little, so that nothing lies on the frame.
func padded(lo, hi float64) [2]float64 {
	if lo == hi {
		lo, hi = lo-max(math.Abs(lo)*0.1, 1e-6), hi+max(math.Abs(hi)*0.1, 1e-6)
	}
	pad := (hi - lo) * 0.05
	return [2]float64{lo - pad, hi + pad}
}
