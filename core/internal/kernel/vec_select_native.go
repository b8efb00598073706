//go:build goexperiment.simd && (amd64 || arm64)

package kernel

import "simd"

// The loops of select.go and relu.go on vectors.

func maxOfVec(dst, a, b []float32) int {
	if emulated {
		return 0
	}
	i, w := 0, lanes()
	for ; i+w <= len(dst); i += w {
		m, x := simd.LoadFloat32s(a[i:]), simd.LoadFloat32s(b[i:])
		x.IfElse(m.Less(x), m).Store(dst[i:])
	}
	return i
}

func minOfVec(dst, a, b []float32) int {
	if emulated {
		return 0
	}
	i, w := 0, lanes()
	for ; i+w <= len(dst); i += w {
		m, x := simd.LoadFloat32s(a[i:]), simd.LoadFloat32s(b[i:])
		x.IfElse(m.Greater(x), m).Store(dst[i:])
	}
	return i
}

func whereLessVec(dst, x, a, b []float32) int {
	if emulated {
		return 0
	}
	i, w, zero := 0, lanes(), simd.BroadcastFloat32s(0)
	for ; i+w <= len(dst); i += w {
		less := simd.LoadFloat32s(a[i:]).Less(simd.LoadFloat32s(b[i:]))
		simd.LoadFloat32s(x[i:]).IfElse(less, zero).Store(dst[i:])
	}
	return i
}

func whereNotLessVec(dst, x, a, b []float32) int {
	if emulated {
		return 0
	}
	i, w, zero := 0, lanes(), simd.BroadcastFloat32s(0)
	for ; i+w <= len(dst); i += w {
		less := simd.LoadFloat32s(a[i:]).Less(simd.LoadFloat32s(b[i:]))
		zero.IfElse(less, simd.LoadFloat32s(x[i:])).Store(dst[i:])
	}
	return i
}

func reluOfVec(y, x []float32, threshold, slope, most float32) int {
	if emulated {
		return 0
	}
	i, w := 0, lanes()
	t, s, m := simd.BroadcastFloat32s(threshold), simd.BroadcastFloat32s(slope), simd.BroadcastFloat32s(most)
	for ; i+w <= len(y); i += w {
		v := simd.LoadFloat32s(x[i:])
		upper := m.IfElse(v.Greater(m), v)
		v.Sub(t).Mul(s).IfElse(v.Less(t), upper).Store(y[i:])
	}
	return i
}

func reluOfGradVec(dx, dy, x []float32, threshold, slope, most float32) int {
	if emulated {
		return 0
	}
	i, w, zero := 0, lanes(), simd.BroadcastFloat32s(0)
	t, s, m := simd.BroadcastFloat32s(threshold), simd.BroadcastFloat32s(slope), simd.BroadcastFloat32s(most)
	for ; i+w <= len(dx); i += w {
		v, g := simd.LoadFloat32s(x[i:]), simd.LoadFloat32s(dy[i:])
		g = g.IfElse(v.Greater(t), g.Mul(s))
		zero.IfElse(v.GreaterEqual(m), g).Store(dx[i:])
	}
	return i
}

func preluVec(y, x, a []float32) int {
	if emulated {
		return 0
	}
	i, w, zero := 0, lanes(), simd.BroadcastFloat32s(0)
	for ; i+w <= len(y); i += w {
		v := simd.LoadFloat32s(x[i:])
		v.Mul(simd.LoadFloat32s(a[i:])).IfElse(v.Less(zero), v).Store(y[i:])
	}
	return i
}

func preluGradVec(dx, dy, x, a []float32) int {
	if emulated {
		return 0
	}
	i, w, zero := 0, lanes(), simd.BroadcastFloat32s(0)
	for ; i+w <= len(dx); i += w {
		g := simd.LoadFloat32s(dy[i:])
		g.IfElse(simd.LoadFloat32s(x[i:]).Greater(zero), g.Mul(simd.LoadFloat32s(a[i:]))).Store(dx[i:])
	}
	return i
}

func preluSlopeVec(da, dy, x []float32) int {
	if emulated {
		return 0
	}
	i, w, zero := 0, lanes(), simd.BroadcastFloat32s(0)
	for ; i+w <= len(da); i += w {
		v := simd.LoadFloat32s(x[i:])
		g := zero.IfElse(v.Greater(zero), v.Mul(simd.LoadFloat32s(dy[i:])))
		simd.LoadFloat32s(da[i:]).Add(g).Store(da[i:])
	}
	return i
}
