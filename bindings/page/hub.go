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
	Value     string   // of an input, select or textarea
	Checked   bool     // of a box
	Files     []File   // of a file input, a drop or a paste
	Share     float64  // of a plot: where the pointer is, 0 … 1 from left to right; below 0: it left
	Frames    []bitmap // of a camera
	Points    []int    // of a drawing pad: a line, x and y of each point, 0 … PadSide
}

// A Screen is what the steps need of the browser besides descriptions.
type Screen interface {
	Draw()                            // take App.Drawing in the next frame
	Focus(id string)                  // once what is dirty has been drawn
	Settle(id string)                 // the same, unless the user is typing somewhere
	Value(id string) string           // what a control that no view governs holds
	Download(name string, b []byte)   // offer a file to keep
	Copy(text string)                 // to the clipboard, if the browser lets us
	Embed(file string) string         // the text of embed.js or what belongs to it; "" if it did not come
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

// A road is one kind of work, from raw file to a model that is understood: tables, images,
// texts, series. It is a page of its own; what all of them need is the hub.
type road interface {
	steps() []step
	begin()                // the first engine is ready
	busy() bool            // something is being trained
	lost()                 // the engine went away: what it was asked will not be answered
	comeBack(trained bool) // a fresh engine is ready: open again what was open
	banner() Nodes         // what the road has to say at the top of the page
	take([]File)           // dropped or pasted anywhere
	takeText(string)       // pasted, of several lines
	undo()                 // Ctrl+Z outside of text
	resized()              // the window has another size
}

// A hub is what every road stands on: the engine, the actions, and what is to be drawn.
type hub struct {
	road    road
	screen  Screen
	spawn   func(lost func(why string)) Engine
	engine  Engine
	worker  int // how many engines were started
	able    bindings.Capabilities
	actions map[string]func(Action)
	dirty   []step       // in order of asking
	beside  func(func()) // runs what waits for the engine; a goroutine, but for tests
	state   *stateStep
	privacy *privacyStep
	decode  decoder           // nil: there is none
	bitmaps map[string]bitmap // what canvases show, by the name in their data-bitmap

	language *language     // that descriptions are put into; nil: English
	settings *settingsPart // that are kept in the address; nil: this road has none
}

// A bitmap is a picture, four bytes a pixel: red, green, blue, opacity.
type bitmap struct {
	width, height int
	rgba          []byte
}

func newHub(screen Screen, spawn func(lost func(why string)) Engine) *hub {
	h := &hub{screen: screen, spawn: spawn, actions: map[string]func(Action){}, bitmaps: map[string]bitmap{}, beside: func(do func()) { go do() }}
	h.state = newState(h)
	h.privacy = newPrivacy(h)
	h.on("page.files", func(act Action) { h.road.take(act.Files) })
	return h
}

// on names the handler of an action.
func (h *hub) on(name string, do func(Action)) {
	if h.actions[name] != nil {
		panic("page: two handlers for " + name)
	}
	h.actions[name] = do
}

// Do carries an action out. Unknown ones (of a control that only just went) are ignored.
func (h *hub) Do(act Action) {
	if do := h.actions[act.Name]; do != nil {
		defer h.recovered()
		if h.settings != nil {
			h.settings.around(act, do)
		} else {
			do(act)
		}
	}
}

// Start connects to an engine and shows what is stored here.
func (h *hub) Start() {
	h.connect()
	h.privacy.show()
	h.touch(h.state)
	h.touch(h.road.steps()...)
	h.work(func() {
		if h.hello() == nil {
			h.road.begin()
			h.privacy.look()
		}
	})
}

func (h *hub) connect() {
	h.worker++
	mine := h.worker
	h.engine = h.spawn(func(why string) {
		if mine == h.worker {
			h.state.lose(why)
		}
	})
}

func (h *hub) hello() error {
	err := h.call(context.Background(), Request{Method: bindings.MethodHello, Params: bindings.HelloParams{Protocol: bindings.Protocol}}, &h.able)
	if err != nil {
		h.state.fail(err)
		return err
	}
	h.state.say("Ready.")
	h.state.ready = true
	h.touch(h.state)
	return nil
}

// touch marks steps for the next drawing.
func (h *hub) touch(steps ...step) {
	for _, s := range steps {
		if !slices.Contains(h.dirty, s) {
			h.dirty = append(h.dirty, s)
		}
	}
	h.screen.Draw()
}

// Drawing takes one dirty step and returns what it should look like now, by id of the
// element; nil when there is none left. A screen draws as many as a frame has time for.
func (h *hub) Drawing() map[string]Nodes {
	if h.settings != nil {
		h.settings.arrive()
	}
	if len(h.dirty) == 0 {
		return nil
	}
	s := h.dirty[0]
	h.dirty = h.dirty[1:] // first: a view that fails is not tried again in every frame
	drawing := s.views()
	if h.language != nil {
		for id, nodes := range drawing {
			drawing[id] = h.language.nodes(nodes)
		}
	}
	return drawing
}

// Speak makes the page speak the language of a table (see language).
func (h *hub) Speak(table string) error {
	l, err := readLanguage([]byte(table))
	if err == nil {
		h.language = l
	}
	return err
}

// say puts a text of ours that no view draws into the page's language.
func (h *hub) say(text string) string {
	if h.language == nil {
		return text
	}
	out, all := h.language.say(text)
	if !all && h.language.missing != nil {
		h.language.missing(text)
	}
	return out
}

// lang is the code of the page's language: there is one table.
func (h *hub) lang() string {
	if h.language == nil {
		return "en"
	}
	return "zh-Hans"
}

// work runs something that waits for the engine beside everything else.
func (h *hub) work(do func()) {
	h.beside(func() {
		defer h.recovered()
		do()
	})
}

// recovered keeps the page alive where our own program is wrong.
func (h *hub) recovered() {
	if r := recover(); r != nil {
		h.state.fail(fmt.Errorf("something in this page went wrong (%v). What you opened is still here; please try again", r))
	}
}

func (h *hub) call(ctx context.Context, r Request, result any) error {
	_, err := h.engine.Call(ctx, r, result)
	return err
}

// ask is call without a context.
func (h *hub) ask(method string, params, result any) error {
	return h.call(context.Background(), Request{Method: method, Params: params}, result)
}

// closeTable lets the engine forget a table or another set.
func (h *hub) closeTable(id int) {
	h.work(func() {
		if err := h.ask(bindings.MethodTableClose, bindings.TableParams{Table: id}, nil); err != nil {
			h.state.fail(err)
		}
	})
}

// lostEngine tells whether err means that the engine went away: the state bar then says
// so, and no step needs to.
func lostEngine(err error) bool {
	return err != nil && failure(err).Data.Code == tensor.CodeEngineLost
}

func aborted(err error) bool {
	return err != nil && (failure(err).Data.Code == tensor.CodeAborted || errors.Is(err, context.Canceled))
}
