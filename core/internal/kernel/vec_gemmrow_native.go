//go:build goexperiment.simd && (amd64 || arm64)

package kernel

import "simd"

// gemmRowVec computes c[j] = total + sum over k ≤ gemmBlock values of a[p]·b[p·ldb+j]
// for the leading columns, as many as whole vectors cover, and returns their number.
// Without first the total is what c holds.
func gemmRowVec(k int, a, b []float32, ldb int, c []float32, first bool) int {
	if emulated {
		return 0
	}
	j, w := 0, lanes()
	for ; j+8*w <= len(c); j += 8 * w {
		var c0, c1, c2, c3, c4, c5, c6, c7 simd.Float32s
		for p := range k {
			s, q := simd.BroadcastFloat32s(a[p]), b[p*ldb+j:p*ldb+j+8*w]
			c0 = c0.Add(s.Mul(simd.LoadFloat32s(q)))
			c1 = c1.Add(s.Mul(simd.LoadFloat32s(q[w:])))
			c2 = c2.Add(s.Mul(simd.LoadFloat32s(q[2*w:])))
			c3 = c3.Add(s.Mul(simd.LoadFloat32s(q[3*w:])))
			c4 = c4.Add(s.Mul(simd.LoadFloat32s(q[4*w:])))
			c5 = c5.Add(s.Mul(simd.LoadFloat32s(q[5*w:])))
			c6 = c6.Add(s.Mul(simd.LoadFloat32s(q[6*w:])))
			c7 = c7.Add(s.Mul(simd.LoadFloat32s(q[7*w:])))
		}
		q := c[j : j+8*w]
		if !first {
			c0 = c0.Add(simd.LoadFloat32s(q))
			c1 = c1.Add(simd.LoadFloat32s(q[w:]))
			c2 = c2.Add(simd.LoadFloat32s(q[2*w:]))
			c3 = c3.Add(simd.LoadFloat32s(q[3*w:]))
			c4 = c4.Add(simd.LoadFloat32s(q[4*w:]))
			c5 = c5.Add(simd.LoadFloat32s(q[5*w:]))
			c6 = c6.Add(simd.LoadFloat32s(q[6*w:]))
			c7 = c7.Add(simd.LoadFloat32s(q[7*w:]))
		}
		c0.Store(q)
		c1.Store(q[w:])
		c2.Store(q[2*w:])
		c3.Store(q[3*w:])
		c4.Store(q[4*w:])
		c5.Store(q[5*w:])
		c6.Store(q[6*w:])
		c7.Store(q[7*w:])
	}
	for ; j+w <= len(c); j += w {
		var s simd.Float32s
		for p := range k {
			s = s.Add(simd.BroadcastFloat32s(a[p]).Mul(simd.LoadFloat32s(b[p*ldb+j:])))
		}
		if !first {
			s = s.Add(simd.LoadFloat32s(c[j:]))
		}
		s.Store(c[j:])
	}
	return j
}
