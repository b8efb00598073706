package page

import (
	"math"
	"strconv"
	"strings"

	"github.com/terrarium-ml/terrarium/bindings"
	"github.com/terrarium-ml/terrarium/core/json"
)

// What a training looks like from inside: the learning rate and the length of the
// gradient by epoch, and how the weights lay at some of them.
type watched struct {
	rate, gradient []float64
	names          []string // of weights
	weights        map[string][]spreadAt
	shown          bool // the user wants to see it
}

// A spreadAt is how a weight lay after so many epochs.
type spreadAt struct {
	epoch int
	bindings.WeightSpread
}

// mostSpreads is how many are kept of a weight: of more, every other one goes.
const mostSpreads = 24

// add takes an epoch's numbers.
func (w *watched) add(e bindings.EpochLog) {
	put := func(list []float64, v *float64) []float64 {
		for len(list) <= e.Epoch {
			list = append(list, math.NaN())
		}
		if v != nil {
			list[e.Epoch] = *v
		}
		return list
	}
	w.rate, w.gradient = put(w.rate, e.Rate), put(w.gradient, e.Gradient)
}

// hear takes how the weights lie.
func (w *watched) hear(params json.RawMessage) {
	var logs bindings.WeightLogs
	if json.Unmarshal(params, &logs) != nil {
		return
	}
	if w.weights == nil {
		w.weights = map[string][]spreadAt{}
	}
	for _, s := range logs.Weights {
		list, known := w.weights[s.Name]
		if !known {
			w.names = append(w.names, s.Name)
		}
		if len(list) >= mostSpreads {
			thin := list[:0]
			for i, old := range list {
				if i%2 == 0 {
					thin = append(thin, old)
				}
			}
			list = thin
		}
		w.weights[s.Name] = append(list, spreadAt{logs.Epoch, s})
	}
}

// insideView shows it on request: drawing it all the time would be wasted.
func (s *trainStep) insideView() Nodes {
	w := &s.watch
	if len(w.rate) == 0 && len(w.names) == 0 {
		return nil
	}
	label := "Look inside the training"
	if w.shown {
		label = "Hide the inside of the training"
	}
	out := Nodes{el("div", class("tools"), keyed("inside-tools"),
		button("train.inside", "", "second small", label, ident("inside-toggle"), attr("aria-expanded", strconv.FormatBool(w.shown))))}
	if !w.shown {
		return out
	}
	box := el("div", class("curves inside"), keyed("inside"), ident("inside"))
	width := min(540, max(s.app.screen.Width()-56, 280))
	for _, c := range []struct {
		id, title, hint string
		points          []float64
	}{
		{"plot-rate", "Learning rate", "How far each step goes.", w.rate},
		{"plot-gradient", "Length of the gradient", "How steep the ground is: near 0 nothing is learned any more, ever longer ones announce an explosion.", w.gradient},
	} {
		p := Plot{ID: c.id, Title: c.title, Width: width, Height: min(width*0.45, 200), Cursor: s.cursor, Best: -1, Epochs: len(c.points), Curves: []Curve{{c.title, "train", c.points}}}
		el("figure", keyed(c.id), el("figcaption", el("b", txt(c.title)), el("span", class("hint"), txt(" "+c.hint))), p.View()).join(&box)
	}
	for _, name := range w.names {
		el("figure", class("ridge-figure"), keyed("ridge-"+name), el("figcaption", el("b", attr("translate", "no"), txt(name)), el("span", class("hint"), txt(" its weights, from the start (top) to now"))),
			ridges(name, w.weights[name])).join(&box)
	}
	return append(out, box)
}

// ridges draws histograms behind each other, the newest in front.
func ridges(name string, list []spreadAt) Node {
	const width, step, height = 300.0, 9.0, 34.0
	lo, hi := math.Inf(1), math.Inf(-1)
	for _, s := range list {
		lo, hi = min(lo, s.Low), max(hi, s.High)
	}
	if !(hi > lo) {
		lo, hi = lo-1, lo+1
	}
	x := scale{lo, hi, 6, width - 40}
	total := height + step*float64(len(list)) + 18
	first, last := list[0], list[len(list)-1]
	svg := el("svg", class("ridges"), attr("viewBox", "0 0 "+px(width)+" "+px(total)), attr("role", "img"),
		attr("aria-label", name+": at first from "+number(first.Low)+" to "+number(first.High)+", now from "+number(last.Low)+" to "+number(last.High)))
	base := height
	for i, s := range list {
		top := 0
		for _, n := range s.Counts {
			top = max(top, n)
		}
		base = height + step*float64(i)
		var d strings.Builder
		d.WriteString("M" + px(x.at(s.Low)) + " " + px(base))
		wide := (s.High - s.Low) / float64(max(len(s.Counts), 1))
		for k, n := range s.Counts {
			d.WriteString("L" + px(x.at(s.Low+(float64(k)+0.5)*wide)) + " " + px(base-float64(n)/float64(max(top, 1))*(height-4)))
		}
		d.WriteString("L" + px(x.at(s.High)) + " " + px(base) + "z")
		el("path", class("ridge"), attr("d", d.String())).join(&svg)
		if i == 0 || i == len(list)-1 || len(list) < 8 {
			el("text", class("tick"), attr("x", px(width-34)), attr("y", px(base)), txt(count(s.epoch))).join(&svg)
		}
	}
	for _, v := range ticks(lo, hi, 3) {
		el("text", class("tick"), attr("x", px(x.at(v))), attr("y", px(base+14)), attr("text-anchor", "middle"), txt(number(v))).join(&svg)
	}
	return svg
}
