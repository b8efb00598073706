package kernel

// Softmax computes each row of y[rows, n] = exp(x - max) / sum(exp(x - max)).
// y may be x.
func Softmax(rows, n int, y, x []float32) {
	for r := range rows {
		yr, xr := y[r*n:r*n+n], x[r*n:r*n+n]
		expShift(yr, xr, Max(xr))
		divide(yr, Sum(yr))
	}
}

// SoftmaxGrad computes each row of dx[rows, n] = y·(dy - sum(dy·y)). dx may be dy.
func SoftmaxGrad(rows, n int, dx, dy, y []float32) {
	for r := range rows {
		d, yr := dy[r*n:r*n+n], y[r*n:r*n+n]
		mulShifted(dx[r*n:r*n+n], yr, d, Dot(d, yr))
	}
}

// LogSoftmax computes each row of y[rows, n] = (x - max) - log(sum(exp(x - max))).
// y may be x.
func LogSoftmax(rows, n int, y, x []float32) {
	for r := range rows {
		xr := x[r*n : r*n+n]
		m := Max(xr)
		sub2(y[r*n:r*n+n], xr, m, Log32(sumExp(xr, m)))
	}
}

// LogSoftmaxGrad computes each row of dx[rows, n] = dy - exp(y)·sum(dy). dx may be dy.
func LogSoftmaxGrad(rows, n int, dx, dy, y []float32) {
	for r := range rows {
		d := dy[r*n : r*n+n]
		subExpScaled(dx[r*n:r*n+n], d, y[r*n:r*n+n], Sum(d))
	}
}

// expShift computes dst = exp(x - m).
func expShift(dst, x []float32, m float32) {
	i := expShiftVec(dst, x, m)
	expShiftScalar(dst[i:], x[i:], m)
}

func expShiftScalar(dst, x []float32, m float32) {
	x = x[:len(dst)]
	for i := range dst {
		dst[i] = Exp32(x[i] - m)
	}
}

// divide computes dst /= s.
func divide(dst []float32, s float32) {
	i := divideVec(dst, s)
	divideScalar(dst[i:], s)
}

func divideScalar(dst []float32, s float32) {
	for i := range dst {
		dst[i] /= s
	}
}

// mulShifted computes dst = a·(b - s).
func mulShifted(dst, a, b []float32, s float32) {
	i := mulShiftedVec(dst, a, b, s)
	mulShiftedScalar(dst[i:], a[i:], b[i:], s)
}

func mulShiftedScalar(dst, a, b []float32, s float32) {
	a, b = a[:len(dst)], b[:len(dst)]
	for i := range dst {
		dst[i] = float32(a[i] * (b[i] - s))
	}
}

// sub2 computes dst = (x - m) - l.
func sub2(dst, x []float32, m, l float32) {
	i := sub2Vec(dst, x, m, l)
	sub2Scalar(dst[i:], x[i:], m, l)
}

func sub2Scalar(dst, x []float32, m, l float32) {
	x = x[:len(dst)]
	for i := range dst {
		dst[i] = (x[i] - m) - l
	}
}

// subExpScaled computes dst = a - exp(y)·s.
func subExpScaled(dst, a, y []float32, s float32) {
	i := subExpScaledVec(dst, a, y, s)
	subExpScaledScalar(dst[i:], a[i:], y[i:], s)
}

func subExpScaledScalar(dst, a, y []float32, s float32) {
	a, y = a[:len(dst)], y[:len(dst)]
	for i := range dst {
		dst[i] = a[i] - float32(Exp32(y[i])*s)
	}
}
