package kernel

// Depthwise convolution: every channel has a kernel of its own.

// A Window says which pixels of an image a kernel meets: TapsY × TapsX of them, TapY
// and TapX numbers apart.
type Window struct{ TapsY, TapsX, TapY, TapX int }

// DepthwiseRow computes n pixels of c channels in a row:
//
//	y[i·yStep + j] = Σ over ty, tx of x[i·xStep + ty·TapY + tx·TapX + j] · w[ty·TapsX + tx][j] + bias[j]
//
// for i < n and j < c; bias may be nil. Each is a product in the order of doc.go, k
// running over (ty, tx).
func DepthwiseRow(n, c int, win Window, x []float32, xStep int, w, bias, y []float32, yStep int) {
	w = w[:win.TapsY*win.TapsX*c]
	if len(w) > 0 {
		_ = x[(n-1)*xStep+(win.TapsY-1)*win.TapY+(win.TapsX-1)*win.TapX+c-1]
	}
	y = y[:(n-1)*yStep+c]
	if bias != nil {
		bias = bias[:c]
	}
	depthwiseRowScalar(n, c, depthwiseRowVec(n, c, win, x, xStep, w, bias, y, yStep), win, x, xStep, w, bias, y, yStep)
}

// depthwiseRowScalar computes the channels from j on.
func depthwiseRowScalar(n, c, j int, win Window, x []float32, xStep int, w, bias, y []float32, yStep int) {
	for ; j < c; j++ {
		for i := range n {
			var total, s float32
			t := 0
			for ty := range win.TapsY {
				for tx := range win.TapsX {
					s += float32(x[i*xStep+ty*win.TapY+tx*win.TapX+j] * w[t*c+j])
					if t++; t%gemmBlock == 0 {
						total += s
						s = 0
					}
				}
			}
			total += s
			if bias != nil {
				total += bias[j]
			}
			y[i*yStep+j] = total
		}
	}
}

// DepthwiseGrad adds to s[j], j < c, the products x[i·xStep + j] · dy[i·c + j] of n
// pixels in ascending i: a part of the gradient of one tap's weights.
func DepthwiseGrad(n, c int, x []float32, xStep int, dy, s []float32) {
	s, dy = s[:c], dy[:n*c]
	_ = x[(n-1)*xStep+c-1]
	depthwiseGradScalar(n, c, depthwiseGradVec(n, c, x, xStep, dy, s), x, xStep, dy, s)
}

func depthwiseGradScalar(n, c, j int, x []float32, xStep int, dy, s []float32) {
	for ; j < c; j++ {
		sum := s[j]
		for i := range n {
			sum += float32(x[i*xStep+j] * dy[i*c+j])
		}
		s[j] = sum
	}
}

// RepeatChannels writes each number of x times times: [.., c] becomes [.., c·times].
func RepeatChannels(dst, x []float32, times int) {
	for i, v := range x {
		for j := range times {
			dst[i*times+j] = v
		}
	}
}

// SumChannels undoes RepeatChannels as its gradient: dst[i] is the sum of times
// numbers, in ascending order.
func SumChannels(dst, x []float32, times int) {
	for i := range dst {
		s := x[i*times]
		for _, v := range x[i*times+1 : (i+1)*times] {
			s += v
		}
		dst[i] = s
	}
}
