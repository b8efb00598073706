package kernel

// Losses work on rows values of n numbers: p are predictions, t targets. A loss
// writes loss[i] for row i. A gradient writes dp = scale[i]·∂loss[i]/∂p, so that
// scale carries the row's weight divided by the number of rows; dp may be p, never t.

// MSE computes loss[i] = mean over the row of (p-t)².
func MSE(rows, n int, loss, p, t []float32) {
	if n == 1 { // a sum of one term
		for r := range rows {
			d := p[r] - t[r]
			loss[r] = float32(d * d)
		}
		return
	}
	for r := range rows {
		pr, tr := p[r*n:r*n+n], t[r*n:r*n+n]
		var s partials
		i := squaredErrorVec(&s, pr, tr)
		loss[r] = squaredErrorScalar(&s, pr[i:], tr[i:]) / float32(n)
	}
}

func squaredErrorScalar(s *partials, p, t []float32) float32 {
	t = t[:len(p)]
	for i, v := range p {
		d := v - t[i]
		s[i&15] += float32(d * d)
	}
	return s.fold()
}

// MSEGrad computes dp = 2·scale[i]/n·(p-t).
func MSEGrad(rows, n int, dp, p, t, scale []float32) {
	if n == 1 {
		for r := range rows {
			dp[r] = float32(float32(2*scale[r]) * (p[r] - t[r]))
		}
		return
	}
	for r := range rows {
		f := float32(2 * (scale[r] / float32(n)))
		scaledDifference(dp[r*n:r*n+n], p[r*n:r*n+n], t[r*n:r*n+n], f)
	}
}

// scaledDifference computes dst = f·(p-t).
func scaledDifference(dst, p, t []float32, f float32) {
	i := scaledDifferenceVec(dst, p, t, f)
	scaledDifferenceScalar(dst[i:], p[i:], t[i:], f)
}

func scaledDifferenceScalar(dst, p, t []float32, f float32) {
	p, t = p[:len(dst)], t[:len(dst)]
	for i := range dst {
		dst[i] = float32(f * (p[i] - t[i]))
	}
}

// MAE computes loss[i] = mean over the row of |p-t|.
func MAE(rows, n int, loss, p, t []float32) {
	if n == 1 {
		for r := range rows {
			loss[r] = abs32(p[r] - t[r])
		}
		return
	}
	for r := range rows {
		pr, tr := p[r*n:r*n+n], t[r*n:r*n+n]
		var s partials
		i := absErrorVec(&s, pr, tr)
		loss[r] = absErrorScalar(&s, pr[i:], tr[i:]) / float32(n)
	}
}

func absErrorScalar(s *partials, p, t []float32) float32 {
	t = t[:len(p)]
	for i, v := range p {
		s[i&15] += abs32(v - t[i])
	}
	return s.fold()
}

// MAEGrad computes dp = scale[i]/n·sign(p-t), sign(0) = 0.
func MAEGrad(rows, n int, dp, p, t, scale []float32) {
	for r := range rows {
		f := scale[r] / float32(n)
		d, pr, tr := dp[r*n:r*n+n], p[r*n:r*n+n], t[r*n:r*n+n]
		i := signedVec(d, pr, tr, f)
		signedScalar(d[i:], pr[i:], tr[i:], f)
	}
}

func signedScalar(dst, p, t []float32, f float32) {
	p, t = p[:len(dst)], t[:len(dst)]
	for i := range dst {
		g := float32(0)
		if p[i] > t[i] {
			g = f
		}
		if p[i] < t[i] {
			g = -f
		}
		dst[i] = g
	}
}
