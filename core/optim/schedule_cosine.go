package optim

import (
	"github.com/terrarium-ml/terrarium/core/json"
)

// CosineDecay goes down along half a cosine (Loshchilov and Hutter, 2016): over
// DecaySteps updates from the rate r to Alpha·r,
//
//	r·((1−Alpha)·½·(1 + cos(π·step/DecaySteps)) + Alpha)
//
// With WarmupSteps it first climbs in a straight line from InitialLearningRate to
// WarmupTarget, which then is r; otherwise r is InitialLearningRate.
type CosineDecay struct {
	InitialLearningRate float64
	DecaySteps          int     // after the warm-up
	Alpha               float64 // 0 … 1, default 0
	WarmupTarget        float64
	WarmupSteps         int
}

var _ Schedule = CosineDecay{}

func (s *CosineDecay) options() []option {
	return append([]option{initialRate(&s.InitialLearningRate), steps("decay_steps", &s.DecaySteps),
		{name: "alpha", number: &s.Alpha, max: 1}}, warmup(&s.WarmupTarget, &s.WarmupSteps)...)
}

func warmup(target *float64, count *int) []option {
	return []option{{name: "warmup_target", number: target, max: most}, {name: "warmup_steps", whole: count, max: most}}
}

// ClassName returns "CosineDecay".
func (s CosineDecay) ClassName() string { return "CosineDecay" }

// Validate checks the options.
func (s CosineDecay) Validate() error { return validate("schedule "+s.ClassName(), s.options()) }

// Config returns the options as JSON.
func (s CosineDecay) Config() json.RawMessage { return config(s.options()) }

// At returns the rate of a step.
func (s CosineDecay) At(step int) float64 {
	r, t, warm := warmedUp(s.InitialLearningRate, s.WarmupTarget, s.WarmupSteps, step)
	if !warm {
		return r
	}
	return r * cosineLevel(float64(min(t, s.DecaySteps))/float64(s.DecaySteps), s.Alpha)
}

// warmedUp returns the rate of a step of the warm-up, or, once it is warm, the rate to
// go down from and the steps since.
func warmedUp(initial, target float64, steps, step int) (rate float64, since int, warm bool) {
	switch {
	case steps == 0:
		return initial, step, true
	case step < steps:
		return float64((target-initial)*(float64(step)/float64(steps))) + initial, 0, false
	}
	return target, step - steps, true
}

// cosineLevel is (1−alpha)·½·(1 + cos(π·f)) + alpha for 0 ≤ f ≤ 1.
func cosineLevel(f, alpha float64) float64 {
	return float64((1-alpha)*(0.5*(1+cosPi(f)))) + alpha
}

// CosineDecayRestarts is CosineDecay that begins anew each time it has come down (SGDR:
// Loshchilov and Hutter, 2016): the first time after FirstDecaySteps updates, each later
// span TMul times as long as the one before and each start MMul times as high.
type CosineDecayRestarts struct {
	InitialLearningRate float64
	FirstDecaySteps     int
	TMul                float64 // from 1, default 2
	MMul                float64 // default 1
	Alpha               float64 // 0 … 1, default 0
	WarmupTarget        float64 // as in CosineDecay
	WarmupSteps         int
}

var _ Schedule = CosineDecayRestarts{}

const (
	restartTMul = 2
	restartMMul = 1
)

func (s *CosineDecayRestarts) options() []option {
	return append([]option{initialRate(&s.InitialLearningRate), steps("first_decay_steps", &s.FirstDecaySteps),
		{name: "t_mul", number: &s.TMul, def: restartTMul, above: 1, max: 1e6}, {name: "m_mul", number: &s.MMul, def: restartMMul, max: 1e6},
		{name: "alpha", number: &s.Alpha, max: 1}}, warmup(&s.WarmupTarget, &s.WarmupSteps)...)
}

// ClassName returns "CosineDecayRestarts".
func (s CosineDecayRestarts) ClassName() string { return "CosineDecayRestarts" }

// Validate checks the options.
func (s CosineDecayRestarts) Validate() error {
	return validate("schedule "+s.ClassName(), s.options())
}

// Config returns the options as JSON.
func (s CosineDecayRestarts) Config() json.RawMessage { return config(s.options()) }

// At returns the rate of a step.
func (s CosineDecayRestarts) At(step int) float64 {
	r, t, warm := warmedUp(s.InitialLearningRate, s.WarmupTarget, s.WarmupSteps, step)
	if !warm {
		return r
	}
	longer, higher := or(s.TMul, restartTMul), or(s.MMul, restartMMul)
	span, rest, restarts := float64(s.FirstDecaySteps), float64(t), 0
	if longer == 1 {
		restarts = t / s.FirstDecaySteps
		rest = float64(t % s.FirstDecaySteps)
	}
	for ; rest >= span; restarts++ {
		rest -= span
		span = float64(span * longer)
	}
	return r * power(higher, restarts) * cosineLevel(rest/span, s.Alpha)
}

// OneCycle climbs from MaxLearningRate/DivFactor to MaxLearningRate in the first share
// PctStart of TotalSteps and goes down to MaxLearningRate/(DivFactor·FinalDivFactor) in
// the rest, each along half a cosine, or in straight lines if Linear is set (Smith and
// Topin, 2018). Afterwards the rate stays.
type OneCycle struct {
	MaxLearningRate float64
	TotalSteps      int
	PctStart        float64 // 0 … 1, default 0.3
	DivFactor       float64 // from 1, default 25
	FinalDivFactor  float64 // from 1, default 10000
	Linear          bool
}

var _ Schedule = OneCycle{}

const (
	oneCycleStart = 0.3
	oneCycleDiv   = 25
	oneCycleFinal = 1e4
)

func (s *OneCycle) options() []option {
	return []option{{name: "max_learning_rate", number: &s.MaxLearningRate, max: most}, steps("total_steps", &s.TotalSteps),
		{name: "pct_start", number: &s.PctStart, def: oneCycleStart, max: 1}, {name: "div_factor", number: &s.DivFactor, def: oneCycleDiv, above: 1, max: 1e12},
		{name: "final_div_factor", number: &s.FinalDivFactor, def: oneCycleFinal, above: 1, max: 1e12}, {name: "linear", flag: &s.Linear}}
}

// ClassName returns "OneCycle".
func (s OneCycle) ClassName() string { return "OneCycle" }

// Validate checks the options.
func (s OneCycle) Validate() error { return validate("schedule "+s.ClassName(), s.options()) }

// Config returns the options as JSON.
func (s OneCycle) Config() json.RawMessage { return config(s.options()) }

// At returns the rate of a step.
func (s OneCycle) At(step int) float64 {
	low := s.MaxLearningRate / or(s.DivFactor, oneCycleDiv)
	end := low / or(s.FinalDivFactor, oneCycleFinal)
	last := float64(max(1, s.TotalSteps-1))
	top := float64(or(s.PctStart, oneCycleStart) * last)
	t := min(float64(step), last)
	if t < top {
		return s.between(low, s.MaxLearningRate, t/top)
	}
	if top >= last {
		return s.MaxLearningRate
	}
	return s.between(s.MaxLearningRate, end, (t-top)/(last-top))
}

// between goes from a (f = 0) to b (f = 1).
func (s OneCycle) between(a, b, f float64) float64 {
	if !s.Linear {
		f = 0.5 * (1 - cosPi(f))
	}
	return a + float64((b-a)*f)
}
