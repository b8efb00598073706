package nn

import (
	"github.com/terrarium-ml/terrarium/core/graph"
	"github.com/terrarium-ml/terrarium/core/json"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// A DepthwiseLayer is a convolution in which each channel has DepthMultiplier kernels
// of its own, y = f(x ∗ depthwise_kernel + bias):
//
//	x [batch, h, w, in]  depthwise_kernel [kh, kw, in, m]  bias [in·m]  y [batch, oh, ow, in·m]
//
// As class SeparableConv2D (Sifre, 2014; Chollet, 2017) the channels are joined
// afterwards by a convolution of single pixels, and the bias comes then:
//
//	pointwise_kernel [1, 1, in·m, filters]  bias [filters]  y [batch, oh, ow, filters]
//
// Weights: depthwise_kernel, pointwise_kernel, bias. Options and defaults are those of
// Keras's DepthwiseConv2D and SeparableConv2D.
type DepthwiseLayer struct {
	Name                 string
	Class                string  // "DepthwiseConv2D" or "SeparableConv2D"
	Filters              int     // SeparableConv2D
	KernelSize           []int   // one number for both axes, or one for each
	Strides              []int   // 1
	Padding              Padding // "" is Valid
	DilationRate         []int   // 1
	DepthMultiplier      int     // 0 is 1
	Activation           Activation
	NoBias               bool
	DepthwiseInitializer Initializer // GlorotUniform
	PointwiseInitializer Initializer // GlorotUniform
	BiasInitializer      Initializer // Zeros
	DepthwiseRegularizer Regularizer
	PointwiseRegularizer Regularizer
	BiasRegularizer      Regularizer
	ActivityRegularizer  Regularizer // of the result
	DepthwiseConstraint  Constraint
	PointwiseConstraint  Constraint
	BiasConstraint       Constraint
	InputShape           []int // of a row, if this is a network's first layer
}

// DepthwiseConv2D returns a convolution of each channel by itself, by windows of size ×
// size pixels. Options for the kernel are those for the depthwise kernel.
func DepthwiseConv2D(size int, opts ...Option) *DepthwiseLayer {
	return newDepthwise("DepthwiseConv2D", 0, size, opts)
}

// SeparableConv2D returns a convolution of each channel by itself, by windows of size ×
// size pixels, and one of single pixels across channels behind it. Options for the
// kernel are those for both.
func SeparableConv2D(filters, size int, opts ...Option) *DepthwiseLayer {
	return newDepthwise("SeparableConv2D", filters, size, opts)
}

func newDepthwise(class string, filters, size int, opts []Option) *DepthwiseLayer {
	o := collect(opts)
	l := &DepthwiseLayer{Name: o.name, Class: class, Filters: filters, KernelSize: []int{size}, Strides: o.strides, Padding: o.padding,
		DilationRate: o.dilation, DepthMultiplier: o.depthMultiplier, Activation: o.activation, NoBias: o.noBias,
		DepthwiseInitializer: o.kernelInitializer, BiasInitializer: o.biasInitializer,
		DepthwiseRegularizer: o.kernelRegularizer, BiasRegularizer: o.biasRegularizer, ActivityRegularizer: o.activityRegularizer,
		DepthwiseConstraint: o.kernelConstraint, BiasConstraint: o.biasConstraint}
	if l.separable() {
		l.PointwiseInitializer, l.PointwiseRegularizer, l.PointwiseConstraint = o.kernelInitializer, o.kernelRegularizer, o.kernelConstraint
	}
	return l
}

var _ configured = (*DepthwiseLayer)(nil)

func (l *DepthwiseLayer) ClassName() string { return l.Class }
func (l *DepthwiseLayer) LayerName() string { return l.Name }
func (l *DepthwiseLayer) inputShape() []int { return l.InputShape }
func (l *DepthwiseLayer) separable() bool   { return l.Class == "SeparableConv2D" }

func (l *DepthwiseLayer) options() convolution {
	return convolution{l.KernelSize, l.Strides, l.DilationRate, l.Padding}
}

func (l *DepthwiseLayer) Lower(s *Scope, x graph.Value) (graph.Value, error) {
	if !l.separable() && l.Class != "DepthwiseConv2D" {
		return x, unknownName("class of DepthwiseLayer", l.Class, []string{"DepthwiseConv2D", "SeparableConv2D"}).In(s.Name)
	}
	multiplier := l.DepthMultiplier
	if multiplier == 0 {
		multiplier = 1
	}
	if err := checkCount(s, "depth_multiplier", multiplier); err != nil {
		return x, err
	}
	g, channels, err := l.options().on(s, x, l.Class)
	if err != nil {
		return x, err
	}
	depthwise, err := s.WeightWith("depthwise_kernel", append(g.kernel, channels, multiplier),
		WeightOptions{l.DepthwiseInitializer.or(GlorotUniform), l.DepthwiseRegularizer, l.DepthwiseConstraint})
	if err != nil {
		return x, err
	}
	var op graph.Op = graph.DepthwiseConv{Strides: g.strides, Dilation: g.dilation, Padding: g.padding}
	kernel, size := depthwise, channels*multiplier
	if l.separable() {
		if err := checkCount(s, "filters", l.Filters); err != nil {
			return x, err
		}
		if x, err = s.Apply(op, x, depthwise); err != nil {
			return x, err
		}
		kernel, err = s.WeightWith("pointwise_kernel", []int{1, 1, size, l.Filters},
			WeightOptions{l.PointwiseInitializer.or(GlorotUniform), l.PointwiseRegularizer, l.PointwiseConstraint})
		if err != nil {
			return x, err
		}
		op, size = graph.Conv{Strides: [2]int{1, 1}, Dilation: [2]int{1, 1}}, l.Filters
	}
	y, err := applyWithBias(s, op, x, kernel, !l.NoBias, size, WeightOptions{l.BiasInitializer.or(Zeros), l.BiasRegularizer, l.BiasConstraint})
	if err != nil {
		return x, err
	}
	if y, err = l.Activation.lower(s, y); err != nil {
		return x, err
	}
	return y, s.PenaliseActivity(y, l.ActivityRegularizer)
}

type depthwiseConfig struct {
	common
	Filters int `json:"filters,omitzero"`
	convolutionConfig
	DepthMultiplier      *int        `json:"depth_multiplier,omitempty"`
	DepthwiseInitializer Initializer `json:"depthwise_initializer"`
	PointwiseInitializer Initializer `json:"pointwise_initializer,omitzero"`
	DepthwiseRegularizer Regularizer `json:"depthwise_regularizer"`
	PointwiseRegularizer Regularizer `json:"pointwise_regularizer,omitzero"`
	DepthwiseConstraint  Constraint  `json:"depthwise_constraint,omitzero"`
	PointwiseConstraint  Constraint  `json:"pointwise_constraint,omitzero"`
}

func (l *DepthwiseLayer) Config() any {
	useBias := !l.NoBias
	c := depthwiseConfig{common: common{Name: l.Name, InputShape: l.InputShape}, Filters: l.Filters, convolutionConfig: l.options().config(l.Class),
		DepthwiseInitializer: l.DepthwiseInitializer, PointwiseInitializer: l.PointwiseInitializer,
		DepthwiseRegularizer: l.DepthwiseRegularizer, PointwiseRegularizer: l.PointwiseRegularizer,
		DepthwiseConstraint: l.DepthwiseConstraint, PointwiseConstraint: l.PointwiseConstraint}
	c.Activation, c.UseBias, c.BiasInitializer, c.BiasRegularizer = l.Activation, &useBias, l.BiasInitializer, l.BiasRegularizer
	c.ActivityRegularizer, c.BiasConstraint = l.ActivityRegularizer, l.BiasConstraint
	if l.DepthMultiplier != 0 {
		c.DepthMultiplier = &l.DepthMultiplier
	}
	return c
}

func (l *DepthwiseLayer) fromConfig(class string, raw json.RawMessage) error {
	var c depthwiseConfig
	if err := decodeStrict(class, raw, &c); err != nil {
		return err
	}
	if err := c.convolutionConfig.check(class); err != nil {
		return err
	}
	*l = DepthwiseLayer{Name: c.Name, Class: class, Filters: c.Filters, KernelSize: c.KernelSize, Strides: c.Strides, Padding: c.Padding,
		DilationRate: c.DilationRate, Activation: c.Activation, NoBias: c.withoutBias(),
		DepthwiseInitializer: c.DepthwiseInitializer, PointwiseInitializer: c.PointwiseInitializer, BiasInitializer: c.BiasInitializer,
		DepthwiseRegularizer: c.DepthwiseRegularizer, PointwiseRegularizer: c.PointwiseRegularizer, BiasRegularizer: c.BiasRegularizer,
		ActivityRegularizer: c.ActivityRegularizer, DepthwiseConstraint: c.DepthwiseConstraint, PointwiseConstraint: c.PointwiseConstraint, BiasConstraint: c.BiasConstraint,
		InputShape: c.inputShape()}
	if c.DepthMultiplier != nil {
		if l.DepthMultiplier = *c.DepthMultiplier; l.DepthMultiplier == 0 { // which in Go means that it is not given
			return tensor.Errorf(tensor.CodeOption, "%s: depth_multiplier must be a whole number from 1 to %d, got 0", class, maxUnits)
		}
	}
	return c.common.check(class)
}
