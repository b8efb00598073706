package image

// A Picture is decoded pixels, one byte a channel, row by row: grey (one channel) or
// red, green and blue (three).
type Picture struct {
	Width, Height, Channels int
	Pix                     []byte
}

// newPicture returns a black picture.
func newPicture(width, height, channels int) *Picture {
	return &Picture{width, height, channels, make([]byte, width*height*channels)}
}

// FromRGBA makes a picture of width × height pixels of red, green, blue and opacity,
// not multiplied, as a canvas gives them. It is laid on white. The length of rgba must
// be 4·width·height, both at least 1.
func FromRGBA(width, height int, rgba []byte) *Picture {
	p := newPicture(width, height, 3)
	for i := range width * height {
		a := uint32(rgba[4*i+3])
		for c := range 3 {
			p.Pix[3*i+c] = over(uint32(rgba[4*i+c]), a)
		}
	}
	return p.plain()
}

// over lays a value of some opacity on white, rounded to the nearest.
func over(v, a uint32) byte { return byte((v*a + 255*(255-a) + 127) / 255) }

// RGBA returns the picture as a canvas takes it: four bytes a pixel.
func (p *Picture) RGBA() []byte {
	out := make([]byte, 4*p.Width*p.Height)
	p.writeRGBA(out, 4*p.Width)
	return out
}

// writeRGBA writes the picture into rows of step bytes.
func (p *Picture) writeRGBA(dst []byte, step int) {
	for y := range p.Height {
		for x := range p.Width {
			at, to := (y*p.Width+x)*p.Channels, dst[y*step+4*x:]
			to[0], to[1], to[2], to[3] = p.Pix[at], p.Pix[at], p.Pix[at], 255
			if p.Channels == 3 {
				to[1], to[2] = p.Pix[at+1], p.Pix[at+2]
			}
		}
	}
}

// plain returns the picture in one channel where it has no colours.
func (p *Picture) plain() *Picture {
	if p.Channels == 1 {
		return p
	}
	for i := 0; i < len(p.Pix); i += 3 {
		if p.Pix[i] != p.Pix[i+1] || p.Pix[i] != p.Pix[i+2] {
			return p
		}
	}
	return p.as(1)
}

// as returns the picture with one channel or three. Grey is luma of Rec. 601 in 16
// bits, as package color has it.
func (p *Picture) as(channels int) *Picture {
	if p.Channels == channels {
		return p
	}
	q := newPicture(p.Width, p.Height, channels)
	if channels == 3 {
		for i, v := range p.Pix {
			q.Pix[3*i], q.Pix[3*i+1], q.Pix[3*i+2] = v, v, v
		}
		return q
	}
	for i := range q.Pix {
		r, g, b := uint32(p.Pix[3*i]), uint32(p.Pix[3*i+1]), uint32(p.Pix[3*i+2])
		q.Pix[i] = byte((19595*r + 38470*g + 7471*b + 1<<15) >> 16)
	}
	return q
}

// Same tells whether two pictures have the same pixels.
func (p *Picture) Same(q *Picture) bool {
	return p.Width == q.Width && p.Height == q.Height && p.Channels == q.Channels && string(p.Pix) == string(q.Pix)
}

// turned returns the picture as its EXIF orientation says: 1 is as it lies, 2 … 8 are
// mirrored and turned (EXIF 2.32, 4.6.4, tag Orientation).
func (p *Picture) turned(orientation int) *Picture {
	if orientation < 2 || orientation > 8 {
		return p
	}
	w, h := p.Width, p.Height
	if orientation >= 5 {
		w, h = h, w
	}
	q := newPicture(w, h, p.Channels)
	for y := range h {
		for x := range w {
			sx, sy := x, y
			switch orientation {
			case 2:
				sx = w - 1 - x
			case 3:
				sx, sy = w-1-x, h-1-y
			case 4:
				sy = h - 1 - y
			case 5:
				sx, sy = y, x
			case 6:
				sx, sy = y, w-1-x
			case 7:
				sx, sy = h-1-y, w-1-x
			case 8:
				sx, sy = h-1-y, x
			}
			from, to := (sy*p.Width+sx)*p.Channels, (y*w+x)*p.Channels
			copy(q.Pix[to:to+p.Channels], p.Pix[from:])
		}
	}
	return q
}
