package train_test

import (
	"encoding/binary"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/core/format/safetensors"
	"github.com/terrarium-ml/terrarium/core/nn"
	"github.com/terrarium-ml/terrarium/core/tensor"
	"github.com/terrarium-ml/terrarium/core/train"
)

// A model that expects single rows keeps its weights a second time. Whatever changes
// them, the next row is answered by the new ones.
func TestExpectRows(t *testing.T) {
	m, other := deep(t), deep(t)
	x, y := blobs(60)
	_, err := other.Fit(ctx, x, y, train.FitConfig{Epochs: 1})
	require.NoError(t, err)
	require.NoError(t, m.ExpectRows())
	row, out := tensor.New(1, 2), tensor.New(1, 3)
	copy(row.Data, x.Data)
	two := tensor.New(2, 2) // more than one row reads the weights themselves
	copy(two.Data, x.Data)
	agree := func(times int) {
		t.Helper()
		want, err := m.Predict(ctx, two)
		require.NoError(t, err)
		for range times {
			require.NoError(t, m.PredictInto(out, row))
			require.Equal(t, want.Data[:3], out.Data)
			clear(out.Data)
			require.NoError(t, m.PredictPlaced(out.Data, row.Data))
			require.Equal(t, want.Data[:3], out.Data)
		}
	}
	var tensors []*tensor.Tensor
	for _, w := range other.Weights() {
		tensors = append(tensors, w.Tensor)
	}
	kernel := tensor.New(64, 32)
	kernel.Data[5] = 3
	named := &safetensors.File{Tensors: []safetensors.Named{{Name: "dense_1/kernel", DType: safetensors.F32, Shape: kernel.Shape, Raw: bytesOf(kernel.Data)}}}

	const often = 130 // above which weights are copied
	agree(often)
	for _, change := range []struct {
		name string
		make func() error
	}{
		{"an epoch", func() error {
			_, err := m.Fit(ctx, x, y, train.FitConfig{Epochs: 1})
			return err
		}},
		{"the best weights of a training", func() error {
			_, err := m.Fit(ctx, x, y, train.FitConfig{Epochs: 6, ValidationSplit: 0.3,
				EarlyStopping: &train.EarlyStopping{Patience: 1, MinDelta: 10}})
			return err
		}},
		{"setting them", func() error { return m.SetWeights(tensors) }},
		{"setting one by its name", func() error {
			report, err := m.SetNamed(named)
			require.Equal(t, []string{"dense_1/kernel"}, report.Set)
			return err
		}},
		{"taking another model's", func() error {
			_, err := m.TakeWeights(other)
			return err
		}},
		{"freezing a layer", func() error {
			require.NoError(t, m.SetTrainable("dense", false))
			require.NoError(t, m.Compile(train.Config{Loss: nn.SparseCategoricalCrossentropy{}}))
			_, err := m.Fit(ctx, x, y, train.FitConfig{Epochs: 1})
			return err
		}},
	} {
		before := m.Digest()
		require.NoError(t, change.make(), change.name)
		require.NotEqual(t, before, m.Digest(), change.name)
		agree(1)
		agree(often)
	}

	_, err = m.FindLearningRate(ctx, x, y, train.RateSearch{Steps: 10})
	require.NoError(t, err)
	agree(often)
	assert.Zero(t, testing.AllocsPerRun(often, func() { require.NoError(t, m.PredictFloats(out.Data, row.Data)) }))
}

func bytesOf(x []float32) (raw []byte) {
	for _, v := range x {
		raw = binary.LittleEndian.AppendUint32(raw, math.Float32bits(v))
	}
	return raw
}

// What lies at one place is read there, by blocks, whatever is predicted in between.
func TestPredictPlaced(t *testing.T) {
	m := deep(t)
	x, _ := blobs(600)
	want, err := m.Predict(ctx, x)
	require.NoError(t, err)
	placed, got := append([]float32{}, x.Data...), make([]float32, len(want.Data))
	for _, rows := range []int{1, 256, 600, 257, 1} {
		clear(got)
		require.NoError(t, m.PredictPlaced(got[:rows*3], placed[:rows*2]))
		require.Equal(t, want.Data[:rows*3], got[:rows*3], "%d rows", rows)
		require.Equal(t, x.Data, placed, "nothing is written there")
		one := tensor.New(1, 3)
		require.NoError(t, m.PredictInto(one, &tensor.Tensor{Shape: []int{1, 2}, Data: x.Data[8:10]}))
		require.Equal(t, want.Data[12:15], one.Data)
		again, err := m.Predict(ctx, x)
		require.NoError(t, err)
		require.Equal(t, want.Data, again.Data)
	}
	placed[0] = 17
	require.NoError(t, m.PredictPlaced(got[:3], placed[:2]))
	require.NotEqual(t, want.Data[:3], got[:3], "the memory is read anew each time")
	require.Error(t, m.PredictPlaced(got[:3], placed[:3]))
	require.Error(t, m.PredictPlaced(got[:4], placed[:2]))
	require.Zero(t, testing.AllocsPerRun(100, func() {
		require.NoError(t, m.PredictPlaced(got[:3], placed[:2]))
		require.NoError(t, m.PredictPlaced(got, placed))
	}))
}
