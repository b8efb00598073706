package text

import (
	"slices"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/core/json"
)

// FuzzTokenizer trains on any text, reads what was trained again, and encodes any other.
func FuzzTokenizer(f *testing.F) {
	for i, s := range []string{"", "win £1000 now!!", "我喜欢Go。很好，很好。", "a\u0301\u0301 b\r\n\tc", "\xff\xfe \xc3(", "aaaaaaaaaaaaaaaaaaaa", "ＡＢＣ　İıſK", "ที่นี่ \u200d❤\uFE0F"} {
		f.Add(s, "win 很 now "+s, uint8(i), uint8(37*i))
	}
	f.Fuzz(func(t *testing.T, learned, text string, kind, rules uint8) {
		c := Cleaning{rules&1 != 0, rules&2 != 0, rules&4 != 0, rules&8 != 0}
		o := Options{Kind: Kinds[kind%4], Cleaning: c, MinCount: 1, Vocabulary: 3 + int(kind), Length: int(rules) % 50, Cut: []Cut{CutEnd, CutStart}[kind/4%2]}
		o.Hashed = o.Kind == KindNGrams && kind&8 != 0
		clean := c.Clean(text)
		require.True(t, utf8.ValidString(clean))
		require.Equal(t, clean, c.Clean(clean))
		k, err := Train([]string{learned, text}, o, nil)
		if err != nil {
			require.Empty(t, trainable(o, c.Clean(learned), clean), err)
			return
		}
		b, err := json.Marshal(k)
		require.NoError(t, err)
		var again Tokenizer
		require.NoError(t, again.ReadJSON(b))

		row, twin := make([]float32, k.Length), make([]float32, k.Length)
		require.NoError(t, k.Encode(row, text))
		require.NoError(t, again.Encode(twin, text))
		require.Equal(t, row, twin)
		var want []float32
		for _, token := range k.Tokens(text) {
			want = append(want, float32(token.ID))
		}
		if n := len(want) - k.Length; n > 0 && k.Cut == CutStart {
			want = want[n:]
		}
		if len(want) == 0 {
			want = []float32{Unknown}
		}
		want = append(want, make([]float32, k.Length)...)[:k.Length]
		require.Equal(t, want, row)
		back := k.Decode(row)
		if (k.Kind == KindCharacters || k.Kind == KindBytePairs) && !slices.Contains(row, Unknown) && len(k.Tokens(text)) <= k.Length {
			require.Equal(t, clean, back)
		}
	})
}

// trainable returns the tokens that there are to learn.
func trainable(o Options, texts ...string) (list []string) {
	by := map[Kind]func(string, func(string) bool){KindWords: words, KindCharacters: characters, KindBytePairs: segments,
		KindNGrams: func(s string, visit func(string) bool) { ngrams(s, 3, 5, visit) }}[o.Kind]
	for _, s := range texts {
		by(s, func(token string) bool {
			if len(token) <= maxToken {
				list = append(list, token)
			}
			return true
		})
	}
	return list
}

// FuzzReadTokenizer reads any JSON: an error, or a tokenizer that works.
func FuzzReadTokenizer(f *testing.F) {
	f.Add([]byte(`{"format":1,"kind":"bytePairs","cleaning":{"lower":true},"length":4,"cut":"end","words":["a","b","ab","aba"],"merges":[0,1,2,0]}`), "abab")
	f.Add([]byte(`{"format":1,"kind":"words","length":2,"cut":"start","words":["a","b"]}`), "b a b")
	f.Add([]byte(`{"format":1,"kind":"ngrams","length":9,"cut":"end","low":1,"high":3,"buckets":7,"words":[]}`), "好 hello")
	f.Add([]byte(`{"format":1,"kind":"characters","length":9,"cut":"end","words":["好"]}`), "好\xff")
	f.Fuzz(func(t *testing.T, config []byte, text string) {
		k := new(Tokenizer)
		if err := k.ReadJSON(config); err != nil {
			return
		}
		row := make([]float32, k.Length)
		require.NoError(t, k.Encode(row, text))
		for _, v := range row {
			require.True(t, v >= 0 && v < float32(k.Size()) && v == float32(int(v)), "%v", v)
		}
		k.Decode(row)
	})
}
