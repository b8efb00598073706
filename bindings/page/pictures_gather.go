package page

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/terrarium-ml/terrarium/bindings"
	"github.com/terrarium-ml/terrarium/core/data/image"
	"github.com/terrarium-ml/terrarium/core/json"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// An operation on the set of pictures. The page keeps all of them, so that the set can be
// made again after the engine was lost: pictures get the same numbers as before.
type operation struct {
	add   *bindings.ImagesParams
	edit  *bindings.ImagesEditParams
	files []File
	bytes [][]byte // of add.Pixels
}

// A gatherStep is step 1: pictures come in.
type gatherStep struct {
	app     *Pictures
	name    string // of the first that came
	info    *bindings.ImagesInfo
	done    []operation
	reading string // what is being read, "" if nothing is
	stop    context.CancelFunc
	read    float64
	total   float64
	problem *problem
	class   string         // that is drawn for
	drawing []image.Stroke // on the pad
	turn    int            // of the pad: another one is an empty one
	serial  int
}

func newGather(a *Pictures) *gatherStep {
	s := &gatherStep{app: a, class: "my drawing"}
	a.on("pictures.file", func(act Action) { s.take(act.Files, "") })
	a.on("pictures.into", func(act Action) { s.take(act.Files, act.Arg) })
	a.on("pictures.sample", func(act Action) { s.sample(act.Arg) })
	a.on("pictures.cancel", func(Action) {
		if s.stop != nil {
			s.stop()
		}
	})
	a.on("pictures.dismiss", func(Action) { s.problem = nil; a.touch(s) })
	a.on("pictures.class", func(act Action) { s.class = act.Value; a.touch(s) })
	a.on("pad.add", func(act Action) {
		if len(act.Points) > 0 {
			s.drawing = append(s.drawing, act.Points)
			a.touch(s)
		}
	})
	a.on("camera", func(act Action) { s.keepFrames(act) })
	a.on("pad.clear", func(Action) { s.clearPad() })
	a.on("pad.keep", func(Action) { s.keepDrawing() })
	return s
}

func (s *gatherStep) clearPad() {
	s.drawing = nil
	s.turn++
	s.app.touch(s)
}

// take adds what was chosen, dropped or pasted; a model file is opened instead.
func (s *gatherStep) take(files []File, class string) {
	files = slices.Clone(files)
	if len(files) == 1 && strings.HasSuffix(strings.ToLower(files[0].Name), ".safetensors") {
		s.app.shelf.openFiles(files)
		return
	}
	if len(files) == 0 {
		return
	}
	// The order in which a browser lists files is its own; the set's is by name.
	slices.SortStableFunc(files, func(a, b File) int { return strings.Compare(a.where(), b.where()) })
	what := files[0].Name
	if top, _, in := strings.Cut(strings.Trim(files[0].where(), "/"), "/"); in {
		what = top
	}
	if len(files) > 1 {
		what += " and the rest of " + plural(len(files), "file", "files")
	}
	ours, asIs := s.app.parted(files)
	s.add(what, func(ctx context.Context) (ops []operation, err error) {
		more, failed, err := s.app.decoded(ctx, asIs, class, func(n int) { s.read, s.total = float64(n), float64(len(asIs)); s.app.touch(s) })
		if err != nil {
			return nil, err
		}
		if ours = append(ours, failed...); len(ours) > 0 { // the engine says what is wrong with those that failed
			p := bindings.ImagesParams{Class: class}
			for i, f := range ours {
				p.Files = append(p.Files, bindings.ImageFile{Path: f.where(), Blob: i})
			}
			ops = append(ops, operation{add: &p, files: ours})
		}
		return append(ops, more...), nil
	})
}

// where is the file's path, or its name.
func (f *File) where() string {
	if f.Path != "" {
		return f.Path
	}
	return f.Name
}

func (s *gatherStep) sample(name string) {
	for _, info := range image.Samples() {
		if info.Name == name {
			s.add(info.Title, one(operation{add: &bindings.ImagesParams{Sample: name}}))
		}
	}
}

func (s *gatherStep) keepDrawing() {
	switch {
	case len(s.drawing) == 0:
		s.problem = &problem{text: "Nothing is drawn yet: draw on the pad first."}
	case strings.TrimSpace(s.class) == "":
		s.problem = &problem{text: "Please say what you have drawn: the name of its class."}
		s.app.screen.Focus("draw-class")
	default:
		s.add("your drawing", one(operation{add: &bindings.ImagesParams{Class: s.class, Drawing: s.drawing}}))
		s.clearPad()
	}
	s.app.touch(s)
}

// one is an addition that is known beforehand.
func one(op operation) func(context.Context) ([]operation, error) {
	return func(context.Context) ([]operation, error) { return []operation{op}, nil }
}

// keepFrames adds what a camera took, or says why it took nothing.
func (s *gatherStep) keepFrames(act Action) {
	switch {
	case act.Value != "":
		s.problem = &problem{text: act.Value}
	case strings.TrimSpace(s.class) == "":
		s.problem = &problem{text: "Please say what the camera shows: the name of its class."}
		s.app.screen.Focus("camera-class")
	case len(act.Frames) > 0:
		p := &bindings.ImagesParams{Class: s.class}
		op := operation{add: p}
		for i, f := range act.Frames {
			p.Pixels = append(p.Pixels, bindings.ImagePixels{Name: "camera " + strconv.Itoa(i+1), Width: f.width, Height: f.height, Buffer: i})
			op.bytes = append(op.bytes, f.rgba)
		}
		s.add("the camera’s pictures", one(op))
	}
	s.app.touch(s)
}

// add lets the engine add pictures. Those that are there stay, but a sample set begins
// anew where only another sample was open. Ops may wait for the browser.
func (s *gatherStep) add(what string, ops func(context.Context) ([]operation, error)) {
	a := s.app
	switch {
	case !a.state.ready:
		return
	case s.reading != "":
		s.problem = &problem{text: "Other pictures are being read. Cancel that first, or wait until they are done."}
		a.touch(s)
		return
	case a.train.busy():
		s.problem = &problem{text: "A model is being trained. Stop it, or let it end, before you add pictures."}
		a.touch(s)
		return
	}
	s.serial++
	mine := s.serial
	ctx, stop := context.WithCancel(context.Background())
	s.reading, s.stop, s.read, s.total, s.problem = what, stop, 0, 0, nil
	a.state.say("Reading " + what + "…")
	a.touch(s)
	a.work(func() {
		defer stop()
		list, err := ops(ctx)
		for _, op := range list {
			if err == nil && mine == s.serial {
				err = s.addOne(ctx, op, what, mine)
			}
		}
		if mine != s.serial {
			return
		}
		s.reading = ""
		a.touch(s)
		switch {
		case aborted(err):
			a.state.say("Reading was cancelled.")
		case lostEngine(err):
		case err != nil:
			s.problem = &problem{text: failure(err).Message}
			a.state.say("The pictures could not be read.")
		}
	})
}

// addOne adds pictures. It asks the engine.
func (s *gatherStep) addOne(ctx context.Context, op operation, what string, mine int) error {
	fresh := s.info == nil || op.add.Sample != "" && s.onlySamples()
	p := *op.add
	if !fresh {
		p.Table = s.info.Table
	}
	var got bindings.ImagesInfo
	err := s.open(ctx, p, op, &got)
	if err == nil && mine == s.serial {
		s.took(op, what, fresh, &got)
	}
	return err
}

// took shows what came.
func (s *gatherStep) took(op operation, what string, fresh bool, got *bindings.ImagesInfo) {
	a := s.app
	before := 0
	if fresh {
		if s.info != nil {
			a.closeTable(s.info.Table)
		}
		s.done, s.name = nil, strings.TrimSuffix(what, ".zip")
		a.sorted.clear()
	} else {
		before = s.info.Profile.Pictures
	}
	s.done = append(s.done, op)
	s.info = got
	a.state.say("Added " + plural(got.Profile.Pictures-before, "picture", "pictures") + ". There are " + plural(got.Profile.Pictures, "picture", "pictures") + " of " + plural(len(got.Profile.Classes), "class", "classes") + ".")
	a.sorted.show(fresh)
	a.form.begin(fresh)
	a.touch(s, a.train)
	if fresh {
		a.screen.Settle("step-classes")
	}
}

// onlySamples tells whether nothing of the user's own is there.
func (s *gatherStep) onlySamples() bool {
	for _, op := range s.done {
		if op.add != nil && op.add.Sample == "" {
			return false
		}
	}
	return true
}

func (s *gatherStep) open(ctx context.Context, p bindings.ImagesParams, op operation, got *bindings.ImagesInfo) error {
	return s.app.call(ctx, Request{Method: bindings.MethodImagesOpen, Params: p, Files: op.files, Bytes: op.bytes, Notify: func(method string, params json.RawMessage) {
		if at, ok := progressOf(method, params); ok {
			s.read, s.total = float64(at.Done), float64(at.Total)
			s.app.touch(s)
		}
	}}, got)
}

// edit changes the set. It asks the engine.
func (s *gatherStep) edit(p bindings.ImagesEditParams) error {
	p.Table = s.info.Table
	var got bindings.ImagesInfo
	if err := s.app.ask(bindings.MethodImagesEdit, p, &got); err != nil {
		return err
	}
	s.done = append(s.done, operation{edit: &p})
	s.info = &got
	s.app.touch(s, s.app.train)
	return nil
}

// reopen makes the set again in a fresh engine.
func (s *gatherStep) reopen() {
	if s.info == nil {
		return
	}
	a := s.app
	var got bindings.ImagesInfo
	var err error
	for _, op := range s.done {
		if op.add != nil {
			p := *op.add
			p.Table = got.Table
			err = s.open(context.Background(), p, op, &got)
		} else {
			p := *op.edit
			p.Table = got.Table
			err = a.ask(bindings.MethodImagesEdit, p, &got)
		}
		if err != nil {
			break
		}
	}
	if err != nil {
		s.info, s.done = nil, nil
		a.sorted.clear()
		a.form.clear()
		s.problem = &problem{text: "The pictures could not be opened again: " + failure(err).Message + " Please add them once more."}
		a.touch(a.steps()...)
		return
	}
	s.info = &got
	a.state.say("Back again: your pictures are here, with your choices.")
	a.sorted.show(false)
	a.form.begin(false)
	a.touch(s)
}

// stopped forgets a reading that the lost engine will not end.
func (s *gatherStep) stopped() { s.reading = ""; s.serial++ }

// preview asks the engine for pictures.
func (a *Pictures) preview(p bindings.ImagesPreviewParams, got *bindings.ImagesPreviewResult) ([][]byte, error) {
	buffers, err := a.engine.Call(context.Background(), Request{Method: bindings.MethodImagesPreview, Params: p}, got)
	if err == nil && got.Buffer >= len(buffers) {
		err = &bindings.Error{Message: "the engine sent no pictures", Data: bindings.ErrorData{Code: tensor.CodeFormat}}
	}
	return buffers, err
}

// bitmapName is the name under which a canvas finds a picture.
func bitmapName(prefix string, i, picture int) string {
	return prefix + "-" + strconv.Itoa(i) + "-" + strconv.Itoa(picture)
}

func (s *gatherStep) views() map[string]Nodes {
	a := s.app
	samples := Nodes{}
	for _, info := range image.Samples() {
		samples = append(samples, el("button", attr("type", "button"), class("sample"), ident("sample-"+info.Name), act("pictures.sample", info.Name),
			when(!a.state.ready || s.reading != "" || a.train.busy(), attr("disabled", "")),
			el("b", txt(info.Title)), el("span", txt(info.Description))))
	}
	var out Nodes
	if s.problem != nil {
		out = append(out, s.problem.view("data", "pictures.dismiss"))
	}
	switch {
	case s.reading != "":
		text := "Reading " + s.reading
		if s.total > 0 {
			text += ": " + count(int(s.read)) + " of " + plural(int(s.total), "file", "files")
		}
		out = append(out, el("div", class("progress-line"), keyed("reading"), progress("read-progress", "Reading", s.read, s.total), el("span", txt(text)),
			button("pictures.cancel", "", "second", "Cancel", ident("cancel-read"))))
	case s.info != nil:
		out = append(out, s.readView()...)
	}
	return map[string]Nodes{"samples": samples, "data-view": out, "pad-view": {s.padView()}, "camera-view": {s.cameraView()}}
}

// readView says what is there, and what was left out.
func (s *gatherStep) readView() Nodes {
	p := &s.info.Profile
	colour := "in colour"
	if p.Grey {
		colour = "grey"
	}
	out := Nodes{el("p", class("read"), ident("data-read"), keyed("read"), el("strong", txt(plural(p.Pictures, "picture", "pictures")+" of "+plural(len(p.Classes), "class", "classes"))), txt(". "),
		el("span", class("quiet"), txt("They are "+colour+", up to "+count(p.Width)+" × "+count(p.Height)+" pixels as kept here, "+size(p.Bytes)+" in memory.")))}
	if n := len(p.Skipped) + p.SkippedMore; n > 0 {
		list := el("ul", class("notices"))
		for _, k := range p.Skipped[:min(len(p.Skipped), 200)] {
			el("li", class("notice"), el("b", asIs, txt(shorten(k.Name, 80))), txt(": "), el("span", txt(k.Reason)), txt(".")).join(&list)
		}
		out = append(out, el("details", class("more"), ident("skipped"), keyed("skipped"), el("summary", txt(plural(n, "file was", "files were")+" left out")), list))
	}
	if n := len(p.Copies); n > 0 {
		text := plural(n, "picture is", "pictures are") + " the same, to the pixel, as another one."
		if p.Clashes > 0 {
			text += " Of these, " + count(p.Clashes) + " stand in two classes, so that the model is told two things about one picture."
		}
		out = append(out, el("div", class("leak"), ident("copies"), keyed("copies"), el("p", txt(text+" Copies make the score look better than it is.")),
			button("sorted.copies", "", "second", "Take the copies out", ident("drop-copies"))))
	}
	return append(out, el("details", class("more"), keyed("fingerprint"), el("summary", txt("Fingerprint")), el("p", class("hint"), txt("SHA-256 of all pixels and classes: the same pictures always give the same fingerprint.")), el("code", class("digest"), ident("fingerprint"), asIs, txt(p.Fingerprint))))
}

// padView is a pad on which examples are drawn.
func (s *gatherStep) padView() Node {
	return el("div", class("pad-box"), keyed("pad-box"), attr("role", "group"), attr("aria-label", "Drawing pad for examples"),
		pad("add", s.turn, "Drawing pad for examples"),
		el("div", class("pad-side"),
			field("draw-class", "This is a", "Draw a few of each class, on a touch screen or with the mouse.", check{}, func(more Part) Node {
				return entry("draw-class", "pictures.class", "", s.class, "", all{more, attr("maxlength", "60")})
			}),
			el("div", class("tools"),
				button("pad.keep", "", "main", "Add the drawing", ident("keep-drawing"), when(len(s.drawing) == 0, attr("disabled", ""))),
				button("pad.clear", "", "second", "Wipe", ident("wipe-add")))))
}

// cameraView is a button that takes pictures while it is held.
func (s *gatherStep) cameraView() Node {
	return el("div", class("pad-box"), keyed("camera-box"), attr("role", "group"), attr("aria-label", "What the camera sees"),
		el("video", class("camera"), ident("camera"), attr("playsinline", ""), attr("muted", ""), attr("aria-label", "What the camera sees")),
		el("div", class("pad-side"),
			field("camera-class", "This is a", "Turn it, move it and change the light while you hold the button.", check{}, func(more Part) Node {
				return entry("camera-class", "pictures.class", "", s.class, "", all{more, attr("maxlength", "60")})
			}),
			el("button", attr("type", "button"), class("main"), ident("camera-hold"), attr("data-camera", "camera"), when(!s.app.state.ready || s.reading != "" || s.app.train.busy(), attr("disabled", "")), txt("Hold to take pictures"))))
}

// pad describes a drawing pad. With another turn it is an empty one.
func pad(name string, turn int, label string) Node {
	return el("canvas", class("pad"), keyed("pad"+strconv.Itoa(turn)), ident("pad-"+name), attr("data-pad", name), attr("width", "280"), attr("height", "280"), attr("role", "img"), attr("aria-label", label))
}
