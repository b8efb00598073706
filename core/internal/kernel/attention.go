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
		row := s[i*lds : i*lds+n]
		w := row[:Visible(n, first+i, causal)]
		Fill(row[len(w):], 0)
		Scale(w, w, scale)
		if mask != nil && !hide(w, mask) {
			Fill(w, 0)
			continue
		}
		expShift(w, w, Max(w))
		divide(w, Sum(w))
	}
}

// Visible returns how many of n keys query i sees, masks aside.
func Visible(n, i int, causal bool) int {
	if causal && i+1 < n {
		return i + 1
	}
	return n
}

// hide makes scores −Inf where mask is 0, and tells whether any is left.
func hide(s, mask []float32) (left bool) {
	mask = mask[:len(s)]
	for j, m := range mask {
		if m == 0 {
			s[j] = float32(math.Inf(-1))
		} else {
			left = true
		}
	}
	return left
}

// AttentionWeightsGrad turns the gradient of weights into that of scores in place: row
// i of d[rows, n], its rows ldd apart, becomes scale·w·(d − Σ d·w) for the keys in
// sight and 0 for the others. w[rows, n], its rows ldw apart, is what AttentionWeights
// made.
func AttentionWeightsGrad(rows, n, first int, d []float32, ldd int, w []float32, ldw int, scale float32, causal bool) {
	for i := range rows {
		dr, visible := d[i*ldd:i*ldd+n], Visible(n, first+i, causal)
		wr := w[i*ldw : i*ldw+visible]
		Fill(dr[visible:], 0)
		dr = dr[:visible]
		mulShifted(dr, wr, dr, Dot(dr, wr))
		Scale(dr, dr, scale)
	}
}
