package kernel

// Losses that see a row as a whole. They have scalar kernels only.

// CategoricalHinge computes loss[i] = max(0, 1 + max((1−t)·p) − Σt·p) of the row
// (Crammer and Singer, 2001).
func CategoricalHinge(rows, n int, loss, p, t []float32) {
	for r := range rows {
		v, _ := categoricalMargin(p[r*n:r*n+n], t[r*n:r*n+n])
		loss[r] = floor32(v, 0)
	}
}

// categoricalMargin returns 1 + max((1−t)·p) − Σt·p, and where the maximum is: the
// first of equals.
func categoricalMargin(p, t []float32) (v float32, at int) {
	t = t[:len(p)]
	worst := float32((1 - t[0]) * p[0])
	var s partials
	for i, x := range p {
		s[i&15] += float32(t[i] * x)
		if w := float32((1 - t[i]) * x); worst < w {
			worst, at = w, i
		}
	}
	return 1 + (worst - s.fold()), at
}

// CategoricalHingeGrad computes dp = scale[i]·((1−t) at the maximum, − t everywhere),
// and 0 where the loss is 0.
func CategoricalHingeGrad(rows, n int, dp, p, t, scale []float32) {
	for r := range rows {
		d, tr, f := dp[r*n:r*n+n], t[r*n:r*n+n], scale[r]
		v, at := categoricalMargin(p[r*n:r*n+n], tr)
		if v <= 0 {
			Fill(d, 0)
			continue
		}
		Scale(d, tr, -f)
		d[at] += float32(f * (1 - tr[at]))
	}
}

// CosineSimilarity computes loss[i] = −Σ t·p/(|t|·|p|) of the row, from −1 (the same
// direction) to 1, each length at least √1e-7.
func CosineSimilarity(rows, n int, loss, p, t []float32) {
	for r := range rows {
		pr, tr := p[r*n:r*n+n], t[r*n:r*n+n]
		loss[r] = 0 - Dot(pr, tr)/float32(length(pr)*length(tr))
	}
}

func length(x []float32) float32 { return sqrt32(floor32(SumSquares(x), lossEps)) }

// CosineSimilarityGrad computes dp = −scale[i]/|p|·(t/|t| − c·p/|p|) with the cosine c,
// or without its second term where |p| is below the least length.
func CosineSimilarityGrad(rows, n int, dp, p, t, scale []float32) {
	for r := range rows {
		d, pr, tr := dp[r*n:r*n+n], p[r*n:r*n+n], t[r*n:r*n+n]
		lp, lt, f := length(pr), length(tr), scale[r]
		c := Dot(pr, tr) / float32(lp*lt)
		if SumSquares(pr) < lossEps {
			c = 0
		}
		for i := range d {
			d[i] = float32(f * (float32(c*(pr[i]/lp)) - tr[i]/lt) / lp)
		}
	}
}

// CategoricalFocalLogits computes loss[i] = −a·Σ (1−s)^g·t·log s of the row,
// s = softmax(x) (Lin et al., 2017, over classes).
func CategoricalFocalLogits(g, a float32, rows, n int, loss, x, t []float32) {
	for r := range rows {
		xr, tr := x[r*n:r*n+n], t[r*n:r*n+n]
		m := Max(xr)
		l := Log32(sumExp(xr, m))
		var s partials
		for i, v := range xr {
			u := (v - m) - l
			s[i&15] += float32(float32(tr[i]*u) * powUnit(oneLess(Exp32(u)), g))
		}
		loss[r] = 0 - float32(a*s.fold())
	}
}

// oneLess returns 1 − s, and 0 for an s that rounding took above 1.
func oneLess(s float32) float32 { return floor32(1-s, 0) }

// CategoricalFocalLogitsGrad computes dx = scale[i]·(h − s·Σh), where
// h = s·∂loss/∂s = −a·t·((1−s)^g − g·s·(1−s)^(g−1)·log s).
func CategoricalFocalLogitsGrad(g, a float32, rows, n int, dx, x, t, scale []float32) {
	for r := range rows {
		d, xr, tr := dx[r*n:r*n+n], x[r*n:r*n+n], t[r*n:r*n+n]
		m := Max(xr)
		l := Log32(sumExp(xr, m))
		var sum partials
		for i, v := range xr {
			u := (v - m) - l
			sum[i&15] += focalTerm(Exp32(u), u, tr[i], g, a)
		}
		total, f := sum.fold(), scale[r]
		for i, v := range xr { // h again: dx may be x, and there is no other memory
			u := (v - m) - l
			s := Exp32(u)
			d[i] = float32(f * (focalTerm(s, u, tr[i], g, a) - float32(s*total)))
		}
	}
}

// focalTerm returns −a·t·((1−s)^g − g·s·(1−s)^(g−1)·log s). At s = 1 it is 0.
func focalTerm(s, logS, t, g, a float32) float32 {
	q := oneLess(s)
	if q == 0 || s == 0 {
		return 0 - float32(float32(a*t)*powUnit(q, g))
	}
	power := powUnit(q, g)
	return 0 - float32(float32(a*t)*(power-float32(float32(g*power)*float32(float32(s*logS)/q))))
}

// CategoricalFocal is CategoricalFocalLogits of probabilities: s = p/Σp, cut to
// [1e-7, 1−1e-7].
func CategoricalFocal(g, a float32, rows, n int, loss, p, t []float32) {
	for r := range rows {
		pr, tr := p[r*n:r*n+n], t[r*n:r*n+n]
		total := Sum(pr)
		var s partials
		for i, v := range pr {
			q := clamp(v/total, lossEps, lossOneLess)
			s[i&15] += float32(float32(tr[i]*Log32(q)) * powUnit(1-q, g))
		}
		loss[r] = 0 - float32(a*s.fold())
	}
}

// CategoricalFocalGrad computes dp = scale[i]·(k − Σk·s)/Σp with k = ∂loss/∂s, which is
// 0 where s was cut.
func CategoricalFocalGrad(g, a float32, rows, n int, dp, p, t, scale []float32) {
	for r := range rows {
		d, pr, tr := dp[r*n:r*n+n], p[r*n:r*n+n], t[r*n:r*n+n]
		total := Sum(pr)
		var s partials
		for i, v := range pr {
			q, k := v/total, float32(0)
			if !(q < lossEps || q > lossOneLess) {
				k = focalTerm(q, Log32(q), tr[i], g, a) / q
			}
			d[i] = k
			s[i&15] += float32(k * q)
		}
		inner, f := s.fold(), scale[r]/total
		for i := range d {
			d[i] = float32(f * (d[i] - inner))
		}
	}
}
