package text

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/core/data"
	"github.com/terrarium-ml/terrarium/core/json"
)

func TestManuscript(t *testing.T) {
	book, err := SampleText("tales")
	require.NoError(t, err)
	setup := SuggestWriting(book)
	assert.Equal(t, KindCharacters, setup.Kind)
	assert.Equal(t, 64, setup.Length)
	m, err := PrepareWriting("tales", book, setup, 0, nil)
	require.NoError(t, err)
	assert.Equal(t, len([]rune(book)), m.Tokens)
	assert.InDelta(t, m.Windows.Rows(), min(roundRows, m.Tokens*9/10/64), 0.03*roundRows)
	assert.Len(t, m.Train.Rows, m.Windows.Rows())
	assert.Greater(t, len(m.Validation.Rows), 20)
	assert.Equal(t, []int{len(m.Validation.Rows), 64}, m.Validation.X.Shape)
	assert.Equal(t, m.Validation.X.Row(1)[1:], m.Validation.Y.Row(1)[:63])
	o := m.Pipeline.Output
	assert.Equal(t, 64*m.Tokenizer.Size(), o.Units())
	require.Len(t, m.Networks(), 2)

	b, err := json.Marshal(m.Pipeline)
	require.NoError(t, err)
	var back data.Pipeline
	require.NoError(t, json.Unmarshal(b, &back))
	assert.Equal(t, o, back.Output)
	back.Output.Tokens = 0
	assert.Error(t, back.Validate())
	back.Output = data.Output{Name: "x", Task: data.TaskRegression, Scale: 1, Tokens: 9}
	assert.Error(t, back.Validate())
}

// Windows begin anywhere, and never end behind the text.
func TestScatteredWindows(t *testing.T) {
	k := trained(t, Options{Kind: KindCharacters, Length: 4}, "abcdefghijklmnop")
	w, err := NewWindows(k, "abcdefghijklmnop", 5)
	require.NoError(t, err)
	var stream rand.PCG
	x, y, seen := make([]float32, 4*w.Rows()), make([]float32, 4*w.Rows()), map[string]bool{}
	for range 200 {
		w.Scatter(x, y, numbered(w.Rows()), &stream)
		for row := range w.Rows() {
			at, text := row*4, k.Decode(x[row*4:row*4+4])
			assert.Equal(t, text[1:]+k.Decode(y[at+3:at+4]), k.Decode(y[at:at+4]))
			assert.Contains(t, "abcdefghijklmnop", text)
			seen[text] = true
		}
	}
	assert.Len(t, seen, 12, "all that have a character behind them")
}

func TestManuscriptsAreRefused(t *testing.T) {
	good := WritingSetup{Kind: KindCharacters, Length: 8}
	book := strings.Repeat("All work and no play. ", 40)
	for _, c := range []struct {
		text  string
		setup WritingSetup
		room  int64
		says  string
	}{
		{book, WritingSetup{Kind: KindWords, Length: 8}, 0, "tokens must be"},
		{book, WritingSetup{Kind: KindCharacters, Length: 1}, 0, "looks back at 2 to 512"},
		{book, good, 100, "room for 0 MB"},
		{"abc", good, 0, "Give a longer text"},
		{"", good, 0, "No token"},
	} {
		_, err := PrepareWriting("", c.text, c.setup, c.room, nil)
		assert.ErrorContains(t, err, c.says)
	}
	m, err := PrepareWriting("", "A short text, no more.", SuggestWriting("A short text, no more."), 0, nil)
	require.NoError(t, err)
	assert.Empty(t, m.Validation.Rows)
	assert.Zero(t, m.Networks()[0].Train.Patience)
	assert.Equal(t, 32, SuggestWriting(strings.Repeat("床前明月光，疑是地上霜。", 200)).Length)
}
