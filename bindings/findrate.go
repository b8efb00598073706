package bindings

import (
	"cmp"

	"github.com/terrarium-ml/terrarium/core/train"
)

// modelFindRate looks for a learning rate. Like a prediction it returns to the event
// loop meanwhile, and like a fit it wants the model for itself.
func modelFindRate(j *job, p FindRateParams) (any, error) {
	m, err := j.engine.idleModel(p.Model, "findLearningRate")
	if err != nil {
		return nil, err
	}
	pipeline, learned := m.train.Pipeline, m.learned
	d, _, err := j.fitData(m, FitParams{Model: p.Model, X: p.X, Y: p.Y, Xs: p.Xs, Ys: p.Ys, Table: p.Table})
	m.train.Pipeline, m.learned = pipeline, learned // which looking does not change
	if err != nil {
		return nil, err
	}
	batch := p.BatchSize
	if batch < 1 {
		batch = 32
	}
	if err := j.engine.fits(m, min(batch, max(1, d.Rows()))); err != nil {
		return nil, err
	}
	steps := cmp.Or(p.Steps, 100)
	var curve *train.RateCurve
	err = j.ask(m, func() error {
		curve, err = m.train.FindLearningRateData(j.ctx, d, train.RateSearch{From: p.From, To: p.To, Steps: p.Steps, BatchSize: p.BatchSize,
			OnStep: func(done int) error {
				j.progress("rate", int64(done), int64(steps))
				return j.breathe()
			}})
		return err
	})
	if err != nil {
		return nil, err
	}
	return RateResult{curve.Rates, curve.Losses, curve.Suggested, curve.Diverged}, nil
}
