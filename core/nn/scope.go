package nn

import (
	"math/rand/v2"

	"github.com/terrarium-ml/terrarium/core/graph"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// A Scope is where a layer lowers itself: a graph, the name that stands in front of its
// weights and its errors, and what travels beside values. A layer that is lowered a
// second time gets the same Scope, and with it the same weights.
type Scope struct {
	Graph *graph.Graph
	Name  string

	prefix  string // of weights, for a layer within another
	frozen  bool
	weights map[string]graph.Value
	masks   map[graph.Value]graph.Value
	indices map[graph.Value]int // see Built.Indices; nil if nobody asks
}

// Lower lowers a layer of either kind. Masks of inputs that the layer does not use
// itself pass on to a result whose first axis, time, is as long.
func (s *Scope) Lower(l Layer, in ...graph.Value) ([]graph.Value, error) {
	if j, ok := l.(Joiner); ok {
		return j.LowerAll(s, in)
	}
	m, ok := l.(Mapper)
	if !ok {
		return nil, s.Errorf("%s has neither Lower nor LowerAll: it cannot be part of a network", l.ClassName())
	}
	if len(in) != 1 {
		return nil, s.Errorf("%s takes one input, got %d; join them by Concatenate or Add first", l.ClassName(), len(in))
	}
	y, err := m.Lower(s, in[0])
	if err != nil {
		return nil, err
	}
	if _, stops := l.(maskStopper); !stops {
		s.PassMask(in[0], y)
	}
	return []graph.Value{y}, nil
}

// A maskStopper uses up the mask of its input: its result has none, unless it sets one.
type maskStopper interface{ stopsMask() }

// Inner returns the scope of a layer within this one, whose weights have a name more in
// front: "forward/kernel".
func (s *Scope) Inner(name string) *Scope {
	inner := *s
	inner.prefix = s.prefix + name + "/"
	if s.weights == nil {
		s.weights = map[string]graph.Value{}
	}
	inner.weights = s.weights
	return &inner
}

// Shape returns the shape of a row of v.
func (s *Scope) Shape(v graph.Value) []int { return s.Graph.Shape(v) }

// Frozen tells whether the layer's weights are kept as they are: normalisation then
// uses its statistics and does not change them.
func (s *Scope) Frozen() bool { return s.frozen }

// Mask returns the mask that travels beside v: for each step of time 1 or 0, where 0
// says that the step is only padding.
func (s *Scope) Mask(v graph.Value) (mask graph.Value, ok bool) {
	mask, ok = s.masks[v]
	return mask, ok
}

// SetMask sends a mask, batched and of shape [time], along with v.
func (s *Scope) SetMask(v, mask graph.Value) {
	if s.masks == nil {
		s.masks = map[graph.Value]graph.Value{}
	}
	s.masks[v] = mask
}

// PassMask sends the mask of from along with to, if from has one, to has none yet, and
// to still has the axis of time.
func (s *Scope) PassMask(from, to graph.Value) {
	mask, ok := s.Mask(from)
	if _, has := s.Mask(to); !ok || has {
		return
	}
	if shape := s.Shape(to); len(shape) > 1 && shape[0] == s.Shape(mask)[0] {
		s.SetMask(to, mask)
	}
}

// Apply adds an operation.
func (s *Scope) Apply(op graph.Op, in ...graph.Value) (graph.Value, error) {
	return s.Graph.Apply(op, in...)
}

// Statistic adds a weight that no gradient trains.
func (s *Scope) Statistic(name string, shape []int, init Initializer) (graph.Value, error) {
	if err := init.check(); err != nil {
		return graph.Value{}, s.Errorf("%s initializer: %v", name, err)
	}
	return s.add(graph.Param{Name: name, Shape: shape, Init: fill(init)})
}

func fill(i Initializer) func(dst []float32, shape []int, pcg *rand.PCG) {
	return func(dst []float32, shape []int, pcg *rand.PCG) { i.Fill(dst, shape, pcg) }
}

// add adds a parameter, or finds it where the layer was lowered before.
func (s *Scope) add(p graph.Param) (graph.Value, error) {
	p.Name = s.prefix + p.Name
	if v, ok := s.weights[p.Name]; ok {
		if !tensor.SameShape(s.Shape(v), p.Shape) {
			return v, s.shapeErrorf("weight %q has shape %s in one use of the layer and would need %s in another; give both uses inputs of the same shape",
				p.Name, tensor.Format(s.Shape(v)), tensor.Format(p.Shape))
		}
		return v, nil
	}
	v, err := s.Graph.Param(p)
	if err != nil {
		return v, err
	}
	if s.weights == nil {
		s.weights = map[string]graph.Value{}
	}
	s.weights[p.Name] = v
	return v, nil
}

// Errorf returns an error about one of the layer's options.
func (s *Scope) Errorf(format string, args ...any) error {
	return tensor.Errorf(tensor.CodeOption, format, args...).In(s.Name)
}

// shapeErrorf returns an error about the shape that reached the layer.
func (s *Scope) shapeErrorf(format string, args ...any) error {
	return tensor.Errorf(tensor.CodeShape, format, args...).In(s.Name)
}
