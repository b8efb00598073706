package page

import (
	"syscall/js"
	"time"

	"honnef.co/go/js/dom/v2"
)

// A browserScreen is the Screen that people see.
type browserScreen struct {
	window  dom.Window
	surface *surface
	ask     func() // for a drawing
	focus   string // id that gets the focus after the next drawing
	gently  bool   // not if the user is typing
	release func() // of the question before leaving

	since         float64 // when the page began to count requests
	made, refused int
}

func (s *browserScreen) Draw() { s.ask() }

func (s *browserScreen) Focus(id string) { s.focus, s.gently = id, false; s.ask() }

func (s *browserScreen) Settle(id string) { s.focus, s.gently = id, true; s.ask() }

// frameBudget is how long one frame may draw and paint; what is left waits for the next one.
const frameBudget = 10 * time.Millisecond

// show draws what is dirty, and then moves the focus where it was asked for. Once it is due,
// what is left waits for the next frame.
func (s *browserScreen) show(next func() map[string]Nodes, due time.Time) {
	for d := next(); d != nil; d = next() {
		for id, nodes := range d {
			s.surface.draw(id, nodes)
		}
		if time.Now().After(due) {
			s.ask()
			return
		}
	}
	s.surface.touched = false
	if s.focus == "" {
		return
	}
	active := s.surface.doc.Underlying().Get("activeElement")
	typing := s.gently && active.Truthy() && (isText(active) || active.Get("tagName").String() == "SELECT")
	if e := s.surface.doc.GetElementByID(s.focus); e != nil && !typing {
		e.Underlying().Call("focus")
	}
	s.focus = ""
}

func (s *browserScreen) Value(id string) string {
	e := s.surface.doc.GetElementByID(id)
	if e == nil {
		return ""
	}
	return e.Underlying().Get("value").String()
}

// Download offers bytes as a file. The address that names them goes away a little later:
// a browser may read it only after the click.
func (s *browserScreen) Download(name string, b []byte) {
	array := js.Global().Get("Uint8Array").New(len(b))
	js.CopyBytesToJS(array, b)
	blob := js.Global().Get("Blob").New([]any{array}, map[string]any{"type": "application/octet-stream"})
	url := js.Global().Get("URL").Call("createObjectURL", blob)
	link := s.surface.doc.CreateElement("a").(*dom.HTMLAnchorElement)
	link.Set("href", url)
	link.Set("download", name)
	link.Click()
	later(time.Minute, func() { js.Global().Get("URL").Call("revokeObjectURL", url) })
}

// Copy writes to the clipboard, which a browser may refuse: then it stays as it was.
func (s *browserScreen) Copy(text string) {
	if clipboard := js.Global().Get("navigator").Get("clipboard"); clipboard.Truthy() {
		clipboard.Call("writeText", text)
	}
}

// Embed is what boot.js fetched before the page gave up connecting.
func (s *browserScreen) Embed(file string) string {
	if text := js.Global().Get("terrariumHost").Get("embed").Get(file); text.Type() == js.TypeString {
		return text.String()
	}
	return ""
}

// Guard lets the browser ask before the page is left. The listener exists only while
// there is something to lose, so that the page can rest in the back/forward cache.
func (s *browserScreen) Guard(unsaved bool) {
	if s.release != nil {
		s.release()
		s.release = nil
	}
	if unsaved {
		s.release = listen(js.Global(), "beforeunload", func(e js.Value) {
			e.Call("preventDefault")
			e.Set("returnValue", "unsaved")
		})
	}
}

func (s *browserScreen) After(d time.Duration, do func()) { later(d, do) }

func (s *browserScreen) Width() float64 {
	return s.surface.doc.Underlying().Get("documentElement").Get("clientWidth").Float()
}

func (s *browserScreen) Now() time.Time { return time.Now() }
