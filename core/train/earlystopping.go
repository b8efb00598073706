package train

import "github.com/terrarium-ml/terrarium/core/tensor"

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

func (e *EarlyStopping) monitor() monitor {
	return monitor{"early stopping", e.Monitor, e.Mode, e.MinDelta}
}

func (e *EarlyStopping) check() error {
	if e.Patience < 0 {
		return tensor.Errorf(tensor.CodeOption, "early stopping: patience %d must not be negative", e.Patience)
	}
	return e.monitor().check()
}

// see takes note of an epoch and tells whether to stop.
func (e *EarlyStopping) see(m *Model, w *watch, index int, logs Logs) (stop bool, err error) {
	name, v, err := e.monitor().value(logs)
	if err != nil {
		return false, err
	}
	if w.At < 0 || e.monitor().better(name, v, w.Best) {
		w.Best, w.At, w.Wait = v, index, 0
		if !e.KeepLast {
			w.weights = append(w.weights[:0], m.store.Values()...)
		}
		return false, nil
	}
	w.Wait++
	return w.Wait >= max(1, e.Patience), nil
}

// restore puts the best weights back.
func (w *watch) restore(m *Model) {
	if len(w.weights) == len(m.store.Values()) {
		copy(m.store.Change(), w.weights)
	}
}
