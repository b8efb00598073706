package explain

import "github.com/terrarium-ml/terrarium/core/tensor"

// A surrogate is a linear model of which columns of a row were kept,
//
//	y ≈ b + Σⱼ βⱼ·zⱼ,   zⱼ = 1 where column j is kept, else 0
//
// fitted by weighted ridge regression (Hoerl and Kennard, 1970): it minimises
//
//	Σᵢ wᵢ·(yᵢ − b − Σⱼ βⱼ·zᵢⱼ)² + λ·Σⱼ βⱼ²
type surrogate struct {
	intercept float64
	beta      []float64
	r2        float64 // 1 − Σ w·(y − ŷ)² / Σ w·(y − ȳ)², ȳ the weighted mean; 1 where y never changes
}

// fitSurrogate takes kept row by row, len(y) rows of so many columns.
func fitSurrogate(kept []bool, y, w []float64, columns int, lambda float64) (*surrogate, error) {
	n := columns + 1 // the last is the intercept
	a, b := make([]float64, n*n), make([]float64, n)
	var on []int // the columns of a row that are kept, and the intercept
	for i := range y {
		on = on[:0]
		for j := range columns {
			if kept[i*columns+j] {
				on = append(on, j)
			}
		}
		on = append(on, columns)
		for k, p := range on {
			b[p] += float64(w[i] * y[i])
			for _, q := range on[:k+1] {
				a[p*n+q] += w[i]
			}
		}
	}
	total, sum := a[n*n-1], b[columns]
	for j := range columns {
		a[j*n+j] += lambda
	}
	if !solve(a, b) {
		return nil, tensor.Errorf(tensor.CodeOption, "LIME: the samples do not settle what each of %d columns adds; use more samples, a wider kernel or a larger ridge", columns)
	}
	s := &surrogate{intercept: b[columns], beta: b[:columns:columns]}
	mean, left, all := sum/total, 0.0, 0.0
	for i := range y {
		d, e := y[i]-s.at(kept[i*columns:(i+1)*columns]), y[i]-mean
		left += float64(w[i] * float64(d*d))
		all += float64(w[i] * float64(e*e))
	}
	s.r2 = 1
	if all > 0 {
		s.r2 = 1 - left/all
	}
	return s, nil
}

// at returns what the surrogate says.
func (s *surrogate) at(kept []bool) float64 {
	y := s.intercept
	for j, k := range kept {
		if k {
			y += s.beta[j]
		}
	}
	return y
}
