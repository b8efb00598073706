package nn

import (
	"github.com/terrarium-ml/terrarium/core/graph"
	"github.com/terrarium-ml/terrarium/core/json"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// A NoiseLayer disturbs its input at random while training, and passes it on at
// inference, as one of Keras's SpatialDropout1D, SpatialDropout2D, GaussianDropout, AlphaDropout
// and GaussianNoise; see the operations of these names in package graph. Shapes are kept, and
// there are no weights.
type NoiseLayer struct {
	Name       string
	Class      string  // "GaussianNoise", …
	Amount     float64 // GaussianNoise: the standard deviation; others: the rate, in [0, 1)
	InputShape []int
}

// SpatialDropout1D returns a layer that drops whole channels of series with probability rate.
func SpatialDropout1D(rate float64, opts ...Option) *NoiseLayer {
	return noise("SpatialDropout1D", rate, opts)
}

// SpatialDropout2D returns a layer that drops whole channels of images with probability rate.
func SpatialDropout2D(rate float64, opts ...Option) *NoiseLayer {
	return noise("SpatialDropout2D", rate, opts)
}

// GaussianDropout returns a layer that multiplies by normal noise around 1, whose variance
// is that of dropout at the same rate.
func GaussianDropout(rate float64, opts ...Option) *NoiseLayer {
	return noise("GaussianDropout", rate, opts)
}

// AlphaDropout returns a layer that drops as SELU networks need it.
func AlphaDropout(rate float64, opts ...Option) *NoiseLayer {
	return noise("AlphaDropout", rate, opts)
}

// GaussianNoise returns a layer that adds normal noise around 0.
func GaussianNoise(stddev float64, opts ...Option) *NoiseLayer {
	return noise("GaussianNoise", stddev, opts)
}

func noise(class string, amount float64, opts []Option) *NoiseLayer {
	return &NoiseLayer{Name: collect(opts).name, Class: class, Amount: amount}
}

var _ configured = (*NoiseLayer)(nil)

func (l *NoiseLayer) ClassName() string { return l.Class }
func (l *NoiseLayer) LayerName() string { return l.Name }
func (l *NoiseLayer) inputShape() []int { return l.InputShape }

func (l *NoiseLayer) Lower(s *Scope, x graph.Value) (graph.Value, error) {
	amount := float32(l.Amount)
	if l.Class == "GaussianNoise" {
		if !(l.Amount >= 0 && l.Amount <= 1e6) {
			return x, s.Errorf("stddev must be from 0 to 1e6, got %g", l.Amount)
		}
		return s.Apply(graph.GaussianNoise{Stddev: amount}, x)
	}
	if !(l.Amount >= 0 && amount < 1) {
		return x, s.Errorf("rate must be at least 0 and below 1, got %g", l.Amount)
	}
	switch l.Class {
	case "GaussianDropout":
		return s.Apply(graph.GaussianDropout{Rate: amount}, x)
	case "AlphaDropout":
		return s.Apply(graph.AlphaDropout{Rate: amount}, x)
	}
	if err := s.checkAxes(x, axesOf(l.Class)); err != nil {
		return x, err
	}
	return s.Apply(graph.SpatialDropout{Rate: amount}, x)
}

type noiseConfig struct {
	common
	Rate       *float64 `json:"rate,omitempty"`
	Stddev     *float64 `json:"stddev,omitempty"`
	Seed       *float64 `json:"seed,omitempty"`        // a model has one seed: a layer's own is not used
	NoiseShape []*int   `json:"noise_shape,omitempty"` // null only
	DataFormat string   `json:"data_format,omitempty"`
}

func (l *NoiseLayer) Config() any {
	c := noiseConfig{common: common{Name: l.Name, InputShape: l.InputShape}}
	if l.Class == "GaussianNoise" {
		c.Stddev = &l.Amount
	} else {
		c.Rate = &l.Amount
	}
	return c
}

func (l *NoiseLayer) fromConfig(class string, raw json.RawMessage) error {
	var c noiseConfig
	if err := decodeStrict(class, raw, &c); err != nil {
		return err
	}
	if err := channelsLast(c.DataFormat); err != nil {
		return err
	}
	if c.NoiseShape != nil {
		return unknownName("noise_shape", "given", []string{"null"})
	}
	own, other, name, not := c.Rate, c.Stddev, "rate", "stddev"
	if class == "GaussianNoise" {
		own, other, name, not = c.Stddev, c.Rate, "stddev", "rate"
	}
	switch {
	case other != nil:
		return tensor.Errorf(tensor.CodeOption, "%s has no option %s; it has %s", class, not, name)
	case own == nil:
		return tensor.Errorf(tensor.CodeOption, "%s wants the option %s", class, name)
	}
	*l = NoiseLayer{c.Name, class, *own, c.inputShape()}
	return c.check(class)
}
