package kernel

import "unsafe"

// Element-wise kernels. Each works on len(dst) elements; the sources must be at
// least as long and may be dst itself, but must not overlap it otherwise.

// Fill sets every element of dst to v.
func Fill(dst []float32, v float32) {
	i := fillVec(dst, v)
	for ; i < len(dst); i++ {
		dst[i] = v
	}
}

// Add computes dst[i] = a[i] + b[i].
func Add(dst, a, b []float32) {
	a, b = a[:len(dst)], b[:len(dst)]
	if haveModule && len(dst) >= moduleFrom {
		moduleAdd(int32(len(dst)), &dst[0], &a[0], &b[0])
		return
	}
	i := addVec(dst, a, b)
	addScalar(dst[i:], a[i:], b[i:])
}

func addScalar(dst, a, b []float32) {
	a, b = a[:len(dst)], b[:len(dst)]
	for i := range dst {
		dst[i] = a[i] + b[i]
	}
}

// Sub computes dst[i] = a[i] - b[i].
func Sub(dst, a, b []float32) {
	a, b = a[:len(dst)], b[:len(dst)]
	if haveModule && len(dst) >= moduleFrom {
		moduleSub(int32(len(dst)), &dst[0], &a[0], &b[0])
		return
	}
	i := subVec(dst, a, b)
	subScalar(dst[i:], a[i:], b[i:])
}

func subScalar(dst, a, b []float32) {
	a, b = a[:len(dst)], b[:len(dst)]
	for i := range dst {
		dst[i] = a[i] - b[i]
	}
}

// Mul computes dst[i] = a[i] * b[i].
func Mul(dst, a, b []float32) {
	a, b = a[:len(dst)], b[:len(dst)]
	if haveModule && len(dst) >= moduleFrom {
		moduleMul(int32(len(dst)), &dst[0], &a[0], &b[0])
		return
	}
	i := mulVec(dst, a, b)
	mulScalar(dst[i:], a[i:], b[i:])
}

func mulScalar(dst, a, b []float32) {
	a, b = a[:len(dst)], b[:len(dst)]
	for i := range dst {
		dst[i] = float32(a[i] * b[i])
	}
}

// Scale computes dst[i] = s * a[i].
func Scale(dst, a []float32, s float32) {
	a = a[:len(dst)]
	if haveModule && len(dst) >= moduleFrom {
		moduleScale(int32(len(dst)), &dst[0], &a[0], s)
		return
	}
	i := scaleVec(dst, a, s)
	scaleScalar(dst[i:], a[i:], s)
}

func scaleScalar(dst, a []float32, s float32) {
	a = a[:len(dst)]
	for i := range dst {
		dst[i] = float32(a[i] * s)
	}
}

// AddScaled computes dst[i] += s * a[i].
func AddScaled(dst, a []float32, s float32) {
	a = a[:len(dst)]
	if haveModule && len(dst) >= moduleFrom {
		moduleAddScaled(int32(len(dst)), &dst[0], &a[0], s)
		return
	}
	i := addScaledVec(dst, a, s)
	addScaledScalar(dst[i:], a[i:], s)
}

func addScaledScalar(dst, a []float32, s float32) {
	a = a[:len(dst)]
	for i := range dst {
		dst[i] += float32(a[i] * s)
	}
}

// Accumulate computes dst[i] += a[i].
func Accumulate(dst, a []float32) { Add(dst, dst, a) }

// BiasAdd adds bias[n] to each of the m rows of y[m, n].
func BiasAdd(m, n int, y, bias []float32) {
	bias = bias[:n]
	for i := range m {
		row := y[i*n : i*n+n]
		Add(row, row, bias)
	}
}

// GatherRows copies rows of n numbers: row i of dst is row which[i] of src.
func GatherRows(n int, dst, src []float32, which []int) {
	if haveModule && n > 0 && len(which) > 0 {
		var most uint // also of what is negative
		for _, r := range which {
			most = max(most, uint(r))
		}
		_, _ = dst[len(which)*n-1], src[int(most)*n+n-1]
		moduleGatherRows(int32(len(which)), int32(n), &dst[0], &src[0], unsafe.Pointer(&which[0]))
		return
	}
	for i, r := range which {
		copy(dst[i*n:i*n+n], src[r*n:r*n+n])
	}
}
