package kernel

// CCELogits computes loss[i] = -sum over the row of t·(x - logsumexp(x)), the
// categorical cross-entropy of softmax(x).
func CCELogits(rows, n int, loss, x, t []float32) {
	for r := range rows {
		xr, tr := x[r*n:r*n+n], t[r*n:r*n+n]
		m := Max(xr)
		l := Log32(sumExp(xr, m))
		var s partials
		i := cceLogitsVec(&s, xr, tr, m, l)
		loss[r] = 0 - cceLogitsScalar(&s, xr[i:], tr[i:], m, l)
	}
}

func cceLogitsScalar(s *partials, x, t []float32, m, l float32) float32 {
	t = t[:len(x)]
	for i, v := range x {
		s[i&15] += float32(t[i] * ((v - m) - l))
	}
	return s.fold()
}

// CCELogitsGrad computes dx = scale[i]·(softmax(x)·sum(t) - t).
func CCELogitsGrad(rows, n int, dx, x, t, scale []float32) {
	for r := range rows {
		d, xr, tr := dx[r*n:r*n+n], x[r*n:r*n+n], t[r*n:r*n+n]
		expShift(d, xr, Max(xr))
		s, total, f := Sum(d), Sum(tr), scale[r]
		i := cceLogitsGradVec(d, tr, s, total, f)
		cceLogitsGradScalar(d[i:], tr[i:], s, total, f)
	}
}

// cceLogitsGradScalar computes d = f·(d/s·total - t).
func cceLogitsGradScalar(d, t []float32, s, total, f float32) {
	t = t[:len(d)]
	for i := range d {
		d[i] = float32(f * (float32(d[i]/s*total) - t[i]))
	}
}

// CCE computes loss[i] = -sum over the row of t·log(q), q = p/sum(p) clipped.
// Networks that end in a softmax are trained with CCELogits, which is faster and
// exact at the ends; this form has a scalar kernel only.
func CCE(rows, n int, loss, p, t []float32) {
	for r := range rows {
		pr, tr := p[r*n:r*n+n], t[r*n:r*n+n]
		total := Sum(pr)
		var s partials
		for i, v := range pr {
			s[i&15] += float32(tr[i] * Log32(clamp(v/total, lossEps, lossOneLess)))
		}
		loss[r] = 0 - s.fold()
	}
}

// CCEGrad computes dp = scale[i]·(g - sum(g·p)/sum(p))/sum(p), where
// g = -t·sum(p)/p, and 0 where p/sum(p) was clipped.
func CCEGrad(rows, n int, dp, p, t, scale []float32) {
	for r := range rows {
		d, pr, tr := dp[r*n:r*n+n], p[r*n:r*n+n], t[r*n:r*n+n]
		total := Sum(pr)
		var s partials
		for i, v := range pr {
			q := v / total
			g := -tr[i] / q
			if q < lossEps || q > lossOneLess {
				g = 0
			}
			d[i] = g
			s[i&15] += float32(g * q)
		}
		inner, f := s.fold(), scale[r]/total
		for i := range d {
			d[i] = float32(f * (d[i] - inner))
		}
	}
}
