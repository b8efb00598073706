package nn

import (
	"math"
	"slices"
	"strings"

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

// An AlphaLayer is one of Keras's activation layers with parameters; shapes are kept.
//
//	ReLU             y = x < Threshold ? Alpha·(x − Threshold) : min(x, MaxValue)    Threshold 0, Alpha 0, no MaxValue
//	LeakyReLU        y = x < 0 ? Alpha·x : x                                         Alpha 0.3
//	ELU              y = x < 0 ? Alpha·(exp(x) − 1) : x                              Alpha 1
//	ThresholdedReLU  y = x > Threshold ? x : 0                                       Threshold 1
type AlphaLayer struct {
	Name       string
	Class      string // "ReLU", "LeakyReLU", "ELU" or "ThresholdedReLU"
	Alpha      *float64
	MaxValue   *float64 // of ReLU alone
	Threshold  *float64 // of ReLU and ThresholdedReLU
	InputShape []int
}

// LeakyReLUOf returns a LeakyReLU layer with slope alpha for negative inputs.
func LeakyReLUOf(alpha float64, opts ...Option) *AlphaLayer {
	return &AlphaLayer{Name: collect(opts).name, Class: "LeakyReLU", Alpha: &alpha}
}

// ELUOf returns an ELU layer that goes down to −alpha.
func ELUOf(alpha float64, opts ...Option) *AlphaLayer {
	return &AlphaLayer{Name: collect(opts).name, Class: "ELU", Alpha: &alpha}
}

// ThresholdedReLU returns a layer that lets values above theta pass and makes others 0
// (Konda, Memisevic, Krueger, 2014).
func ThresholdedReLU(theta float64, opts ...Option) *AlphaLayer {
	return &AlphaLayer{Name: collect(opts).name, Class: "ThresholdedReLU", Threshold: &theta}
}

var _ configured = (*AlphaLayer)(nil)

type alphaConfig struct {
	common
	Alpha         *float64 `json:"alpha,omitempty"`
	NegativeSlope *float64 `json:"negative_slope,omitempty"` // ReLU's name of alpha, and in Keras 3 LeakyReLU's
	MaxValue      *float64 `json:"max_value,omitempty"`
	Threshold     *float64 `json:"threshold,omitempty"`
	Theta         *float64 `json:"theta,omitempty"` // ThresholdedReLU's name of threshold
}

func (l *AlphaLayer) ClassName() string { return l.Class }
func (l *AlphaLayer) LayerName() string { return l.Name }
func (l *AlphaLayer) inputShape() []int { return l.InputShape }
func (l *AlphaLayer) Config() any {
	c := alphaConfig{common: common{Name: l.Name, InputShape: l.InputShape}, Alpha: l.Alpha, MaxValue: l.MaxValue, Threshold: l.Threshold}
	switch l.Class {
	case "ReLU":
		c.Alpha, c.NegativeSlope = nil, l.Alpha
	case "ThresholdedReLU":
		c.Threshold, c.Theta = nil, l.Threshold
	}
	return c
}

func (l *AlphaLayer) Lower(s *Scope, x graph.Value) (graph.Value, error) {
	var alpha, threshold float64
	switch l.Class {
	case "LeakyReLU":
		alpha = defaultAlpha
	case "ELU":
		alpha = 1
	case "ThresholdedReLU":
		threshold = 1
	}
	most := math.Inf(1)
	for _, option := range []struct {
		name    string
		given   *float64
		value   *float64
		classes string
	}{
		{"alpha", l.Alpha, &alpha, "ReLU LeakyReLU ELU"},
		{"threshold", l.Threshold, &threshold, "ReLU ThresholdedReLU"},
		{"max_value", l.MaxValue, &most, "ReLU"},
	} {
		if option.given == nil {
			continue
		}
		if !slices.Contains(strings.Fields(option.classes), l.Class) {
			return x, s.Errorf("%s has no option %s", l.Class, option.name)
		}
		if *option.value = *option.given; !(*option.value >= 0 && *option.value < 1e6) {
			return x, s.Errorf("%s must be from 0 to 1e6, got %g", option.name, *option.value)
		}
	}
	if most < threshold {
		return x, s.Errorf("max_value %g is below threshold %g", most, threshold)
	}
	return s.Apply(rectifier(l.Class, float32(alpha), float32(threshold), float32(most)), x)
}

// rectifier chooses the operation.
func rectifier(class string, alpha, threshold, most float32) graph.Op {
	switch {
	case class == "ELU":
		return graph.Activation{Kind: kernel.Elu, Alpha: alpha}
	case class == "LeakyReLU":
		return graph.Activation{Kind: kernel.LeakyRelu, Alpha: alpha}
	case class == "ThresholdedReLU": // x > θ is: not below the number behind θ
		return graph.ReluOf{Threshold: math.Float32frombits(math.Float32bits(threshold) + 1), Most: most}
	case alpha == 0 && threshold == 0 && most == 6:
		return graph.Activation{Kind: kernel.Relu6}
	case alpha == 0 && threshold == 0 && most > math.MaxFloat32:
		return graph.Activation{Kind: kernel.Relu}
	}
	return graph.ReluOf{Threshold: threshold, Slope: alpha, Most: most}
}

func (l *AlphaLayer) fromConfig(class string, raw json.RawMessage) error {
	var c alphaConfig
	if err := decodeStrict(class, raw, &c); err != nil {
		return err
	}
	if c.Alpha == nil {
		c.Alpha = c.NegativeSlope
	}
	if c.Threshold == nil {
		c.Threshold = c.Theta
	}
	*l = AlphaLayer{Name: c.Name, Class: class, Alpha: c.Alpha, MaxValue: c.MaxValue, Threshold: c.Threshold, InputShape: c.inputShape()}
	return c.check(class)
}

// A SoftmaxLayer applies the softmax along an axis; shapes are kept.
type SoftmaxLayer struct {
	Name       string
	Axis       int // counted from the batch, which is 0, or from the end, −1 being the last; 0: −1
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
	c := softmaxConfig{common: common{Name: l.Name, InputShape: l.InputShape}}
	if l.Axis != 0 {
		c.Axis = &l.Axis
	}
	return c
}

// Lower puts another axis than the last one there, and back.
func (l *SoftmaxLayer) Lower(s *Scope, x graph.Value) (graph.Value, error) {
	last := len(s.Shape(x)) - 1
	if l.Axis == 0 || last < 0 {
		return s.Apply(graph.Softmax{}, x)
	}
	axis, err := s.axis(x, "axis", l.Axis)
	switch {
	case err != nil:
		return x, err
	case axis == last:
		return s.Apply(graph.Softmax{}, x)
	}
	swap := make([]int, last+1)
	for i := range swap {
		swap[i] = i
	}
	swap[axis], swap[last] = last, axis
	for _, op := range []graph.Op{graph.Permute{Axes: swap}, graph.Softmax{}, graph.Permute{Axes: swap}} {
		if x, err = s.Apply(op, x); err != nil {
			return x, err
		}
	}
	return x, nil
}

func (l *SoftmaxLayer) fromConfig(class string, raw json.RawMessage) error {
	var c softmaxConfig
	if err := decodeStrict(class, raw, &c); err != nil {
		return err
	}
	*l = SoftmaxLayer{Name: c.Name, InputShape: c.inputShape()}
	if c.Axis != nil {
		if l.Axis = *c.Axis; l.Axis == 0 {
			return unknownName("axis of Softmax", "0 (the batch)", []string{"-1", "1", "2", "…"})
		}
	}
	return c.check(class)
}
