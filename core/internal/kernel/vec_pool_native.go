//go:build goexperiment.simd && (amd64 || arm64)

package kernel

import "simd"

// The loops of pool.go on vectors of channels. They return the number of channels that
// they computed, in every window of the run. Their loops count in the old way: Go 1.27.3's
// compiler fails on "for range n" beside the vectors of package simd.

func maxPoolVec(r *poolRun, y, x []float32) int {
	w := lanes()
	if emulated || r.c < w {
		return 0
	}
	least, done := simd.BroadcastFloat32s(minusInf), r.c-r.c%w
	if r.kh == 2 && r.kw == 2 {
		for j := 0; j < r.n; j++ {
			for c := 0; c < done; c += w {
				at := j*r.step + c
				upper, lower := x[at:], x[at+r.row:]
				m, v := least, simd.LoadFloat32s(upper)
				m = v.IfElse(m.Less(v), m)
				v = simd.LoadFloat32s(upper[r.c:])
				m = v.IfElse(m.Less(v), m)
				v = simd.LoadFloat32s(lower)
				m = v.IfElse(m.Less(v), m)
				v = simd.LoadFloat32s(lower[r.c:])
				v.IfElse(m.Less(v), m).Store(y[j*r.c+c:])
			}
		}
		return done
	}
	for j := 0; j < r.n; j++ {
		for c := 0; c < done; c += w {
			m := least
			for ky := 0; ky < r.kh; ky++ {
				at := j*r.step + ky*r.row + c
				for kx := 0; kx < r.kw; kx++ {
					v := simd.LoadFloat32s(x[at:])
					m = v.IfElse(m.Less(v), m)
					at += r.c
				}
			}
			m.Store(y[j*r.c+c:])
		}
	}
	return done
}

// maxPoolGradVec adds nothing to pixels behind the one that got dy: +0 leaves every sum
// as it is, since none is −0.
func maxPoolGradVec(r *poolRun, dx, dy, x, y []float32) int {
	w := lanes()
	if emulated || r.c < w {
		return 0
	}
	zero, done := simd.BroadcastFloat32s(0), r.c-r.c%w
	if r.kh == 2 && r.kw == 2 {
		for j := 0; j < r.n; j++ {
			for c := 0; c < done; c += w {
				at, o := j*r.step+c, j*r.c+c
				m, g := simd.LoadFloat32s(y[o:]), simd.LoadFloat32s(dy[o:])
				first := simd.LoadFloat32s(x[at:]).Equal(m)
				d := dx[at:]
				simd.LoadFloat32s(d).Add(g.IfElse(first, zero)).Store(d)
				g = zero.IfElse(first, g)
				first = simd.LoadFloat32s(x[at+r.c:]).Equal(m)
				d = d[r.c:]
				simd.LoadFloat32s(d).Add(g.IfElse(first, zero)).Store(d)
				g = zero.IfElse(first, g)
				first = simd.LoadFloat32s(x[at+r.row:]).Equal(m)
				d = dx[at+r.row:]
				simd.LoadFloat32s(d).Add(g.IfElse(first, zero)).Store(d)
				g = zero.IfElse(first, g)
				first = simd.LoadFloat32s(x[at+r.row+r.c:]).Equal(m)
				d = d[r.c:]
				simd.LoadFloat32s(d).Add(g.IfElse(first, zero)).Store(d)
			}
		}
		return done
	}
	for j := 0; j < r.n; j++ {
		for c := 0; c < done; c += w {
			m, g := simd.LoadFloat32s(y[j*r.c+c:]), simd.LoadFloat32s(dy[j*r.c+c:])
			for ky := 0; ky < r.kh; ky++ {
				at := j*r.step + ky*r.row + c
				for kx := 0; kx < r.kw; kx++ {
					first := simd.LoadFloat32s(x[at:]).Equal(m)
					d := dx[at:]
					simd.LoadFloat32s(d).Add(g.IfElse(first, zero)).Store(d)
					g = zero.IfElse(first, g)
					at += r.c
				}
			}
		}
	}
	return done
}

func meanPoolVec(r *poolRun, y, x []float32) int {
	w := lanes()
	if emulated || r.c < w {
		return 0
	}
	count, done := simd.BroadcastFloat32s(r.count), r.c-r.c%w
	for j := 0; j < r.n; j++ {
		for c := 0; c < done; c += w {
			s := simd.BroadcastFloat32s(0)
			for ky := 0; ky < r.kh; ky++ {
				at := j*r.step + ky*r.row + c
				for kx := 0; kx < r.kw; kx++ {
					s = s.Add(simd.LoadFloat32s(x[at:]))
					at += r.c
				}
			}
			s.Div(count).Store(y[j*r.c+c:])
		}
	}
	return done
}

func meanPoolGradVec(r *poolRun, dx, dy []float32) int {
	w := lanes()
	if emulated || r.c < w {
		return 0
	}
	count, done := simd.BroadcastFloat32s(r.count), r.c-r.c%w
	for j := 0; j < r.n; j++ {
		for c := 0; c < done; c += w {
			g := simd.LoadFloat32s(dy[j*r.c+c:]).Div(count)
			for ky := 0; ky < r.kh; ky++ {
				at := j*r.step + ky*r.row + c
				for kx := 0; kx < r.kw; kx++ {
					d := dx[at:]
					simd.LoadFloat32s(d).Add(g).Store(d)
					at += r.c
				}
			}
		}
	}
	return done
}
