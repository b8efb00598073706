//go:build goexperiment.simd && (amd64 || arm64)

package kernel

import "simd"

func scaledDifferenceVec(dst, p, t []float32, f float32) int {
	if emulated {
		return 0
	}
	i, w, fv := 0, lanes(), simd.BroadcastFloat32s(f)
	for ; i+w <= len(dst); i += w {
		simd.LoadFloat32s(p[i:]).Sub(simd.LoadFloat32s(t[i:])).Mul(fv).Store(dst[i:])
	}
	return i
}

func signedVec(dst, p, t []float32, f float32) int {
	if emulated {
		return 0
	}
	i, w, zero := 0, lanes(), simd.BroadcastFloat32s(0)
	plus, minus := simd.BroadcastFloat32s(f), simd.BroadcastFloat32s(-f)
	for ; i+w <= len(dst); i += w {
		x, y := simd.LoadFloat32s(p[i:]), simd.LoadFloat32s(t[i:])
		minus.IfElse(x.Less(y), plus.IfElse(x.Greater(y), zero)).Store(dst[i:])
	}
	return i
}

// bceLogitV is bceLogit.
func bceLogitV(x, t simd.Float32s) simd.Float32s {
	zero := simd.BroadcastFloat32s(0)
	l := zero.IfElse(x.Less(zero), x).Sub(x.Mul(t))
	return l.Add(log1pUnitV(expNegAbsV(x)))
}

func bceLogitsVec(p *partials, x, t []float32) int {
	n := len(x) &^ 15
	if emulated || n == 0 {
		return 0
	}
	w := lanes()
	for j := 0; j < 16; j += w {
		var s simd.Float32s
		for i := j; i < n; i += 16 {
			s = s.Add(bceLogitV(simd.LoadFloat32s(x[i:]), simd.LoadFloat32s(t[i:])))
		}
		s.Store(p[j:])
	}
	return n
}

// bceLogitVec is bceLogitScalar.
func bceLogitVec(loss, x, t []float32) int {
	if emulated {
		return 0
	}
	i, w := 0, lanes()
	for ; i+w <= len(loss); i += w {
		bceLogitV(simd.LoadFloat32s(x[i:]), simd.LoadFloat32s(t[i:])).Store(loss[i:])
	}
	return i
}

// bceLogitGradRowsVec computes dx = scale·(sigmoid(x) - t) for rows of one number.
func bceLogitGradRowsVec(dx, x, t, scale []float32) int {
	if emulated {
		return 0
	}
	i, w, one, zero := 0, lanes(), simd.BroadcastFloat32s(1), simd.BroadcastFloat32s(0)
	for ; i+w <= len(dx); i += w {
		v := simd.LoadFloat32s(x[i:])
		e := expNegAbsV(v)
		s := e.IfElse(v.Less(zero), one).Div(e.Add(one))
		s.Sub(simd.LoadFloat32s(t[i:])).Mul(simd.LoadFloat32s(scale[i:])).Store(dx[i:])
	}
	return i
}

func bceVec(p *partials, y, t []float32) int {
	n := len(y) &^ 15
	if emulated || n == 0 {
		return 0
	}
	w, one := lanes(), simd.BroadcastFloat32s(1)
	lo, hi := simd.BroadcastFloat32s(lossEps), simd.BroadcastFloat32s(lossOneLess)
	for j := 0; j < 16; j += w {
		var s simd.Float32s
		for i := j; i < n; i += 16 {
			q := simd.LoadFloat32s(y[i:])
			q = lo.IfElse(q.Less(lo), q)
			q = hi.IfElse(q.Greater(hi), q)
			s = s.Add(bceLogitV(logV(q.Div(one.Sub(q))), simd.LoadFloat32s(t[i:])))
		}
		s.Store(p[j:])
	}
	return n
}

func bceLogitsGradVec(dx, x, t []float32, f float32) int {
	if emulated {
		return 0
	}
	i, w, fv := 0, lanes(), simd.BroadcastFloat32s(f)
	one, zero := simd.BroadcastFloat32s(1), simd.BroadcastFloat32s(0)
	for ; i+w <= len(dx); i += w {
		v := simd.LoadFloat32s(x[i:])
		e := expNegAbsV(v)
		s := e.IfElse(v.Less(zero), one).Div(e.Add(one))
		s.Sub(simd.LoadFloat32s(t[i:])).Mul(fv).Store(dx[i:])
	}
	return i
}

func bceGradVec(dp, p, t []float32, f float32) int {
	if emulated {
		return 0
	}
	i, w, fv := 0, lanes(), simd.BroadcastFloat32s(f)
	one, zero := simd.BroadcastFloat32s(1), simd.BroadcastFloat32s(0)
	lo, hi := simd.BroadcastFloat32s(lossEps), simd.BroadcastFloat32s(lossOneLess)
	for ; i+w <= len(dp); i += w {
		q := simd.LoadFloat32s(p[i:])
		g := q.Sub(simd.LoadFloat32s(t[i:])).Mul(fv).Div(q.Mul(one.Sub(q)))
		g = zero.IfElse(q.Less(lo), g)
		zero.IfElse(q.Greater(hi), g).Store(dp[i:])
	}
	return i
}

func cceLogitsVec(p *partials, x, t []float32, m, l float32) int {
	n := len(x) &^ 15
	if emulated || n == 0 {
		return 0
	}
	w, mv, lv := lanes(), simd.BroadcastFloat32s(m), simd.BroadcastFloat32s(l)
	for j := 0; j < 16; j += w {
		var s simd.Float32s
		for i := j; i < n; i += 16 {
			s = s.Add(simd.LoadFloat32s(x[i:]).Sub(mv).Sub(lv).Mul(simd.LoadFloat32s(t[i:])))
		}
		s.Store(p[j:])
	}
	return n
}

func cceLogitsGradVec(d, t []float32, s, total, f float32) int {
	if emulated {
		return 0
	}
	i, w := 0, lanes()
	sv, tv, fv := simd.BroadcastFloat32s(s), simd.BroadcastFloat32s(total), simd.BroadcastFloat32s(f)
	for ; i+w <= len(d); i += w {
		simd.LoadFloat32s(d[i:]).Div(sv).Mul(tv).Sub(simd.LoadFloat32s(t[i:])).Mul(fv).Store(d[i:])
	}
	return i
}
