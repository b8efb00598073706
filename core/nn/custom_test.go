package nn_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/core/gradcheck"
	"github.com/terrarium-ml/terrarium/core/graph"
	"github.com/terrarium-ml/terrarium/core/json"
	"github.com/terrarium-ml/terrarium/core/nn"
)

// What is checked of the house's own layers can be checked of anybody's.
func TestCustomGradients(t *testing.T) {
	gradcheck.Op(t, Square{}, gradcheck.Config{}, gradcheck.Input{Shape: []int{5}})
	gradcheck.Check(t, func(g *graph.Graph, in []graph.Value) (graph.Value, error) {
		out, err := (&nn.Scope{Graph: g, Name: "quadratic"}).Lower(&Quadratic{Units: 3}, in...)
		if err != nil {
			return graph.Value{}, err
		}
		return out[0], nil
	}, gradcheck.Config{}, gradcheck.Input{Shape: []int{2, 4}})
	_, err := nn.Sequential(nn.Input(2), &Quadratic{}).Build()
	assert.EqualError(t, err, "quadratic: units must be at least 1, got 0")
}

func TestRegister(t *testing.T) {
	decode := func(json.RawMessage) (nn.Layer, error) { return nn.Flatten(), nil }
	assert.ErrorContains(t, nn.Register("quadratic", decode), "is registered already")
	assert.ErrorContains(t, nn.Register("dense", decode), `"Dense" is built in`)
	assert.ErrorContains(t, nn.Register("", decode), "with the name of its class")
	assert.ErrorContains(t, nn.Register("Other", nil), "a function that reads it")
	l, err := nn.ParseLayer(nn.LayerConfig{ClassName: "Quadratic", Config: json.RawMessage(`{"units":3}`)})
	require.NoError(t, err)
	assert.Equal(t, &Quadratic{Units: 3}, l)
}
