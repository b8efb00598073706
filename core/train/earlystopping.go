package train

import (
	"slices"
	"strings"

	"github.com/terrarium-ml/terrarium/core/tensor"
)

// EarlyStopping ends training when a value has not become better for a while, and
// puts the best weights back.
type EarlyStopping struct {
	Monitor  string  // "val_loss", or "loss" where there is no validation data, if ""
	Patience int     // so many epochs without a better value end training; 0 counts as 1
	MinDelta float64 // the least change that counts as better
	Mode     string  // "min", "max"; "" finds out from the name
	KeepLast bool    // leave the last weights instead of the best ones
}

// A watch is the state of early stopping in a run; it is part of checkpoints.
type watch struct {
	Best float64 `json:"best"`
	At   int     `json:"at"`   // the best epoch, an index in History; -1: none yet
	Wait int     `json:"wait"` // epochs since

	weights []float32 // the best ones, laid out as the store
}

func (e *EarlyStopping) check() error {
	if e.Patience < 0 || !(e.MinDelta >= 0) {
		return tensor.Errorf(tensor.CodeOption, "early stopping: patience %d and minDelta %g must not be negative", e.Patience, e.MinDelta)
	}
	if !slices.Contains([]string{"", "auto", "min", "max"}, e.Mode) {
		return tensor.Errorf(tensor.CodeOption, "early stopping: unknown mode %q; known are auto, max, min", e.Mode)
	}
	return nil
}

// value finds the monitored value.
func (e *EarlyStopping) value(logs Logs) (name string, v float64, err error) {
	name = e.Monitor
	if name == "" {
		name = "loss"
		if _, ok := logs["val_loss"]; ok {
			name = "val_loss"
		}
	}
	v, ok := logs[name]
	if !ok {
		known := make([]string, 0, len(logs))
		for k := range logs {
			known = append(known, k)
		}
		slices.Sort(known)
		return name, 0, tensor.Errorf(tensor.CodeOption, "early stopping monitors %q, which this run does not report; it reports %s", name, strings.Join(known, ", "))
	}
	return name, v, nil
}

// larger tells whether larger values of a metric are better.
func (e *EarlyStopping) larger(name string) bool {
	if e.Mode == "min" || e.Mode == "max" {
		return e.Mode == "max"
	}
	name = strings.TrimPrefix(name, "val_")
	for _, part := range []string{"acc", "precision", "recall", "f1", "auc", "r2"} {
		if strings.Contains(strings.ToLower(name), part) {
			return true
		}
	}
	return false
}

// see takes note of an epoch and tells whether to stop.
func (e *EarlyStopping) see(m *Model, w *watch, index int, logs Logs) (stop bool, err error) {
	name, v, err := e.value(logs)
	if err != nil {
		return false, err
	}
	better := v < w.Best-e.MinDelta
	if e.larger(name) {
		better = v > w.Best+e.MinDelta
	}
	if w.At < 0 || better {
		w.Best, w.At, w.Wait = v, index, 0
		if !e.KeepLast {
			w.weights = append(w.weights[:0], m.store.Values...)
		}
		return false, nil
	}
	w.Wait++
	return w.Wait >= max(1, e.Patience), nil
}

// restore puts the best weights back.
func (w *watch) restore(m *Model) {
	if len(w.weights) == len(m.store.Values) {
		copy(m.store.Values, w.weights)
	}
}
