package optim

import (
	"slices"
	"strings"

	"github.com/terrarium-ml/terrarium/core/internal/kernel"
	"github.com/terrarium-ml/terrarium/core/json"
)

// AdamW (Loshchilov and Hutter, 2017) is Adam behind a decay of the parameters that
// the gradient's mean does not see: p −= lr·weightDecay·p, then Adam's step.
//
// Every parameter decays, biases too, except those that Exclude and ExcludeVectors name.
type AdamW struct {
	LearningRate float64 // default 0.001
	WeightDecay  float64 // default 0.004
	Beta1        float64 // 0 … below 1, default 0.9
	Beta2        float64 // 0 … below 1, default 0.999
	Epsilon      float64 // default 1e-7

	// Exclude lists endings of full names <layer>/<weight>: "bias", "gamma",
	// "dense_1/kernel". Parameters with one of them do not decay.
	Exclude []string
	// ExcludeVectors leaves parameters of a single axis alone: biases, and what scales and
	// shifts a normalisation's result.
	ExcludeVectors bool
	Clip
}

var _ Decayer = AdamW{}

const adamWDecay = 0.004

func (o *AdamW) options() []option {
	return append([]option{
		rate(&o.LearningRate, adamRate),
		{name: "weight_decay", number: &o.WeightDecay, def: adamWDecay, max: most},
		beta("beta_1", &o.Beta1, adamBeta1),
		beta("beta_2", &o.Beta2, adamBeta2),
		epsilon(&o.Epsilon),
		{name: "exclude", list: &o.Exclude},
		{name: "exclude_vectors", flag: &o.ExcludeVectors, optional: true},
	}, o.Clip.options()...)
}

// ClassName returns "AdamW".
func (o AdamW) ClassName() string { return "AdamW" }

// Validate checks the options.
func (o AdamW) Validate() error { return validate("optimizer "+o.ClassName(), o.options()) }

// Config returns the options as JSON.
func (o AdamW) Config() json.RawMessage { return config(o.options()) }

// Rate returns the learning rate.
func (o AdamW) Rate() float64 { return or(o.LearningRate, adamRate) }

// Slots returns {"m", "v"}, as Adam's.
func (o AdamW) Slots() []string { return Adam{}.Slots() }

// Decays tells whether the parameter of that name and number of axes decays.
func (o AdamW) Decays(name string, axes int) bool {
	if o.ExcludeVectors && axes < 2 {
		return false
	}
	return !slices.ContainsFunc(o.Exclude, func(end string) bool { return strings.HasSuffix(name, end) })
}

// WithoutDecay returns the Adam that is left.
func (o AdamW) WithoutDecay() Optimizer {
	return Adam{LearningRate: o.LearningRate, Beta1: o.Beta1, Beta2: o.Beta2, Epsilon: o.Epsilon, Clip: o.Clip}
}

// Update makes one step on parameters that decay.
func (o AdamW) Update(step int, lr float64, p, g []float32, slots [][]float32) {
	kernel.AddScaled(p, p, float32(-lr*or(o.WeightDecay, adamWDecay)))
	adam := Adam{Beta1: o.Beta1, Beta2: o.Beta2, Epsilon: o.Epsilon}
	adam.Update(step, lr, p, g, slots)
}
