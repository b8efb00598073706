package nn

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/core/json"
)

func TestConstraintsInJSON(t *testing.T) {
	for text, want := range map[string]Constraint{
		`null`:         {},
		`"max_norm"`:   MaxNorm(2),
		`"nonNeg"`:     NonNeg(),
		`"UnitNorm"`:   UnitNorm(),
		`"minMaxNorm"`: MinMaxNorm(0, 1, 1),
		`{"class_name":"MaxNorm","config":{"max_value":0.8,"axis":[0,1,2]}}`:               MaxNorm(0.8, 0, 1, 2),
		`{"className":"maxNorm","config":{"maxValue":3,"axis":-1}}`:                        MaxNorm(3, -1),
		`{"class_name":"MinMaxNorm","config":{"min_value":0.5,"max_value":2,"rate":0.25}}`: MinMaxNorm(0.5, 2, 0.25),
	} {
		var c Constraint
		require.NoError(t, json.Unmarshal([]byte(text), &c), text)
		assert.Equal(t, want, c, text)
		written, err := json.Marshal(c)
		require.NoError(t, err)
		var back Constraint
		require.NoError(t, json.Unmarshal(written, &back))
		again, err := json.Marshal(back)
		require.NoError(t, err)
		assert.Equal(t, string(written), string(again))
	}
	for text, says := range map[string]string{
		`"max"`: `unknown constraint "max"; known are MaxNorm, MinMaxNorm, NonNeg, UnitNorm`,
		`{"class_name":"UnitNorm","config":{"max_value":1}}`: `unknown option of constraint UnitNorm "max_value"; known are axis`,
		`{"class_name":"NonNeg","config":{"axis":1}}`:        `unknown option of constraint NonNeg "axis"`,
		`{"class_name":"MaxNorm","config":{"axis":"all"}}`:   `"all" is neither a whole number nor a list of them`,
		`7`: "want a name or an object",
	} {
		assert.ErrorContains(t, json.Unmarshal([]byte(text), new(Constraint)), says, text)
	}
}

func TestConstraintErrorsNameLayerAndWeight(t *testing.T) {
	for says, c := range map[string]Constraint{
		"dense: kernel constraint: MaxNorm: want 0 ≤ min_value ≤ max_value":               MaxNorm(-1),
		"dense: kernel constraint: MinMaxNorm: want 0 ≤ min_value":                        MinMaxNorm(2, 1, 1),
		"dense: kernel constraint: MinMaxNorm: rate must be from 0 to 1, got 2":           MinMaxNorm(0, 1, 2),
		"dense: kernel constraint: MaxNorm: axis 2; a weight of shape [2, 3] has axes":    MaxNorm(1, 2),
		`dense: kernel constraint: unknown constraint "Norm"; known are MaxNorm`:          {Class: "Norm"},
		"dense: kernel constraint: MaxNorm: axes [0 0]; a norm runs over axes that stand": MaxNorm(1, 0, 0),
	} {
		_, err := Sequential(Input(2), Dense(3, KernelConstraint(c))).Build()
		assert.ErrorContains(t, err, says)
	}
	b, err := Sequential(Input(2), Dense(3, KernelConstraint(MaxNorm(1, -1)), BiasConstraint(NonNeg()), ActivityRegularizer(L2(0.1)))).Build()
	require.NoError(t, err)
	assert.Equal(t, []int{1}, b.Graph.Params()[0].Constraint.Axes)
	assert.Len(t, b.Graph.Penalties(), 1)
	_, err = Sequential(Input(2), Dense(3, ActivityRegularizer(L2(-1)))).Build()
	assert.ErrorContains(t, err, "dense: activity regularizer: l1 = 0 and l2 = -1")
}
