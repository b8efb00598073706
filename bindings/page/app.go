package page

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/terrarium-ml/terrarium/bindings"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// An Action is what the user did: the control's data-act and data-arg, and what the
// control holds now.
type Action struct {
	Name, Arg string
	Value     string  // of an input, select or textarea
	Checked   bool    // of a box
	Files     []File  // of a file input, a drop or a paste
	Share     float64 // of a plot: where the pointer is, 0 … 1 from left to right; below 0: it left
}

// A Screen is what the steps need of the browser besides descriptions.
type Screen interface {
	Draw()                            // take App.Drawing in the next frame
	Focus(id string)                  // once what is dirty has been drawn
	Settle(id string)                 // the same, unless the user is typing somewhere
	Value(id string) string           // what a control that no view governs holds
	Download(name string, b []byte)   // offer a file to keep
	Guard(unsaved bool)               // ask before the page is left
	After(d time.Duration, do func()) // call later
	Width() float64                   // of the window, in CSS pixels
	Now() time.Time
}

// A step is a part of the page: it owns some elements of index.html by id and describes
// what they hold.
type step interface {
	views() map[string]Nodes
}

// An App is the page: its steps, the engine, and what joins them.
type App struct {
	screen  Screen
	spawn   func(lost func(why string)) Engine
	engine  Engine
	worker  int // how many engines were started
	able    bindings.Capabilities
	actions map[string]func(Action)
	dirty   []step       // in order of asking
	beside  func(func()) // runs what waits for the engine; a goroutine, but for tests

	state   *stateStep
	data    *dataStep
	columns *columnsStep
	network *networkStep
	train   *trainStep
	result  *resultStep
	row     *rowStep
	shelf   *shelfStep
}

// New makes a page on a screen. Spawn starts a fresh engine and tells when it is lost.
func New(screen Screen, spawn func(lost func(why string)) Engine) *App {
	a := &App{screen: screen, spawn: spawn, actions: map[string]func(Action){}, beside: func(do func()) { go do() }}
	a.state = newState(a)
	a.data = newData(a)
	a.columns = newColumns(a)
	a.network = newNetwork(a)
	a.train = newTrain(a)
	a.result = newResult(a)
	a.row = newRow(a)
	a.shelf = newShelf(a)
	return a
}

// on names the handler of an action.
func (a *App) on(name string, do func(Action)) {
	if a.actions[name] != nil {
		panic("page: two handlers for " + name)
	}
	a.actions[name] = do
}

// Do carries an action out. Unknown ones (of a control that only just went) are ignored.
func (a *App) Do(act Action) {
	if do := a.actions[act.Name]; do != nil {
		defer a.recovered()
		do(act)
	}
}

// Start connects to an engine and shows what is stored here.
func (a *App) Start() {
	a.connect()
	a.touch(a.state, a.data, a.columns, a.network, a.train, a.result, a.row, a.shelf)
	a.work(func() {
		if a.hello() == nil {
			a.shelf.refresh()
		}
	})
}

func (a *App) connect() {
	a.worker++
	mine := a.worker
	a.engine = a.spawn(func(why string) {
		if mine == a.worker {
			a.state.lose(why)
		}
	})
}

func (a *App) hello() error {
	err := a.call(context.Background(), Request{Method: bindings.MethodHello, Params: bindings.HelloParams{Protocol: bindings.Protocol}}, &a.able)
	if err != nil {
		a.state.fail(err)
		return err
	}
	a.state.say("Ready.")
	a.state.ready = true
	a.touch(a.state, a.data)
	return nil
}

// touch marks steps for the next drawing.
func (a *App) touch(steps ...step) {
	for _, s := range steps {
		if !slices.Contains(a.dirty, s) {
			a.dirty = append(a.dirty, s)
		}
	}
	a.screen.Draw()
}

// Drawing takes one dirty step and returns what it should look like now, by id of the
// element; nil when there is none left. A screen draws as many as a frame has time for.
func (a *App) Drawing() map[string]Nodes {
	if len(a.dirty) == 0 {
		return nil
	}
	s := a.dirty[0]
	a.dirty = a.dirty[1:] // first: a view that fails is not tried again in every frame
	return s.views()
}

// work runs something that waits for the engine beside everything else.
func (a *App) work(do func()) {
	a.beside(func() {
		defer a.recovered()
		do()
	})
}

// recovered keeps the page alive where our own program is wrong.
func (a *App) recovered() {
	if r := recover(); r != nil {
		a.state.fail(fmt.Errorf("something in this page went wrong (%v). What you opened is still here; please try again", r))
	}
}

func (a *App) call(ctx context.Context, r Request, result any) error {
	_, err := a.engine.Call(ctx, r, result)
	return err
}

// ask is call without a context.
func (a *App) ask(method string, params, result any) error {
	return a.call(context.Background(), Request{Method: method, Params: params}, result)
}

// lostEngine tells whether err means that the engine went away: the state bar then says
// so, and no step needs to.
func lostEngine(err error) bool {
	return err != nil && failure(err).Data.Code == tensor.CodeEngineLost
}

func aborted(err error) bool {
	return err != nil && (failure(err).Data.Code == tensor.CodeAborted || errors.Is(err, context.Canceled))
}
