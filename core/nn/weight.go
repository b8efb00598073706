package nn

import "github.com/terrarium-ml/terrarium/core/graph"

// WeightOptions say how a weight begins and what holds it back. Layers have them under
// Keras's names: kernel_initializer, kernel_regularizer, kernel_constraint, ….
type WeightOptions struct {
	Initializer Initializer
	Regularizer Regularizer
	Constraint  Constraint
}

// Weight adds a trainable weight that begins as init says.
func (s *Scope) Weight(name string, shape []int, init Initializer, penalty Regularizer) (graph.Value, error) {
	return s.WeightWith(name, shape, WeightOptions{init, penalty, Constraint{}})
}

// WeightWith is Weight with all that can hold a weight back. A wrong option's error names
// the weight and the option.
func (s *Scope) WeightWith(name string, shape []int, o WeightOptions) (graph.Value, error) {
	if err := o.Initializer.check(); err != nil {
		return graph.Value{}, s.Errorf("%s initializer: %v", name, err)
	}
	if err := o.Initializer.suits(shape); err != nil {
		return graph.Value{}, s.Errorf("%s initializer: %v", name, err)
	}
	if err := o.Regularizer.check(); err != nil {
		return graph.Value{}, s.Errorf("%s regularizer: %v", name, err)
	}
	constraint, err := o.Constraint.lower(shape)
	if err != nil {
		return graph.Value{}, s.Errorf("%s constraint: %v", name, err)
	}
	return s.add(graph.Param{Name: name, Shape: shape, Trainable: !s.frozen, Init: fill(o.Initializer),
		L1: o.Regularizer.L1, L2: o.Regularizer.L2, Constraint: constraint})
}

// PenaliseActivity adds r's penalty on the values of y to what training lowers: the
// mean over the batch's rows of L1·Σ|y| + L2·Σy². A layer calls it with its result,
// behind its activation; padding that a mask covers counts as well, as in Keras.
func (s *Scope) PenaliseActivity(y graph.Value, r Regularizer) error {
	if err := r.check(); err != nil {
		return s.Errorf("activity regularizer: %v", err)
	}
	if r == (Regularizer{}) {
		return nil
	}
	penalty, err := s.Apply(graph.ActivityPenalty{L1: float32(r.L1), L2: float32(r.L2)}, y)
	if err != nil {
		return err
	}
	s.Graph.AddPenalty(penalty)
	return nil
}
