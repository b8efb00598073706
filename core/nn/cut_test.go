package nn

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/core/json"
)

func layerNames(n *Network) (names []string) {
	for _, node := range n.Nodes {
		names = append(names, node.Name)
	}
	return names
}

func TestCutAndAppend(t *testing.T) {
	n := Sequential(Input(4), Dense(8, ReLU), Dense(6, ReLU), Dropout(0.5), Dense(3, Softmax))
	require.NoError(t, n.SetFrozen("dense", true))
	body, err := n.Cut("dense_1")
	require.NoError(t, err)
	assert.Equal(t, []string{"input", "dense", "dense_1"}, layerNames(body))
	longer, err := body.Append(Dense(2), Dense(1, Name("last")))
	require.NoError(t, err)
	assert.Equal(t, []string{"input", "dense", "dense_1", "dense_2", "last"}, layerNames(longer))
	assert.True(t, longer.Nodes[1].Frozen)
	b, err := longer.Build()
	require.NoError(t, err)
	assert.Equal(t, []int{1}, b.Graph.Shape(b.Outputs[0]))
	assert.Len(t, n.Nodes, 5, "the network itself is as it was")
	assert.Equal(t, []string{"input", "dense", "dense_1"}, layerNames(body))
}

// A part of a network with branches keeps its names, also through a file, although it
// is a chain in which layers would be named otherwise.
func TestCutBranchKeepsItsNames(t *testing.T) {
	a, b := NewInput(3), NewInput(2)
	left := Apply(Dense(4), a)
	right := Apply(Dense(5), b)
	n, err := Functional([]*Symbol{a, b}, []*Symbol{left, Apply(Dense(1), right)})
	require.NoError(t, err)
	cut, err := n.Cut("dense_1")
	require.NoError(t, err)
	require.Equal(t, []string{"input_1", "dense_1"}, layerNames(cut))
	cut, err = cut.Append(Dense(2))
	require.NoError(t, err)
	require.Equal(t, []string{"input_1", "dense_1", "dense"}, layerNames(cut))
	c, err := cut.Config()
	require.NoError(t, err)
	require.Empty(t, c.OutputLayers)
	text, err := json.Marshal(c)
	require.NoError(t, err)
	var back NetworkConfig
	require.NoError(t, json.Unmarshal(text, &back))
	again, err := ParseNetwork(back)
	require.NoError(t, err)
	assert.Equal(t, layerNames(cut), layerNames(again))
}

func TestCutErrors(t *testing.T) {
	n := Sequential(Input(4), Dense(8))
	_, err := n.Cut("warp")
	assert.ErrorContains(t, err, `unknown layer "warp"; known are input, dense`)
	_, err = n.Append(nil)
	assert.ErrorContains(t, err, "layer 0 to append is nil")
	_, err = (&Network{}).Append(Dense(1))
	assert.ErrorContains(t, err, "a network of one output, this one has 0")
	n, err = n.Append(Dense(1, Name("dense")))
	require.NoError(t, err)
	_, err = n.Build()
	assert.ErrorContains(t, err, `two layers are called "dense"`)
}
