package page

import (
	"strconv"

	"github.com/terrarium-ml/terrarium/bindings"
)

// mostWrong is how many pictures behind a cell of the confusion matrix are shown.
const mostWrong = 60

// A wrongStep shows the pictures behind a cell of the confusion matrix.
type wrongStep struct {
	app         *Pictures
	of          *outcome
	truth, said string
	pictures    []int
	total       int
	names       []string // of bitmaps
	problem     *problem
	serial      int
}

func (s *wrongStep) clear() {
	for _, name := range s.names {
		delete(s.app.bitmaps, name)
	}
	s.of, s.pictures, s.names, s.problem = nil, nil, nil, nil
	s.serial++
	s.app.touch(s)
}

// show fetches the test pictures of class truth that were taken for class said.
func (s *wrongStep) show(r *outcome, truth, said int) {
	a := s.app
	s.clear()
	if r.test == nil || truth >= len(r.test.Labels) || said >= len(r.test.Labels) || a.gather.info == nil || r.table != a.table() {
		s.problem = &problem{text: "The pictures that this model was tested on are no longer open."}
		return
	}
	for i, line := range r.lines {
		if i < len(r.truth) && i < len(r.said) && int(r.truth[i]) == truth && int(r.said[i]) == said {
			s.pictures = append(s.pictures, line-1)
		}
	}
	s.of, s.truth, s.said, s.total = r, r.test.Labels[truth], r.test.Labels[said], len(s.pictures)
	s.pictures = s.pictures[:min(len(s.pictures), mostWrong)]
	mine, list := s.serial, s.pictures
	a.work(func() {
		const side = 72
		var got bindings.ImagesPreviewResult
		buffers, err := a.preview(bindings.ImagesPreviewParams{Table: r.table, Pictures: list, Side: side}, &got)
		if mine != s.serial {
			return
		}
		a.touch(s)
		if err != nil {
			s.problem = &problem{text: failure(err).Message}
			return
		}
		const one = 4 * side * side
		for i, n := range list {
			if (i+1)*one <= len(buffers[got.Buffer]) {
				name := bitmapName("wrong", s.serial, n)
				a.bitmaps[name] = bitmap{side, side, buffers[got.Buffer][i*one : (i+1)*one]}
				s.names = append(s.names, name)
			}
		}
		a.screen.Settle("wrong")
	})
}

func (s *wrongStep) views() map[string]Nodes {
	if s.problem != nil {
		return map[string]Nodes{"wrong-view": {s.problem.view("wrong", "wrong.dismiss")}}
	}
	if s.of == nil {
		return map[string]Nodes{"wrong-view": nil}
	}
	text := plural(s.total, "picture", "pictures") + " of “" + s.truth + "” that the model took for “" + s.said + "”"
	if s.truth == s.said {
		text = plural(s.total, "picture", "pictures") + " of “" + s.truth + "” that the model judged right"
	}
	if s.total > len(s.pictures) {
		text += "; the first " + count(len(s.pictures)) + " are shown"
	}
	grid := el("div", class("thumbs"), keyed("grid"))
	for i, name := range s.names {
		el("button", attr("type", "button"), class("thumb"), keyed(name), act("try.picture", strconv.Itoa(s.pictures[i])), attr("aria-label", "Ask the model about picture "+count(i+1)), bitmapNode(name, 72)).join(&grid)
	}
	return map[string]Nodes{"wrong-view": {
		el("h3", ident("wrong"), keyed("title"), attr("tabindex", "-1"), txt(text)), grid,
		el("p", class("hint"), keyed("hint"), txt("Press a picture to see below what the model thinks of it, and where it looked."))}}
}
