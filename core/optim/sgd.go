package optim

import (
	"github.com/terrarium-ml/terrarium/core/internal/kernel"
	"github.com/terrarium-ml/terrarium/core/json"
)

// SGD is stochastic gradient descent (Robbins and Monro, 1951): p −= lr·g. With a
// momentum μ (Polyak, 1964): v = μ·v + g; p −= lr·v. With Nesterov's (1983):
// p −= lr·(g + μ·v), with the new v.
type SGD struct {
	LearningRate float64 // default 0.01
	Momentum     float64 // 0 … 1, default 0
	Nesterov     bool
	Clip
}

var _ Optimizer = SGD{}

const sgdRate = 0.01

func (o *SGD) options() []option {
	return append([]option{
		rate(&o.LearningRate, sgdRate),
		{name: "momentum", number: &o.Momentum, max: 1},
		{name: "nesterov", alias: "use_nesterov", flag: &o.Nesterov},
	}, o.Clip.options()...)
}

// ClassName returns "SGD".
func (o SGD) ClassName() string { return "SGD" }

// Validate checks the options.
func (o SGD) Validate() error { return validate("optimizer "+o.ClassName(), o.options()) }

// Config returns the options as JSON.
func (o SGD) Config() json.RawMessage { return config(o.options()) }

// Rate returns the learning rate.
func (o SGD) Rate() float64 { return or(o.LearningRate, sgdRate) }

// Slots returns {"momentum"}, or nothing without a momentum.
func (o SGD) Slots() []string {
	if o.Momentum == 0 {
		return nil
	}
	return []string{"momentum"}
}

// Update makes one step.
func (o SGD) Update(_ int, lr float64, p, g []float32, slots [][]float32) {
	if o.Momentum == 0 {
		kernel.SGD(p, g, float32(lr))
		return
	}
	kernel.Momentum(p, g, slots[0], float32(lr), float32(o.Momentum), o.Nesterov)
}
