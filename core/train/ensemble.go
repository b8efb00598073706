package train

import (
	"context"

	"github.com/terrarium-ml/terrarium/core/internal/kernel"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// An Ensemble predicts by several trained models together: by the mean of what they
// say, or with Vote by how many of them say what.
//
// The mean is taken in the order of the models: y = (p₁ + p₂ + …) · 1/n in float32. In
// a vote each model is for the class with the largest output, of equals the first, or,
// where there is one output, for 1 if that is at least one half; a row of the result
// holds the share of the models for each class, or for 1.
type Ensemble struct {
	Vote bool

	models []*Model
}

// NewEnsemble returns the ensemble of models whose inputs and outputs have the same
// shapes.
func NewEnsemble(models ...*Model) (*Ensemble, error) {
	if len(models) == 0 {
		return nil, tensor.Errorf(tensor.CodeOption, "an ensemble wants at least one model")
	}
	for i, m := range models {
		if m == nil {
			return nil, tensor.Errorf(tensor.CodeOption, "model %d of the ensemble is nil", i)
		}
		first := models[0]
		for _, pair := range [][2][][]int{{first.InputShapes(), m.InputShapes()}, {first.OutputShapes(), m.OutputShapes()}} {
			if !sameShapes(pair[0], pair[1]) {
				return nil, tensor.Errorf(tensor.CodeShape, "model %d of the ensemble has inputs %v and outputs %v, the first one %v and %v",
					i, m.InputShapes(), m.OutputShapes(), first.InputShapes(), first.OutputShapes())
			}
		}
	}
	return &Ensemble{models: models}, nil
}

func sameShapes(a, b [][]int) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if !tensor.SameShape(a[i], b[i]) {
			return false
		}
	}
	return true
}

// Predict returns the ensemble's output for each row of x, see Model.Predict.
func (e *Ensemble) Predict(ctx context.Context, x *tensor.Tensor) (*tensor.Tensor, error) {
	if err := e.models[0].single(); err != nil {
		return nil, err
	}
	p, err := e.PredictAll(ctx, x)
	if err != nil {
		return nil, err
	}
	return p[0], nil
}

// PredictAll is Predict for networks of several inputs and outputs.
func (e *Ensemble) PredictAll(ctx context.Context, x ...*tensor.Tensor) ([]*tensor.Tensor, error) {
	var sums []*tensor.Tensor
	for i, m := range e.models {
		outputs, err := m.PredictAll(ctx, x...)
		if err != nil {
			return nil, err
		}
		for k, p := range outputs {
			if e.Vote {
				vote(p)
			}
			if i > 0 {
				kernel.Accumulate(sums[k].Data, p.Data)
			}
		}
		if i == 0 {
			sums = outputs
		}
	}
	for _, t := range sums {
		kernel.Scale(t.Data, t.Data, 1/float32(len(e.models)))
	}
	return sums, nil
}

// vote puts 1 in the place of what a row says, and 0 elsewhere.
func vote(p *tensor.Tensor) {
	cols := p.Shape[len(p.Shape)-1]
	for from := 0; from < len(p.Data); from += cols {
		row := p.Data[from : from+cols]
		if cols == 1 {
			if row[0] >= 0.5 {
				row[0] = 1
			} else {
				row[0] = 0
			}
			continue
		}
		best := 0
		for k, v := range row {
			if v > row[best] {
				best = k
			}
		}
		clear(row)
		row[best] = 1
	}
}
