package train

import (
	"context"
	"math"

	"github.com/terrarium-ml/terrarium/core/tensor"
)

// A CrossValidation says how to judge a way to learn by k models, each trained on all
// parts of the data but one, and judged on that (Stone, 1974).
type CrossValidation struct {
	Folds int    // 5 if 0
	Seed  uint64 // of the division

	// For folds with equal shares of classes, or that do not divide groups; see Folds.
	// Stratified takes the classes from the first target, where the data is tensors.
	Stratified bool
	Classes    []int // of the rows
	Groups     []int // of the rows

	// New makes the model of a fold, fresh and compiled.
	New func(fold int) (*Model, error)
	// Fit says how each is trained. The fold that is left out is its validation data.
	Fit FitConfig
	// OnFold, if set, is told of each fold when it is done: to show it, to keep the model
	// for an Ensemble, to save the result so far. An error ends the work.
	OnFold func(fold int, m *Model, so *CrossResult) error
	// Resume goes on with a result that an earlier call came to, with the same data and
	// options: its folds are not trained again.
	Resume *CrossResult
}

// A CrossResult is what cross-validation found. It can be kept as JSON.
type CrossResult struct {
	Folds []FoldResult `json:"folds"`

	// Mean and SD are taken over the folds, of what the models measured on the data that
	// they had not seen: "loss", "acc", …. SD is the sample's, √(Σ(v − mean)²/(k − 1)).
	Mean Logs `json:"mean"`
	SD   Logs `json:"sd"`
}

// A FoldResult is one model's.
type FoldResult struct {
	Rows    []int    `json:"rows"` // that were left out
	Logs    Logs     `json:"logs"` // measured on them by the model as it is after training
	History *History `json:"history"`
}

// CrossValidate trains and judges the models one after the other. With an error it
// returns the folds that are done.
func CrossValidate(ctx context.Context, d Dataset, c CrossValidation) (*CrossResult, error) {
	if c.New == nil {
		return nil, tensor.Errorf(tensor.CodeOption, "cross-validation: New is missing; it makes the model of a fold")
	}
	if c.Fit.Rows != nil || c.Fit.ValidationRows != nil || c.Fit.ValidationSplit != 0 || c.Fit.ValidationX != nil || c.Fit.Validation != nil || c.Fit.Resume {
		return nil, tensor.Errorf(tensor.CodeOption, "cross-validation decides itself what to train and to validate on; leave Rows, Resume and the validation options of Fit out")
	}
	if d == nil {
		return nil, tensor.Errorf(tensor.CodeData, "data is missing: want inputs and targets")
	}
	if c.Folds == 0 {
		c.Folds = 5
	}
	if c.Stratified && c.Classes == nil {
		t, ok := d.(*tensors)
		if !ok || t.missing() {
			return nil, tensor.Errorf(tensor.CodeOption, "stratified folds want Classes where the data is not tensors")
		}
		c.Classes = ClassesOf(t.y[0])
	}
	folds, err := Folds(d.Rows(), c.Folds, c.Seed, c.Classes, c.Groups)
	if err != nil {
		return nil, err
	}
	r := &CrossResult{}
	if c.Resume != nil {
		r.Folds = append(r.Folds, c.Resume.Folds[:min(len(c.Resume.Folds), len(folds))]...)
	}
	for i := len(r.Folds); i < len(folds); i++ {
		if err := c.fold(ctx, d, folds, i, r); err != nil {
			r.summarise()
			return r, err
		}
	}
	r.summarise()
	return r, nil
}

// fold trains and judges one model.
func (c *CrossValidation) fold(ctx context.Context, d Dataset, folds [][]int, i int, r *CrossResult) error {
	m, err := c.New(i)
	if err != nil {
		return err
	}
	fit := c.Fit
	fit.ValidationRows = folds[i]
	left := make([]bool, d.Rows())
	for _, row := range folds[i] {
		left[row] = true
	}
	for row, out := range left {
		if !out {
			fit.Rows = append(fit.Rows, row)
		}
	}
	h, err := m.FitData(ctx, d, fit)
	if err != nil {
		return err
	}
	logs, err := m.EvaluateData(ctx, d, EvalConfig{Rows: folds[i], BatchSize: fit.BatchSize})
	if err != nil {
		return err
	}
	r.Folds = append(r.Folds, FoldResult{folds[i], logs, h})
	if c.OnFold != nil {
		r.summarise()
		return c.OnFold(i, m, r)
	}
	return nil
}

// summarise takes means and standard deviations, each sum in the order of the folds.
func (r *CrossResult) summarise() {
	r.Mean, r.SD = Logs{}, Logs{}
	if len(r.Folds) == 0 {
		return
	}
	n := float64(len(r.Folds))
	for name := range r.Folds[0].Logs {
		sum, squares := 0.0, 0.0
		for _, f := range r.Folds {
			sum += f.Logs[name]
		}
		mean := sum / n
		for _, f := range r.Folds {
			d := f.Logs[name] - mean
			squares += float64(d * d)
		}
		r.Mean[name], r.SD[name] = mean, math.Sqrt(squares/max(1, n-1))
	}
}
