package nn

import (
	"github.com/terrarium-ml/terrarium/core/graph"
	"github.com/terrarium-ml/terrarium/core/json"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// A ReshapeLayer gives a row another shape with the same values in the same order:
// [batch, 2, 6] becomes [batch, 3, 4].
type ReshapeLayer struct {
	Name        string
	TargetShape []int // of a row; one number may be −1, which stands for what is left
	InputShape  []int
}

// Reshape returns a layer that gives rows the shape of the given numbers, one of which
// may be −1.
func Reshape(shape []int, opts ...Option) *ReshapeLayer {
	return &ReshapeLayer{Name: collect(opts).name, TargetShape: shape}
}

var _ configured = (*ReshapeLayer)(nil)

type reshapeConfig struct {
	common
	TargetShape []int `json:"target_shape"`
}

func (l *ReshapeLayer) ClassName() string { return "Reshape" }
func (l *ReshapeLayer) LayerName() string { return l.Name }
func (l *ReshapeLayer) inputShape() []int { return l.InputShape }
func (l *ReshapeLayer) Config() any {
	return reshapeConfig{common{Name: l.Name, InputShape: l.InputShape}, l.TargetShape}
}

func (l *ReshapeLayer) Lower(s *Scope, x graph.Value) (graph.Value, error) {
	shape := append([]int{}, l.TargetShape...)
	known, open := []int{}, -1
	for i, d := range shape {
		switch {
		case d == -1 && open < 0:
			open = i
		case d < 1:
			return x, s.Errorf("target_shape must be whole numbers from 1, one of which may be -1, got %v", l.TargetShape)
		default:
			known = append(known, d)
		}
	}
	size, err := tensor.Size(known)
	if err != nil {
		return x, s.Errorf("target_shape: %v", err)
	}
	have := graph.Size(s.Shape(x))
	if open >= 0 {
		shape[open] = have / size
		size *= shape[open]
	}
	if size != have {
		return x, s.shapeErrorf("target_shape %v does not fit input %s of %d values; give numbers whose product is that", l.TargetShape, tensor.FormatBatch(s.Shape(x)), have)
	}
	return s.Apply(graph.Reshape{Shape: shape}, x)
}

func (l *ReshapeLayer) fromConfig(class string, raw json.RawMessage) error {
	var c reshapeConfig
	if err := decodeStrict(class, raw, &c); err != nil {
		return err
	}
	*l = ReshapeLayer{c.Name, c.TargetShape, c.inputShape()}
	return c.check(class)
}

// A PermuteLayer puts the axes of a row in another order: with dims 2, 1 [batch, a, b]
// becomes [batch, b, a].
type PermuteLayer struct {
	Name       string
	Dims       []int // axis i of the result is axis Dims[i] of the input, counted from 1
	InputShape []int
}

// Permute returns a layer that puts axes in the given order, counted from 1.
func Permute(dims []int, opts ...Option) *PermuteLayer {
	return &PermuteLayer{Name: collect(opts).name, Dims: dims}
}

var _ configured = (*PermuteLayer)(nil)

type permuteConfig struct {
	common
	Dims []int `json:"dims"`
}

func (l *PermuteLayer) ClassName() string { return "Permute" }
func (l *PermuteLayer) LayerName() string { return l.Name }
func (l *PermuteLayer) inputShape() []int { return l.InputShape }
func (l *PermuteLayer) stopsMask()        {}
func (l *PermuteLayer) Config() any {
	return permuteConfig{common{Name: l.Name, InputShape: l.InputShape}, l.Dims}
}

func (l *PermuteLayer) Lower(s *Scope, x graph.Value) (graph.Value, error) {
	axes := make([]int, len(l.Dims))
	for i, d := range l.Dims {
		axes[i] = d - 1
	}
	if len(axes) != len(s.Shape(x)) {
		return x, s.Errorf("dims must name each of the axes 1 to %d of input %s once, got %v", len(s.Shape(x)), tensor.FormatBatch(s.Shape(x)), l.Dims)
	}
	return s.Apply(graph.Permute{Axes: axes}, x)
}

func (l *PermuteLayer) fromConfig(class string, raw json.RawMessage) error {
	var c permuteConfig
	if err := decodeStrict(class, raw, &c); err != nil {
		return err
	}
	*l = PermuteLayer{c.Name, c.Dims, c.inputShape()}
	return c.check(class)
}

// A RepeatVectorLayer writes a vector N times: [batch, c] becomes [batch, n, c].
type RepeatVectorLayer struct {
	Name       string
	N          int
	InputShape []int
}

// RepeatVector returns a layer that writes vectors n times.
func RepeatVector(n int, opts ...Option) *RepeatVectorLayer {
	return &RepeatVectorLayer{Name: collect(opts).name, N: n}
}

var _ configured = (*RepeatVectorLayer)(nil)

type repeatVectorConfig struct {
	common
	N int `json:"n"`
}

func (l *RepeatVectorLayer) ClassName() string { return "RepeatVector" }
func (l *RepeatVectorLayer) LayerName() string { return l.Name }
func (l *RepeatVectorLayer) inputShape() []int { return l.InputShape }
func (l *RepeatVectorLayer) Config() any {
	return repeatVectorConfig{common{Name: l.Name, InputShape: l.InputShape}, l.N}
}

func (l *RepeatVectorLayer) Lower(s *Scope, x graph.Value) (graph.Value, error) {
	if l.N < 1 || l.N > maxUnits {
		return x, s.Errorf("n must be a whole number from 1 to %d, got %d", maxUnits, l.N)
	}
	if len(s.Shape(x)) != 1 {
		return x, s.shapeErrorf("want input [batch, channels], got %s; put a Flatten in front", tensor.FormatBatch(s.Shape(x)))
	}
	return s.Apply(graph.Repeat{Times: l.N}, x)
}

func (l *RepeatVectorLayer) fromConfig(class string, raw json.RawMessage) error {
	var c repeatVectorConfig
	if err := decodeStrict(class, raw, &c); err != nil {
		return err
	}
	*l = RepeatVectorLayer{c.Name, c.N, c.inputShape()}
	return c.check(class)
}
