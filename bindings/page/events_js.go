package page

import (
	"strings"
	"syscall/js"
	"time"

	"honnef.co/go/js/dom/v2"
)

// This file makes most js.Funcs, each with its release beside it: listen returns it, and
// the listeners of wire live as long as the page. Events are heard at the document and
// told apart by the data-act of the element they happened on, so that elements come and
// go without any Func of their own.

// listen hears an event of a target until the returned function is called.
func listen(target js.Value, event string, hear func(e js.Value)) (release func()) {
	f := js.FuncOf(func(_ js.Value, args []js.Value) any {
		hear(args[0])
		return nil
	})
	target.Call("addEventListener", event, f)
	return func() {
		target.Call("removeEventListener", event, f)
		f.Release()
	}
}

// answered calls a function of JavaScript that answers by one of two callbacks, and waits
// for that; ok is false where it was the second.
func answered(ask func(yes, no js.Func)) (result js.Value, ok bool) {
	type reply struct {
		value js.Value
		ok    bool
	}
	came := make(chan reply, 2)
	callback := func(ok bool) js.Func {
		return js.FuncOf(func(_ js.Value, args []js.Value) any {
			r := reply{ok: ok}
			if len(args) > 0 {
				r.value = args[0]
			}
			came <- r
			return nil
		})
	}
	yes, no := callback(true), callback(false)
	defer yes.Release()
	defer no.Release()
	ask(yes, no)
	r := <-came
	return r.value, r.ok
}

// frames returns a function that asks for draw in the next animation frame, once however
// often it is asked. Its only Func serves every frame of the page's life.
func frames(draw func()) (ask func()) {
	waiting := false
	f := js.FuncOf(func(js.Value, []js.Value) any {
		waiting = false
		draw()
		return nil
	})
	window := js.Global()
	return func() {
		if !waiting {
			waiting = true
			window.Call("requestAnimationFrame", f)
		}
	}
}

// later calls do after a while, outside of any event.
func later(d time.Duration, do func()) { time.AfterFunc(d, do) }

// wire brings every event of the page to the app. Touched is called when the user changed
// a control.
func wire(doc dom.Document, app *hub, touched func()) {
	root := doc.Underlying()
	listen(root, "click", func(e js.Value) {
		at := closest(e, "[data-act]")
		if at.IsNull() || isField(at) || at.Get("tagName").String() == "FORM" {
			return
		}
		if at.Get("tagName").String() == "A" {
			e.Call("preventDefault")
		}
		app.Do(actionOf(at))
	})
	listen(root, "input", func(e js.Value) {
		touched()
		if at := closest(e, "[data-act]"); !at.IsNull() && livesByInput(at) {
			app.Do(actionOf(at))
		}
	})
	listen(root, "change", func(e js.Value) {
		touched()
		at := closest(e, "[data-act]")
		if at.IsNull() || !isField(at) || livesByInput(at) {
			return
		}
		app.Do(actionOf(at))
		if at.Get("type").String() == "file" {
			at.Set("value", "") // so that the same file can be chosen again
		}
	})
	listen(root, "submit", func(e js.Value) {
		e.Call("preventDefault")
		if at := closest(e, "form[data-act]"); !at.IsNull() {
			app.Do(actionOf(at))
		}
	})
	listen(root, "keydown", func(e js.Value) {
		z := e.Get("key").String()
		if (z == "z" || z == "Z") && (e.Get("ctrlKey").Bool() || e.Get("metaKey").Bool()) && !e.Get("shiftKey").Bool() && !isText(e.Get("target")) {
			e.Call("preventDefault")
			app.road.undo()
		}
	})
	wirePlots(doc, app)
	wireDrops(doc, app)
	wirePads(doc, app)
	wireCamera(doc, app)
	wirePlane(doc, app)
	wireSteps(doc)
	listen(js.Global(), "resize", func(js.Value) { app.road.resized() })
}

// wirePlots moves the curves' cursor with the pointer.
func wirePlots(doc dom.Document, app *hub) {
	place := doc.GetElementByID("train-view")
	if place == nil {
		return // a page without curves to read
	}
	view := place.Underlying()
	listen(view, "pointermove", func(e js.Value) {
		at := closest(e, "[data-plot]")
		if at.IsNull() {
			return
		}
		box := at.Call("getBoundingClientRect")
		app.Do(Action{Name: "plot", Share: max((e.Get("clientX").Float()-box.Get("left").Float())/max(box.Get("width").Float(), 1), 0)})
	})
	listen(view, "pointerleave", func(js.Value) { app.Do(Action{Name: "plot", Share: -1}) })
}

// wireDrops takes files that are dropped anywhere, and tables or files that are pasted.
func wireDrops(doc dom.Document, app *hub) {
	root := doc.Underlying()
	body := root.Get("body").Get("classList")
	hasFiles := func(e js.Value) bool {
		types := e.Get("dataTransfer").Get("types")
		return types.Truthy() && types.Call("includes", "Files").Bool()
	}
	listen(root, "dragover", func(e js.Value) {
		if hasFiles(e) {
			e.Call("preventDefault")
			body.Call("add", "dropping")
		}
	})
	listen(root, "dragleave", func(e js.Value) {
		if e.Get("relatedTarget").IsNull() {
			body.Call("remove", "dropping")
		}
	})
	listen(root, "drop", func(e js.Value) {
		body.Call("remove", "dropping")
		if !hasFiles(e) {
			return
		}
		e.Call("preventDefault")
		name := dropName(e)
		if entries := folders(e.Get("dataTransfer")); entries != nil {
			go func() { app.Do(Action{Name: name, Files: walk(entries)}) }()
			return
		}
		app.Do(Action{Name: name, Files: files(e.Get("dataTransfer").Get("files"))})
	})
	listen(root, "paste", func(e js.Value) {
		clip := e.Get("clipboardData")
		if !clip.Truthy() {
			return
		}
		if list := files(clip.Get("files")); len(list) > 0 {
			e.Call("preventDefault")
			app.Do(Action{Name: dropName(e), Files: list})
			return
		}
		if isText(e.Get("target")) {
			return
		}
		if text := clip.Call("getData", "text/plain").String(); strings.Contains(text, "\n") {
			e.Call("preventDefault")
			app.road.takeText(text)
		}
	})
}

// dropName is the action for files that come over an element: its data-drop, or that of
// the page.
func dropName(e js.Value) string {
	if at := closest(e, "[data-drop]"); !at.IsNull() {
		return at.Call("getAttribute", "data-drop").String()
	}
	return "page.files"
}

func closest(e js.Value, selector string) js.Value {
	t := e.Get("target")
	if t.Get("closest").Type() != js.TypeFunction {
		return js.Null()
	}
	return t.Call("closest", selector)
}

func isField(at js.Value) bool {
	switch at.Get("tagName").String() {
	case "INPUT", "SELECT", "TEXTAREA":
		return true
	}
	return false
}

// isText tells whether keys typed there are text.
func isText(at js.Value) bool {
	switch tag := at.Get("tagName"); {
	case tag.Type() != js.TypeString:
		return false
	case tag.String() == "TEXTAREA":
		return true
	case tag.String() == "INPUT":
		t := at.Get("type").String()
		return t != "checkbox" && t != "file" && t != "range" && t != "radio"
	}
	return false
}

// livesByInput tells whether a field acts at every change of its text.
func livesByInput(at js.Value) bool {
	if at.Call("getAttribute", "data-on").Type() == js.TypeString {
		return false
	}
	return isText(at) || at.Get("type").Type() == js.TypeString && at.Get("type").String() == "range"
}

func actionOf(at js.Value) Action {
	act := Action{Name: at.Call("getAttribute", "data-act").String()}
	if arg := at.Call("getAttribute", "data-arg"); arg.Type() == js.TypeString {
		act.Arg = arg.String()
	}
	if !isField(at) {
		return act
	}
	switch at.Get("type").String() {
	case "file":
		act.Files = files(at.Get("files"))
	case "checkbox":
		act.Checked = at.Get("checked").Bool()
	default:
		act.Value = at.Get("value").String()
	}
	return act
}

// files lists a FileList.
func files(list js.Value) []File {
	if !list.Truthy() {
		return nil
	}
	var out []File
	for i := range list.Get("length").Int() {
		f := list.Index(i)
		path := ""
		if p := f.Get("webkitRelativePath"); p.Type() == js.TypeString {
			path = p.String()
		}
		out = append(out, File{Name: f.Get("name").String(), Path: path, Size: int64(f.Get("size").Float()), Handle: f})
	}
	return out
}
