package page

import (
	"bytes"
	"errors"
	"syscall/js"

	"honnef.co/go/js/dom/v2"
)

// browserDecoder decodes by createImageBitmap and a canvas.
func browserDecoder(doc dom.Document) decoder {
	canvas := doc.CreateElement("canvas").Underlying()
	quiet := 0 // 1: the canvas gives what was put in, 2: it does not
	return func(f File, most int) (bitmap, error) {
		if quiet == 0 {
			quiet = 2
			if isQuiet(canvas) {
				quiet = 1
			}
		}
		if quiet == 2 {
			return bitmap{}, errNoisy
		}
		file, _ := f.Handle.(js.Value)
		made, ok := answered(func(yes, no js.Func) { js.Global().Call("createImageBitmap", file).Call("then", yes, no) })
		if !ok {
			return bitmap{}, errors.New("this browser cannot decode it")
		}
		defer made.Call("close")
		return drawn(canvas, made, made.Get("width").Int(), made.Get("height").Int(), most), nil
	}
}

// drawn draws a source onto the canvas, made smaller where it is too large, and reads the
// pixels.
func drawn(canvas, source js.Value, width, height, most int) bitmap {
	if long := max(width, height); long > most {
		width, height = max(1, width*most/long), max(1, height*most/long)
	}
	canvas.Set("width", width)
	canvas.Set("height", height)
	c := canvas.Call("getContext", "2d", map[string]any{"willReadFrequently": true})
	c.Set("imageSmoothingQuality", "high")
	c.Call("drawImage", source, 0, 0, width, height)
	return bitmap{width, height, readPixels(c, width, height)}
}

func readPixels(c js.Value, width, height int) []byte {
	pixels := c.Call("getImageData", 0, 0, width, height).Get("data")
	rgba := make([]byte, pixels.Length())
	js.CopyBytesToGo(rgba, pixels)
	return rgba
}

// isQuiet tells whether a canvas gives back the pixels that were put into it.
func isQuiet(canvas js.Value) bool {
	const side = 16
	canvas.Set("width", side)
	canvas.Set("height", side)
	c := canvas.Call("getContext", "2d", map[string]any{"willReadFrequently": true})
	rgba := make([]byte, 4*side*side)
	for i := range rgba {
		rgba[i] = byte(37 * i)
		if i%4 == 3 {
			rgba[i] = 255
		}
	}
	pixels := js.Global().Get("Uint8ClampedArray").New(len(rgba))
	js.CopyBytesToJS(pixels, rgba)
	c.Call("putImageData", js.Global().Get("ImageData").New(pixels, side, side), 0, 0)
	return bytes.Equal(rgba, readPixels(c, side, side))
}
