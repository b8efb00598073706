package page

import (
	"syscall/js"

	"honnef.co/go/js/dom/v2"
)

// wirePlane turns what is done on an element with data-plane into actions of that name: a
// press and every stretch of a drag with Points of the place, 0 … 1000 from its upper left
// corner, and ".key" with the keys that move and draw.
func wirePlane(doc dom.Document, app *hub) {
	root := doc.Underlying()
	var at js.Value
	down, x, y := false, 0, 0
	place := func(e js.Value) (int, int) {
		box := at.Call("getBoundingClientRect")
		share := func(client, from, size string) int {
			return int(min(max((e.Get(client).Float()-box.Get(from).Float())/max(box.Get(size).Float(), 1), 0), 1) * planeSide)
		}
		return share("clientX", "left", "width"), share("clientY", "top", "height")
	}
	put := func(e js.Value) {
		x, y = place(e)
		app.Do(Action{Name: at.Call("getAttribute", "data-plane").String(), Points: []int{x, y}})
	}
	listen(root, "pointerdown", func(e js.Value) {
		if hit := closest(e, "[data-plane]"); !hit.IsNull() && e.Get("button").Int() == 0 {
			at, down = hit, true
			put(e)
		}
	})
	listen(root, "pointermove", func(e js.Value) {
		if !down {
			return
		}
		if nx, ny := place(e); (nx-x)*(nx-x)+(ny-y)*(ny-y) > 35*35 {
			put(e)
		}
	})
	end := func(js.Value) { down = false }
	listen(root, "pointerup", end)
	listen(root, "pointercancel", end)
	listen(root, "keydown", func(e js.Value) {
		hit := closest(e, "[data-plane]")
		if hit.IsNull() || e.Get("ctrlKey").Bool() || e.Get("metaKey").Bool() || e.Get("altKey").Bool() {
			return
		}
		switch key := e.Get("key").String(); key {
		case "ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", " ", "Enter", "Backspace", "1", "2":
			e.Call("preventDefault")
			app.Do(Action{Name: hit.Call("getAttribute", "data-plane").String() + ".key", Value: key})
		}
	})
}

// Address is what stands behind the # of the page's address.
func (s *browserScreen) Address() string {
	hash := js.Global().Get("location").Get("hash").String()
	if hash == "" {
		return ""
	}
	return hash[1:]
}

// SetAddress puts text there, without a step in the history.
func (s *browserScreen) SetAddress(text string) {
	js.Global().Get("history").Call("replaceState", js.Null(), "", "#"+text)
}

// Calm tells whether the user wants little motion.
func (s *browserScreen) Calm() bool {
	return js.Global().Call("matchMedia", "(prefers-reduced-motion: reduce)").Get("matches").Bool()
}
