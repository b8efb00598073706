// Package optim holds the optimizers: the rules that turn gradients into better
// parameters, with the clipping that goes before them.
//
// # Formulas
//
// They are those of TensorFlow.js, which differ from Keras where epsilon sits (see
// each type). g is a gradient after clipping, p a parameter, lr the learning rate
// and t the step, from 1. All arithmetic on parameters is float32 in a fixed order;
// what a step computes once (1−β, βᵗ) is computed in float64, from + − × ÷ alone.
//
// # Options
//
// A field that is zero has the default that its comment states. Zero (the constant)
// asks for the number 0 where that is not the default.
package optim

import (
	"cmp"
	"math"

	"github.com/terrarium-ml/terrarium/core/json"
)

// An Optimizer updates parameters. It holds options only and is never changed by a
// step: what it remembers of a parameter lives in slots, which the caller keeps,
// saves and restores.
type Optimizer interface {
	// ClassName is the name in files: Keras's.
	ClassName() string

	// Validate fails with code "option" where an option is not a number or out of
	// range. Update may rely on it.
	Validate() error

	// Rate returns the learning rate to begin with. The rate of a step is an
	// argument of Update, so that a schedule or a callback may change it.
	Rate() float64

	// Clipping returns what ClipGradients has to do before Update.
	Clipping() Clip

	// Slots names what the optimizer remembers: so many float32 for every
	// parameter, all zero before the first step. It may be empty.
	Slots() []string

	// Update makes step number step = 1, 2, … on one range of parameters: p -= …,
	// from its gradient g, with slots in the order of Slots, all of p's length. The
	// rule is element-wise: a whole model in one range, or a range for each
	// parameter, gives the same bits. It allocates nothing.
	Update(step int, lr float64, p, g []float32, slots [][]float32)

	// Config returns the options under Keras's names, defaults filled in, as JSON
	// with its members in a fixed order. New takes it back.
	Config() json.RawMessage
}

// A Decayer is an optimizer that makes parameters smaller beside its step, and can leave
// some of them alone. Its rule stays element-wise: whoever updates a model walks over
// ranges, those that do not decay with the rule that WithoutDecay returns.
type Decayer interface {
	Optimizer

	// Decays tells whether the parameter with the full name <layer>/<weight> and so many
	// axes decays.
	Decays(name string, axes int) bool

	// WithoutDecay returns the same rule, with the same slots, for the others.
	WithoutDecay() Optimizer
}

// Zero stands for the number 0 in options whose zero value means another default:
// Adam{Beta1: optim.Zero}. It is the smallest float64 above 0, which float32
// arithmetic cannot tell from 0.
const Zero = math.SmallestNonzeroFloat64

// Config returns how to make o again: New(Config(o)).
func Config(o Optimizer) (className string, config json.RawMessage) {
	return o.ClassName(), o.Config()
}

// or returns an option's value, or its default where the field is zero.
func or(value, def float64) float64 { return cmp.Or(value, def) }
