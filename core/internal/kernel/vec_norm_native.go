//go:build goexperiment.simd && (amd64 || arm64)

package kernel

import "simd"

// The loops of norm.go and norm_columns.go on vectors.

func sumSquaresFromVec(p *partials, x []float32, m float32) int {
	n := len(x) &^ 15
	if emulated || n == 0 {
		return 0
	}
	w, f := lanes(), simd.BroadcastFloat32s(m)
	for j := 0; j < 16; j += w {
		var s simd.Float32s
		for i := j; i < n; i += 16 {
			d := simd.LoadFloat32s(x[i:]).Sub(f)
			s = s.Add(d.Mul(d))
		}
		s.Store(p[j:])
	}
	return n
}

func normalizeRowVec(y, x, gamma, beta []float32, m, r float32) int {
	if emulated {
		return 0
	}
	i, w := 0, lanes()
	mv, rv := simd.BroadcastFloat32s(m), simd.BroadcastFloat32s(r)
	for ; i+w <= len(y); i += w {
		v := simd.LoadFloat32s(x[i:]).Sub(mv).Mul(rv)
		v.Mul(simd.LoadFloat32s(gamma[i:])).Add(simd.LoadFloat32s(beta[i:])).Store(y[i:])
	}
	return i
}

func normSumsVec(p, q *partials, x, dy, gamma []float32, m, r float32) int {
	n := len(x) &^ 15
	if emulated || n == 0 {
		return 0
	}
	w := lanes()
	mv, rv := simd.BroadcastFloat32s(m), simd.BroadcastFloat32s(r)
	for j := 0; j < 16; j += w {
		var s, d simd.Float32s
		for i := j; i < n; i += 16 {
			g := simd.LoadFloat32s(dy[i:]).Mul(simd.LoadFloat32s(gamma[i:]))
			s = s.Add(g)
			d = d.Add(g.Mul(simd.LoadFloat32s(x[i:]).Sub(mv).Mul(rv)))
		}
		s.Store(p[j:])
		d.Store(q[j:])
	}
	return n
}

func normRowGradVec(dx, x, dy, gamma []float32, m, r, s, d float32) int {
	if emulated {
		return 0
	}
	i, w := 0, lanes()
	mv, rv := simd.BroadcastFloat32s(m), simd.BroadcastFloat32s(r)
	sv, dv := simd.BroadcastFloat32s(s), simd.BroadcastFloat32s(d)
	for ; i+w <= len(dx); i += w {
		g := simd.LoadFloat32s(dy[i:]).Mul(simd.LoadFloat32s(gamma[i:])).Sub(sv)
		g.Sub(simd.LoadFloat32s(x[i:]).Sub(mv).Mul(rv).Mul(dv)).Mul(rv).Store(dx[i:])
	}
	return i
}

func addNormParamsVec(dgamma, dbeta, x, dy []float32, m, r float32) int {
	if emulated {
		return 0
	}
	i, w := 0, lanes()
	mv, rv := simd.BroadcastFloat32s(m), simd.BroadcastFloat32s(r)
	for ; i+w <= len(dgamma); i += w {
		d := simd.LoadFloat32s(dy[i:])
		h := simd.LoadFloat32s(x[i:]).Sub(mv).Mul(rv)
		simd.LoadFloat32s(dgamma[i:]).Add(d.Mul(h)).Store(dgamma[i:])
		simd.LoadFloat32s(dbeta[i:]).Add(d).Store(dbeta[i:])
	}
	return i
}

func colDotsVec(m, n int, d, x, mean, out []float32) int {
	if emulated {
		return 0
	}
	j, w := 0, lanes()
	for ; j+w <= n; j += w {
		var total simd.Float32s
		mv := simd.LoadFloat32s(mean[j:])
		for i0 := 0; i0 < m; i0 += gemmBlock {
			var s simd.Float32s
			for i := i0; i < min(i0+gemmBlock, m); i++ {
				s = s.Add(simd.LoadFloat32s(d[i*n+j:]).Mul(simd.LoadFloat32s(x[i*n+j:]).Sub(mv)))
			}
			total = total.Add(s)
		}
		total.Store(out[j:])
	}
	return j
}

func colSquaresVec(m, n int, x, mean, out []float32) int {
	if emulated {
		return 0
	}
	j, w := 0, lanes()
	for ; j+w <= n; j += w {
		var total simd.Float32s
		mv := simd.LoadFloat32s(mean[j:])
		for i0 := 0; i0 < m; i0 += gemmBlock {
			var s simd.Float32s
			for i := i0; i < min(i0+gemmBlock, m); i++ {
				v := simd.LoadFloat32s(x[i*n+j:]).Sub(mv)
				s = s.Add(v.Mul(v))
			}
			total = total.Add(s)
		}
		total.Store(out[j:])
	}
	return j
}

func affineVec(y, x, mean, scale, shift []float32) int {
	if emulated {
		return 0
	}
	i, w := 0, lanes()
	for ; i+w <= len(y); i += w {
		v := simd.LoadFloat32s(x[i:]).Sub(simd.LoadFloat32s(mean[i:])).Mul(simd.LoadFloat32s(scale[i:]))
		v.Add(simd.LoadFloat32s(shift[i:])).Store(y[i:])
	}
	return i
}

func affineGradVec(dx, dy, x, mean, scale, b, c []float32) int {
	if emulated {
		return 0
	}
	i, w := 0, lanes()
	for ; i+w <= len(dx); i += w {
		v := simd.LoadFloat32s(x[i:]).Sub(simd.LoadFloat32s(mean[i:])).Mul(simd.LoadFloat32s(c[i:]))
		d := simd.LoadFloat32s(dy[i:]).Sub(simd.LoadFloat32s(b[i:])).Sub(v)
		d.Mul(simd.LoadFloat32s(scale[i:])).Store(dx[i:])
	}
	return i
}
