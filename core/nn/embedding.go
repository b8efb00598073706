package nn

import (
	"github.com/terrarium-ml/terrarium/core/graph"
	"github.com/terrarium-ml/terrarium/core/json"
)

// An EmbeddingLayer turns whole numbers into learned vectors:
//
//	y[…, :] = embeddings[x[…], :]    x [batch, …], 0 to input_dim − 1  embeddings [input_dim, output_dim]  y [batch, …, output_dim]
//
// The numbers come as float32, which holds them exactly up to 2²⁴. Data with another
// number is refused before training or prediction begins; see Built.Indices.
//
// The gradient of embeddings is as large as they are, so a step costs input_dim·output_dim
// beside what it looks up: for vocabularies far larger than a batch, most of the step.
//
// Weight: embeddings. Options and defaults are those of Keras's Embedding. With
// mask_zero 0 means padding: a mask goes along to the layers behind.
type EmbeddingLayer struct {
	Name                  string
	InputDim              int         // size of the vocabulary
	OutputDim             int         // width of a vector
	EmbeddingsInitializer Initializer // RandomUniform(−0.05, 0.05)
	EmbeddingsRegularizer Regularizer
	MaskZero              bool
	InputShape            []int
}

// Embedding returns a layer that looks vectors of width outputDim up by numbers below
// inputDim. MaskZero is its option.
func Embedding(inputDim, outputDim int, opts ...Option) *EmbeddingLayer {
	o := collect(opts)
	return &EmbeddingLayer{Name: o.name, InputDim: inputDim, OutputDim: outputDim, MaskZero: o.maskZero}
}

var _ configured = (*EmbeddingLayer)(nil)

// maxWords is the largest vocabulary: the numbers below it are exact in float32.
const maxWords = 1 << 24

func (l *EmbeddingLayer) ClassName() string { return "Embedding" }
func (l *EmbeddingLayer) LayerName() string { return l.Name }
func (l *EmbeddingLayer) inputShape() []int { return l.InputShape }

func (l *EmbeddingLayer) Lower(s *Scope, x graph.Value) (graph.Value, error) {
	if l.InputDim < 1 || l.InputDim > maxWords {
		return x, s.Errorf("input_dim must be a whole number from 1 to %d, got %d", maxWords, l.InputDim)
	}
	if l.OutputDim < 1 || l.OutputDim > maxUnits {
		return x, s.Errorf("output_dim must be a whole number from 1 to %d, got %d", maxUnits, l.OutputDim)
	}
	table, err := s.Weight("embeddings", []int{l.InputDim, l.OutputDim}, l.EmbeddingsInitializer.or(RandomUniform(-0.05, 0.05)), l.EmbeddingsRegularizer)
	if err != nil {
		return x, err
	}
	s.takesIndices(x, l.InputDim)
	y, err := s.Apply(graph.Embedding{}, x, table)
	if err != nil || !l.MaskZero {
		return y, err
	}
	if len(s.Shape(x)) != 1 {
		return x, s.shapeErrorf("mask_zero wants rows of one number a step, input [batch, time], got %s", batched(s, x))
	}
	mask, err := s.Apply(graph.StepMask{}, x)
	if err != nil {
		return x, err
	}
	s.SetMask(y, mask)
	return y, nil
}

type embeddingConfig struct {
	common
	InputDim              int         `json:"input_dim"`
	OutputDim             int         `json:"output_dim"`
	EmbeddingsInitializer Initializer `json:"embeddings_initializer"`
	EmbeddingsRegularizer Regularizer `json:"embeddings_regularizer"`
	ActivityRegularizer   Regularizer `json:"activity_regularizer,omitzero"`
	MaskZero              bool        `json:"mask_zero"`
	InputLength           *int        `json:"input_length,omitempty"` // Keras 2: the shape of a row
}

func (l *EmbeddingLayer) Config() any {
	return embeddingConfig{common: common{Name: l.Name, InputShape: l.InputShape}, InputDim: l.InputDim, OutputDim: l.OutputDim,
		EmbeddingsInitializer: l.EmbeddingsInitializer, EmbeddingsRegularizer: l.EmbeddingsRegularizer, MaskZero: l.MaskZero}
}

func (l *EmbeddingLayer) fromConfig(class string, raw json.RawMessage) error {
	var c embeddingConfig
	if err := decodeStrict(class, raw, &c); err != nil {
		return err
	}
	if c.ActivityRegularizer != (Regularizer{}) {
		return unknownName("activity_regularizer of Embedding", "given", []string{"null"})
	}
	*l = EmbeddingLayer{c.Name, c.InputDim, c.OutputDim, c.EmbeddingsInitializer, c.EmbeddingsRegularizer, c.MaskZero, c.inputShape()}
	if l.InputShape == nil && c.InputLength != nil {
		l.InputShape = []int{*c.InputLength}
	}
	return c.check(class)
}

// A MaskingLayer says that steps of time whose values all are MaskValue are padding: it
// makes them zeros and sends a mask along to the layers behind.
//
//	x [batch, time, n]  →  y [batch, time, n]
//
// It has no weights. The option is Keras's.
type MaskingLayer struct {
	Name       string
	MaskValue  float64
	InputShape []int
}

// Masking returns a layer that hides steps of which all values are value.
func Masking(value float64, opts ...Option) *MaskingLayer {
	return &MaskingLayer{Name: collect(opts).name, MaskValue: value}
}

var _ configured = (*MaskingLayer)(nil)

func (l *MaskingLayer) ClassName() string { return "Masking" }
func (l *MaskingLayer) LayerName() string { return l.Name }
func (l *MaskingLayer) inputShape() []int { return l.InputShape }

func (l *MaskingLayer) Lower(s *Scope, x graph.Value) (graph.Value, error) {
	if l.MaskValue-l.MaskValue != 0 {
		return x, s.Errorf("mask_value must be finite, got %g", l.MaskValue)
	}
	if len(s.Shape(x)) != 2 {
		return x, s.shapeErrorf("want input [batch, time, n], got %s", batched(s, x))
	}
	mask, err := s.Apply(graph.StepMask{Padding: float32(l.MaskValue)}, x)
	if err != nil {
		return x, err
	}
	y, err := s.Apply(graph.HideSteps{}, x, mask)
	if err != nil {
		return x, err
	}
	s.SetMask(y, mask)
	return y, nil
}

type maskingConfig struct {
	common
	MaskValue float64 `json:"mask_value"`
}

func (l *MaskingLayer) Config() any {
	return maskingConfig{common{Name: l.Name, InputShape: l.InputShape}, l.MaskValue}
}

func (l *MaskingLayer) fromConfig(class string, raw json.RawMessage) error {
	var c maskingConfig
	if err := decodeStrict(class, raw, &c); err != nil {
		return err
	}
	*l = MaskingLayer{c.Name, c.MaskValue, c.inputShape()}
	return c.check(class)
}
