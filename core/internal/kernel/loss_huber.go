package kernel

// Huber computes loss[i] = mean over the row of ½·d² for |d| ≤ delta and
// delta·|d| − ½·delta² beyond, d = p − t (Huber, 1964). With c = min(|d|, delta) both
// are c·(|d| − ½·c).
func Huber(delta float32, rows, n int, loss, p, t []float32) {
	for r := range rows {
		pr, tr := p[r*n:r*n+n], t[r*n:r*n+n]
		var s partials
		i := huberVec(&s, pr, tr, delta)
		loss[r] = huberScalar(&s, pr[i:], tr[i:], delta) / float32(n)
	}
}

func huberScalar(s *partials, p, t []float32, delta float32) float32 {
	t = t[:len(p)]
	for i, v := range p {
		d := abs32(v - t[i])
		c := d
		if d > delta {
			c = delta
		}
		s[i&15] += float32(c * (d - float32(0.5*c)))
	}
	return s.fold()
}

// HuberGrad computes dp = scale[i]/n·d, d = p − t cut to [−delta, delta].
func HuberGrad(delta float32, rows, n int, dp, p, t, scale []float32) {
	for r := range rows {
		f := scale[r] / float32(n)
		d, pr, tr := dp[r*n:r*n+n], p[r*n:r*n+n], t[r*n:r*n+n]
		i := huberGradVec(d, pr, tr, delta, f)
		huberGradScalar(d[i:], pr[i:], tr[i:], delta, f)
	}
}

func huberGradScalar(dp, p, t []float32, delta, f float32) {
	p, t = p[:len(dp)], t[:len(dp)]
	for i := range dp {
		dp[i] = float32(f * clamp(p[i]-t[i], -delta, delta))
	}
}
