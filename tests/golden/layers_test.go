package golden

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/core/graph"
	"github.com/terrarium-ml/terrarium/core/nn"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

type layerCase struct {
	Name  string
	Layer struct {
		ClassName string `json:"class_name"`
		Config    json.RawMessage
	}
	Call struct {
		Mask          [][]float32 // [batch][time]
		UseCausalMask bool        `json:"use_causal_mask"`
	}
	Training    bool
	Inputs      []Tensor
	Weights     []Tensor
	Output      Tensor
	OutputRef64 []float64 `json:"output_ref64"`
	Upstream    Tensor
	InputGrads  []*Tensor `json:"input_grads"`
	InputGrad64 []float64 `json:"input_grad_ref64"`
	WeightGrads []Tensor  `json:"weight_grads"`
	Updated     []Tensor  `json:"updated_weights"`
	Noise       map[string]float64
}

// parse makes the layer, or skips the case by name where its class is not built yet.
func parse(t *testing.T, class string, config json.RawMessage) nn.Layer {
	layer, err := nn.ParseLayer(nn.LayerConfig{ClassName: class, Config: []byte(config)})
	var e *tensor.Error
	if errors.As(err, &e) && strings.Contains(e.Message, "unknown layer") {
		t.Skipf("not built yet: layer %s", class)
	}
	require.NoError(t, err)
	return layer
}

// runLayer checks output, input gradients and weight gradients of one layer. The
// gradients are those of Σ output·upstream.
func runLayer(t *testing.T, raw json.RawMessage) {
	var c layerCase
	require.NoError(t, json.Unmarshal(raw, &c))
	layer := parse(t, c.Layer.ClassName, c.Layer.Config)
	switch l := layer.(type) { // Keras is told at the call what is an option here
	case *nn.MultiHeadAttentionLayer:
		l.Causal = c.Call.UseCausalMask
	case *nn.ScaledDotProductAttentionLayer:
		l.Causal = c.Call.UseCausalMask
	}

	g := &graph.Graph{}
	in := make([]graph.Value, len(c.Inputs))
	var explained []graph.Value // those that have a gradient: integers have none
	for i, input := range c.Inputs {
		var err error
		in[i], err = g.Input(fmt.Sprint("input ", i), input.Shape[1:])
		require.NoError(t, err)
		if c.InputGrads[i] != nil {
			explained = append(explained, in[i])
		}
	}
	g.In("layer")
	scope := &nn.Scope{Graph: g, Name: "layer"}
	var mask graph.Value
	if c.Call.Mask != nil {
		var err error
		mask, err = g.Input("mask", []int{len(c.Call.Mask[0])})
		require.NoError(t, err)
		scope.SetMask(in[0], mask)
	}
	results, err := scope.Lower(layer, in...)
	require.NoError(t, err)
	y := results[0]
	upstream, err := g.Input("upstream", g.Shape(y))
	require.NoError(t, err)
	loss, err := g.Apply(weightedSum{}, y, upstream)
	require.NoError(t, err)

	rows := c.Inputs[0].Shape[0]
	store := graph.NewStore(g)
	setWeights(t, store, c.Weights)
	plan, err := graph.NewPlan(g, store, graph.Config{MaxBatch: rows, Outputs: []graph.Value{y}, Losses: []graph.Value{loss}, Explain: explained}, 0)
	require.NoError(t, err)
	for i, input := range c.Inputs {
		copy(plan.Value(in[i], rows), input.Data)
	}
	copy(plan.Value(upstream, rows), c.Upstream.Data)
	if c.Call.Mask != nil {
		copy(plan.Value(mask, rows), slices.Concat(c.Call.Mask...))
	}
	for i := range plan.LossGrad(loss, rows) {
		plan.LossGrad(loss, rows)[i] = 1
	}
	require.NoError(t, plan.Forward(rows, c.Training))
	require.Equal(t, c.Output.Shape[1:], g.Shape(y))
	output := append([]float32{}, plan.Value(y, rows)...)
	require.NoError(t, plan.Backward())

	compare(t, "output", c.Output.Data, c.OutputRef64, output, c.Noise["output"])
	for i, want := range c.InputGrads {
		if want != nil {
			compare(t, fmt.Sprint("gradient of input ", i), want.Data, c.InputGrad64, plan.Gradient(in[i], rows), c.Noise[fmt.Sprint("input_grads.", i)])
		}
	}
	for _, want := range c.WeightGrads {
		got := byName(t, store, want.Name, plan.Grads)
		near(t, "gradient of "+want.Name, want.Data, got, tolerance(c.Noise["weight_grads."+want.Name], want.Data))
	}
	plan.Commit() // statistics change once the step is made
	for _, want := range c.Updated {
		got := byName(t, store, want.Name, store.Values())
		near(t, "updated "+want.Name, want.Data, got, tolerance(c.Noise["updated_weights."+want.Name], want.Data))
	}
}

// byName returns a parameter's part of an array.
func byName(t *testing.T, store *graph.Store, name string, array []float32) []float32 {
	for i, p := range store.Params {
		if p.Name == name {
			return store.Of(i, array)
		}
	}
	require.Fail(t, "no such weight", name)
	return nil
}

// compare prefers a float64 reference where a case has one: there TensorFlow.js's
// own approximations (of erf, of softplus) do not count.
func compare(t *testing.T, what string, want []float32, exact []float64, got []float32, noise float64) {
	t.Helper()
	if exact == nil {
		near(t, what, want, got, tolerance(noise, want))
		return
	}
	reference := make([]float32, len(exact))
	for i, v := range exact {
		reference[i] = float32(v)
	}
	near(t, what, reference, got, tolerance(noise, reference))
}

func setWeights(t *testing.T, store *graph.Store, weights []Tensor) {
	require.Len(t, store.Params, len(weights))
	for i, p := range store.Params {
		require.Equal(t, weights[i].Name, p.Name, "weights stand in Keras's order")
		require.Equal(t, weights[i].Shape, p.Shape)
		copy(store.Of(i, store.Change()), weights[i].Data)
	}
}

// weightedSum is Σ y·u over a row: an operation of the test's own, written against
// the public graph as a user's custom layer would be.
type weightedSum struct{}

func (weightedSum) Infer(in [][]int) ([]int, *tensor.Error) { return []int{}, nil }

func (weightedSum) Forward(c *graph.Call) {
	n := len(c.In[0]) / c.N
	for i := range c.N {
		sum := float32(0)
		for j := range n {
			sum += c.In[0][i*n+j] * c.In[1][i*n+j]
		}
		c.Out[i] = sum
	}
}

func (weightedSum) Backward(c *graph.Call) {
	n := len(c.In[0]) / c.N
	for i := range c.DIn[0] {
		c.DIn[0][i] = c.DOut[i/n] * c.In[1][i]
	}
}
