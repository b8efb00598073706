package train_test

import (
	"bytes"
	"context"
	"errors"
	"math"
	"runtime"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/core/nn"
	"github.com/terrarium-ml/terrarium/core/optim"
	"github.com/terrarium-ml/terrarium/core/tensor"
	"github.com/terrarium-ml/terrarium/core/train"
)

var ctx = context.Background()

// code returns the code of an error of the core, or its text.
func code(err error) string {
	var e *tensor.Error
	if errors.As(err, &e) {
		return e.Code
	}
	return "other: " + err.Error()
}

// blobs are three clouds of points in the plane, which a small network separates.
func blobs(rows int) (x, y *tensor.Tensor) {
	x, y = tensor.New(rows, 2), tensor.New(rows)
	for i := range rows {
		class := i % 3
		y.Data[i] = float32(class)
		x.Data[2*i] = float32(class) + float32((i*37)%100)/250
		x.Data[2*i+1] = float32(class*class) - float32((i*61)%100)/250
	}
	return x, y
}

func classifier(t testing.TB, c train.Config, extra ...nn.Layer) *train.Model {
	layers := append([]nn.Layer{nn.Input(2), nn.Dense(8, nn.ReLU)}, extra...)
	m, err := train.New(nn.Sequential(append(layers, nn.Dense(3, nn.Softmax))...), train.Seed(7))
	require.NoError(t, err)
	if c.Loss == nil {
		c.Loss = nn.SparseCategoricalCrossentropy{}
	}
	require.NoError(t, m.Compile(c))
	return m
}

func TestFitLearns(t *testing.T) {
	m := classifier(t, train.Config{Optimizer: optim.Adam{LearningRate: 0.03}, Metrics: []string{"accuracy"}})
	x, y := blobs(150)
	h, err := m.Fit(ctx, x, y, train.FitConfig{Epochs: 40, ValidationSplit: 0.2})
	require.NoError(t, err)
	assert.Len(t, h.Epoch, 40)
	for _, name := range []string{"loss", "acc", "val_loss", "val_acc"} {
		assert.Len(t, h.Metrics[name], 40, name)
	}
	accuracy, _ := h.Last("val_acc")
	assert.Greater(t, accuracy, 0.95)
	logs, err := m.Evaluate(ctx, x, y, train.EvalConfig{})
	require.NoError(t, err)
	assert.Greater(t, logs["acc"], 0.95)
}

func TestPredictRowByRowIsTheSame(t *testing.T) {
	m := classifier(t, train.Config{})
	x, _ := blobs(700) // more than a block
	all, err := m.Predict(ctx, x)
	require.NoError(t, err)
	assert.Equal(t, []int{700, 3}, all.Shape)
	one := tensor.New(1, 3)
	for _, i := range []int{0, 1, 255, 256, 511, 699} {
		require.NoError(t, m.PredictInto(one, x.Slice(i, i+1)))
		assert.Equal(t, all.Slice(i, i+1).Bits(), one.Bits(), "row %d", i)
	}
}

// A batch of one and batches in any order have the epoch's rows all the same; an
// epoch's loss is the mean by rows.
func TestLastSmallerBatchIsTrainedOn(t *testing.T) {
	m := classifier(t, train.Config{})
	x, y := blobs(70)
	var sizes []int
	sum := 0.0
	record := train.Callback{OnBatchEnd: func(_ *train.Model, b train.BatchLog) error {
		sizes = append(sizes, b.Size)
		sum += b.Loss * float64(b.Size)
		return nil
	}}
	h, err := m.Fit(ctx, x, y, train.FitConfig{Epochs: 1, BatchSize: 32, Callbacks: []train.Callback{record}})
	require.NoError(t, err)
	assert.Equal(t, []int{32, 32, 6}, sizes)
	loss, _ := h.Last("loss")
	assert.InDelta(t, sum/70, loss, 1e-12)
}

func TestSeedDecidesEverything(t *testing.T) {
	digest := func(seed uint64, shuffle bool) string {
		m, err := train.New(nn.Sequential(nn.Input(2), nn.Dense(5, nn.Tanh), nn.Dropout(0.5), nn.Dense(3, nn.Softmax)), train.Seed(seed))
		require.NoError(t, err)
		require.NoError(t, m.Compile(train.Config{Loss: nn.SparseCategoricalCrossentropy{}}))
		x, y := blobs(50)
		_, err = m.Fit(ctx, x, y, train.FitConfig{Epochs: 3, BatchSize: 8, NoShuffle: !shuffle})
		require.NoError(t, err)
		return m.Digest()
	}
	assert.Equal(t, digest(1, true), digest(1, true))
	assert.NotEqual(t, digest(1, true), digest(2, true))
	assert.NotEqual(t, digest(1, true), digest(1, false))
}

// Hundred steps allocate nothing: counted from inside an epoch, several times. The
// program around the test may allocate now and then (the collector does, when it
// runs), so the least count stands; what a step allocates would be in every one.
func TestStepAllocatesNothing(t *testing.T) {
	const steps, windows, batch = 100, 5, 10
	m := goldenModel(t)
	x, y := goldenData()
	var before, after runtime.MemStats
	least, batches := uint64(math.MaxUint64), 0
	count := train.Callback{OnBatchEnd: func(*train.Model, train.BatchLog) error {
		if batches++; batches%steps == 0 {
			runtime.ReadMemStats(&after)
			if batches > steps { // the first window warms up
				least = min(least, after.Mallocs-before.Mallocs)
			}
			runtime.ReadMemStats(&before)
		}
		return nil
	}}
	big, labels := tensor.New(0, 300), tensor.New(0, 3)
	for big.Rows() < batch*steps*(windows+1) { // one epoch
		big.Data, labels.Data = append(big.Data, x.Data...), append(labels.Data, y.Data...)
		big.Shape[0], labels.Shape[0] = len(big.Data)/300, len(labels.Data)/3
	}
	_, err := m.Fit(ctx, big, labels, train.FitConfig{Epochs: 1, BatchSize: batch, Callbacks: []train.Callback{count}})
	require.NoError(t, err)
	assert.Zero(t, least, "allocations of %d steps", steps)
}

func TestPredictAllocatesNothing(t *testing.T) {
	m := goldenModel(t)
	x, _ := goldenData()
	p := tensor.New(150, 3)
	require.NoError(t, m.PredictInto(p, x))
	assert.Zero(t, testing.AllocsPerRun(10, func() { _ = m.PredictInto(p, x) }))
	one := tensor.New(1, 3)
	row := x.Slice(0, 1)
	assert.Zero(t, testing.AllocsPerRun(100, func() { _ = m.PredictInto(one, row) }))
}

func TestNaNStopsAndRollsBack(t *testing.T) {
	m, err := train.New(nn.Sequential(nn.Input(2), nn.Dense(8, nn.ReLU), nn.Dense(3)), train.Seed(1))
	require.NoError(t, err)
	require.NoError(t, m.Compile(train.Config{Optimizer: optim.SGD{LearningRate: 1e9}, Loss: nn.MeanSquaredError{}}))
	x, _ := blobs(60)
	y := tensor.New(60, 3)
	start := m.Digest()
	_, err = m.Fit(ctx, x, y, train.FitConfig{Epochs: 50, BatchSize: 8})
	require.Error(t, err)
	assert.Equal(t, tensor.CodeNaN, code(err))
	assert.Contains(t, err.Error(), "epoch 1")
	assert.Contains(t, err.Error(), "learning rate (it is 1e+09)")
	var e *tensor.Error
	require.ErrorAs(t, err, &e)
	assert.NotEmpty(t, e.Layer)
	assert.Equal(t, start, m.Digest(), "the weights are those from before the epoch")
}

func TestEarlyStoppingRestoresTheBest(t *testing.T) {
	m := classifier(t, train.Config{Optimizer: optim.Adam{LearningRate: 0.5}})
	x, y := blobs(90)
	var digests []string
	record := train.Callback{OnEpochEnd: func(m *train.Model, _ int, _ train.Logs) error {
		digests = append(digests, m.Digest())
		return nil
	}}
	h, err := m.Fit(ctx, x, y, train.FitConfig{Epochs: 200, ValidationSplit: 0.3, Callbacks: []train.Callback{record},
		EarlyStopping: &train.EarlyStopping{Patience: 3}})
	require.NoError(t, err)
	require.True(t, h.StoppedEarly)
	best := h.Metrics["val_loss"][h.BestEpoch]
	for _, v := range h.Metrics["val_loss"] {
		assert.GreaterOrEqual(t, v, best)
	}
	assert.Equal(t, h.BestEpoch+4, len(h.Epoch), "patience")
	assert.Equal(t, digests[h.BestEpoch], m.Digest())

	_, err = m.Fit(ctx, x, y, train.FitConfig{EarlyStopping: &train.EarlyStopping{Monitor: "val_acc"}})
	assert.ErrorContains(t, err, `early stopping monitors "val_acc", which this run does not report; it reports loss`)
}

func TestClassAndSampleWeights(t *testing.T) {
	// A class that weighs nothing is not learned from: training is as if it were
	// scaled away.
	fit := func(c train.FitConfig) string {
		m := classifier(t, train.Config{Optimizer: optim.SGD{LearningRate: 0.1}})
		x, y := blobs(30)
		c.NoShuffle, c.BatchSize = true, 30
		_, err := m.Fit(ctx, x, y, c)
		require.NoError(t, err)
		return m.Digest()
	}
	byRow := make([]float32, 30)
	for i := range byRow {
		byRow[i] = []float32{2, 0.5, 1}[i%3]
	}
	assert.Equal(t, fit(train.FitConfig{SampleWeight: byRow}), fit(train.FitConfig{ClassWeight: map[int]float32{0: 2, 1: 0.5}}))
	assert.NotEqual(t, fit(train.FitConfig{}), fit(train.FitConfig{SampleWeight: byRow}))
}

func TestAbortedStepDidNotHappen(t *testing.T) {
	// Large enough that a step pauses in its middle.
	m, err := train.New(nn.Sequential(nn.Input(400), nn.Dense(400, nn.ReLU), nn.Dense(400)), train.Seed(1))
	require.NoError(t, err)
	require.NoError(t, m.Compile(train.Config{Loss: nn.MeanSquaredError{}}))
	x, y := tensor.New(256, 400), tensor.New(256, 400)
	for i := range x.Data {
		x.Data[i] = float32(i%13) / 13
	}
	start := m.Digest()
	pauses := 0
	_, err = m.Fit(ctx, x, y, train.FitConfig{Epochs: 1, BatchSize: 256, Pause: func() error { pauses++; return nil }})
	require.NoError(t, err)
	require.Greater(t, pauses, 3, "one step pauses several times")
	require.NotEqual(t, start, m.Digest())

	for stopAt := 1; stopAt <= pauses; stopAt++ {
		before, n := m.Digest(), 0
		stop := tensor.Errorf(tensor.CodeAborted, "stopped")
		h, err := m.Fit(ctx, x, y, train.FitConfig{Epochs: 1, BatchSize: 256, Pause: func() error {
			if n++; n == stopAt {
				return stop
			}
			return nil
		}})
		assert.ErrorIs(t, err, stop)
		assert.Empty(t, h.Epoch)
		assert.Equal(t, before, m.Digest(), "stopped at pause %d", stopAt)
	}
	canceled, cancel := context.WithCancel(ctx)
	cancel()
	_, err = m.Fit(canceled, x, y, train.FitConfig{})
	assert.Equal(t, tensor.CodeAborted, code(err))
}

func TestResumeHasTheSameBits(t *testing.T) {
	x, y := blobs(100)
	make := func() *train.Model {
		return classifier(t, train.Config{Optimizer: optim.Adam{LearningRate: 0.01}, Metrics: []string{"accuracy"}}, nn.Dropout(0.2))
	}
	config := train.FitConfig{Epochs: 12, BatchSize: 16, ValidationSplit: 0.2, EarlyStopping: &train.EarlyStopping{Patience: 5}}
	whole := make()
	want, err := whole.Fit(ctx, x, y, config)
	require.NoError(t, err)

	var saved bytes.Buffer
	crash := errors.New("the lights went out")
	broken := config
	broken.Callbacks = []train.Callback{{OnEpochEnd: func(m *train.Model, epoch int, _ train.Logs) error {
		if epoch == 4 {
			require.NoError(t, m.SaveCheckpoint(&saved))
		}
		if epoch == 6 {
			return crash
		}
		return nil
	}}}
	_, err = make().Fit(ctx, x, y, broken)
	require.ErrorIs(t, err, crash)

	m, err := train.Load(&saved)
	require.NoError(t, err)
	require.Len(t, m.Interrupted().Epoch, 5)
	config.Resume = true
	got, err := m.Fit(ctx, x, y, config)
	require.NoError(t, err)
	assert.Equal(t, want, got)
	assert.Equal(t, whole.Digest(), m.Digest())
}

func TestBadData(t *testing.T) {
	m := classifier(t, train.Config{})
	x, y := blobs(10)
	nan := x.Clone()
	nan.Data[7] = float32(math.NaN())
	for name, c := range map[string]struct {
		x, y       *tensor.Tensor
		code, want string
	}{
		"no rows":         {tensor.New(0, 2), tensor.New(0), "data", "no rows"},
		"nil":             {nil, y, "data", "missing"},
		"wrong columns":   {tensor.New(10, 3), y, "shape", "want input [batch, 2], got [10, 3]"},
		"rows differ":     {x, tensor.New(9), "shape", "inputs have 10 rows, targets 9"},
		"NaN":             {nan, y, "data", "input row 4, column 2 is NaN"},
		"one-hot":         {x, tensor.New(10, 3), "shape", "wants targets [batch]"},
		"label too large": {x, &tensor.Tensor{Shape: []int{10}, Data: []float32{0, 1, 2, 3, 0, 0, 0, 0, 0, 0}}, "data", "target row 4 is 3"},
		"label not whole": {x, &tensor.Tensor{Shape: []int{10}, Data: []float32{0.5, 1, 2, 0, 0, 0, 0, 0, 0, 0}}, "data", "target row 1 is 0.5"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := m.Fit(ctx, c.x, c.y, train.FitConfig{})
			require.Error(t, err)
			assert.Equal(t, c.code, code(err))
			assert.ErrorContains(t, err, c.want)
		})
	}
	_, err := m.Fit(ctx, x, y, train.FitConfig{ValidationSplit: 1.5})
	assert.ErrorContains(t, err, "validation split of 1.5")
	_, err = m.Fit(ctx, x, y, train.FitConfig{Epochs: -1})
	assert.ErrorContains(t, err, "epochs -1")
	_, err = m.Fit(ctx, x, y, train.FitConfig{SampleWeight: []float32{1}})
	assert.ErrorContains(t, err, "want a sample weight for each of 10 rows, got 1")
}

func TestMemoryIsRefusedBeforeItIsTaken(t *testing.T) {
	_, err := train.New(nn.Sequential(nn.Input(1<<14), nn.Dense(1<<15)))
	assert.Equal(t, tensor.CodeMemory, code(err))
	m, err := train.New(nn.Sequential(nn.Input(10), nn.Dense(10)), train.MemoryLimit(1<<20))
	require.NoError(t, err)
	require.NoError(t, m.Compile(train.Config{Loss: nn.MeanSquaredError{}}))
	x := tensor.New(100000, 10)
	_, err = m.Fit(ctx, x, x, train.FitConfig{BatchSize: 100000})
	assert.Equal(t, tensor.CodeMemory, code(err))
	assert.ErrorContains(t, err, "use a smaller batch")
	_, err = m.Fit(ctx, x, x, train.FitConfig{BatchSize: 100})
	assert.NoError(t, err, "the model goes on working")
}
