package page

import (
	"context"
	"strconv"

	"github.com/terrarium-ml/terrarium/bindings"
)

// A profilePart shows where the time of a step goes.
type profilePart struct {
	tool  tool
	found *bindings.ProfileResult
}

func newProfile(a *studio) *profilePart {
	f := &profilePart{tool: tool{app: a, name: "profile", stage: "profile"}}
	f.tool.wire(f.begin)
	return f
}

func (f *profilePart) begin() {
	a := f.tool.app
	f.tool.run("Measuring a step…", func(ctx context.Context, p parsed) error {
		return f.tool.withModel(ctx, p, func(model int) error {
			var found bindings.ProfileResult
			err := a.call(ctx, Request{Method: bindings.MethodModelProfile, Notify: f.tool.hear(nil),
				Params: bindings.ProfileParams{Model: model, Table: a.lesson.table(), BatchSize: p.batch}}, &found)
			if err == nil {
				f.found = &found
				a.state.say("A step takes " + milliseconds(found.Step) + ".")
			}
			return err
		})
	})
}

// milliseconds writes a short time.
func milliseconds(ms float64) string {
	if ms < 0.1 {
		return number(float64(int(ms*1e4+0.5))/10) + " µs"
	}
	return strconv.FormatFloat(ms, 'g', 3, 64) + " ms"
}

func (f *profilePart) view() Node {
	var found Part
	if r := f.found; r != nil {
		sum := r.Rest
		for _, l := range r.Layers {
			sum += l.Forward + l.Backward
		}
		sum = max(sum, 1e-9)
		body := el("tbody")
		row := func(name, kind string, ms float64, l bindings.LayerProfile) {
			el("tr", keyed(name), el("th", attr("scope", "row"), el("span", attr("translate", "no"), txt(name)), el("span", class("quiet"), txt(" "+kind))),
				el("td", bar(ms/sum, "model")), el("td", class("num"), txt(percent(ms/sum))), el("td", class("num"), txt(milliseconds(ms))),
				el("td", class("num"), txt(operations(l.Flops))), el("td", class("num"), txt(size(l.Bytes)))).join(&body)
		}
		for _, l := range r.Layers {
			name := l.Name
			if name == "" {
				name = "loss"
			}
			row(name, l.Class, l.Forward+l.Backward, l)
		}
		row("the rest", "batches, metrics, optimizer", r.Rest, bindings.LayerProfile{})
		found = el("div", class("wrap"), keyed("profile-found"), ident("profile-found"),
			el("p", txt("A step of "+plural(r.Rows, "row", "rows")+" takes "+milliseconds(r.Step)+", measured over "+plural(r.Steps, "step", "steps")+". The parts were measured one by one.")),
			el("div", class("scroll"), attr("tabindex", "0"), attr("role", "region"), attr("aria-label", "Time by layer"),
				el("table", class("profile"), el("thead", el("tr", headings("Layer", "", "Share", "Time", "Operations", "Memory"))), body)))
	}
	return f.tool.frame("Where does the time go?", "Repeats a training step on a copy for about a second and measures every layer.", "Measure a step", nil, found)
}

// operations writes how many floating-point operations something takes.
func operations(n int64) string {
	v, unit := float64(n), ""
	for _, next := range []string{"k", "M", "G", "T"} {
		if v < 1000 {
			break
		}
		v, unit = v/1000, "\u00a0"+next
	}
	if n == 0 {
		return "–"
	}
	return strconv.FormatFloat(v, 'g', 3, 64) + unit
}
