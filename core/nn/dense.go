package nn

import (
	"github.com/terrarium-ml/terrarium/core/graph"
	"github.com/terrarium-ml/terrarium/core/json"
)

// A DenseLayer is fully connected:
//
//	y = f(x·kernel + bias)    x [batch, …, in]  kernel [in, units]  bias [units]  y [batch, …, units]
//
// Weights: kernel, bias. Options and defaults are those of Keras's Dense.
type DenseLayer struct {
	Name                string
	Units               int
	Activation          Activation // "" is Linear
	NoBias              bool
	KernelInitializer   Initializer // GlorotUniform
	BiasInitializer     Initializer // Zeros
	KernelRegularizer   Regularizer
	BiasRegularizer     Regularizer
	ActivityRegularizer Regularizer // of y
	KernelConstraint    Constraint
	BiasConstraint      Constraint
	InputShape          []int // of a row, if this is a network's first layer
}

// Dense returns a fully connected layer.
func Dense(units int, opts ...Option) *DenseLayer {
	o := collect(opts)
	return &DenseLayer{Name: o.name, Units: units, Activation: o.activation, NoBias: o.noBias,
		KernelInitializer: o.kernelInitializer, BiasInitializer: o.biasInitializer,
		KernelRegularizer: o.kernelRegularizer, BiasRegularizer: o.biasRegularizer, ActivityRegularizer: o.activityRegularizer,
		KernelConstraint: o.kernelConstraint, BiasConstraint: o.biasConstraint}
}

var _ configured = (*DenseLayer)(nil)

// maxUnits is the largest layer that is taken for meant.
const maxUnits = 1 << 24

func (l *DenseLayer) ClassName() string { return "Dense" }
func (l *DenseLayer) LayerName() string { return l.Name }

func (l *DenseLayer) Lower(s *Scope, x graph.Value) (graph.Value, error) {
	if l.Units < 1 || l.Units > maxUnits {
		return x, s.Errorf("units must be a whole number from 1 to %d, got %d", maxUnits, l.Units)
	}
	shape := s.Shape(x)
	if len(shape) == 0 {
		return x, s.shapeErrorf("want input [batch, …, in], got [batch]; give the data one column at least")
	}
	in := shape[len(shape)-1]
	inputs := []graph.Value{x}
	kernel, err := s.WeightWith("kernel", []int{in, l.Units}, WeightOptions{l.KernelInitializer.or(GlorotUniform), l.KernelRegularizer, l.KernelConstraint})
	if err != nil {
		return x, err
	}
	inputs = append(inputs, kernel)
	if !l.NoBias {
		bias, err := s.WeightWith("bias", []int{l.Units}, WeightOptions{l.BiasInitializer.or(Zeros), l.BiasRegularizer, l.BiasConstraint})
		if err != nil {
			return x, err
		}
		inputs = append(inputs, bias)
	}
	y, err := s.Apply(graph.MatMul{}, inputs...)
	if err != nil {
		return x, err
	}
	if y, err = l.Activation.lower(s, y); err != nil {
		return x, err
	}
	return y, s.PenaliseActivity(y, l.ActivityRegularizer)
}

type denseConfig struct {
	common
	Units               int         `json:"units"`
	Activation          Activation  `json:"activation"`
	UseBias             *bool       `json:"use_bias,omitempty"`
	KernelInitializer   Initializer `json:"kernel_initializer"`
	BiasInitializer     Initializer `json:"bias_initializer"`
	KernelRegularizer   Regularizer `json:"kernel_regularizer"`
	BiasRegularizer     Regularizer `json:"bias_regularizer"`
	ActivityRegularizer Regularizer `json:"activity_regularizer,omitzero"`
	KernelConstraint    Constraint  `json:"kernel_constraint,omitzero"`
	BiasConstraint      Constraint  `json:"bias_constraint,omitzero"`
}

func (l *DenseLayer) Config() any {
	useBias := !l.NoBias
	return denseConfig{common: common{Name: l.Name, InputShape: l.InputShape}, Units: l.Units, Activation: l.Activation, UseBias: &useBias,
		KernelInitializer: l.KernelInitializer, BiasInitializer: l.BiasInitializer,
		KernelRegularizer: l.KernelRegularizer, BiasRegularizer: l.BiasRegularizer, ActivityRegularizer: l.ActivityRegularizer,
		KernelConstraint: l.KernelConstraint, BiasConstraint: l.BiasConstraint}
}

func (l *DenseLayer) fromConfig(class string, raw json.RawMessage) error {
	var c denseConfig
	if err := decodeStrict(class, raw, &c); err != nil {
		return err
	}
	*l = DenseLayer{Name: c.Name, Units: c.Units, Activation: c.Activation, NoBias: c.UseBias != nil && !*c.UseBias,
		KernelInitializer: c.KernelInitializer, BiasInitializer: c.BiasInitializer,
		KernelRegularizer: c.KernelRegularizer, BiasRegularizer: c.BiasRegularizer, ActivityRegularizer: c.ActivityRegularizer,
		KernelConstraint: c.KernelConstraint, BiasConstraint: c.BiasConstraint, InputShape: c.inputShape()}
	return c.check(class)
}

func (l *DenseLayer) inputShape() []int { return l.InputShape }
