package image

import (
	"math/rand/v2"
	"strconv"

	"github.com/terrarium-ml/terrarium/core/internal/kernel"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// A SampleInfo describes a generated set of pictures.
type SampleInfo struct {
	Name        string `json:"name"`
	Title       string `json:"title"`
	Description string `json:"description"`
}

var samples = []SampleInfo{
	{"digits", "Written digits", "600 invented digits, 0 to 9, as if written by many hands. Ten classes; try your own afterwards on the drawing pad."},
	{"shapes", "Coloured shapes", "480 circles, triangles, squares and crosses of any colour, size and place. Four classes."},
}

// Samples lists the generated sets: invented pictures, always the same pixels.
func Samples() []SampleInfo { return samples }

// AddSample adds the pictures of a generated set. It fails with code "option" for a name
// that Samples does not list.
func (s *Set) AddSample(name string) error {
	var pcg rand.PCG
	kernel.Stream(&pcg, 1, "sample pictures", name, 0, 0)
	r := rand.New(&pcg)
	switch name {
	case "digits":
		return s.addDrawn(r, 600, len(glyphs), func(i int) (*Picture, string) { return digit(r, i), strconv.Itoa(i) })
	case "shapes":
		return s.addDrawn(r, 480, len(shapeNames), func(i int) (*Picture, string) { return shape(r, i), shapeNames[i] })
	}
	return tensor.Errorf(tensor.CodeOption, "There is no sample set of pictures %q. There are digits and shapes.", name)
}

func (s *Set) addDrawn(r *rand.Rand, count, classes int, draw func(class int) (*Picture, string)) error {
	for i := range count {
		if s.pause != nil {
			if err := s.pause(); err != nil {
				return err
			}
		}
		p, class := draw(i % classes)
		if _, err := s.AddPicture(p.plain(), class+" "+strconv.Itoa(i/classes+1), class); err != nil {
			return err
		}
	}
	return nil
}

// glyphs are the lines of the digits, in a field of 12 × 16.
var glyphs = [][][]float64{
	{{6, 0, 2, 2, 0, 8, 2, 14, 6, 16, 10, 14, 12, 8, 10, 2, 6, 0}},
	{{3, 4, 7, 0, 7, 16}},
	{{0, 4, 2, 1, 6, 0, 10, 1, 11, 5, 8, 9, 0, 16, 12, 16}},
	{{1, 2, 5, 0, 10, 2, 10, 6, 5, 8, 11, 10, 11, 14, 6, 16, 0, 14}},
	{{8, 16, 8, 0, 0, 11, 12, 11}},
	{{11, 0, 2, 0, 1, 7, 6, 6, 11, 8, 11, 13, 6, 16, 0, 14}},
	{{10, 0, 4, 3, 0, 9, 1, 14, 6, 16, 11, 14, 11, 10, 6, 8, 1, 11}},
	{{0, 0, 12, 0, 5, 16}},
	{{6, 0, 1, 2, 2, 6, 6, 8, 11, 10, 11, 14, 6, 16, 1, 14, 1, 10, 6, 8, 10, 6, 11, 2, 6, 0}},
	{{11, 5, 7, 8, 2, 7, 1, 3, 5, 0, 10, 1, 11, 5, 10, 16}},
}

// within returns a number evenly from low to high.
func within(r *rand.Rand, low, high float64) float64 { return low + float64((high-low)*r.Float64()) }

// digit draws a digit, light on dark, 28 × 28.
func digit(r *rand.Rand, class int) *Picture {
	const side = 28
	p := newPicture(side, side, 1)
	cos, sin := turn(within(r, -14, 14))
	slant := within(r, -0.25, 0.15)
	wide, high := within(r, 0.8, 1.3), within(r, 1.0, 1.25)
	dx, dy := within(r, -1.5, 1.5), within(r, -1.5, 1.5)
	var lines []line
	for _, glyph := range glyphs[class] {
		var l line
		for i := 0; i < len(glyph); i += 2 {
			x := float64((glyph[i] - 6 + within(r, -0.8, 0.8)) * wide)
			y := float64((glyph[i+1] - 8 + within(r, -0.8, 0.8)) * high)
			x += float64(slant * y)
			l = append(l, at(14+dx+float64(cos*x)-float64(sin*y), 14+dy+float64(sin*x)+float64(cos*y)))
		}
		lines = append(lines, smooth(l))
	}
	ink := byte(within(r, 200, 255))
	p.pen(lines, int(within(r, 13, 25)), [3]byte{ink, ink, ink})
	return p
}

// at is a place in pixels as a spot.
func at(x, y float64) spot { return spot{int(x * grain), int(y * grain)} }

// smooth rounds the corners of a line, twice (Chaikin, 1974).
func smooth(l line) line {
	for range 2 {
		out := line{l[0]}
		for i := range len(l) - 1 {
			a, b := l[i], l[i+1]
			out = append(out, spot{(3*a.x + b.x) / 4, (3*a.y + b.y) / 4}, spot{(a.x + 3*b.x) / 4, (a.y + 3*b.y) / 4})
		}
		l = append(out, l[len(l)-1])
	}
	return l
}

var shapeNames = []string{"circle", "cross", "square", "triangle"}

// shape draws a shape in colour on a ground of another, 36 × 36.
func shape(r *rand.Rand, class int) *Picture {
	const side = 36
	p := newPicture(side, side, 3)
	ground, ink := colour(r, 150, 245), colour(r, 0, 130)
	for i := 0; i < len(p.Pix); i += 3 {
		for c := range 3 {
			p.Pix[i+c] = byte(min(max(float64(ground[c])+within(r, -10, 10), 0), 255))
		}
	}
	radius := within(r, 8, 14)
	x, y := side/2+within(r, -3, 3), side/2+within(r, -3, 3)
	start := within(r, 0, 360)
	corner := func(degrees float64) spot {
		cos, sin := turn(start + degrees)
		return at(x+float64(radius*cos), y+float64(radius*sin))
	}
	var lines []line
	var l line
	switch class {
	case 0:
		for k := range 25 {
			l = append(l, corner(float64(float64(k)*15)))
		}
	case 1:
		lines = append(lines, line{corner(0), corner(180)})
		l = line{corner(90), corner(270)}
	case 2:
		l = line{corner(0), corner(90), corner(180), corner(270), corner(0)}
	case 3:
		l = line{corner(0), corner(120), corner(240), corner(0)}
	}
	p.pen(append(lines, l), int(within(r, 16, 34)), ink)
	return p
}

// colour returns a colour whose parts lie evenly between two bounds.
func colour(r *rand.Rand, low, high float64) (c [3]byte) {
	for i := range c {
		c[i] = byte(within(r, low, high))
	}
	return c
}
