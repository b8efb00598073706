package page

import (
	"slices"
	"strconv"
	"strings"

	"github.com/terrarium-ml/terrarium/bindings"
	"github.com/terrarium-ml/terrarium/core/data/image"
)

// thumbnail is the side of a small picture, in pixels.
const thumbnail = 56

// shownFirst is how many pictures of a class are shown at first, shownMore how many more
// at a time.
const (
	shownFirst = 12
	shownMore  = 60
)

// A sortedStep is step 2: the classes and their pictures.
type sortedStep struct {
	app     *Pictures
	shown   map[string]int              // of each class: how many
	have    map[string]bool             // bitmaps that are here
	names   map[string]string           // typed for a class
	undo    []bindings.ImagesEditParams // what takes the last changes back
	labels  []string                    // and what they were
	problem *problem
	asking  bool
	turn    int // of the set: another one has other pictures under the same numbers
}

func newSorted(a *Pictures) *sortedStep {
	s := &sortedStep{app: a}
	s.clear()
	a.on("sorted.more", func(act Action) { s.shown[act.Arg] += shownMore; s.fetch(); a.touch(s) })
	a.on("sorted.less", func(act Action) { s.shown[act.Arg] = shownFirst; a.touch(s) })
	a.on("sorted.name", func(act Action) { s.names[act.Arg] = act.Value; s.rename(act.Arg, act.Value) })
	a.on("sorted.remove", func(act Action) {
		if n, err := strconv.Atoi(act.Arg); err == nil {
			s.change("one picture taken out", bindings.ImagesEditParams{Remove: []int{n}}, bindings.ImagesEditParams{Restore: []int{n}})
		}
	})
	a.on("sorted.drop", func(act Action) {
		if c := s.class(act.Arg); c != nil {
			s.change("“"+shorten(c.Name, 30)+"” taken out", bindings.ImagesEditParams{Remove: c.Pictures}, bindings.ImagesEditParams{Restore: c.Pictures})
		}
	})
	a.on("sorted.copies", func(Action) { s.dropCopies() })
	a.on("sorted.undo", func(Action) { s.back() })
	a.on("sorted.dismiss", func(Action) { s.problem = nil; a.touch(s) })
	return s
}

// clear forgets all of an earlier set.
func (s *sortedStep) clear() {
	for name := range s.have {
		delete(s.app.bitmaps, name)
	}
	s.shown, s.have, s.names = map[string]int{}, map[string]bool{}, map[string]string{}
	s.undo, s.labels, s.problem = nil, nil, nil
	s.asking = false
	s.turn++
}

// bitmap is the name of a picture's bitmap.
func (s *sortedStep) bitmap(n int) string { return bitmapName("set", s.turn, n) }

func (s *sortedStep) class(name string) *image.Class {
	if s.app.gather.info == nil {
		return nil
	}
	for i, c := range s.app.gather.info.Profile.Classes {
		if c.Name == name {
			return &s.app.gather.info.Profile.Classes[i]
		}
	}
	return nil
}

// show fetches what the step now shows.
func (s *sortedStep) show(bool) {
	s.fetch()
	s.app.touch(s)
}

// visible lists the pictures of a class that are shown.
func (s *sortedStep) visible(c *image.Class) []int {
	return c.Pictures[:min(len(c.Pictures), max(s.shown[c.Name], shownFirst))]
}

// fetch asks for pictures that are shown and not here yet.
func (s *sortedStep) fetch() {
	var want []int
	if info := s.app.gather.info; info != nil {
		for i := range info.Profile.Classes {
			for _, n := range s.visible(&info.Profile.Classes[i]) {
				if !s.have[s.bitmap(n)] && len(want) < bindings.MaxPreview {
					want = append(want, n)
				}
			}
		}
	}
	if len(want) == 0 || s.asking {
		return
	}
	s.asking = true
	a := s.app
	table, turn := a.table(), s.turn
	a.work(func() {
		var got bindings.ImagesPreviewResult
		buffers, err := a.preview(bindings.ImagesPreviewParams{Table: table, Pictures: want, Side: thumbnail}, &got)
		if turn != s.turn {
			return
		}
		s.asking = false
		if err != nil {
			s.say(err)
			return
		}
		const one = 4 * thumbnail * thumbnail
		for i, n := range want {
			if (i+1)*one <= len(buffers[got.Buffer]) {
				name := s.bitmap(n)
				s.have[name] = true
				a.bitmaps[name] = bitmap{thumbnail, thumbnail, buffers[got.Buffer][i*one : (i+1)*one]}
			}
		}
		a.touch(s)
		s.fetch()
	})
}

func (s *sortedStep) say(err error) {
	if err != nil && !lostEngine(err) {
		s.problem = &problem{text: failure(err).Message}
	}
	s.app.touch(s)
}

// change edits the set and remembers how to take that back.
func (s *sortedStep) change(label string, do, undo bindings.ImagesEditParams) {
	a := s.app
	if a.gather.info == nil || !a.state.ready || a.train.busy() {
		return
	}
	a.work(func() {
		if err := a.gather.edit(do); err != nil {
			s.say(err)
			return
		}
		s.problem = nil
		s.undo, s.labels = append(s.undo, undo), append(s.labels, label)
		if len(s.undo) > 100 {
			s.undo, s.labels = s.undo[1:], s.labels[1:]
		}
		s.changed(label)
	})
}

func (s *sortedStep) changed(label string) {
	s.app.state.say(sentence(label))
	s.show(false)
	s.app.form.changed()
}

// back takes the last change back.
func (s *sortedStep) back() {
	n := len(s.undo) - 1
	a := s.app
	if n < 0 || !a.state.ready || a.train.busy() {
		return
	}
	last, label := s.undo[n], s.labels[n]
	s.undo, s.labels = s.undo[:n], s.labels[:n]
	a.work(func() {
		if err := a.gather.edit(last); err != nil {
			s.say(err)
			return
		}
		s.changed("undone: " + label)
	})
}

// rename gives a class another name. That of another class joins the two.
func (s *sortedStep) rename(from, to string) {
	to = strings.TrimSpace(to)
	c := s.class(from)
	if c == nil || to == from {
		return
	}
	undo := bindings.ImagesEditParams{Rename: to, To: from}
	label := "“" + shorten(from, 30) + "” is now “" + shorten(to, 30) + "”"
	if s.class(to) != nil {
		undo = bindings.ImagesEditParams{Move: c.Pictures, To: from}
	}
	delete(s.names, from)
	s.shown[to] = max(s.shown[to], s.shown[from])
	s.change(label, bindings.ImagesEditParams{Rename: from, To: to}, undo)
}

// dropCopies takes out all pictures that an earlier one equals.
func (s *sortedStep) dropCopies() {
	info := s.app.gather.info
	if info == nil {
		return
	}
	var list []int
	for _, c := range info.Profile.Copies {
		list = append(list, c.Picture)
	}
	s.change(plural(len(list), "copy", "copies")+" taken out", bindings.ImagesEditParams{Remove: list}, bindings.ImagesEditParams{Restore: slices.Clone(list)})
}

func (s *sortedStep) views() map[string]Nodes {
	a := s.app
	if !a.open() && len(s.undo) == 0 {
		return map[string]Nodes{"classes-view": {el("p", class("empty"), txt("The classes of your pictures will stand here: what each is called, and what is in it."))}}
	}
	var out Nodes
	if s.problem != nil {
		out = append(out, s.problem.view("classes", "sorted.dismiss"))
	}
	label := "Undo"
	if n := len(s.labels); n > 0 {
		label += ": " + s.labels[n-1]
	}
	out = append(out, el("div", class("tools"), keyed("tools"),
		button("sorted.undo", "", "second", label, ident("undo"), when(len(s.undo) == 0 || a.train.busy(), attr("disabled", "")))))
	list := el("ul", class("classes"), ident("classes"), keyed("classes"))
	for i := range a.gather.info.Profile.Classes {
		s.classView(i, &a.gather.info.Profile.Classes[i]).join(&list)
	}
	out = append(out, list)
	if len(a.gather.info.Profile.Classes) < 2 {
		out = append(out, el("p", class("check"), keyed("few"), txt("A model tells classes apart: add pictures of at least one more kind.")))
	}
	return map[string]Nodes{"classes-view": {el("fieldset", class("plain"), when(a.train.busy(), attr("disabled", "")), out)}}
}

func (s *sortedStep) classView(i int, c *image.Class) Node {
	id := strconv.Itoa(i)
	name := c.Name
	if typed, ok := s.names[c.Name]; ok {
		name = typed
	}
	grid := el("div", class("thumbs"))
	shown := s.visible(c)
	for k, n := range shown {
		el("button", attr("type", "button"), class("thumb"), keyed("p"+strconv.Itoa(n)), act("sorted.remove", strconv.Itoa(n)), attr("title", "Take this picture out"),
			attr("aria-label", "Take picture "+strconv.Itoa(k+1)+" of "+c.Name+" out"), bitmapNode(s.bitmap(n), thumbnail)).join(&grid)
	}
	rest := len(c.Pictures) - len(shown)
	few := ""
	if len(c.Pictures) < 20 {
		few = "few: 50 or more are better"
	}
	return el("li", class("class"), keyed("c-"+c.Name), attr("data-class-name", c.Name),
		el("div", class("class-head"),
			el("label", attr("for", "class-"+id), class("unseen"), txt("Name of class "+strconv.Itoa(i+1))),
			entry("class-"+id, "sorted.name", c.Name, name, "", all{settled, attr("maxlength", "100")}),
			el("span", class("quiet"), txt(plural(len(c.Pictures), "picture", "pictures")), when(few != "", txt(" – "+few))),
			el("label", class("second file small"), attr("for", "into-"+id), txt("Add files")),
			el("input", class("unseen"), ident("into-"+id), attr("type", "file"), attr("multiple", ""), attr("accept", "image/*"), act("pictures.into", c.Name)),
			button("sorted.drop", c.Name, "second small", "Take out", attr("aria-label", "Take out the class "+c.Name))),
		grid,
		when(rest > 0, button("sorted.more", c.Name, "fold", "Show more ("+count(rest)+" left)")),
		when(s.shown[c.Name] > shownFirst && len(shown) > shownFirst, button("sorted.less", c.Name, "fold", "Show fewer")))
}

// bitmapNode is a canvas that shows a bitmap.
func bitmapNode(name string, side int) Node {
	return el("canvas", attr("width", strconv.Itoa(side)), attr("height", strconv.Itoa(side)), attr("data-bitmap", name), attr("aria-hidden", "true"))
}
