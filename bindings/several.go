package bindings

import (
	"github.com/terrarium-ml/terrarium/core/tensor"
	"github.com/terrarium-ml/terrarium/core/train"
)

// modelPredictWith predicts by several models together.
func modelPredictWith(j *job, p TogetherParams) (any, error) {
	var models []*model
	var trained []*train.Model
	for _, id := range append([]int{p.Model}, p.Others...) {
		m, err := j.engine.model(id)
		if err != nil {
			return nil, err
		}
		models, trained = append(models, m), append(trained, m.train)
	}
	together, err := train.NewEnsemble(trained...)
	if err != nil {
		return nil, err
	}
	together.Vote = p.Vote
	x, err := j.tensors("inputs", several(p.X, p.Xs))
	if err != nil {
		return nil, err
	}
	if err := j.engine.room(2*models[0].outputBytes(x[0].Rows()), "the prediction"); err != nil {
		return nil, err
	}
	var y []*tensor.Tensor
	ask := func() error {
		y, err = together.PredictAll(j.ctx, x...)
		return err
	}
	for _, m := range models {
		inner := ask
		ask = func() error { return j.ask(m, inner) }
	}
	if err := ask(); err != nil {
		return nil, err
	}
	return j.attachAll(y), nil
}

// modelCrossValidate judges fresh models of a model's network.
func modelCrossValidate(j *job, p CrossParams) (any, error) {
	m, err := j.engine.idleModel(p.Model, "crossValidate")
	if err != nil {
		return nil, err
	}
	if p.Resume || p.Checkpoint != nil || p.BatchLogs || p.ValidationSplit != 0 || p.ValidationX != nil || len(p.ValidationXs) > 0 {
		return nil, tensor.Errorf(tensor.CodeOption, "crossValidate divides the data itself, and nothing of it is kept; leave validation data, checkpoint, resume and onBatchEnd out")
	}
	if p.Epochs < 1 || p.BatchSize < 0 {
		return nil, tensor.Errorf(tensor.CodeOption, "epochs and batchSize must be whole numbers of at least 1, got %d and %d", p.Epochs, p.BatchSize)
	}
	if m.train.Config() == nil {
		return nil, tensor.Errorf(tensor.CodeOption, "the model is not compiled; call compile before crossValidate")
	}
	d, c, err := j.fitData(m, p.FitParams)
	if err != nil {
		return nil, err
	}
	c.ValidationX, c.ValidationY = nil, nil // a table's
	v := train.CrossValidation{Folds: p.Folds, Seed: m.train.Seed(), Stratified: p.Stratified, Fit: c}
	if p.Groups != nil {
		groups, err := j.tensor("groups", p.Groups)
		if err != nil {
			return nil, err
		}
		for i, g := range groups.Data {
			if !(g > -1<<24 && g < 1<<24) || g != float32(int(g)) {
				return nil, tensor.Errorf(tensor.CodeData, "group of row %d is %v; want a whole number", i+1, g)
			}
			v.Groups = append(v.Groups, int(g))
		}
	}
	m.fit = j
	return beside(func() (any, error) {
		defer func() { m.fit = nil }()
		return j.crossValidate(m, d, v)
	}), nil
}

// crossValidate trains the folds, with the baton except between steps.
func (j *job) crossValidate(m *model, d train.Dataset, v train.CrossValidation) (any, error) {
	j.yielded = j.engine.now()
	pace := newPace(j.engine.now())
	done := int64(0)
	v.Fit.Pause = j.breathe
	v.Fit.BetweenSteps = func() error {
		done++
		if !pace.due() {
			return nil
		}
		pace.saw(j.engine.now())
		j.progress("fit", done, 0)
		err := j.breathe()
		j.engine.share()
		pace.goesOn(j.engine.now())
		return err
	}
	v.New = func(int) (*train.Model, error) {
		fresh, err := m.train.Fresh(train.MemoryLimit(int(j.engine.limit - j.engine.held())))
		if err == nil {
			fresh.OnPause(j.breathe)
		}
		return fresh, err
	}
	found, err := train.CrossValidate(j.ctx, d, v)
	if err != nil {
		return nil, err
	}
	r := CrossResult{Mean: Logs(found.Mean), SD: Logs(found.SD)}
	for _, f := range found.Folds {
		r.Folds = append(r.Folds, CrossFold{f.Rows, Logs(f.Logs), f.History.Epoch, Curves(f.History.Metrics)})
	}
	return r, nil
}
