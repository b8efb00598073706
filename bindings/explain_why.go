package bindings

import (
	"context"
	"slices"

	"github.com/terrarium-ml/terrarium/core/data"
	"github.com/terrarium-ml/terrarium/core/explain"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// mostAsked is of how many rows columns are shuffled at most.
const mostAsked = 5000

// whyColumns measures which columns a model leans on.
func whyColumns(j *job, p WhyColumnsParams) (any, error) {
	s, err := j.study(p.JudgeParams)
	if err == nil {
		err = s.columns()
	}
	if err != nil {
		return nil, err
	}
	c := explain.Permutation{Metric: "accuracy", Repeats: p.Repeats, Seed: s.model.train.Seed(), Progress: s.pause}
	if !s.classes() {
		c.Metric = "r2"
	}
	return s.beside(func() (any, error) {
		x, err := s.inputs()
		if err != nil {
			return nil, err
		}
		y := s.part.Y
		if rows := spaced(x.Rows(), mostAsked); len(rows) < x.Rows() {
			if err := j.engine.room(int64(4*len(rows)*(x.Cols()+1)), "this question"); err != nil {
				return nil, err
			}
			x, y = gathered(x, y, rows)
		}
		found, err := explain.PermutationImportance(j.ctx, s.answering(), x, y, explain.Columns(s.pipeline), c)
		if err != nil {
			return nil, err
		}
		r := WhyColumnsResult{Rows: x.Rows(), Metric: "acc", Base: found.Base, Columns: found.Ranked()}
		if !s.classes() {
			r.Metric = "r2"
		}
		return r, nil
	}), nil
}

// answering is the model as its threshold makes it answer: an importance by accuracy must
// be that of the answers that people get.
func (s *study) answering() explain.Predictor {
	if o := &s.pipeline.Output; o.Threshold != 0 {
		return moved{s, o.Threshold}
	}
	return s
}

// moved shifts probabilities so that the threshold lies at one half.
type moved struct {
	explain.Predictor
	threshold float32
}

func (m moved) Predict(ctx context.Context, x *tensor.Tensor) (*tensor.Tensor, error) {
	y, err := m.Predictor.Predict(ctx, x)
	if err == nil {
		for i, v := range y.Data {
			// Metrics ask whether it is above one half.
			if y.Data[i] = 0; v >= m.threshold {
				y.Data[i] = 1
			}
		}
	}
	return y, err
}

// towards is the model's answer as an explanation looks at it: values in the target's
// units, or the probability of a class, which is output number output.
func (s *study) towards(class int) (m explain.Predictor, output int, err error) {
	o := &s.pipeline.Output
	switch {
	case !s.classes():
		return explain.Decoded{Model: s, Pipeline: s.pipeline}, 0, nil
	case class < 0 || class >= len(o.Labels):
		return nil, 0, tensor.Errorf(tensor.CodeOption, "class must be from 0 to %d, got %d", len(o.Labels)-1, class)
	case o.Units() > 1:
		return s, class, nil
	case class == 0:
		return other{s}, 0, nil
	}
	return s, 0, nil
}

// other gives the probability of the first of two classes, where the network says that of
// the second.
type other struct{ explain.Predictor }

func (m other) Predict(ctx context.Context, x *tensor.Tensor) (*tensor.Tensor, error) {
	y, err := m.Predictor.Predict(ctx, x)
	if err == nil {
		for i := range y.Data {
			y.Data[i] = 1 - y.Data[i]
		}
	}
	return y, err
}

// whyColumn shows how the answer moves with one column.
func whyColumn(j *job, p WhyColumnParams) (any, error) {
	s, err := j.study(p.JudgeParams)
	if err == nil {
		err = s.columns()
	}
	if err != nil {
		return nil, err
	}
	model, output, err := s.towards(p.Class)
	if err != nil {
		return nil, err
	}
	return s.beside(func() (any, error) {
		x, err := s.inputs()
		if err != nil {
			return nil, err
		}
		d, err := explain.PartialDependence(j.ctx, model, s.pipeline, x, p.Column, explain.DependencePlot{Output: output, Curves: 40, Seed: s.model.train.Seed(), Progress: s.pause})
		if err != nil {
			return nil, err
		}
		at := slices.IndexFunc(s.pipeline.Inputs, func(in data.Input) bool { return in.Name == p.Column })
		return WhyColumnResult{Dependence: *d, Date: s.pipeline.Inputs[at].Kind == data.KindDate, Rows: min(x.Rows(), 1000)}, nil
	}), nil
}

// whyRow explains the answer to a row that was typed in.
func whyRow(j *job, p WhyRowParams) (any, error) {
	s, err := j.study(JudgeParams{Model: p.Model, Table: p.Table, Part: "train"})
	if err == nil {
		err = s.columns()
	}
	if err != nil {
		return nil, err
	}
	raw, err := s.pipeline.ParseRow(p.Values)
	if err != nil {
		return nil, err
	}
	row := make([]float32, s.pipeline.Features())
	s.pipeline.Encode(row, raw)
	return s.beside(func() (any, error) {
		background, err := s.inputs()
		if err != nil {
			return nil, err
		}
		one, err := tensor.From(slices.Clone(row), 1, len(row))
		if err != nil {
			return nil, err
		}
		said, err := s.Predict(j.ctx, one)
		if err != nil {
			return nil, err
		}
		r, class := WhyRowResult{}, 0
		if s.classes() {
			class = s.pipeline.Label(said.Row(0))
			r.Label = s.pipeline.Output.Labels[class]
		}
		model, output, err := s.towards(class)
		if err != nil {
			return nil, err
		}
		found, err := explain.ExplainRow(j.ctx, model, row, background, explain.Columns(s.pipeline), explain.Lime{Output: output, Seed: s.model.train.Seed(), Progress: s.pause})
		if err != nil {
			return nil, err
		}
		r.RowExplanation = *found
		return r, nil
	}), nil
}
