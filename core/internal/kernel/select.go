package kernel

// Kernels that choose element by element. As in elementwise.go each works on len(dst)
// elements, and sources may be dst itself.

// MaxOf computes dst[i] = a[i] < b[i] ? b[i] : a[i].
func MaxOf(dst, a, b []float32) {
	a, b = a[:len(dst)], b[:len(dst)]
	i := maxOfVec(dst, a, b)
	maxOfScalar(dst[i:], a[i:], b[i:])
}

func maxOfScalar(dst, a, b []float32) {
	a, b = a[:len(dst)], b[:len(dst)]
	for i, m := range a {
		if m < b[i] {
			m = b[i]
		}
		dst[i] = m
	}
}

// MinOf computes dst[i] = a[i] > b[i] ? b[i] : a[i].
func MinOf(dst, a, b []float32) {
	a, b = a[:len(dst)], b[:len(dst)]
	i := minOfVec(dst, a, b)
	minOfScalar(dst[i:], a[i:], b[i:])
}

func minOfScalar(dst, a, b []float32) {
	a, b = a[:len(dst)], b[:len(dst)]
	for i, m := range a {
		if m > b[i] {
			m = b[i]
		}
		dst[i] = m
	}
}

// WhereLess computes dst[i] = a[i] < b[i] ? x[i] : +0, and WhereNotLess the opposite: the
// gradients of MaxOf and MinOf.
func WhereLess(dst, x, a, b []float32) {
	x, a, b = x[:len(dst)], a[:len(dst)], b[:len(dst)]
	i := whereLessVec(dst, x, a, b)
	whereLessScalar(dst[i:], x[i:], a[i:], b[i:])
}

func whereLessScalar(dst, x, a, b []float32) {
	x, a, b = x[:len(dst)], a[:len(dst)], b[:len(dst)]
	for i, v := range x {
		if !(a[i] < b[i]) {
			v = 0
		}
		dst[i] = v
	}
}

// WhereNotLess computes dst[i] = a[i] < b[i] ? +0 : x[i].
func WhereNotLess(dst, x, a, b []float32) {
	x, a, b = x[:len(dst)], a[:len(dst)], b[:len(dst)]
	i := whereNotLessVec(dst, x, a, b)
	whereNotLessScalar(dst[i:], x[i:], a[i:], b[i:])
}

func whereNotLessScalar(dst, x, a, b []float32) {
	x, a, b = x[:len(dst)], a[:len(dst)], b[:len(dst)]
	for i, v := range x {
		if a[i] < b[i] {
			v = 0
		}
		dst[i] = v
	}
}
