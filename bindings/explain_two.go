package bindings

import (
	"github.com/terrarium-ml/terrarium/core/metric"
)

// mostCurveRows is of how many rows curves are drawn at most: more would not be seen, and
// sorting them takes long in one piece.
const mostCurveRows = 50_000

// twoClasses shows what every threshold would give.
func (s *study) twoClasses(said *judged) (*TwoClasses, error) {
	y, p := said.truth, clamped(said.out.Data)
	t := &TwoClasses{Threshold: float64(s.pipeline.Output.ThresholdOr())}
	counts := countThresholds(y, p)
	t.Positives, t.Negatives = int(counts[0]), int(counts[ThresholdSteps+1])
	t.Counts = s.job.attach(counts, 2, ThresholdSteps+1)
	if chosen := spaced(len(y), mostCurveRows); len(chosen) < len(y) {
		someY, someP := make([]float32, len(chosen)), make([]float32, len(chosen))
		for i, row := range chosen {
			someY[i], someP[i] = y[row], p[row]
		}
		y, p = someY, someP
	}
	t.CurveRows = len(y)
	roc, err := metric.ROCCurve(y, p)
	if err != nil {
		return nil, nil // only one of the classes is there: no curve can be drawn
	}
	pr, err := metric.PRCurve(y, p)
	if err != nil {
		return nil, err
	}
	if err := s.pause(0, 0); err != nil {
		return nil, err
	}
	if t.AUC, err = bounds(metric.BootstrapROCAUC(s.resampling(len(y)), y, p)); err != nil {
		return nil, err
	}
	if t.AP, err = bounds(metric.BootstrapAveragePrecision(s.resampling(len(y)), y, p)); err != nil {
		return nil, err
	}
	t.ROC, t.PR = s.curve(roc), s.curve(pr)
	return t, nil
}

// countThresholds counts the positives, then the negatives, whose probability is at least
// i/ThresholdSteps, as a model with that threshold would: see data.Pipeline.Label.
func countThresholds(y, p []float32) []float32 {
	counts := make([]float32, 2*(ThresholdSteps+1))
	at := func(k int) float32 { return float32(float64(k) / ThresholdSteps) }
	for i, v := range p {
		k := min(int(v*ThresholdSteps), ThresholdSteps)
		for k < ThresholdSteps && v >= at(k+1) {
			k++
		}
		for k > 0 && v < at(k) {
			k--
		}
		if y[i] <= 0.5 {
			k += ThresholdSteps + 1
		}
		counts[k]++
	}
	for _, half := range [][]float32{counts[:ThresholdSteps+1], counts[ThresholdSteps+1:]} {
		for k := ThresholdSteps; k > 0; k-- {
			half[k-1] += half[k]
		}
	}
	return counts
}

// curveStep is how far apart the points of a drawn curve are at least, as a share of its
// axes: about a pixel.
const curveStep = 1.0 / 400

// curve attaches the points of a curve that can be told apart.
func (s *study) curve(c *metric.Curve) Tensor {
	var xs, ys []float32
	for i, x := range c.X {
		y := c.Y[i]
		if n := len(xs); n > 0 && i < len(c.X)-1 && near(x, float64(xs[n-1])) && near(y, float64(ys[n-1])) {
			continue
		}
		xs, ys = append(xs, float32(x)), append(ys, float32(y))
	}
	return s.job.attach(append(xs, ys...), 2, len(ys))
}

func near(a, b float64) bool { return a-b < curveStep && b-a < curveStep }
