package metric

import "math"

// An Average tells how the precision, recall or F1 of several classes become one
// number.
type Average uint8

const (
	Binary   Average = iota // of class 1, by a threshold, all entries of all rows alike
	Macro                   // the mean over classes
	Weighted                // the mean over classes, each counting as often as it is the target
	Micro                   // of the sums over classes
)

// A score makes a number of how often a class was rightly found, wrongly found and
// missed.
type score func(found, wrong, missed float64) float64

// precision is the part of what was found that is right; 0 if nothing was found.
func precision(found, wrong, _ float64) float64 { return ratio(found, found+wrong) }

// recall is the part of the class that was found; 0 if there is nothing to find.
func recall(found, _, missed float64) float64 { return ratio(found, found+missed) }

// f1 is the harmonic mean of precision and recall; 0 if both are.
func f1(found, wrong, missed float64) float64 {
	return ratio(2*found, float64(2*found)+wrong+missed)
}

// ratio is a/b, and 0 for 0/0.
func ratio(a, b float64) float64 {
	if a == 0 && b == 0 {
		return 0
	}
	return a / b
}

// A retrieval is a precision, a recall or an F1.
type retrieval struct {
	name      string
	labels    labels
	average   Average
	threshold float32 // of Binary
	score     score

	classes []tally // one for Binary
	bad     bool    // NaN or a label that is no class has been seen
}

// A tally counts, by weight, what became of one class.
type tally struct{ found, wrong, missed float64 }

var _ Metric = (*retrieval)(nil)

// newRetrieval makes a metric of a number of classes, which Binary ignores.
func newRetrieval(name string, l labels, a Average, classes int, threshold float32, s score) *retrieval {
	if a == Binary {
		classes = 1
	}
	return &retrieval{name: name, labels: l, average: a, threshold: threshold, score: s, classes: make([]tally, classes)}
}

func (m *retrieval) Name() string { return m.name }

func (m *retrieval) Reset() {
	clear(m.classes)
	m.bad = false
}

func (m *retrieval) Update(y, p []float32, rows, cols int, weight []float32) {
	for i := range rows {
		row, target, w := p[i*cols:(i+1)*cols], m.labels.of(y, i, cols), weightOf(weight, i)
		m.bad = m.bad || w != w
		switch {
		case w == 0:
		case m.average == Binary:
			m.entries(target, row, w)
		default:
			m.class(target, row, w)
		}
	}
}

// entries counts every entry of a row as a case of its own.
func (m *retrieval) entries(y, p []float32, w float64) {
	c := &m.classes[0]
	for j := range p {
		m.bad = m.bad || p[j] != p[j] || y[j] != y[j]
		switch got, want := p[j] > m.threshold, y[j] > 0.5; {
		case got && want:
			c.found += w
		case got:
			c.wrong += w
		case want:
			c.missed += w
		}
	}
}

// class counts a row as one case of its target's class.
func (m *retrieval) class(y, p []float32, w float64) {
	target := denseTarget
	if m.labels == sparse {
		target = sparseTarget
	}
	want, known := target(y, len(m.classes))
	got, finite := argmax(p)
	if !known || !finite || got >= len(m.classes) {
		m.bad = true
		return
	}
	if got == want {
		m.classes[want].found += w
		return
	}
	m.classes[got].wrong += w
	m.classes[want].missed += w
}

func (m *retrieval) Value() float64 {
	var all tally
	sum, weight := 0.0, 0.0
	for _, c := range m.classes {
		all.found += c.found
		all.wrong += c.wrong
		all.missed += c.missed
		w := 1.0
		if m.average == Weighted {
			w = c.found + c.missed
		}
		sum += float64(w * m.score(c.found, c.wrong, c.missed))
		weight += w
	}
	switch {
	case m.bad:
		return math.NaN()
	case m.average == Macro || m.average == Weighted:
		return ratio(sum, weight)
	}
	return m.score(all.found, all.wrong, all.missed)
}
