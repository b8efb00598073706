package kernel

// Rectifiers with more to choose than activation.go's: limits of the caller's, and slopes
// that are learned.

// ReluOf computes y[i] = x < threshold ? slope·(x − threshold) : x > most ? most : x.
// y may be x. +Inf for most sets no limit.
func ReluOf(y, x []float32, threshold, slope, most float32) {
	x = x[:len(y)]
	i := reluOfVec(y, x, threshold, slope, most)
	reluOfScalar(y[i:], x[i:], threshold, slope, most)
}

func reluOfScalar(y, x []float32, threshold, slope, most float32) {
	x = x[:len(y)]
	for i, v := range x {
		if v < threshold {
			v = float32(slope * (v - threshold))
		} else if v > most {
			v = most
		}
		y[i] = v
	}
}

// ReluOfGrad computes dx[i] = dy times 1 between threshold and most, slope at threshold
// and below it, 0 at most and above it. dx may be dy.
func ReluOfGrad(dx, dy, x []float32, threshold, slope, most float32) {
	dy, x = dy[:len(dx)], x[:len(dx)]
	i := reluOfGradVec(dx, dy, x, threshold, slope, most)
	reluOfGradScalar(dx[i:], dy[i:], x[i:], threshold, slope, most)
}

func reluOfGradScalar(dx, dy, x []float32, threshold, slope, most float32) {
	dy, x = dy[:len(dx)], x[:len(dx)]
	for i, v := range x {
		g := dy[i]
		if !(v > threshold) {
			g = float32(slope * g)
		}
		if v >= most {
			g = 0
		}
		dx[i] = g
	}
}

// PRelu computes y[i] = x[i] < 0 ? a[i]·x[i] : x[i]. y may be x.
func PRelu(y, x, a []float32) {
	x, a = x[:len(y)], a[:len(y)]
	i := preluVec(y, x, a)
	preluScalar(y[i:], x[i:], a[i:])
}

func preluScalar(y, x, a []float32) {
	x, a = x[:len(y)], a[:len(y)]
	for i, v := range x {
		if v < 0 {
			v = float32(a[i] * v)
		}
		y[i] = v
	}
}

// PReluGrad computes dx[i] = x[i] > 0 ? dy[i] : a[i]·dy[i]. dx may be dy.
func PReluGrad(dx, dy, x, a []float32) {
	dy, x, a = dy[:len(dx)], x[:len(dx)], a[:len(dx)]
	i := preluGradVec(dx, dy, x, a)
	preluGradScalar(dx[i:], dy[i:], x[i:], a[i:])
}

func preluGradScalar(dx, dy, x, a []float32) {
	dy, x, a = dy[:len(dx)], x[:len(dx)], a[:len(dx)]
	for i, v := range x {
		g := dy[i]
		if !(v > 0) {
			g = float32(a[i] * g)
		}
		dx[i] = g
	}
}

// PReluSlope adds to da[i] what one sample gives: x[i] > 0 ? +0 : dy[i]·x[i].
func PReluSlope(da, dy, x []float32) {
	dy, x = dy[:len(da)], x[:len(da)]
	i := preluSlopeVec(da, dy, x)
	preluSlopeScalar(da[i:], dy[i:], x[i:])
}

func preluSlopeScalar(da, dy, x []float32) {
	dy, x = dy[:len(da)], x[:len(da)]
	for i, v := range x {
		g := float32(dy[i] * v)
		if v > 0 {
			g = 0
		}
		da[i] += g
	}
}
