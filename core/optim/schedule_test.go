package optim

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func schedules() []Schedule {
	return []Schedule{
		ExponentialDecay{InitialLearningRate: 0.1, DecaySteps: 10, DecayRate: 0.5},
		ExponentialDecay{InitialLearningRate: 1e-6, DecaySteps: 99, DecayRate: 1e7},
		StepDecay(0.1, 0.5, 10),
		InverseTimeDecay{InitialLearningRate: 0.1, DecaySteps: 10, DecayRate: 0.5},
		InverseTimeDecay{InitialLearningRate: 0.1, DecaySteps: 10, Staircase: true},
		PiecewiseConstantDecay{Boundaries: []float64{10, 20}, Values: []float64{1, 0.5, 0.1}},
		PolynomialDecay{InitialLearningRate: 0.1, DecaySteps: 50, EndLearningRate: 0.01, Power: 0.5},
		PolynomialDecay{InitialLearningRate: 0.1, DecaySteps: 20, Cycle: true},
		CosineDecay{InitialLearningRate: 0.1, DecaySteps: 50, Alpha: 0.1},
		CosineDecay{InitialLearningRate: 0.01, DecaySteps: 50, WarmupTarget: 0.2, WarmupSteps: 10},
		CosineDecayRestarts{InitialLearningRate: 0.1, FirstDecaySteps: 10},
		CosineDecayRestarts{InitialLearningRate: 0.1, FirstDecaySteps: 10, TMul: 1, MMul: 0.5, Alpha: 0.2},
		CosineDecayRestarts{InitialLearningRate: 0, FirstDecaySteps: 10, TMul: 1.5, WarmupTarget: 0.1, WarmupSteps: 5},
		OneCycle{MaxLearningRate: 0.1, TotalSteps: 100},
		OneCycle{MaxLearningRate: 0.1, TotalSteps: 100, PctStart: 0.5, DivFactor: 10, FinalDivFactor: 100, Linear: true},
	}
}

// reference computes a schedule by Keras's own formulas, with package math.
func reference(s Schedule, step int) float64 {
	t := float64(step)
	half := func(f float64) float64 { return 0.5 * (1 + math.Cos(math.Pi*f)) }
	switch s := s.(type) {
	case ExponentialDecay:
		p := t / float64(s.DecaySteps)
		if s.Staircase {
			p = math.Floor(p)
		}
		return s.InitialLearningRate * math.Pow(s.DecayRate, p)
	case InverseTimeDecay:
		p := t / float64(s.DecaySteps)
		if s.Staircase {
			p = math.Floor(p)
		}
		return s.InitialLearningRate / (1 + or(s.DecayRate, 0.96)*p)
	case PolynomialDecay:
		span := float64(s.DecaySteps)
		if s.Cycle && step > 0 {
			span *= math.Ceil(t / span)
		}
		end := or(s.EndLearningRate, 0.0001)
		return (s.InitialLearningRate-end)*math.Pow(1-min(t, span)/span, or(s.Power, 1)) + end
	case CosineDecay:
		start := s.InitialLearningRate
		if s.WarmupSteps > 0 {
			if step < s.WarmupSteps {
				return start + (s.WarmupTarget-start)*t/float64(s.WarmupSteps)
			}
			t, start = t-float64(s.WarmupSteps), s.WarmupTarget
		}
		return start * ((1-s.Alpha)*half(min(t, float64(s.DecaySteps))/float64(s.DecaySteps)) + s.Alpha)
	case CosineDecayRestarts:
		start := s.InitialLearningRate
		if s.WarmupSteps > 0 {
			if step < s.WarmupSteps {
				return start + (s.WarmupTarget-start)*t/float64(s.WarmupSteps)
			}
			t, start = t-float64(s.WarmupSteps), s.WarmupTarget
		}
		f, tMul := t/float64(s.FirstDecaySteps), or(s.TMul, 2)
		restarts := math.Floor(f)
		if tMul == 1 {
			f -= restarts
		} else {
			restarts = math.Floor(math.Log(1-f*(1-tMul))/math.Log(tMul) + 1e-12)
			f = (f - (1-math.Pow(tMul, restarts))/(1-tMul)) / math.Pow(tMul, restarts)
		}
		return start * math.Pow(or(s.MMul, 1), restarts) * ((1-s.Alpha)*half(f) + s.Alpha)
	case OneCycle:
		low := s.MaxLearningRate / or(s.DivFactor, 25)
		end, top := low/or(s.FinalDivFactor, 1e4), or(s.PctStart, 0.3)*float64(s.TotalSteps-1)
		a, b, f := low, s.MaxLearningRate, t/top
		if t >= top {
			a, b, f = s.MaxLearningRate, end, min(1, (t-top)/(float64(s.TotalSteps-1)-top))
		}
		if s.Linear {
			return a + (b-a)*f
		}
		return b + (a-b)*half(f)
	}
	return s.(PiecewiseConstantDecay).Values[map[bool]int{step > 10: 1}[true]+map[bool]int{step > 20: 1}[true]]
}

func TestSchedulesAgreeWithTheirFormulas(t *testing.T) {
	for _, s := range schedules() {
		require.NoError(t, s.Validate())
		for step := range 140 {
			want := reference(s, step)
			assert.InDelta(t, want, s.At(step), 1e-12*max(1e-3, want), "%+v, step %d", s, step)
		}
	}
}

func TestSchedulesInJSON(t *testing.T) {
	for _, s := range schedules() {
		again, err := NewSchedule(s.ClassName(), s.Config())
		require.NoError(t, err, "%s", s.Config())
		assert.Equal(t, s.Config(), again.Config())
		o := WithSchedule(Adam{Beta1: 0.5}, s)
		require.NoError(t, o.Validate())
		class, config := Config(o)
		back, err := New(class, config)
		require.NoError(t, err, "%s", config)
		assert.Equal(t, config, back.Config())
		assert.Equal(t, s.At(7), RateAt(back, 7, 123))
		assert.Equal(t, o.Rate(), back.Rate())
	}
	o, err := New("sgd", []byte(`{"learningRate":{"className":"exponentialDecay","config":{"initialLearningRate":0.5,"decaySteps":100,"decayRate":0.9}},"momentum":0.9}`))
	require.NoError(t, err)
	assert.Equal(t, Scheduled{SGD{Momentum: 0.9}, ExponentialDecay{InitialLearningRate: 0.5, DecaySteps: 100, DecayRate: 0.9}}, o)
	assert.Equal(t, SGD{Momentum: 0.9}, Rule(o))
	assert.Equal(t, SGD{}, Rule(SGD{}))
	assert.Equal(t, 0.25, RateAt(SGD{}, 9, 0.25))
}

func TestScheduleRefusals(t *testing.T) {
	for config, says := range map[string]string{
		`{"class_name":"Cosine"}`:                                                                `unknown learning rate schedule "Cosine"; known: CosineDecay, CosineDecayRestarts,`,
		`{"class_name":"CosineDecay"}`:                                                           "schedule CosineDecay: decay_steps must be 1 or above, and finite, got 0",
		`{"class_name":"CosineDecay","config":{"decay_steps":0.5}}`:                              "schedule CosineDecay: decay_steps must be a whole number 1 or above",
		`{"class_name":"CosineDecay","config":{"decay":1}}`:                                      "schedule CosineDecay: ",
		`{"class_name":"CosineDecayRestarts","config":{"first_decay_steps":2,"t_mul":0.5}}`:      "t_mul must be from 1 to 1e+06, got 0.5",
		`{"class_name":"CosineDecayRestarts","config":{"first_decay_steps":2,"t_mul":0}}`:        "t_mul must be from 1",
		`{"class_name":"PiecewiseConstantDecay","config":{"boundaries":[2,1],"values":[1,1,1]}}`: "ascending order",
		`{"class_name":"PiecewiseConstantDecay","config":{"boundaries":[2],"values":[1]}}`:       "one value more",
		`{"class_name":"PiecewiseConstantDecay","config":{"boundaries":[2],"values":[1,-1]}}`:    "0 or above",
		`{"class_name":"OneCycle","config":{"total_steps":9,"pct_start":2}}`:                     "pct_start must be from 0 to 1",
		`{"class_name":7}`: "want a number or an object",
	} {
		_, err := New("adam", []byte(`{"learning_rate":`+config+`}`))
		assert.ErrorContains(t, err, says, config)
	}
	assert.ErrorContains(t, Scheduled{}.Validate(), "wants an optimizer")
	assert.ErrorContains(t, WithSchedule(WithSchedule(Adam{}, OneCycle{}), OneCycle{}).Validate(), "two schedules")
}

func TestScheduleAllocatesNothing(t *testing.T) {
	for _, s := range schedules() {
		o := WithSchedule(Adam{}, s)
		assert.Zero(t, testing.AllocsPerRun(10, func() { RateAt(o, 17, 0) }), "%+v", s)
	}
}

func TestPowerOf(t *testing.T) {
	for _, x := range []float64{1e-7, 0.1, 0.5, 0.96, 1, 1.7, 1e7} {
		for _, y := range []float64{0, 0.01, 1.0 / 3, 0.5, 1, 2.25, 7.999, 40.3} {
			want := math.Pow(x, y)
			assert.InEpsilon(t, want, powerOf(x, y), 60*0x1p-52, "%v^%v", x, y)
		}
	}
	assert.Zero(t, powerOf(0, 0.5))
	assert.Equal(t, 1.0, powerOf(0, 0))
	assert.Zero(t, powerOf(0.9, 1e300))
}

func TestCosPi(t *testing.T) {
	for i := range 10001 {
		f := float64(i) / 10000
		require.InDelta(t, math.Cos(math.Pi*f), cosPi(f), 4e-16, "%v", f)
	}
}

func TestDecayExcluded(t *testing.T) {
	o := AdamW{WeightDecay: 0.1, Exclude: []string{"gamma", "head/kernel"}, ExcludeVectors: true}
	for name, axes := range map[string]int{"norm/gamma": 2, "head/kernel": 2, "dense/bias": 1} {
		assert.False(t, o.Decays(name, axes), name)
	}
	assert.True(t, o.Decays("dense/kernel", 2))
	assert.True(t, AdamW{}.Decays("dense/bias", 1))
	assert.Equal(t, o.Slots(), o.WithoutDecay().Slots())
	class, config := Config(o)
	back, err := New(class, config)
	require.NoError(t, err)
	assert.Equal(t, config, back.Config())
	assert.Equal(t, o.Exclude, back.(AdamW).Exclude)
	_, err = New("adamw", []byte(`{"exclude":[""]}`))
	assert.ErrorContains(t, err, "exclude holds an empty name")
	_, err = New("adamw", []byte(`{"exclude":"bias"}`))
	assert.ErrorContains(t, err, "exclude must be a list of names")
}
