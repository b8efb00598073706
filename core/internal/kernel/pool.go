package kernel

import "math"

// A Pool is the geometry of pooling: where the windows of one sample lie.
//
//	x [H, W, C]  →  y [OH, OW, C]
//
// The window of y[oy, ox] covers the rows oy·SH − Top … + KH − 1 of x and the columns
// ox·SW − Left … + KW − 1, as far as they exist: what would be padding is passed over,
// neither counted nor compared. Every window must cover one pixel at least.
//
// Orders that are part of the numerics contract, for every channel by itself: a window is
// walked through by rows, in each from left to right; a mean starts at +0 and is divided
// by the number of pixels at the end; a maximum starts at −Inf and passes NaN over. A
// gradient starts at +0 and gets the shares of its windows in the order of the windows,
// by rows and from left to right, however they overlap.
//
// The methods work on the rows [from, to) of y or dy, so that a caller can pause between
// them; those for gradients set dx to zero where from is 0.
type Pool struct {
	H, W, C, OH, OW, KH, KW, SH, SW, Top, Left int
}

var minusInf = float32(math.Inf(-1))

// A poolRun is n windows beside each other, all of kh·kw pixels. The first one begins
// at x[0]; the next pixel in it lies c numbers farther, the next row row numbers, the
// next window step numbers. count is what sums are divided by.
type poolRun struct {
	n, kh, kw, c, row, step int
	count                   float32
}

// Max computes y = the maximum of each window.
func (p *Pool) Max(from, to int, y, x []float32) {
	for oy := from; oy < to; oy++ {
		for ox := 0; ox < p.OW; {
			r, at := p.run(oy, ox)
			out, in := y[(oy*p.OW+ox)*p.C:], x[at:]
			maxPoolScalar(&r, maxPoolVec(&r, out, in), out, in)
			ox += r.n
		}
	}
}

// MaxGrad computes dx: each window's dy goes to its first pixel that has the maximum.
func (p *Pool) MaxGrad(from, to int, dx, dy, x, y []float32) {
	if from == 0 {
		Fill(dx[:p.H*p.W*p.C], 0)
	}
	for oy := from; oy < to; oy++ {
		for ox := 0; ox < p.OW; {
			r, at := p.run(oy, ox)
			o := (oy*p.OW + ox) * p.C
			maxPoolGradScalar(&r, maxPoolGradVec(&r, dx[at:], dy[o:], x[at:], y[o:]), dx[at:], dy[o:], x[at:], y[o:])
			ox += r.n
		}
	}
}

// Mean computes y = the mean of each window.
func (p *Pool) Mean(from, to int, y, x []float32) { p.sums(from, to, y, x, true) }

// Sum computes y = the sum of each window.
func (p *Pool) Sum(from, to int, y, x []float32) { p.sums(from, to, y, x, false) }

func (p *Pool) sums(from, to int, y, x []float32, mean bool) {
	for oy := from; oy < to; oy++ {
		for ox := 0; ox < p.OW; {
			r, at := p.run(oy, ox)
			if !mean {
				r.count = 1
			}
			out, in := y[(oy*p.OW+ox)*p.C:], x[at:]
			meanPoolScalar(&r, meanPoolVec(&r, out, in), out, in)
			ox += r.n
		}
	}
}

// MeanGrad computes dx: each window's dy, divided by the number of its pixels, goes to
// all of them.
func (p *Pool) MeanGrad(from, to int, dx, dy []float32) {
	if from == 0 {
		Fill(dx[:p.H*p.W*p.C], 0)
	}
	for oy := from; oy < to; oy++ {
		for ox := 0; ox < p.OW; {
			r, at := p.run(oy, ox)
			o := (oy*p.OW + ox) * p.C
			meanPoolGradScalar(&r, meanPoolGradVec(&r, dx[at:], dy[o:]), dx[at:], dy[o:])
			ox += r.n
		}
	}
}

// GlobalMean computes y[c] = the mean of column c of x[n, c], its sum being ColSums's.
func GlobalMean(n, c int, y, x []float32) {
	ColSums(n, c, x, c, y, false)
	divide(y[:c], float32(n))
}

// GlobalMeanGrad computes dx: every row of it is dy/n.
func GlobalMeanGrad(n, c int, dx, dy []float32) {
	first := dx[:c]
	copy(first, dy[:c])
	divide(first, float32(n))
	for i := 1; i < n; i++ {
		copy(dx[i*c:i*c+c], first)
	}
}

// run returns the windows from (oy, ox) on that are equally large, and where in x the
// first one begins: all of a row but those at its padded ends.
func (p *Pool) run(oy, ox int) (r poolRun, at int) {
	y0, x0 := oy*p.SH-p.Top, ox*p.SW-p.Left
	y1, x1 := min(y0+p.KH, p.H), min(x0+p.KW, p.W)
	r = poolRun{n: 1, c: p.C, row: p.W * p.C, step: p.SW * p.C}
	if x0 >= 0 && x0+p.KW <= p.W {
		r.n = min(p.OW-ox, (p.W-p.KW-x0)/p.SW+1)
	}
	y0, x0 = max(y0, 0), max(x0, 0)
	r.kh, r.kw = y1-y0, x1-x0
	r.count = float32(r.kh * r.kw)
	return r, (y0*p.W + x0) * p.C
}

// maxPoolScalar computes the channels from a first one on; it is the reference of Max.
func maxPoolScalar(r *poolRun, from int, y, x []float32) {
	for j := range r.n {
		for c := from; c < r.c; c++ {
			m := minusInf
			for ky := range r.kh {
				for kx := range r.kw {
					if v := x[j*r.step+ky*r.row+kx*r.c+c]; m < v {
						m = v
					}
				}
			}
			y[j*r.c+c] = m
		}
	}
}

// maxPoolGradScalar is the reference of MaxGrad.
func maxPoolGradScalar(r *poolRun, from int, dx, dy, x, y []float32) {
	for j := range r.n {
	channel:
		for c := from; c < r.c; c++ {
			m := y[j*r.c+c]
			for ky := range r.kh {
				for kx := range r.kw {
					if at := j*r.step + ky*r.row + kx*r.c + c; x[at] == m {
						dx[at] += dy[j*r.c+c]
						continue channel
					}
				}
			}
		}
	}
}

// meanPoolScalar is the reference of Mean.
func meanPoolScalar(r *poolRun, from int, y, x []float32) {
	for j := range r.n {
		for c := from; c < r.c; c++ {
			s := float32(0)
			for ky := range r.kh {
				for kx := range r.kw {
					s += x[j*r.step+ky*r.row+kx*r.c+c]
				}
			}
			y[j*r.c+c] = s / r.count
		}
	}
}

// meanPoolGradScalar is the reference of MeanGrad.
func meanPoolGradScalar(r *poolRun, from int, dx, dy []float32) {
	for j := range r.n {
		for c := from; c < r.c; c++ {
			g := dy[j*r.c+c] / r.count
			for ky := range r.kh {
				for kx := range r.kw {
					dx[j*r.step+ky*r.row+kx*r.c+c] += g
				}
			}
		}
	}
}
