// Package gradcheck compares the gradients that an operation, a layer or a whole
// network computes with differences of its own results. It is for tests, those of
// custom operations included, as testing/fstest is for file systems.
//
//	gradcheck.Op(t, graph.MatMul{}, gradcheck.Config{},
//		gradcheck.Input{Shape: []int{4}},
//		gradcheck.Input{Shape: []int{4, 3}, Param: true})
//
// # Method
//
// What is differentiated is L = Σ uᵢ·yᵢ: all results, each times a random number,
// added in float64. An element x is moved by ±h, and the derivative is estimated by
// the central difference of four points,
//
//	D(h) = (8·(L(x+h) − L(x−h)) − (L(x+2h) − L(x−2h))) / 12h,
//
// whose error falls with h⁴. Since the results are float32, a small h drowns in
// their rounding, and a large one meets curvature and kinks. So D is taken for seven
// steps, each half of the one before it, and the pair of neighbours that agree best
// gives the estimate and, by their difference, its uncertainty.
//
// # Kinks
//
// Where a function has no derivative (relu at 0) or nearly none, there is nothing
// to compare with. Such elements show themselves: neighbouring D disagree, or the
// slopes to the right and to the left do, and not less so for smaller steps. They
// are left out. When more than a quarter of a tensor's elements are, the check
// fails: it would prove nothing. What a kernel promises exactly at a kink has to be
// tested directly.
package gradcheck

import (
	"testing"

	"github.com/terrarium-ml/terrarium/core/graph"
)

// An Input is what goes into the operation or network.
type Input struct {
	Shape []int     // of a row; of all of it, if Param is set
	Param bool      // a parameter, which is not batched
	Fixed bool      // without a gradient: a target, a label
	Data  []float32 // the values, Config.Rows rows; nil: drawn between Low and High
	Low   float32   // default, with High: −1 and 1
	High  float32
}

// Config says how to check. The zero value is a good choice.
type Config struct {
	Rows      int     // of a batch; default 3
	Inference bool    // check what is computed at inference, not while training
	Seed      uint64  // of everything random: data, what is picked, dropout's masks
	Step      float64 // the largest h; default 0.1, times |x| where that is above 1
	Tolerance float64 // relative to an element, or to a tenth of the tensor's largest; default 2e-3
	Elements  int     // at most so many elements of each tensor are checked; default 50
}

func (c Config) withDefaults() Config {
	if c.Rows == 0 {
		c.Rows = 3
	}
	if c.Step == 0 {
		c.Step = 0.1
	}
	if c.Tolerance == 0 {
		c.Tolerance = 2e-3
	}
	if c.Elements == 0 {
		c.Elements = 50
	}
	return c
}

// A Build adds what is to be checked to a graph and returns its result. Parameters
// that it adds are checked as well.
type Build func(g *graph.Graph, in []graph.Value) (graph.Value, error)

// Op checks one operation.
func Op(t testing.TB, op graph.Op, config Config, inputs ...Input) {
	t.Helper()
	Check(t, func(g *graph.Graph, in []graph.Value) (graph.Value, error) { return g.Apply(op, in...) }, config, inputs...)
}

// Check checks a layer or a network.
func Check(t testing.TB, build Build, config Config, inputs ...Input) {
	t.Helper()
	problems, err := Find(build, config, inputs...)
	if err != nil {
		t.Errorf("gradcheck: %v", err)
	}
	for i, p := range problems {
		if i == 5 {
			t.Errorf("gradcheck: and %d more", len(problems)-i)
			break
		}
		t.Errorf("gradcheck: %s", p)
	}
}

// Find returns what Check would report: a sentence for each element whose gradient
// is wrong and each tensor that cannot be judged, or an error where the graph
// cannot be built or run.
func Find(build Build, config Config, inputs ...Input) (problems []string, err error) {
	s, err := newSubject(build, config.withDefaults(), inputs)
	if err != nil {
		return nil, err
	}
	if err := s.computeGradients(); err != nil {
		return nil, err
	}
	for _, v := range s.variables {
		found, err := s.compare(v)
		if err != nil {
			return nil, err
		}
		problems = append(problems, found...)
	}
	return problems, nil
}
