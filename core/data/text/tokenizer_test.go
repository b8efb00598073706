package text

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/core/data"
	"github.com/terrarium-ml/terrarium/core/json"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

func trained(t testing.TB, o Options, texts ...string) *Tokenizer {
	t.Helper()
	k, err := Train(texts, o, nil)
	require.NoError(t, err)
	return k
}

func encoded(t testing.TB, k *Tokenizer, text string) []float32 {
	t.Helper()
	row := make([]float32, k.Length)
	for i := range row {
		row[i] = 99 // must be overwritten
	}
	require.NoError(t, k.Encode(row, text))
	return row
}

func TestVocabulary(t *testing.T) {
	k := trained(t, Options{MinCount: 1, Vocabulary: 5, Length: 4}, "b a c a", "c d b a")
	assert.Equal(t, []string{"a", "b", "c"}, k.Words, "the commonest, those of one count by their bytes")
	assert.Equal(t, 5, k.Size())
	assert.Equal(t, []float32{2, 1, 3, 0}, encoded(t, k, "a d b"))
	k = trained(t, Options{Length: 4}, "b a c a", "c d b a")
	assert.Equal(t, []string{"a", "b", "c"}, k.Words, "once is too seldom")
}

func TestCutAndPadding(t *testing.T) {
	o := Options{Kind: KindCharacters, Length: 3}
	k := trained(t, o, "abcdefg")
	assert.Equal(t, []float32{2, 3, 4}, encoded(t, k, "abcdefg"))
	assert.Equal(t, []float32{2, 3, 0}, encoded(t, k, "ab"))
	assert.Equal(t, []float32{1, 0, 0}, encoded(t, k, ""), "no token is unknown: a network sees something")
	o.Cut = CutStart
	k = trained(t, o, "abcdefg")
	for n, want := range [][]float32{{1, 0, 0}, {2, 0, 0}, {2, 3, 0}, {2, 3, 4}, {3, 4, 5}, {4, 5, 6}, {5, 6, 7}, {6, 7, 8}} {
		assert.Equal(t, want, encoded(t, k, "abcdefg"[:n]))
	}
	err := k.Encode(make([]float32, 4), "a")
	assert.ErrorContains(t, err, "becomes 3 numbers, got room for 4")
}

func TestDecode(t *testing.T) {
	all := "Hello, world! 我喜欢 Go。 It is 5 o'clock."
	for _, kind := range []Kind{KindCharacters, KindBytePairs} {
		k := trained(t, Options{Kind: kind, MinCount: 1, Length: 64}, all)
		assert.Equal(t, all, k.Decode(encoded(t, k, all)), kind)
	}
	k := trained(t, Options{MinCount: 1, Length: 64}, all)
	assert.Equal(t, "Hello, world!我喜欢Go。 It is 5 o' clock.", k.Decode(encoded(t, k, all)))
	assert.Equal(t, "Hello \uFFFD", k.Decode(encoded(t, k, "Hello stranger")))
	k = trained(t, Options{Kind: KindNGrams, Low: 2, High: 2, MinCount: 1, Length: 4}, "ab")
	assert.Equal(t, "[ a][ab][b ]", k.Decode(encoded(t, k, "ab")))
	for _, v := range []float32{float32(math.NaN()), float32(math.Inf(1)), -1, 1e30, 2.5} {
		assert.NotPanics(t, func() { k.Decode([]float32{v}) })
	}
}

// Numbers of hashed runs are FNV-1a's, whose values for known texts are published.
func TestHashed(t *testing.T) {
	assert.Equal(t, uint32(0x811c9dc5), hash(""))
	assert.Equal(t, uint32(0xe40c292c), hash("a"))
	assert.Equal(t, uint32(0xbf9cf968), hash("foobar"))
	k := trained(t, Options{Kind: KindNGrams, Hashed: true, Vocabulary: 100, Length: 20}, "anything")
	assert.Empty(t, k.Words)
	assert.Equal(t, 100, k.Size())
	for _, token := range k.Tokens("免费 prize") {
		assert.Equal(t, reserved+int(hash(token.Text)%98), token.ID)
	}
	assert.Regexp(t, `^\[#\d+\]`, k.Decode(encoded(t, k, "prize")))
}

func TestTokensAreShown(t *testing.T) {
	k := trained(t, Options{MinCount: 1, Cleaning: Cleaning{Lower: true}}, "Free prize")
	assert.Equal(t, []Token{{"free", 2}, {"beer", 1}, {"!", 1}}, k.Tokens("FREE beer!"))
	assert.Equal(t, []Token{}, k.Tokens(""))
}

func TestLengthIsThatOfMostTexts(t *testing.T) {
	texts := make([]string, 100)
	for i := range texts {
		texts[i] = "a b c d e f g h i" // 9
	}
	long := ""
	for range 1000 {
		long += "x "
	}
	for i := range 5 {
		texts[i] = long
	}
	assert.Equal(t, 16, trained(t, Options{}, texts...).Length)
	texts[5] = long
	assert.Equal(t, usualLength, trained(t, Options{}, texts...).Length)
}

// A counter that forgets keeps what is common.
func TestCounterForgets(t *testing.T) {
	c := newCounter(8)
	for i := range 1000 {
		c.add("often", 1)
		c.add(string(rune(0x4E00+i)), 1)
	}
	assert.LessOrEqual(t, len(c.count), 8)
	assert.Equal(t, counted{"often", 1000}, c.commonest(1, 1)[0])
}

func TestOptionsAreChecked(t *testing.T) {
	for want, o := range map[string]Options{
		`must be one of [words characters ngrams bytePairs], got "syllables"`: {Kind: "syllables"},
		`must be "end" or "start", got "middle"`:                              {Cut: "middle"},
		"must have 3 to 131072 tokens, got 2":                                 {Vocabulary: 2},
		"got 131073":                                                          {Vocabulary: 131073},
		"must be 1 or more, got -1":                                           {MinCount: -1},
		"1 to 16384 tokens, or 0 to choose one, got -5":                       {Length: -5},
		"no fewer than the shortest, got 3 to 2":                              {Kind: KindNGrams, Low: 3, High: 2},
		"got 1 to 17":                                                         {Kind: KindNGrams, Low: 1, High: 17},
		`belong to tokens of kind "ngrams", got them for "words"`:             {Hashed: true},
	} {
		_, err := Train([]string{"a a"}, o, nil)
		assert.ErrorContains(t, err, want)
		var e *tensor.Error
		require.ErrorAs(t, err, &e)
		assert.Equal(t, tensor.CodeOption, e.Code)
	}
	_, err := Train([]string{"a b"}, Options{}, nil)
	assert.ErrorContains(t, err, "No token comes 2 times in the 1 texts")
	_, err = Train(nil, Options{Kind: KindBytePairs}, nil)
	assert.ErrorContains(t, err, "No character comes 2 times")
}

func TestConfigRoundTrip(t *testing.T) {
	texts, _ := ChineseMessages()
	for _, o := range []Options{
		{Cleaning: allRules}, {Kind: KindCharacters, Cut: CutStart}, {Kind: KindNGrams, Low: 1, High: 3},
		{Kind: KindNGrams, Hashed: true, Vocabulary: 1000}, {Kind: KindBytePairs, Vocabulary: 150},
	} {
		k := trained(t, o, texts...)
		b, err := json.Marshal(k)
		require.NoError(t, err)
		var again Tokenizer
		require.NoError(t, json.Unmarshal(b, &again))
		assert.Equal(t, *k, again)
	}
}

func TestReadRefuses(t *testing.T) {
	const good = `{"format":1,"kind":"bytePairs","cleaning":{},"length":4,"cut":"end","words":["a","b","ab"],"merges":[0,1]}`
	require.NoError(t, new(Tokenizer).ReadJSON([]byte(good)))
	for text, want := range map[string]string{
		`{`:                       "not the JSON",
		`null`:                    "format 0",
		`{"format":2}`:            "format 2",
		`{"format":1,"kind":"x"}`: "does not know",
		`{"format":1,"kind":"words","cut":"end","words":[]}`:                                                          "makes 0 tokens",
		`{"format":1,"kind":"words","length":1,"words":[]}`:                                                           "cuts off",
		`{"format":1,"kind":"words","length":1,"cut":"end","words":["a","a"]}`:                                        "double",
		`{"format":1,"kind":"words","length":1,"cut":"end","words":[""]}`:                                             "empty",
		`{"format":1,"kind":"words","length":1,"cut":"end","words":["a"],"merges":[0,0]}`:                             "pairs to join",
		`{"format":1,"kind":"words","length":1,"cut":"end","low":1,"high":2,"words":["a"]}`:                           "runs of 1 to 2",
		`{"format":1,"kind":"ngrams","length":1,"cut":"end","low":1,"high":2,"buckets":5,"words":["a"]}`:              "want one of them",
		`{"format":1,"kind":"ngrams","length":1,"cut":"end","low":1,"high":2,"buckets":-1,"words":[]}`:                "want one of them",
		`{"format":1,"kind":"bytePairs","length":1,"cut":"end","words":["a"],"merges":[0,0,0,0]}`:                     "joins 2 pairs",
		`{"format":1,"kind":"bytePairs","length":1,"cut":"end","words":["a","b","ab"],"merges":[0,2]}`:                "does not follow",
		`{"format":1,"kind":"bytePairs","length":1,"cut":"end","words":["a","b","ab"],"merges":[0,9007199254740991]}`: "does not follow",
		`{"format":1,"kind":"bytePairs","length":1,"cut":"end","words":["a","b","ab"],"merges":[-1,1]}`:               "does not follow",
	} {
		err := new(Tokenizer).ReadJSON([]byte(text))
		assert.ErrorContains(t, err, want, text)
	}
	p := &data.Pipeline{Medium: &data.Medium{Kind: data.MediumText, Shape: []int{5}, Config: json.RawMessage(good)}}
	_, err := Read(p)
	assert.ErrorContains(t, err, "is of 4 tokens for rows of shape [5]")
	p.Medium.Kind = data.MediumImage
	_, err = Read(p)
	assert.ErrorContains(t, err, "does not take texts")
	_, err = Read(nil)
	assert.ErrorContains(t, err, "does not take texts")
}
