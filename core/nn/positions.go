package nn

import (
	"github.com/terrarium-ml/terrarium/core/graph"
	"github.com/terrarium-ml/terrarium/core/internal/kernel"
	"github.com/terrarium-ml/terrarium/core/json"
)

// A PositionEmbeddingLayer adds a learned vector to each step of time (Gehring et al.,
// 2017), the same for every sample:
//
//	y[t] = x[t] + embeddings[t]    x, y [batch, time, n]  embeddings [sequence_length, n], time ≤ sequence_length
//
// Weight: embeddings. Options are those of KerasHub's PositionEmbedding; unlike that one
// the layer gives the sum, so that it can stand in a Sequential network.
type PositionEmbeddingLayer struct {
	Name           string
	SequenceLength int         // the most steps; those of the input if 0
	Initializer    Initializer // GlorotUniform
	InputShape     []int
}

// PositionEmbedding returns a layer that adds learned positions to at most length steps;
// 0 stands for as many as the input has.
func PositionEmbedding(length int, opts ...Option) *PositionEmbeddingLayer {
	return &PositionEmbeddingLayer{Name: collect(opts).name, SequenceLength: length}
}

var _ configured = (*PositionEmbeddingLayer)(nil)

func (l *PositionEmbeddingLayer) ClassName() string { return "PositionEmbedding" }
func (l *PositionEmbeddingLayer) LayerName() string { return l.Name }
func (l *PositionEmbeddingLayer) inputShape() []int { return l.InputShape }

func (l *PositionEmbeddingLayer) Lower(s *Scope, x graph.Value) (graph.Value, error) {
	shape := s.Shape(x)
	if len(shape) != 2 {
		return x, s.shapeErrorf("want input [batch, time, width], got %s", batched(s, x))
	}
	steps := l.SequenceLength
	if steps == 0 {
		steps = shape[0]
	}
	if steps < 1 || steps > maxUnits {
		return x, s.Errorf("sequence_length must be a whole number from 1 to %d, got %d", maxUnits, steps)
	}
	if shape[0] > steps {
		return x, s.shapeErrorf("got %s, %d steps, but sequence_length is %d; raise it or shorten the input", batched(s, x), shape[0], steps)
	}
	table, err := s.Weight("embeddings", []int{steps, shape[1]}, l.Initializer.or(GlorotUniform), Regularizer{})
	if err != nil {
		return x, err
	}
	return s.Apply(graph.AddPositions{}, x, table)
}

type positionConfig struct {
	common
	SequenceLength int         `json:"sequence_length,omitzero"`
	Initializer    Initializer `json:"initializer"`
}

func (l *PositionEmbeddingLayer) Config() any {
	return positionConfig{common{Name: l.Name, InputShape: l.InputShape}, l.SequenceLength, l.Initializer}
}

func (l *PositionEmbeddingLayer) fromConfig(class string, raw json.RawMessage) error {
	var c positionConfig
	if err := decodeStrict(class, raw, &c); err != nil {
		return err
	}
	*l = PositionEmbeddingLayer{c.Name, c.SequenceLength, c.Initializer, c.inputShape()}
	return c.check(class)
}

// A SinePositionEncodingLayer adds sines and cosines of growing wavelengths to each step
// of time (Vaswani et al., 2017):
//
//	y[t, 2i] = x[t, 2i] + sin(t·λ⁻²ⁱ/ⁿ)    y[t, 2i+1] = x[t, 2i+1] + cos(t·λ⁻²ⁱ/ⁿ)
//
//	x, y [batch, time, n]    λ = max_wavelength
//
// It has no weights. The option is that of KerasHub's SinePositionEncoding; unlike that
// one the layer gives the sum, so that it can stand in a Sequential network.
type SinePositionEncodingLayer struct {
	Name          string
	MaxWavelength float64 // 10000 if 0
	InputShape    []int
}

// SinePositionEncoding returns a layer that adds sinusoidal positions.
func SinePositionEncoding(opts ...Option) *SinePositionEncodingLayer {
	return &SinePositionEncodingLayer{Name: collect(opts).name}
}

var _ configured = (*SinePositionEncodingLayer)(nil)

// maxPositions is the largest table of positions that is taken for meant: 64 MB.
const maxPositions = 1 << 24

func (l *SinePositionEncodingLayer) ClassName() string { return "SinePositionEncoding" }
func (l *SinePositionEncodingLayer) LayerName() string { return l.Name }
func (l *SinePositionEncodingLayer) inputShape() []int { return l.InputShape }

func (l *SinePositionEncodingLayer) Lower(s *Scope, x graph.Value) (graph.Value, error) {
	wavelength := l.MaxWavelength
	if wavelength == 0 {
		wavelength = 10000
	}
	if !(wavelength >= 1 && wavelength <= 1e15) {
		return x, s.Errorf("max_wavelength must be from 1 to 1e15, got %g", wavelength)
	}
	shape := s.Shape(x)
	if len(shape) != 2 {
		return x, s.shapeErrorf("want input [batch, time, width], got %s", batched(s, x))
	}
	if shape[0] > kernel.SinCosMax || graph.Size(shape) > maxPositions {
		return x, s.shapeErrorf("got %s, more than the %d positions and %d values that are offered", batched(s, x), kernel.SinCosMax, maxPositions)
	}
	table := make([]float32, graph.Size(shape))
	kernel.SinePositions(shape[0], shape[1], table, wavelength)
	return s.Apply(graph.AddPositions{Table: table}, x)
}

type sineConfig struct {
	common
	MaxWavelength float64 `json:"max_wavelength,omitzero"`
}

func (l *SinePositionEncodingLayer) Config() any {
	return sineConfig{common{Name: l.Name, InputShape: l.InputShape}, l.MaxWavelength}
}

func (l *SinePositionEncodingLayer) fromConfig(class string, raw json.RawMessage) error {
	var c sineConfig
	if err := decodeStrict(class, raw, &c); err != nil {
		return err
	}
	*l = SinePositionEncodingLayer{c.Name, c.MaxWavelength, c.inputShape()}
	return c.check(class)
}
