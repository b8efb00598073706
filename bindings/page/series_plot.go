package page

import (
	"math"
	"strconv"
	"strings"

	"github.com/terrarium-ml/terrarium/core/data"
	"github.com/terrarium-ml/terrarium/core/data/series"
)

// A spot is a value at a place of a series, counted in periods.
type spot struct{ at, value float64 }

// A timeLine is one line of a timePlot.
type timeLine struct {
	class  string
	points []spot
}

// A timeBand is a stretch of time with a colour and a name: a part of the split.
type timeBand struct {
	from, to     float64 // places, the latter not included
	class, label string
}

// A timeRange is an interval at each of consecutive places.
type timeRange struct {
	from      float64
	low, high []float64
}

// A timePlot draws values over time as SVG. Places are periods from first on.
type timePlot struct {
	id, title     string
	frequency     series.Frequency
	first         int     // number of the period at place 0
	from, to      float64 // the places that are shown, the latter not included
	width, height float64
	lines         []timeLine
	interval      *timeRange
	bands         []timeBand
	filled        [][2]float64
	dots          []timeLine // single values
	mark          float64    // a place with a line across, NaN or 0 for none
}

func (p *timePlot) scales() (x, y scale) {
	lo, hi := math.Inf(1), math.Inf(-1)
	see := func(v float64) {
		if !math.IsNaN(v) && !math.IsInf(v, 0) {
			lo, hi = min(lo, v), max(hi, v)
		}
	}
	for _, list := range [][]timeLine{p.lines, p.dots} {
		for _, l := range list {
			for _, at := range l.points {
				see(at.value)
			}
		}
	}
	if p.interval != nil {
		for i := range p.interval.low {
			see(p.interval.low[i])
			see(p.interval.high[i])
		}
	}
	if lo > hi {
		lo, hi = 0, 1
	}
	if lo >= 0 && lo < hi*0.6 {
		lo = 0
	}
	if hi == lo {
		lo, hi = lo-0.5*max(math.Abs(lo), 1e-6), hi+0.5*max(math.Abs(hi), 1e-6)
	}
	pad := (hi - lo) * 0.04
	if lo != 0 {
		lo -= pad
	}
	left := plotLeft
	if a := max(math.Abs(lo), math.Abs(hi)); a >= 10000 {
		left += 14 // room for the digits
	}
	return scale{p.from - 0.5, p.to - 0.5, left, p.width - plotRight}, scale{lo, hi + pad, p.height - plotBottom + 8, plotTop + 4}
}

// view describes the plot. The summary stands for it where it is not seen.
func (p *timePlot) view() Node {
	x, y := p.scales()
	svg := el("svg", class("plot time"), ident(p.id), attr("viewBox", "0 0 "+px(p.width)+" "+px(p.height)), attr("role", "img"), attr("aria-label", p.title))
	for _, b := range p.bands {
		from, to := x.at(max(b.from, p.from)-0.5), x.at(min(b.to, p.to)-0.5)
		if to <= from {
			continue
		}
		el("rect", class("part "+b.class), attr("data-part", b.class), attr("x", px(from)), attr("y", px(y.to-4)), attr("width", px(to-from)), attr("height", px(y.from-y.to+4))).join(&svg)
		if to-from > 9*float64(len(b.label))*0.72 {
			el("text", class("tick"), attr("x", px(from+4)), attr("y", px(y.to+9)), txt(b.label)).join(&svg)
		}
	}
	for _, f := range p.filled {
		from, to := x.at(max(f[0], p.from)-0.5), x.at(min(f[1], p.to)-0.5)
		if to > from {
			el("rect", class("gap"), attr("x", px(from)), attr("y", px(y.from-5)), attr("width", px(max(to-from, 1.5))), attr("height", "5")).join(&svg)
		}
	}
	for _, v := range ticks(y.lo, y.hi, max(int(p.height/55), 2)) {
		el("line", class("grid"), attr("x1", px(x.from)), attr("x2", px(x.to)), attr("y1", px(y.at(v))), attr("y2", px(y.at(v)))).join(&svg)
		el("text", class("tick"), attr("x", px(x.from-8)), attr("y", px(y.at(v)+4)), attr("text-anchor", "end"), txt(number(v))).join(&svg)
	}
	for _, t := range p.dates(x) {
		el("text", class("tick"), asIs, attr("x", px(x.at(t.at))), attr("y", px(y.from+17)), attr("text-anchor", t.anchor), txt(t.label)).join(&svg)
		el("line", class("grid"), attr("x1", px(x.at(t.at))), attr("x2", px(x.at(t.at))), attr("y1", px(y.from)), attr("y2", px(y.from+4))).join(&svg)
	}
	el("path", class("frame"), attr("d", "M"+px(x.from)+" "+px(y.to)+"V"+px(y.from)+"H"+px(x.to))).join(&svg)
	if p.interval != nil && len(p.interval.low) > 0 {
		el("path", class("interval"), attr("d", p.interval.path(x, y))).join(&svg)
	}
	if p.mark > 0 {
		at := px(x.at(p.mark))
		el("line", class("best"), attr("x1", at), attr("x2", at), attr("y1", px(y.from)), attr("y2", px(y.to))).join(&svg)
	}
	for _, l := range p.lines {
		el("path", class("curve "+l.class), attr("d", l.path(x, y))).join(&svg)
	}
	for _, l := range p.dots {
		for _, at := range l.points {
			el("circle", class("dot "+l.class), attr("r", "3"), attr("cx", px(x.at(at.at))), attr("cy", px(y.at(at.value)))).join(&svg)
		}
	}
	return svg
}

// pen is how a path goes to its i-th point.
func pen(i int) byte {
	if i == 0 {
		return 'M'
	}
	return 'L'
}

func (l *timeLine) path(x, y scale) string {
	var b strings.Builder
	for i, at := range l.points {
		b.WriteByte(pen(i))
		b.WriteString(px(x.at(at.at)))
		b.WriteByte(' ')
		b.WriteString(px(y.at(at.value)))
	}
	if len(l.points) == 1 {
		b.WriteString("h.1")
	}
	return b.String()
}

func (r *timeRange) path(x, y scale) string {
	var b strings.Builder
	put := func(letter byte, i int, v float64) {
		b.WriteByte(letter)
		b.WriteString(px(x.at(r.from + float64(i))))
		b.WriteByte(' ')
		b.WriteString(px(y.at(v)))
	}
	for i, v := range r.high {
		put(pen(i), i, v)
	}
	for i := len(r.low) - 1; i >= 0; i-- {
		put('L', i, r.low[i])
	}
	if len(r.low) == 1 { // one period: a bar
		b.Reset()
		at := x.at(r.from)
		return "M" + px(at-4) + " " + px(y.at(r.high[0])) + "H" + px(at+4) + "V" + px(y.at(r.low[0])) + "H" + px(at-4) + "Z"
	}
	b.WriteByte('Z')
	return b.String()
}

// steps are over how many periods the ticks of a frequency may go.
var steps = map[series.Frequency][]int{
	series.Hourly:    {1, 6, 12, 24, 48, 168, 336, 672, 8736, 43680},
	series.Daily:     {1, 7, 14, 28, 91, 182, 364, 728, 3640},
	series.Weekly:    {1, 4, 13, 26, 52, 104, 260, 520},
	series.Monthly:   {1, 3, 6, 12, 24, 60, 120, 240},
	series.Quarterly: {1, 2, 4, 8, 20, 40, 80},
	series.Yearly:    {1, 2, 5, 10, 20, 50, 100},
}

type dateTick struct {
	at            float64
	label, anchor string
}

// dates are the ticks under a plot, at least 96 pixels apart.
func (p *timePlot) dates(x scale) []dateTick {
	most := max((x.to-x.from)/96, 1)
	list := steps[p.frequency]
	step := list[len(list)-1]
	for _, s := range list {
		if (p.to-p.from)/float64(s) <= most {
			step = s
			break
		}
	}
	for (p.to-p.from)/float64(step) > most {
		step *= 2
	}
	var out []dateTick
	for at := int(math.Ceil(p.from)); float64(at) < p.to; at++ {
		period := p.first + at
		if ((period%step)+step)%step != 0 {
			continue
		}
		label := periodName(p.frequency, period)
		if step%12 == 0 && p.frequency == series.Monthly {
			label = strconv.Itoa(period / 12)
		}
		if step%24 == 0 && p.frequency == series.Hourly {
			label, _, _ = strings.Cut(label, " ")
		}
		anchor := "middle"
		if at := x.at(float64(at)); at > x.to-30 {
			anchor = "end"
		} else if at < x.from+12 {
			anchor = "start"
		}
		out = append(out, dateTick{float64(at), label, anchor})
	}
	return out
}

// periodName writes a period: 2024-05 is a month.
func periodName(f series.Frequency, period int) string {
	return momentName(f, f.Start(period))
}

// momentName writes the period that a moment lies in.
func momentName(f series.Frequency, days float64) string {
	text := day(days)
	switch f {
	case series.Hourly:
		return text + " " + two(int(math.Floor((days-math.Floor(days))*24+0.01))) + ":00"
	case series.Monthly:
		return text[:min(7, len(text))]
	case series.Quarterly:
		_, month, _ := data.Date(int(days))
		return text[:min(4, len(text))] + " Q" + strconv.Itoa((month+2)/3)
	case series.Yearly:
		return text[:min(4, len(text))]
	}
	return text
}

func two(n int) string {
	if n < 10 {
		return "0" + strconv.Itoa(n)
	}
	return strconv.Itoa(n)
}

// summary says in words what a line does.
func summary(points []spot) string {
	if len(points) == 0 {
		return "nothing to show"
	}
	lo, hi := points[0].value, points[0].value
	for _, p := range points {
		lo, hi = min(lo, p.value), max(hi, p.value)
	}
	return "from " + number(points[0].value) + " to " + number(points[len(points)-1].value) + ", between " + number(lo) + " and " + number(hi)
}
