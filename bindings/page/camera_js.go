package page

import (
	"syscall/js"
	"time"

	"honnef.co/go/js/dom/v2"

	"github.com/terrarium-ml/terrarium/core/data/image"
)

// A camera takes pictures as long as a button with data-camera is held, by pointer or by
// the space key; when it is let go they come as the action that data-camera names, and the
// camera is switched off.
type camera struct {
	app    *hub
	doc    dom.Document
	canvas js.Value
	held   bool
}

// Bounds of one press.
const (
	shotEvery = 150 * time.Millisecond
	mostShots = 200
)

func wireCamera(doc dom.Document, app *hub) {
	c := &camera{app: app, doc: doc, canvas: doc.CreateElement("canvas").Underlying()}
	root := doc.Underlying()
	start := func(e js.Value) {
		at := closest(e, "[data-camera]")
		if at.IsNull() || c.held || at.Get("disabled").Truthy() {
			return
		}
		e.Call("preventDefault")
		at.Call("focus")
		c.held = true
		name := at.Call("getAttribute", "data-camera").String()
		go func() { app.Do(c.shoot(name)) }()
	}
	end := func(js.Value) { c.held = false }
	listen(root, "pointerdown", start)
	listen(root, "pointerup", end)
	listen(root, "pointercancel", end)
	listen(root, "keydown", func(e js.Value) {
		if e.Get("key").String() == " " && !e.Get("repeat").Bool() {
			start(e)
		}
	})
	listen(root, "keyup", end)
}

// shoot takes pictures until the button is let go, and switches the camera off.
func (c *camera) shoot(name string) Action {
	act := Action{Name: name}
	if !isQuiet(c.canvas) {
		act.Value = "The camera cannot be used: " + errNoisy.Error() + "."
		return act
	}
	devices := js.Global().Get("navigator").Get("mediaDevices")
	if !devices.Truthy() {
		act.Value = "This browser gives a page a camera only over https or on this computer."
		return act
	}
	stream, ok := answered(func(yes, no js.Func) {
		devices.Call("getUserMedia", map[string]any{"video": map[string]any{"width": 320}}).Call("then", yes, no)
	})
	if !ok {
		act.Value = "The camera could not be used: there is none, or it was not allowed."
		return act
	}
	defer func() {
		tracks := stream.Call("getTracks")
		for i := range tracks.Length() {
			tracks.Index(i).Call("stop")
		}
	}()
	video := c.doc.GetElementByID("camera").Underlying()
	video.Set("srcObject", stream)
	defer video.Set("srcObject", js.Null())
	if _, ok := answered(func(yes, no js.Func) { video.Call("play").Call("then", yes, no) }); !ok {
		act.Value = "The camera gives no picture."
		return act
	}
	if !c.held {
		act.Value = "The camera is allowed now: hold the button as long as it should take pictures."
	}
	for c.held && len(act.Frames) < mostShots {
		if w, h := video.Get("videoWidth").Int(), video.Get("videoHeight").Int(); w > 0 && h > 0 {
			act.Frames = append(act.Frames, drawn(c.canvas, video, w, h, image.KeptSide))
		}
		time.Sleep(shotEvery)
	}
	return act
}
