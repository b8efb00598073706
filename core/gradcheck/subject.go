package gradcheck

import (
	"fmt"
	"hash/fnv"
	"math"
	"math/rand/v2"

	"github.com/terrarium-ml/terrarium/core/graph"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// A subject is what is checked, made runnable.
type subject struct {
	config    Config
	plan      *graph.Plan
	result    graph.Value
	upstream  []float32 // u: what each result counts
	variables []variable
	rng       *rand.Rand
}

// A variable is a tensor whose gradient is checked.
type variable struct {
	name     string
	values   []float32 // in place: changing them changes the next run
	gradient func() []float32
	computed []float32 // a copy of what Backward computed
}

// newSubject builds a graph, a plan for it and values for all that goes in.
func newSubject(build Build, config Config, inputs []Input) (*subject, error) {
	s := &subject{config: config, rng: rand.New(rand.NewPCG(config.Seed, 0))}
	g := &graph.Graph{}
	values, err := addInputs(g, inputs)
	if err != nil {
		return nil, err
	}
	if s.result, err = build(g, values); err != nil {
		return nil, err
	}
	var explain []graph.Value
	for i, in := range inputs {
		if !in.Param && !in.Fixed {
			explain = append(explain, values[i])
		}
	}
	store := graph.NewStore(g)
	s.plan, err = graph.NewPlan(g, store, graph.Config{MaxBatch: config.Rows, Outputs: []graph.Value{s.result},
		Losses: []graph.Value{s.result}, Explain: explain}, 0)
	if err != nil {
		return nil, err
	}
	s.plan.SetStreams(streams(config.Seed))
	s.addVariables(values, inputs)
	if err := s.addParams(store, inputs); err != nil {
		return nil, err
	}
	s.upstream = make([]float32, len(s.plan.Value(s.result, config.Rows)))
	s.draw(s.upstream, 0.5, 1.5)
	for i := range s.upstream {
		if int(s.rng.Uint64N(uint64(2))) == 0 {
			s.upstream[i] = -s.upstream[i]
		}
	}
	return s, s.fillInputs(values, inputs)
}

// addInputs adds the inputs and those parameters that are given as inputs.
func addInputs(g *graph.Graph, inputs []Input) ([]graph.Value, error) {
	values := make([]graph.Value, len(inputs))
	for i, in := range inputs {
		var err error
		if name := inputName(i); in.Param {
			values[i], err = g.Param(graph.Param{Name: name, Shape: in.Shape, Trainable: !in.Fixed})
		} else {
			values[i], err = g.Input(name, in.Shape)
		}
		if err != nil {
			return nil, err
		}
	}
	return values, nil
}

func inputName(i int) string { return fmt.Sprintf("input %d", i) }

// addVariables lists the batched inputs that have a gradient.
func (s *subject) addVariables(values []graph.Value, inputs []Input) {
	rows := s.config.Rows
	for i, in := range inputs {
		if !in.Param && !in.Fixed {
			s.variables = append(s.variables, variable{name: inputName(i), values: s.plan.Value(values[i], rows),
				gradient: func() []float32 { return s.plan.Gradient(values[i], rows) }})
		}
	}
}

// addParams gives all parameters values and lists those that are trained. The first
// ones are those given as inputs.
func (s *subject) addParams(store *graph.Store, inputs []Input) error {
	var given []Input
	for _, in := range inputs {
		if in.Param {
			given = append(given, in)
		}
	}
	for i, p := range store.Params {
		values := store.Of(i, store.Change())
		switch {
		case i < len(given):
			if err := s.fill(values, given[i], p.Name); err != nil {
				return err
			}
		case p.Trainable:
			s.draw(values, -0.8, 0.8)
		default: // statistics, of which some are variances
			s.draw(values, 0.5, 1.5)
		}
		if p.Trainable {
			s.variables = append(s.variables, variable{name: p.Name, values: values,
				gradient: func() []float32 { return store.Of(i, s.plan.Grads) }})
		}
	}
	return nil
}

func (s *subject) fillInputs(values []graph.Value, inputs []Input) error {
	for i, in := range inputs {
		if !in.Param {
			if err := s.fill(s.plan.Value(values[i], s.config.Rows), in, inputName(i)); err != nil {
				return err
			}
		}
	}
	return nil
}

// fill gives an input its own data, or draws some.
func (s *subject) fill(dst []float32, in Input, name string) error {
	switch {
	case in.Data == nil && in.Low == 0 && in.High == 0:
		s.draw(dst, -1, 1)
	case in.Data == nil:
		s.draw(dst, in.Low, in.High)
	case len(in.Data) != len(dst):
		return tensor.Errorf(tensor.CodeShape, "%s of shape %s wants %d values, got %d", name, tensor.Format(in.Shape), len(dst), len(in.Data))
	default:
		copy(dst, in.Data)
	}
	return nil
}

func (s *subject) draw(dst []float32, low, high float32) {
	for i := range dst {
		dst[i] = low + float32((high-low)*s.rng.Float32())
	}
}

// forward returns L and Σ|uᵢ·yᵢ|, the measure of its rounding.
func (s *subject) forward() (sum, size float64, err error) {
	if err := s.plan.Forward(s.config.Rows, !s.config.Inference); err != nil {
		return 0, 0, err
	}
	for i, y := range s.plan.Value(s.result, s.config.Rows) {
		term := float64(float64(s.upstream[i]) * float64(y))
		sum += term
		size += math.Abs(term)
	}
	return sum, size, nil
}

// computeGradients runs backward, twice: a gradient that depends on what lay in its
// memory before was added to and not written.
func (s *subject) computeGradients() error {
	for run := range 2 {
		if _, _, err := s.forward(); err != nil {
			return err
		}
		copy(s.plan.LossGrad(s.result, s.config.Rows), s.upstream)
		if err := s.plan.Backward(); err != nil {
			return err
		}
		for i := range s.variables {
			v := &s.variables[i]
			got := v.gradient()
			for k := range v.computed {
				if math.Float32bits(v.computed[k]) != math.Float32bits(got[k]) {
					return fmt.Errorf("%s: the same step run twice gives the gradients %v and %v: Backward must write with =, not +=", v.name, v.computed[k], got[k])
				}
			}
			if run == 0 {
				v.computed = append([]float32{}, got...)
			}
		}
	}
	return nil
}

// streams gives every run the same random numbers.
type streams uint64

func (seed streams) Seed(pcg *rand.PCG, purpose, layer string) {
	h := fnv.New64a()
	h.Write([]byte(purpose + "\x00" + layer))
	pcg.Seed(uint64(seed), h.Sum64())
}
