package train_test

import (
	"bytes"
	"errors"
	"io"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/core/json"
	"github.com/terrarium-ml/terrarium/core/optim"
	"github.com/terrarium-ml/terrarium/core/train"
)

// A file in memory that counts how often it was closed.
type file struct {
	bytes.Buffer
	closed int
}

func (f *file) Close() error { f.closed++; return nil }

// halving is a callback of a user: it halves the learning rate when the loss was above a
// mean that it remembers.
func halving() train.Callback {
	var mean float64
	return train.Callback{
		Name: "halving",
		OnEpochEnd: func(m *train.Model, _ int, logs train.Logs) error {
			if mean = (mean + logs["loss"]) / 2; logs["loss"] < mean {
				return nil
			}
			return m.SetLearningRate(m.LearningRate() / 2)
		},
		State:    func() (json.RawMessage, error) { return json.Marshal(mean) },
		SetState: func(text json.RawMessage) error { return json.Unmarshal(text, &mean) },
	}
}

// Callbacks are called in their order, and what they remember survives an interruption:
// the bits are those of a run without one.
func TestCallbacksCompose(t *testing.T) {
	x, y := blobs(90)
	best := map[string]*file{}
	config := func(run string, more ...train.Callback) train.FitConfig {
		keep := train.ModelCheckpoint{Open: func(int, train.Logs) (io.WriteCloser, error) {
			best[run] = &file{}
			return best[run], nil
		}}
		return train.FitConfig{Epochs: 12, BatchSize: 16, ValidationSplit: 0.2, Callbacks: append([]train.Callback{halving(), keep.Callback()}, more...)}
	}
	fresh := func() *train.Model { return classifier(t, train.Config{Optimizer: optim.Adam{LearningRate: 0.3}}) }
	whole := fresh()
	want, err := whole.Fit(ctx, x, y, config("whole"))
	require.NoError(t, err)
	assert.Less(t, whole.LearningRate(), 0.3)

	var saved bytes.Buffer
	crash := errors.New("the lights went out")
	stop := train.Callback{OnEpochEnd: func(m *train.Model, epoch int, _ train.Logs) error {
		if epoch < 5 {
			return nil
		}
		require.NoError(t, m.SaveCheckpoint(&saved))
		return crash
	}}
	_, err = fresh().Fit(ctx, x, y, config("broken", stop))
	require.ErrorIs(t, err, crash)
	m, err := train.Load(&saved)
	require.NoError(t, err)
	best["resumed"] = best["broken"] // what was saved before the lights went out
	resumed := config("resumed")
	resumed.Resume = true
	got, err := m.Fit(ctx, x, y, resumed)
	require.NoError(t, err)
	assert.Equal(t, want, got)
	assert.Equal(t, whole.Digest(), m.Digest())
	assert.Equal(t, best["whole"].Bytes(), best["resumed"].Bytes())

	kept, err := train.Load(&best["whole"].Buffer)
	require.NoError(t, err)
	logs, err := kept.Evaluate(ctx, x.Slice(72, 90), y.Slice(72, 90), train.EvalConfig{})
	require.NoError(t, err)
	for _, v := range want.Metrics["val_loss"] {
		assert.GreaterOrEqual(t, v, logs["loss"]-1e-9)
	}
	assert.Equal(t, 1, best["whole"].closed)
}

// What would pull the ground from under a run is refused while it goes on.
func TestCallbacksCannotCompile(t *testing.T) {
	x, y := blobs(20)
	var errs []error
	nosy := train.Callback{OnBatchEnd: func(m *train.Model, _ train.BatchLog) error {
		_, err := m.Fit(ctx, x, y, train.FitConfig{})
		errs = append(errs, err, m.Compile(train.Config{}), m.SetTrainable("dense", false))
		return nil
	}}
	m := classifier(t, train.Config{})
	_, err := m.Fit(ctx, x, y, train.FitConfig{Callbacks: []train.Callback{nosy}})
	require.NoError(t, err)
	require.Len(t, errs, 3)
	for _, err := range errs {
		assert.ErrorContains(t, err, "the model is being fitted")
	}
	_, err = m.Fit(ctx, x, y, train.FitConfig{})
	assert.NoError(t, err)
}

func TestModelCheckpointErrors(t *testing.T) {
	x, y := blobs(20)
	open := func(int, train.Logs) (io.WriteCloser, error) { return &file{}, nil }
	for want, c := range map[string][]train.ModelCheckpoint{
		"Open is missing":                {{}},
		`unknown mode "up"`:              {{Open: open, Mode: "up"}},
		`model checkpoint monitors "f1"`: {{Open: open, Monitor: "f1"}},
		"give each another name":         {{Open: open}, {Open: open}},
	} {
		var callbacks []train.Callback
		for _, c := range c {
			callbacks = append(callbacks, c.Callback())
		}
		_, err := classifier(t, train.Config{}).Fit(ctx, x, y, train.FitConfig{Callbacks: callbacks})
		assert.ErrorContains(t, err, want)
	}
	count := 0
	every := train.ModelCheckpoint{Always: true, Resumable: true, Open: func(int, train.Logs) (io.WriteCloser, error) { count++; return &file{}, nil }}
	_, err := classifier(t, train.Config{}).Fit(ctx, x, y, train.FitConfig{Epochs: 3, Callbacks: []train.Callback{every.Callback()}})
	require.NoError(t, err)
	assert.Equal(t, 3, count)
}
