package nn

import (
	"github.com/terrarium-ml/terrarium/core/graph"
	"github.com/terrarium-ml/terrarium/core/json"
)

// A ConvLayer is a convolution (LeCun et al., 1989), y = f(x ∗ kernel + bias), channels
// last. It is one of three classes:
//
//	Conv2D           x [batch, h, w, in]   kernel [kh, kw, in, filters]  y [batch, oh, ow, filters]
//	Conv1D           x [batch, steps, in]  kernel [k, in, filters]       y [batch, osteps, filters]
//	Conv2DTranspose  x [batch, h, w, in]   kernel [kh, kw, filters, in]  y [batch, oh, ow, filters]
//
// bias [filters]. How large the result is, graph.Padding says, and graph.ConvTranspose
// for the transposed one, which enlarges its input. Strides and dilation may be above 1
// at the same time.
//
// Weights: kernel, bias. Options and defaults are those of Keras.
type ConvLayer struct {
	Name              string
	Class             string // "Conv1D", "Conv2D" or "Conv2DTranspose"
	Filters           int
	KernelSize        []int      // one number for all axes, or one for each
	Strides           []int      // 1
	Padding           Padding    // "" is Valid
	DilationRate      []int      // 1
	Activation        Activation // "" is Linear
	NoBias            bool
	KernelInitializer Initializer // GlorotUniform
	BiasInitializer   Initializer // Zeros
	KernelRegularizer Regularizer
	BiasRegularizer   Regularizer

	ActivityRegularizer Regularizer // of the result
	KernelConstraint    Constraint  // MaxNorm(2, 0, 1, 2): of each filter
	BiasConstraint      Constraint
	InputShape          []int // of a row, if this is a network's first layer
}

// Conv1D returns a convolution over steps of time: windows of size steps.
func Conv1D(filters, size int, opts ...Option) *ConvLayer {
	return newConv("Conv1D", filters, size, opts)
}

// Conv2D returns a convolution over images: windows of size × size pixels.
func Conv2D(filters, size int, opts ...Option) *ConvLayer {
	return newConv("Conv2D", filters, size, opts)
}

// Conv2DTranspose returns a transposed convolution over images, which enlarges them by
// its strides.
func Conv2DTranspose(filters, size int, opts ...Option) *ConvLayer {
	return newConv("Conv2DTranspose", filters, size, opts)
}

func newConv(class string, filters, size int, opts []Option) *ConvLayer {
	o := collect(opts)
	return &ConvLayer{Name: o.name, Class: class, Filters: filters, KernelSize: []int{size}, Strides: o.strides, Padding: o.padding,
		DilationRate: o.dilation, Activation: o.activation, NoBias: o.noBias,
		KernelInitializer: o.kernelInitializer, BiasInitializer: o.biasInitializer,
		KernelRegularizer: o.kernelRegularizer, BiasRegularizer: o.biasRegularizer,
		ActivityRegularizer: o.activityRegularizer, KernelConstraint: o.kernelConstraint, BiasConstraint: o.biasConstraint}
}

var _ configured = (*ConvLayer)(nil)

func (l *ConvLayer) ClassName() string { return l.Class }
func (l *ConvLayer) LayerName() string { return l.Name }
func (l *ConvLayer) inputShape() []int { return l.InputShape }

func (l *ConvLayer) options() convolution {
	return convolution{l.KernelSize, l.Strides, l.DilationRate, l.Padding}
}

func (l *ConvLayer) Lower(s *Scope, x graph.Value) (graph.Value, error) {
	if l.Class != "Conv1D" && l.Class != "Conv2D" && l.Class != "Conv2DTranspose" {
		return x, unknownName("class of ConvLayer", l.Class, []string{"Conv1D", "Conv2D", "Conv2DTranspose"}).In(s.Name)
	}
	if err := checkCount(s, "filters", l.Filters); err != nil {
		return x, err
	}
	g, channels, err := l.options().on(s, x, l.Class)
	if err != nil {
		return x, err
	}
	shape := append(g.kernel, channels, l.Filters)
	var op graph.Op = graph.Conv{Strides: g.strides, Dilation: g.dilation, Padding: g.padding}
	if l.Class == "Conv2DTranspose" {
		shape = append(g.kernel, l.Filters, channels)
		op = graph.ConvTranspose{Strides: g.strides, Dilation: g.dilation, Padding: g.padding}
	}
	kernel, err := s.WeightWith("kernel", shape, WeightOptions{l.KernelInitializer.or(GlorotUniform), l.KernelRegularizer, l.KernelConstraint})
	if err != nil {
		return x, err
	}
	y, err := applyWithBias(s, op, x, kernel, !l.NoBias, l.Filters, WeightOptions{l.BiasInitializer.or(Zeros), l.BiasRegularizer, l.BiasConstraint})
	if err != nil {
		return x, err
	}
	if y, err = l.Activation.lower(s, y); err != nil {
		return x, err
	}
	return y, s.PenaliseActivity(y, l.ActivityRegularizer)
}

type convConfig struct {
	common
	Filters int `json:"filters"`
	convolutionConfig
	KernelInitializer Initializer     `json:"kernel_initializer"`
	KernelRegularizer Regularizer     `json:"kernel_regularizer"`
	KernelConstraint  Constraint      `json:"kernel_constraint,omitzero"`
	OutputPadding     json.RawMessage `json:"output_padding,omitempty"` // null only
}

func (l *ConvLayer) Config() any {
	useBias := !l.NoBias
	c := convConfig{common: common{Name: l.Name, InputShape: l.InputShape}, Filters: l.Filters, convolutionConfig: l.options().config(l.Class),
		KernelInitializer: l.KernelInitializer, KernelRegularizer: l.KernelRegularizer, KernelConstraint: l.KernelConstraint}
	c.Activation, c.UseBias, c.BiasInitializer, c.BiasRegularizer = l.Activation, &useBias, l.BiasInitializer, l.BiasRegularizer
	c.ActivityRegularizer, c.BiasConstraint = l.ActivityRegularizer, l.BiasConstraint
	return c
}

func (l *ConvLayer) fromConfig(class string, raw json.RawMessage) error {
	var c convConfig
	if err := decodeStrict(class, raw, &c); err != nil {
		return err
	}
	if err := c.convolutionConfig.check(class); err != nil {
		return err
	}
	if err := onlyNull(class, "output_padding", c.OutputPadding); err != nil {
		return err
	}
	*l = ConvLayer{Name: c.Name, Class: class, Filters: c.Filters, KernelSize: c.KernelSize, Strides: c.Strides, Padding: c.Padding,
		DilationRate: c.DilationRate, Activation: c.Activation, NoBias: c.withoutBias(),
		KernelInitializer: c.KernelInitializer, BiasInitializer: c.BiasInitializer,
		KernelRegularizer: c.KernelRegularizer, BiasRegularizer: c.BiasRegularizer,
		ActivityRegularizer: c.ActivityRegularizer, KernelConstraint: c.KernelConstraint, BiasConstraint: c.BiasConstraint, InputShape: c.inputShape()}
	return c.common.check(class)
}
