package page

import (
	"syscall/js"
	"time"

	"honnef.co/go/js/dom/v2"
)

// A painter puts pictures into the canvases that ask for them by data-bitmap and do not show
// them yet.
type painter struct {
	doc   dom.Document
	stood int // where among the canvases it stopped: all get their turn, however fast they change
}

// paint paints until it is due, one picture at least, and tells whether that was all of
// them. Each crosses in one copy.
func (p *painter) paint(bitmaps map[string]bitmap, due time.Time) (all bool) {
	if len(bitmaps) == 0 {
		return true
	}
	list := p.doc.Underlying().Call("querySelectorAll", "canvas[data-bitmap]")
	count := list.Length()
	for i := range count {
		at := (p.stood + i) % count
		if paintOne(list.Index(at), bitmaps) && time.Now().After(due) {
			p.stood = at + 1
			return false
		}
	}
	return true
}

// paintOne tells whether there was anything to paint.
func paintOne(canvas js.Value, bitmaps map[string]bitmap) bool {
	name := canvas.Call("getAttribute", "data-bitmap")
	if canvas.Get("painted").Equal(name) {
		return false
	}
	b, ok := bitmaps[name.String()]
	if !ok {
		return false
	}
	pixels := js.Global().Get("Uint8ClampedArray").New(len(b.rgba))
	js.CopyBytesToJS(pixels, b.rgba)
	canvas.Call("getContext", "2d").Call("putImageData", js.Global().Get("ImageData").New(pixels, b.width, b.height), 0, 0)
	canvas.Set("painted", name)
	return true
}
