package nn

import (
	"github.com/terrarium-ml/terrarium/core/graph"
	"github.com/terrarium-ml/terrarium/core/internal/kernel"
	"github.com/terrarium-ml/terrarium/core/json"
)

// An ActivationLayer applies an activation; shapes are kept.
type ActivationLayer struct {
	Name       string
	Activation Activation
	InputShape []int
}

// Activate returns a layer that applies an activation.
func Activate(a Activation, opts ...Option) *ActivationLayer {
	return &ActivationLayer{Name: collect(opts).name, Activation: a}
}

var _ configured = (*ActivationLayer)(nil)

type activationConfig struct {
	common
	Activation Activation `json:"activation"`
}

func (l *ActivationLayer) ClassName() string { return "Activation" }
func (l *ActivationLayer) LayerName() string { return l.Name }
func (l *ActivationLayer) inputShape() []int { return l.InputShape }
func (l *ActivationLayer) Config() any {
	return activationConfig{common{Name: l.Name, InputShape: l.InputShape}, l.Activation}
}

func (l *ActivationLayer) Lower(s *Scope, x graph.Value) (graph.Value, error) {
	return l.Activation.lower(s, x)
}

func (l *ActivationLayer) fromConfig(class string, raw json.RawMessage) error {
	var c activationConfig
	if err := decodeStrict(class, raw, &c); err != nil {
		return err
	}
	*l = ActivationLayer{c.Name, c.Activation, c.inputShape()}
	return c.check(class)
}

// An AlphaLayer is one of Keras's activation layers with a parameter: ReLU (with an
// optional MaxValue of 6), LeakyReLU (slope Alpha, 0.3) and ELU (scale Alpha, 1).
type AlphaLayer struct {
	Name       string
	Class      string // "ReLU", "LeakyReLU" or "ELU"
	Alpha      *float64
	MaxValue   *float64
	InputShape []int
}

// LeakyReLUOf returns a LeakyReLU layer with slope alpha for negative inputs.
func LeakyReLUOf(alpha float64, opts ...Option) *AlphaLayer {
	return &AlphaLayer{Name: collect(opts).name, Class: "LeakyReLU", Alpha: &alpha}
}

var _ configured = (*AlphaLayer)(nil)

type alphaConfig struct {
	common
	Alpha         *float64 `json:"alpha,omitempty"`
	NegativeSlope *float64 `json:"negative_slope,omitempty"` // Keras 3's name of alpha
	MaxValue      *float64 `json:"max_value,omitempty"`
}

func (l *AlphaLayer) ClassName() string { return l.Class }
func (l *AlphaLayer) LayerName() string { return l.Name }
func (l *AlphaLayer) inputShape() []int { return l.InputShape }
func (l *AlphaLayer) Config() any {
	return alphaConfig{common: common{Name: l.Name, InputShape: l.InputShape}, Alpha: l.Alpha, MaxValue: l.MaxValue}
}

func (l *AlphaLayer) Lower(s *Scope, x graph.Value) (graph.Value, error) {
	op := graph.Activation{}
	switch l.Class {
	case "ReLU":
		op.Kind = kernel.Relu
		if l.MaxValue != nil {
			if *l.MaxValue != 6 {
				return x, s.Errorf("max_value must be 6 or absent, got %g", *l.MaxValue)
			}
			op.Kind = kernel.Relu6
		}
		if l.Alpha != nil && *l.Alpha != 0 {
			return x, s.Errorf("a ReLU with slope %g is a LeakyReLU; use that layer", *l.Alpha)
		}
		return s.Apply(op, x)
	case "LeakyReLU":
		op.Kind, op.Alpha = kernel.LeakyRelu, defaultAlpha
	case "ELU":
		op.Kind, op.Alpha = kernel.Elu, 1
	}
	if l.MaxValue != nil {
		return x, s.Errorf("%s has no option max_value", l.Class)
	}
	if l.Alpha != nil {
		if !(*l.Alpha >= 0 && *l.Alpha < 1e6) {
			return x, s.Errorf("alpha must be from 0 to 1e6, got %g", *l.Alpha)
		}
		op.Alpha = float32(*l.Alpha)
	}
	return s.Apply(op, x)
}

func (l *AlphaLayer) fromConfig(class string, raw json.RawMessage) error {
	var c alphaConfig
	if err := decodeStrict(class, raw, &c); err != nil {
		return err
	}
	if c.Alpha == nil {
		c.Alpha = c.NegativeSlope
	}
	*l = AlphaLayer{Name: c.Name, Class: class, Alpha: c.Alpha, MaxValue: c.MaxValue, InputShape: c.inputShape()}
	return c.check(class)
}

// A SoftmaxLayer applies the softmax along the last axis.
type SoftmaxLayer struct {
	Name       string
	InputShape []int
}

var _ configured = (*SoftmaxLayer)(nil)

type softmaxConfig struct {
	common
	Axis *int `json:"axis,omitempty"`
}

func (l *SoftmaxLayer) ClassName() string { return "Softmax" }
func (l *SoftmaxLayer) LayerName() string { return l.Name }
func (l *SoftmaxLayer) inputShape() []int { return l.InputShape }
func (l *SoftmaxLayer) Config() any {
	return softmaxConfig{common: common{Name: l.Name, InputShape: l.InputShape}}
}

func (l *SoftmaxLayer) Lower(s *Scope, x graph.Value) (graph.Value, error) {
	return s.Apply(graph.Softmax{}, x)
}

func (l *SoftmaxLayer) fromConfig(class string, raw json.RawMessage) error {
	var c softmaxConfig
	if err := decodeStrict(class, raw, &c); err != nil {
		return err
	}
	if c.Axis != nil && *c.Axis != -1 {
		return unknownName("axis of Softmax", "other than -1", []string{"-1"})
	}
	*l = SoftmaxLayer{c.Name, c.inputShape()}
	return c.check(class)
}
