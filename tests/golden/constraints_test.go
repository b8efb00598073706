package golden

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/core/graph"
	"github.com/terrarium-ml/terrarium/core/nn"
)

type constraintCase struct {
	Constraint json.RawMessage
	Weight     Tensor
	Output     Tensor
	Noise      map[string]float64
}

// runConstraint holds one weight, of any shape, to its constraint.
func runConstraint(t *testing.T, raw json.RawMessage) {
	var c constraintCase
	require.NoError(t, json.Unmarshal(raw, &c))
	var constraint nn.Constraint
	require.NoError(t, json.Unmarshal(c.Constraint, &constraint))
	g := &graph.Graph{}
	scope := &nn.Scope{Graph: g, Name: "layer"}
	_, err := scope.WeightWith("kernel", c.Weight.Shape, nn.WeightOptions{Initializer: nn.Zeros, Constraint: constraint})
	require.NoError(t, err)
	store := graph.NewStore(g)
	copy(store.Of(0, store.Change()), c.Weight.Data)
	store.Constrain()
	near(t, "output", c.Output.Data, store.Of(0, store.Values()), tolerance(c.Noise["output"], c.Output.Data))
}
