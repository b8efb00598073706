package train

import (
	"errors"

	"github.com/terrarium-ml/terrarium/core/json"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// A Callback is told how training goes. Each of its functions may be nil. An error
// ends Fit with that error, except ErrStop, which ends it as if all epochs were
// done. Several callbacks are called in their order: one that saves the model belongs
// behind those that change something.
type Callback struct {
	OnTrainBegin func(m *Model) error
	OnEpochBegin func(m *Model, epoch int) error
	OnBatchEnd   func(m *Model, b BatchLog) error
	OnEpochEnd   func(m *Model, epoch int, logs Logs) error
	OnTrainEnd   func(m *Model, h *History) error

	// A callback that remembers something from epoch to epoch has a Name, which is its
	// own in a run, and lets checkpoints keep that: State returns it as JSON, and
	// SetState gets it back when the run is resumed.
	Name     string
	State    func() (json.RawMessage, error)
	SetState func(json.RawMessage) error
}

// keepCallbacks takes the states of the callbacks down.
func (r *run) keepCallbacks() error {
	for _, cb := range r.config.Callbacks {
		if cb.State == nil {
			continue
		}
		state, err := cb.State()
		if err != nil {
			return err
		}
		if r.Callbacks == nil {
			r.Callbacks = map[string]json.RawMessage{}
		}
		r.Callbacks[cb.Name] = state
	}
	return nil
}

// resumeCallbacks gives the callbacks of this run what those of the interrupted one
// remembered.
func (r *run) resumeCallbacks(states map[string]json.RawMessage) error {
	for _, cb := range r.config.Callbacks {
		state, ok := states[cb.Name]
		if cb.SetState == nil || !ok {
			continue
		}
		if err := cb.SetState(state); err != nil {
			return tensor.Errorf(tensor.CodeFormat, "callback %q cannot go on from the checkpoint: %v", cb.Name, err)
		}
	}
	return nil
}

func checkCallbacks(callbacks []Callback) error {
	names := map[string]bool{}
	for _, cb := range callbacks {
		if cb.State == nil && cb.SetState == nil {
			continue
		}
		if cb.Name == "" || names[cb.Name] {
			return tensor.Errorf(tensor.CodeOption, "callbacks that remember something want names of their own, got %q; give each another name", cb.Name)
		}
		names[cb.Name] = true
	}
	return nil
}

// ErrStop is what a callback returns to end training in good order.
var ErrStop = errors.New("stop training")

// A BatchLog is what a step learned about its batch. Metrics stand in the order of
// Model.MetricNames; the slice is used again for the next batch.
type BatchLog struct {
	Epoch, Batch, Size int
	Loss               float64
	Metrics            []float64
}

// MetricNames returns the names of the metrics that the model was compiled with, as
// History has them.
func (m *Model) MetricNames() []string {
	if m.trainer == nil {
		return nil
	}
	return m.trainer.names
}
