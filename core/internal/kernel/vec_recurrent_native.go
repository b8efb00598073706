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
