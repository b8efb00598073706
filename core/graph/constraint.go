package graph

import (
	"slices"

	"github.com/terrarium-ml/terrarium/core/internal/kernel"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// A Constraint is what a weight is held to: after each update it is moved to the
// nearest weight that keeps to it. The zero value is none.
type Constraint struct {
	Kind      ConstraintKind
	Low, High float32 // the range of the norms
	Rate      float32 // how far, from 0 to 1, a norm outside of it is moved
	Axes      []int   // over which a norm runs: neighbours, ascending
}

// A ConstraintKind selects a rule.
type ConstraintKind uint8

// The rules; kernel.ConstrainNorms has the formula.
const (
	NoConstraint ConstraintKind = iota
	NormRange                   // the Euclidean norms along Axes lie in [Low, High]
	NonNegative                 // no element is below 0
)

// CheckAxes fails where a weight of the given shape has no such axes, or where they are
// not neighbours.
func CheckAxes(axes, shape []int) *tensor.Error {
	for i, a := range axes {
		if a < 0 || a >= len(shape) {
			return tensor.Errorf(tensor.CodeOption, "axis %d; a weight of shape %s has axes 0 to %d", a, tensor.Format(shape), len(shape)-1)
		}
		if i > 0 && a != axes[i-1]+1 {
			return tensor.Errorf(tensor.CodeOption, "axes %v; a norm runs over axes that stand side by side, in ascending order, such as [0, 1, 2]", axes)
		}
	}
	return nil
}

// apply moves w, a weight of the given shape.
func (c Constraint) apply(w []float32, shape []int) {
	switch c.Kind {
	case NonNegative:
		kernel.NonNegative(w)
	case NormRange:
		first, last := 0, len(shape)
		if len(c.Axes) > 0 {
			first, last = c.Axes[0], slices.Max(c.Axes)+1
		}
		kernel.ConstrainNorms(size(shape[:first]), size(shape[first:last]), size(shape[last:]), w, c.Low, c.High, c.Rate)
	}
}

// Constrain holds all trainable parameters to their constraints.
func (s *Store) Constrain() {
	for i, p := range s.Params {
		if p.Trainable && p.Constraint.Kind != NoConstraint {
			p.Constraint.apply(s.Of(i, s.Change()), p.Shape)
		}
	}
}
