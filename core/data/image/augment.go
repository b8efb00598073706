package image

import (
	"math"
	"math/rand/v2"

	"github.com/terrarium-ml/terrarium/core/tensor"
)

// An Augment says how a picture may be changed each time it is learned from, so that the
// network does not learn it by heart. Each amount is the most: what is done is drawn
// anew for each picture. The zero value changes nothing.
type Augment struct {
	Flip       bool    `json:"flip"`       // mirrored left to right, half of the times
	Rotate     float64 `json:"rotate"`     // degrees either way, 0 … 180
	Shift      float64 `json:"shift"`      // share of the sides, each way, 0 … 0.5
	Zoom       float64 `json:"zoom"`       // share of the size, larger or smaller, 0 … 0.8
	Brightness float64 `json:"brightness"` // share, brighter or darker, 0 … 1
	Noise      float64 `json:"noise"`      // standard deviation as a share of white, 0 … 0.5
	Cutout     float64 `json:"cutout"`     // side of a square that is blotted out, share of the sides, 0 … 0.7 (DeVries and Taylor, 2017)
}

// Active tells whether anything is changed.
func (a *Augment) Active() bool { return *a != Augment{} }

func (a *Augment) check() error {
	for _, f := range []struct {
		name       string
		value, max float64
	}{{"rotate", a.Rotate, 180}, {"shift", a.Shift, 0.5}, {"zoom", a.Zoom, 0.8}, {"brightness", a.Brightness, 1}, {"noise", a.Noise, 0.5}, {"cutout", a.Cutout, 0.7}} {
		if !(f.value >= 0 && f.value <= f.max) {
			return tensor.Errorf(tensor.CodeOption, "The augmentation %s must be from 0 to %g, got %g.", f.name, f.max, f.value)
		}
	}
	return nil
}

// moves tells whether pixels change their places other than by a flip.
func (a *Augment) moves() bool { return a.Rotate > 0 || a.Shift > 0 || a.Zoom > 0 }

// either returns a number evenly from -most to most.
func either(r *rand.PCG, most float64) float64 { return float64((2*unit(r) - 1) * most) }

// unit returns a number evenly from 0 to below 1, of 53 bits.
func unit(r *rand.PCG) float64 { return float64(r.Uint64()>>11) / (1 << 53) }

// apply writes a changed picture, in the values that bytes have, into dst. From it what
// leaves the frame is lost, and what comes in is the edge continued. It draws the same
// count of numbers whatever is active, but for noise.
func (a *Augment) apply(dst []float32, pix []byte, width, height, channels int, r *rand.PCG) {
	flip := unit(r) < 0.5 && a.Flip
	angle, dx, dy := either(r, a.Rotate), either(r, a.Shift), either(r, a.Shift)
	zoom, bright := either(r, a.Zoom), 1+either(r, a.Brightness)
	cutX, cutY := unit(r), unit(r)
	if zoom < 0 {
		zoom = 1 / (1 - zoom)
	} else {
		zoom++
	}
	switch {
	case a.moves():
		m := newMapping(width, height, angle, float64(dx*float64(width)), float64(dy*float64(height)), zoom, flip)
		m.sample(dst, pix, width, height, channels)
	case flip:
		for y := range height {
			for x := range width {
				to, from := (y*width+x)*channels, (y*width+width-1-x)*channels
				for c := range channels {
					dst[to+c] = float32(pix[from+c])
				}
			}
		}
	default:
		for i, v := range pix {
			dst[i] = float32(v)
		}
	}
	if a.Brightness > 0 || a.Noise > 0 {
		a.tint(dst, float32(bright), r)
	}
	if a.Cutout > 0 {
		cut(dst, width, height, channels, a.Cutout, cutX, cutY)
	}
}

// tint makes brighter or darker, adds noise, and stays within what bytes hold. The noise
// is the sum of four even numbers, which is nearly normal.
func (a *Augment) tint(dst []float32, bright float32, r *rand.PCG) {
	spread := float32(a.Noise * 255 * 1.7320508075688772 / 65536) // four even numbers of variance 65536²/12
	for i, v := range dst {
		v = float32(v * bright)
		if a.Noise > 0 {
			u := r.Uint64()
			sum := int64(u&0xffff) + int64(u>>16&0xffff) + int64(u>>32&0xffff) + int64(u>>48) - 2*65535
			v += float32(float32(sum) * spread)
		}
		dst[i] = min(max(v, 0), 255)
	}
}

// cut blots a square out with the picture's mean.
func cut(dst []float32, width, height, channels int, share, atX, atY float64) {
	w, h := int(share*float64(width)), int(share*float64(height))
	left, top := int(atX*float64(width-w+1)), int(atY*float64(height-h+1))
	for c := range channels {
		var sum float32
		for i := c; i < len(dst); i += channels {
			sum += dst[i]
		}
		mean := sum / float32(width*height)
		for y := top; y < top+h; y++ {
			for x := left; x < left+w; x++ {
				dst[(y*width+x)*channels+c] = mean
			}
		}
	}
}

// A mapping says from where each new pixel comes: x' = ax·x + bx·y + cx, and y' likewise.
type mapping struct{ ax, bx, cx, ay, by, cy float64 }

// newMapping turns, moves, enlarges and perhaps mirrors around the middle; it is the way
// back, from new to old.
func newMapping(width, height int, degrees, dx, dy, zoom float64, flip bool) mapping {
	cos, sin := turn(-degrees)
	cos, sin = cos/zoom, sin/zoom
	midX, midY := float64(float64(width-1)*0.5), float64(float64(height-1)*0.5)
	m := mapping{ax: cos, bx: -sin, ay: sin, by: cos}
	m.cx = midX - float64(m.ax*(midX+dx)) - float64(m.bx*(midY+dy))
	m.cy = midY - float64(m.ay*(midX+dx)) - float64(m.by*(midY+dy))
	if flip {
		m.ax, m.bx, m.cx = -m.ax, -m.bx, float64(width-1)-m.cx
	}
	return m
}

// sample reads between pixels (bilinear); outside, the edge goes on.
func (m *mapping) sample(dst []float32, pix []byte, width, height, channels int) {
	for y := range height {
		for x := range width {
			fx := float64(m.ax*float64(x)) + float64(m.bx*float64(y)) + m.cx
			fy := float64(m.ay*float64(x)) + float64(m.by*float64(y)) + m.cy
			fx, fy = min(max(fx, 0), float64(width-1)), min(max(fy, 0), float64(height-1))
			x0, y0 := int(math.Floor(fx)), int(math.Floor(fy))
			px, py := float32(fx-float64(x0)), float32(fy-float64(y0))
			right, below := channels, width*channels
			if x0 == width-1 {
				right = 0
			}
			if y0 == height-1 {
				below = 0
			}
			from, to := (y0*width+x0)*channels, (y*width+x)*channels
			for c := range channels {
				a, b := float32(pix[from+c]), float32(pix[from+c+right])
				d, e := float32(pix[from+c+below]), float32(pix[from+c+below+right])
				upper := a + float32((b-a)*px)
				lower := d + float32((e-d)*px)
				dst[to+c] = upper + float32((lower-upper)*py)
			}
		}
	}
}
