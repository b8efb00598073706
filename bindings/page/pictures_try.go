package page

import (
	"context"
	"math"
	"strconv"
	"time"

	"github.com/terrarium-ml/terrarium/bindings"
	"github.com/terrarium-ml/terrarium/core/data"
	"github.com/terrarium-ml/terrarium/core/data/image"
)

// trySide is the side at which the picture that was asked about is shown.
const trySide = 224

// A tryStep is step 6: a picture that the model has not seen, and what it says to it.
type tryStep struct {
	app     *Pictures
	of      *outcome
	drawing []image.Stroke
	turn    int // of the pad
	last    *question
	answer  *bindings.RowResult
	looked  []float64 // of the answer, grid × grid
	grid    int
	bitmap  string // of the answer
	overlay bool   // where the model looked is shown
	problem *problem
	serial  int
	pixels  *pixelsPart
}

// A question is a picture to ask about.
type question struct {
	params bindings.ClassifyParams
	files  []File
	bytes  [][]byte
	what   string
}

func newTry(a *Pictures) *tryStep {
	s := &tryStep{app: a, overlay: true}
	s.pixels = newPixels(s)
	a.on("try.files", func(act Action) {
		if len(act.Files) > 0 {
			s.file(act.Files[0])
		}
	})
	a.on("try.picture", func(act Action) {
		if n, err := strconv.Atoi(act.Arg); err == nil && s.usable() && a.gather.info != nil {
			s.ask(question{params: bindings.ClassifyParams{Table: a.table(), Picture: n}, what: "a test picture"})
			a.screen.Focus("step-try")
		}
	})
	a.on("pad.try", func(act Action) {
		if len(act.Points) > 0 {
			s.drawing = append(s.drawing, act.Points)
			s.soon()
		}
	})
	a.on("try.wipe", func(Action) { s.wipe() })
	a.on("try.overlay", func(act Action) { s.overlay = act.Checked; a.touch(s) })
	a.on("try.dismiss", func(Action) { s.problem = nil; a.touch(s) })
	a.on("wrong.dismiss", func(Action) { a.wrong.clear() })
	return s
}

func (s *tryStep) usable() bool {
	if s.of == nil {
		return false
	}
	p := s.of.info.Pipeline
	return p != nil && p.Medium != nil && p.Medium.Kind == data.MediumImage
}

// begin takes a model that was just trained or loaded; nil: there is none any more.
func (s *tryStep) begin(r *outcome) {
	s.of, s.answer, s.problem = r, nil, nil
	s.pixels.clear()
	if s.usable() && s.last != nil && s.last.params.Table == 0 {
		s.ask(*s.last)
	}
	s.app.touch(s)
}

// lostEngine: the answers are gone with the engine.
func (s *tryStep) lostEngine() { s.answer = nil; s.pixels.clear() }

func (s *tryStep) wipe() {
	s.drawing, s.answer, s.last = nil, nil, nil
	s.pixels.clear()
	s.turn++
	s.serial++
	s.app.touch(s)
}

// soon asks once the pen rests.
func (s *tryStep) soon() {
	s.serial++
	mine := s.serial
	s.app.touch(s)
	s.app.screen.After(150*time.Millisecond, func() {
		if mine == s.serial {
			s.ask(question{params: bindings.ClassifyParams{Drawing: s.drawing}, what: "your drawing"})
		}
	})
}

func (s *tryStep) file(f File) {
	if !s.usable() {
		s.app.gather.take([]File{f}, "")
		return
	}
	if _, asIs := s.app.parted([]File{f}); len(asIs) > 0 {
		s.app.work(func() {
			b, err := s.app.decode(f, image.KeptSide)
			if err != nil {
				s.problem = &problem{text: f.Name + " could not be opened: " + err.Error() + "."}
				s.app.touch(s)
				return
			}
			s.ask(question{params: bindings.ClassifyParams{Pixels: &bindings.ImagePixels{Name: f.Name, Width: b.width, Height: b.height}}, bytes: [][]byte{b.rgba}, what: f.Name})
		})
		return
	}
	first := 0
	s.ask(question{params: bindings.ClassifyParams{Blob: &first}, files: []File{f}, what: f.Name})
}

// ask asks the model about a picture.
func (s *tryStep) ask(q question) {
	a := s.app
	if !s.usable() || !a.state.ready {
		return
	}
	s.serial++
	mine := s.serial
	s.last = &q
	s.pixels.clear()
	q.params.Model, q.params.Side, q.params.Explain = s.of.info.Model, trySide, true
	a.work(func() {
		var got bindings.ClassifyResult
		buffers, err := a.engine.Call(context.Background(), Request{Method: bindings.MethodImagesClassify, Params: q.params, Files: q.files, Bytes: q.bytes}, &got)
		if mine != s.serial {
			return
		}
		a.touch(s)
		switch {
		case lostEngine(err):
		case err != nil:
			s.problem, s.answer = &problem{text: failure(err).Message}, nil
		default:
			s.took(&got, buffers)
		}
	})
}

func (s *tryStep) took(got *bindings.ClassifyResult, buffers [][]byte) {
	a := s.app
	delete(a.bitmaps, s.bitmap)
	s.problem, s.answer = nil, &got.Answer
	s.bitmap, s.looked, s.grid = "", nil, got.Grid
	if got.Buffer < len(buffers) && len(buffers[got.Buffer]) == 4*trySide*trySide {
		s.bitmap = bitmapName("try", s.serial, 0)
		a.bitmaps[s.bitmap] = bitmap{trySide, trySide, buffers[got.Buffer]}
	}
	if got.Looked != nil {
		s.looked = floats(buffers, *got.Looked)
	}
	if len(got.Answer.Classes) > 0 {
		a.state.say("The model says: " + got.Answer.Label + ", " + percent(got.Answer.Classes[0].Probability) + ".")
	}
}

func (s *tryStep) views() map[string]Nodes {
	switch {
	case s.of == nil:
		return map[string]Nodes{"try-view": {el("p", class("empty"), txt("Once there is a model, you can draw or drop a picture here and see what it says."))}}
	case !s.usable():
		return map[string]Nodes{"try-view": {el("p", class("empty"), txt("This model does not take pictures. Open it on the page of its own kind of data."))}}
	}
	out := Nodes{el("div", class("pad-box"), keyed("pad-box"),
		pad("try", s.turn, "Drawing pad: what you draw is shown to the model"),
		el("div", class("pad-side"),
			el("p", txt("Draw here, or show it a picture:")),
			el("p", el("label", class("second file"), attr("for", "try-file"), txt("Choose a picture")),
				el("input", class("unseen"), ident("try-file"), attr("type", "file"), act("try.files", ""), attr("accept", "image/*"))),
			el("p", class("hint"), txt("A picture that is dropped on this part of the page is asked about, too.")),
			button("try.wipe", "", "second", "Wipe", ident("wipe-try"), when(len(s.drawing) == 0 && s.answer == nil, attr("disabled", "")))))}
	if s.problem != nil {
		out = append(out, s.problem.view("try", "try.dismiss"))
	}
	if s.answer != nil {
		out = append(out, s.answerView())
	}
	return map[string]Nodes{"try-view": out}
}

func (s *tryStep) answerView() Node {
	box := el("div", class("answer seen-box"), keyed("answer"), ident("prediction"), attr("role", "status"))
	what := ""
	if s.last != nil {
		what = s.last.what
	}
	picture := el("div", class("seen"))
	if s.bitmap != "" {
		bitmapNode(s.bitmap, trySide).join(&picture)
	}
	if s.overlay && s.grid > 0 {
		s.heat().join(&picture)
	}
	side := el("div", class("pad-side"),
		el("p", class("said"), txt("To "+what+" the model says: "), el("b", ident("predicted"), asIs, txt(s.answer.Label))),
		shares(s.answer.Classes),
		when(s.grid > 0, tick("overlay", "try.overlay", "", "Show where it looked", s.overlay)),
		el("p", class("hint"), txt("The picture is shown as the model sees it. Marked are the places without which it would be less sure.")),
		s.pixels.view())
	picture.join(&box)
	side.join(&box)
	return box
}

// heat marks the places without which the model would be less sure, in five steps of the
// largest fall.
func (s *tryStep) heat() Node {
	most := 0.0
	for _, v := range s.looked {
		if !math.IsNaN(v) {
			most = max(most, v)
		}
	}
	n := strconv.Itoa(s.grid)
	svg := el("svg", class("heat"), attr("viewBox", "0 0 "+n+" "+n), attr("aria-hidden", "true"))
	if most < 0.01 {
		return svg
	}
	for i, v := range s.looked {
		if step := int(math.Ceil(v / most * 5)); step > 1 {
			el("rect", class("heat-"+strconv.Itoa(step)), attr("x", strconv.Itoa(i%s.grid)), attr("y", strconv.Itoa(i/s.grid)), attr("width", "1"), attr("height", "1")).join(&svg)
		}
	}
	return svg
}
