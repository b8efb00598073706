package kernel

// Patches lays the windows of a convolution beside each other, so that a matrix product
// computes it ("im2col"; Chellapilla, Puri, Simard, 2006): row q of the result holds what
// the window at position q sees, in the order (y, x, channel). Positions are numbered
// (sample, row, column).
//
// It copies numbers and computes none. What lies around an image is zero: where there
// is any of it, a sample is first copied into the midst of zeros, so that no window
// has an edge.
type Patches struct {
	X       []float32 // the images [.., H, W, C]
	H, W, C int
	Repeat  int // each channel of X stands for so many of the C; 0 is 1

	Top, Left, Bottom, Right int       // zeros around an image
	Padded                   []float32 // room for PaddedLen numbers

	Rows, Cols   int // positions of an image
	StepY, StepX int // from one to the next, in pixels
	OffY, OffX   int // where the first window begins, counted from the first zero
	TapsY, TapsX int // size of a window
	TapY, TapX   int // from one of its pixels to the next

	held int // number of the sample in Padded, from 1; 0: none
}

// PaddedLen is how many numbers an image has together with the zeros around it, or 0
// if there are none: then it is read where it is.
func (p *Patches) PaddedLen() int {
	if p.Top|p.Left|p.Bottom|p.Right == 0 && p.Repeat <= 1 {
		return 0
	}
	return (p.H + p.Top + p.Bottom) * (p.W + p.Left + p.Right) * p.C
}

// Len is the length of a patch.
func (p *Patches) Len() int { return p.TapsY * p.TapsX * p.C }

// Whole tells whether the images are already what Gather would make of them.
func (p *Patches) Whole() bool {
	return p.TapsY*p.TapsX == 1 && p.StepY == 1 && p.StepX == 1 && p.PaddedLen() == 0 && p.Rows == p.H && p.Cols == p.W
}

// Sample is image number i with the zeros around it, and the distance between its rows.
// It is good until the next call for another image.
func (p *Patches) Sample(i int) (image []float32, stride int) {
	line := p.W * p.C / max(1, p.Repeat)
	x := p.X[i*p.H*line : (i+1)*p.H*line]
	if p.PaddedLen() == 0 {
		return x, line
	}
	stride = (p.W + p.Left + p.Right) * p.C
	padded := p.Padded[:p.PaddedLen()]
	if p.held != i+1 {
		if p.held == 0 {
			clear(padded) // around every image
		}
		p.held = i + 1
		for r := range p.H {
			to, from := padded[(p.Top+r)*stride+p.Left*p.C:], x[r*line:(r+1)*line]
			if p.Repeat > 1 {
				RepeatChannels(to, from, p.Repeat)
			} else {
				copy(to, from)
			}
		}
	}
	return padded, stride
}

// Gather writes the patches of the positions from ≤ q < to.
func (p *Patches) Gather(dst []float32, from, to int) {
	size := p.Len()
	if size == 0 {
		return
	}
	for from < to {
		at := from % (p.Rows * p.Cols)
		row, col := at/p.Cols, at%p.Cols
		image, stride := p.Sample(from / (p.Rows * p.Cols))
		g := gather{rows: 1, cols: min(p.Cols-col, to-from), taps: p.TapsY, inner: p.TapsX, run: p.C,
			rowStep: p.StepY * stride, colStep: p.StepX * p.C, tapStep: p.TapY * stride, innerStep: p.TapX * p.C}
		if p.TapX == 1 { // a row of a window is one run
			g.taps, g.inner, g.innerStep, g.run = 1, p.TapsY, g.tapStep, p.TapsX*p.C
		}
		if col == 0 && to-from >= p.Cols {
			g.rows = min((to-from)/p.Cols, p.Rows-row)
		}
		g.copy(dst, image[(p.OffY+row*p.StepY)*stride+(p.OffX+col*p.StepX)*p.C:])
		n := g.rows * g.cols
		from, dst = from+n, dst[n*size:]
	}
}

// gather is a copy of runs that lie at regular distances, one behind the other:
//
//	for each row, column, tap and inner: the next run numbers of dst =
//	src[row·rowStep + column·colStep + tap·tapStep + inner·innerStep : +run]
type gather struct {
	rows, cols, taps, inner, run         int
	rowStep, colStep, tapStep, innerStep int
}

func (g *gather) copy(dst, src []float32) {
	dst = dst[:g.rows*g.cols*g.taps*g.inner*g.run]
	src = src[:(g.rows-1)*g.rowStep+(g.cols-1)*g.colStep+(g.taps-1)*g.tapStep+(g.inner-1)*g.innerStep+g.run]
	if haveModule {
		moduleGather(int32(g.rows), int32(g.rowStep), int32(g.cols), int32(g.colStep), int32(g.taps), int32(g.tapStep),
			int32(g.inner), int32(g.innerStep), int32(g.run), &src[0], &dst[0])
		return
	}
	for r := range g.rows {
		for c := range g.cols {
			for t := range g.taps {
				for i := range g.inner {
					at := r*g.rowStep + c*g.colStep + t*g.tapStep + i*g.innerStep
					if g.run <= 8 && len(dst) >= 8 && len(src) >= at+8 {
						// What is copied too much, the next run covers.
						*(*[8]float32)(dst) = *(*[8]float32)(src[at:])
					} else {
						copy(dst[:g.run], src[at:])
					}
					dst = dst[g.run:]
				}
			}
		}
	}
}

// TransposeTaps writes for count taps, the first at w[first·c·n:] and each of the
// others step taps before the one it follows, the matrix w[tap][c, n] as [n, c].
func TransposeTaps(dst, w []float32, count, first, step, c, n int) {
	for t := range count {
		from, to := w[(first-t*step)*c*n:][:c*n], dst[t*c*n:][:c*n]
		for i := range c {
			row := from[i*n : (i+1)*n]
			for j, v := range row {
				to[j*c+i] = v
			}
		}
	}
}
