package page

import (
	"cmp"
	"math"
	"strings"
)

// A Curve is one line of a Plot: a value an epoch, NaN where there is none.
type Curve struct {
	Name   string
	Class  string // "train" or "val": colour and dash in the style sheet
	Points []float64
}

// A Plot draws curves over epochs as SVG, with ticks, a grid and a cursor.
type Plot struct {
	ID, Title     string
	Curves        []Curve
	Width, Height float64
	Epochs        int    // the axis reaches at least to this epoch, so that it does not jump
	Cursor        int    // an index into Points to point at, or -1
	Best          int    // an epoch to mark as the best, or -1
	Share         bool   // values are shares of 1, written in percent
	Axis          string // what is counted from left to right; "" means epochs
}

const plotLeft, plotRight, plotTop, plotBottom = 52.0, 12.0, 10.0, 33.0

func (p *Plot) scales() (x, y scale) {
	last := max(p.Epochs, 2)
	lists := make([][]float64, len(p.Curves))
	for i, c := range p.Curves {
		last = max(last, len(c.Points))
		lists[i] = c.Points
	}
	lo, hi, ok := extent(lists...)
	if !ok {
		lo, hi = 0, 1
	}
	if lo >= 0 && lo < hi*0.6 {
		lo = 0
	}
	if hi == lo {
		lo, hi = lo-0.5*max(math.Abs(lo), 1e-6), hi+0.5*max(math.Abs(hi), 1e-6)
	}
	hi += (hi - lo) * 0.04
	if p.Share && hi > 1 && hi < 1.05 {
		hi = 1
	}
	return scale{1, float64(last), plotLeft, p.Width - plotRight}, scale{lo, hi, p.Height - plotBottom, plotTop}
}

func (p *Plot) value(v float64) string {
	if p.Share {
		return percent(v)
	}
	return number(v)
}

// View describes the plot. Its data-plot attribute lets a pointer move the cursor.
func (p *Plot) View() Node {
	x, y := p.scales()
	svg := el("svg", class("plot"), ident(p.ID), attr("viewBox", "0 0 "+px(p.Width)+" "+px(p.Height)),
		attr("role", "img"), attr("aria-label", p.Summary()), attr("data-plot", p.ID))
	for _, v := range ticks(y.lo, y.hi, 4) {
		label := number(v)
		if p.Share {
			label = strings.TrimSuffix(percent(v), "\u00a0%")
			label = strings.TrimSuffix(label, ".0") + "\u00a0%"
		}
		el("line", class("grid"), attr("x1", px(x.from)), attr("x2", px(x.to)), attr("y1", px(y.at(v))), attr("y2", px(y.at(v)))).join(&svg)
		el("text", class("tick"), attr("x", px(x.from-8)), attr("y", px(y.at(v)+4)), attr("text-anchor", "end"), txt(label)).join(&svg)
	}
	for _, v := range ticks(x.lo, x.hi, max(int(p.Width/90), 4)) {
		if v != math.Trunc(v) {
			continue
		}
		el("text", class("tick"), attr("x", px(x.at(v))), attr("y", px(p.Height-plotBottom+17)), attr("text-anchor", "middle"), txt(number(v))).join(&svg)
	}
	el("text", class("tick axis"), attr("x", px(x.to)), attr("y", px(p.Height-4)), attr("text-anchor", "end"), txt(cmp.Or(p.Axis, "epoch"))).join(&svg)
	el("path", class("frame"), attr("d", "M"+px(x.from)+" "+px(y.to)+"V"+px(y.from)+"H"+px(x.to))).join(&svg)
	if p.Best >= 0 {
		at := px(x.at(float64(p.Best + 1)))
		el("line", class("best"), attr("x1", at), attr("x2", at), attr("y1", px(y.from)), attr("y2", px(y.to))).join(&svg)
	}
	for _, c := range p.Curves {
		el("path", class("curve "+c.Class), attr("d", polyline(c.Points, x, y))).join(&svg)
	}
	if p.Cursor >= 0 {
		at := px(x.at(float64(p.Cursor + 1)))
		el("line", class("cursor"), attr("x1", at), attr("x2", at), attr("y1", px(y.from)), attr("y2", px(y.to))).join(&svg)
		for _, c := range p.Curves {
			if p.Cursor < len(c.Points) && !math.IsNaN(c.Points[p.Cursor]) && !math.IsInf(c.Points[p.Cursor], 0) {
				el("circle", class("dot "+c.Class), attr("r", "4"), attr("cx", at), attr("cy", px(y.at(c.Points[p.Cursor])))).join(&svg)
			}
		}
	}
	return svg
}

// Index returns which epoch lies under a pointer, at share 0 … 1 of the plot's width.
func (p *Plot) Index(share float64) int {
	x, _ := p.scales()
	v := x.lo + (share*p.Width-x.from)/(x.to-x.from)*(x.hi-x.lo)
	longest := 0
	for _, c := range p.Curves {
		longest = max(longest, len(c.Points))
	}
	return min(max(int(math.Round(v))-1, 0), longest-1)
}

// At writes the values at one epoch: "epoch 12: training 0.31, validation 0.35".
func (p *Plot) At(i int) string {
	var parts []string
	for _, c := range p.Curves {
		if i >= 0 && i < len(c.Points) {
			parts = append(parts, c.Name+" "+p.value(c.Points[i]))
		}
	}
	return strings.Join(parts, ", ")
}

// Summary says in words what the plot shows, for those who do not see it.
func (p *Plot) Summary() string {
	var parts []string
	for _, c := range p.Curves {
		if n := len(c.Points); n > 0 {
			parts = append(parts, c.Name+" from "+p.value(c.Points[0])+" to "+p.value(c.Points[n-1]))
		}
	}
	if len(parts) == 0 {
		return p.Title + ": nothing to show yet"
	}
	return p.Title + ": " + strings.Join(parts, "; ")
}

// polyline writes a path through the points. Where there are more points than pixels,
// each pixel column shows its lowest and highest value.
func polyline(points []float64, x, y scale) string {
	var b strings.Builder
	pen := false
	put := func(i int, v float64) {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			pen = false
			return
		}
		if pen {
			b.WriteByte('L')
		} else {
			b.WriteByte('M')
		}
		pen = true
		b.WriteString(px(x.at(float64(i + 1))))
		b.WriteByte(' ')
		b.WriteString(px(y.at(v)))
	}
	columns := int(math.Abs(x.to - x.from))
	if len(points) <= 2*columns {
		for i, v := range points {
			put(i, v)
		}
		if len(points) == 1 && pen {
			b.WriteString("h.1") // a single point shows as a dot
		}
		return b.String()
	}
	for c := range columns {
		from, to := c*len(points)/columns, (c+1)*len(points)/columns
		lo, hi := from, from
		for i := from; i < to; i++ {
			if points[i] < points[lo] {
				lo = i
			}
			if points[i] > points[hi] {
				hi = i
			}
		}
		put(min(lo, hi), points[min(lo, hi)])
		if lo != hi {
			put(max(lo, hi), points[max(lo, hi)])
		}
	}
	return b.String()
}
