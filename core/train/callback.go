package train

import "errors"

// A Callback is told how training goes. Each of its functions may be nil. An error
// ends Fit with that error, except ErrStop, which ends it as if all epochs were
// done.
type Callback struct {
	OnTrainBegin func(m *Model) error
	OnEpochBegin func(m *Model, epoch int) error
	OnBatchEnd   func(m *Model, b BatchLog) error
	OnEpochEnd   func(m *Model, epoch int, logs Logs) error
	OnTrainEnd   func(m *Model, h *History) error
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
