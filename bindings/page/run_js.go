package page

import (
	"runtime/debug"
	"syscall/js"
	"time"

	"honnef.co/go/js/dom/v2"
)

// roads makes each road, by the name that its page gives itself.
var roads = map[string]func(Screen, func(lost func(why string)) Engine) *hub{
	"":           func(screen Screen, spawn func(func(string)) Engine) *hub { return New(screen, spawn).hub },
	"text":       func(screen Screen, spawn func(func(string)) Engine) *hub { return NewTexts(screen, spawn).hub },
	"images":     func(screen Screen, spawn func(func(string)) Engine) *hub { return NewPictures(screen, spawn).hub },
	"series":     func(screen Screen, spawn func(func(string)) Engine) *hub { return NewSeries(screen, spawn).hub },
	"playground": func(screen Screen, spawn func(func(string)) Engine) *hub { return NewPlayground(screen, spawn).hub },
}

// roadOf makes the road that the page names: <html data-road="…">. Without a name it is
// that of tables.
func roadOf(doc dom.Document, screen Screen) *hub {
	make, ok := roads[doc.DocumentElement().GetAttribute("data-road")]
	if !ok {
		make = roads[""]
	}
	return make(screen, spawnWorker)
}

// Run is the program in the role "page". It never returns: the page lives until its tab
// is closed.
func Run() {
	// The page holds little and must never pause: it collects garbage seldom.
	debug.SetGCPercent(400)
	doc := dom.GetWindow().Document()
	screen := &browserScreen{window: dom.GetWindow(), surface: newSurface(doc)}
	app := roadOf(doc, screen)
	app.decode = browserDecoder(doc)
	if words := js.Global().Get("terrariumHost").Get("words"); words.Type() == js.TypeString {
		if err := app.Speak(words.String()); err != nil {
			app.state.fail(err) // in English, then
		}
	}
	pictures := &painter{doc: doc}
	screen.ask = frames(func() {
		defer app.recovered()
		due := time.Now().Add(frameBudget)
		screen.show(app.Drawing, due)
		if !pictures.paint(app.bitmaps, due) {
			screen.ask()
		}
	})
	wire(doc, app, func() { screen.surface.touched = true })
	app.Start()
	doc.DocumentElement().SetAttribute("data-page", "running")
	go warm(func() { time.Sleep(time.Millisecond) })
	select {}
}
