package kernel

import "math"

// Sparse losses take one label a row: a whole number from 0 to n-1 as a float32. A
// label that is none makes the row's loss and gradient NaN, which stops training.

// classOf returns the label as an index, -1 if it is not one.
func classOf(label float32, n int) int {
	if !(label >= 0 && label < float32(n)) {
		return -1
	}
	c := int(label)
	if float32(c) != label {
		return -1
	}
	return c
}

// SparseCCELogits computes loss[i] = logsumexp(x) - x[label].
func SparseCCELogits(rows, n int, loss, x, labels []float32) {
	for r := range rows {
		xr, c := x[r*n:r*n+n], classOf(labels[r], n)
		if c < 0 {
			loss[r] = float32(math.NaN())
			continue
		}
		m := Max(xr)
		loss[r] = Log32(sumExp(xr, m)) - (xr[c] - m)
	}
}

// SparseCCELogitsGrad computes dx = scale[i]·(softmax(x) - onehot(label)).
func SparseCCELogitsGrad(rows, n int, dx, x, labels, scale []float32) {
	for r := range rows {
		d, xr, c, f := dx[r*n:r*n+n], x[r*n:r*n+n], classOf(labels[r], n), scale[r]
		if c < 0 {
			Fill(d, float32(math.NaN()))
			continue
		}
		expShift(d, xr, Max(xr))
		divide(d, Sum(d))
		d[c] -= 1
		Scale(d, d, f)
	}
}

// SparseCCE computes loss[i] = -log(q[label]), where q = clip(p)/sum(clip(p)),
// clipped again.
func SparseCCE(rows, n int, loss, p, labels []float32) {
	for r := range rows {
		c := classOf(labels[r], n)
		if c < 0 {
			loss[r] = float32(math.NaN())
			continue
		}
		pr := p[r*n : r*n+n]
		q := clamp(pr[c], lossEps, lossOneLess) / clippedSum(pr)
		loss[r] = 0 - Log32(clamp(q, lossEps, lossOneLess))
	}
}

// clippedSum returns the sum of the clipped probabilities.
func clippedSum(p []float32) float32 {
	var s partials
	for i, v := range p {
		s[i&15] += clamp(v, lossEps, lossOneLess)
	}
	return s.fold()
}

// SparseCCEGrad computes dp = scale[i]·(1 - onehot(label)/q[label])/sum(clip(p)),
// and 0 where p was clipped, or everywhere if q[label] was.
func SparseCCEGrad(rows, n int, dp, p, labels, scale []float32) {
	for r := range rows {
		d, pr, c := dp[r*n:r*n+n], p[r*n:r*n+n], classOf(labels[r], n)
		if c < 0 {
			Fill(d, float32(math.NaN()))
			continue
		}
		total := clippedSum(pr)
		q := clamp(pr[c], lossEps, lossOneLess) / total
		f := scale[r] / total
		at := float32(f * (1 - 1/q)) // the gradient at the label
		if q < lossEps || q > lossOneLess {
			f, at = 0, 0
		}
		for i, v := range pr {
			g := f
			if i == c {
				g = at
			}
			if v < lossEps || v > lossOneLess {
				g = 0
			}
			d[i] = g
		}
	}
}
