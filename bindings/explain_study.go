package bindings

import (
	"bytes"
	"context"
	"slices"

	"github.com/terrarium-ml/terrarium/core/data"
	"github.com/terrarium-ml/terrarium/core/explain"
	"github.com/terrarium-ml/terrarium/core/metric"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// A study is a question about a model and a part of a table. It goes on beside other
// requests: between blocks of predictions it breathes and shares the baton.
type study struct {
	job      *job
	model    *model
	table    *table
	part     data.Part
	pipeline *data.Pipeline // the model's
	work     func(done, total int64) error
}

// study finds what a question is about. Its model must not be training.
func (j *job) study(p JudgeParams) (*study, error) {
	m, err := j.engine.idleModel(p.Model, j.method)
	if err != nil {
		return nil, err
	}
	t, err := j.engine.preparedTable(p.Table)
	if err != nil {
		return nil, err
	}
	s := &study{job: j, model: m, table: t, pipeline: m.train.Pipeline, work: j.working("judge")}
	if s.part, err = partOf(t.prepared, p.Part); err != nil {
		return nil, err
	}
	if !sameInputs(s.pipeline, t.prepared.Pipeline) || !sameTarget(&s.pipeline.Output, &t.prepared.Pipeline.Output) || !s.unseen() {
		return nil, tensor.Errorf(tensor.CodeShape, "the model was not trained on this table as it is prepared now: rows that it learned from may be among those it is judged on. Prepare it as it was, or train again")
	}
	if o := &s.pipeline.Output; o.Steps > 1 || !s.classes() && o.Task != data.TaskRegression {
		return nil, tensor.Errorf(tensor.CodeUnsupported, "only models that give one class or one number to a row are judged like this")
	}
	if len(s.part.Rows) == 0 {
		return nil, tensor.Errorf(tensor.CodeData, "this part of the table has no rows; give it a share in the split")
	}
	return s, nil
}

// unseen tells whether the table is divided as it was when the model was trained: with
// another division it would be judged on rows that it learned from. Of a model from a file
// nobody knows the rows, but a pipeline is fitted on them: it is the same only then. What
// is no table has nothing fitted, and cannot be told.
func (s *study) unseen() bool {
	p := s.table.prepared
	if s.model.learned != nil {
		return slices.Equal(s.model.learned, p.Train.Rows)
	}
	a, b := *s.pipeline, *p.Pipeline
	a.Output.Threshold, b.Output.Threshold = 0, 0 // which is chosen afterwards
	return a.Medium == nil && bytes.Equal(jsonOf(&a), jsonOf(&b))
}

func sameTarget(a, b *data.Output) bool {
	return a.Name == b.Name && a.Task == b.Task && slices.Equal(a.Labels, b.Labels)
}

// columns refuses what has none.
func (s *study) columns() error {
	if s.pipeline.Medium != nil {
		return tensor.Errorf(tensor.CodeUnsupported, "this model takes inputs of kind %q, which have no columns", s.pipeline.Medium.Kind)
	}
	return nil
}

func (s *study) classes() bool { return s.pipeline.Output.Task == data.TaskClassification }

// beside makes the rest of a study run beside other requests.
func (s *study) beside(rest func() (any, error)) beside {
	return func() (any, error) {
		s.job.yielded = s.job.engine.now()
		return rest()
	}
}

// pause is called between slices of the work. The model may have been closed meanwhile,
// or begun to train: half of the answers would then be another's.
func (s *study) pause(done, total int64) error {
	if err := s.work(done, total); err != nil {
		return err
	}
	switch {
	case s.job.engine.models[s.model.id] != s.model:
		return tensor.Errorf(tensor.CodeAborted, "the model was closed meanwhile")
	case s.model.fit != nil:
		return tensor.Errorf(tensor.CodeBusy, "the model began to train meanwhile; ask again when it has ended")
	}
	return nil
}

// Predict implements explain.Predictor.
func (s *study) Predict(ctx context.Context, x *tensor.Tensor) (y *tensor.Tensor, err error) {
	err = s.job.ask(s.model, func() error {
		y, err = s.model.train.Predict(ctx, x)
		return err
	})
	return y, err
}

var _ explain.Predictor = (*study)(nil)

// block returns encoded rows of the part.
func (s *study) block(from, to int) (*tensor.Tensor, error) {
	if s.part.X != nil {
		return s.part.X.Slice(from, to), nil
	}
	return s.table.encode(&data.Part{Rows: s.part.Rows[from:to]})
}

// inputs returns the encoded rows of a part of a table of columns, and refuses them where
// there is no room for a few blocks of copies.
func (s *study) inputs() (*tensor.Tensor, error) {
	x := s.part.X
	more := int64(8*min(x.Rows(), 1024)*x.Cols()) + s.model.outputBytes(x.Rows())
	return x, s.job.engine.room(more, "this question")
}

// A judged part is the part's rows with what the model said to them.
type judged struct {
	out              *tensor.Tensor // the network's; of a regression in the target's units
	truth, predicted []float32      // class indices, or values in the target's units
}

// blockOfRows is how many rows are predicted between two looks at who waits.
const blockOfRows = 1024

// predict asks the model about all rows of the part. What is not encoded yet is encoded
// block by block.
func (s *study) predict() (*judged, error) {
	n := len(s.part.Rows)
	if err := s.job.engine.room(2*s.model.outputBytes(n), "the answers to these rows"); err != nil {
		return nil, err
	}
	var out *tensor.Tensor
	for from := 0; from < n; from += blockOfRows {
		to := min(from+blockOfRows, n)
		x, err := s.block(from, to)
		if err != nil {
			return nil, err
		}
		y, err := s.Predict(s.job.ctx, x)
		if err != nil {
			return nil, err
		}
		if out == nil {
			out = tensor.New(append([]int{n}, y.Shape[1:]...)...)
		}
		copy(out.Slice(from, to).Data, y.Data)
		if err := s.pause(int64(to), int64(n)); err != nil {
			return nil, err
		}
	}
	r := &judged{out: out}
	r.truth, r.predicted = answers(s.pipeline, s.part.Y, out)
	return r, nil
}

// resampling draws fewer samples of very many rows, whose intervals are narrow anyhow.
func (s *study) resampling(rows int) metric.Resampling {
	return metric.Resampling{Samples: min(max(20_000_000/max(rows, 1), 200), 1000), Pause: func() error { return s.pause(0, 0) }}
}

func bounds(i metric.Interval, err error) (Bounds, error) {
	return Bounds{i.Value, i.Low, i.High}, err
}

// spaced returns the numbers of at most most of n rows, evenly chosen.
func spaced(n, most int) []int {
	rows := make([]int, min(n, most))
	for i := range rows {
		rows[i] = int(int64(i) * int64(n) / int64(len(rows)))
	}
	return rows
}

// gathered returns rows of x and y.
func gathered(x, y *tensor.Tensor, rows []int) (*tensor.Tensor, *tensor.Tensor) {
	take := func(from *tensor.Tensor) *tensor.Tensor {
		to := tensor.New(append([]int{len(rows)}, from.Shape[1:]...)...)
		for i, row := range rows {
			copy(to.Row(i), from.Row(row))
		}
		return to
	}
	return take(x), take(y)
}
