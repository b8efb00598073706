//go:build goexperiment.simd && (amd64 || arm64)

package kernel

import "simd"

// depthwiseRowVec computes the leading channels, as many as whole vectors cover, and
// returns their number: four pixels at a time, which share the loads of w.
func depthwiseRowVec(n, c int, win Window, x []float32, xStep int, w, bias, y []float32, yStep int) int {
	if emulated {
		return 0
	}
	j, lanes := 0, lanes()
	for ; j+lanes <= c; j += lanes {
		var b simd.Float32s
		if bias != nil {
			b = simd.LoadFloat32s(bias[j:])
		}
		i := 0
		for ; i+4 <= n; i += 4 {
			var t0, t1, t2, t3, s0, s1, s2, s3 simd.Float32s
			t := 0
			for ty := range win.TapsY {
				q := x[i*xStep+ty*win.TapY+j:]
				for tx := range win.TapsX {
					at := tx * win.TapX
					k := simd.LoadFloat32s(w[t*c+j:])
					s0 = s0.Add(simd.LoadFloat32s(q[at:]).Mul(k))
					s1 = s1.Add(simd.LoadFloat32s(q[at+xStep:]).Mul(k))
					s2 = s2.Add(simd.LoadFloat32s(q[at+2*xStep:]).Mul(k))
					s3 = s3.Add(simd.LoadFloat32s(q[at+3*xStep:]).Mul(k))
					if t++; t%gemmBlock == 0 {
						t0, t1, t2, t3 = t0.Add(s0), t1.Add(s1), t2.Add(s2), t3.Add(s3)
						var zero simd.Float32s
						s0, s1, s2, s3 = zero, zero, zero, zero
					}
				}
			}
			t0, t1, t2, t3 = t0.Add(s0), t1.Add(s1), t2.Add(s2), t3.Add(s3)
			if bias != nil {
				t0, t1, t2, t3 = t0.Add(b), t1.Add(b), t2.Add(b), t3.Add(b)
			}
			t0.Store(y[i*yStep+j:])
			t1.Store(y[(i+1)*yStep+j:])
			t2.Store(y[(i+2)*yStep+j:])
			t3.Store(y[(i+3)*yStep+j:])
		}
		for ; i < n; i++ {
			var total, s simd.Float32s
			t := 0
			for ty := range win.TapsY {
				q := x[i*xStep+ty*win.TapY+j:]
				for tx := range win.TapsX {
					s = s.Add(simd.LoadFloat32s(q[tx*win.TapX:]).Mul(simd.LoadFloat32s(w[t*c+j:])))
					if t++; t%gemmBlock == 0 {
						total = total.Add(s)
						var zero simd.Float32s
						s = zero
					}
				}
			}
			total = total.Add(s)
			if bias != nil {
				total = total.Add(b)
			}
			total.Store(y[i*yStep+j:])
		}
	}
	return j
}

// depthwiseGradVec adds up the leading channels, as many as whole vectors cover, and
// returns their number.
func depthwiseGradVec(n, c int, x []float32, xStep int, dy, s []float32) int {
	if emulated {
		return 0
	}
	j, w := 0, lanes()
	for ; j+4*w <= c; j += 4 * w {
		q := s[j : j+4*w]
		s0, s1, s2, s3 := simd.LoadFloat32s(q), simd.LoadFloat32s(q[w:]), simd.LoadFloat32s(q[2*w:]), simd.LoadFloat32s(q[3*w:])
		for i := range n {
			p, d := x[i*xStep+j:i*xStep+j+4*w], dy[i*c+j:i*c+j+4*w]
			s0 = s0.Add(simd.LoadFloat32s(p).Mul(simd.LoadFloat32s(d)))
			s1 = s1.Add(simd.LoadFloat32s(p[w:]).Mul(simd.LoadFloat32s(d[w:])))
			s2 = s2.Add(simd.LoadFloat32s(p[2*w:]).Mul(simd.LoadFloat32s(d[2*w:])))
			s3 = s3.Add(simd.LoadFloat32s(p[3*w:]).Mul(simd.LoadFloat32s(d[3*w:])))
		}
		s0.Store(q)
		s1.Store(q[w:])
		s2.Store(q[2*w:])
		s3.Store(q[3*w:])
	}
	for ; j+w <= c; j += w {
		sum := simd.LoadFloat32s(s[j:])
		for i := range n {
			sum = sum.Add(simd.LoadFloat32s(x[i*xStep+j:]).Mul(simd.LoadFloat32s(dy[i*c+j:])))
		}
		sum.Store(s[j:])
	}
	return j
}
