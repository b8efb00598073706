// Package metric measures predictions: accuracies, errors, precision and recall,
// R², areas and matrices.
//
// A Metric is a running total: batches go in, one number comes out, nothing is
// kept of the rows and nothing is allocated. What needs all rows at once (ROCAUC,
// ConfusionMatrix) is a function on whole slices.
//
// All sums are float64, row by row in the given order, so that a value is the same
// on every machine and early stopping may decide by it.
//
// # What cannot be measured
//
// NaN in a prediction or a target gives the value NaN, never a number that looks
// like a result; so does a class label that is no class, and a metric that has seen
// no row. An infinity takes part as a number.
package metric

// A Metric is a running total over rows.
type Metric interface {
	// Name is the key in a training history, as TensorFlow.js writes it: the name
	// that New was given, "acc" for "accuracy" and "ce" for "crossentropy".
	Name() string

	// Reset forgets all rows.
	Reset()

	// Update adds rows. p has rows·cols predictions, row by row; y has as many
	// targets, or, where the metric is a sparse one, a whole-numbered class label
	// a row. weight counts each row (0: as if it were not there) and may be nil:
	// each row counts 1. Slices that are too short are the program's mistake,
	// and panic.
	Update(y, p []float32, rows, cols int, weight []float32)

	// Value returns the metric of all rows since Reset.
	Value() float64
}

// labels tells where a metric finds a row's target.
type labels bool

const (
	dense  labels = false // cols targets a row
	sparse labels = true  // one class label a row
)

// of returns row i of the targets y.
func (l labels) of(y []float32, i, cols int) []float32 {
	if l == sparse {
		return y[i : i+1]
	}
	return y[i*cols : (i+1)*cols]
}

// weightOf returns row i's weight.
func weightOf(weight []float32, i int) float64 {
	if weight == nil {
		return 1
	}
	return float64(weight[i])
}
