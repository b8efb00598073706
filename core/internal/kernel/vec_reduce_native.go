//go:build goexperiment.simd && (amd64 || arm64)

package kernel

import "simd"

// Reductions over the leading multiple of 16 elements. The 16 partials are 4, 2 or
// 1 vectors; the branches on the width w are constants to the compiler.

func sumVec(p *partials, x []float32) int {
	n := len(x) &^ 15
	if emulated || n == 0 {
		return 0
	}
	w := lanes()
	var s0, s1, s2, s3 simd.Float32s
	for i := 0; i < n; i += 16 {
		v := x[i : i+16]
		s0 = s0.Add(simd.LoadFloat32s(v))
		if w <= 8 {
			s1 = s1.Add(simd.LoadFloat32s(v[w:]))
		}
		if w <= 4 {
			s2 = s2.Add(simd.LoadFloat32s(v[2*w:]))
			s3 = s3.Add(simd.LoadFloat32s(v[3*w:]))
		}
	}
	storePartials(p, s0, s1, s2, s3)
	return n
}

// storePartials writes as many of the four vectors as 16 partials need.
func storePartials(p *partials, s0, s1, s2, s3 simd.Float32s) {
	w := lanes()
	s0.Store(p[:])
	if w <= 8 {
		s1.Store(p[w:])
	}
	if w <= 4 {
		s2.Store(p[2*w:])
		s3.Store(p[3*w:])
	}
}

func dotVec(p *partials, a, b []float32) int {
	n := len(a) &^ 15
	if emulated || n == 0 {
		return 0
	}
	w := lanes()
	var s0, s1, s2, s3 simd.Float32s
	for i := 0; i < n; i += 16 {
		u, v := a[i:i+16], b[i:i+16]
		s0 = s0.Add(simd.LoadFloat32s(u).Mul(simd.LoadFloat32s(v)))
		if w <= 8 {
			s1 = s1.Add(simd.LoadFloat32s(u[w:]).Mul(simd.LoadFloat32s(v[w:])))
		}
		if w <= 4 {
			s2 = s2.Add(simd.LoadFloat32s(u[2*w:]).Mul(simd.LoadFloat32s(v[2*w:])))
			s3 = s3.Add(simd.LoadFloat32s(u[3*w:]).Mul(simd.LoadFloat32s(v[3*w:])))
		}
	}
	storePartials(p, s0, s1, s2, s3)
	return n
}

func sumAbsVec(p *partials, x []float32) int {
	n := len(x) &^ 15
	if emulated || n == 0 {
		return 0
	}
	w := lanes()
	var s0, s1, s2, s3 simd.Float32s
	for i := 0; i < n; i += 16 {
		v := x[i : i+16]
		s0 = s0.Add(simd.LoadFloat32s(v).Abs())
		if w <= 8 {
			s1 = s1.Add(simd.LoadFloat32s(v[w:]).Abs())
		}
		if w <= 4 {
			s2 = s2.Add(simd.LoadFloat32s(v[2*w:]).Abs())
			s3 = s3.Add(simd.LoadFloat32s(v[3*w:]).Abs())
		}
	}
	storePartials(p, s0, s1, s2, s3)
	return n
}

func maxVec(p *partials, x []float32) int {
	n := len(x) &^ 15
	if emulated || n == 0 {
		return 0
	}
	w := lanes()
	s0 := simd.LoadFloat32s(p[:]) // -Inf in every lane
	s1, s2, s3 := s0, s0, s0
	for i := 0; i < n; i += 16 {
		v := x[i : i+16]
		u := simd.LoadFloat32s(v)
		s0 = u.IfElse(s0.Less(u), s0)
		if w <= 8 {
			u = simd.LoadFloat32s(v[w:])
			s1 = u.IfElse(s1.Less(u), s1)
		}
		if w <= 4 {
			u = simd.LoadFloat32s(v[2*w:])
			s2 = u.IfElse(s2.Less(u), s2)
			u = simd.LoadFloat32s(v[3*w:])
			s3 = u.IfElse(s3.Less(u), s3)
		}
	}
	storePartials(p, s0, s1, s2, s3)
	return n
}

// nonFiniteVec sums 0·x: see nonFiniteScalar.
func nonFiniteVec(x []float32) (int, bool) {
	n := len(x) &^ 15
	if emulated || n == 0 {
		return 0, false
	}
	w := lanes()
	var s0, s1, zero simd.Float32s
	for i := 0; i < n; i += 16 {
		v := x[i : i+16]
		s0 = s0.Add(simd.LoadFloat32s(v).Mul(zero))
		if w <= 8 {
			s1 = s1.Add(simd.LoadFloat32s(v[w:]).Mul(zero))
		}
		if w <= 4 {
			s0 = s0.Add(simd.LoadFloat32s(v[2*w:]).Mul(zero))
			s1 = s1.Add(simd.LoadFloat32s(v[3*w:]).Mul(zero))
		}
	}
	var p partials
	s0.Add(s1).Store(p[:])
	return n, p.fold() != 0
}

// The kernels below have longer bodies: they walk over the partials of one vector at
// a time, which keeps the code small and costs nothing beside the arithmetic.

func sumExpVec(p *partials, x []float32, m float32) int {
	n := len(x) &^ 15
	if emulated || n == 0 {
		return 0
	}
	w, f := lanes(), simd.BroadcastFloat32s(m)
	for j := 0; j < 16; j += w {
		var s simd.Float32s
		for i := j; i < n; i += 16 {
			s = s.Add(expV(simd.LoadFloat32s(x[i:]).Sub(f)))
		}
		s.Store(p[j:])
	}
	return n
}

func squaredErrorVec(p *partials, y, t []float32) int {
	n := len(y) &^ 15
	if emulated || n == 0 {
		return 0
	}
	w := lanes()
	for j := 0; j < 16; j += w {
		var s simd.Float32s
		for i := j; i < n; i += 16 {
			d := simd.LoadFloat32s(y[i:]).Sub(simd.LoadFloat32s(t[i:]))
			s = s.Add(d.Mul(d))
		}
		s.Store(p[j:])
	}
	return n
}

func absErrorVec(p *partials, y, t []float32) int {
	n := len(y) &^ 15
	if emulated || n == 0 {
		return 0
	}
	w := lanes()
	for j := 0; j < 16; j += w {
		var s simd.Float32s
		for i := j; i < n; i += 16 {
			s = s.Add(simd.LoadFloat32s(y[i:]).Sub(simd.LoadFloat32s(t[i:])).Abs())
		}
		s.Store(p[j:])
	}
	return n
}
