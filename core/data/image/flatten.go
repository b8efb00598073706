package image

import (
	std "image"
	"image/color"
)

// flatten lays a decoded image on white. Package image/draw would do the same for many
// more kinds of images than decoders make, at 60 KB of code.
func flatten(src std.Image) *Picture {
	b := src.Bounds()
	p := newPicture(b.Dx(), b.Dy(), 3)
	for y := range p.Height {
		line := p.Pix[3*y*p.Width : 3*(y+1)*p.Width]
		switch m := src.(type) {
		case *std.YCbCr:
			for x := range p.Width {
				light, tint := m.YOffset(b.Min.X+x, b.Min.Y+y), m.COffset(b.Min.X+x, b.Min.Y+y)
				line[3*x], line[3*x+1], line[3*x+2] = color.YCbCrToRGB(m.Y[light], m.Cb[tint], m.Cr[tint])
			}
		case *std.Gray:
			for x, v := range m.Pix[y*m.Stride : y*m.Stride+p.Width] {
				line[3*x], line[3*x+1], line[3*x+2] = v, v, v
			}
		case *std.NRGBA:
			for x := range p.Width {
				at := m.Pix[y*m.Stride+4*x:]
				for c := range 3 {
					line[3*x+c] = over(uint32(at[c]), uint32(at[3]))
				}
			}
		case std.RGBA64Image: // all others that decoders make
			for x := range p.Width {
				v := m.RGBA64At(b.Min.X+x, b.Min.Y+y)
				white := 0xffff - v.A // already multiplied
				line[3*x], line[3*x+1], line[3*x+2] = byte((v.R+white)>>8), byte((v.G+white)>>8), byte((v.B+white)>>8)
			}
		}
	}
	return p.plain()
}
