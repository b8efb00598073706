//go:build goexperiment.simd && (amd64 || arm64)

package kernel

import "simd"

func sgdVec(p, g []float32, lr float32) int {
	if emulated {
		return 0
	}
	i, w, r := 0, lanes(), simd.BroadcastFloat32s(lr)
	for ; i+w <= len(p); i += w {
		simd.LoadFloat32s(p[i:]).Sub(simd.LoadFloat32s(g[i:]).Mul(r)).Store(p[i:])
	}
	return i
}

func momentumVec(p, g, v []float32, lr, mu float32, nesterov bool) int {
	if emulated {
		return 0
	}
	i, w, r, m := 0, lanes(), simd.BroadcastFloat32s(lr), simd.BroadcastFloat32s(mu)
	for ; i+w <= len(p); i += w {
		gi := simd.LoadFloat32s(g[i:])
		u := simd.LoadFloat32s(v[i:]).Mul(m).Add(gi)
		u.Store(v[i:])
		if nesterov {
			u = gi.Add(u.Mul(m))
		}
		simd.LoadFloat32s(p[i:]).Sub(u.Mul(r)).Store(p[i:])
	}
	return i
}

func adamVec(p, g, m, v []float32, b1, omb1, b2, omb2, c1, c2, lr, eps float32) int {
	if emulated {
		return 0
	}
	i, w := 0, lanes()
	b1v, o1v := simd.BroadcastFloat32s(b1), simd.BroadcastFloat32s(omb1)
	b2v, o2v := simd.BroadcastFloat32s(b2), simd.BroadcastFloat32s(omb2)
	c1v, c2v := simd.BroadcastFloat32s(c1), simd.BroadcastFloat32s(c2)
	lrv, epv := simd.BroadcastFloat32s(lr), simd.BroadcastFloat32s(eps)
	for ; i+w <= len(p); i += w {
		gi := simd.LoadFloat32s(g[i:])
		mi := simd.LoadFloat32s(m[i:]).Mul(b1v).Add(gi.Mul(o1v))
		vi := simd.LoadFloat32s(v[i:]).Mul(b2v).Add(gi.Mul(gi).Mul(o2v))
		mi.Store(m[i:])
		vi.Store(v[i:])
		u := mi.Mul(c1v).Mul(lrv).Div(vi.Mul(c2v).Sqrt().Add(epv))
		simd.LoadFloat32s(p[i:]).Sub(u).Store(p[i:])
	}
	return i
}

func rmspropVec(p, g, s, mom, gm []float32, rho, omrho, mu, lr, eps float32) int {
	if emulated {
		return 0
	}
	i, w := 0, lanes()
	rv, ov, mv := simd.BroadcastFloat32s(rho), simd.BroadcastFloat32s(omrho), simd.BroadcastFloat32s(mu)
	lrv, epv := simd.BroadcastFloat32s(lr), simd.BroadcastFloat32s(eps)
	zero := simd.BroadcastFloat32s(0)
	for ; i+w <= len(p); i += w {
		gi := simd.LoadFloat32s(g[i:])
		d := simd.LoadFloat32s(s[i:]).Mul(rv).Add(gi.Mul(gi).Mul(ov))
		d.Store(s[i:])
		if gm != nil {
			c := simd.LoadFloat32s(gm[i:]).Mul(rv).Add(gi.Mul(ov))
			c.Store(gm[i:])
			d = d.Sub(c.Mul(c))
			d = zero.IfElse(d.Less(zero), d)
		}
		u := gi.Mul(lrv).Div(d.Add(epv).Sqrt())
		if mom != nil {
			u = u.Add(simd.LoadFloat32s(mom[i:]).Mul(mv))
			u.Store(mom[i:])
		}
		simd.LoadFloat32s(p[i:]).Sub(u).Store(p[i:])
	}
	return i
}

func addL1L2Vec(g, x []float32, l1, l2 float32) int {
	if emulated {
		return 0
	}
	i, w, zero, two := 0, lanes(), simd.BroadcastFloat32s(0), simd.BroadcastFloat32s(2*l2)
	plus, minus := simd.BroadcastFloat32s(l1), simd.BroadcastFloat32s(-l1)
	for ; i+w <= len(g); i += w {
		v := simd.LoadFloat32s(x[i:])
		s := minus.IfElse(v.Less(zero), plus.IfElse(v.Greater(zero), zero))
		simd.LoadFloat32s(g[i:]).Add(s.Add(v.Mul(two))).Store(g[i:])
	}
	return i
}

func colSumsVec(m, n int, a []float32, lda int, out []float32, acc bool) int {
	if emulated {
		return 0
	}
	j, w := 0, lanes()
	for ; j+w <= n; j += w {
		var total simd.Float32s
		for i0 := 0; i0 < m; i0 += gemmBlock {
			var s simd.Float32s
			for i, end := i0, min(i0+gemmBlock, m); i < end; i++ {
				s = s.Add(simd.LoadFloat32s(a[i*lda+j:]))
			}
			total = total.Add(s)
		}
		if acc {
			total = total.Add(simd.LoadFloat32s(out[j:]))
		}
		total.Store(out[j:])
	}
	return j
}
