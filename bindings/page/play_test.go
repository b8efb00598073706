package page

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/bindings"
	"github.com/terrarium-ml/terrarium/core/json"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// A barScreen is a fake screen with an address.
type barScreen struct {
	*fakeScreen
	address string
	calm    bool
}

func (s *barScreen) Address() string        { return s.address }
func (s *barScreen) SetAddress(text string) { s.address = text }
func (s *barScreen) Calm() bool             { return s.calm }

// A court is a playground on a fake screen with a fake engine.
type court struct {
	*stage
	app *Playground
	bar *barScreen
}

func newCourt(t *testing.T, address string) *court {
	fake := &fakeScreen{values: map[string]string{}, files: map[string][]byte{}, clock: time.Unix(1e9, 0)}
	s := &court{stage: &stage{T: t, shown: map[string]Node{}, screen: fake,
		engine: &fakeEngine{t: t, answer: map[string]func(json.RawMessage, Request) (any, [][]byte, error){}, last: map[string]json.RawMessage{}}},
		bar: &barScreen{fakeScreen: fake, address: address}}
	s.app = NewPlayground(s.bar, func(lost func(string)) Engine { s.lose = lost; return s.engine })
	s.stage.app = &App{studio: &studio{hub: s.app.hub}}
	s.app.beside = func(do func()) { do() }
	s.fix(bindings.MethodHello, bindings.Capabilities{Version: "1", SIMD: true})
	s.fix(bindings.MethodPlayBegin, bindings.ModelInfo{Model: 5})
	epoch := 0
	s.engine.answer[bindings.MethodPlayStep] = func(params json.RawMessage, _ Request) (any, [][]byte, error) {
		var p bindings.PlayStepParams
		require.NoError(t, json.Unmarshal(params, &p))
		if p.Epochs == 0 {
			epoch = 0
		}
		epoch += p.Epochs
		units := len(s.app.game.set.features)
		for _, n := range s.app.game.set.hidden {
			units += n
		}
		return bindings.PlayStepResult{Epoch: epoch, Logs: bindings.Logs{"loss": 0.5, "acc": 0.8, "val_loss": 0.6, "val_acc": 0.75}},
			[][]byte{make([]byte, 4*p.Side*p.Side+units*4*p.Tile*p.Tile)}, nil
	}
	s.app.Start()
	s.draw()
	return s
}

// act carries actions out without letting timers run.
func (s *court) act(acts ...Action) {
	s.Helper()
	for _, a := range acts {
		require.Contains(s, s.app.actions, a.Name)
		s.app.Do(a)
	}
	s.draw()
}

// tick lets the timers run that wait now.
func (s *court) tick() {
	timers := s.screen.timers
	s.screen.timers = nil
	for _, t := range timers {
		t()
	}
	s.draw()
}

func (s *court) begun() (p bindings.PlayParams) {
	s.Helper()
	require.NoError(s, json.Unmarshal(s.engine.last[bindings.MethodPlayBegin], &p))
	return p
}

func TestPlayPauseStepAndReset(t *testing.T) {
	s := newCourt(t, "")
	require.Equal(t, []int{200, 3}, s.begun().Points.Shape)
	require.Equal(t, 60, s.begun().Tests)
	require.Equal(t, "0", s.see("play-epoch").get("data-value"))
	require.Len(t, s.app.bitmaps, 1+2+4)
	s.act(Action{Name: "play"})
	require.Equal(t, "Pause", s.see("play").words())
	for range 3 {
		s.tick()
	}
	require.Equal(t, "4", s.see("play-epoch").get("data-value"))
	require.Contains(t, s.see("play-test").words(), "0.6 (75.0 % right)")
	require.Len(t, s.app.bitmaps, 1+2+4, "pictures of the frame before are let go")
	require.Contains(t, s.see("plot-play").get("aria-label"), "test from 0.6 to 0.6")
	s.act(Action{Name: "play"})
	s.tick()
	require.Equal(t, "4", s.see("play-epoch").get("data-value"))
	require.Empty(t, s.screen.timers)
	s.act(Action{Name: "play.step"})
	require.Equal(t, "5", s.see("play-epoch").get("data-value"))
	s.act(Action{Name: "play.reset"})
	require.Equal(t, "0", s.see("play-epoch").get("data-value"))
	require.Contains(t, s.engine.asked, bindings.MethodModelDispose)
	s.act(Action{Name: "play.again"})
	require.Equal(t, int64(2), *s.begun().Seed)
}

func TestPlayingCalmlyAndFast(t *testing.T) {
	s := newCourt(t, "")
	s.bar.calm = true
	s.act(Action{Name: "play.speed", Value: "fast"}, Action{Name: "play"})
	require.Equal(t, "200", s.see("play-epoch").get("data-value"))
	for range 40 {
		s.tick()
	}
	require.Equal(t, "5000", s.see("play-epoch").get("data-value"))
	require.True(t, s.disabled("play"))
	require.Equal(t, "Play", s.see("play").words())
}

func TestNetworkIsEditedInPlace(t *testing.T) {
	s := newCourt(t, "")
	s.act(Action{Name: "play.layer", Arg: "more"}, Action{Name: "play.units", Arg: "0 more"}, Action{Name: "play.units", Arg: "1 less"}, Action{Name: "play.feature", Arg: "xx"})
	p := s.begun()
	require.Equal(t, []int{5, 3}, p.Hidden)
	require.Equal(t, []string{"x", "y", "xx"}, p.Features)
	require.Contains(t, s.bar.address, "show=x-y-xx&hidden=5-3")
	s.act(Action{Name: "play.eye", Arg: "4"})
	require.Contains(t, s.see("plane").get("aria-label"), "what one unit says")
	s.act(Action{Name: "play.eye", Arg: "4"})
	require.Contains(t, s.see("plane").get("aria-label"), "what the network answers")
	for range 9 {
		s.act(Action{Name: "play.layer", Arg: "less"})
	}
	require.Empty(t, s.begun().Hidden)
	for _, f := range []string{"x", "y", "xx"} {
		s.act(Action{Name: "play.feature", Arg: f})
	}
	require.Equal(t, []string{"xx"}, s.begun().Features, "the last one stays")
}

func TestAddressKeepsTheSettings(t *testing.T) {
	s := newCourt(t, "data=xor&hidden=3-2&show=xy-siny&rate=0.5&noise=20&activation=relu&optimizer=sgd&points=100&rubbish&hidden2=9&seed=x")
	p := s.begun()
	require.Equal(t, []int{3, 2}, p.Hidden)
	require.Equal(t, []string{"xy", "siny"}, p.Features)
	require.Equal(t, 0.5, p.LearningRate)
	require.Equal(t, "relu", p.Activation)
	require.Equal(t, "sgd", p.Optimizer)
	require.Equal(t, []int{100, 3}, p.Points.Shape)
	require.Equal(t, int64(1), *p.Seed)
	s.act(Action{Name: "play.rate", Value: "0,25"})
	again := newCourt(t, s.bar.address)
	require.Equal(t, s.app.game.set.address(), again.app.game.set.address())
	require.Equal(t, 0.25, again.begun().LearningRate)
}

func TestPointsAreDrawnByHandAndByKeys(t *testing.T) {
	s := newCourt(t, "")
	s.act(Action{Name: "play.clear"})
	require.True(t, s.disabled("play"))
	require.Contains(t, s.see("play-draw-hint").words(), "Draw points of both kinds")
	s.act(Action{Name: "play.point", Points: []int{250, 250}}, Action{Name: "play.pen", Arg: "1"}, Action{Name: "play.point.key", Value: "ArrowRight"},
		Action{Name: "play.point.key", Value: " "}, Action{Name: "play.point", Points: []int{900, 900}}, Action{Name: "play.point.key", Value: "1"}, Action{Name: "play.point", Points: []int{100, 300}})
	points := s.app.game.points
	require.Len(t, points, 4)
	require.Equal(t, float32(-3), points[0].X)
	require.Equal(t, float32(3), points[0].Y)
	require.InDelta(t, 0.48, points[1].X, 1e-5)
	require.Equal(t, []int{0, 1, 1, 0}, []int{points[0].Class, points[1].Class, points[2].Class, points[3].Class})
	require.Equal(t, []int{4, 3}, s.begun().Points.Shape)
	s.act(Action{Name: "play.point.key", Value: "Backspace"})
	require.Len(t, s.app.game.points, 3)
	s.app.road.undo()
	require.Len(t, s.app.game.points, 2)
	require.NotContains(t, s.bar.address, "250", "what is drawn does not stand in the address")
	s.act(Action{Name: "play.data", Value: "moons"})
	require.Len(t, s.app.game.points, 200)
}

func TestLessonsSetThemselvesUp(t *testing.T) {
	s := newCourt(t, "")
	for i, l := range lessons {
		s.act(Action{Name: "play.try", Arg: count(i)})
		require.Empty(t, s.app.game.set.checks(), l.title)
		for _, part := range strings.Split(l.settings, "&") {
			require.Contains(t, s.bar.address+"&", part+"&", l.title)
		}
	}
}

func TestPlayThatGoesWrong(t *testing.T) {
	s := newCourt(t, "")
	s.fail(bindings.MethodPlayStep, tensor.CodeNaN, "NaN")
	s.act(Action{Name: "play"})
	require.Contains(t, s.see("problem-play").words(), "Try a lower learning rate")
	require.Equal(t, "Play", s.see("play").words())
	s.act(Action{Name: "play.rate", Value: "fast"})
	require.Contains(t, s.see("rate-check").words(), "above 0, at most 100")
	s.lose("killed")
	s.act(Action{Name: "state.again"})
	require.NotZero(t, s.app.game.model)
}
