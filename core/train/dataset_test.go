package train_test

import (
	"errors"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/core/nn"
	"github.com/terrarium-ml/terrarium/core/tensor"
	"github.com/terrarium-ml/terrarium/core/train"
)

// formula is a data set that lies nowhere: its rows are computed when they are wanted.
type formula struct {
	rows   int
	noise  bool // augment in training
	spoilt int  // a row that holds NaN; -1: none
	label  float32
	err    error
	seen   []int
}

func (f *formula) Rows() int { return f.rows }
func (f *formula) Shapes() (inputs, targets [][]int) {
	return [][]int{{2}}, [][]int{{}}
}

func (f *formula) Fill(b *train.Batch) error {
	x, y := blobs(f.rows)
	for i, r := range b.Rows {
		copy(b.Inputs[0][2*i:2*i+2], x.Data[2*r:])
		b.Targets[0][i] = y.Data[r] + f.label
		if f.noise && b.Training {
			b.Inputs[0][2*i] += rand.New(b.Rand).Float32() / 10
		}
		if r == f.spoilt {
			b.Inputs[0][2*i+1] = float32(math.NaN())
		}
	}
	f.seen = append(f.seen, b.Rows...)
	return f.err
}

// A Dataset trains to the same bits as the tensors that it stands for.
func TestDatasetIsLikeTensors(t *testing.T) {
	x, y := blobs(50)
	config := train.FitConfig{Epochs: 3, BatchSize: 8, ValidationSplit: 0.2, ClassWeight: map[int]float32{1: 2}}
	a, b := classifier(t, train.Config{Metrics: []string{"accuracy"}}), classifier(t, train.Config{Metrics: []string{"accuracy"}})
	want, err := a.Fit(ctx, x, y, config)
	require.NoError(t, err)
	d := &formula{rows: 50, spoilt: -1}
	got, err := b.FitData(ctx, d, config)
	require.NoError(t, err)
	assert.Equal(t, want, got)
	assert.Equal(t, a.Digest(), b.Digest())
	assert.Len(t, d.seen, 3*50)
}

// What a Dataset draws at random comes again, and not while it is evaluated.
func TestDatasetsRandomNumbersReplay(t *testing.T) {
	fit := func(noise bool) (string, train.Logs) {
		m := classifier(t, train.Config{})
		d := &formula{rows: 40, noise: noise, spoilt: -1}
		_, err := m.FitData(ctx, d, train.FitConfig{Epochs: 3, BatchSize: 8})
		require.NoError(t, err)
		logs, err := m.EvaluateData(ctx, d, train.EvalConfig{})
		require.NoError(t, err)
		x, y := blobs(40)
		same, err := m.Evaluate(ctx, x, y, train.EvalConfig{})
		require.NoError(t, err)
		assert.Equal(t, same, logs)
		return m.Digest(), logs
	}
	one, _ := fit(true)
	two, _ := fit(true)
	without, _ := fit(false)
	assert.Equal(t, one, two)
	assert.NotEqual(t, one, without)
}

func TestDatasetsAreChecked(t *testing.T) {
	m := classifier(t, train.Config{})
	start := m.Digest()
	for want, d := range map[string]*formula{
		"input row 18, column 2 is NaN": {rows: 20, spoilt: 17},
		"is 1.5; want a class number":   {rows: 20, spoilt: -1, label: 0.5},
		"the disk is gone":              {rows: 20, spoilt: -1, err: errors.New("the disk is gone")},
		"no rows":                       {spoilt: -1},
	} {
		_, err := m.FitData(ctx, d, train.FitConfig{BatchSize: 20})
		require.ErrorContains(t, err, want)
		assert.Equal(t, start, m.Digest())
	}
	other, err := train.New(nn.Sequential(nn.Input(3), nn.Dense(1)))
	require.NoError(t, err)
	require.NoError(t, other.Compile(train.Config{Loss: nn.MeanSquaredError{}}))
	_, err = other.FitData(ctx, &formula{rows: 20}, train.FitConfig{})
	assert.ErrorContains(t, err, "input: want input [batch, 3], got [batch, 2]")
	_, err = m.FitData(ctx, nil, train.FitConfig{})
	assert.ErrorContains(t, err, "data is missing")
}

func TestRowsAreChosen(t *testing.T) {
	d := &formula{rows: 10, spoilt: 3}
	m := classifier(t, train.Config{})
	_, err := m.FitData(ctx, d, train.FitConfig{Rows: []int{9, 0, 4}, ValidationRows: []int{1, 2}, NoShuffle: true, BatchSize: 2})
	require.NoError(t, err)
	assert.Equal(t, []int{9, 0, 4, 1, 2}, d.seen)
	x, y := blobs(10)
	byHand := classifier(t, train.Config{})
	pick := func(t *tensor.Tensor, rows ...int) *tensor.Tensor {
		out := tensor.New(append([]int{len(rows)}, t.Shape[1:]...)...)
		for i, r := range rows {
			copy(out.Row(i), t.Row(r))
		}
		return out
	}
	_, err = byHand.Fit(ctx, pick(x, 9, 0, 4), pick(y, 9, 0, 4), train.FitConfig{NoShuffle: true, BatchSize: 2})
	require.NoError(t, err)
	assert.Equal(t, byHand.Digest(), m.Digest())
	_, err = m.FitData(ctx, d, train.FitConfig{Rows: []int{10}})
	assert.ErrorContains(t, err, "row 10 is asked for, but the data has rows 0 to 9")
}
