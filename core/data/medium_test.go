package data

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/core/json"
)

func TestAPipelineMayTakeAMedium(t *testing.T) {
	text := `{"format":1,"inputs":[],"medium":{"kind":"image","shape":[4,5,3],"config":{"fit":"crop"}},
		"output":{"name":"class","task":"classification","kind":"category","labels":["a","b","c"],"counts":[1,2,3],"scale":1}}`
	var p Pipeline
	require.NoError(t, json.Unmarshal([]byte(text), &p))
	assert.Equal(t, 60, p.Features())
	assert.Equal(t, []int{4, 5, 3}, p.Shape())
	back, err := json.Marshal(&p)
	require.NoError(t, err)
	var again Pipeline
	require.NoError(t, json.Unmarshal(back, &again))
	assert.Equal(t, p, again)

	for change, want := range map[string]string{
		`"kind":"smell"`:           "does not know",
		`"shape":[0]`:              "want 1 to",
		`"shape":[1048577]`:        "want 1 to",
		`"inputs":[{"name":"a"}],`: "both columns and",
	} {
		broken := map[string]string{
			`"kind":"smell"`: `"kind":"image"`, `"shape":[0]`: `"shape":[4,5,3]`, `"shape":[1048577]`: `"shape":[4,5,3]`, `"inputs":[{"name":"a"}],`: `"inputs":[],`,
		}[change]
		err := json.Unmarshal([]byte(replaceOnce(text, broken, change)), new(Pipeline))
		assert.ErrorContains(t, err, want, change)
	}
}

func replaceOnce(text, old, new string) string {
	before, after, found := strings.Cut(text, old)
	if !found {
		panic("not in the text: " + old)
	}
	return before + new + after
}
