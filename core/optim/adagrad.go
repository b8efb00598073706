package optim

import (
	"github.com/terrarium-ml/terrarium/core/internal/kernel"
	"github.com/terrarium-ml/terrarium/core/json"
)

// Adagrad (Duchi, Hazan and Singer, 2011): a += g²; p −= lr·g/√(a₀ + a + ε), where
// a₀ is the accumulator's initial value.
type Adagrad struct {
	LearningRate            float64 // default 0.01
	InitialAccumulatorValue float64 // default 0.1
	Epsilon                 float64 // default 1e-7
	Clip
}

var _ Optimizer = Adagrad{}

const (
	adagradRate    = 0.01
	adagradInitial = 0.1
)

func (o *Adagrad) options() []option {
	return append([]option{
		rate(&o.LearningRate, adagradRate),
		{name: "initial_accumulator_value", number: &o.InitialAccumulatorValue, def: adagradInitial, max: most},
		epsilon(&o.Epsilon),
	}, o.Clip.options()...)
}

// ClassName returns "Adagrad".
func (o Adagrad) ClassName() string { return "Adagrad" }

// Validate checks the options.
func (o Adagrad) Validate() error { return validate("optimizer "+o.ClassName(), o.options()) }

// Config returns the options as JSON.
func (o Adagrad) Config() json.RawMessage { return config(o.options()) }

// Rate returns the learning rate.
func (o Adagrad) Rate() float64 { return or(o.LearningRate, adagradRate) }

// Slots returns {"accumulator"}: the sum of g², without the initial value, since
// slots begin at zero.
func (o Adagrad) Slots() []string { return []string{"accumulator"} }

// Update makes one step.
func (o Adagrad) Update(_ int, lr float64, p, g []float32, slots [][]float32) {
	kernel.Adagrad(p, g, slots[0], float32(or(o.InitialAccumulatorValue, adagradInitial)), float32(lr), float32(or(o.Epsilon, adamEpsilon)))
}
