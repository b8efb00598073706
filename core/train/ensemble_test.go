package train_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/core/nn"
	"github.com/terrarium-ml/terrarium/core/tensor"
	"github.com/terrarium-ml/terrarium/core/train"
)

// fixed is a model that multiplies its input by a matrix.
func fixed(t *testing.T, in, out int, kernel ...float32) *train.Model {
	m, err := train.New(nn.Sequential(nn.Input(in), nn.Dense(out, nn.NoBias)))
	require.NoError(t, err)
	require.NoError(t, m.SetWeights([]*tensor.Tensor{{Shape: []int{in, out}, Data: kernel}}))
	return m
}

func TestEnsembles(t *testing.T) {
	a, b, c := fixed(t, 1, 3, 0.5, 0.25, 0.25), fixed(t, 1, 3, 0, 0.75, 0.25), fixed(t, 1, 3, 0.25, 0.25, 0.5)
	e, err := train.NewEnsemble(a, b)
	require.NoError(t, err)
	x, err := tensor.From([]float32{1, 2}, 2, 1)
	require.NoError(t, err)
	p, err := e.Predict(ctx, x)
	require.NoError(t, err)
	assert.Equal(t, []float32{0.25, 0.5, 0.25, 0.5, 1, 0.5}, p.Data)

	e, err = train.NewEnsemble(a, b, c, b)
	require.NoError(t, err)
	e.Vote = true
	p, err = e.Predict(ctx, x.Slice(0, 1))
	require.NoError(t, err)
	assert.Equal(t, []float32{0.25, 0.5, 0.25}, p.Data)

	e, err = train.NewEnsemble(fixed(t, 1, 1, 0.5), fixed(t, 1, 1, 0.4))
	require.NoError(t, err)
	e.Vote = true
	p, err = e.Predict(ctx, x)
	require.NoError(t, err)
	assert.Equal(t, []float32{0.5, 1}, p.Data)

	two := []*train.Model{twoByTwo(t, train.Config{}), twoByTwo(t, train.Config{})}
	e, err = train.NewEnsemble(two...)
	require.NoError(t, err)
	inputs, _ := twoByTwoData(5)
	outputs, err := e.PredictAll(ctx, inputs...)
	require.NoError(t, err)
	want, err := two[0].PredictAll(ctx, inputs...)
	require.NoError(t, err)
	assert.Equal(t, want[1].Data, outputs[1].Data)
	_, err = e.Predict(ctx, inputs[0])
	assert.ErrorContains(t, err, "use PredictAll")

	_, err = train.NewEnsemble()
	assert.ErrorContains(t, err, "at least one model")
	_, err = train.NewEnsemble(a, nil)
	assert.ErrorContains(t, err, "model 1 of the ensemble is nil")
	_, err = train.NewEnsemble(a, fixed(t, 1, 2, 1, 1))
	assert.ErrorContains(t, err, "model 1 of the ensemble has inputs [[1]] and outputs [[2]], the first one [[1]] and [[3]]")
}
