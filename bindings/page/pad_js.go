package page

import (
	"syscall/js"

	"honnef.co/go/js/dom/v2"

	"github.com/terrarium-ml/terrarium/core/data/image"
)

// wirePads lets people draw on canvases: elements with data-pad. A line is drawn on the
// canvas as it comes, and when the pen is lifted it goes to the app as the action
// "pad.NAME".
func wirePads(doc dom.Document, app *hub) {
	var at js.Value // the pad under the pen
	var ink js.Value
	var line []int
	down := false
	root := doc.Underlying()
	point := func(e js.Value) (x, y int) {
		box := at.Call("getBoundingClientRect")
		place := func(client, from, size float64) int {
			return int(min(max((client-from)/max(size, 1), 0), 1) * image.PadSide)
		}
		return place(e.Get("clientX").Float(), box.Get("left").Float(), box.Get("width").Float()),
			place(e.Get("clientY").Float(), box.Get("top").Float(), box.Get("height").Float())
	}
	to := func(e js.Value) {
		x, y := point(e)
		scale := at.Get("width").Float() / image.PadSide
		if n := len(line); n == 0 {
			ink.Call("beginPath")
			ink.Call("moveTo", float64(x)*scale, float64(y)*scale)
		} else if line[n-2] == x && line[n-1] == y {
			return
		}
		ink.Call("lineTo", float64(x)*scale, float64(y)*scale)
		ink.Call("stroke")
		line = append(line, x, y)
	}
	listen(root, "pointerdown", func(e js.Value) {
		hit := closest(e, "[data-pad]")
		if hit.IsNull() || down {
			return
		}
		e.Call("preventDefault")
		at, down, line = hit, true, nil
		ink = at.Call("getContext", "2d")
		ink.Set("lineWidth", at.Get("width").Float()/15)
		ink.Set("lineCap", "round")
		ink.Set("lineJoin", "round")
		ink.Set("strokeStyle", js.Global().Call("getComputedStyle", at).Get("color"))
		at.Call("setPointerCapture", e.Get("pointerId"))
		to(e)
	})
	listen(root, "pointermove", func(e js.Value) {
		if down {
			to(e)
		}
	})
	end := func(js.Value) {
		if down {
			down = false
			app.Do(Action{Name: "pad." + at.Call("getAttribute", "data-pad").String(), Points: line})
		}
	}
	listen(root, "pointerup", end)
	listen(root, "pointercancel", end)
}
