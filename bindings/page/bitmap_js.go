package page

import (
	"syscall/js"

	"honnef.co/go/js/dom/v2"
)

// paint puts pictures into the canvases that ask for them by data-bitmap and do not show
// them yet. Each picture crosses in one copy.
func paint(doc dom.Document, bitmaps map[string]bitmap) {
	if len(bitmaps) == 0 {
		return
	}
	list := doc.Underlying().Call("querySelectorAll", "canvas[data-bitmap]")
	for i := range list.Length() {
		canvas := list.Index(i)
		name := canvas.Call("getAttribute", "data-bitmap")
		if canvas.Get("painted").Equal(name) {
			continue
		}
		b, ok := bitmaps[name.String()]
		if !ok {
			continue
		}
		pixels := js.Global().Get("Uint8ClampedArray").New(len(b.rgba))
		js.CopyBytesToJS(pixels, b.rgba)
		canvas.Call("getContext", "2d").Call("putImageData", js.Global().Get("ImageData").New(pixels, b.width, b.height), 0, 0)
		canvas.Set("painted", name)
	}
}
