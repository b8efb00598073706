package image

// Thumbnail writes the picture into a square of side × side pixels of four bytes, as a
// canvas takes it; what it does not fill stays transparent. len(dst) is 4·side·side.
func (p *Picture) Thumbnail(dst []byte, side int) {
	long := max(p.Width, p.Height)
	q := p
	switch {
	case long > side:
		q = p.within(side)
	case 2*long <= side: // small ones are enlarged without blurring, so that their pixels are seen
		q = p.repeated(side / long)
	}
	clear(dst)
	at := (side-q.Height)/2*side + (side-q.Width)/2
	q.writeRGBA(dst[4*at:], 4*side)
}

// repeated returns the picture with each pixel n × n times.
func (p *Picture) repeated(n int) *Picture {
	q := newPicture(p.Width*n, p.Height*n, p.Channels)
	for y := range q.Height {
		for x := range q.Width {
			from, to := (y/n*p.Width+x/n)*p.Channels, (y*q.Width+x)*p.Channels
			copy(q.Pix[to:to+p.Channels], p.Pix[from:])
		}
	}
	return q
}
