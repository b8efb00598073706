package nn

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/core/json"
)

// Every weight of a convolution can be held back, its activity penalised, and all that
// comes back from JSON.
func TestConvolutionsAreConstrained(t *testing.T) {
	norm := MaxNorm(2, 0, 1, 2)
	n := Sequential(Input(6, 6, 3),
		Conv2D(4, 3, KernelConstraint(norm), ActivityRegularizer(L1(0.1)), BiasConstraint(NonNeg())),
		SeparableConv2D(5, 2, KernelConstraint(norm)),
		DepthwiseConv2D(2, KernelConstraint(UnitNorm(0, 1)), ActivityRegularizer(L2(0.1))))
	b, err := n.Build()
	require.NoError(t, err)
	assert.Len(t, b.Graph.Penalties(), 2)
	for _, p := range b.Graph.Params() {
		if p.Name != "bias" || p.Layer == "conv2d" {
			assert.NotZero(t, p.Constraint.Kind, p.FullName())
		}
	}
	config, err := n.Config()
	require.NoError(t, err)
	text, err := json.Marshal(config)
	require.NoError(t, err)
	var back NetworkConfig
	require.NoError(t, json.Unmarshal(text, &back))
	again, err := ParseNetwork(back)
	require.NoError(t, err)
	for i := range n.Nodes {
		want, got := n.Nodes[i].Layer.Config(), again.Nodes[i].Layer.Config()
		a, err := json.Marshal(want)
		require.NoError(t, err)
		c, err := json.Marshal(got)
		require.NoError(t, err)
		assert.Equal(t, string(a), string(c))
	}
}
