package train

import (
	"maps"
	"slices"
	"strings"

	"github.com/terrarium-ml/terrarium/core/tensor"
)

// A monitor watches one value of the logs for whether it becomes better.
type monitor struct {
	who      string  // watches: for errors
	name     string  // "val_loss", or "loss" where there is no validation data, if ""
	mode     string  // "min", "max"; "" finds out from the name
	minDelta float64 // the least change that counts as better
}

func (w monitor) check() error {
	if !(w.minDelta >= 0) {
		return tensor.Errorf(tensor.CodeOption, "%s: minDelta %g must not be negative", w.who, w.minDelta)
	}
	if !slices.Contains([]string{"", "auto", "min", "max"}, w.mode) {
		return tensor.Errorf(tensor.CodeOption, "%s: unknown mode %q; known are auto, max, min", w.who, w.mode)
	}
	return nil
}

// value finds the monitored value.
func (w monitor) value(logs Logs) (name string, v float64, err error) {
	name = w.name
	if name == "" {
		name = "loss"
		if _, ok := logs["val_loss"]; ok {
			name = "val_loss"
		}
	}
	v, ok := logs[name]
	if !ok {
		return name, 0, tensor.Errorf(tensor.CodeOption, "%s monitors %q, which this run does not report; it reports %s", w.who, name, listed(slices.Sorted(maps.Keys(logs))))
	}
	return name, v, nil
}

// better compares values of the named metric.
func (w monitor) better(name string, v, than float64) bool {
	if w.larger(name) {
		return v > than+w.minDelta
	}
	return v < than-w.minDelta
}

// larger tells whether larger values of a metric are better.
func (w monitor) larger(name string) bool {
	if w.mode == "min" || w.mode == "max" {
		return w.mode == "max"
	}
	name = strings.TrimPrefix(name, "val_")
	if strings.HasSuffix(name, "loss") { // of an output that may be called anything
		return false
	}
	for _, part := range []string{"acc", "precision", "recall", "f1", "auc", "r2", "kappa", "mcc", "matthews"} {
		if strings.Contains(strings.ToLower(name), part) {
			return true
		}
	}
	return false
}
