package metric

import "math"

// An agreement compares predicted with true classes by all that their confusion matrix
// says: Cohen's kappa and Matthews's coefficient.
type agreement struct {
	name      string
	labels    labels
	pooled    bool // every entry is a case of its own, class 1 above threshold
	threshold float32
	score     agreementScore

	classes int
	counts  []float64 // [true][predicted], by weight
	bad     bool
}

var _ Metric = (*agreement)(nil)

// An agreementScore makes a number of a confusion matrix.
type agreementScore func(counts []float64, classes int) float64

func (m *agreement) Name() string { return m.name }

func (m *agreement) Reset() {
	clear(m.counts)
	m.bad = false
}

func (m *agreement) Update(y, p []float32, rows, cols int, weight []float32) {
	target := denseTarget
	if m.labels == sparse {
		target = sparseTarget
	}
	for i := range rows {
		row, truth, w := p[i*cols:(i+1)*cols], m.labels.of(y, i, cols), weightOf(weight, i)
		m.bad = m.bad || w != w
		switch {
		case w == 0:
		case m.pooled:
			for j, v := range row {
				m.bad = m.bad || v != v || truth[j] != truth[j]
				m.counts[2*bit(truth[j] > 0.5)+bit(v > m.threshold)] += w
			}
		default:
			want, known := target(truth, m.classes)
			got, finite := argmax(row)
			if !known || !finite || got >= m.classes {
				m.bad = true
				continue
			}
			m.counts[want*m.classes+got] += w
		}
	}
}

func bit(b bool) int {
	if b {
		return 1
	}
	return 0
}

// Value is NaN where no row was seen.
func (m *agreement) Value() float64 {
	total := 0.0
	for _, c := range m.counts {
		total += c
	}
	if m.bad || total == 0 {
		return math.NaN()
	}
	return m.score(m.counts, m.classes)
}

// margins returns how often classes agree, and over classes the sums of (how often it is
// true)·(how often it is predicted), and of the squares of each.
func margins(counts []float64, classes int) (total, agree, both, truth, predicted float64) {
	for k := range classes {
		row, column := 0.0, 0.0
		for j := range classes {
			row += counts[k*classes+j]
			column += counts[j*classes+k]
		}
		total += row
		agree += counts[k*classes+k]
		both += float64(row * column)
		truth += float64(row * row)
		predicted += float64(column * column)
	}
	return total, agree, both, truth, predicted
}

// kappa is (a − e)/(1 − e), a how often the classes agree and e how often they would by
// chance (Cohen, 1960): 1 for the same, 0 for chance. It is 0 where only one class occurs.
func kappa(counts []float64, classes int) float64 {
	n, agree, both, _, _ := margins(counts, classes)
	square := float64(n * n)
	return ratio(float64(agree*n)-both, square-both)
}

// matthews is the correlation of predicted and true classes (Matthews, 1975; Gorodkin,
// 2004, for several): 1 for the same, −1 for two classes exchanged. It is 0 where one of
// both is always the same class.
func matthews(counts []float64, classes int) float64 {
	n, agree, both, truth, predicted := margins(counts, classes)
	square := float64(n * n)
	spread := float64((square - truth) * (square - predicted))
	if spread <= 0 {
		return 0
	}
	return (float64(agree*n) - both) / math.Sqrt(spread)
}
