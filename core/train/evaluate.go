package train

import (
	"context"

	"github.com/terrarium-ml/terrarium/core/metric"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// An EvalConfig says how to go through the data.
type EvalConfig struct {
	BatchSize     int         // 32 if 0; while the model fits, the batch size of the fit
	Rows          []int       // which rows of the data; nil: all
	SampleWeight  []float32   // of each row of the data
	SampleWeights [][]float32 // the same for each output
}

// Evaluate returns the loss, without penalties, and the metrics on data, in
// inference mode: {"loss": …, "acc": …}.
func (m *Model) Evaluate(ctx context.Context, x, y *tensor.Tensor, c EvalConfig) (Logs, error) {
	return m.EvaluateData(ctx, Tensors([]*tensor.Tensor{x}, []*tensor.Tensor{y}), c)
}

// EvaluateData is Evaluate for any data, and for networks of several inputs and
// outputs: {"loss": …, "a_loss": …, "b_loss": …, "a_acc": …}.
func (m *Model) EvaluateData(ctx context.Context, d Dataset, c EvalConfig) (Logs, error) {
	if m.trainer == nil {
		return nil, tensor.Errorf(tensor.CodeOption, "the model is not compiled; call Compile before Evaluate")
	}
	s, err := m.newSet(d, c.Rows)
	if err != nil {
		return nil, err
	}
	if err := s.weigh(m.trainer, c.SampleWeight, c.SampleWeights, nil); err != nil {
		return nil, err
	}
	if c.BatchSize < 0 {
		return nil, tensor.Errorf(tensor.CodeOption, "batch size %d must be at least 1", c.BatchSize)
	}
	if m.trainer.plan == nil {
		if c.BatchSize == 0 {
			c.BatchSize = 32
		}
		if err := m.prepare(min(c.BatchSize, s.count), 1); err != nil {
			return nil, err
		}
	}
	if !m.inFit {
		m.trainer.plan.OnPause(m.onPause)
		defer m.trainer.plan.OnPause(nil)
	}
	return m.evaluate(ctx, s)
}

// evaluate goes through a set with the plan of training.
func (m *Model) evaluate(ctx context.Context, s *set) (Logs, error) {
	t := m.trainer
	at := m.streams // where training stands
	defer func() { m.streams = at }()
	size := t.plan.MaxBatch()
	order, sums, sum := make([]int, size), make([]float64, len(t.heads)), 0.0
	for _, h := range t.heads {
		reset(h.judge)
	}
	for from := 0; from < s.count; from += size {
		if err := ctx.Err(); err != nil {
			return nil, aborted(err)
		}
		n := min(size, s.count-from)
		s.list(order[:n], from)
		m.streams.step = uint64(from / size)
		if err := m.forward(s, order[:n], false); err != nil {
			return nil, err
		}
		loss := t.total()
		if loss-loss != 0 {
			return nil, m.nonFinite(false)
		}
		sum += float64(float64(n) * loss)
		for i, h := range t.heads {
			sums[i] += float64(float64(n) * h.mean)
			h.update(t.plan, n, h.judge)
		}
	}
	for i := range sums {
		sums[i] /= float64(s.count)
	}
	return t.logs(sum/float64(s.count), sums, func(h *head) []metric.Metric { return h.judge }), nil
}
