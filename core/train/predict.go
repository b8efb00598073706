package train

import (
	"context"
	"errors"
	"slices"

	"github.com/terrarium-ml/terrarium/core/graph"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// A predictor runs the network forward, without its loss.
type predictor struct {
	plan   *graph.Plan
	cols   struct{ in, out []int } // values of a row of each input and output
	x, dst [][]float32             // what is asked for
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
		plan, err := graph.NewPlan(m.built.Graph, m.store, graph.Config{MaxBatch: rows, Outputs: slices.Concat(m.built.Outputs, m.built.Inputs)}, max(1, limit))
		var e *tensor.Error
		if rows > 1 && errors.As(err, &e) && e.Code == tensor.CodeMemory {
			continue
		}
		if err != nil {
			return err
		}
		p := &predictor{plan: plan, x: make([][]float32, len(m.built.Inputs)), dst: make([][]float32, len(m.built.Outputs))}
		for _, v := range m.built.Inputs {
			p.cols.in = append(p.cols.in, len(plan.Value(v, 1)))
		}
		for _, v := range m.built.Outputs {
			p.cols.out = append(p.cols.out, len(plan.Value(v, 1)))
		}
		m.predict = p
		return nil
	}
}

// single fails where the network has several inputs or outputs.
func (m *Model) single() error {
	if in, out := len(m.built.Inputs), len(m.built.Outputs); in != 1 || out != 1 {
		return tensor.Errorf(tensor.CodeShape, "the model has %d inputs (%s) and %d outputs (%s); use PredictAll", in, listed(m.InputNames()), out, listed(m.OutputNames()))
	}
	return nil
}

// Predict returns the network's output for each row of x, of shape [rows, …].
func (m *Model) Predict(ctx context.Context, x *tensor.Tensor) (*tensor.Tensor, error) {
	if err := m.single(); err != nil {
		return nil, err
	}
	p, err := m.PredictAll(ctx, x)
	if err != nil {
		return nil, err
	}
	return p[0], nil
}

// PredictAll is Predict for networks of several inputs and outputs: it takes a tensor
// for each input, with the same number of rows, and returns one for each output.
func (m *Model) PredictAll(ctx context.Context, x ...*tensor.Tensor) ([]*tensor.Tensor, error) {
	if err := m.checkInputs(x); err != nil {
		return nil, err
	}
	outputs := make([]*tensor.Tensor, len(m.built.Outputs))
	for i, row := range m.OutputShapes() {
		shape := append([]int{x[0].Rows()}, row...)
		if _, err := tensor.Size(shape); err != nil {
			return nil, tensor.Errorf(tensor.CodeMemory, "predictions: %v; predict fewer rows at once", err)
		}
		outputs[i] = tensor.New(shape...)
	}
	if err := m.preparePrediction(); err != nil {
		return nil, err
	}
	m.predict.take(outputs, x)
	return outputs, m.predictBlocks(ctx)
}

// PredictInto is Predict into a tensor that the caller has. It allocates nothing.
func (m *Model) PredictInto(dst, x *tensor.Tensor) error {
	if err := m.single(); err != nil {
		return err
	}
	if err := m.preparePrediction(); err != nil {
		return err
	}
	if cols := m.predict.cols; x.Rows() != dst.Rows() || x.Cols() != cols.in[0] || dst.Cols() != cols.out[0] {
		return tensor.Errorf(tensor.CodeShape, "want input %s and output %s with the same number of rows, got %s and %s",
			tensor.FormatBatch(m.InputShape()), tensor.FormatBatch(m.OutputShape()), tensor.Format(x.Shape), tensor.Format(dst.Shape))
	}
	return m.predictFloats(dst.Data, x.Data)
}

// PredictAllInto is PredictAll into tensors that the caller has. It allocates nothing.
func (m *Model) PredictAllInto(dst, x []*tensor.Tensor) error {
	if err := m.preparePrediction(); err != nil {
		return err
	}
	cols := m.predict.cols
	if len(x) != len(cols.in) || len(dst) != len(cols.out) {
		return tensor.Errorf(tensor.CodeShape, "want %d inputs and %d outputs, got %d and %d", len(cols.in), len(cols.out), len(x), len(dst))
	}
	for i, t := range x {
		if t.Rows() != x[0].Rows() || t.Cols() != cols.in[i] {
			return tensor.Errorf(tensor.CodeShape, "want input [%d, %d], got %s", x[0].Rows(), cols.in[i], tensor.Format(t.Shape)).In(m.built.Names.Inputs[i])
		}
	}
	for i, t := range dst {
		if t.Rows() != x[0].Rows() || t.Cols() != cols.out[i] {
			return tensor.Errorf(tensor.CodeShape, "want output [%d, %d], got %s", x[0].Rows(), cols.out[i], tensor.Format(t.Shape)).In(m.built.Names.Outputs[i])
		}
	}
	m.predict.take(dst, x)
	return m.predictBlocks(context.Background())
}

// ExpectRows says that single rows will be predicted, one by one and many of them. That is
// quicker, with the same bits, if there is memory to keep the weights a second time.
func (m *Model) ExpectRows() error {
	if err := m.preparePrediction(); err != nil {
		return err
	}
	if plan := m.predict.plan; plan.PanelBytes() <= min(predictBytes, m.limit-m.ownBytes()-plan.Bytes()) {
		plan.ExpectRows()
	}
	return nil
}

// PredictFloats predicts rows that lie one behind the other, for networks of one input
// and one output: len(x) must be a multiple of the values of an input row, and dst as
// many output rows. It allocates nothing.
func (m *Model) PredictFloats(dst, x []float32) error {
	if err := m.prepareFloats(dst, x); err != nil {
		return err
	}
	return m.predictFloats(dst, x)
}

// prepareFloats makes the plan, and checks lengths.
func (m *Model) prepareFloats(dst, x []float32) error {
	if err := m.single(); err != nil {
		return err
	}
	if err := m.preparePrediction(); err != nil {
		return err
	}
	in, out := m.predict.cols.in[0], m.predict.cols.out[0]
	if len(x) == 0 || len(x)%in != 0 || len(dst) != len(x)/in*out {
		return tensor.Errorf(tensor.CodeShape, "want rows of %d values in and %d out, got %d and %d values", in, out, len(x), len(dst))
	}
	return nil
}

func (m *Model) predictFloats(dst, x []float32) error {
	m.predict.x[0], m.predict.dst[0] = x, dst
	return m.predictBlocks(context.Background())
}

// PredictPlaced is PredictFloats for an x that lies at the same place from call to call: it
// is read there, not copied, and must not be written to meanwhile.
func (m *Model) PredictPlaced(dst, x []float32) error {
	if err := m.prepareFloats(dst, x); err != nil {
		return err
	}
	p := m.predict
	in, out := p.cols.in[0], p.cols.out[0]
	rows := len(x) / in
	p.plan.OnPause(m.onPause)
	for from, block := 0, p.plan.MaxBatch(); from < rows; from += block {
		n := min(block, rows-from)
		p.plan.ReadFrom(m.built.Inputs[0], x[from*in:(from+n)*in])
		if err := p.plan.Forward(n, false); err != nil {
			return err
		}
		copy(dst[from*out:], p.plan.Value(m.built.Outputs[0], n))
	}
	return nil
}

func (p *predictor) take(dst, x []*tensor.Tensor) {
	for i, t := range x {
		p.x[i] = t.Data
	}
	for i, t := range dst {
		p.dst[i] = t.Data
	}
}

// predictBlocks runs block by block. Rows do not depend on each other, so the
// division shows in no bit.
func (m *Model) predictBlocks(ctx context.Context) error {
	p := m.predict
	p.plan.ReadFrom(m.built.Inputs[0], nil)
	defer func() { clear(p.x); clear(p.dst) }() // what the caller gave is the caller's
	p.plan.OnPause(m.onPause)
	block, rows := p.plan.MaxBatch(), len(p.x[0])/p.cols.in[0]
	for from := 0; from < rows; from += block {
		if err := ctx.Err(); err != nil {
			return aborted(err)
		}
		n := min(block, rows-from)
		for i, v := range m.built.Inputs {
			k := p.cols.in[i]
			copy(p.plan.Value(v, n), p.x[i][from*k:(from+n)*k])
		}
		if err := p.plan.Forward(n, false); err != nil {
			return err
		}
		for i, v := range m.built.Outputs {
			copy(p.dst[i][from*p.cols.out[i]:], p.plan.Value(v, n))
		}
	}
	return nil
}
