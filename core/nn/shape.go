package nn

import (
	"github.com/terrarium-ml/terrarium/core/graph"
	"github.com/terrarium-ml/terrarium/core/json"
)

// An InputLayer states the shape of a row of the network's input. It computes
// nothing and has no weights.
type InputLayer struct {
	Name  string
	Shape []int
}

// Input returns the input of rows of the given shape: Input(10), Input(28, 28, 1).
func Input(shape ...int) *InputLayer { return &InputLayer{Shape: shape} }

var _ configured = (*InputLayer)(nil)

func (l *InputLayer) ClassName() string { return "InputLayer" }
func (l *InputLayer) LayerName() string { return l.Name }
func (l *InputLayer) Config() any       { return common{Name: l.Name, InputShape: l.Shape} }
func (l *InputLayer) inputShape() []int { return l.Shape }

func (l *InputLayer) Lower(_ *Scope, x graph.Value) (graph.Value, error) { return x, nil }

func (l *InputLayer) fromConfig(class string, raw json.RawMessage) error {
	var c struct {
		common
		Sparse bool `json:"sparse,omitempty"`
	}
	if err := decodeStrict(class, raw, &c); err != nil {
		return err
	}
	*l = InputLayer{c.Name, c.inputShape()}
	return c.check(class)
}

// A FlattenLayer makes a row a vector: [batch, a, b, …] becomes [batch, a·b·…].
type FlattenLayer struct {
	Name       string
	InputShape []int
}

// Flatten returns a layer that makes each row a vector.
func Flatten(opts ...Option) *FlattenLayer { return &FlattenLayer{Name: collect(opts).name} }

var _ configured = (*FlattenLayer)(nil)

func (l *FlattenLayer) ClassName() string { return "Flatten" }
func (l *FlattenLayer) LayerName() string { return l.Name }
func (l *FlattenLayer) Config() any       { return common{Name: l.Name, InputShape: l.InputShape} }
func (l *FlattenLayer) inputShape() []int { return l.InputShape }

func (l *FlattenLayer) Lower(s *Scope, x graph.Value) (graph.Value, error) {
	size := 1
	for _, d := range s.Shape(x) {
		size *= d
	}
	return s.Apply(graph.Reshape{Shape: []int{size}}, x)
}

func (l *FlattenLayer) fromConfig(class string, raw json.RawMessage) error {
	var c struct {
		common
		DataFormat string `json:"data_format,omitempty"`
	}
	if err := decodeStrict(class, raw, &c); err != nil {
		return err
	}
	if err := channelsLast(c.DataFormat); err != nil {
		return err
	}
	*l = FlattenLayer{c.Name, c.inputShape()}
	return c.check(class)
}
