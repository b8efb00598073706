package optim

import (
	"github.com/terrarium-ml/terrarium/core/internal/kernel"
	"github.com/terrarium-ml/terrarium/core/json"
)

// Adadelta (Zeiler, 2012):
//
//	a = ρ·a + (1−ρ)·g²
//	u = √(d + ε)/√(a + ε)·g
//	d = ρ·d + (1−ρ)·u²
//	p −= lr·u
//
// TensorFlow.js uses the a from before the step in u; this is the published rule.
type Adadelta struct {
	LearningRate float64 // default 1
	Rho          float64 // 0 … 1, default 0.95
	Epsilon      float64 // default 1e-7
	Clip
}

var _ Optimizer = Adadelta{}

const (
	adadeltaRate = 1
	adadeltaRho  = 0.95
)

func (o *Adadelta) options() []option {
	return append([]option{
		rate(&o.LearningRate, adadeltaRate),
		{name: "rho", number: &o.Rho, def: adadeltaRho, max: 1},
		epsilon(&o.Epsilon),
	}, o.Clip.options()...)
}

// ClassName returns "Adadelta".
func (o Adadelta) ClassName() string { return "Adadelta" }

// Validate checks the options.
func (o Adadelta) Validate() error { return validate("optimizer "+o.ClassName(), o.options()) }

// Config returns the options as JSON.
func (o Adadelta) Config() json.RawMessage { return config(o.options()) }

// Rate returns the learning rate.
func (o Adadelta) Rate() float64 { return or(o.LearningRate, adadeltaRate) }

// Slots returns {"accumulated_grad", "accumulated_delta"}: the means of g² and u².
func (o Adadelta) Slots() []string { return []string{"accumulated_grad", "accumulated_delta"} }

// Update makes one step.
func (o Adadelta) Update(_ int, lr float64, p, g []float32, slots [][]float32) {
	rho := or(o.Rho, adadeltaRho)
	kernel.Adadelta(p, g, slots[0], slots[1], float32(rho), float32(1-rho), float32(lr), float32(or(o.Epsilon, adamEpsilon)))
}
