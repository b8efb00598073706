package train_test

import (
	"bytes"
	"context"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/core/nn"
	"github.com/terrarium-ml/terrarium/core/optim"
	"github.com/terrarium-ml/terrarium/core/tensor"
	"github.com/terrarium-ml/terrarium/core/train"
)

// curve is y = sin-like data: 40 rows of 3 numbers and 2 targets.
func curve() (x, y *tensor.Tensor) {
	x, y = tensor.New(40, 3), tensor.New(40, 2)
	for i := range x.Data {
		x.Data[i] = float32(i*37%41)/20 - 1
	}
	for i := range 40 {
		y.Data[2*i] = x.Data[3*i] * x.Data[3*i+1]
		y.Data[2*i+1] = x.Data[3*i+2] - 0.5
	}
	return x, y
}

func compiled(t testing.TB, c train.Config, layers ...nn.Layer) *train.Model {
	m, err := train.New(nn.Sequential(append([]nn.Layer{nn.Input(3)}, layers...)...), train.Seed(1))
	require.NoError(t, err)
	if c.Loss == nil {
		c.Loss = nn.MeanSquaredError{}
	}
	require.NoError(t, m.Compile(c))
	return m
}

func fit(t testing.TB, m *train.Model, c train.FitConfig) *train.History {
	x, y := curve()
	if c.BatchSize == 0 {
		c.BatchSize = 16
	}
	h, err := m.Fit(context.Background(), x, y, c)
	require.NoError(t, err)
	return h
}

func cosine() optim.Optimizer {
	return optim.WithSchedule(optim.AdamW{ExcludeVectors: true}, optim.CosineDecay{InitialLearningRate: 1e-4, WarmupTarget: 0.01, WarmupSteps: 4, DecaySteps: 20})
}

// Each update has the rate of its step, over all epochs.
func TestScheduleIsFollowed(t *testing.T) {
	m := compiled(t, train.Config{Optimizer: cosine()}, nn.Dense(4, nn.Tanh), nn.Dense(2))
	s := cosine().(optim.Scheduled).Schedule
	assert.Equal(t, s.At(0), m.LearningRate())
	step := 0
	fit(t, m, train.FitConfig{Epochs: 3, Callbacks: []train.Callback{{OnBatchEnd: func(m *train.Model, _ train.BatchLog) error {
		step++
		assert.Equal(t, s.At(step), m.LearningRate())
		return nil
	}}}})
	assert.Equal(t, 9, step)
	assert.ErrorContains(t, m.SetLearningRate(1), "follows a schedule")
}

// A run that was saved in its middle goes on with the same bits: the schedule, the decay
// that spares biases, constraints, penalties and a loss with options come back.
func TestResumedRunHasTheSameBits(t *testing.T) {
	layers := func() []nn.Layer {
		return []nn.Layer{nn.Dense(6, nn.Tanh, nn.KernelConstraint(nn.MaxNorm(0.9)), nn.ActivityRegularizer(nn.L1L2(0.01, 0.01))), nn.Dense(2, nn.BiasConstraint(nn.NonNeg()))}
	}
	config := train.Config{Optimizer: cosine(), Loss: nn.Huber{Delta: 0.5}}
	whole := compiled(t, config, layers()...)
	fit(t, whole, train.FitConfig{Epochs: 6})

	half := compiled(t, config, layers()...)
	var saved bytes.Buffer
	fit(t, half, train.FitConfig{Epochs: 3, Callbacks: []train.Callback{{OnEpochEnd: func(m *train.Model, epoch int, _ train.Logs) error {
		if epoch == 2 {
			return m.SaveCheckpoint(&saved)
		}
		return nil
	}}}})
	again, err := train.Load(&saved)
	require.NoError(t, err)
	fit(t, again, train.FitConfig{Epochs: 6, Resume: true})
	assert.Equal(t, whole.Digest(), again.Digest())
	for _, w := range whole.Weights()[0].Tensor.Data {
		assert.LessOrEqual(t, math.Abs(float64(w)), 0.9)
	}
}

// Biases do not move under decay alone where they are left out.
func TestDecaySparesWhatIsExcluded(t *testing.T) {
	for name, o := range map[string]optim.AdamW{
		"all":     {WeightDecay: 0.5, LearningRate: 0.1},
		"vectors": {WeightDecay: 0.5, LearningRate: 0.1, ExcludeVectors: true},
		"by name": {WeightDecay: 0.5, LearningRate: 0.1, Exclude: []string{"dense/bias", "dense_1/kernel"}},
	} {
		m := compiled(t, train.Config{Optimizer: o}, nn.Dense(2, nn.BiasInitializer(nn.Ones)), nn.Dense(2, nn.BiasInitializer(nn.Ones)))
		before := m.Weights()
		x, y := tensor.New(1, 3), tensor.New(1, 2)
		p, err := m.Predict(context.Background(), x)
		require.NoError(t, err)
		copy(y.Data, p.Data) // no error, no gradient
		_, err = m.Fit(context.Background(), x, y, train.FitConfig{})
		require.NoError(t, err)
		for i, w := range m.Weights() {
			spared := name == "vectors" && len(w.Tensor.Shape) == 1 || name == "by name" && (w.Name == "dense/bias" || w.Name == "dense_1/kernel")
			for k, v := range w.Tensor.Data {
				want := before[i].Tensor.Data[k]
				if !spared {
					want *= 0.95
				}
				assert.InDelta(t, want, v, 1e-6, "%s: %s", name, w.Name)
			}
		}
	}
}

func TestActivityPenaltyIsAddedToTheLoss(t *testing.T) {
	x, y := curve()
	loss := func(r nn.Regularizer) float64 {
		m := compiled(t, train.Config{Optimizer: optim.SGD{LearningRate: optim.Zero}}, nn.Dense(2, nn.ActivityRegularizer(r)))
		h := fit(t, m, train.FitConfig{BatchSize: 40})
		v, _ := h.Last("loss")
		e, err := m.Evaluate(context.Background(), x, y, train.EvalConfig{})
		require.NoError(t, err)
		if r == (nn.Regularizer{}) {
			assert.InDelta(t, v, e["loss"], 1e-6)
		} else {
			assert.Greater(t, v, e["loss"]+0.01, "evaluation is without penalties")
		}
		return v
	}
	m := compiled(t, train.Config{}, nn.Dense(2))
	p, err := m.Predict(context.Background(), x)
	require.NoError(t, err)
	l1, l2 := 0.0, 0.0
	for _, v := range p.Data {
		l1 += math.Abs(float64(v))
		l2 += float64(v) * float64(v)
	}
	assert.InDelta(t, loss(nn.Regularizer{})+(0.1*l1+0.2*l2)/40, loss(nn.L1L2(0.1, 0.2)), 1e-5)
}

// A row's weight reaches each of its places: weighing rows 0 and 1 leaves the gradient of
// the others alone.
func TestWeightsOfRowsWithSeveralPlaces(t *testing.T) {
	x, y := tensor.New(8, 5, 3), tensor.New(8, 5, 2)
	for i := range x.Data {
		x.Data[i] = float32(i*29%31)/15 - 1
	}
	weight := []float32{0, 2, 1, 0, 1, 1, 3, 0}
	run := func(x, y *tensor.Tensor, weight []float32, rate float64) []train.Weight {
		m, err := train.New(nn.Sequential(nn.Input(5, 3), nn.Dense(2)), train.Seed(1))
		require.NoError(t, err)
		require.NoError(t, m.Compile(train.Config{Loss: nn.LogCosh{}, Optimizer: optim.SGD{LearningRate: rate}}))
		_, err = m.Fit(context.Background(), x, y, train.FitConfig{BatchSize: 100, SampleWeight: weight, NoShuffle: true})
		require.NoError(t, err)
		return m.Weights()
	}
	// The same as rows that stand there as often as they weigh, at 8/8 of the rate.
	repeatedX, repeatedY := tensor.New(8, 5, 3), tensor.New(8, 5, 2)
	at := 0
	for i, w := range weight {
		for range int(w) {
			copy(repeatedX.Data[at*15:], x.Data[i*15:(i+1)*15])
			copy(repeatedY.Data[at*10:], y.Data[i*10:(i+1)*10])
			at++
		}
	}
	require.Equal(t, 8, at)
	a, b := run(x, y, weight, 0.1), run(repeatedX, repeatedY, nil, 0.1)
	for i := range a {
		assert.InDeltaSlice(t, b[i].Tensor.Data, a[i].Tensor.Data, 1e-6)
	}
}

func TestReduceLROnPlateau(t *testing.T) {
	rates := func(p train.ReduceLROnPlateau, epochs int) (list []float64) {
		m := compiled(t, train.Config{Optimizer: optim.SGD{LearningRate: 1e-9}}, nn.Dense(2)) // too little to become better
		fit(t, m, train.FitConfig{Epochs: epochs, Callbacks: []train.Callback{p.Callback(), {OnEpochEnd: func(m *train.Model, _ int, _ train.Logs) error {
			list = append(list, m.LearningRate()*1e9)
			return nil
		}}}})
		return list
	}
	assert.InDeltaSlice(t, []float64{1, 1, 0.5, 0.5, 0.25, 0.25}, rates(train.ReduceLROnPlateau{Factor: 0.5, Patience: 2}, 6), 1e-9)
	assert.InDeltaSlice(t, []float64{1, 0.5, 0.5, 0.25, 0.25, 0.125}, rates(train.ReduceLROnPlateau{Factor: 0.5, Patience: 1, Cooldown: 2}, 6), 1e-9)
	assert.InDeltaSlice(t, []float64{1, 0.1, 0.05, 0.05}, rates(train.ReduceLROnPlateau{Patience: 1, MinRate: 0.05e-9}, 4), 1e-9)
	assert.InDeltaSlice(t, []float64{1, 1, 1}, rates(train.ReduceLROnPlateau{Patience: 1, Monitor: "loss", Mode: "max", MinDelta: 1e-30}, 3)[:1], 1e-9, "of one epoch")

	x, y := curve()
	for says, p := range map[string]train.ReduceLROnPlateau{
		"factor must be above 0 and below 1, got 2": {Factor: 2},
		"must not be negative":                      {Patience: -1},
		`unknown mode "up"`:                         {Mode: "up"},
		`reduceLROnPlateau monitors "acc"`:          {Monitor: "acc"},
	} {
		_, err := compiled(t, train.Config{}, nn.Dense(2)).Fit(context.Background(), x, y, train.FitConfig{Callbacks: []train.Callback{p.Callback()}})
		assert.ErrorContains(t, err, says)
	}
	_, err := compiled(t, train.Config{Optimizer: cosine()}, nn.Dense(2)).Fit(context.Background(), x, y, train.FitConfig{Callbacks: []train.Callback{train.ReduceLROnPlateau{}.Callback()}})
	assert.ErrorContains(t, err, "so does the optimizer's schedule")
}

// A plateau goes on where a checkpoint was taken.
func TestPlateauIsInCheckpoints(t *testing.T) {
	p := train.ReduceLROnPlateau{Factor: 0.5, Patience: 3}
	config := train.Config{Optimizer: optim.SGD{LearningRate: 1e-9}}
	m := compiled(t, config, nn.Dense(2))
	var saved bytes.Buffer
	fit(t, m, train.FitConfig{Epochs: 3, Callbacks: []train.Callback{p.Callback(), {OnEpochEnd: func(m *train.Model, epoch int, _ train.Logs) error {
		if epoch == 2 {
			return m.SaveCheckpoint(&saved)
		}
		return nil
	}}}})
	again, err := train.Load(&saved)
	require.NoError(t, err)
	fit(t, again, train.FitConfig{Epochs: 4, Callbacks: []train.Callback{p.Callback()}, Resume: true})
	assert.Equal(t, 0.5e-9, again.LearningRate())
}

func TestFindLearningRate(t *testing.T) {
	x, y := curve()
	for name, o := range map[string]optim.Optimizer{"sgd": optim.SGD{Momentum: 0.9}, "scheduled": cosine()} {
		m := compiled(t, train.Config{Optimizer: o}, nn.Dense(8, nn.Tanh), nn.Dense(2))
		fit(t, m, train.FitConfig{Epochs: 2})
		before, rate := m.Digest(), m.LearningRate()
		c, err := m.FindLearningRate(context.Background(), x, y, train.RateSearch{From: 1e-5, To: 1000, BatchSize: 8, Steps: 60})
		require.NoError(t, err)
		assert.Equal(t, before, m.Digest())
		assert.Equal(t, rate, m.LearningRate())
		assert.Len(t, c.Losses, len(c.Rates))
		assert.True(t, c.Diverged, name)
		assert.Greater(t, c.Suggested, 1e-5)
		assert.Less(t, c.Suggested, 10.0, name)
		again, err := m.FindLearningRate(context.Background(), x, y, train.RateSearch{From: 1e-5, To: 1000, BatchSize: 8, Steps: 60})
		require.NoError(t, err)
		assert.Equal(t, c, again, "the same search finds the same")

		other := compiled(t, train.Config{Optimizer: o}, nn.Dense(8, nn.Tanh), nn.Dense(2))
		fit(t, other, train.FitConfig{Epochs: 2})
		fit(t, other, train.FitConfig{Epochs: 2})
		fit(t, m, train.FitConfig{Epochs: 2})
		assert.Equal(t, other.Digest(), m.Digest(), "a search leaves no trace in later training")
	}
	m := compiled(t, train.Config{}, nn.Dense(2))
	for says, c := range map[string]train.RateSearch{
		"want 0 < from < to":     {From: 1, To: 0.5},
		"at least 3 steps":       {Steps: 2},
		"smoothing from 0":       {Smoothing: 1},
		"diverged above 1, got ": {Diverged: 0.5},
	} {
		_, err := m.FindLearningRate(context.Background(), x, y, c)
		assert.ErrorContains(t, err, says)
	}
	stopped, stop := context.WithCancel(context.Background())
	stop()
	_, err := m.FindLearningRate(stopped, x, y, train.RateSearch{})
	var e *tensor.Error
	require.ErrorAs(t, err, &e)
	assert.Equal(t, tensor.CodeAborted, e.Code)
}

// A step with everything that was added to it allocates nothing: many steps an epoch
// take no more allocations than few.
func TestStepAllocatesNothingExtra(t *testing.T) {
	x, y := curve()
	m := compiled(t, train.Config{Optimizer: cosine(), Loss: nn.CategoricalFocalCrossentropy{FromLogits: true, LabelSmoothing: 0.1}},
		nn.Dense(4, nn.Tanh, nn.KernelConstraint(nn.MaxNorm(1)), nn.ActivityRegularizer(nn.L2(0.1)), nn.KernelRegularizer(nn.L1(0.01))),
		nn.Dense(2, nn.BiasConstraint(nn.NonNeg())))
	for i, v := range y.Data {
		y.Data[i] = v*0.1 + 0.5
	}
	allocs := func(batch int) float64 {
		return testing.AllocsPerRun(5, func() {
			_, err := m.Fit(context.Background(), x, y, train.FitConfig{BatchSize: batch, NoShuffle: true})
			require.NoError(t, err)
		})
	}
	allocs(2)
	assert.InDelta(t, allocs(20), allocs(2), 8, "20 steps and 2")
}
