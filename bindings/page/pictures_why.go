package page

import (
	"math"
	"slices"

	"github.com/terrarium-ml/terrarium/bindings"
)

// A pixelsPart explains the answer to a picture pixel by pixel: integrated gradients.
type pixelsPart struct {
	step   *tryStep
	q      *inquiry
	got    *bindings.WhyPictureResult
	where  string // in words
	bitmap string
	turn   int
}

func newPixels(s *tryStep) *pixelsPart {
	p := &pixelsPart{step: s}
	p.q = newInquiry(s.app.hub, "pixels", "Following the gradients", func() { s.app.touch(s) })
	s.app.on("pixels.ask", func(Action) { p.ask() })
	return p
}

// clear forgets the explanation: it was of another picture.
func (p *pixelsPart) clear() {
	p.q.forget()
	delete(p.step.app.bitmaps, p.bitmap)
	p.got, p.bitmap = nil, ""
}

func (p *pixelsPart) ask() {
	s := p.step
	if s.last == nil || s.answer == nil || !s.usable() {
		return
	}
	p.clear()
	question := *s.last
	question.params.Model, question.params.Side, question.params.Explain = s.of.info.Model, trySide, false
	var got bindings.WhyPictureResult
	p.q.ask(Request{Method: bindings.MethodWhyPicture, Params: bindings.WhyPictureParams{Picture: question.params}, Files: question.files, Bytes: question.bytes}, &got, func(buffers [][]byte) {
		values := floats(buffers, got.Values)
		if len(got.Values.Shape) != 2 || len(values) == 0 || len(values) != got.Values.Shape[0]*got.Values.Shape[1] {
			return
		}
		p.turn++
		p.bitmap = bitmapName("pixels", p.turn, 0)
		s.app.bitmaps[p.bitmap] = bitmap{trySide, trySide, pixelMap(values, got.Values.Shape[0], got.Values.Shape[1], trySide)}
		p.got, p.where = &got, strongest(values, got.Values.Shape[0], got.Values.Shape[1])
	})
}

// pixelMap paints what speaks for the answer in orange and what speaks against it in
// blue, on grey, at the size and place at which thumbnails show pictures.
func pixelMap(values []float64, height, width, side int) []byte {
	sizes := make([]float64, len(values))
	for i, v := range values {
		sizes[i] = math.Abs(v)
	}
	slices.Sort(sizes)
	most := max(sizes[len(sizes)*99/100], 1e-12) // a single pixel must not hide the others
	long := max(height, width)
	scale := 1.0
	if long > side {
		scale = float64(side) / float64(long)
	} else if 2*long <= side {
		scale = float64(side / long)
	}
	tall, wide := int(float64(height)*scale), int(float64(width)*scale)
	top, left := (side-tall)/2, (side-wide)/2
	out := make([]byte, 4*side*side)
	for y := range tall {
		for x := range wide {
			v := values[min(int(float64(y)/scale), height-1)*width+min(int(float64(x)/scale), width-1)]
			colour := [3]float64{255, 120, 20}
			if v < 0 {
				colour = [3]float64{40, 110, 240}
			}
			part := min(math.Abs(v)/most, 1)
			at := 4 * ((top+y)*side + left + x)
			for c := range colour {
				out[at+c] = byte(232 + (colour[c]-232)*part)
			}
			out[at+3] = 255
		}
	}
	return out
}

// ninths name the parts of a picture.
var ninths = [9]string{"at the top left", "at the top", "at the top right", "at the left", "in the middle", "at the right", "at the bottom left", "at the bottom", "at the bottom right"}

// strongest says where most of what speaks for the answer lies.
func strongest(values []float64, height, width int) string {
	var sums [9]float64
	all := 0.0
	for i, v := range values {
		if v > 0 {
			sums[min(i/width*3/height, 2)*3+min(i%width*3/width, 2)] += v
			all += v
		}
	}
	best := 0
	for i, v := range sums {
		if v > sums[best] {
			best = i
		}
	}
	if all == 0 {
		return "Nothing in the picture speaks for the answer."
	}
	return "What speaks for it lies mostly " + ninths[best] + ", " + percent(sums[best]/all) + " of it."
}

func (p *pixelsPart) view() Nodes {
	out := Nodes{el("div", class("tools"), keyed("pixels"), button("pixels.ask", "", "second small", "Why? Pixel by pixel", ident("pixels-ask"), when(p.q.busy, attr("disabled", ""))))}
	out = append(out, p.q.view()...)
	if p.got == nil {
		return out
	}
	r := p.got
	text := "From " + percent(r.Blank) + " for a picture of one colour, its mean, to " + percent(r.Answer) + " for “" + r.Label + "”: orange pixels speak for it, blue ones against it. " + p.where
	if r.Gap > 0.1*math.Abs(r.Answer-r.Blank)+0.01 {
		text += " The pixels do not add up to the difference (" + number(r.Gap) + " is missing): take this picture as a rough one."
	}
	return append(out, el("figure", keyed("pixels-figure"), ident("pixels-figure"),
		el("div", class("seen"), attr("role", "img"), attr("aria-label", text), bitmapNode(p.bitmap, trySide)),
		el("figcaption", class("hint"), ident("pixels-text"), txt(text))))
}
