package page

import (
	"slices"
	"strconv"
	"strings"

	"github.com/terrarium-ml/terrarium/core/data/toy"
)

func (s *playStep) views() map[string]Nodes {
	return map[string]Nodes{
		"play-tools": s.toolsView(), "play-plane": s.planeView(), "play-net": {s.networkView()},
		"play-data": {s.dataView()}, "play-tips": s.tipsView(), "play-curve": s.curveView(),
	}
}

func (s *playStep) toolsView() Nodes {
	label := "Play"
	if s.playing {
		label = "Pause"
	}
	none := when(s.model == 0 || s.epoch >= mostEpochs, attr("disabled", ""))
	out := Nodes{el("div", class("tools"),
		button("play", "", "main", label, ident("play"), none),
		button("play.step", "", "second", "One epoch", ident("play-step"), none),
		button("play.reset", "", "second", "Start anew", ident("play-reset"), when(!s.both(), attr("disabled", ""))),
		button("play.again", "", "second", "With another seed", ident("play-again"), when(!s.both(), attr("disabled", ""))),
		el("label", attr("for", "play-speed"), class("inline"), txt("Speed")),
		chooser("play-speed", "play.speed", "", s.set.speed, []choice{{"slow", "slow"}, {"usual", "usual"}, {"fast", "fast"}}))}
	if s.problem != nil {
		out = append(out, s.problem.view("play", "play.dismiss"))
	}
	if !s.both() {
		return append(out, el("p", class("hint"), keyed("draw"), ident("play-draw-hint"), txt("Draw points of both kinds on the plane: the network needs some of each to learn from.")))
	}
	loss := func(id, name, key, acc string) Node {
		v, ok := s.logs[key]
		text := "–"
		if ok {
			text = number(v)
		}
		return el("span", ident(id), attr("data-value", plain(v)), attr("data-acc", plain(s.logs[acc])), txt(name+" "), el("b", txt(text)),
			when(ok, el("span", class("quiet"), txt(" ("+percent(s.logs[acc])+" right)"))))
	}
	return append(out, el("p", class("game-state"), keyed("state"),
		el("span", ident("play-epoch"), attr("data-value", strconv.Itoa(s.epoch)), txt("Epoch "), el("b", txt(count(s.epoch)))),
		loss("play-train", "Training loss", "loss", "acc"), loss("play-test", "Test loss", "val_loss", "val_acc")))
}

// planeView shows the answer as colours, with the points over it: circles are the first
// class, squares the second, those kept aside are hollow.
func (s *playStep) planeView() Nodes {
	picture, side, what := "", planePixels, "what the network answers"
	if s.eye > 0 && s.eye < len(s.names) {
		picture, side, what = s.names[s.eye], tilePixels, "what one unit says"
	} else if len(s.names) > 0 {
		picture = s.names[0]
	}
	svg := el("svg", class("plane-points"), attr("viewBox", "0 0 1000 1000"), attr("aria-hidden", "true"))
	for kind, shape := range []string{"circle", "square"} {
		for _, test := range []bool{false, true} {
			d := s.path(kind, test)
			if d == "" {
				continue
			}
			face := "point " + shape
			el("path", class(face+" rim"), attr("d", d)).join(&svg)
			el("path", class(face+" fill"), attr("d", d)).join(&svg)
			if test {
				el("path", class(face+" hole"), attr("d", d)).join(&svg)
			}
		}
	}
	if c := s.cross; c[0] >= 0 {
		x, y := strconv.Itoa(c[0]), strconv.Itoa(c[1])
		el("path", class("crosshair"), attr("d", "M"+x+" "+y+"m-30 0h60m-30 -30v60")).join(&svg)
	}
	pens := el("div", class("tools pens"), attr("role", "group"), attr("aria-label", "Draw points of"))
	for i, name := range []string{"Blue circles", "Orange squares"} {
		button("play.pen", strconv.Itoa(i), "second small pen-"+strconv.Itoa(i), name, ident("pen-"+strconv.Itoa(i)), attr("aria-pressed", strconv.FormatBool(s.pen == i))).join(&pens)
	}
	all{button("play.undo", "", "second small", "Undo point", ident("play-undo"), when(s.drawn == 0, attr("disabled", ""))),
		button("play.clear", "", "second small", "Empty the plane", ident("play-clear"))}.join(&pens)
	return Nodes{
		el("div", class("plane"), ident("plane"), attr("tabindex", "0"), attr("role", "application"), attr("data-plane", "play.point"),
			attr("aria-label", "The plane: "+plural(len(s.points), "point", "points")+" and "+what+". Arrow keys move a crosshair, the space key draws a point there, 1 and 2 choose its kind, Backspace takes the last one back."),
			el("canvas", attr("width", strconv.Itoa(side)), attr("height", strconv.Itoa(side)), when(picture != "", attr("data-bitmap", picture))), svg),
		pens,
		el("p", class("hint"), txt("Colour is the answer: blue for circles, orange for squares, pale where the network is not sure. Hollow points are kept aside for testing. Click or drag to draw more points.")),
	}
}

// path writes all points of a class, which the style sheet makes visible by its strokes.
func (s *playStep) path(class int, test bool) string {
	var b strings.Builder
	place := func(v float32) string { return strconv.Itoa(int((v/toy.Reach + 1) / 2 * planeSide)) }
	for i, p := range s.points {
		if p.Class == class && s.isTest(i) == test {
			b.WriteString("M" + place(p.X) + " " + place(-p.Y) + "h0")
		}
	}
	return b.String()
}

var featureNames = map[string]string{"x": "x", "y": "y", "xx": "x²", "yy": "y²", "xy": "x · y", "sinx": "sin x", "siny": "sin y"}

// tile is a unit's picture on a button that shows it large.
func (s *playStep) tile(at int, name string) Node {
	return button("play.eye", strconv.Itoa(at), "tile", "", attr("aria-label", name), attr("aria-pressed", strconv.FormatBool(s.eye == at)),
		when(at < len(s.names), el("canvas", attr("width", strconv.Itoa(tilePixels)), attr("height", strconv.Itoa(tilePixels)), attr("data-bitmap", s.named(at)))))
}

func (s *playStep) named(at int) string {
	if at < len(s.names) {
		return s.names[at]
	}
	return ""
}

// networkView draws the network from what it is shown to its answer.
func (s *playStep) networkView() Node {
	p := &s.set
	row := el("div", class("net"), ident("net"))
	shown := el("div", class("net-column"), keyed("features"), el("h3", txt("It is shown")))
	at := 1
	for _, f := range toy.Features() {
		on := slices.Contains(p.features, f)
		line := el("div", class("feature"), keyed(f),
			el("label", class("tick-box"), attr("for", "feature-"+f), el("input", ident("feature-"+f), attr("type", "checkbox"), act("play.feature", f), ticked(on)), txt(featureNames[f])))
		if on {
			s.tile(at, featureNames[f]).join(&line)
			at++
		}
		line.join(&shown)
	}
	shown.join(&row)
	for i, units := range p.hidden {
		n := strconv.Itoa(i)
		column := el("div", class("net-column"), keyed("layer"+n), attr("data-hidden", n), el("h3", txt("Layer "+strconv.Itoa(i+1))),
			el("div", class("units"),
				button("play.units", n+" less", "move", "−", ident("less-"+n), attr("aria-label", "One unit less in layer "+strconv.Itoa(i+1)), when(units <= 1, attr("disabled", ""))),
				el("span", txt(plural(units, "unit", "units"))),
				button("play.units", n+" more", "move", "+", ident("more-"+n), attr("aria-label", "One unit more in layer "+strconv.Itoa(i+1)), when(units >= mostPlayUnits, attr("disabled", "")))))
		tiles := el("div", class("tiles"))
		for k := range units {
			s.tile(at, "Unit "+strconv.Itoa(k+1)+" of layer "+strconv.Itoa(i+1)).join(&tiles)
			at++
		}
		tiles.join(&column)
		column.join(&row)
	}
	el("div", class("net-column"), keyed("more"), el("h3", txt("Layers")),
		el("div", class("net-buttons"),
			button("play.layer", "more", "second small", "Add a layer", ident("layer-more"), when(len(p.hidden) >= mostPlayLayers, attr("disabled", ""))),
			button("play.layer", "less", "second small", "Remove the last", ident("layer-less"), when(len(p.hidden) == 0, attr("disabled", ""))))).join(&row)
	return el("div", class("wrap"), row, el("p", class("hint"), txt("Each small picture is the plane as one unit sees it. Press one to see it large; press it again to go back.")))
}

func (s *playStep) dataView() Node {
	p, c := &s.set, s.set.checks()
	text := func(id, label, hint, value, mode string) Node {
		return field(id, label, hint, c[id], func(more Part) Node { return entry(id, "play."+id, "", value, mode, all{more, settled}) })
	}
	slider := func(id, label, value, most, unit string) Node {
		return field(id, label+": "+value+unit, "", check{}, func(more Part) Node {
			return el("input", ident(id), attr("type", "range"), attr("min", "0"), attr("max", most), attr("step", "1"), act("play."+id, ""), holding(value), attr("aria-valuetext", value+unit), more)
		})
	}
	choose := func(id, label, value string, list []choice) Node {
		return field(id, label, "", check{}, func(more Part) Node { return chooser(id, "play."+id, "", value, list, more) })
	}
	return el("div", class("wrap"),
		el("div", class("fields"), choose("data", "Points", p.kind, kindsOfPoints()),
			when(p.kind != yours, text("points", "How many", "", p.points, "numeric")), when(p.kind != yours, slider("noise", "Noise", p.noise, "50", " %")),
			slider("tests", "Kept aside for testing", p.tests, "50", " %")),
		el("div", class("fields"), choose("activation", "Activation", p.activation, playActivations), choose("optimizer", "Optimizer", p.optimizer, optimizerChoices),
			text("rate", "Learning rate", "", p.rate, "decimal"), text("batch", "Batch size", "", p.batch, "numeric"),
			text("l2", "Weight decay (L2)", "", p.l2, "decimal"), text("seed", "Seed", "The same settings and seed give the same game, to the bit.", p.seed, "numeric")))
}

func (s *playStep) tipsView() Nodes {
	list := el("ul", class("lessons"), ident("lessons"))
	for i, l := range lessons {
		el("li", keyed(strconv.Itoa(i)), el("h3", ident("lesson-"+strconv.Itoa(i)), txt(l.title)), el("p", txt(l.text)), button("play.try", strconv.Itoa(i), "second small", "Set it up", ident("try-"+strconv.Itoa(i)), attr("aria-describedby", "lesson-"+strconv.Itoa(i)))).join(&list)
	}
	return Nodes{list}
}

func (s *playStep) curveView() Nodes {
	if len(s.loss[0]) == 0 {
		return Nodes{el("p", class("empty"), txt("The loss by epoch will stand here once you press Play."))}
	}
	w := min(460, max(s.app.screen.Width()-56, 260))
	p := Plot{ID: "plot-play", Title: "Loss", Width: w, Height: min(w*0.5, 200), Cursor: -1, Best: -1, Epochs: len(s.loss[0]), Curves: []Curve{{"training", "train", s.loss[0]}}}
	legend := el("p", class("legend"), el("span", class("key train"), txt("training")))
	if len(s.loss[1]) > 0 {
		p.Curves = append(p.Curves, Curve{"test", "val", s.loss[1]})
		el("span", class("key val"), txt("test")).join(&legend)
	}
	return Nodes{el("figure", el("figcaption", el("b", txt("Loss")), legend), p.View())}
}
