package optim

import (
	"math"

	"github.com/terrarium-ml/terrarium/core/json"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// ExponentialDecay multiplies the rate by DecayRate every DecaySteps updates, a little
// at each: rate = InitialLearningRate·DecayRate^(step/DecaySteps). A DecayRate above 1
// lets it grow.
type ExponentialDecay struct {
	InitialLearningRate float64
	DecaySteps          int
	DecayRate           float64 // default 0.96
	Staircase           bool    // all at once, every DecaySteps updates: step decay
}

var _ Schedule = ExponentialDecay{}

// StepDecay multiplies the rate by drop after every so many updates: the
// ExponentialDecay with a staircase.
func StepDecay(initial, drop float64, every int) ExponentialDecay {
	return ExponentialDecay{InitialLearningRate: initial, DecaySteps: every, DecayRate: drop, Staircase: true}
}

const defaultDecay = 0.96

func (s *ExponentialDecay) options() []option {
	return []option{initialRate(&s.InitialLearningRate), steps("decay_steps", &s.DecaySteps),
		{name: "decay_rate", number: &s.DecayRate, def: defaultDecay, max: most}, {name: "staircase", flag: &s.Staircase}}
}

// ClassName returns "ExponentialDecay".
func (s ExponentialDecay) ClassName() string { return "ExponentialDecay" }

// Validate checks the options.
func (s ExponentialDecay) Validate() error { return validate("schedule "+s.ClassName(), s.options()) }

// Config returns the options as JSON.
func (s ExponentialDecay) Config() json.RawMessage { return config(s.options()) }

// At returns the rate of a step.
func (s ExponentialDecay) At(step int) float64 {
	decay := or(s.DecayRate, defaultDecay)
	if s.Staircase {
		return s.InitialLearningRate * power(decay, step/s.DecaySteps)
	}
	return s.InitialLearningRate * powerOf(decay, float64(step)/float64(s.DecaySteps))
}

// InverseTimeDecay is InitialLearningRate/(1 + DecayRate·step/DecaySteps), the step
// divided without a rest if Staircase is set.
type InverseTimeDecay struct {
	InitialLearningRate float64
	DecaySteps          int
	DecayRate           float64 // default 0.96
	Staircase           bool
}

var _ Schedule = InverseTimeDecay{}

func (s *InverseTimeDecay) options() []option {
	return []option{initialRate(&s.InitialLearningRate), steps("decay_steps", &s.DecaySteps),
		{name: "decay_rate", number: &s.DecayRate, def: defaultDecay, max: most}, {name: "staircase", flag: &s.Staircase}}
}

// ClassName returns "InverseTimeDecay".
func (s InverseTimeDecay) ClassName() string { return "InverseTimeDecay" }

// Validate checks the options.
func (s InverseTimeDecay) Validate() error { return validate("schedule "+s.ClassName(), s.options()) }

// Config returns the options as JSON.
func (s InverseTimeDecay) Config() json.RawMessage { return config(s.options()) }

// At returns the rate of a step.
func (s InverseTimeDecay) At(step int) float64 {
	t := float64(step) / float64(s.DecaySteps)
	if s.Staircase {
		t = math.Floor(t)
	}
	return s.InitialLearningRate / (1 + float64(or(s.DecayRate, defaultDecay)*t))
}

// PiecewiseConstantDecay is Values[i] up to and with step Boundaries[i], and the last
// of Values after all of them.
type PiecewiseConstantDecay struct {
	Boundaries []float64 // steps, ascending
	Values     []float64 // rates, one more than Boundaries
}

var _ Schedule = PiecewiseConstantDecay{}

func (s *PiecewiseConstantDecay) options() []option {
	return []option{{name: "boundaries", series: &s.Boundaries}, {name: "values", series: &s.Values}}
}

// ClassName returns "PiecewiseConstantDecay".
func (s PiecewiseConstantDecay) ClassName() string { return "PiecewiseConstantDecay" }

// Validate checks the options.
func (s PiecewiseConstantDecay) Validate() error {
	if len(s.Values) != len(s.Boundaries)+1 || !ascending(s.Boundaries) {
		return tensor.Errorf(tensor.CodeOption, "schedule %s: want boundaries in ascending order and one value more than boundaries, got %v and %v", s.ClassName(), s.Boundaries, s.Values)
	}
	for _, v := range append(append([]float64{}, s.Boundaries...), s.Values...) {
		if !(v >= 0 && v <= most) {
			return tensor.Errorf(tensor.CodeOption, "schedule %s: steps and rates must be 0 or above, and finite, got %v", s.ClassName(), v)
		}
	}
	return nil
}

// Config returns the options as JSON.
func (s PiecewiseConstantDecay) Config() json.RawMessage { return config(s.options()) }

// At returns the rate of a step.
func (s PiecewiseConstantDecay) At(step int) float64 {
	for i, b := range s.Boundaries {
		if float64(step) <= b {
			return s.Values[i]
		}
	}
	return s.Values[len(s.Boundaries)]
}

// PolynomialDecay goes from InitialLearningRate to EndLearningRate in DecaySteps
// updates: end + (initial − end)·(1 − step/DecaySteps)^Power. With Cycle it begins
// again, over a span that is a multiple of DecaySteps, whenever it has come to the end.
type PolynomialDecay struct {
	InitialLearningRate float64
	DecaySteps          int
	EndLearningRate     float64 // default 0.0001
	Power               float64 // default 1
	Cycle               bool
}

var _ Schedule = PolynomialDecay{}

const (
	polynomialEnd   = 0.0001
	polynomialPower = 1
)

func (s *PolynomialDecay) options() []option {
	return []option{initialRate(&s.InitialLearningRate), steps("decay_steps", &s.DecaySteps),
		{name: "end_learning_rate", number: &s.EndLearningRate, def: polynomialEnd, max: most},
		{name: "power", number: &s.Power, def: polynomialPower, max: 1e3}, {name: "cycle", flag: &s.Cycle}}
}

// ClassName returns "PolynomialDecay".
func (s PolynomialDecay) ClassName() string { return "PolynomialDecay" }

// Validate checks the options.
func (s PolynomialDecay) Validate() error { return validate("schedule "+s.ClassName(), s.options()) }

// Config returns the options as JSON.
func (s PolynomialDecay) Config() json.RawMessage { return config(s.options()) }

// At returns the rate of a step.
func (s PolynomialDecay) At(step int) float64 {
	span, t, end := float64(s.DecaySteps), float64(step), or(s.EndLearningRate, polynomialEnd)
	if s.Cycle {
		span *= max(1, math.Ceil(t/span))
	}
	left := powerOf(1-min(t, span)/span, or(s.Power, polynomialPower))
	return float64((s.InitialLearningRate-end)*left) + end
}
