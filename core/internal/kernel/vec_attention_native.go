//go:build goexperiment.simd && (amd64 || arm64)

package kernel

import "simd"

// The loops of attention.go on vectors.

func scaleMaxVec(p *partials, s []float32, f float32) int {
	n := len(s) &^ 15
	if emulated || n == 0 {
		return 0
	}
	w, fv := lanes(), simd.BroadcastFloat32s(f)
	for j := 0; j < 16; j += w {
		m := simd.LoadFloat32s(p[j:]) // -Inf in every lane
		for i := j; i < n; i += 16 {
			v := simd.LoadFloat32s(s[i:]).Mul(fv)
			v.Store(s[i:])
			m = v.IfElse(m.Less(v), m)
		}
		m.Store(p[j:])
	}
	return n
}

func expSumVec(p *partials, x []float32, m float32) int {
	n := len(x) &^ 15
	if emulated || n == 0 {
		return 0
	}
	w, f := lanes(), simd.BroadcastFloat32s(m)
	for j := 0; j < 16; j += w {
		var s simd.Float32s
		for i := j; i < n; i += 16 {
			e := expV(simd.LoadFloat32s(x[i:]).Sub(f))
			e.Store(x[i:])
			s = s.Add(e)
		}
		s.Store(p[j:])
	}
	return n
}

func scoresGradVec(d, w []float32, dot, scale float32) int {
	if emulated {
		return 0
	}
	i, l := 0, lanes()
	dv, sv := simd.BroadcastFloat32s(dot), simd.BroadcastFloat32s(scale)
	for ; i+l <= len(d); i += l {
		g := simd.LoadFloat32s(d[i:]).Sub(dv)
		simd.LoadFloat32s(w[i:]).Mul(g).Mul(sv).Store(d[i:])
	}
	return i
}
