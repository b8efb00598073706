package nn

import (
	"github.com/terrarium-ml/terrarium/core/graph"
	"github.com/terrarium-ml/terrarium/core/json"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// A MergeLayer joins two inputs or more of the same shape, element by element, as one of
// Keras's Add, Subtract, Multiply, Average, Maximum and Minimum. Subtract takes exactly two.
// Sums, products, maxima and minima run from the first input to the last; of equal values
// the first one's gets the gradient. Shapes are kept, and there are no weights.
type MergeLayer struct {
	Name  string
	Class string // "Add", …
}

// Add returns a layer that adds its inputs: y = x0 + x1 + ….
func Add(opts ...Option) *MergeLayer { return merge("Add", opts) }

// Subtract returns a layer that subtracts its second input from the first: y = x0 − x1.
func Subtract(opts ...Option) *MergeLayer { return merge("Subtract", opts) }

// Multiply returns a layer that multiplies its inputs: y = x0·x1·….
func Multiply(opts ...Option) *MergeLayer { return merge("Multiply", opts) }

// Average returns a layer that takes the mean of its inputs: y = (x0 + x1 + …)·(1/n).
func Average(opts ...Option) *MergeLayer { return merge("Average", opts) }

// Maximum returns a layer that takes the greatest of its inputs.
func Maximum(opts ...Option) *MergeLayer { return merge("Maximum", opts) }

// Minimum returns a layer that takes the least of its inputs.
func Minimum(opts ...Option) *MergeLayer { return merge("Minimum", opts) }

func merge(class string, opts []Option) *MergeLayer {
	return &MergeLayer{Name: collect(opts).name, Class: class}
}

var (
	_ configured = (*MergeLayer)(nil)
	_ Joiner     = (*MergeLayer)(nil)
)

func (l *MergeLayer) ClassName() string { return l.Class }
func (l *MergeLayer) LayerName() string { return l.Name }
func (l *MergeLayer) Config() any       { return common{Name: l.Name} }

// mergeOps are the operations that classes fold their inputs by.
var mergeOps = map[string]graph.Op{
	"Add": graph.Add{}, "Average": graph.Add{}, "Subtract": graph.Sub{}, "Multiply": graph.Mul{},
	"Maximum": graph.Maximum{}, "Minimum": graph.Minimum{},
}

// LowerAll returns one value.
func (l *MergeLayer) LowerAll(s *Scope, in []graph.Value) ([]graph.Value, error) {
	op, ok := mergeOps[l.Class]
	switch {
	case !ok:
		return nil, unknownName("merge", l.Class, sortedKeys(mergeOps)).In(s.Name)
	case len(in) < 2:
		return nil, s.Errorf("%s joins two inputs or more, got %d", l.Class, len(in))
	case l.Class == "Subtract" && len(in) != 2:
		return nil, s.Errorf("Subtract takes two inputs, got %d", len(in))
	}
	y := in[0]
	for _, x := range in[1:] {
		var err error
		if y, err = s.Apply(op, y, x); err != nil {
			return nil, err
		}
	}
	if l.Class == "Average" {
		var err error
		if y, err = s.Apply(graph.Scale{Factor: 1 / float32(len(in))}, y); err != nil {
			return nil, err
		}
	}
	s.passCommonMask(in, y)
	return []graph.Value{y}, nil
}

// passCommonMask sends a mask along if all inputs have the same.
func (s *Scope) passCommonMask(in []graph.Value, y graph.Value) {
	mask, _ := s.Mask(in[0])
	for _, x := range in {
		if m, ok := s.Mask(x); !ok || m != mask {
			return
		}
	}
	s.PassMask(in[0], y)
}

func (l *MergeLayer) fromConfig(class string, raw json.RawMessage) error {
	var c common
	if err := decodeStrict(class, raw, &c); err != nil {
		return err
	}
	*l = MergeLayer{Name: c.Name, Class: class}
	return c.check(class)
}

// A ConcatenateLayer puts its inputs behind each other along one axis; their other axes
// must be alike. It has no weights.
//
//	x0 [batch, .., n0, ..]  x1 [batch, .., n1, ..]  …  →  y [batch, .., n0 + n1 + …, ..]
type ConcatenateLayer struct {
	Name string
	Axis int // counted from the batch, which is 0, or from the end, −1 being the last; 0: −1
}

// Concatenate returns a layer that puts its inputs behind each other along the last axis.
func Concatenate(opts ...Option) *ConcatenateLayer {
	return &ConcatenateLayer{Name: collect(opts).name}
}

var (
	_ configured = (*ConcatenateLayer)(nil)
	_ Joiner     = (*ConcatenateLayer)(nil)
)

type concatenateConfig struct {
	common
	Axis *int `json:"axis,omitempty"`
}

func (l *ConcatenateLayer) ClassName() string { return "Concatenate" }
func (l *ConcatenateLayer) LayerName() string { return l.Name }
func (l *ConcatenateLayer) Config() any {
	axis := l.Axis
	if axis == 0 {
		axis = -1
	}
	return concatenateConfig{common{Name: l.Name}, &axis}
}

// LowerAll returns one value.
func (l *ConcatenateLayer) LowerAll(s *Scope, in []graph.Value) ([]graph.Value, error) {
	if len(in) < 2 {
		return nil, s.Errorf("Concatenate joins two inputs or more, got %d", len(in))
	}
	axis := l.Axis
	if axis == 0 {
		axis = -1
	}
	axis, err := s.axis(in[0], "axis", axis)
	if err != nil {
		return nil, err
	}
	y, err := s.Apply(graph.Concat{Axis: axis}, in...)
	if err != nil {
		return nil, err
	}
	s.passCommonMask(in, y)
	return []graph.Value{y}, nil
}

func (l *ConcatenateLayer) fromConfig(class string, raw json.RawMessage) error {
	var c concatenateConfig
	if err := decodeStrict(class, raw, &c); err != nil {
		return err
	}
	*l = ConcatenateLayer{Name: c.Name}
	if c.Axis != nil {
		if l.Axis = *c.Axis; l.Axis == 0 {
			return unknownName("axis of Concatenate", "0 (the batch)", []string{"-1", "1", "2", "…"})
		}
	}
	return c.check(class)
}

// A DotLayer multiplies two inputs along one axis of each, in every sample; with Normalize
// each vector along these axes is divided by its length first, which makes cosines. It has no
// weights.
//
//	a [batch, m, k]  b [batch, n, k]  axes 2 and 2  →  y [batch, m, n],  y_ij = Σ_k a_ik·b_jk
//	a [batch, k]  b [batch, k]  axes 1 and 1  →  y [batch, 1]
type DotLayer struct {
	Name      string
	Axes      []int // of both inputs or one for each, counted as Concatenate's; nil: −1
	Normalize bool
}

// Dot returns a layer that multiplies two inputs along their given axes, one for both or
// one for each; without any, along the last ones.
func Dot(axes []int, opts ...Option) *DotLayer {
	return &DotLayer{Name: collect(opts).name, Axes: axes}
}

var (
	_ configured = (*DotLayer)(nil)
	_ Joiner     = (*DotLayer)(nil)
)

type dotConfig struct {
	common
	Axes      list `json:"axes"`
	Normalize bool `json:"normalize,omitempty"`
}

func (l *DotLayer) ClassName() string { return "Dot" }
func (l *DotLayer) LayerName() string { return l.Name }

func (l *DotLayer) Config() any {
	axes := l.Axes
	if len(axes) == 0 {
		axes = []int{-1}
	}
	return dotConfig{common: common{Name: l.Name}, Axes: axes, Normalize: l.Normalize}
}

// LowerAll returns one value.
func (l *DotLayer) LowerAll(s *Scope, in []graph.Value) ([]graph.Value, error) {
	axes := []int{-1, -1}
	switch {
	case len(in) != 2:
		return nil, s.Errorf("Dot takes two inputs, got %d", len(in))
	case len(l.Axes) == 1:
		axes = []int{l.Axes[0], l.Axes[0]}
	case len(l.Axes) == 2:
		axes = l.Axes
	case len(l.Axes) > 2:
		return nil, s.Errorf("axes must be a whole number, or a list of 2, got %v", l.Axes)
	}
	var rows [2]graph.Value
	shape := []int{}
	for i, x := range in {
		var err error
		if rows[i], err = l.rows(s, x, axes[i]); err != nil {
			return nil, err
		}
		if len(s.Shape(x)) == 2 {
			shape = append(shape, s.Shape(rows[i])[0])
		}
	}
	y, err := s.Apply(graph.Dot{}, rows[0], rows[1])
	if err != nil {
		return nil, err
	}
	if len(shape) == 0 {
		shape = []int{1}
	}
	y, err = s.Apply(graph.Reshape{Shape: shape}, y)
	return []graph.Value{y}, err
}

// rows makes an input a matrix whose last axis is the one that is multiplied.
func (l *DotLayer) rows(s *Scope, x graph.Value, axis int) (graph.Value, error) {
	shape := s.Shape(x)
	if len(shape) != 1 && len(shape) != 2 {
		return x, s.shapeErrorf("want inputs [batch, k] or [batch, n, k], got %s", tensor.FormatBatch(shape))
	}
	axis, err := s.axis(x, "axes", axis)
	if err != nil {
		return x, err
	}
	if len(shape) == 1 {
		x, err = s.Apply(graph.Reshape{Shape: []int{1, shape[0]}}, x)
	} else if axis == 0 {
		x, err = s.Apply(graph.Permute{Axes: []int{1, 0}}, x)
	}
	if err != nil || !l.Normalize {
		return x, err
	}
	return s.Apply(graph.UnitRows{}, x)
}

func (l *DotLayer) fromConfig(class string, raw json.RawMessage) error {
	var c dotConfig
	if err := decodeStrict(class, raw, &c); err != nil {
		return err
	}
	*l = DotLayer{Name: c.Name, Axes: c.Axes, Normalize: c.Normalize}
	return c.check(class)
}
