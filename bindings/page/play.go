package page

import (
	"context"
	"encoding/binary"
	"math"
	"strconv"
	"time"

	"github.com/terrarium-ml/terrarium/bindings"
	"github.com/terrarium-ml/terrarium/core/data/toy"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// A Playground is the road of points on a plane: a lesson in what networks can do.
type Playground struct {
	*hub
	game *playStep
}

var _ road = (*Playground)(nil)

// NewPlayground makes the playground on a screen.
func NewPlayground(screen Screen, spawn func(lost func(why string)) Engine) *Playground {
	h, a := newHub(screen, spawn), &Playground{}
	h.road = a
	a.hub = h
	a.game = newPlay(h)
	return a
}

func (a *Playground) steps() []step   { return []step{a.game} }
func (a *Playground) begin()          { a.game.restart() }
func (a *Playground) busy() bool      { return false }
func (a *Playground) take([]File)     {}
func (a *Playground) takeText(string) {}
func (a *Playground) undo()           { a.game.undo() }
func (a *Playground) resized()        { a.touch(a.game) }
func (a *Playground) banner() Nodes   { return nil }
func (a *Playground) lost()           { a.game.stopped() }
func (a *Playground) comeBack(bool)   { a.game.restart() }

// An addressBar keeps settings in the page's address, for screens that have one.
type addressBar interface {
	Address() string
	SetAddress(text string)
}

// A calmScreen may want little motion.
type calmScreen interface{ Calm() bool }

// Sizes of the pictures, and of the plane as actions measure it.
const (
	planePixels = 96
	tilePixels  = 32
	planeSide   = 1000
	mostEpochs  = 5000
)

// A playStep is the whole of the page: the points, the network, and the game.
type playStep struct {
	app     *hub
	set     playSettings
	points  []toy.Point
	drawn   int    // how many of them, the last ones, are the user's
	pen     int    // class of the next point
	cross   [2]int // where the keyboard's crosshair is; below 0: nowhere
	model   int    // 0: none
	epoch   int
	logs    bindings.Logs
	loss    [2][]float64 // of training and test points, by epoch
	names   []string     // of pictures: plane, features, units
	eye     int          // which unit the plane shows, an index of names; 0: the answer
	playing bool
	asking  bool
	serial  int // of the game
	frame   int
	problem *problem
}

func newPlay(h *hub) *playStep {
	s := &playStep{app: h, set: usualPlay(), cross: [2]int{-1, -1}}
	if bar, ok := h.screen.(addressBar); ok {
		s.set.read(bar.Address())
	}
	s.scatterPoints()
	s.wireForm()
	h.on("play", func(Action) { s.toggle() })
	h.on("play.step", func(Action) {
		s.playing = false
		h.work(func() { s.advance(1) })
	})
	h.on("play.reset", func(Action) { s.changed(false) })
	h.on("play.again", func(Action) {
		seed, _ := strconv.ParseInt(s.set.seed, 10, 64)
		s.set.seed = strconv.FormatInt((seed+1)%bindings.MaxSeed, 10)
		s.changed(s.set.kind != yours)
	})
	h.on("play.eye", func(act Action) {
		i, err := strconv.Atoi(act.Arg)
		if err != nil || i == s.eye {
			i = 0
		}
		s.eye = i
		h.touch(s)
	})
	h.on("play.point", func(act Action) {
		if len(act.Points) == 2 {
			s.put(act.Points[0], act.Points[1])
		}
	})
	h.on("play.point.key", func(act Action) { s.key(act.Value) })
	h.on("play.pen", func(act Action) { s.pen, _ = strconv.Atoi(act.Arg); h.touch(s) })
	h.on("play.undo", func(Action) { s.undo() })
	h.on("play.clear", func(Action) {
		s.set.kind, s.points, s.drawn = yours, nil, 0
		s.changed(false)
	})
	h.on("play.dismiss", func(Action) { s.problem = nil; h.touch(s) })
	return s
}

// stopped: the lost engine will not answer.
func (s *playStep) stopped() { s.playing, s.asking, s.model = false, false, 0; s.serial++ }

// scatterPoints makes the points that the settings say; drawn ones stay.
func (s *playStep) scatterPoints() {
	if s.set.kind == yours {
		return
	}
	v := s.set.values()
	points, err := toy.Points(s.set.kind, v.points, v.noise, uint64(v.seed))
	if err == nil {
		s.points, s.drawn = points, 0
	}
}

// changed begins the game anew, with other points where those changed too.
func (s *playStep) changed(points bool) {
	if points {
		s.scatterPoints()
	}
	if bar, ok := s.app.screen.(addressBar); ok {
		bar.SetAddress(s.set.address())
	}
	s.app.touch(s)
	if s.app.state.ready {
		s.app.work(s.restart)
	}
}

// both tells whether there are points of both classes to learn from.
func (s *playStep) both() bool {
	var n [2]int
	for i, p := range s.points {
		if !s.isTest(i) {
			n[p.Class]++
		}
	}
	return n[0] > 0 && n[1] > 0
}

// isTest tells whether point i is kept aside.
func (s *playStep) isTest(i int) bool { return (i*37+50)%100 < s.set.values().tests }

// restart makes a fresh network. It asks the engine.
func (s *playStep) restart() {
	s.serial++
	mine := s.serial
	old := s.model
	s.model, s.epoch, s.logs, s.loss, s.problem, s.eye = 0, 0, nil, [2][]float64{}, nil, 0
	if old != 0 {
		s.app.dispose(old)
	}
	if !s.both() {
		s.playing = false
		s.forgetPictures()
		s.app.touch(s)
		return
	}
	var values []byte
	put := func(v float32) { values = binary.LittleEndian.AppendUint32(values, math.Float32bits(v)) }
	tests := 0
	for _, test := range []bool{false, true} {
		for i, p := range s.points {
			if s.isTest(i) == test {
				put(p.X)
				put(p.Y)
				put(float32(p.Class))
				if test {
					tests++
				}
			}
		}
	}
	v := s.set.values()
	var info bindings.ModelInfo
	_, err := s.app.engine.Call(context.Background(), Request{Method: bindings.MethodPlayBegin, Bytes: [][]byte{values},
		Params: bindings.PlayParams{Points: bindings.Tensor{Shape: []int{len(s.points), 3}}, Tests: tests, Features: s.set.features, Hidden: s.set.hidden,
			Activation: s.set.activation, Optimizer: s.set.optimizer, LearningRate: v.rate, L2: v.l2, BatchSize: v.batch, Seed: &v.seed}}, &info)
	if mine != s.serial {
		if err == nil {
			s.app.dispose(info.Model)
		}
		return
	}
	if err != nil {
		s.fail(err)
		return
	}
	s.model = info.Model
	s.advance(0)
	if s.playing {
		s.app.screen.After(s.pause(), s.tick)
	}
}

func (s *playStep) fail(err error) {
	s.playing = false
	if lostEngine(err) || aborted(err) {
		return
	}
	s.problem = &problem{text: failure(err).Message}
	if failure(err).Data.Code == tensor.CodeNaN {
		s.problem.text = "The network has exploded: its numbers became too large to be numbers. Try a lower learning rate, and press Start anew."
	}
	s.app.touch(s)
}

// advance trains for some epochs and looks. It asks the engine.
func (s *playStep) advance(epochs int) {
	if s.model == 0 || s.asking || s.epoch >= mostEpochs && epochs > 0 {
		s.playing = s.playing && s.asking
		s.app.touch(s)
		return
	}
	s.asking = true
	mine := s.serial
	var r bindings.PlayStepResult
	buffers, err := s.app.engine.Call(context.Background(), Request{Method: bindings.MethodPlayStep,
		Params: bindings.PlayStepParams{Model: s.model, Epochs: epochs, Side: planePixels, Tile: tilePixels}}, &r)
	s.asking = false
	if mine != s.serial {
		return
	}
	if err != nil {
		s.fail(err)
		return
	}
	s.logs = r.Logs
	for s.epoch < r.Epoch {
		s.epoch++
		s.loss[0] = append(s.loss[0], r.Logs["loss"])
		if v, ok := r.Logs["val_loss"]; ok {
			s.loss[1] = append(s.loss[1], v)
		}
	}
	if r.Buffer < len(buffers) {
		s.pictures(buffers[r.Buffer])
	}
	s.playing = s.playing && s.epoch < mostEpochs
	s.app.touch(s)
}

// pictures takes the plane, and a tile for each feature and unit.
func (s *playStep) pictures(pixels []byte) {
	s.forgetPictures()
	s.frame++
	side := planePixels
	for len(pixels) >= 4*side*side {
		name := "play-" + strconv.Itoa(s.frame) + "-" + strconv.Itoa(len(s.names))
		s.app.bitmaps[name] = bitmap{side, side, pixels[:4*side*side]}
		s.names = append(s.names, name)
		pixels = pixels[4*side*side:]
		side = tilePixels
	}
}

func (s *playStep) forgetPictures() {
	for _, name := range s.names {
		delete(s.app.bitmaps, name)
	}
	s.names = nil
}

// toggle begins to play, or pauses.
func (s *playStep) toggle() {
	if s.playing {
		s.playing = false
		s.app.state.say("Paused at epoch " + count(s.epoch) + ".")
		s.app.touch(s)
		return
	}
	if s.model == 0 || s.epoch >= mostEpochs {
		return
	}
	s.playing = true
	s.app.state.say("Playing.")
	s.app.touch(s)
	s.tick()
}

// tick makes the next stretch of the game, and asks for the one after.
func (s *playStep) tick() {
	if !s.playing {
		return
	}
	mine := s.serial
	s.app.work(func() {
		s.advance(s.stride())
		if s.playing && mine == s.serial {
			s.app.screen.After(s.pause(), s.tick)
		}
	})
}

func (s *playStep) calm() bool {
	c, ok := s.app.screen.(calmScreen)
	return ok && c.Calm()
}

// pause and stride are how often, and how far, the game moves: who wants little motion
// sees as much learning in fewer pictures.
func (s *playStep) pause() time.Duration {
	if s.calm() {
		return time.Second
	}
	return map[string]time.Duration{"slow": 250 * time.Millisecond}[s.set.speed] + 30*time.Millisecond
}

func (s *playStep) stride() int {
	n := 1
	if s.set.speed == "fast" {
		n = 10
	}
	if s.calm() {
		n *= 20
	}
	return min(n, mostEpochs-s.epoch)
}

// put adds a point of the pen's class.
func (s *playStep) put(x, y int) {
	if len(s.points) >= mostPoints {
		return
	}
	place := func(v int) float32 { return (2*float32(v)/planeSide - 1) * toy.Reach }
	s.set.kind = yours
	s.points = append(s.points, toy.Point{X: place(x), Y: -place(y), Class: s.pen})
	s.drawn++
	s.changed(false)
}

// key moves the crosshair, draws at it, or takes a point back.
func (s *playStep) key(key string) {
	const step = 40
	c := &s.cross
	if c[0] < 0 {
		*c = [2]int{planeSide / 2, planeSide / 2}
	}
	move := func(i, by int) { c[i] = min(max(c[i]+by, 0), planeSide) }
	switch key {
	case "ArrowLeft":
		move(0, -step)
	case "ArrowRight":
		move(0, step)
	case "ArrowUp":
		move(1, -step)
	case "ArrowDown":
		move(1, step)
	case "1", "2":
		s.pen = int(key[0] - '1')
	case "Backspace":
		s.undo()
	case " ", "Enter":
		s.put(c[0], c[1])
	}
	s.app.touch(s)
}

// undo takes the last drawn point back.
func (s *playStep) undo() {
	if s.drawn == 0 {
		return
	}
	s.points = s.points[:len(s.points)-1]
	s.drawn--
	s.changed(false)
}
