//go:build goexperiment.simd && (amd64 || arm64)

package kernel

import "simd"

//go:generate go run gen_wasm.go

// emulated is set where the machine, or GODEBUG=simd=0, has no vectors: the scalar
// kernels are faster than emulated ones.
var emulated = simd.Emulated()

// lanes returns the number of float32 in a vector: 4, 8 or 16.
func lanes() int { return simd.Float32s{}.Len() }

func fillVec(dst []float32, v float32) int {
	if emulated {
		return 0
	}
	i, w, x := 0, lanes(), simd.BroadcastFloat32s(v)
	for ; i+w <= len(dst); i += w {
		x.Store(dst[i:])
	}
	return i
}

func addVec(dst, a, b []float32) int {
	if emulated {
		return 0
	}
	i, w := 0, lanes()
	for ; i+w <= len(dst); i += w {
		simd.LoadFloat32s(a[i:]).Add(simd.LoadFloat32s(b[i:])).Store(dst[i:])
	}
	return i
}

func subVec(dst, a, b []float32) int {
	if emulated {
		return 0
	}
	i, w := 0, lanes()
	for ; i+w <= len(dst); i += w {
		simd.LoadFloat32s(a[i:]).Sub(simd.LoadFloat32s(b[i:])).Store(dst[i:])
	}
	return i
}

func mulVec(dst, a, b []float32) int {
	if emulated {
		return 0
	}
	i, w := 0, lanes()
	for ; i+w <= len(dst); i += w {
		simd.LoadFloat32s(a[i:]).Mul(simd.LoadFloat32s(b[i:])).Store(dst[i:])
	}
	return i
}

func scaleVec(dst, a []float32, s float32) int {
	if emulated {
		return 0
	}
	i, w, f := 0, lanes(), simd.BroadcastFloat32s(s)
	for ; i+w <= len(dst); i += w {
		simd.LoadFloat32s(a[i:]).Mul(f).Store(dst[i:])
	}
	return i
}

func flushDenormalsVec(x []float32) int {
	if emulated {
		return 0
	}
	i, w := 0, lanes()
	zero, low, high := simd.BroadcastFloat32s(0), simd.BroadcastFloat32s(-smallestNormal), simd.BroadcastFloat32s(smallestNormal)
	for ; i+w <= len(x); i += w {
		v := simd.LoadFloat32s(x[i:])
		zero.IfElse(v.Less(high).And(v.Greater(low)), v).Store(x[i:])
	}
	return i
}

func addScaledVec(dst, a []float32, s float32) int {
	if emulated {
		return 0
	}
	i, w, f := 0, lanes(), simd.BroadcastFloat32s(s)
	for ; i+w <= len(dst); i += w {
		simd.LoadFloat32s(a[i:]).Mul(f).Add(simd.LoadFloat32s(dst[i:])).Store(dst[i:])
	}
	return i
}

func divideVec(dst []float32, s float32) int {
	if emulated {
		return 0
	}
	i, w, f := 0, lanes(), simd.BroadcastFloat32s(s)
	for ; i+w <= len(dst); i += w {
		simd.LoadFloat32s(dst[i:]).Div(f).Store(dst[i:])
	}
	return i
}

func mulShiftedVec(dst, a, b []float32, s float32) int {
	if emulated {
		return 0
	}
	i, w, f := 0, lanes(), simd.BroadcastFloat32s(s)
	for ; i+w <= len(dst); i += w {
		simd.LoadFloat32s(b[i:]).Sub(f).Mul(simd.LoadFloat32s(a[i:])).Store(dst[i:])
	}
	return i
}

func sub2Vec(dst, x []float32, m, l float32) int {
	if emulated {
		return 0
	}
	i, w, f, g := 0, lanes(), simd.BroadcastFloat32s(m), simd.BroadcastFloat32s(l)
	for ; i+w <= len(dst); i += w {
		simd.LoadFloat32s(x[i:]).Sub(f).Sub(g).Store(dst[i:])
	}
	return i
}

func clipVec(g []float32, c float32) int {
	if emulated {
		return 0
	}
	i, w, lo, hi := 0, lanes(), simd.BroadcastFloat32s(-c), simd.BroadcastFloat32s(c)
	for ; i+w <= len(g); i += w {
		x := simd.LoadFloat32s(g[i:])
		x = lo.IfElse(x.Less(lo), x)
		hi.IfElse(x.Greater(hi), x).Store(g[i:])
	}
	return i
}
