//go:build browser

package tests

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/core/nn"
	"github.com/terrarium-ml/terrarium/core/optim"
	"github.com/terrarium-ml/terrarium/core/tensor"
	"github.com/terrarium-ml/terrarium/core/train"
	"github.com/terrarium-ml/terrarium/tests/browser"
)

// branches is the model of tests/pages/branches.js, in Go.
func branches(t *testing.T) *train.Model {
	a, b := nn.Input(4), nn.NewInput(4)
	a.Name = "a"
	in := nn.Apply(a)
	tower := nn.Dense(6, nn.Tanh, nn.Name("tower"))
	kind := nn.Apply(nn.Dense(3, nn.Softmax, nn.Name("kind")), nn.Apply(nn.Dropout(0.25), nn.Apply(tower, in)))
	network, err := nn.Functional([]*nn.Symbol{in, b}, []*nn.Symbol{kind, nn.Apply(nn.Dense(2, nn.Name("place")), nn.Apply(tower, b))})
	require.NoError(t, err)
	m, err := train.New(network, train.Seed(11))
	require.NoError(t, err)
	require.NoError(t, m.Compile(train.Config{Optimizer: optim.Adam{LearningRate: 0.01}, LossWeights: []float64{1, 0.5},
		Losses: []nn.Loss{nn.SparseCategoricalCrossentropy{}, nn.MeanSquaredError{}}}))
	const rows = 40
	numbers := func(k, columns int) *tensor.Tensor {
		x := tensor.New(rows, columns)
		for i := range x.Data {
			x.Data[i] = float32(i*k%64) / 64
		}
		return x
	}
	labels := tensor.New(rows)
	for i := range labels.Data {
		labels.Data[i] = float32(i % 3)
	}
	d := train.Tensors([]*tensor.Tensor{numbers(7, 4), numbers(11, 4)}, []*tensor.Tensor{labels, numbers(5, 2)})
	_, err = m.FitData(context.Background(), d, train.FitConfig{Epochs: 4, BatchSize: 8, Accumulate: 2, SampleWeight: labels.Data})
	require.NoError(t, err)
	return m
}

// A network of two inputs and two outputs is described, trained, cut and tuned through
// the JavaScript face, to the bits that Go gives.
func TestBranchesInTheBrowser(t *testing.T) {
	p := browser.Open(t, browser.Chromium(t), browser.Site(t, nil)+"/pages/")
	var got struct {
		Names, Logs, Batch, Inputs []string
		Batches, Layers            int
		Folds                      []int
		Means                      []string
		Thirds                     bool
		Shapes                     [][]int
		Changed                    []bool
		Digest, Refused, Wrong     string
	}
	p.Eval(`import('/pages/branches.js').then((m) => m.branches())`, &got)
	assert.ElementsMatch(t, []string{"loss", "kind_loss", "place_loss", "kind_acc", "val_loss", "val_kind_loss", "val_place_loss", "val_kind_acc"}, got.Names)
	assert.ElementsMatch(t, []string{"loss", "kind_loss", "place_loss", "kind_acc"}, got.Logs)
	assert.ElementsMatch(t, []string{"batch", "size", "loss", "kind_loss", "place_loss", "kind_acc"}, got.Batch)
	assert.Equal(t, 4*5, got.Batches)
	assert.Equal(t, [][]int{{40, 3}, {40, 2}}, got.Shapes)
	assert.Equal(t, branches(t).Digest(), got.Digest)
	assert.Equal(t, []bool{false, false, false, false, true, true}, got.Changed, "tower and the first of the head are frozen")
	assert.Contains(t, got.Refused, "option: the outputs need an input that is not listed")
	assert.Equal(t, "option", got.Wrong)
	assert.Equal(t, []string{"a", "input"}, got.Inputs)
	assert.Equal(t, 6, got.Layers)
	assert.Equal(t, []int{10, 10, 10, 10}, got.Folds)
	assert.ElementsMatch(t, []string{"loss", "acc"}, got.Means)
	assert.True(t, got.Thirds, "three models vote")
}
