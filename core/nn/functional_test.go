package nn

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/core/graph"
	"github.com/terrarium-ml/terrarium/core/json"
)

// sumLayer is a layer of another package: a plain struct that joins its inputs. Its
// second result is the first input as it came.
type sumLayer struct{}

func (sumLayer) ClassName() string { return "Sum" }
func (sumLayer) LayerName() string { return "" }
func (sumLayer) Config() any       { return struct{}{} }
func (sumLayer) LowerAll(s *Scope, in []graph.Value) ([]graph.Value, error) {
	sum := in[0]
	for _, v := range in[1:] {
		var err error
		if sum, err = s.Apply(graph.Add{}, sum, v); err != nil {
			return nil, err
		}
	}
	return []graph.Value{sum, in[0]}, nil
}

// twoTowers applies one Dense layer to both inputs.
func twoTowers(t *testing.T) *Network {
	a, b := NewInput(3), NewInput(3)
	tower := Dense(4, ReLU)
	joined := Apply(sumLayer{}, Apply(tower, a), Apply(tower, b))
	n, err := Functional([]*Symbol{a, b}, []*Symbol{Apply(Dense(1), joined), Apply(Dense(2), joined.Result(1))})
	require.NoError(t, err)
	return n
}

func TestBranchesAndSharedWeights(t *testing.T) {
	n := twoTowers(t)
	b, err := n.Build()
	require.NoError(t, err)
	assert.Equal(t, []string{"input", "input_1"}, b.Names.Inputs)
	assert.Equal(t, []string{"dense_1", "dense_2"}, b.Names.Outputs)
	var weights []string
	for _, p := range b.Graph.Params() {
		weights = append(weights, p.FullName())
	}
	assert.Equal(t, []string{"dense/kernel", "dense/bias", "dense_1/kernel", "dense_1/bias", "dense_2/kernel", "dense_2/bias"}, weights)
	assert.Equal(t, []int{1}, b.Graph.Shape(b.Outputs[0]))
	assert.Equal(t, []int{2}, b.Graph.Shape(b.Outputs[1]))
}

func TestBranchesComeBack(t *testing.T) {
	layerClasses["Sum"] = func(json.RawMessage) (Layer, error) { return sumLayer{}, nil }
	defer delete(layerClasses, "Sum")
	n := twoTowers(t)
	require.NoError(t, n.SetFrozen("dense", true))
	config, err := n.Config()
	require.NoError(t, err)
	text, err := json.Marshal(config)
	require.NoError(t, err)
	assert.Contains(t, string(text), `"inbound_nodes":[[["input",0,0]],[["input_1",0,0]]]`)
	var back NetworkConfig
	require.NoError(t, json.Unmarshal(text, &back))
	again, err := ParseNetwork(back)
	require.NoError(t, err)
	b, err := again.Build()
	require.NoError(t, err)
	params := b.Graph.Params()
	require.Len(t, params, 6)
	assert.False(t, params[0].Trainable)
	assert.True(t, params[2].Trainable)
	config2, err := again.Config()
	require.NoError(t, err)
	text2, err := json.Marshal(config2)
	require.NoError(t, err)
	assert.Equal(t, string(text), string(text2))
}

func TestBranchErrors(t *testing.T) {
	a := NewInput(3)
	for want, f := range map[string]func() (*Network, error){
		"an input that is not listed": func() (*Network, error) {
			return Functional([]*Symbol{a}, []*Symbol{Apply(Dense(1), NewInput(2))})
		},
		"must be an Input":    func() (*Network, error) { return Functional([]*Symbol{Apply(Dense(1), a)}, []*Symbol{a}) },
		"at least one output": func() (*Network, error) { return Functional([]*Symbol{a}, nil) },
		"applied to nothing":  func() (*Network, error) { return Functional([]*Symbol{a}, []*Symbol{Apply(Dense(1), nil)}) },
		"dense: Dense takes one input, got 2": func() (*Network, error) {
			return Functional([]*Symbol{a}, []*Symbol{Apply(Dense(1), a, a)})
		},
		"has 1 results": func() (*Network, error) {
			return Functional([]*Symbol{a}, []*Symbol{Apply(Dense(1), a).Result(1)})
		},
		`weight "kernel" has shape [3, 1] in one use of the layer and would need [1, 1] in another`: func() (*Network, error) {
			d := Dense(1)
			return Functional([]*Symbol{a}, []*Symbol{Apply(d, Apply(d, a))})
		},
	} {
		n, err := f()
		if err == nil {
			_, err = n.Build()
		}
		assert.ErrorContains(t, err, want)
	}
	for want, text := range map[string]string{
		"has a cycle": `{"layers":[{"class_name":"Dense","config":{"name":"a","units":1},"inbound_nodes":[[["b",0,0]]]},
			{"class_name":"Dense","config":{"name":"b","units":1},"inbound_nodes":[[["a",0,0]]]}],"output_layers":[["a",0,0]]}`,
		`"c" is used but not described`:  `{"layers":[{"class_name":"Dense","config":{"name":"a","units":1},"inbound_nodes":[[["c",0,0]]]}],"output_layers":[["a",0,0]]}`,
		"called with arguments":          `{"layers":[],"output_layers":[["a",0,0,{"mask":1}]]}`,
		"is written [name, use, output]": `{"layers":[],"output_layers":["a"]}`,
		"use 3 is asked for":             `{"layers":[{"class_name":"InputLayer","config":{"name":"a","input_shape":[1]}}],"output_layers":[["a",3,0]]}`,
	} {
		var c NetworkConfig
		err := json.Unmarshal([]byte(text), &c)
		if err == nil {
			_, err = ParseNetwork(c)
		}
		assert.ErrorContains(t, err, want)
	}
}

// A mask goes along as long as there are steps of time.
func TestMasksTravel(t *testing.T) {
	g := &graph.Graph{}
	x, err := g.Input("x", []int{5, 3})
	require.NoError(t, err)
	mask, err := g.Input("mask", []int{5})
	require.NoError(t, err)
	s := &Scope{Graph: g, Name: "a"}
	s.SetMask(x, mask)
	y, err := s.Lower(Activate(Tanh), x)
	require.NoError(t, err)
	got, ok := s.Mask(y[0])
	assert.True(t, ok && got == mask)
	z, err := s.Lower(Flatten(), y[0])
	require.NoError(t, err)
	_, ok = s.Mask(z[0])
	assert.False(t, ok)
}
