package nn

import (
	"github.com/terrarium-ml/terrarium/core/graph"
	"github.com/terrarium-ml/terrarium/core/json"
)

// A DropoutLayer sets elements to zero at random while training; see graph.Dropout.
// Shapes are kept.
type DropoutLayer struct {
	Name       string
	Rate       float64 // the share that is set to zero, in [0, 1)
	InputShape []int
}

// Dropout returns a layer that drops each element with probability rate.
func Dropout(rate float64, opts ...Option) *DropoutLayer {
	return &DropoutLayer{Name: collect(opts).name, Rate: rate}
}

var _ configured = (*DropoutLayer)(nil)

type dropoutConfig struct {
	common
	Rate       float64  `json:"rate"`
	Seed       *float64 `json:"seed,omitempty"`        // a model has one seed: a layer's own is not used
	NoiseShape []*int   `json:"noise_shape,omitempty"` // null only
}

func (l *DropoutLayer) ClassName() string { return "Dropout" }
func (l *DropoutLayer) LayerName() string { return l.Name }
func (l *DropoutLayer) inputShape() []int { return l.InputShape }
func (l *DropoutLayer) Config() any {
	return dropoutConfig{common: common{Name: l.Name, InputShape: l.InputShape}, Rate: l.Rate}
}

func (l *DropoutLayer) Lower(s *Scope, x graph.Value) (graph.Value, error) {
	if !(l.Rate >= 0 && l.Rate < 1) {
		return x, s.Errorf("rate must be at least 0 and below 1, got %g", l.Rate)
	}
	return s.Apply(graph.Dropout{Rate: float32(l.Rate)}, x)
}

func (l *DropoutLayer) fromConfig(class string, raw json.RawMessage) error {
	var c dropoutConfig
	if err := decodeStrict(class, raw, &c); err != nil {
		return err
	}
	if c.NoiseShape != nil {
		return unknownName("noise_shape", "given", []string{"null"})
	}
	*l = DropoutLayer{c.Name, c.Rate, c.inputShape()}
	return c.check(class)
}
