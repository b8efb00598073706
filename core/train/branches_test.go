package train_test

import (
	"bytes"
	"errors"
	"math"
	"runtime"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/core/graph"
	"github.com/terrarium-ml/terrarium/core/nn"
	"github.com/terrarium-ml/terrarium/core/optim"
	"github.com/terrarium-ml/terrarium/core/tensor"
	"github.com/terrarium-ml/terrarium/core/train"
)

// sum is a layer of a user: it adds its two inputs.
type sum struct{}

func (sum) ClassName() string { return "Sum" }
func (sum) LayerName() string { return "" }
func (sum) Config() any       { return struct{}{} }
func (sum) LowerAll(s *nn.Scope, in []graph.Value) ([]graph.Value, error) {
	y, err := s.Apply(graph.Add{}, in[0], in[1])
	return []graph.Value{y}, err
}

// twoByTwo has two inputs, a sum of what Dense layers make of them, and two outputs.
func twoByTwo(t testing.TB, c train.Config) *train.Model {
	a, b := nn.NewInput(2), nn.NewInput(3)
	h := nn.Apply(sum{}, nn.Apply(nn.Dense(4, nn.Tanh, nn.Name("left")), a), nn.Apply(nn.Dense(4, nn.Tanh, nn.Name("right")), b))
	n, err := nn.Functional([]*nn.Symbol{a, b}, []*nn.Symbol{nn.Apply(nn.Dense(3, nn.Softmax, nn.Name("kind")), h), nn.Apply(nn.Dense(1, nn.Name("size")), h)})
	require.NoError(t, err)
	m, err := train.New(n, train.Seed(3))
	require.NoError(t, err)
	if c.Losses == nil && c.Loss == nil {
		c.Losses = []nn.Loss{nn.SparseCategoricalCrossentropy{}, nn.MeanSquaredError{}}
	}
	require.NoError(t, m.Compile(c))
	return m
}

func twoByTwoData(rows int) (x, y []*tensor.Tensor) {
	kinds, labels := blobs(rows)
	other, size := tensor.New(rows, 3), tensor.New(rows, 1)
	for i := range other.Data {
		other.Data[i] = float32((i*53)%97)/97 - 0.5
	}
	for i := range size.Data {
		size.Data[i] = other.Data[3*i] + kinds.Data[2*i]/4
	}
	return []*tensor.Tensor{kinds, other}, []*tensor.Tensor{labels, size}
}

// One step of gradient descent through two inputs and two outputs, computed by hand:
//
//	h = a·u + b·v    p = h·s, loss p²    q = h·r, loss |q|, counted 1/2
func TestGradientsOfTwoInputsAndTwoOutputs(t *testing.T) {
	a, b := nn.NewInput(1), nn.NewInput(1)
	h := nn.Apply(sum{}, nn.Apply(nn.Dense(1, nn.NoBias), a), nn.Apply(nn.Dense(1, nn.NoBias), b))
	n, err := nn.Functional([]*nn.Symbol{a, b}, []*nn.Symbol{nn.Apply(nn.Dense(1, nn.NoBias, nn.Name("p")), h), nn.Apply(nn.Dense(1, nn.NoBias, nn.Name("q")), h)})
	require.NoError(t, err)
	m, err := train.New(n, train.Seed(1))
	require.NoError(t, err)
	require.NoError(t, m.Compile(train.Config{Optimizer: optim.SGD{LearningRate: 1}, LossWeights: []float64{1, 0.5},
		Losses: []nn.Loss{nn.MeanSquaredError{}, nn.MeanAbsoluteError{}}}))
	one := func(v float32) *tensor.Tensor { return &tensor.Tensor{Shape: []int{1, 1}, Data: []float32{v}} }
	const u, v, s, r, va, vb = 0.5, 0.25, 0.5, -2.0, 1.0, 2.0
	require.Equal(t, "dense/kernel", m.Weights()[0].Name)
	require.NoError(t, m.SetWeights([]*tensor.Tensor{one(u), one(v), one(s), one(r)}))
	d := train.Tensors([]*tensor.Tensor{one(va), one(vb)}, []*tensor.Tensor{one(0), one(0)})
	history, err := m.FitData(ctx, d, train.FitConfig{})
	require.NoError(t, err)
	// h = 1, p = 0.5, q = -2; ∂p² = 2p, ∂|q| = -1.
	const dp, dq = 2 * 0.5, -1 * 0.5
	const dh = dp*s + dq*r
	want := []float32{u - dh*va, v - dh*vb, s - dp, r - dq}
	for i, w := range m.Weights() {
		assert.Equal(t, want[i], w.Tensor.Data[0], w.Name)
	}
	assert.Equal(t, map[string][]float64{"loss": {0.25 + 0.5*2}, "p_loss": {0.25}, "q_loss": {2}}, history.Metrics)
}

func TestSeveralOutputsAreReportedByName(t *testing.T) {
	m := twoByTwo(t, train.Config{OutputMetrics: [][]string{{"accuracy"}, {"mae"}}, LossWeights: []float64{1, 0.25}})
	assert.Equal(t, []string{"kind", "size"}, m.OutputNames())
	assert.Equal(t, []string{"kind_loss", "size_loss", "kind_acc", "size_mae"}, m.MetricNames())
	x, y := twoByTwoData(60)
	var batch []float64
	record := train.Callback{OnBatchEnd: func(_ *train.Model, b train.BatchLog) error {
		batch = append(batch[:0], b.Metrics...)
		assert.InDelta(t, b.Metrics[0]+b.Metrics[1]/4, b.Loss, 1e-12)
		return nil
	}}
	h, err := m.FitData(ctx, train.Tensors(x, y), train.FitConfig{Epochs: 30, ValidationSplit: 0.25, Callbacks: []train.Callback{record}})
	require.NoError(t, err)
	assert.Len(t, batch, 4)
	for _, name := range []string{"loss", "kind_loss", "size_loss", "kind_acc", "size_mae"} {
		assert.Len(t, h.Metrics[name], 30, name)
		assert.Len(t, h.Metrics["val_"+name], 30, name)
	}
	for i, loss := range h.Metrics["loss"] {
		assert.InDelta(t, h.Metrics["kind_loss"][i]+h.Metrics["size_loss"][i]/4, loss, 1e-6)
	}
	assert.Less(t, h.Metrics["loss"][29], h.Metrics["loss"][0])
	logs, err := m.EvaluateData(ctx, train.Tensors(x, y), train.EvalConfig{})
	require.NoError(t, err)
	assert.Len(t, logs, 5)
	assert.InDelta(t, logs["kind_loss"]+logs["size_loss"]/4, logs["loss"], 1e-6)

	p, err := m.PredictAll(ctx, x...)
	require.NoError(t, err)
	assert.Equal(t, []int{60, 3}, p[0].Shape)
	assert.Equal(t, []int{60, 1}, p[1].Shape)
	into := []*tensor.Tensor{tensor.New(60, 3), tensor.New(60, 1)}
	require.NoError(t, m.PredictAllInto(into, x))
	assert.Equal(t, p[0].Bits(), into[0].Bits())
	assert.Zero(t, testing.AllocsPerRun(10, func() { _ = m.PredictAllInto(into, x) }))
}

// An output whose loss counts nothing changes nothing: the rest has the bits of a model
// without it, and no gradient is computed for it.
func TestLossWeightsOneAndZero(t *testing.T) {
	a := nn.NewInput(2)
	trunk := nn.Apply(nn.Dense(5, nn.ReLU, nn.Name("trunk")), a)
	kind := nn.Apply(nn.Dense(3, nn.Softmax, nn.Name("kind")), trunk)
	size := nn.Apply(nn.Dense(1, nn.Name("size"), nn.KernelRegularizer(nn.L2(0.01))), trunk)
	fit := func(outputs []*nn.Symbol, c train.Config, y []*tensor.Tensor) (*train.Model, *train.History) {
		n, err := nn.Functional([]*nn.Symbol{a}, outputs)
		require.NoError(t, err)
		m, err := train.New(n, train.Seed(5))
		require.NoError(t, err)
		c.Optimizer = optim.SGD{LearningRate: 0.1}
		require.NoError(t, m.Compile(c))
		x, _ := blobs(40)
		h, err := m.FitData(ctx, train.Tensors([]*tensor.Tensor{x}, y), train.FitConfig{Epochs: 4, BatchSize: 16})
		require.NoError(t, err)
		return m, h
	}
	_, labels := blobs(40)
	alone, want := fit([]*nn.Symbol{kind}, train.Config{Loss: nn.SparseCategoricalCrossentropy{}}, []*tensor.Tensor{labels})
	both, got := fit([]*nn.Symbol{kind, size}, train.Config{LossWeights: []float64{1, 0},
		Losses: []nn.Loss{nn.SparseCategoricalCrossentropy{}, nn.MeanSquaredError{}}}, []*tensor.Tensor{labels, tensor.New(40, 1)})
	assert.Equal(t, want.Metrics["loss"], got.Metrics["kind_loss"])
	for i, w := range alone.Weights() {
		assert.Equal(t, w.Tensor.Bits(), both.Weights()[i].Tensor.Bits(), w.Name)
	}
	cost, err := both.StepCost(16)
	require.NoError(t, err)
	require.NoError(t, both.Compile(train.Config{Losses: []nn.Loss{nn.SparseCategoricalCrossentropy{}, nn.MeanSquaredError{}}}))
	more, err := both.StepCost(16)
	require.NoError(t, err)
	assert.Less(t, cost.Flops, more.Flops)
}

func TestSampleWeightsOfOutputs(t *testing.T) {
	x, y := twoByTwoData(20)
	fit := func(c train.FitConfig) (*train.Model, *train.History) {
		m := twoByTwo(t, train.Config{})
		h, err := m.FitData(ctx, train.Tensors(x, y), c)
		require.NoError(t, err)
		return m, h
	}
	ones := make([]float32, 20)
	for i := range ones {
		ones[i] = 1
	}
	plain, _ := fit(train.FitConfig{})
	same, _ := fit(train.FitConfig{SampleWeights: [][]float32{ones, nil}})
	assert.Equal(t, plain.Digest(), same.Digest())
	_, h := fit(train.FitConfig{SampleWeights: [][]float32{nil, make([]float32, 20)}})
	assert.Equal(t, []float64{0}, h.Metrics["size_loss"])
	assert.Equal(t, h.Metrics["kind_loss"], h.Metrics["loss"])
}

func TestBranchesComeBackFromFiles(t *testing.T) {
	a, b := nn.NewInput(2), nn.NewInput(2)
	tower := nn.Dense(4, nn.Tanh, nn.Name("tower"))
	n, err := nn.Functional([]*nn.Symbol{a, b}, []*nn.Symbol{
		nn.Apply(nn.Dense(3, nn.Softmax, nn.Name("kind")), nn.Apply(nn.Dropout(0.2), nn.Apply(tower, a))), nn.Apply(nn.Dense(2, nn.Name("place")), nn.Apply(tower, b))})
	require.NoError(t, err)
	fresh := func() *train.Model {
		m, err := train.New(n, train.Seed(8))
		require.NoError(t, err)
		require.NoError(t, m.Compile(train.Config{Losses: []nn.Loss{nn.SparseCategoricalCrossentropy{}, nn.MeanSquaredError{}},
			LossWeights: []float64{1, 0.5}, OutputMetrics: [][]string{{"accuracy"}, {}}}))
		return m
	}
	x, labels := blobs(50)
	d := train.Tensors([]*tensor.Tensor{x, x}, []*tensor.Tensor{labels, x})
	config := train.FitConfig{Epochs: 6, BatchSize: 8, Accumulate: 3, ValidationSplit: 0.2}
	whole := fresh()
	want, err := whole.FitData(ctx, d, config)
	require.NoError(t, err)

	var saved bytes.Buffer
	crash := errors.New("the lights went out")
	broken := config
	broken.Callbacks = []train.Callback{{OnEpochEnd: func(m *train.Model, epoch int, _ train.Logs) error {
		if epoch < 2 {
			return nil
		}
		require.NoError(t, m.SaveCheckpoint(&saved))
		return crash
	}}}
	_, err = fresh().FitData(ctx, d, broken)
	require.ErrorIs(t, err, crash)
	m, err := train.Load(&saved)
	require.NoError(t, err)
	config.Resume = true
	got, err := m.FitData(ctx, d, config)
	require.NoError(t, err)
	assert.Equal(t, want, got)
	assert.Equal(t, whole.Digest(), m.Digest())
	var first, second bytes.Buffer
	require.NoError(t, whole.Save(&first))
	require.NoError(t, m.Save(&second))
	assert.Equal(t, first.Bytes(), second.Bytes())
}

func TestBranchErrors(t *testing.T) {
	m := twoByTwo(t, train.Config{})
	x, y := twoByTwoData(10)
	for want, f := range map[string]func() error{
		"the model has 2 inputs (input, input_1), got 1": func() error { _, err := m.PredictAll(ctx, x[0]); return err },
		"use PredictAll": func() error { _, err := m.Predict(ctx, x[0]); return err },
		"input_1: want input [batch, 3], got [10, 2]": func() error { _, err := m.PredictAll(ctx, x[0], x[0]); return err },
		"input_1: input has 4 rows, but input has 10": func() error { _, err := m.PredictAll(ctx, x[0], x[1].Slice(0, 4)); return err },
		"the model has 2 outputs (kind, size) and wants targets for each, got 1": func() error {
			_, err := m.FitData(ctx, train.Tensors(x, y[:1]), train.FitConfig{})
			return err
		},
		"size: mean_squared_error wants targets": func() error {
			_, err := m.FitData(ctx, train.Tensors(x, []*tensor.Tensor{y[0], x[0]}), train.FitConfig{})
			return err
		},
		"kind: target row 1 is 7": func() error {
			seven := &tensor.Tensor{Shape: []int{10}, Data: []float32{7, 7, 7, 7, 7, 7, 7, 7, 7, 7}}
			_, err := m.FitData(ctx, train.Tensors(x, []*tensor.Tensor{seven, y[1]}), train.FitConfig{})
			return err
		},
		"weights of classes are for models of one output": func() error {
			_, err := m.FitData(ctx, train.Tensors(x, y), train.FitConfig{ClassWeight: map[int]float32{0: 1}})
			return err
		},
		"compile got 1 losses": func() error { return m.Compile(train.Config{Losses: []nn.Loss{nn.MeanSquaredError{}}}) },
		"kind: compile wants a loss": func() error {
			return m.Compile(train.Config{Losses: []nn.Loss{nil, nn.MeanSquaredError{}}})
		},
		"every loss has the weight 0": func() error {
			return m.Compile(train.Config{Loss: nn.MeanSquaredError{}, LossWeights: []float64{0, 0}})
		},
		"size: a loss weight must be": func() error {
			return m.Compile(train.Config{Loss: nn.MeanSquaredError{}, LossWeights: []float64{1, math.NaN()}})
		},
	} {
		assert.ErrorContains(t, f(), want)
	}
}

// mallocs counts the allocations of steps: the least of several windows, for the
// program around the test may allocate now and then.
func mallocs(t *testing.T, m *train.Model, d train.Dataset, c train.FitConfig) uint64 {
	const steps = 50
	var before, after runtime.MemStats
	least, batches := uint64(math.MaxUint64), 0
	c.Callbacks = []train.Callback{{OnBatchEnd: func(*train.Model, train.BatchLog) error {
		if batches++; batches%steps == 0 {
			runtime.ReadMemStats(&after)
			if batches > steps {
				least = min(least, after.Mallocs-before.Mallocs)
			}
			runtime.ReadMemStats(&before)
		}
		return nil
	}}}
	_, err := m.FitData(ctx, d, c)
	require.NoError(t, err)
	require.Greater(t, batches, 3*steps)
	return least
}

func TestStepsOfBranchesAllocateNothing(t *testing.T) {
	x, y := twoByTwoData(1000)
	m := twoByTwo(t, train.Config{Metrics: []string{}, OutputMetrics: [][]string{{"accuracy"}, {"mae"}}})
	assert.Zero(t, mallocs(t, m, train.Tensors(x, y), train.FitConfig{BatchSize: 5, Accumulate: 4}))
}

// masking is a layer of a user: its first input with the second one as mask.
type masking struct{}

func (masking) ClassName() string { return "Masking2" }
func (masking) LayerName() string { return "masking" }
func (masking) Config() any       { return struct{}{} }
func (masking) LowerAll(s *nn.Scope, in []graph.Value) ([]graph.Value, error) {
	y, err := s.Apply(graph.Activation{}, in[0])
	if err != nil {
		return nil, err
	}
	mask, err := s.Apply(graph.Activation{}, in[1])
	s.SetMask(y, mask)
	return []graph.Value{y}, err
}

// What the mask of an output hides counts nothing, in losses and in metrics; the mean
// of the loss is over all places all the same, that of a metric over those that count.
func TestMasksOfOutputs(t *testing.T) {
	x, steps := nn.NewInput(2, 1), nn.NewInput(2)
	n, err := nn.Functional([]*nn.Symbol{x, steps}, []*nn.Symbol{nn.Apply(nn.Dense(1, nn.NoBias), nn.Apply(masking{}, x, steps))})
	require.NoError(t, err)
	m, err := train.New(n, train.Seed(1))
	require.NoError(t, err)
	require.NoError(t, m.Compile(train.Config{Optimizer: optim.SGD{LearningRate: 1}, Loss: nn.MeanSquaredError{}, Metrics: []string{"mae"}}))
	one := &tensor.Tensor{Shape: []int{1, 1}, Data: []float32{1}}
	require.NoError(t, m.SetWeights([]*tensor.Tensor{one}))
	d := train.Tensors([]*tensor.Tensor{
		{Shape: []int{2, 2, 1}, Data: []float32{1, 2, 3, 100}}, {Shape: []int{2, 2}, Data: []float32{1, 0, 1, 0}}},
		[]*tensor.Tensor{tensor.New(2, 2, 1)})
	logs, err := m.EvaluateData(ctx, d, train.EvalConfig{})
	require.NoError(t, err)
	assert.Equal(t, train.Logs{"loss": (1 + 9) / 4.0, "mae": (1 + 3) / 2.0}, logs)
	_, err = m.FitData(ctx, d, train.FitConfig{SampleWeight: []float32{1, 0.5}})
	require.NoError(t, err)
	// ∂/∂w of (w·1)²/4 + 0.5·(w·3)²/4 at w = 1
	assert.Equal(t, float32(1-(2*1.0/4+0.5*2*9.0/4)), m.Weights()[0].Tensor.Data[0])
}
