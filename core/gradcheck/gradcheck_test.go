package gradcheck

import (
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/core/graph"
	"github.com/terrarium-ml/terrarium/core/internal/kernel"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// The operations of the house.
func TestOps(t *testing.T) {
	x := Input{Shape: []int{2, 5}}
	t.Run("matmul", func(t *testing.T) {
		Op(t, graph.MatMul{}, Config{}, x, Input{Shape: []int{5, 4}, Param: true}, Input{Shape: []int{4}, Param: true})
		Op(t, graph.MatMul{}, Config{Rows: 1}, x, Input{Shape: []int{5, 1}, Param: true})
	})
	t.Run("add", func(t *testing.T) { Op(t, graph.Add{}, Config{}, x, x) })
	t.Run("reshape", func(t *testing.T) { Op(t, graph.Reshape{Shape: []int{10}}, Config{}, x) })
	t.Run("dropout", func(t *testing.T) { Op(t, graph.Dropout{Rate: 0.4}, Config{}, x) })
	t.Run("dropout at inference", func(t *testing.T) { Op(t, graph.Dropout{Rate: 0.4}, Config{Inference: true}, x) })
	t.Run("softmax", func(t *testing.T) { Op(t, graph.Softmax{}, Config{}, x) })
	t.Run("log softmax", func(t *testing.T) { Op(t, graph.LogSoftmax{}, Config{}, x) })
}

func TestActivations(t *testing.T) {
	for kind := kernel.Linear; kind <= kernel.GeluTanh; kind++ {
		// Apart from the kinks at -3, -2.5, 0, 2.5, 3 and 6; curved enough anywhere.
		for _, between := range [][2]float32{{-5, -3.3}, {-2.2, -0.3}, {0.3, 2.2}, {3.3, 5.5}} {
			t.Run(fmt.Sprint(kind, between), func(t *testing.T) {
				Op(t, graph.Activation{Kind: kind, Alpha: 0.3}, Config{}, Input{Shape: []int{7}, Low: between[0], High: between[1]})
			})
		}
	}
}

func TestLosses(t *testing.T) {
	probabilities := Input{Shape: []int{4}, Low: 0.3, High: 0.7}
	logits := Input{Shape: []int{4}, Low: -2, High: 2}
	targets := Input{Shape: []int{4}, Low: 0.1, High: 0.9, Fixed: true}
	labels := Input{Shape: []int{}, Data: []float32{0, 3, 1}, Fixed: true}
	far := Input{Shape: []int{4}, Low: 2, High: 3, Fixed: true}
	op := func(kind graph.LossKind, p, target Input) {
		t.Helper()
		Op(t, graph.Loss{Kind: kind}, Config{}, p, target)
	}
	op(graph.MeanSquaredError, logits, targets)
	op(graph.MeanAbsoluteError, probabilities, far)
	op(graph.BinaryCrossentropy, probabilities, targets)
	op(graph.BinaryCrossentropyLogits, logits, targets)
	op(graph.CategoricalCrossentropy, probabilities, targets)
	op(graph.CategoricalCrossentropyLogits, logits, targets)
	op(graph.SparseCategoricalCrossentropy, probabilities, labels)
	op(graph.SparseCategoricalCrossentropyLogits, logits, labels)
}

func TestOtherLosses(t *testing.T) {
	probabilities := Input{Shape: []int{4}, Low: 0.3, High: 0.7}
	logits := Input{Shape: []int{4}, Low: -2, High: 2}
	targets := Input{Shape: []int{4}, Low: 0.1, High: 0.9, Fixed: true}
	low := Input{Shape: []int{4}, Low: -3, High: -2, Fixed: true}
	far := Input{Shape: []int{4}, Low: 2, High: 3, Fixed: true}
	signs := Input{Shape: []int{4}, Data: []float32{1, -1, -1, 1, -1, 1, 1, -1, 1, 1, -1, -1}, Fixed: true}
	oneHot := Input{Shape: []int{4}, Data: []float32{1, 0, 0, 0, 0, 0, 0, 1, 0, 1, 0, 0}, Fixed: true}
	for name, c := range map[string]struct {
		loss      graph.Loss
		p, target Input
	}{
		"percentage":            {graph.Loss{Kind: graph.MeanAbsolutePercentageError}, probabilities, far},
		"logarithmic":           {graph.Loss{Kind: graph.MeanSquaredLogarithmicError}, probabilities, far},
		"log-cosh":              {graph.Loss{Kind: graph.LogCosh}, logits, targets},
		"log-cosh, far":         {graph.Loss{Kind: graph.LogCosh}, logits, low},
		"hinge":                 {graph.Loss{Kind: graph.Hinge}, Input{Shape: []int{4}, Low: -0.5, High: 0.5}, signs},
		"squared hinge":         {graph.Loss{Kind: graph.SquaredHinge}, Input{Shape: []int{4}, Low: -0.5, High: 0.5}, signs},
		"poisson":               {graph.Loss{Kind: graph.Poisson}, Input{Shape: []int{4}, Low: 1, High: 2}, far},
		"divergence":            {graph.Loss{Kind: graph.KLDivergence}, probabilities, targets},
		"quantile, above":       {graph.Loss{Kind: graph.Quantile, A: 0.3}, probabilities, low},
		"quantile, below":       {graph.Loss{Kind: graph.Quantile, A: 0.3}, probabilities, far},
		"huber, inside":         {graph.Loss{Kind: graph.Huber, A: 2}, probabilities, targets},
		"huber, outside":        {graph.Loss{Kind: graph.Huber, A: 0.5}, probabilities, far},
		"cosine":                {graph.Loss{Kind: graph.CosineSimilarity}, probabilities, targets},
		"categorical hinge":     {graph.Loss{Kind: graph.CategoricalHinge}, Input{Shape: []int{4}, Data: []float32{0, 2, 4, -1, 3, 1, 0, -2, 1, -1, 3, 5}}, oneHot},
		"focal":                 {graph.Loss{Kind: graph.BinaryFocal, A: 2, B: 0.25}, probabilities, targets},
		"focal, plain":          {graph.Loss{Kind: graph.BinaryFocal, A: 1.5, B: -1}, probabilities, targets},
		"focal logits":          {graph.Loss{Kind: graph.BinaryFocalLogits, A: 2, B: 0.25}, logits, targets},
		"focal logits, hard":    {graph.Loss{Kind: graph.BinaryFocalLogits, A: 0.5, B: -1}, logits, oneHot},
		"class focal":           {graph.Loss{Kind: graph.CategoricalFocal, A: 2, B: 0.25}, probabilities, targets},
		"class focal logits":    {graph.Loss{Kind: graph.CategoricalFocalLogits, A: 2, B: 0.25}, logits, oneHot},
		"class focal, 1.5":      {graph.Loss{Kind: graph.CategoricalFocalLogits, A: 1.5, B: 1}, logits, targets},
		"huber, several places": {graph.Loss{Kind: graph.Huber, A: 2}, Input{Shape: []int{2, 3}}, Input{Shape: []int{2, 3}, Fixed: true}},
	} {
		t.Run(name, func(t *testing.T) { Op(t, c.loss, Config{}, c.p, c.target) })
	}
}

func TestPenaltiesAndSmoothing(t *testing.T) {
	x := Input{Shape: []int{2, 5}, Low: 0.5, High: 2}
	Op(t, graph.ActivityPenalty{L1: 0.3, L2: 0.7}, Config{}, x)
	Op(t, graph.ActivityPenalty{L1: 0.3, L2: 0.7}, Config{}, Input{Shape: []int{5}, Low: -2, High: -0.5})
	Op(t, graph.SmoothLabels{Smoothing: 0.2, Classes: 5}, Config{}, x)
}

// network is two dense layers around a relu, so that kinks lie anywhere.
func network(g *graph.Graph, in []graph.Value) (graph.Value, error) {
	w1, err := g.Param(graph.Param{Name: "w1", Shape: []int{6, 8}, Trainable: true})
	if err != nil {
		return w1, err
	}
	w2, err := g.Param(graph.Param{Name: "w2", Shape: []int{8, 3}, Trainable: true})
	if err != nil {
		return w2, err
	}
	h, err := g.Apply(graph.MatMul{}, in[0], w1)
	if err != nil {
		return h, err
	}
	if h, err = g.Apply(graph.Activation{Kind: kernel.Relu}, h); err != nil {
		return h, err
	}
	if h, err = g.Apply(graph.MatMul{}, h, w2); err != nil {
		return h, err
	}
	return g.Apply(graph.Softmax{}, h)
}

func TestNetwork(t *testing.T) {
	for seed := range uint64(5) {
		Check(t, network, Config{Seed: seed}, Input{Shape: []int{6}})
	}
}

// scale is an operation y = 3·x with a Backward that can be wrong.
type scale struct {
	by   float32 // what Backward takes for 3
	off  int     // the only element that Backward gets wrong, if by is 3; or -1
	adds bool    // Backward adds to what is there
}

func (scale) Infer(in [][]int) ([]int, *tensor.Error) { return in[0], nil }

func (scale) Forward(c *graph.Call) {
	for i, v := range c.In[0] {
		c.Out[i] = 3 * v
	}
}

func (s scale) Backward(c *graph.Call) {
	for i, d := range c.DOut {
		if s.adds {
			d += c.DIn[0][i]
		}
		c.DIn[0][i] = s.by * d
		if i == s.off {
			c.DIn[0][i] += 0.05
		}
	}
}

func op(o graph.Op) Build {
	return func(g *graph.Graph, in []graph.Value) (graph.Value, error) { return g.Apply(o, in...) }
}

// A wrong gradient is found: one that is 1 % off, one wrong element of 30, one that
// is added where it should be written.
func TestFindsWrongGradients(t *testing.T) {
	x := Input{Shape: []int{10}}
	problems, err := Find(op(scale{by: 3, off: -1}), Config{}, x)
	require.NoError(t, err)
	assert.Empty(t, problems)

	problems, err = Find(op(scale{by: 3.03, off: -1}), Config{}, x)
	require.NoError(t, err)
	assert.Len(t, problems, 30)
	assert.Contains(t, problems[0], "input 0[0] = ")

	problems, err = Find(op(scale{by: 3, off: 17}), Config{}, x)
	require.NoError(t, err)
	require.Len(t, problems, 1)
	assert.Contains(t, problems[0], "input 0[17] = ")

	_, err = Find(op(scale{by: 3, off: -1, adds: true}), Config{}, x)
	assert.ErrorContains(t, err, "must write with =")
}

// A tensor that sits on kinks proves nothing, and the check says so instead of
// passing or blaming the gradient.
func TestKinks(t *testing.T) {
	relu := op(graph.Activation{Kind: kernel.Relu})
	problems, err := Find(relu, Config{}, Input{Shape: []int{4}, Data: make([]float32, 12)})
	require.NoError(t, err)
	require.Len(t, problems, 1)
	assert.Contains(t, problems[0], "12 of 12 elements have no reliable difference")

	for _, distance := range []float32{1e-4, 1e-3, 5e-3, 0.01, 0.02, 0.04} {
		data := []float32{distance, 1, 1, -distance, -1, -1, 2, 2, 2, 2, 2, 2}
		problems, err = Find(relu, Config{}, Input{Shape: []int{4}, Data: data})
		require.NoError(t, err)
		assert.Empty(t, problems, "%v", distance)
	}
}

func TestElementsAreCapped(t *testing.T) {
	problems, err := Find(op(scale{by: 4, off: -1}), Config{Elements: 7, Rows: 1}, Input{Shape: []int{1000}})
	require.NoError(t, err)
	assert.Len(t, problems, 7)
}

func TestErrors(t *testing.T) {
	_, err := Find(op(graph.MatMul{}), Config{}, Input{Shape: []int{3}}, Input{Shape: []int{4, 2}, Param: true})
	assert.ErrorContains(t, err, "want input [batch, …, 4], got [batch, 3]")
	_, err = Find(op(graph.Add{}), Config{}, Input{Shape: []int{0}})
	assert.ErrorContains(t, err, "empty")
	_, err = Find(op(graph.Reshape{Shape: []int{2}}), Config{}, Input{Shape: []int{2}, Data: []float32{1}})
	assert.ErrorContains(t, err, "wants 6 values, got 1")
	_, err = Find(func(*graph.Graph, []graph.Value) (graph.Value, error) { return graph.Value{}, errors.New("no") }, Config{})
	assert.ErrorContains(t, err, "no")
}
