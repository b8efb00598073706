package text

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Pieces put together are the cleaned text, and their tokens those of Encode.
func TestPieces(t *testing.T) {
	texts := []string{"Win a  PRIZE now, win!", "这家店 很好，OK。", "café e\u0301! ", "", "  ", "aaaaaaaaaaaa bbb"}
	for _, o := range []Options{{Kind: KindWords}, {Kind: KindCharacters}, {Kind: KindBytePairs, Vocabulary: 60}, {Kind: KindNGrams, Low: 2, High: 3},
		{Kind: KindNGrams, Low: 2, High: 3, Hashed: true, Vocabulary: 100}, {Kind: KindWords, Length: 3, Cut: CutStart}, {Kind: KindNGrams, Low: 1, High: 2, Length: 7}, {Kind: KindNGrams, Low: 1, High: 2, Length: 7, Cut: CutStart}} {
		o.MinCount = 1
		o.Cleaning = Cleaning{Lower: true, Spaces: true}
		k := trained(t, o, texts...)
		for _, text := range texts {
			pieces, rest := k.Pieces(text)
			whole, row, count := "", encoded(t, k, text), 0
			tokens := k.Tokens(text)
			for _, p := range pieces {
				whole += p.Gap + p.Text
				for i := range p.Count {
					require.Equal(t, row[p.First+i], row[count], "%q %+v", text, p)
					count++
				}
				assert.True(t, p.Known)
			}
			assert.Equal(t, o.Cleaning.Clean(text), whole+rest)
			assert.Equal(t, min(len(tokens), k.Length), count, "%q by %+v", text, o)
		}
	}
	k := trained(t, Options{MinCount: 1}, "a b")
	pieces, _ := k.Pieces("a c")
	assert.Equal(t, []Piece{{"a", "", 0, 1, true}, {"c", " ", 1, 1, false}}, pieces)
}

func TestEffects(t *testing.T) {
	assert.Equal(t, Effects{}, EffectsOf("a b, c0"))
	assert.Equal(t, Effects{Broken: 1, Control: 1, Width: 2, Lower: 2, Digits: 2, Spaces: 3}, EffectsOf(" a\xff\x07ＡＢ  12\n"))
	assert.Equal(t, Effects{Spaces: 1}, EffectsOf("a\tb"))
	for _, text := range []string{"", "a  b", "Ａ", "x\x00", "9", " \n"} {
		clean := Cleaning{true, true, true, true}.Clean(text)
		assert.Equal(t, clean == text, EffectsOf(text) == Effects{}, "%q", text)
	}
}
