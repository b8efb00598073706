package page

import (
	"slices"

	"github.com/terrarium-ml/terrarium/bindings"
	"github.com/terrarium-ml/terrarium/core/data/image"
)

// A foundation is an open model that training begins with, in place of a fresh network:
// one of another program, mostly, which has learned from more than is at hand here.
type foundation struct {
	of     *outcome
	keep   string      // what of it stays: bindings.KeepBase …
	pixels image.Range // of a model that takes pictures
}

// A builder is a lesson whose data some models can be trained further on.
type builder interface {
	misfit(info bindings.ModelInfo) string // why not; "" if it can be
	found(f *foundation)                   // training begins with a model; nil: no longer
}

// A basePart is the choice of a foundation.
type basePart struct {
	app *studio
	now *foundation
}

func newBase(a *studio) *basePart {
	s := &basePart{app: a}
	a.on("base.take", func(Action) { s.take() })
	a.on("base.forget", func(Action) { s.set(nil); a.screen.Focus("train") })
	a.on("base.keep", func(act Action) { s.change(func(f *foundation) { f.keep = act.Value }) })
	a.on("base.pixels", func(act Action) { s.change(func(f *foundation) { f.pixels = image.Range(act.Value) }) })
	return s
}

func (s *basePart) change(do func(f *foundation)) {
	if s.now != nil && !s.app.train.busy() {
		do(s.now)
		s.set(s.now)
	}
}

// take makes the open model the foundation.
func (s *basePart) take() {
	r := s.app.result.now
	if r == nil || s.misfit(r) != "" || s.app.train.busy() {
		return
	}
	f := &foundation{of: r, keep: bindings.KeepBase, pixels: image.RangeUnit}
	if r.format == bindings.FormatTeachable {
		f.pixels = image.RangeSigned
	}
	s.set(f)
	s.app.state.say("Training will begin with " + r.info.Name + ".")
	s.app.screen.Settle("base")
}

func (s *basePart) set(f *foundation) {
	old := s.now
	s.now = f
	if old != nil && (f == nil || f.of != old.of) {
		if r := s.app.result.now; r == nil || r.info.Model != old.of.info.Model {
			s.app.dispose(old.of.info.Model)
		}
	}
	if b, ok := s.app.lesson.(builder); ok {
		b.found(f)
	}
	s.app.touchAll()
}

// holds tells whether a model is needed as the foundation.
func (s *basePart) holds(model int) bool { return s.now != nil && s.now.of.info.Model == model }

// lostEngine: the model is gone with it.
func (s *basePart) lostEngine() {
	if s.now != nil {
		s.now = nil
		if b, ok := s.app.lesson.(builder); ok {
			b.found(nil)
		}
	}
}

// misfit says why a model cannot be trained further on what is open.
func (s *basePart) misfit(r *outcome) string {
	b, ok := s.app.lesson.(builder)
	switch {
	case !ok || len(r.info.Inputs) != 1 || len(r.info.Outputs) != 1:
		return "To be trained further it needs a program of yours, by terrarium.js or Go."
	case !s.app.lesson.open():
		return s.app.lesson.missing() + " Then it can be trained further, if it takes what they give."
	}
	return b.misfit(r.info)
}

// offer is the button beside a model that was just opened, or why there is none.
func (s *basePart) offer(r *outcome) Node {
	if s.holds(r.info.Model) {
		return el("p", class("hint"), ident("base-taken"), txt("Training begins with this model: see step 3."))
	}
	if why := s.misfit(r); why != "" {
		return el("p", class("hint"), ident("base-misfit"), txt(why))
	}
	return el("div", class("tools"), button("base.take", "", "second", "Train it further on what is open here", ident("base-take"), when(s.app.train.busy(), attr("disabled", ""))))
}

var pixelChoices = []choice{{string(image.RangeUnit), "0 for black, 1 for white"}, {string(image.RangeSigned), "−1 for black, 1 for white"}, {string(image.RangeBytes), "0 for black, 255 for white"}}

// nodes describe the foundation above the button that trains.
func (s *basePart) nodes() Nodes {
	f := s.now
	if f == nil {
		return nil
	}
	choices := []choice{{bindings.KeepBase, "a fresh last layer alone"}, {bindings.KeepGo, "all of it, with a fresh last layer"}}
	if p := s.app.lesson.prepared(); p != nil && slices.Equal(f.of.info.Outputs[0].Shape, []int{p.Pipeline.Output.Units()}) {
		choices = append(choices, choice{bindings.KeepHead, "all of it, as it is"})
	}
	fields := el("div", class("fields wide"), field("base-keep", "What learns", "The last layer alone is fast, and enough for few examples.", check{}, func(more Part) Node {
		return chooser("base-keep", "base.keep", "", f.keep, choices, more)
	}))
	if len(f.of.info.Inputs[0].Shape) == 3 {
		field("base-pixels", "The numbers of its pixels", "As the program that made it gave them to it: else it sees something else than it has learned.", check{}, func(more Part) Node {
			return chooser("base-pixels", "base.pixels", "", string(f.pixels), pixelChoices, more)
		}).join(&fields)
	}
	return Nodes{el("section", class("publish"), keyed("base"), ident("base"), attr("tabindex", "-1"), attr("aria-label", "What training begins with"),
		el("p", ident("base-name"), txt("Training begins with the model “"+f.of.info.Name+"” ("+f.of.from+"), in place of the network above.")),
		fields, el("div", class("tools"), button("base.forget", "", "second small", "Use the network above instead", ident("base-forget"), when(s.app.train.busy(), attr("disabled", "")))))}
}

// rowOf is the shape of a row that a model takes, with channels last.
func rowOf(info bindings.ModelInfo) []int {
	shape := info.Inputs[0].Shape
	if len(shape) == 3 && shape[2] > 4 && (shape[0] == 1 || shape[0] == 3) {
		return []int{shape[1], shape[2], shape[0]} // as ONNX has it
	}
	return shape
}

// misfit: a model must take pictures.
func (a *Pictures) misfit(info bindings.ModelInfo) string {
	row := rowOf(info)
	if len(row) != 3 || row[2] != 1 && row[2] != 3 || min(row[0], row[1]) < 8 || max(row[0], row[1]) > maxBaseSide {
		return "It does not take pictures of 8 to " + count(maxBaseSide) + " pixels a side with one channel or three, so it cannot be trained further on these."
	}
	return ""
}

// maxBaseSide bounds the pictures that a foundation may want.
const maxBaseSide = 256

// found shows pictures as the foundation wants them.
func (a *Pictures) found(f *foundation) {
	s := a.form
	s.base = f
	if f == nil {
		s.setup.Range = image.RangeFitted
		s.begin(true)
		return
	}
	row := rowOf(f.of.info)
	s.setup.Height, s.setup.Width, s.setup.Channels, s.setup.Range = row[0], row[1], row[2], f.pixels
	s.side = count(max(row[0], row[1]))
	s.chosen()
}

// misfit: a model must take as many numbers as the table's columns become.
func (a *App) misfit(info bindings.ModelInfo) string {
	row, p := info.Inputs[0].Shape, a.prepared()
	switch {
	case p == nil:
		return "Say above what is to be predicted; then it can be trained further, if it takes as many numbers."
	case !slices.Equal(row, []int{len(p.Features)}):
		n := 1
		for _, d := range row {
			n *= d
		}
		return "It takes " + plural(n, "number", "numbers") + " a row, and the columns above become " + count(len(p.Features)) + ": so it cannot be trained further on this table."
	}
	return ""
}

func (a *App) found(*foundation) {}
