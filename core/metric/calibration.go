package metric

import (
	"math"

	"github.com/terrarium-ml/terrarium/core/tensor"
)

// A CalibrationCurve tells whether what is predicted with probability p happens in a
// share p of cases.
type CalibrationCurve struct {
	Bins  []CalibrationBin
	ECE   float64 // expected calibration error: the mean over rows of a bin's |Predicted − Observed|
	MCE   float64 // the largest of these
	Brier float64 // the mean of (p − y)²
}

// A CalibrationBin is the rows whose probability lies in [Low, High), the last one's in
// [Low, 1].
type CalibrationBin struct {
	Low, High float64
	Rows      int
	Predicted float64 // mean probability; NaN without rows
	Observed  float64 // share of positives; NaN without rows
}

// Calibration sorts probabilities p of class 1 into bins of equal width (Naeini et al.,
// 2015; Guo et al., 2017). Positives have y above 0.5. For more classes, give it what
// Confidence returns. It fails with code "data" where p is no probability.
func Calibration(y, p []float32, bins int) (*CalibrationCurve, error) {
	if len(y) != len(p) {
		return nil, tensor.Errorf(tensor.CodeShape, "calibration: want as many probabilities as targets, got %d and %d", len(p), len(y))
	}
	if bins < 1 || bins > 1e6 || len(p) == 0 {
		return nil, tensor.Errorf(tensor.CodeOption, "calibration: want from 1 to 1000000 bins and at least 1 row, got %d and %d", bins, len(p))
	}
	c := &CalibrationCurve{Bins: make([]CalibrationBin, bins)}
	for i := range c.Bins {
		c.Bins[i] = CalibrationBin{Low: float64(i) / float64(bins), High: float64(i+1) / float64(bins)}
	}
	for i, v := range p {
		if !(v >= 0 && v <= 1) || y[i] != y[i] {
			err := tensor.Errorf(tensor.CodeData, "calibration: row %d: want a probability from 0 to 1 and a target, got %v and %v", i+1, v, y[i])
			err.Row = i + 1
			return nil, err
		}
		b := &c.Bins[min(bins-1, int(float64(v)*float64(bins)))]
		b.Rows++
		b.Predicted += float64(v)
		d := float64(v)
		if y[i] > 0.5 {
			b.Observed++
			d--
		}
		c.Brier += float64(d * d)
	}
	for i := range c.Bins {
		b := &c.Bins[i]
		n := float64(b.Rows)
		b.Predicted, b.Observed = b.Predicted/n, b.Observed/n
		if b.Rows > 0 {
			gap := math.Abs(b.Predicted - b.Observed)
			c.ECE += float64(n * gap)
			c.MCE = max(c.MCE, gap)
		}
	}
	n := float64(len(p))
	c.ECE, c.Brier = c.ECE/n, c.Brier/n
	return c, nil
}

// Confidence returns, for predictions p of shape [rows, cols] and a class label a row,
// the probability of the likeliest class and 1 where that is the label, else 0.
func Confidence(labels, p []float32, cols int) (right, confidence []float32, err error) {
	if cols < 1 || len(p) != len(labels)*cols {
		return nil, nil, tensor.Errorf(tensor.CodeShape, "confidence: want %d predictions a row of %d labels, got %d", cols, len(labels), len(p))
	}
	right, confidence = make([]float32, len(labels)), make([]float32, len(labels))
	for i, label := range labels {
		row := p[i*cols : (i+1)*cols]
		class, known := classOf(label, cols)
		got, finite := argmax(row)
		if !known || !finite {
			e := tensor.Errorf(tensor.CodeData, "confidence: row %d: want a class from 0 to %d and predictions without NaN, got %v", i+1, cols-1, label)
			e.Row = i + 1
			return nil, nil, e
		}
		confidence[i] = row[got]
		if got == class {
			right[i] = 1
		}
	}
	return right, confidence, nil
}
