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

// A series comes with several numbers to estimate at once; a row of a table has one.
func TestAnOutputMayHaveSteps(t *testing.T) {
	text := `{"format":1,"inputs":[],"medium":{"kind":"series","shape":[12,3],"config":{}},
		"output":{"name":"sold","task":"regression","kind":"number","scale":2,"center":10,"steps":6}}`
	var p Pipeline
	require.NoError(t, json.Unmarshal([]byte(text), &p))
	assert.Equal(t, 6, p.Output.Units())
	out := []float32{0, 1, 2, 3, 4, 5}
	p.Decode(out)
	assert.Equal(t, []float32{10, 12, 14, 16, 18, 20}, out)
	for old, change := range map[string]string{
		`"steps":6`:           `"steps":-1`,
		`"scale":2`:           `"scale":0`,
		`6}}`:                 `4097}}`,
		`"task":"regression"`: `"task":"classification","labels":["a","b"]`,
		`"inputs":[],"medium":{"kind":"series","shape":[12,3],"config":{}}`: `"inputs":[{"name":"x","kind":"number","encoding":"none"}]`,
	} {
		require.Error(t, json.Unmarshal([]byte(replaceOnce(text, old, change)), new(Pipeline)), change)
	}
}

func replaceOnce(text, old, new string) string {
	before, after, found := strings.Cut(text, old)
	if !found {
		panic("not in the text: " + old)
	}
	return before + new + after
}
