package image

// Resizing is separable: each row, then each column. Where an axis becomes shorter, a
// pixel is the average of the area that it covers; where it becomes longer, it lies
// between its two neighbours (bilinear, centres of pixels at half). Weights are whole
// numbers over a common total and all arithmetic is on whole numbers, so that the result
// is the same everywhere.

// An axis says of which pixels of a line each new pixel is made.
type axis struct {
	first  []int      // of each new pixel: the first old one
	weight [][]uint32 // and what each from there on counts
	total  uint32     // the sum of a pixel's weights
}

func newAxis(from, to int) axis {
	a := axis{first: make([]int, to), weight: make([][]uint32, to)}
	if to >= from {
		a.total = uint32(2 * to)
		for i := range to {
			// The centre, (i + ½) · from/to − ½, in units of 1/(2·to).
			centre := (2*i+1)*from - to
			at := max(centre, 0) / (2 * to)
			part := uint32(max(centre, 0) - at*2*to)
			a.first[i], a.weight[i] = at, []uint32{a.total - part, part}
			if at+1 >= from {
				a.weight[i] = []uint32{a.total}
			}
		}
		return a
	}
	a.total = uint32(from)
	for i := range to {
		// New pixel i covers [i·from, (i+1)·from) in units of 1/to; an old one covers to.
		begin, end := i*from, (i+1)*from
		a.first[i] = begin / to
		for k := a.first[i]; k*to < end; k++ {
			a.weight[i] = append(a.weight[i], uint32(min(end, (k+1)*to)-max(begin, k*to)))
		}
	}
	return a
}

// resized returns the picture in another size. Between the two passes a value keeps
// eight bits behind the point.
func (p *Picture) resized(width, height int) *Picture {
	if width == p.Width && height == p.Height {
		return p
	}
	c := p.Channels
	across, down := newAxis(p.Width, width), newAxis(p.Height, height)
	rows := make([]uint16, width*p.Height*c)
	for y := range p.Height {
		line := p.Pix[y*p.Width*c:]
		for x := range width {
			for k := range c {
				var sum uint64
				at := across.first[x]*c + k
				for _, w := range across.weight[x] {
					sum += uint64(w) * uint64(line[at])
					at += c
				}
				rows[(y*width+x)*c+k] = uint16((sum<<8 + uint64(across.total)/2) / uint64(across.total))
			}
		}
	}
	q := newPicture(width, height, c)
	step := width * c
	for y := range height {
		for x := range step {
			var sum uint64
			at := down.first[y]*step + x
			for _, w := range down.weight[y] {
				sum += uint64(w) * uint64(rows[at])
				at += step
			}
			total := uint64(down.total) << 8
			q.Pix[y*step+x] = byte((sum + total/2) / total)
		}
	}
	return q
}

// within returns the picture with no side longer than most.
func (p *Picture) within(most int) *Picture {
	long := max(p.Width, p.Height)
	if long <= most {
		return p
	}
	return p.resized(max(1, (p.Width*most+long/2)/long), max(1, (p.Height*most+long/2)/long))
}

// A Fit says what becomes of a picture whose sides have another ratio than asked for.
type Fit string

// The fits.
const (
	FitCrop    Fit = "crop"    // the middle is kept, what sticks out is cut off
	FitPad     Fit = "pad"     // all is kept, the rest is filled with the mean of the edge
	FitStretch Fit = "stretch" // all is kept, and distorted
)

// Fits lists them.
var Fits = []Fit{FitCrop, FitPad, FitStretch}

// fitted returns the picture in a size.
func (p *Picture) fitted(width, height int, fit Fit) *Picture {
	// Which side limits? width/p.Width against height/p.Height.
	wide := width*p.Height > height*p.Width
	switch {
	case fit == FitCrop && wide: // as wide as asked for, too high
		h := max(1, (p.Width*height+width/2)/width)
		return p.cut(0, (p.Height-h)/2, p.Width, h).resized(width, height)
	case fit == FitCrop:
		w := max(1, (p.Height*width+height/2)/height)
		return p.cut((p.Width-w)/2, 0, w, p.Height).resized(width, height)
	case fit == FitPad && wide: // as high as asked for, too narrow
		return p.resized(max(1, (p.Width*height+p.Height/2)/p.Height), height).padded(width, height)
	case fit == FitPad:
		return p.resized(width, max(1, (p.Height*width+p.Width/2)/p.Width)).padded(width, height)
	}
	return p.resized(width, height)
}

// cut returns a part that lies within the picture.
func (p *Picture) cut(x, y, w, h int) *Picture {
	if w >= p.Width && h >= p.Height {
		return p
	}
	q := newPicture(w, h, p.Channels)
	for i := range h {
		from := ((y+i)*p.Width + x) * p.Channels
		copy(q.Pix[i*w*p.Channels:(i+1)*w*p.Channels], p.Pix[from:])
	}
	return q
}

// padded returns the picture in the middle of one that is at least as large.
func (p *Picture) padded(width, height int) *Picture {
	if width == p.Width && height == p.Height {
		return p
	}
	q := newPicture(width, height, p.Channels)
	ground := p.edge()
	for i := 0; i < len(q.Pix); i += p.Channels {
		copy(q.Pix[i:i+p.Channels], ground[:])
	}
	left, top := (width-p.Width)/2, (height-p.Height)/2
	for y := range p.Height {
		copy(q.Pix[((top+y)*width+left)*p.Channels:], p.Pix[y*p.Width*p.Channels:(y+1)*p.Width*p.Channels])
	}
	return q
}

// edge returns the mean of the outermost pixels: what the ground most likely is.
func (p *Picture) edge() (mean [3]byte) {
	var sum [3]uint64
	var n uint64
	for y := range p.Height {
		for x := range p.Width {
			if y > 0 && y < p.Height-1 && x > 0 && x < p.Width-1 {
				continue
			}
			n++
			for c := range p.Channels {
				sum[c] += uint64(p.Pix[(y*p.Width+x)*p.Channels+c])
			}
		}
	}
	for c := range p.Channels {
		mean[c] = byte((sum[c] + n/2) / n)
	}
	return mean
}
