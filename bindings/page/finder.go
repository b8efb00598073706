package page

import (
	"context"
	"math"

	"github.com/terrarium-ml/terrarium/bindings"
)

// A finderPart looks for a learning rate: a few steps at rates that grow from step to
// step, and what the loss does meanwhile.
type finderPart struct {
	tool  tool
	found *bindings.RateResult
}

func newFinder(a *studio) *finderPart {
	f := &finderPart{tool: tool{app: a, name: "find-rate", stage: "rate"}}
	f.tool.wire(f.begin)
	a.on("find-rate.use", func(Action) {
		if f.found != nil && !a.train.busy() {
			a.more.coach.apply("learning rate "+tidy(f.found.Suggested), func() { a.Do(Action{Name: "option.rate", Value: tidy(f.found.Suggested)}) })
		}
	})
	return f
}

func (f *finderPart) begin() {
	a := f.tool.app
	f.tool.run("Trying learning rates…", func(ctx context.Context, p parsed) error {
		return f.tool.withModel(ctx, p, func(model int) error {
			var found bindings.RateResult
			err := a.call(ctx, Request{Method: bindings.MethodModelFindRate, Notify: f.tool.hear(nil),
				Params: bindings.FindRateParams{Model: model, Table: a.lesson.table(), BatchSize: p.batch}}, &found)
			if err == nil {
				f.found = &found
				a.state.say("A learning rate of " + tidy(found.Suggested) + " looks good.")
			}
			return err
		})
	})
}

func (f *finderPart) view() Node {
	var found Part
	if r := f.found; r != nil && len(r.Rates) > 1 {
		a := f.tool.app
		text := "The loss falls fastest at a rate of about " + tidy(r.Suggested) + "."
		if r.Diverged {
			text += " Beyond " + tidy(r.Rates[len(r.Rates)-1]) + " it explodes."
		}
		found = all{el("figure", keyed("rates"), el("figcaption", el("b", txt("Loss by learning rate"))), ratePlot(r, min(540, max(a.screen.Width()-72, 260)))),
			el("p", keyed("rate-said"), ident("rate-said"), attr("data-value", plain(r.Suggested)), txt(text)),
			el("div", class("tools"), keyed("rate-use"), button("find-rate.use", "", "main", "Use this rate", ident("use-rate"), when(a.train.busy(), attr("disabled", ""))))}
	}
	return f.tool.frame("Find a learning rate", "Trains a hundred steps on a copy, each with a higher rate, and watches the loss. Your model stays as it is.", "Find a learning rate", nil, found)
}

// ratePlot draws the loss over the logarithm of the rate.
func ratePlot(r *bindings.RateResult, width float64) Node {
	height := min(width*0.5, 240)
	top := math.Inf(-1)
	for i, v := range r.Losses { // an explosion would press everything else flat
		if finite(v) && (i == 0 || v <= 2*r.Losses[0]) {
			top = max(top, v)
		}
	}
	lo, _, ok := extent(r.Losses)
	if !ok || top <= lo {
		top = lo + 1
	}
	x := scale{math.Log10(r.Rates[0]), math.Log10(r.Rates[len(r.Rates)-1]), plotLeft, width - plotRight}
	y := scale{lo, top + (top-lo)*0.05, height - plotBottom, plotTop}
	svg := el("svg", class("plot"), ident("plot-find-rate"), attr("viewBox", "0 0 "+px(width)+" "+px(height)), attr("role", "img"),
		attr("aria-label", "Loss by learning rate, from "+tidy(r.Rates[0])+" to "+tidy(r.Rates[len(r.Rates)-1])+"; suggested: "+tidy(r.Suggested)))
	for _, v := range ticks(y.lo, y.hi, 4) {
		el("line", class("grid"), attr("x1", px(x.from)), attr("x2", px(x.to)), attr("y1", px(y.at(v))), attr("y2", px(y.at(v)))).join(&svg)
		el("text", class("tick"), attr("x", px(x.from-8)), attr("y", px(y.at(v)+4)), attr("text-anchor", "end"), txt(number(v))).join(&svg)
	}
	step := max(1, int(math.Ceil((x.hi-x.lo)/(width/70))))
	for e := int(math.Ceil(x.lo)); e <= int(math.Floor(x.hi)); e += step {
		el("text", class("tick"), attr("x", px(x.at(float64(e)))), attr("y", px(height-plotBottom+17)), attr("text-anchor", "middle"), txt(plain(math.Pow(10, float64(e))))).join(&svg)
	}
	el("text", class("tick axis"), attr("x", px(x.to)), attr("y", px(height-4)), attr("text-anchor", "end"), txt("learning rate")).join(&svg)
	el("path", class("frame"), attr("d", "M"+px(x.from)+" "+px(y.to)+"V"+px(y.from)+"H"+px(x.to))).join(&svg)
	d := ""
	for i, v := range r.Losses {
		if !finite(v) || v > y.hi {
			continue
		}
		pen := "L"
		if d == "" {
			pen = "M"
		}
		d += pen + px(x.at(math.Log10(r.Rates[i]))) + " " + px(y.at(v))
	}
	el("path", class("curve train"), attr("d", d)).join(&svg)
	at := px(x.at(math.Log10(r.Suggested)))
	el("line", class("best"), attr("x1", at), attr("x2", at), attr("y1", px(y.from)), attr("y2", px(y.to))).join(&svg)
	el("text", class("tick"), attr("x", at), attr("y", px(y.to+10)), attr("text-anchor", "middle"), txt("suggested")).join(&svg)
	return svg
}
