package explain

import (
	"context"

	"github.com/terrarium-ml/terrarium/core/data"
	"github.com/terrarium-ml/terrarium/core/tensor"
	"github.com/terrarium-ml/terrarium/core/train"
)

// A Predictor gives an output row for each row of x: a Model, an Ensemble, or either with
// its outputs Decoded.
type Predictor interface {
	Predict(ctx context.Context, x *tensor.Tensor) (*tensor.Tensor, error)
}

var (
	_ Predictor = (*train.Model)(nil)
	_ Predictor = (*train.Ensemble)(nil)
	_ Predictor = Decoded{}
)

// Decoded is a Predictor whose numbers are in the units of the table's target, where the
// network's own are standardised: so that an explanation says "12 euros more".
type Decoded struct {
	Model    Predictor
	Pipeline *data.Pipeline
}

// Predict returns the model's outputs, each row decoded by the pipeline.
func (d Decoded) Predict(ctx context.Context, x *tensor.Tensor) (*tensor.Tensor, error) {
	p, err := d.Model.Predict(ctx, x)
	if err != nil {
		return nil, err
	}
	for i := range p.Rows() {
		d.Pipeline.Decode(p.Row(i))
	}
	return p, nil
}

// A job is an explanation at work: it asks the model, listens whether to stop, and tells
// how many rows were asked about.
type job struct {
	ctx         context.Context
	model       Predictor
	progress    data.Progress
	done, total int64
}

// predict asks the model about a block of rows.
func (j *job) predict(x *tensor.Tensor) (*tensor.Tensor, error) {
	if err := j.tell(); err != nil {
		return nil, err
	}
	p, err := j.model.Predict(j.ctx, x)
	if err != nil {
		return nil, err
	}
	if p.Rows() != x.Rows() || p.Cols() < 1 {
		return nil, tensor.Errorf(tensor.CodeShape, "the model was asked about %d rows and answered with %s; want [%d, outputs]", x.Rows(), tensor.Format(p.Shape), x.Rows())
	}
	j.done += int64(x.Rows())
	return p, j.tell()
}

// tell reports progress, and returns why to stop.
func (j *job) tell() error {
	if err := j.ctx.Err(); err != nil {
		return tensor.Errorf(tensor.CodeAborted, "the explanation was stopped: %v", err)
	}
	if j.progress == nil {
		return nil
	}
	return j.progress(j.done, j.total)
}

// outputs asks about the rows of x, block by block, and returns one output of each.
func (j *job) outputs(x *tensor.Tensor, output int) ([]float64, error) {
	values, size := make([]float64, 0, x.Rows()), blockRows(x.Cols())
	for from := 0; from < x.Rows(); from += size {
		p, err := j.predict(x.Slice(from, min(from+size, x.Rows())))
		if err != nil {
			return nil, err
		}
		if err := checkOutput(output, p.Cols()); err != nil {
			return nil, err
		}
		for i := range p.Rows() {
			values = append(values, float64(p.Row(i)[output]))
		}
	}
	return values, nil
}

// blockRows is how many rows of so many values are copied at once: at most 4 MB.
func blockRows(cols int) int { return max(1, min(1024, (1<<20)/max(1, cols))) }

// blockLike returns memory for a block of at most so many rows that are like those of x.
func blockLike(x *tensor.Tensor, rows int) *tensor.Tensor {
	shape := append([]int{}, x.Shape...)
	shape[0] = min(rows, blockRows(x.Cols()))
	return tensor.New(shape...)
}

func checkRows(what string, x *tensor.Tensor) error {
	if x == nil || len(x.Shape) < 2 || x.Rows() < 1 || x.Cols() < 1 {
		got := "nothing"
		if x != nil {
			got = tensor.Format(x.Shape)
		}
		return tensor.Errorf(tensor.CodeShape, "%s: want rows of numbers, [rows, …] with at least one row, got %s", what, got)
	}
	if size, err := tensor.Size(x.Shape); err != nil || size != len(x.Data) {
		return tensor.Errorf(tensor.CodeShape, "%s: the shape %s does not go with %d values", what, tensor.Format(x.Shape), len(x.Data))
	}
	if k := x.FirstNonFinite(); k >= 0 {
		e := tensor.Errorf(tensor.CodeData, "%s: row %d holds %v; want finite numbers", what, k/x.Cols()+1, x.Data[k])
		e.Row = k/x.Cols() + 1
		return e
	}
	return nil
}

func checkOutput(output, outputs int) error {
	if output < 0 || output >= outputs {
		return tensor.Errorf(tensor.CodeOption, "output must be from 0 to %d, as the model has %d, got %d", outputs-1, outputs, output)
	}
	return nil
}

func checkModel(m Predictor) error {
	if m == nil {
		return tensor.Errorf(tensor.CodeOption, "the model is missing")
	}
	return nil
}
