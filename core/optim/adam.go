package optim

import (
	"github.com/terrarium-ml/terrarium/core/internal/kernel"
	"github.com/terrarium-ml/terrarium/core/json"
)

// Adam (Kingma and Ba, 2014):
//
//	m = β₁·m + (1−β₁)·g
//	v = β₂·v + (1−β₂)·g²
//	p −= lr · (m/(1−β₁ᵗ)) / (√(v/(1−β₂ᵗ)) + ε)
//
// ε is added to the corrected root, as in TensorFlow.js and the paper; Keras adds
// it to the root of v.
type Adam struct {
	LearningRate float64 // default 0.001
	Beta1        float64 // 0 … below 1, default 0.9
	Beta2        float64 // 0 … below 1, default 0.999
	Epsilon      float64 // default 1e-7
	Clip
}

var _ Optimizer = Adam{}

const (
	adamRate    = 0.001
	adamBeta1   = 0.9
	adamBeta2   = 0.999
	adamEpsilon = 1e-7
)

func (o *Adam) options() []option {
	return append([]option{
		rate(&o.LearningRate, adamRate),
		beta("beta_1", &o.Beta1, adamBeta1),
		beta("beta_2", &o.Beta2, adamBeta2),
		epsilon(&o.Epsilon),
	}, o.Clip.options()...)
}

// ClassName returns "Adam".
func (o Adam) ClassName() string { return "Adam" }

// Validate checks the options.
func (o Adam) Validate() error { return validate("optimizer "+o.ClassName(), o.options()) }

// Config returns the options as JSON.
func (o Adam) Config() json.RawMessage { return config(o.options()) }

// Rate returns the learning rate.
func (o Adam) Rate() float64 { return or(o.LearningRate, adamRate) }

// Slots returns {"m", "v"}: the means of g and of g².
func (o Adam) Slots() []string { return []string{"m", "v"} }

// Update makes one step.
func (o Adam) Update(step int, lr float64, p, g []float32, slots [][]float32) {
	b1, b2 := or(o.Beta1, adamBeta1), or(o.Beta2, adamBeta2)
	kernel.Adam(p, g, slots[0], slots[1],
		float32(b1), float32(1-b1), float32(b2), float32(1-b2),
		float32(1/(1-power(b1, step))), float32(1/(1-power(b2, step))),
		float32(lr), float32(or(o.Epsilon, adamEpsilon)))
}
