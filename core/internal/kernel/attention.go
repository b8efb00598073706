package kernel

import "math"

// AttentionWeights turns scores into weights in place. s[rows, n], its rows lds apart,
// holds the products of queries first to first+rows with n keys; then row i is
//
//	w_j = exp(scale·s_j − m) / Σ exp(scale·s_j − m)
//
// over the keys j that the query may see, m the greatest of scale·s_j, and 0 for the
// others. With causal query i does not see keys behind i; a mask, of n values, hides
// keys where it is 0. A query that sees no key has weights of 0.
func AttentionWeights(rows, n, first int, s []float32, lds int, scale float32, mask []float32, causal bool) {
	for i := range rows {
		row, visible := s[i*lds:i*lds+n], Visible(n, first+i, causal)
		w := row[:wholePartials(visible, n)]
		if m, seen := scaleScores(w, visible, scale, mask); seen {
			divide(w, expSum(w, m))
		}
		Fill(row[visible:], 0)
	}
}

// SumBlock is how many terms of a product are summed before the next sum begins.
const SumBlock = gemmBlock

// Visible returns how many of n keys query i sees, masks aside.
func Visible(n, i int, causal bool) int {
	if causal && i+1 < n {
		return i + 1
	}
	return n
}

// wholePartials returns a length from visible to n that fills the partials of a
// reduction evenly, if there is one: a few numbers that do not count (an exponential of
// −Inf, which is 0) cost less than loops over what fills no vector.
func wholePartials(visible, n int) int { return min(n, (visible+15)&^15) }

// scaleScores multiplies the scores of a row by scale, makes those that are not seen
// −Inf, and returns the greatest. Where none is seen it makes all 0.
func scaleScores(s []float32, visible int, scale float32, mask []float32) (m float32, seen bool) {
	hidden := float32(math.Inf(-1))
	Fill(s[visible:], hidden)
	if mask != nil {
		for j, v := range mask[:visible] {
			if v == 0 {
				s[j] = hidden
			} else {
				seen = true
			}
		}
		if !seen {
			Fill(s, 0)
			return 0, false
		}
	}
	// A factor that is not positive would turn −Inf into NaN or +Inf.
	if !(scale > 0) {
		Scale(s[:visible], s[:visible], scale)
		return scaleScores(s, visible, 1, mask)
	}
	return scaleMax(s, scale), true
}

// scaleMax multiplies s by f and returns the greatest of what comes out, as Max does.
func scaleMax(s []float32, f float32) float32 {
	p := noMaximum
	i := scaleMaxVec(&p, s, f)
	return scaleMaxScalar(&p, s[i:], f)
}

func scaleMaxScalar(p *partials, s []float32, f float32) float32 {
	for i := range s {
		s[i] = float32(s[i] * f)
	}
	return maxScalar(p, s)
}

// noMaximum is what the partials of a maximum begin with.
var noMaximum = func() (p partials) {
	for j := range p {
		p[j] = float32(math.Inf(-1))
	}
	return p
}()

// expSum makes x exp(x − m) and returns the sum, as Sum does.
func expSum(x []float32, m float32) float32 {
	var p partials
	i := expSumVec(&p, x, m)
	return expSumScalar(&p, x[i:], m)
}

func expSumScalar(p *partials, x []float32, m float32) float32 {
	expShiftScalar(x, x, m)
	return sumScalar(p, x)
}

// AttentionWeightsGrad turns the gradient of weights into that of scores in place: row
// i of d[rows, n], its rows ldd apart, becomes scale·w·(d − Σ d·w) for the keys in
// sight and 0 for the others. w[rows, n], its rows ldw apart, is what AttentionWeights
// made.
func AttentionWeightsGrad(rows, n, first int, d []float32, ldd int, w []float32, ldw int, scale float32, causal bool) {
	for i := range rows {
		dr, visible := d[i*ldd:i*ldd+n], Visible(n, first+i, causal)
		Fill(dr[visible:], 0)
		k := wholePartials(visible, n)
		dr, wr := dr[:k], w[i*ldw:i*ldw+k]
		dot := Dot(dr, wr)
		j := scoresGradVec(dr, wr, dot, scale)
		scoresGradScalar(dr[j:], wr[j:], dot, scale)
	}
}

// scoresGradScalar computes d = w·(d − dot)·scale.
func scoresGradScalar(d, w []float32, dot, scale float32) {
	w = w[:len(d)]
	for i := range d {
		d[i] = float32(float32(w[i]*(d[i]-dot)) * scale)
	}
}
