package page

import (
	"syscall/js"

	"honnef.co/go/js/dom/v2"
)

// wireSteps marks, in the line of steps, the one that is being read: the section that
// crosses a line just below the top of the window. The browser watches for that itself, so
// scrolling costs the program nothing.
func wireSteps(doc dom.Document) {
	nav := doc.Underlying().Call("querySelector", ".steps")
	if nav.IsNull() {
		return
	}
	current := js.Null()
	mark := func(id string) {
		link := nav.Call("querySelector", `a[href="#`+id+`"]`)
		if link.IsNull() || link.Equal(current) {
			return
		}
		if !current.IsNull() {
			current.Call("removeAttribute", "aria-current")
		}
		current = link
		link.Call("setAttribute", "aria-current", "step")
		// At once, never smoothly: the line is narrow only where the page moves already.
		middle := link.Get("offsetLeft").Float() - nav.Get("offsetLeft").Float() + link.Get("offsetWidth").Float()/2
		nav.Set("scrollLeft", middle-nav.Get("clientWidth").Float()/2)
	}
	seen := js.FuncOf(func(_ js.Value, args []js.Value) any { // lives as long as the page
		for i := range args[0].Length() {
			if e := args[0].Index(i); e.Get("isIntersecting").Bool() {
				mark(e.Get("target").Call("getAttribute", "aria-labelledby").String())
			}
		}
		return nil
	})
	watch := js.Global().Get("IntersectionObserver").New(seen, map[string]any{"rootMargin": "-20% 0px -79% 0px"})
	sections := doc.Underlying().Call("querySelectorAll", "main > section[aria-labelledby]")
	for i := range sections.Length() {
		watch.Call("observe", sections.Index(i))
	}
}
