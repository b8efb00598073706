package nn

import (
	"github.com/terrarium-ml/terrarium/core/graph"
	"github.com/terrarium-ml/terrarium/core/json"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// A PReLULayer is a rectifier that learns its slopes (He et al., 2015):
//
//	y = x < 0 ? alpha·x : x    x [batch, d1, d2, ..]  alpha [d1, d2, ..]  y like x
//
// Along shared axes alpha has length 1. Weights: alpha. Options and defaults are those of
// Keras.
type PReLULayer struct {
	Name             string
	AlphaInitializer Initializer // Zeros
	AlphaRegularizer Regularizer
	AlphaConstraint  Constraint
	SharedAxes       []int // counted from the batch, which is 0: [1, 2] for images
	InputShape       []int
}

// PReLU returns a rectifier that learns a slope for each place of a row, or along shared
// axes for all together.
func PReLU(sharedAxes []int, opts ...Option) *PReLULayer {
	return &PReLULayer{Name: collect(opts).name, SharedAxes: sharedAxes}
}

var _ configured = (*PReLULayer)(nil)

type preluConfig struct {
	common
	AlphaInitializer Initializer `json:"alpha_initializer"`
	AlphaRegularizer Regularizer `json:"alpha_regularizer"`
	AlphaConstraint  Constraint  `json:"alpha_constraint,omitzero"`
	SharedAxes       list        `json:"shared_axes,omitempty"`
}

func (l *PReLULayer) ClassName() string { return "PReLU" }
func (l *PReLULayer) LayerName() string { return l.Name }
func (l *PReLULayer) inputShape() []int { return l.InputShape }
func (l *PReLULayer) Config() any {
	return preluConfig{common: common{Name: l.Name, InputShape: l.InputShape},
		AlphaInitializer: l.AlphaInitializer, AlphaRegularizer: l.AlphaRegularizer, AlphaConstraint: l.AlphaConstraint, SharedAxes: l.SharedAxes}
}

func (l *PReLULayer) Lower(s *Scope, x graph.Value) (graph.Value, error) {
	shape := append([]int{}, s.Shape(x)...)
	if len(shape) == 0 || len(shape) > 8 {
		return x, s.shapeErrorf("want an input of 1 to 8 axes behind the batch, got %s", tensor.FormatBatch(shape))
	}
	for _, axis := range l.SharedAxes {
		i, err := s.axis(x, "shared_axes", axis)
		if err != nil {
			return x, err
		}
		shape[i] = 1
	}
	alpha, err := s.WeightWith("alpha", shape, WeightOptions{l.AlphaInitializer.or(Zeros), l.AlphaRegularizer, l.AlphaConstraint})
	if err != nil {
		return x, err
	}
	return s.Apply(graph.PRelu{}, x, alpha)
}

func (l *PReLULayer) fromConfig(class string, raw json.RawMessage) error {
	var c preluConfig
	if err := decodeStrict(class, raw, &c); err != nil {
		return err
	}
	*l = PReLULayer{c.Name, c.AlphaInitializer, c.AlphaRegularizer, c.AlphaConstraint, c.SharedAxes, c.inputShape()}
	return c.check(class)
}
