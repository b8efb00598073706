//go:build goexperiment.simd && (amd64 || arm64)

package kernel

import "simd"

// The recurrent cells of sigmoid and tanh on vectors.

// sigmoidOfV is Sigmoid32 of x, given e = exp(-|x|).
func sigmoidOfV(x, e simd.Float32s) simd.Float32s {
	one := simd.BroadcastFloat32s(1)
	return e.IfElse(x.Less(simd.BroadcastFloat32s(0)), one).Div(e.Add(one))
}

func lstmVec(u int, a, before, c, t, h []float32) int {
	if emulated {
		return 0
	}
	j, w := 0, lanes()
	for ; j+w <= u; j += w {
		i, f := simd.LoadFloat32s(a[j:]), simd.LoadFloat32s(a[u+j:])
		i = sigmoidOfV(i, expNegAbsV(i))
		i.Store(a[j:])
		f = sigmoidOfV(f, expNegAbsV(f))
		f.Store(a[u+j:])
		g := tanhV(simd.LoadFloat32s(a[2*u+j:]))
		g.Store(a[2*u+j:])
		cell := f.Mul(simd.LoadFloat32s(before[j:])).Add(i.Mul(g))
		cell.Store(c[j:])
		out := tanhV(cell)
		out.Store(t[j:])
		o := simd.LoadFloat32s(a[3*u+j:])
		o = sigmoidOfV(o, expNegAbsV(o))
		o.Store(a[3*u+j:])
		o.Mul(out).Store(h[j:])
	}
	return j
}

func lstmGradVec(u int, a, before, t, dh, dc []float32) int {
	if emulated {
		return 0
	}
	j, w := 0, lanes()
	one := simd.BroadcastFloat32s(1)
	for ; j+w <= u; j += w {
		i, f := simd.LoadFloat32s(a[j:]), simd.LoadFloat32s(a[u+j:])
		g, o := simd.LoadFloat32s(a[2*u+j:]), simd.LoadFloat32s(a[3*u+j:])
		out, d := simd.LoadFloat32s(t[j:]), simd.LoadFloat32s(dh[j:])
		s := simd.LoadFloat32s(dc[j:]).Add(d.Mul(o).Mul(one.Sub(out).Mul(one.Add(out))))
		s.Mul(f).Store(dc[j:])
		s.Mul(g).Mul(i.Mul(one.Sub(i))).Store(a[j:])
		s.Mul(simd.LoadFloat32s(before[j:])).Mul(f.Mul(one.Sub(f))).Store(a[u+j:])
		s.Mul(i).Mul(one.Sub(g).Mul(one.Add(g))).Store(a[2*u+j:])
		d.Mul(out).Mul(o.Mul(one.Sub(o))).Store(a[3*u+j:])
	}
	return j
}

func gruGatesVec(u int, a, h, rh []float32) int {
	if emulated {
		return 0
	}
	j, w := 0, lanes()
	for ; j+w <= u; j += w {
		z, r := simd.LoadFloat32s(a[j:]), simd.LoadFloat32s(a[u+j:])
		sigmoidOfV(z, expNegAbsV(z)).Store(a[j:])
		r = sigmoidOfV(r, expNegAbsV(r))
		r.Store(a[u+j:])
		if rh != nil {
			r.Mul(simd.LoadFloat32s(h[j:])).Store(rh[j:])
		}
	}
	return j
}

func gruVec(u int, a, m, h, next []float32) int {
	if emulated {
		return 0
	}
	j, w := 0, lanes()
	one := simd.BroadcastFloat32s(1)
	for ; j+w <= u; j += w {
		y := simd.LoadFloat32s(a[2*u+j:])
		if m != nil {
			y = simd.LoadFloat32s(a[u+j:]).Mul(simd.LoadFloat32s(m[j:])).Add(y)
		}
		y = tanhV(y)
		y.Store(a[2*u+j:])
		z := simd.LoadFloat32s(a[j:])
		z.Mul(simd.LoadFloat32s(h[j:])).Add(one.Sub(z).Mul(y)).Store(next[j:])
	}
	return j
}

func gruGradVec(u int, a, m, h, dh []float32) int {
	if emulated {
		return 0
	}
	j, w := 0, lanes()
	one := simd.BroadcastFloat32s(1)
	for ; j+w <= u; j += w {
		z, y, d := simd.LoadFloat32s(a[j:]), simd.LoadFloat32s(a[2*u+j:]), simd.LoadFloat32s(dh[j:])
		d.Mul(z).Store(dh[j:])
		simd.LoadFloat32s(h[j:]).Sub(y).Mul(d).Mul(z.Mul(one.Sub(z))).Store(a[j:])
		dy := one.Sub(z).Mul(d).Mul(one.Sub(y).Mul(one.Add(y)))
		dy.Store(a[2*u+j:])
		if m != nil {
			r := simd.LoadFloat32s(a[u+j:])
			dy.Mul(simd.LoadFloat32s(m[j:])).Mul(r.Mul(one.Sub(r))).Store(a[u+j:])
			dy.Mul(r).Store(m[j:])
		}
	}
	return j
}

func gruResetGradVec(u int, a, h, drh, dh []float32) int {
	if emulated {
		return 0
	}
	j, w := 0, lanes()
	one := simd.BroadcastFloat32s(1)
	for ; j+w <= u; j += w {
		r, d := simd.LoadFloat32s(a[u+j:]), simd.LoadFloat32s(drh[j:])
		d.Mul(r).Add(simd.LoadFloat32s(dh[j:])).Store(dh[j:])
		d.Mul(simd.LoadFloat32s(h[j:])).Mul(r.Mul(one.Sub(r))).Store(a[u+j:])
	}
	return j
}
