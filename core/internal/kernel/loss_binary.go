package kernel

// Probabilities are clipped to [lossEps, 1-lossEps] before a logarithm; in float32
// the upper limit is 0.99999988.
const (
	lossEps     = 1e-7
	lossOneLess = 1 - 0x1p-23 // 1-lossEps as a float32
)

// BCELogits computes loss[i] = mean over the row of
// max(x, 0) - x·t + log1p(exp(-|x|)), the binary cross-entropy of sigmoid(x).
func BCELogits(rows, n int, loss, x, t []float32) {
	if n == 1 { // a sum of one term; and the commonest case
		loss, x, t = loss[:rows], x[:rows], t[:rows]
		i := bceLogitVec(loss, x, t)
		bceLogitScalar(loss[i:], x[i:], t[i:])
		return
	}
	for r := range rows {
		xr, tr := x[r*n:r*n+n], t[r*n:r*n+n]
		var s partials
		i := bceLogitsVec(&s, xr, tr)
		loss[r] = bceLogitsScalar(&s, xr[i:], tr[i:]) / float32(n)
	}
}

func bceLogitsScalar(s *partials, x, t []float32) float32 {
	t = t[:len(x)]
	for i, v := range x {
		s[i&15] += bceLogit(v, t[i])
	}
	return s.fold()
}

// bceLogitScalar computes loss[i] = bceLogit(x[i], t[i]).
func bceLogitScalar(loss, x, t []float32) {
	for i := range loss {
		loss[i] = bceLogit(x[i], t[i])
	}
}

func bceLogit(x, t float32) float32 {
	m := x
	if x < 0 {
		m = 0
	}
	return (m - float32(x*t)) + Log1p32(Exp32(-abs32(x)))
}

// BCELogitsGrad computes dx = scale[i]/n·(sigmoid(x) - t).
func BCELogitsGrad(rows, n int, dx, x, t, scale []float32) {
	if n == 1 {
		dx, x, t, scale = dx[:rows], x[:rows], t[:rows], scale[:rows]
		i := bceLogitGradRowsVec(dx, x, t, scale)
		for ; i < rows; i++ {
			dx[i] = float32(scale[i] * (Sigmoid32(x[i]) - t[i]))
		}
		return
	}
	for r := range rows {
		f := scale[r] / float32(n)
		d, xr, tr := dx[r*n:r*n+n], x[r*n:r*n+n], t[r*n:r*n+n]
		i := bceLogitsGradVec(d, xr, tr, f)
		bceLogitsGradScalar(d[i:], xr[i:], tr[i:], f)
	}
}

func bceLogitsGradScalar(dx, x, t []float32, f float32) {
	x, t = x[:len(dx)], t[:len(dx)]
	for i := range dx {
		dx[i] = float32(f * (Sigmoid32(x[i]) - t[i]))
	}
}

// BCE is BCELogits of log(p/(1-p)), p clipped first.
func BCE(rows, n int, loss, p, t []float32) {
	for r := range rows {
		pr, tr := p[r*n:r*n+n], t[r*n:r*n+n]
		var s partials
		i := bceVec(&s, pr, tr)
		loss[r] = bceScalar(&s, pr[i:], tr[i:]) / float32(n)
	}
}

func bceScalar(s *partials, p, t []float32) float32 {
	t = t[:len(p)]
	for i, v := range p {
		q := clamp(v, lossEps, lossOneLess)
		s[i&15] += bceLogit(Log32(q/(1-q)), t[i])
	}
	return s.fold()
}

// BCEGrad computes dp = scale[i]/n·(p-t)/(p·(1-p)), and 0 where p was clipped.
func BCEGrad(rows, n int, dp, p, t, scale []float32) {
	for r := range rows {
		f := scale[r] / float32(n)
		d, pr, tr := dp[r*n:r*n+n], p[r*n:r*n+n], t[r*n:r*n+n]
		i := bceGradVec(d, pr, tr, f)
		bceGradScalar(d[i:], pr[i:], tr[i:], f)
	}
}

func bceGradScalar(dp, p, t []float32, f float32) {
	p, t = p[:len(dp)], t[:len(dp)]
	for i := range dp {
		q := p[i]
		g := float32(f*(q-t[i])) / float32(q*(1-q))
		if q < lossEps || q > lossOneLess {
			g = 0
		}
		dp[i] = g
	}
}
