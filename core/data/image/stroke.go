package image

import "github.com/terrarium-ml/terrarium/core/tensor"

// PadSide is the side of a drawing pad in the units of its points.
const PadSide = 1000

// A Stroke is a line drawn without lifting the pen: x and y of each point in turn, from
// the top left, in 1/PadSide of the pad.
type Stroke []int

// Bounds of a drawing.
const (
	maxStrokes = 1000
	maxPoints  = 50_000
)

// Drawn is the side of the picture that a drawing becomes.
const Drawn = 56

// Draw makes a picture of strokes: grey, Drawn × Drawn pixels. What is drawn is brought
// to the middle and to 5/7 of the side, as MNIST's digits are, so that neither the place
// nor the size on the pad matter. With light, the ink is white on black, else black on
// white.
func Draw(strokes []Stroke, light bool) (*Picture, error) {
	count := 0
	low, high := [2]int{PadSide, PadSide}, [2]int{0, 0}
	for _, s := range strokes {
		if len(s)%2 != 0 {
			return nil, tensor.Errorf(tensor.CodeOption, "A stroke has an x without its y.")
		}
		count += len(s)
		for i, v := range s {
			if v < 0 || v > PadSide {
				return nil, tensor.Errorf(tensor.CodeOption, "A stroke has a point outside 0 to %d: %d.", PadSide, v)
			}
			low[i%2], high[i%2] = min(low[i%2], v), max(high[i%2], v)
		}
	}
	switch {
	case count == 0:
		return nil, tensor.Errorf(tensor.CodeData, "Nothing is drawn yet.")
	case len(strokes) > maxStrokes || count > maxPoints:
		return nil, tensor.Errorf(tensor.CodeOption, "The drawing has more than %d strokes or %d points.", maxStrokes, maxPoints/2)
	}
	// A dot stays small: at least a quarter of the pad fills the picture.
	extent := max(high[0]-low[0], high[1]-low[1], PadSide/4)
	const inner, unit = Drawn * 5 / 7 * grain, Drawn * grain
	scaled := make([]line, 0, len(strokes))
	for _, s := range strokes {
		var l line
		for i := 0; i+1 < len(s); i += 2 {
			l = append(l, spot{
				unit/2 + (2*s[i]-low[0]-high[0])*inner/(2*extent),
				unit/2 + (2*s[i+1]-low[1]-high[1])*inner/(2*extent)})
		}
		scaled = append(scaled, l)
	}
	p := newPicture(Drawn, Drawn, 1)
	ink := [3]byte{255, 255, 255}
	if !light {
		for i := range p.Pix {
			p.Pix[i] = 255
		}
		ink = [3]byte{}
	}
	p.pen(scaled, unit/22, ink)
	return p, nil
}

// grain is how many steps a pixel has for pens.
const grain = 16

// A spot is a point in 1/grain of a pixel.
type spot struct{ x, y int }

// A line joins spots.
type line []spot

// pen draws lines with a round pen of a radius in 1/grain of a pixel. Each pixel is
// tested at 4 × 4 places; how many of them are within the radius is how much ink it gets.
func (p *Picture) pen(lines []line, radius int, ink [3]byte) {
	mask := make([]uint16, p.Width*p.Height)
	for _, l := range lines {
		for i := range l {
			p.cover(mask, l[max(i-1, 0)], l[i], radius)
		}
	}
	for i, m := range mask {
		n := 0
		for ; m != 0; m &= m - 1 {
			n++
		}
		for c := range p.Channels {
			v := &p.Pix[i*p.Channels+c]
			*v = byte((int(*v)*(16-n) + int(ink[c])*n + 8) / 16)
		}
	}
}

// cover marks the places within the radius of a segment.
func (p *Picture) cover(mask []uint16, a, b spot, radius int) {
	left, right := max(0, (min(a.x, b.x)-radius)/grain), min(p.Width-1, (max(a.x, b.x)+radius)/grain)
	top, bottom := max(0, (min(a.y, b.y)-radius)/grain), min(p.Height-1, (max(a.y, b.y)+radius)/grain)
	for y := top; y <= bottom; y++ {
		for x := left; x <= right; x++ {
			for k := range 16 {
				at := spot{x*grain + 2 + k%4*4, y*grain + 2 + k/4*4}
				if near(at, a, b, radius) {
					mask[y*p.Width+x] |= 1 << k
				}
			}
		}
	}
}

// near tells whether a place is within the radius of a segment.
func near(p, a, b spot, radius int) bool {
	abx, aby := b.x-a.x, b.y-a.y
	apx, apy := p.x-a.x, p.y-a.y
	dot, length := apx*abx+apy*aby, abx*abx+aby*aby
	switch {
	case dot <= 0:
		return apx*apx+apy*apy <= radius*radius
	case dot >= length:
		bpx, bpy := p.x-b.x, p.y-b.y
		return bpx*bpx+bpy*bpy <= radius*radius
	}
	// Distance · length is the cross product. 32-bit integers hold neither square.
	cross := int64(apx)*int64(aby) - int64(apy)*int64(abx)
	return cross*cross <= int64(radius)*int64(radius)*int64(length)
}
