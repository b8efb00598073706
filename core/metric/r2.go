package metric

import "math"

// r2 is the coefficient of determination, 1 − Σw(y−p)²/Σw(y−ȳ)², over all entries
// of all rows: 1 for perfect predictions, 0 for those that are no better than the
// targets' mean ȳ. Where all targets are equal it is 1 if every prediction is
// right, else 0.
//
// The second sum runs along with Welford's method (1962, weighted by West, 1979):
// it keeps the mean so far, and so loses nothing where the mean is large.
type r2 struct {
	name string

	residual, total, mean, weight float64
}

var _ Metric = (*r2)(nil)

func (m *r2) Name() string { return m.name }

func (m *r2) Reset() { *m = r2{name: m.name} }

func (m *r2) Update(y, p []float32, rows, cols int, weight []float32) {
	for i := range rows {
		w := weightOf(weight, i)
		if w == 0 {
			continue
		}
		for j := i * cols; j < (i+1)*cols; j++ {
			m.add(float64(y[j]), float64(p[j]), w)
		}
	}
}

func (m *r2) add(y, p, w float64) {
	d := y - p
	m.residual += float64(w * float64(d*d))
	m.weight += w
	before := y - m.mean
	m.mean += float64(before * w / m.weight)
	m.total += float64(w * float64(before*(y-m.mean)))
}

func (m *r2) Value() float64 {
	switch {
	case m.weight == 0:
		return math.NaN()
	case m.total == 0 && m.residual == 0:
		return 1
	case m.total == 0:
		return float64(0 * m.residual) // 0, and NaN for NaN
	}
	return 1 - m.residual/m.total
}
