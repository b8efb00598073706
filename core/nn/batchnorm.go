package nn

import (
	"github.com/terrarium-ml/terrarium/core/graph"
	"github.com/terrarium-ml/terrarium/core/json"
)

// A BatchNormalizationLayer normalises each channel, the last axis, over the batch and
// all other axes (Ioffe, Szegedy, 2015):
//
//	y = gamma·(x − mean) / √(variance + epsilon) + beta
//
//	x [batch, …, n]  gamma, beta, moving_mean, moving_variance [n]  →  y [batch, …, n]
//
// While training, mean and variance are those of the batch, the variance divided by the
// number of values, and the moving ones follow: moving·momentum + batch·(1 − momentum),
// once a step. At inference, and if the layer is frozen, the moving ones are used.
// Padded steps of time count like others.
//
// Weights: gamma, beta, moving_mean, moving_variance; the last two are not trained.
// Options and defaults are those of Keras's BatchNormalization; of axes only the last
// is offered.
type BatchNormalizationLayer struct {
	Name                string
	Momentum            *float64 // 0.99 if nil
	Epsilon             float64  // 1e-3 if 0
	NoScale, NoCenter   bool
	BetaInitializer     Initializer // Zeros
	GammaInitializer    Initializer // Ones
	MeanInitializer     Initializer // Zeros
	VarianceInitializer Initializer // Ones
	BetaRegularizer     Regularizer
	GammaRegularizer    Regularizer
	InputShape          []int

	axis list
}

// BatchNormalization returns a layer that normalises channels over the batch. NoScale
// and NoCenter are its options.
func BatchNormalization(opts ...Option) *BatchNormalizationLayer {
	o := collect(opts)
	return &BatchNormalizationLayer{Name: o.name, NoScale: o.noScale, NoCenter: o.noCenter}
}

var _ configured = (*BatchNormalizationLayer)(nil)

func (l *BatchNormalizationLayer) ClassName() string { return "BatchNormalization" }
func (l *BatchNormalizationLayer) LayerName() string { return l.Name }
func (l *BatchNormalizationLayer) inputShape() []int { return l.InputShape }

func (l *BatchNormalizationLayer) momentum() float64 {
	if l.Momentum == nil {
		return 0.99
	}
	return *l.Momentum
}

func (l *BatchNormalizationLayer) Lower(s *Scope, x graph.Value) (graph.Value, error) {
	shape := s.Shape(x)
	if _, err := l.axis.trailing(s, shape, 1); err != nil {
		return x, err
	}
	if !(l.momentum() >= 0 && l.momentum() <= 1) {
		return x, s.Errorf("momentum must be from 0 to 1, got %g", l.momentum())
	}
	epsilon, err := epsilonOr(s, l.Epsilon, 1e-3)
	if err != nil {
		return x, err
	}
	op := graph.BatchNorm{Momentum: float32(l.momentum()), Epsilon: epsilon, Scale: !l.NoScale, Center: !l.NoCenter, Frozen: s.Frozen()}
	n := shape[len(shape)-1:]
	in := []graph.Value{x}
	add := func(v graph.Value, err2 error) {
		in = append(in, v)
		if err == nil {
			err = err2
		}
	}
	if op.Scale {
		add(s.Weight("gamma", n, l.GammaInitializer.or(Ones), l.GammaRegularizer))
	}
	if op.Center {
		add(s.Weight("beta", n, l.BetaInitializer.or(Zeros), l.BetaRegularizer))
	}
	add(s.Statistic("moving_mean", n, l.MeanInitializer.or(Zeros)))
	add(s.Statistic("moving_variance", n, l.VarianceInitializer.or(Ones)))
	if err != nil {
		return x, err
	}
	return s.Apply(op, in...)
}

// epsilonOr checks an epsilon; 0 stands for the default.
func epsilonOr(s *Scope, epsilon, otherwise float64) (float32, error) {
	if epsilon == 0 {
		epsilon = otherwise
	}
	if !(epsilon >= 1e-30 && epsilon <= 1e30) {
		return 0, s.Errorf("epsilon must be from 1e-30 to 1e30, got %g", epsilon)
	}
	return float32(epsilon), nil
}

type batchNormConfig struct {
	common
	Axis                list        `json:"axis,omitempty"`
	Momentum            *float64    `json:"momentum,omitempty"`
	Epsilon             float64     `json:"epsilon,omitzero"`
	Center              *bool       `json:"center,omitempty"`
	Scale               *bool       `json:"scale,omitempty"`
	BetaInitializer     Initializer `json:"beta_initializer"`
	GammaInitializer    Initializer `json:"gamma_initializer"`
	MeanInitializer     Initializer `json:"moving_mean_initializer"`
	VarianceInitializer Initializer `json:"moving_variance_initializer"`
	BetaRegularizer     Regularizer `json:"beta_regularizer"`
	GammaRegularizer    Regularizer `json:"gamma_regularizer"`
}

func (l *BatchNormalizationLayer) Config() any {
	center, scale := !l.NoCenter, !l.NoScale
	return batchNormConfig{common{Name: l.Name, InputShape: l.InputShape}, l.axis, l.Momentum, l.Epsilon, &center, &scale,
		l.BetaInitializer, l.GammaInitializer, l.MeanInitializer, l.VarianceInitializer, l.BetaRegularizer, l.GammaRegularizer}
}

func (l *BatchNormalizationLayer) fromConfig(class string, raw json.RawMessage) error {
	var c batchNormConfig
	if err := decodeStrict(class, raw, &c); err != nil {
		return err
	}
	*l = BatchNormalizationLayer{c.Name, c.Momentum, c.Epsilon, no(c.Scale), no(c.Center),
		c.BetaInitializer, c.GammaInitializer, c.MeanInitializer, c.VarianceInitializer, c.BetaRegularizer, c.GammaRegularizer, c.inputShape(), c.Axis}
	return c.check(class)
}

// no tells whether an option that is on without being given was switched off.
func no(option *bool) bool { return option != nil && !*option }
