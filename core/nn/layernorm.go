package nn

import (
	"github.com/terrarium-ml/terrarium/core/graph"
	"github.com/terrarium-ml/terrarium/core/json"
)

// A LayerNormalizationLayer normalises each sample, and each step of it, by its own mean
// and variance (Ba, Kiros, Hinton, 2016):
//
//	y = gamma·(x − mean) / √(variance + epsilon) + beta
//
//	x [batch, …, n]  gamma, beta [n]  →  y [batch, …, n]
//
// mean and variance are taken along the last axis, or along the axes up to the last that
// Axis lists; gamma and beta then have all these axes.
//
// Weights: gamma, beta. Options and defaults are those of Keras's LayerNormalization.
type LayerNormalizationLayer struct {
	Name              string
	Axis              []int   // counted with the batch as 0, or from the end; the last if nil
	Epsilon           float64 // 1e-3 if 0
	NoScale, NoCenter bool
	BetaInitializer   Initializer // Zeros
	GammaInitializer  Initializer // Ones
	BetaRegularizer   Regularizer
	GammaRegularizer  Regularizer
	InputShape        []int
}

// LayerNormalization returns a layer that normalises along the last axis. NoScale and
// NoCenter are its options.
func LayerNormalization(opts ...Option) *LayerNormalizationLayer {
	o := collect(opts)
	return &LayerNormalizationLayer{Name: o.name, NoScale: o.noScale, NoCenter: o.noCenter}
}

var _ configured = (*LayerNormalizationLayer)(nil)

func (l *LayerNormalizationLayer) ClassName() string { return "LayerNormalization" }
func (l *LayerNormalizationLayer) LayerName() string { return l.Name }
func (l *LayerNormalizationLayer) inputShape() []int { return l.InputShape }

func (l *LayerNormalizationLayer) Lower(s *Scope, x graph.Value) (graph.Value, error) {
	shape := s.Shape(x)
	k, err := list(l.Axis).trailing(s, shape, len(shape))
	if err != nil {
		return x, err
	}
	epsilon, err := epsilonOr(s, l.Epsilon, 1e-3)
	if err != nil {
		return x, err
	}
	op := graph.Normalize{Axes: k, Epsilon: epsilon, Scale: !l.NoScale, Center: !l.NoCenter}
	in := []graph.Value{x}
	if op.Scale {
		gamma, err := s.Weight("gamma", shape[len(shape)-k:], l.GammaInitializer.or(Ones), l.GammaRegularizer)
		if err != nil {
			return x, err
		}
		in = append(in, gamma)
	}
	if op.Center {
		beta, err := s.Weight("beta", shape[len(shape)-k:], l.BetaInitializer.or(Zeros), l.BetaRegularizer)
		if err != nil {
			return x, err
		}
		in = append(in, beta)
	}
	return s.Apply(op, in...)
}

type layerNormConfig struct {
	common
	Axis             list        `json:"axis,omitempty"`
	Epsilon          float64     `json:"epsilon,omitzero"`
	Center           *bool       `json:"center,omitempty"`
	Scale            *bool       `json:"scale,omitempty"`
	BetaInitializer  Initializer `json:"beta_initializer"`
	GammaInitializer Initializer `json:"gamma_initializer"`
	BetaRegularizer  Regularizer `json:"beta_regularizer"`
	GammaRegularizer Regularizer `json:"gamma_regularizer"`
}

func (l *LayerNormalizationLayer) Config() any {
	center, scale := !l.NoCenter, !l.NoScale
	return layerNormConfig{common{Name: l.Name, InputShape: l.InputShape}, l.Axis, l.Epsilon, &center, &scale,
		l.BetaInitializer, l.GammaInitializer, l.BetaRegularizer, l.GammaRegularizer}
}

func (l *LayerNormalizationLayer) fromConfig(class string, raw json.RawMessage) error {
	var c layerNormConfig
	if err := decodeStrict(class, raw, &c); err != nil {
		return err
	}
	*l = LayerNormalizationLayer{c.Name, c.Axis, c.Epsilon, no(c.Scale), no(c.Center),
		c.BetaInitializer, c.GammaInitializer, c.BetaRegularizer, c.GammaRegularizer, c.inputShape()}
	return c.check(class)
}

// An RMSNormalizationLayer brings each sample, and each step of it, to a mean square of 1
// (Zhang, Sennrich, 2019):
//
//	y = scale·x / √(mean of x² + epsilon)
//
//	x [batch, …, n]  scale [n]  →  y [batch, …, n]
//
// along the last axis, or the axes up to the last that Axis lists.
//
// Weight: scale. Options and defaults are those of Keras's RMSNormalization.
type RMSNormalizationLayer struct {
	Name       string
	Axis       []int   // counted with the batch as 0, or from the end; the last if nil
	Epsilon    float64 // 1e-6 if 0
	InputShape []int
}

// RMSNormalization returns a layer that divides by the root of the mean square along the
// last axis.
func RMSNormalization(opts ...Option) *RMSNormalizationLayer {
	return &RMSNormalizationLayer{Name: collect(opts).name}
}

var _ configured = (*RMSNormalizationLayer)(nil)

func (l *RMSNormalizationLayer) ClassName() string { return "RMSNormalization" }
func (l *RMSNormalizationLayer) LayerName() string { return l.Name }
func (l *RMSNormalizationLayer) inputShape() []int { return l.InputShape }

func (l *RMSNormalizationLayer) Lower(s *Scope, x graph.Value) (graph.Value, error) {
	shape := s.Shape(x)
	k, err := list(l.Axis).trailing(s, shape, len(shape))
	if err != nil {
		return x, err
	}
	epsilon, err := epsilonOr(s, l.Epsilon, 1e-6)
	if err != nil {
		return x, err
	}
	scale, err := s.Weight("scale", shape[len(shape)-k:], Ones, Regularizer{})
	if err != nil {
		return x, err
	}
	return s.Apply(graph.Normalize{Axes: k, Epsilon: epsilon, RMS: true, Scale: true}, x, scale)
}

type rmsNormConfig struct {
	common
	Axis    list    `json:"axis,omitempty"`
	Epsilon float64 `json:"epsilon,omitzero"`
}

func (l *RMSNormalizationLayer) Config() any {
	return rmsNormConfig{common{Name: l.Name, InputShape: l.InputShape}, l.Axis, l.Epsilon}
}

func (l *RMSNormalizationLayer) fromConfig(class string, raw json.RawMessage) error {
	var c rmsNormConfig
	if err := decodeStrict(class, raw, &c); err != nil {
		return err
	}
	*l = RMSNormalizationLayer{c.Name, c.Axis, c.Epsilon, c.inputShape()}
	return c.check(class)
}
