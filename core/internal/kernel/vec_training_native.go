//go:build goexperiment.simd && (amd64 || arm64)

package kernel

import "simd"

func huberVec(p *partials, y, t []float32, delta float32) int {
	n := len(y) &^ 15
	if emulated || n == 0 {
		return 0
	}
	w, dv, half := lanes(), simd.BroadcastFloat32s(delta), simd.BroadcastFloat32s(0.5)
	for j := 0; j < 16; j += w {
		var s simd.Float32s
		for i := j; i < n; i += 16 {
			d := simd.LoadFloat32s(y[i:]).Sub(simd.LoadFloat32s(t[i:])).Abs()
			c := dv.IfElse(d.Greater(dv), d)
			s = s.Add(c.Mul(d.Sub(c.Mul(half))))
		}
		s.Store(p[j:])
	}
	return n
}

func huberGradVec(dp, p, t []float32, delta, f float32) int {
	if emulated {
		return 0
	}
	i, w, fv := 0, lanes(), simd.BroadcastFloat32s(f)
	lo, hi := simd.BroadcastFloat32s(-delta), simd.BroadcastFloat32s(delta)
	for ; i+w <= len(dp); i += w {
		d := simd.LoadFloat32s(p[i:]).Sub(simd.LoadFloat32s(t[i:]))
		d = lo.IfElse(d.Less(lo), d)
		hi.IfElse(d.Greater(hi), d).Mul(fv).Store(dp[i:])
	}
	return i
}

func adagradVec(p, g, a []float32, initial, lr, eps float32) int {
	if emulated {
		return 0
	}
	i, w := 0, lanes()
	iv, rv, ev := simd.BroadcastFloat32s(initial), simd.BroadcastFloat32s(lr), simd.BroadcastFloat32s(eps)
	for ; i+w <= len(p); i += w {
		gi := simd.LoadFloat32s(g[i:])
		ai := simd.LoadFloat32s(a[i:]).Add(gi.Mul(gi))
		ai.Store(a[i:])
		simd.LoadFloat32s(p[i:]).Sub(gi.Mul(rv).Div(iv.Add(ai).Add(ev).Sqrt())).Store(p[i:])
	}
	return i
}

func adadeltaVec(p, g, a, d []float32, rho, omrho, lr, eps float32) int {
	if emulated {
		return 0
	}
	i, w := 0, lanes()
	hv, ov := simd.BroadcastFloat32s(rho), simd.BroadcastFloat32s(omrho)
	rv, ev := simd.BroadcastFloat32s(lr), simd.BroadcastFloat32s(eps)
	for ; i+w <= len(p); i += w {
		gi, di := simd.LoadFloat32s(g[i:]), simd.LoadFloat32s(d[i:])
		ai := simd.LoadFloat32s(a[i:]).Mul(hv).Add(gi.Mul(gi).Mul(ov))
		ai.Store(a[i:])
		u := di.Add(ev).Sqrt().Div(ai.Add(ev).Sqrt()).Mul(gi)
		di.Mul(hv).Add(u.Mul(u).Mul(ov)).Store(d[i:])
		simd.LoadFloat32s(p[i:]).Sub(u.Mul(rv)).Store(p[i:])
	}
	return i
}

func adamaxVec(p, g, m, u []float32, b1, omb1, b2, lr, eps float32) int {
	if emulated {
		return 0
	}
	i, w := 0, lanes()
	b1v, o1v, b2v := simd.BroadcastFloat32s(b1), simd.BroadcastFloat32s(omb1), simd.BroadcastFloat32s(b2)
	rv, ev := simd.BroadcastFloat32s(lr), simd.BroadcastFloat32s(eps)
	for ; i+w <= len(p); i += w {
		gi := simd.LoadFloat32s(g[i:])
		mi := simd.LoadFloat32s(m[i:]).Mul(b1v).Add(gi.Mul(o1v))
		ui, size := simd.LoadFloat32s(u[i:]).Mul(b2v), gi.Abs()
		ui = ui.IfElse(size.LessEqual(ui), size)
		mi.Store(m[i:])
		ui.Store(u[i:])
		simd.LoadFloat32s(p[i:]).Sub(mi.Div(ui.Add(ev)).Mul(rv)).Store(p[i:])
	}
	return i
}
