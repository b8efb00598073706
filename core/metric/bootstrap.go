package metric

import (
	"math"
	"math/rand/v2"
	"slices"

	"github.com/terrarium-ml/terrarium/core/tensor"
)

// A Resampling says how to bootstrap. The zero value draws 1000 samples for an interval
// of 95 %, with seed 0.
type Resampling struct {
	Samples int     // 1000 if 0
	Level   float64 // how sure, above 0 and below 1; 0.95 if 0
	Seed    uint64

	// Pause, if set, is called before each sample, so that many samples of many rows can
	// be done in slices. Its error ends the work.
	Pause func() error
}

// An Interval is a value and the bounds between which it would lie with probability
// Level, were the rows others from the same source.
type Interval struct {
	Value, Low, High float64
	Level            float64
	Samples          int // that have a value: others (a sample without positives has no recall curve) are left out
}

// Bootstrap draws as many rows as there are, with replacement, over and over, and returns
// the interval that holds the middle part Level of f's values (the percentile method of
// Efron, 1979). f gets the numbers of the drawn rows in ascending order, and must not keep
// them. The value is f of all rows. Memory is that of the rows and the samples' values.
func Bootstrap(r Resampling, rows int, f func(rows []int) float64) (Interval, error) {
	order := make([]int, rows)
	return bootstrap(r, rows, func(counts []float32) float64 {
		drawn := order[:0]
		for i, c := range counts {
			for range int(c) {
				drawn = append(drawn, i)
			}
		}
		return f(drawn)
	})
}

// BootstrapMetric is Bootstrap of a running metric, which it leaves reset. A sample is
// one pass over the rows, each counting as often as it was drawn: nothing is copied.
func BootstrapMetric(r Resampling, m Metric, y, p []float32, rows, cols int) (Interval, error) {
	defer m.Reset()
	return bootstrap(r, rows, func(counts []float32) float64 {
		m.Reset()
		m.Update(y, p, rows, cols, counts)
		return m.Value()
	})
}

// BootstrapMean is Bootstrap of a mean: values has one number a row, such as its loss.
func BootstrapMean(r Resampling, values []float64) (Interval, error) {
	return bootstrap(r, len(values), func(counts []float32) float64 {
		sum := 0.0
		for i, v := range values {
			if counts[i] > 0 {
				sum += float64(float64(counts[i]) * v)
			}
		}
		return sum / float64(len(values))
	})
}

// BootstrapROCAUC is Bootstrap of ROCAUC. Scores are sorted once for all samples.
func BootstrapROCAUC(r Resampling, y, score []float32) (Interval, error) {
	ranked, err := rank("ROC curve", y, score)
	if err != nil {
		return Interval{}, err
	}
	return bootstrap(r, len(y), ranked.rocAUC)
}

// BootstrapAveragePrecision is Bootstrap of PRCurve's area, likewise.
func BootstrapAveragePrecision(r Resampling, y, score []float32) (Interval, error) {
	ranked, err := rank("PR curve", y, score)
	if err != nil {
		return Interval{}, err
	}
	return bootstrap(r, len(y), ranked.averagePrecision)
}

// bootstrapStream is the FNV-1a hash of the purpose "bootstrap", as the core's streams
// are named.
const bootstrapStream = 0x34d497072a405f01

// bootstrap calls f with how often each row was drawn; the first time each once.
func bootstrap(r Resampling, rows int, f func(counts []float32) float64) (Interval, error) {
	if r.Samples == 0 {
		r.Samples = 1000
	}
	if r.Level == 0 {
		r.Level = 0.95
	}
	if r.Samples < 1 || r.Samples > 1e7 || !(r.Level > 0 && r.Level < 1) {
		return Interval{}, tensor.Errorf(tensor.CodeOption, "bootstrap: want from 1 to 10000000 samples and a level above 0 and below 1, got %d and %g", r.Samples, r.Level)
	}
	if rows < 1 {
		return Interval{}, tensor.Errorf(tensor.CodeData, "bootstrap: there are no rows")
	}
	counts := make([]float32, rows)
	for i := range counts {
		counts[i] = 1
	}
	result := Interval{Value: f(counts), Level: r.Level}
	values := make([]float64, 0, r.Samples)
	draw := rand.New(rand.NewPCG(r.Seed, bootstrapStream))
	for range r.Samples {
		if r.Pause != nil {
			if err := r.Pause(); err != nil {
				return Interval{}, err
			}
		}
		clear(counts)
		for range rows {
			counts[draw.Uint64N(uint64(rows))]++
		}
		if v := f(counts); v == v {
			values = append(values, v)
		}
	}
	slices.Sort(values)
	result.Samples = len(values)
	tail := float64((1 - r.Level) / 2)
	result.Low, result.High = percentile(values, tail), percentile(values, 1-tail)
	return result, nil
}

// percentile returns the value below which a share q of sorted values lies, on the line
// between its two neighbours.
func percentile(sorted []float64, q float64) float64 {
	if len(sorted) == 0 {
		return math.NaN()
	}
	at := float64(q * float64(len(sorted)-1))
	i := int(at)
	low, high := sorted[i], sorted[min(i+1, len(sorted)-1)]
	if low == high { // two infinities as well
		return low
	}
	return low + float64((high-low)*(at-float64(i)))
}
