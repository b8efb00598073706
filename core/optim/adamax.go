package optim

import (
	"github.com/terrarium-ml/terrarium/core/internal/kernel"
	"github.com/terrarium-ml/terrarium/core/json"
)

// Adamax (Kingma and Ba, 2014) is Adam with the largest gradient, slowly forgotten,
// in the place of the root of the mean square:
//
//	m = β₁·m + (1−β₁)·g
//	u = max(β₂·u, |g|)
//	p −= lr/(1−β₁ᵗ) · m/(u + ε)
type Adamax struct {
	LearningRate float64 // default 0.002
	Beta1        float64 // 0 … below 1, default 0.9
	Beta2        float64 // 0 … below 1, default 0.999
	Epsilon      float64 // default 1e-7
	Clip
}

var _ Optimizer = Adamax{}

const adamaxRate = 0.002

func (o *Adamax) options() []option {
	return append([]option{
		rate(&o.LearningRate, adamaxRate),
		beta("beta_1", &o.Beta1, adamBeta1),
		beta("beta_2", &o.Beta2, adamBeta2),
		epsilon(&o.Epsilon),
	}, o.Clip.options()...)
}

// ClassName returns "Adamax".
func (o Adamax) ClassName() string { return "Adamax" }

// Validate checks the options.
func (o Adamax) Validate() error { return validate("optimizer "+o.ClassName(), o.options()) }

// Config returns the options as JSON.
func (o Adamax) Config() json.RawMessage { return config(o.options()) }

// Rate returns the learning rate.
func (o Adamax) Rate() float64 { return or(o.LearningRate, adamaxRate) }

// Slots returns {"m", "u"}: the mean of g and the slowly forgotten largest |g|.
func (o Adamax) Slots() []string { return []string{"m", "u"} }

// Update makes one step.
func (o Adamax) Update(step int, lr float64, p, g []float32, slots [][]float32) {
	beta1 := or(o.Beta1, adamBeta1)
	kernel.Adamax(p, g, slots[0], slots[1], float32(beta1), float32(1-beta1), float32(or(o.Beta2, adamBeta2)),
		float32(lr/(1-power(beta1, step))), float32(or(o.Epsilon, adamEpsilon)))
}
