package train_test

import (
	"errors"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/core/json"
	"github.com/terrarium-ml/terrarium/core/nn"
	"github.com/terrarium-ml/terrarium/core/optim"
	"github.com/terrarium-ml/terrarium/core/tensor"
	"github.com/terrarium-ml/terrarium/core/train"
)

// search looks for a learning rate, a width and an activation for blobs.
func search(t *testing.T) (train.Dataset, train.Search) {
	x, y := blobs(60)
	return train.Tensors([]*tensor.Tensor{x}, []*tensor.Tensor{y}), train.Search{
		Space: []train.Dimension{
			{Name: "rate", Min: 1e-4, Max: 1, Log: true},
			{Name: "units", Min: 2, Max: 9, Whole: true},
			{Name: "activation", Choices: []string{"relu", "tanh"}},
		},
		Seed: 3, Trials: 9,
		New: func(_ int, p train.Params) (*train.Model, train.FitConfig, error) {
			m, err := train.New(nn.Sequential(nn.Input(2), nn.Dense(int(p.Numbers["units"]), nn.Activation(p.Choices["activation"])), nn.Dense(3, nn.Softmax)), train.Seed(1))
			require.NoError(t, err)
			require.NoError(t, m.Compile(train.Config{Optimizer: optim.Adam{LearningRate: p.Numbers["rate"]}, Loss: nn.SparseCategoricalCrossentropy{}}))
			return m, train.FitConfig{Epochs: 3, BatchSize: 16, ValidationSplit: 0.25}, nil
		},
	}
}

func TestSearchIsRandomAndReplays(t *testing.T) {
	d, s := search(t)
	state, err := s.Run(ctx, d, nil)
	require.NoError(t, err)
	require.Len(t, state.Trials, 9)
	assert.Equal(t, "trials", state.Ended)
	assert.Equal(t, 27, state.Epochs)
	assert.Equal(t, "val_loss", state.Monitor)
	best := state.Best()
	low := 0
	for _, trial := range state.Trials {
		assert.LessOrEqual(t, best.Values[0], trial.Values[0])
		assert.Equal(t, trial.Logs["val_loss"], trial.Values[0])
		rate, units := trial.Params.Numbers["rate"], trial.Params.Numbers["units"]
		assert.True(t, rate >= 1e-4 && rate <= 1 && units >= 2 && units <= 9 && units == math.Floor(units), "%v", trial.Params)
		if rate < 1e-2 {
			low++
		}
	}
	assert.True(t, low > 1 && low < 8, "the scale is logarithmic")
	m, err := best.Model()
	require.NoError(t, err)
	x, y := blobs(60)
	logs, err := m.Evaluate(ctx, x.Slice(45, 60), y.Slice(45, 60), train.EvalConfig{})
	require.NoError(t, err)
	assert.InDelta(t, best.Values[0], logs["loss"], 1e-9)
	for i := range state.Trials {
		if &state.Trials[i] != best {
			_, err := state.Trials[i].Model()
			assert.ErrorContains(t, err, "was not kept")
		}
	}
	assertSearchGoesOn(t, s, d, state)
}

func TestSuccessiveHalving(t *testing.T) {
	d, s := search(t)
	s.Halving = &train.Halving{MinEpochs: 2, MaxEpochs: 100}
	state, err := s.Run(ctx, d, nil)
	require.NoError(t, err)
	rungs := map[int]int{}
	for _, trial := range state.Trials {
		rungs[len(trial.Values)]++
		assert.Equal(t, []int{2, 6, 18}[len(trial.Values)-1], trial.Epochs)
	}
	assert.Equal(t, map[int]int{1: 6, 2: 2, 3: 1}, rungs)
	assert.Equal(t, 9*2+3*4+1*12, state.Epochs)
	best := state.Best()
	require.Len(t, best.Values, 3)
	better := 0
	for _, trial := range state.Trials {
		if trial.Values[0] < best.Values[0] {
			better++
		}
	}
	assert.Less(t, better, 3, "the best third goes on")

	// The survivor has the bits of a model that was trained in one go.
	m, fit, err := s.New(best.Number, best.Params)
	require.NoError(t, err)
	fit.Epochs = 18
	_, err = m.FitData(ctx, d, fit)
	require.NoError(t, err)
	kept, err := best.Model()
	require.NoError(t, err)
	assert.Equal(t, m.Digest(), kept.Digest())
	assertSearchGoesOn(t, s, d, state)
}

// assertSearchGoesOn interrupts the search after each of its trials, keeps the state as
// JSON, and goes on with that.
func assertSearchGoesOn(t *testing.T, s train.Search, d train.Dataset, want *train.SearchState) {
	t.Helper()
	crash := errors.New("the lights went out")
	wanted, err := json.Marshal(want)
	require.NoError(t, err)
	for stopAt := 1; stopAt < 12; stopAt += 5 {
		broken, trials := s, 0
		var saved []byte
		broken.OnTrial = func(so *train.SearchState) error {
			saved, err = json.Marshal(so)
			require.NoError(t, err)
			if trials++; trials == stopAt {
				return crash
			}
			return nil
		}
		if _, err = broken.Run(ctx, d, nil); err == nil {
			continue
		}
		require.ErrorIs(t, err, crash)
		state := &train.SearchState{}
		require.NoError(t, json.Unmarshal(saved, state))
		state, err = s.Run(ctx, d, state)
		require.NoError(t, err)
		got, err := json.Marshal(state)
		require.NoError(t, err)
		assert.Equal(t, string(wanted), string(got), "stopped after %d trials", stopAt)
	}
}

func TestSearchKeepsToItsBudget(t *testing.T) {
	d, s := search(t)
	s.Epochs = 10
	state, err := s.Run(ctx, d, nil)
	require.NoError(t, err)
	assert.Equal(t, "epochs", state.Ended)
	assert.Len(t, state.Trials, 3)
	s.Epochs = 0
	state, err = s.Run(ctx, d, state)
	require.NoError(t, err)
	assert.Equal(t, "trials", state.Ended)
	assert.Len(t, state.Trials, 9)

	now := 100.0
	s.Seconds, s.Clock = 5, func() float64 { now += 0.25; return now }
	state, err = s.Run(ctx, d, nil)
	require.NoError(t, err)
	assert.Equal(t, "seconds", state.Ended)
	assert.GreaterOrEqual(t, state.Seconds, 5.0)
	trials := len(state.Trials)
	assert.True(t, trials > 1 && trials < 9, trials)
	state, err = s.Run(ctx, d, state)
	require.NoError(t, err)
	assert.Len(t, state.Trials, trials, "the time is over")
}

func TestTrialsMayFail(t *testing.T) {
	d, s := search(t)
	s.Trials = 4
	s.Space = []train.Dimension{{Name: "rate", Min: 1e-3, Max: 1e9, Log: true}}
	whole := s.New
	s.New = func(i int, p train.Params) (*train.Model, train.FitConfig, error) {
		if i == 1 {
			return nil, train.FitConfig{}, tensor.Errorf(tensor.CodeShape, "does not fit")
		}
		p.Numbers["units"], p.Choices = 4, map[string]string{"activation": "relu"}
		m, fit, err := whole(i, p)
		if i == 2 {
			require.NoError(t, m.Compile(train.Config{Optimizer: optim.SGD{LearningRate: 1e38}, Loss: nn.SparseCategoricalCrossentropy{}}))
		}
		return m, fit, err
	}
	state, err := s.Run(ctx, d, nil)
	require.NoError(t, err)
	require.Len(t, state.Trials, 4)
	assert.Contains(t, state.Trials[1].Failed, "does not fit")
	assert.Contains(t, state.Trials[2].Failed, "NaN or an infinity")
	assert.Contains(t, []int{0, 3}, state.Best().Number)
	assert.Nil(t, (&train.SearchState{}).Best())
}

func TestSearchErrors(t *testing.T) {
	d, good := search(t)
	for want, spoil := range map[string]func(s *train.Search){
		"the space has no dimension":  func(s *train.Search) { s.Space = nil },
		"wants a name of its own":     func(s *train.Search) { s.Space = append(s.Space, s.Space[0]) },
		"choices and a range":         func(s *train.Search) { s.Space[2].Max = 1 },
		"Min must be above 0":         func(s *train.Search) { s.Space[0].Min = 0 },
		"must be whole numbers":       func(s *train.Search) { s.Space[1].Min = 0.5 },
		"finite and not empty":        func(s *train.Search) { s.Space[1].Max = math.NaN() },
		"New is missing":              func(s *train.Search) { s.New = nil },
		"trials 0 must be at least 1": func(s *train.Search) { s.Trials = 0 },
		"wants a Clock":               func(s *train.Search) { s.Seconds = 1 },
		`unknown mode "up"`:           func(s *train.Search) { s.Mode = "up" },
		"1 ≤ MinEpochs ≤ MaxEpochs":   func(s *train.Search) { s.Halving = &train.Halving{} },
		`search monitors "val_f1"`:    func(s *train.Search) { s.Monitor = "val_f1" },
	} {
		s := good
		s.Space = append([]train.Dimension{}, good.Space...)
		spoil(&s)
		_, err := s.Run(ctx, d, nil)
		assert.ErrorContains(t, err, want)
	}
}
