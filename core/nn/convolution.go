package nn

import (
	"github.com/terrarium-ml/terrarium/core/graph"
	"github.com/terrarium-ml/terrarium/core/json"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// Dilation sets the distance between the inputs that a window meets, one number for all
// axes or one for each.
func Dilation(rates ...int) Option { return optionFunc(func(o *options) { o.dilation = rates }) }

// DepthMultiplier sets how many kernels each channel of a depthwise convolution has; 1
// if not given.
func DepthMultiplier(n int) Option { return optionFunc(func(o *options) { o.depthMultiplier = n }) }

// A convolution is the options that all convolutions share.
type convolution struct {
	kernelSize, strides, dilation list
	padding                       Padding
}

// A geometry is these options, checked. With one axis the first stride and the first
// dilation are 1.
type geometry struct {
	kernel            []int // for each axis
	strides, dilation [2]int
	padding           graph.Padding
}

// on checks the options for a class of layers, and that x has the axes it works on.
func (c convolution) on(s *Scope, x graph.Value, class string) (g geometry, channels int, err error) {
	axes := len(axesOf(class)) - 1
	if err := s.checkAxes(x, axesOf(class)); err != nil {
		return g, 0, err
	}
	if len(c.kernelSize) == 0 {
		return g, 0, s.Errorf("kernel_size is missing")
	}
	if g.kernel, err = c.kernelSize.onAxes(s, "kernel_size", axes); err != nil {
		return g, 0, err
	}
	strides, err := c.strides.onAxes(s, "strides", axes)
	if err != nil {
		return g, 0, err
	}
	dilation, err := c.dilation.onAxes(s, "dilation_rate", axes)
	if err != nil {
		return g, 0, err
	}
	g.strides, g.dilation = [2]int{1, strides[axes-1]}, [2]int{1, dilation[axes-1]}
	if axes == 2 {
		g.strides[0], g.dilation[0] = strides[0], dilation[0]
	}
	known := []string{string(Same), string(Valid)}
	if axes == 1 {
		known = append([]string{string(Causal)}, known...)
	}
	switch p := Padding(fold(string(c.padding))); {
	case p == Valid || p == "":
		g.padding = graph.PadValid
	case p == Same:
		g.padding = graph.PadSame
	case p == Causal && axes == 1:
		g.padding = graph.PadCausal
	default:
		return g, 0, unknownName("padding", string(c.padding), known).In(s.Name)
	}
	return g, s.Shape(x)[axes], nil
}

// checkCount refuses a number of channels that nobody means.
func checkCount(s *Scope, what string, n int) error {
	if n < 1 || n > maxUnits {
		return s.Errorf("%s must be a whole number from 1 to %d, got %d", what, maxUnits, n)
	}
	return nil
}

// applyWithBias adds an operation on x and a kernel, and on a bias if there is one.
func applyWithBias(s *Scope, op graph.Op, x, kernel graph.Value, has bool, size int, o WeightOptions) (graph.Value, error) {
	if !has {
		return s.Apply(op, x, kernel)
	}
	bias, err := s.WeightWith("bias", []int{size}, o)
	if err != nil {
		return x, err
	}
	return s.Apply(op, x, kernel, bias)
}

// convolutionConfig is the JSON of the options that all convolutions share.
type convolutionConfig struct {
	KernelSize          list        `json:"kernel_size"`
	Strides             list        `json:"strides,omitempty"`
	Padding             Padding     `json:"padding,omitempty"`
	DataFormat          string      `json:"data_format,omitempty"`
	DilationRate        list        `json:"dilation_rate,omitempty"`
	Groups              *int        `json:"groups,omitempty"`
	Activation          Activation  `json:"activation"`
	UseBias             *bool       `json:"use_bias,omitempty"`
	BiasInitializer     Initializer `json:"bias_initializer"`
	BiasRegularizer     Regularizer `json:"bias_regularizer"`
	ActivityRegularizer Regularizer `json:"activity_regularizer,omitzero"`
	BiasConstraint      Constraint  `json:"bias_constraint,omitzero"`
}

// config returns the options as all programs read them: a number for each axis, and
// nothing left to a default.
func (c convolution) config(class string) convolutionConfig {
	axes := len(axesOf(class)) - 1
	full := func(n list) list {
		switch len(n) {
		case 0:
			return list{1, 1}[:axes]
		case 1:
			return list{n[0], n[0]}[:axes]
		}
		return n
	}
	if c.padding == "" {
		c.padding = Valid
	}
	return convolutionConfig{KernelSize: full(c.kernelSize), Strides: full(c.strides), Padding: c.padding, DataFormat: "channels_last", DilationRate: full(c.dilation)}
}

// check refuses options that are known but not computed.
func (c convolutionConfig) check(class string) error {
	if err := channelsLast(c.DataFormat); err != nil {
		return err
	}
	if c.Groups != nil && *c.Groups != 1 {
		return tensor.Errorf(tensor.CodeUnsupported, "%s: groups = %d; only 1 is computed, and one for each channel by DepthwiseConv2D", class, *c.Groups)
	}
	return nil
}

// withoutBias tells whether use_bias is false.
func (c convolutionConfig) withoutBias() bool { return c.UseBias != nil && !*c.UseBias }

// onlyNull refuses an option that is given.
func onlyNull(class, option string, value json.RawMessage) error {
	if len(value) > 0 && string(value) != "null" {
		return notBuilt(class, option)
	}
	return nil
}

func notBuilt(class, option string) error {
	return tensor.Errorf(tensor.CodeUnsupported, "%s: %s is not built yet; leave it out", class, option)
}
