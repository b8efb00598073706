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

// A pictureForm is step 3's form: how pictures are shown to the network, how they are
// varied, the network, and training options. Until the user touches it, it follows what
// the engine suggests.
type pictureForm struct {
	app      *Pictures
	setup    image.Setup
	side     string // as typed
	opts     options
	scale    string // of the network: small, usual, large
	own      bool   // the user changed how pictures are shown or varied
	ownTrain bool   // the user changed training options
	prepared *bindings.ImagesPrepareResult
	waiting  bool
	problem  *problem
	serial   int
	base     *foundation // what training begins with in place of a fresh network
	shown    []string    // bitmaps of the variations
	turn     int         // of the variations
}

func newPictureForm(a *Pictures) *pictureForm {
	s := &pictureForm{app: a, scale: "usual", side: "32"}
	s.setup.Split = data.DefaultSplit()
	s.opts, _ = formOf(&data.TrainingDefaults{Optimizer: "adam", LearningRate: 0.001, BatchSize: 32, Epochs: 30, Patience: 6}, s.setup.Split)
	s.opts.listen(a.hub, func() { s.ownTrain = true; a.touch(s, a.train) }, s.changed)
	a.on("option.reset", func(Action) { s.begin(true) })
	a.on("shown.side", func(act Action) { s.side = act.Value; s.chosen() })
	a.on("shown.fit", func(act Action) { s.setup.Fit = image.Fit(act.Value); s.chosen() })
	a.on("shown.channels", func(act Action) { s.setup.Channels, _ = strconv.Atoi(act.Value); s.chosen() })
	a.on("shown.scale", func(act Action) { s.scale = act.Value; a.touch(s) })
	a.on("vary.flip", func(act Action) { s.setup.Augment.Flip = act.Checked; s.chosen() })
	a.on("vary", func(act Action) {
		for i := range variations {
			if v, ok := read(act.Value); ok && variations[i].name == act.Arg {
				*variations[i].of(&s.setup.Augment) = v / variations[i].unit
				s.chosen()
			}
		}
	})
	a.on("vary.again", func(Action) { s.turn++; a.work(s.preview) })
	a.on("shown.dismiss", func(Action) { s.problem = nil; a.touch(s) })
	return s
}

// A variation is one way to vary pictures, as the form shows it: a slider.
type variation struct {
	name, label, hint string
	most              float64 // as the slider shows it
	unit              float64 // of what is shown, for one of what is set
	sign              string
	of                func(*image.Augment) *float64
}

var variations = []variation{
	{"rotate", "Turn", "either way", 45, 1, "°", func(a *image.Augment) *float64 { return &a.Rotate }},
	{"shift", "Shift", "of the sides, each way", 30, 100, "%", func(a *image.Augment) *float64 { return &a.Shift }},
	{"zoom", "Zoom", "larger or smaller", 50, 100, "%", func(a *image.Augment) *float64 { return &a.Zoom }},
	{"brightness", "Brightness", "darker or brighter", 80, 100, "%", func(a *image.Augment) *float64 { return &a.Brightness }},
	{"noise", "Noise", "grain, as of a poor camera", 30, 100, "%", func(a *image.Augment) *float64 { return &a.Noise }},
	{"cutout", "Blot", "a square of the picture is hidden", 60, 100, "%", func(a *image.Augment) *float64 { return &a.Cutout }},
}

// clear forgets the set.
func (s *pictureForm) clear() {
	s.prepared, s.waiting, s.problem = nil, false, nil
	s.serial++
	s.forgetShown()
}

func (s *pictureForm) forgetShown() {
	for _, name := range s.shown {
		delete(s.app.bitmaps, name)
	}
	s.shown = nil
}

// stopped: the lost engine will not answer.
func (s *pictureForm) stopped() { s.prepared, s.waiting = nil, false; s.serial++ }

// begin takes the suggestion for a set; all is suggested anew where it is another one.
func (s *pictureForm) begin(fresh bool) {
	info := s.app.gather.info
	if info == nil {
		return
	}
	if fresh {
		s.own, s.ownTrain = false, false
	}
	if !s.own {
		split := s.opts.split(s.setup.Split)
		s.setup = info.Setup
		s.setup.Split = split
		s.side = strconv.Itoa(max(info.Setup.Width, info.Setup.Height))
	}
	s.changed()
}

// chosen is called after a choice about how pictures are shown or varied.
func (s *pictureForm) chosen() {
	s.own = true
	s.changed()
}

// changed lets the engine prepare once things are quiet.
func (s *pictureForm) changed() {
	s.serial++
	s.prepared, s.waiting = nil, true
	mine := s.serial
	a := s.app
	a.touch(s, a.train)
	a.screen.After(300*time.Millisecond, func() {
		if mine == s.serial && a.complete() && a.state.ready && !a.train.busy() {
			a.work(func() { s.prepare() })
		}
	})
}

// most bounds the side of pictures.
func (s *pictureForm) most() float64 {
	if s.base != nil {
		return maxBaseSide
	}
	return image.KeptSide
}

// asked is the setup as the form says it.
func (s *pictureForm) asked() image.Setup {
	setup := s.setup
	setup.Split = s.opts.split(setup.Split)
	if v, ok := read(s.side); ok && v == math.Trunc(v) && v >= 8 && v <= s.most() {
		long := max(setup.Width, setup.Height, 1)
		setup.Width, setup.Height = max(8, setup.Width*int(v)/long), max(8, setup.Height*int(v)/long)
	}
	return setup
}

// prepare lets the engine bring the pictures into their form. It asks the engine.
func (s *pictureForm) prepare() bool {
	s.serial++
	mine := s.serial
	a := s.app
	s.prepared, s.waiting = nil, true
	a.touch(s, a.train)
	var got bindings.ImagesPrepareResult
	a.insight.leave()
	err := a.call(context.Background(), Request{Method: bindings.MethodImagesPrepare, Params: bindings.ImagesPrepareParams{Table: a.table(), Setup: s.asked()}}, &got)
	if mine != s.serial {
		return false
	}
	s.waiting = false
	a.touch(s, a.train)
	if err != nil {
		if !lostEngine(err) && !aborted(err) {
			s.problem = &problem{text: failure(err).Message}
		}
		return false
	}
	s.problem, s.prepared = nil, &got
	if !s.ownTrain {
		s.opts.suggested(&got.Prepared.Defaults)
	}
	s.preview()
	return true
}

// previews is how many variations are shown.
const previews = 12

// preview fetches pictures as the network may see them. It asks the engine.
func (s *pictureForm) preview() {
	a := s.app
	if !a.complete() || !a.state.ready {
		return
	}
	var list []int
	info := a.gather.info
	for i := range previews {
		c := info.Profile.Classes[i/3%len(info.Profile.Classes)]
		list = append(list, c.Pictures[s.turn%len(c.Pictures)])
	}
	setup := s.asked()
	const side = 72
	var got bindings.ImagesPreviewResult
	buffers, err := a.preview(bindings.ImagesPreviewParams{Table: a.table(), Pictures: list, Side: side, Augment: &setup}, &got)
	if err != nil {
		return // the form says what is wrong with it
	}
	s.forgetShown()
	const one = 4 * side * side
	for i := range list {
		if (i+1)*one <= len(buffers[got.Buffer]) {
			name := bitmapName("vary"+strconv.Itoa(s.serial)+"-"+strconv.Itoa(s.turn), i, list[i])
			a.bitmaps[name] = bitmap{side, side, buffers[got.Buffer][i*one : (i+1)*one]}
			s.shown = append(s.shown, name)
		}
	}
	a.touch(s)
}

func (s *pictureForm) check() (parsed, checks) {
	rows := 0
	if s.prepared != nil {
		rows = s.prepared.Prepared.Train
	}
	p, c := s.opts.parse(rows)
	whole(s.side, 8, int64(s.most()), "side", "The side of pictures", c)
	return p, c
}

// networkScales are sizes of the network: the factor of its filters and units.
var networkScales = map[string][2]int{"small": {1, 2}, "usual": {1, 1}, "large": {2, 1}}

// layers are the suggested ones, in the size that was chosen.
func (s *pictureForm) layers(parsed) []bindings.Layer {
	if s.prepared == nil {
		return nil
	}
	return scaled(s.prepared.Layers, networkScales[s.scale])
}
