package train_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/core/json"
	"github.com/terrarium-ml/terrarium/core/nn"
	"github.com/terrarium-ml/terrarium/core/tensor"
	"github.com/terrarium-ml/terrarium/core/train"
)

func TestFoldsDivideRows(t *testing.T) {
	classes := make([]int, 103)
	for i := range classes {
		if i%10 == 0 {
			classes[i] = 7
		}
	}
	for name, labels := range map[string][]int{"plain": nil, "stratified": classes} {
		folds, err := train.Folds(103, 4, 1, labels, nil)
		require.NoError(t, err)
		all := slices.Concat(folds...)
		slices.Sort(all)
		for i, row := range all {
			require.Equal(t, i, row, name)
		}
		for _, fold := range folds {
			assert.InDelta(t, 103.0/4, len(fold), 1)
			assert.True(t, slices.IsSorted(fold))
			sevens := 0
			for _, row := range fold {
				if labels != nil && labels[row] == 7 {
					sevens++
				}
			}
			if labels != nil {
				assert.InDelta(t, 11.0/4, sevens, 1)
			}
		}
		same, err := train.Folds(103, 4, 1, labels, nil)
		require.NoError(t, err)
		assert.Equal(t, folds, same)
		other, err := train.Folds(103, 4, 2, labels, nil)
		require.NoError(t, err)
		assert.NotEqual(t, folds, other)
	}
}

func TestFoldsKeepGroups(t *testing.T) {
	groups := make([]int, 60)
	for i := range groups {
		groups[i] = i * i / 100
	}
	folds, err := train.Folds(60, 3, 1, nil, groups)
	require.NoError(t, err)
	in := map[int]int{}
	for k, fold := range folds {
		assert.InDelta(t, 20, len(fold), 3)
		for _, row := range fold {
			before, seen := in[groups[row]]
			assert.True(t, !seen || before == k, "group %d", groups[row])
			in[groups[row]] = k
		}
	}
	for want, f := range map[string]func() ([][]int, error){
		"from 2 to the number of rows, 5, got 1":  func() ([][]int, error) { return train.Folds(5, 1, 0, nil, nil) },
		"from 2 to the number of rows, 5, got 6":  func() ([][]int, error) { return train.Folds(5, 6, 0, nil, nil) },
		"classes or groups of rows, not both":     func() ([][]int, error) { return train.Folds(2, 2, 0, []int{1, 1}, []int{1, 1}) },
		"want a group for each of 3 rows, got 2":  func() ([][]int, error) { return train.Folds(3, 2, 0, nil, []int{1, 1}) },
		"1 groups cannot be divided into 2 folds": func() ([][]int, error) { return train.Folds(3, 2, 0, nil, []int{1, 1, 1}) },
	} {
		_, err := f()
		assert.ErrorContains(t, err, want)
	}
	y, err := tensor.From([]float32{0, 0, 1, 1, 0, 0}, 2, 3)
	require.NoError(t, err)
	assert.Equal(t, []int{2, 0}, train.ClassesOf(y))
}

// validation are three folds of blobs, each by a fresh model.
func validation(t *testing.T) (train.Dataset, train.CrossValidation) {
	x, y := blobs(60)
	return train.Tensors([]*tensor.Tensor{x}, []*tensor.Tensor{y}), train.CrossValidation{
		Folds: 3, Seed: 5, Stratified: true, Fit: train.FitConfig{Epochs: 4, BatchSize: 16},
		New: func(int) (*train.Model, error) {
			return classifier(t, train.Config{Metrics: []string{"accuracy"}}), nil
		},
	}
}

func TestCrossValidation(t *testing.T) {
	d, c := validation(t)
	r, err := train.CrossValidate(ctx, d, c)
	require.NoError(t, err)
	require.Len(t, r.Folds, 3)
	sum := 0.0
	for _, f := range r.Folds {
		assert.Len(t, f.Rows, 20)
		assert.Len(t, f.History.Metrics["val_acc"], 4)
		last, _ := f.History.Last("val_loss")
		assert.InDelta(t, last, f.Logs["loss"], 1e-12)
		sum += f.Logs["loss"]
	}
	assert.InDelta(t, sum/3, r.Mean["loss"], 1e-12)
	assert.Positive(t, r.SD["loss"])
	assert.Contains(t, r.Mean, "acc")

	// A fold is what training on the other rows by hand gives.
	x, y := blobs(60)
	m := classifier(t, train.Config{Metrics: []string{"accuracy"}})
	var rest []int
	for i := range 60 {
		if !slices.Contains(r.Folds[0].Rows, i) {
			rest = append(rest, i)
		}
	}
	_, err = m.Fit(ctx, x, y, train.FitConfig{Epochs: 4, BatchSize: 16, Rows: rest})
	require.NoError(t, err)
	logs, err := m.Evaluate(ctx, x, y, train.EvalConfig{Rows: r.Folds[0].Rows, BatchSize: 16})
	require.NoError(t, err)
	assert.Equal(t, logs, r.Folds[0].Logs)
}

func TestCrossValidationGoesOn(t *testing.T) {
	d, c := validation(t)
	want, err := train.CrossValidate(ctx, d, c)
	require.NoError(t, err)
	crash := errors.New("the lights went out")
	var saved []byte
	broken := c
	broken.OnFold = func(fold int, m *train.Model, so *train.CrossResult) error {
		assert.NotNil(t, m)
		saved, err = json.Marshal(so)
		require.NoError(t, err)
		if fold == 1 {
			return crash
		}
		return nil
	}
	part, err := train.CrossValidate(ctx, d, broken)
	require.ErrorIs(t, err, crash)
	assert.Len(t, part.Folds, 2)
	c.Resume = &train.CrossResult{}
	require.NoError(t, json.Unmarshal(saved, c.Resume))
	got, err := train.CrossValidate(ctx, d, c)
	require.NoError(t, err)
	assert.Equal(t, want, got)

	c.Fit.ValidationSplit = 0.5
	_, err = train.CrossValidate(ctx, d, c)
	assert.ErrorContains(t, err, "decides itself what to train and to validate on")
	_, err = train.CrossValidate(ctx, d, train.CrossValidation{})
	assert.ErrorContains(t, err, "New is missing")
	c.Fit.ValidationSplit, c.New = 0, func(int) (*train.Model, error) { return train.New(nn.Sequential()) }
	c.Resume = nil
	_, err = train.CrossValidate(ctx, d, c)
	assert.ErrorContains(t, err, "at least one layer")
}
