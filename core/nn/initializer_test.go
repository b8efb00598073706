package nn

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/core/json"
)

// The initializers named after people are cases of VarianceScaling.
func TestVarianceScaling(t *testing.T) {
	fill := func(i Initializer) []float32 {
		require.NoError(t, i.check())
		dst := make([]float32, 12*20)
		i.Fill(dst, []int{12, 20}, rand.NewPCG(1, 2))
		return dst
	}
	assert.Equal(t, fill(GlorotUniform), fill(VarianceScaling(1, "fan_avg", "uniform")))
	assert.Equal(t, fill(HeNormal), fill(VarianceScaling(2, "fan_in", "truncated_normal")))
	assert.NotEqual(t, fill(HeNormal), fill(VarianceScaling(2, "fan_in", "untruncated_normal")))

	var i Initializer
	require.NoError(t, json.Unmarshal([]byte(`{"class_name":"VarianceScaling","config":{"scale":1,"mode":"fanAvg","distribution":"normal","seed":null}}`), &i))
	assert.Equal(t, fill(GlorotNormal), fill(i))
	text, err := json.Marshal(i)
	require.NoError(t, err)
	var back Initializer
	require.NoError(t, json.Unmarshal(text, &back))
	assert.Equal(t, i, back)

	for want, wrong := range map[string]Initializer{
		"mode":         VarianceScaling(1, "fan", "uniform"),
		"distribution": VarianceScaling(1, "fan_in", "cauchy"),
		"above 0":      VarianceScaling(0, "fan_in", "uniform"),
	} {
		assert.ErrorContains(t, wrong.check(), want)
	}
}
