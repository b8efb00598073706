package page

import (
	"strconv"
	"strings"
	"time"
)

// metricTitles name the curves' values.
var metricTitles = map[string]string{"loss": "Loss", "acc": "Accuracy", "mae": "Mean absolute error", "mse": "Mean squared error", "rmse": "Root mean squared error", "r2": "R²"}

func title(metric string) string {
	if t := metricTitles[metric]; t != "" {
		return t
	}
	return words(metric)
}

// plots describes the curves: the loss, and the first metric beside it.
func (s *trainStep) plots() []Plot {
	width := s.app.screen.Width()
	w := min(540, max(width-56, 280))
	var out []Plot
	add := func(name string) {
		p := Plot{ID: "plot-" + name, Title: title(name), Width: w, Height: min(w*0.58, 280), Cursor: s.cursor, Best: s.best, Share: name == "acc"}
		p.Curves = []Curve{{"training", "train", s.inUnits(name)}}
		if _, ok := s.curves["val_"+name]; ok {
			p.Curves = append(p.Curves, Curve{"validation", "val", s.inUnits("val_" + name)})
		}
		p.Epochs = min(s.epochs, max(10, 2*len(s.curves[name])))
		if !s.running() {
			p.Epochs = len(s.curves[name])
		}
		out = append(out, p)
	}
	add("loss")
	for _, name := range s.names {
		if name != "loss" && !strings.HasPrefix(name, "val_") {
			add(name)
			break
		}
	}
	return out
}

// inUnits returns a curve in the target's own units, where it is an error of the target.
func (s *trainStep) inUnits(name string) []float64 {
	list := s.curves[name]
	switch strings.TrimPrefix(name, "val_") {
	case "mae", "rmse":
	default:
		return list
	}
	if s.unit == 1 {
		return list
	}
	out := make([]float64, len(list))
	for i, v := range list {
		out[i] = v * s.unit
	}
	return out
}

func (s *trainStep) views() map[string]Nodes {
	a := s.app
	var out Nodes
	can := !s.busy() && a.state.ready && a.lesson.complete()
	out = append(out, a.base.nodes()...)
	label := "Train"
	if a.result.has() {
		label = "Train again"
	}
	out = append(out, el("div", class("tools go"), keyed("tools"),
		button("train", "", "main", label, ident("train"), when(!can, attr("disabled", ""))),
		s.pauseButton(),
		button("train.stop", "", "second", map[bool]string{false: "Stop", true: "Stopping…"}[s.phase == stopping], ident("stop"),
			when(s.phase != preparing && s.phase != fitting, attr("disabled", ""))),
		when(!a.lesson.open(), el("span", class("quiet"), txt(a.lesson.missing())))))
	if s.problem != nil {
		out = append(out, s.problem.view("train", "train.dismiss"))
	}
	if s.running() {
		out = append(out, s.progressView())
	}
	out = append(out, a.more.coach.nodes()...)
	if len(s.curves["loss"]) > 0 {
		out = append(out, s.curvesView())
		out = append(out, s.insideView()...)
	}
	out = append(out, a.more.nodes()...)
	return map[string]Nodes{"train-view": out}
}

// done returns how many epochs are behind us, with fractions.
func (s *trainStep) done() float64 {
	if n := len(s.pace); n > 0 {
		return s.pace[n-1].epochs
	}
	return 0
}

// speed returns epochs a second, 0 if not known yet.
func (s *trainStep) speed() float64 {
	n := len(s.pace)
	if n < 2 {
		return 0
	}
	passed := s.pace[n-1].at.Sub(s.pace[0].at).Seconds()
	if passed < 0.7 {
		return 0 // too short to say
	}
	return (s.pace[n-1].epochs - s.pace[0].epochs) / passed
}

func (s *trainStep) progressView() Node {
	_, many := s.app.testedOn()
	text := map[phase]string{preparing: "Preparing the data…", judging: "Testing on " + many + " it never saw…", stopping: "Stopping after this step…"}[s.phase]
	if s.phase == fitting && s.pause.held() {
		text = s.pausedText()
	} else if s.phase == fitting {
		text = "Epoch " + count(int(s.done())) + " of " + count(s.epochs)
		if v := s.speed(); v > 0 {
			text += " · " + number(v) + " epochs a second · " + timeLeft(time.Duration((float64(s.epochs)-s.done())/v*float64(time.Second)))
			if s.app.lesson.options().early {
				text += " at most"
			}
		}
	}
	total := float64(s.epochs)
	if s.phase != fitting {
		total = 0
	}
	return el("div", class("progress-line"), keyed("progress"), progress("train-progress", "Training", s.done(), total),
		el("span", ident("train-progress-text"), txt(text)))
}

// curvesView shows the plots, their legend, and the value at the cursor, which a slider
// moves for those without a pointer.
func (s *trainStep) curvesView() Node {
	box := el("div", class("curves"), keyed("curves"), ident("curves"))
	plots := s.plots()
	longest := len(s.curves["loss"])
	for i := range plots {
		p := &plots[i]
		at := longest - 1
		which := "now"
		if s.cursor >= 0 && s.cursor < longest {
			at, which = s.cursor, "epoch "+strconv.Itoa(s.cursor+1)
		} else if !s.running() {
			which = "at the end"
		}
		legend := el("p", class("legend"))
		for _, c := range p.Curves {
			value := "–"
			if at < len(c.Points) {
				value = p.value(c.Points[at])
			}
			el("span", class("key "+c.Class), txt(c.Name+" "), el("b", txt(value))).join(&legend)
		}
		el("figure", keyed(p.ID),
			el("figcaption", el("b", txt(p.Title)), el("span", class("quiet"), txt(" "+which)), legend),
			p.View()).join(&box)
	}
	value := longest
	if s.cursor >= 0 {
		value = min(s.cursor+1, longest)
	}
	el("div", class("reader"), keyed("reader"),
		el("label", attr("for", "epoch-reader"), txt("Read the curves at an epoch")),
		el("input", ident("epoch-reader"), attr("type", "range"), attr("min", "1"), attr("max", strconv.Itoa(max(longest, 1))), act("train.cursor", ""), holding(strconv.Itoa(value)),
			attr("aria-valuetext", "epoch "+strconv.Itoa(value)+": loss: "+plots[0].At(value-1)))).join(&box)
	if s.best >= 0 {
		el("p", class("hint"), keyed("best"), txt("The dotted line marks epoch "+strconv.Itoa(s.best+1)+", the best on the validation part.")).join(&box)
	}
	return box
}
