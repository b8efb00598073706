package train

import (
	"context"

	"github.com/terrarium-ml/terrarium/core/tensor"
)

// An EvalConfig says how to go through the data.
type EvalConfig struct {
	BatchSize    int // 32 if 0; while the model fits, the batch size of the fit
	SampleWeight []float32
}

// Evaluate returns the loss, without penalties, and the metrics on data, in
// inference mode: {"loss": …, "acc": …}.
func (m *Model) Evaluate(ctx context.Context, x, y *tensor.Tensor, c EvalConfig) (Logs, error) {
	if m.trainer == nil {
		return nil, tensor.Errorf(tensor.CodeOption, "the model is not compiled; call Compile before Evaluate")
	}
	s, err := m.newSet(x, y, c.SampleWeight, nil)
	if err != nil {
		return nil, err
	}
	if c.BatchSize < 0 {
		return nil, tensor.Errorf(tensor.CodeOption, "batch size %d must be at least 1", c.BatchSize)
	}
	if m.trainer.plan == nil {
		if c.BatchSize == 0 {
			c.BatchSize = 32
		}
		if err := m.prepare(min(c.BatchSize, x.Rows())); err != nil {
			return nil, err
		}
		m.trainer.plan.OnPause(m.onPause)
		defer m.trainer.plan.OnPause(nil)
	}
	return m.evaluate(ctx, s)
}

// evaluate goes through a set with the plan of training.
func (m *Model) evaluate(ctx context.Context, s *set) (Logs, error) {
	t := m.trainer
	for _, metric := range t.judge {
		metric.Reset()
	}
	size, rows := t.plan.MaxBatch(), s.x.Rows()
	order := make([]int, size)
	sum := 0.0
	for from := 0; from < rows; from += size {
		if err := ctx.Err(); err != nil {
			return nil, aborted(err)
		}
		n := min(size, rows-from)
		for i := range n {
			order[i] = from + i
		}
		if err := t.forward(s, order[:n], false); err != nil {
			return nil, err
		}
		loss := t.batchLoss(n)
		if loss-loss != 0 {
			return nil, m.nonFinite(false)
		}
		sum += float64(float64(n) * loss)
		if len(t.judge) > 0 {
			y, p := t.plan.Value(t.target, n), t.plan.Value(t.built.Outputs[0], n)
			for _, metric := range t.judge {
				metric.Update(y, p, len(p)/s.outputs, s.outputs, nil)
			}
		}
	}
	logs := Logs{"loss": sum / float64(rows)}
	for i, name := range t.names {
		logs[name] = t.judge[i].Value()
	}
	return logs, nil
}
