package metric

import "math"

// A rowMean is the weighted mean over rows of a function of one row. Most metrics
// are: an error of a row, or 1 for a row that is right.
type rowMean struct {
	name   string
	labels labels
	row    func(y, p []float32) float64
	finish func(mean float64) float64 // nil: the mean itself

	sum, weight float64
}

var _ Metric = (*rowMean)(nil)

func (m *rowMean) Name() string { return m.name }

func (m *rowMean) Reset() { m.sum, m.weight = 0, 0 }

func (m *rowMean) Update(y, p []float32, rows, cols int, weight []float32) {
	for i := range rows {
		w := weightOf(weight, i)
		if w == 0 {
			continue
		}
		m.sum += float64(w * m.row(m.labels.of(y, i, cols), p[i*cols:(i+1)*cols]))
		m.weight += w
	}
}

func (m *rowMean) Value() float64 {
	mean := m.sum / m.weight
	if m.finish != nil {
		return m.finish(mean)
	}
	return mean
}

// squaredError is the mean of (p−y)² in a row.
func squaredError(y, p []float32) float64 {
	sum := 0.0
	for j := range p {
		d := float64(p[j]) - float64(y[j])
		sum += float64(d * d)
	}
	return sum / float64(len(p))
}

// absoluteError is the mean of |p−y| in a row.
func absoluteError(y, p []float32) float64 {
	sum := 0.0
	for j := range p {
		sum += math.Abs(float64(p[j]) - float64(y[j]))
	}
	return sum / float64(len(p))
}

// absolutePercentageError is the mean of 100·|p−y|/max(|y|, 1e-7) in a row.
func absolutePercentageError(y, p []float32) float64 {
	sum := 0.0
	for j := range p {
		sum += math.Abs(float64(p[j])-float64(y[j])) / max(math.Abs(float64(y[j])), epsilon)
	}
	return 100 * sum / float64(len(p))
}

// squaredLogarithmicError is the mean of (log(1+p) − log(1+y))² in a row, both cut
// off below at 1e-7.
func squaredLogarithmicError(y, p []float32) float64 {
	sum := 0.0
	for j := range p {
		d := log(1+max(float64(p[j]), epsilon)) - log(1+max(float64(y[j]), epsilon))
		sum += float64(d * d)
	}
	return sum / float64(len(p))
}

// quantileError returns the mean of max(q·(y−p), (q−1)·(y−p)) in a row.
func quantileError(q float64) func(y, p []float32) float64 {
	return func(y, p []float32) float64 {
		sum := 0.0
		for j := range p {
			d, part := float64(y[j])-float64(p[j]), q
			if d < 0 {
				part--
			}
			sum += float64(part * d)
		}
		return sum / float64(len(p))
	}
}

// categoricalBrier is Σ (p−y)² of a row (Brier, 1950).
func categoricalBrier(y, p []float32) float64 { return squaredError(y, p) * float64(len(p)) }

// sparseBrier is the same for a class label.
func sparseBrier(y, p []float32) float64 {
	class, ok := classOf(y[0], len(p))
	if !ok {
		return math.NaN()
	}
	sum := 0.0
	for j, v := range p {
		d := float64(v)
		if j == class {
			d--
		}
		sum += float64(d * d)
	}
	return sum
}

// cosine is the cosine of the angle between y and p; 0 where one of them is zero.
func cosine(y, p []float32) float64 {
	dot, yy, pp := 0.0, 0.0, 0.0
	for j := range p {
		a, b := float64(y[j]), float64(p[j])
		dot += float64(a * b)
		yy += float64(a * a)
		pp += float64(b * b)
	}
	if yy == 0 || pp == 0 {
		return float64(0 * dot) // NaN stays NaN
	}
	return dot / float64(math.Sqrt(yy)*math.Sqrt(pp))
}

func minusCosine(y, p []float32) float64 { return -cosine(y, p) }
