package optim

import (
	"github.com/terrarium-ml/terrarium/core/internal/kernel"
	"github.com/terrarium-ml/terrarium/core/json"
)

// RMSProp (Tieleman and Hinton, 2012) with a momentum μ:
//
//	s = ρ·s + (1−ρ)·g²
//	b = μ·b + lr·g/√(s + ε)
//	p −= b
//
// Centered (Graves, 2013) it divides by √(s − c² + ε), with c = ρ·c + (1−ρ)·g.
type RMSProp struct {
	LearningRate float64 // default 0.001
	Rho          float64 // 0 … 1, default 0.9
	Momentum     float64 // 0 … 1, default 0
	Epsilon      float64 // default 1e-7
	Centered     bool
	Clip
}

var _ Optimizer = RMSProp{}

const (
	rmsRate = 0.001
	rmsRho  = 0.9
)

func (o *RMSProp) options() []option {
	return append([]option{
		rate(&o.LearningRate, rmsRate),
		{name: "rho", number: &o.Rho, def: rmsRho, max: 1},
		{name: "momentum", number: &o.Momentum, max: 1},
		epsilon(&o.Epsilon),
		{name: "centered", flag: &o.Centered},
	}, o.Clip.options()...)
}

// ClassName returns "RMSprop", as Keras spells it.
func (o RMSProp) ClassName() string { return "RMSprop" }

// Validate checks the options.
func (o RMSProp) Validate() error { return validate("optimizer "+o.ClassName(), o.options()) }

// Config returns the options as JSON.
func (o RMSProp) Config() json.RawMessage { return config(o.options()) }

// Rate returns the learning rate.
func (o RMSProp) Rate() float64 { return or(o.LearningRate, rmsRate) }

// Slots returns {"rms"}, with "momentum" and "mg" (the mean gradient) where the
// options ask for them.
func (o RMSProp) Slots() []string {
	slots := []string{"rms"}
	if o.Momentum != 0 {
		slots = append(slots, "momentum")
	}
	if o.Centered {
		slots = append(slots, "mg")
	}
	return slots
}

// Update makes one step.
func (o RMSProp) Update(_ int, lr float64, p, g []float32, slots [][]float32) {
	var momentum, mean []float32
	if o.Momentum != 0 {
		momentum = slots[1]
	}
	if o.Centered {
		mean = slots[len(slots)-1]
	}
	rho := or(o.Rho, rmsRho)
	kernel.RMSProp(p, g, slots[0], momentum, mean,
		float32(rho), float32(1-rho), float32(o.Momentum), float32(lr), float32(or(o.Epsilon, adamEpsilon)))
}
