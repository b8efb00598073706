package train

import (
	"context"
	"errors"

	"github.com/terrarium-ml/terrarium/core/graph"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// A predictor runs the network forward, without its loss.
type predictor struct {
	plan *graph.Plan
	cols struct{ in, out int }
}

// predictRows is how many rows a prediction takes at once, and predictBytes the
// memory that this may cost: wide networks take fewer.
const (
	predictRows  = 256
	predictBytes = 64 << 20
)

// preparePrediction makes the plan, unless there is one already.
func (m *Model) preparePrediction() error {
	if m.predict != nil {
		return nil
	}
	for rows := predictRows; ; rows /= 2 {
		limit := min(predictBytes, m.limit-m.ownBytes())
		if rows == 1 {
			limit = m.limit - m.ownBytes()
		}
		plan, err := graph.NewPlan(m.built.Graph, m.store, graph.Config{MaxBatch: rows, Outputs: []graph.Value{m.built.Outputs[0]}}, max(1, limit))
		var e *tensor.Error
		if rows > 1 && errors.As(err, &e) && e.Code == tensor.CodeMemory {
			continue
		}
		if err != nil {
			return err
		}
		p := &predictor{plan: plan}
		p.cols.in = len(plan.Value(m.built.Inputs[0], 1))
		p.cols.out = len(plan.Value(m.built.Outputs[0], 1))
		m.predict = p
		return nil
	}
}

// Predict returns the network's output for each row of x, of shape [rows, …].
func (m *Model) Predict(ctx context.Context, x *tensor.Tensor) (*tensor.Tensor, error) {
	if err := m.checkInput(x); err != nil {
		return nil, err
	}
	shape := append([]int{x.Rows()}, m.OutputShape()...)
	if _, err := tensor.Size(shape); err != nil {
		return nil, tensor.Errorf(tensor.CodeMemory, "predictions: %v; predict fewer rows at once", err)
	}
	p := tensor.New(shape...)
	if err := m.preparePrediction(); err != nil {
		return nil, err
	}
	return p, m.predictBlocks(ctx, p.Data, x.Data)
}

// PredictInto is Predict into a tensor that the caller has. It allocates nothing.
func (m *Model) PredictInto(dst, x *tensor.Tensor) error {
	if err := m.preparePrediction(); err != nil {
		return err
	}
	if cols := m.predict.cols; x.Rows() != dst.Rows() || x.Cols() != cols.in || dst.Cols() != cols.out {
		return tensor.Errorf(tensor.CodeShape, "want input %s and output %s with the same number of rows, got %s and %s",
			tensor.FormatBatch(m.InputShape()), tensor.FormatBatch(m.OutputShape()), tensor.Format(x.Shape), tensor.Format(dst.Shape))
	}
	return m.predictBlocks(context.Background(), dst.Data, x.Data)
}

// PredictFloats predicts rows that lie one behind the other: len(x) must be a
// multiple of the values of an input row, and dst as many output rows. It
// allocates nothing.
func (m *Model) PredictFloats(dst, x []float32) error {
	if err := m.preparePrediction(); err != nil {
		return err
	}
	cols := m.predict.cols
	if len(x) == 0 || len(x)%cols.in != 0 || len(dst) != len(x)/cols.in*cols.out {
		return tensor.Errorf(tensor.CodeShape, "want rows of %d values in and %d out, got %d and %d values", cols.in, cols.out, len(x), len(dst))
	}
	return m.predictBlocks(context.Background(), dst, x)
}

// predictBlocks runs block by block. Rows do not depend on each other, so the
// division shows in no bit.
func (m *Model) predictBlocks(ctx context.Context, dst, x []float32) error {
	p := m.predict
	p.plan.OnPause(m.onPause)
	block := p.plan.MaxBatch()
	for len(x) > 0 {
		if err := ctx.Err(); err != nil {
			return aborted(err)
		}
		n := min(block, len(x)/p.cols.in)
		copy(p.plan.Value(m.built.Inputs[0], n), x[:n*p.cols.in])
		if err := p.plan.Forward(n, false); err != nil {
			return err
		}
		copy(dst, p.plan.Value(m.built.Outputs[0], n))
		x, dst = x[n*p.cols.in:], dst[n*p.cols.out:]
	}
	return nil
}
