//go:build !js

package codegen_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/core/codegen"
	"github.com/terrarium-ml/terrarium/core/data"
	"github.com/terrarium-ml/terrarium/core/data/image"
	"github.com/terrarium-ml/terrarium/core/data/text"
	"github.com/terrarium-ml/terrarium/core/json"
	"github.com/terrarium-ml/terrarium/core/nn"
	"github.com/terrarium-ml/terrarium/core/tensor"
	"github.com/terrarium-ml/terrarium/core/train"
)

// raw makes a row of bytes and returns it; nil where the module refuses them.
func (h *host) raw(name string, row int, content []byte) []float32 {
	at := h.call(name, len(content))
	if at == 0 {
		return nil
	}
	require.True(h.t, h.module.Memory().Write(at, content))
	r, err := h.module.ExportedFunction("encode").Call(h.t.Context(), uint64(row), uint64(len(content)))
	require.NoError(h.t, err)
	if r[0] == 0 {
		return nil
	}
	return slices.Clone(h.view(uint32(r[0]), h.in))
}

// alphabets are what random texts are made of: characters of all classes and widths,
// some that change when they are cleaned, and bytes that are no characters.
var alphabets = []string{
	"abcde ABCDE", "0123456789 ٣٤٥ ๑๒๓ ५६", " \t\n\r\u0085\u00a0\u2003\u3000", "\x00\x07\x1b\x7f\u0080\u009f\ufeff\u200d",
	"ÄÖÜäöüßİıIĀāĂăǅǆꙀꙁΑΩΣσςЖж", "ȺȾẞKÅⱯ", "ＡＢＣ１２３！～", "深度学习，天地玄黄。", "ひらがなカタカナ", "ไทยลาวខ្មែរမြန်", "नमस्ते مرحبا שלום",
	"é\u0301\u0327\u200d\ufe0f", "👩‍👩‍👧🎈🇩🇪𝄞𐐀𐐨", "!?.,;:()[]{}\"'-_€$#@*", "\xff\xfe\xc0\x80\xc3\x28\xe2\x82\xed\xa0\x80\xf4\x90\x80\x80\xf0\x9f\x98\xe0\x80\x80\xf8",
}

// randomText is a text of several alphabets, and sometimes of any characters at all.
func randomText(rng *rand.Rand, most int) string {
	var b strings.Builder
	for range rng.IntN(most) {
		switch alphabet := alphabets[rng.IntN(len(alphabets))]; rng.IntN(12) {
		case 0:
			b.WriteRune(rune(rng.IntN(0x110000)))
		case 1:
			b.WriteByte(byte(rng.Uint32()))
		case 2, 3, 4:
			b.WriteString(alphabet)
		default:
			runes := []rune(alphabet)
			at := rng.IntN(len(runes))
			b.WriteString(string(runes[at:min(len(runes), at+1+rng.IntN(4))]))
		}
	}
	return b.String()
}

// reader is a small network behind a tokenizer.
func reader(t testing.TB, tokenizer *text.Tokenizer, rng *rand.Rand) *train.Model {
	t.Helper()
	m := newModel(t, nn.Sequential(nn.Input(tokenizer.Length), nn.Embedding(tokenizer.Size(), 3, nn.MaskZero), nn.GlobalAveragePooling1D(), nn.Dense(3, nn.Softmax)))
	shake(t, m, rng)
	config, err := json.Marshal(tokenizer)
	require.NoError(t, err)
	m.Pipeline = &data.Pipeline{Format: data.PipelineFormat, Inputs: []data.Input{}, Output: species,
		Medium: &data.Medium{Kind: data.MediumText, Shape: []int{tokenizer.Length}, Config: config}}
	require.NoError(t, m.Pipeline.Validate())
	return m
}

// A compiled model cuts texts into exactly the tokens that the core does, whatever they
// hold.
func TestTexts(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	kinds := []text.Options{{Kind: text.KindWords}, {Kind: text.KindCharacters}, {Kind: text.KindNGrams}, {Kind: text.KindNGrams, Low: 1, High: 2, Vocabulary: 300}, {Kind: text.KindNGrams, Hashed: true, Vocabulary: 1000}, {Kind: text.KindBytePairs, Vocabulary: 700}}
	for round := range 4 * len(kinds) {
		o := kinds[round%len(kinds)]
		bit := func() bool { return rng.IntN(2) == 0 }
		o.Cleaning = text.Cleaning{Lower: bit(), Width: bit(), Digits: bit(), Spaces: bit()}
		if round < len(kinds) { // as texts are usually cleaned
			o.Cleaning = text.Cleaning{Lower: true, Width: true, Spaces: true}
		}
		o.Length, o.Cut = 1+rng.IntN(60), []text.Cut{text.CutEnd, text.CutStart}[rng.IntN(2)]
		t.Run(fmt.Sprintf("%s %d %+v", o.Kind, o.Length, o.Cleaning), func(t *testing.T) {
			var learned []string
			for range 120 {
				learned = append(learned, randomText(rng, 60))
			}
			tokenizer, err := text.Train(learned, o, nil)
			require.NoError(t, err)
			m := reader(t, tokenizer, rng)
			wasm, report := compile(t, m, codegen.Options{NoSIMD: bit()})
			require.LessOrEqual(t, report.Code(), 14<<10)
			require.Equal(t, "utf8", description(t, wasm).Inputs[0].Raw)
			h := newHost(t, wasm, tokenizer.Length, 3)
			require.Nil(t, h.raw("utf8", 0, nil), "there are no rows yet")
			texts := append([]string{"", " ", "\ufeff", "a", "\xff", "\r\n\r\n", "ab  ab", strings.Repeat("深", 90), strings.Repeat("ab", 90) + "\u0301", strings.Repeat("c1 ", 500)}, learned[:20]...)
			for range 60 {
				texts = append(texts, randomText(rng, 90))
			}
			require.NotZero(t, h.call("input", len(texts)))
			var all []float32
			for i, s := range texts {
				row := make([]float32, tokenizer.Length)
				require.NoError(t, tokenizer.Encode(row, s))
				require.Equal(t, row, h.raw("utf8", i, []byte(s)), "%q", s)
				all = append(all, row...)
			}
			want := make([]float32, 3*len(texts))
			require.NoError(t, m.PredictFloats(want, all))
			sameBits(t, want, slices.Clone(h.view(h.call("run", len(texts)), len(want))))
			require.Nil(t, h.raw("utf8", len(texts), []byte("a")), "there is no such row")
			require.Zero(t, h.call("utf8", 1<<25), "nobody writes that much")
			require.NotZero(t, h.call("utf8", 1<<20))
			h.call("input", 1)
			r, err := h.module.ExportedFunction("encode").Call(t.Context(), 0, 1)
			require.NoError(t, err)
			require.Zero(t, r[0], "the room for a text is gone with the rows")
		})
	}
}

// A tokenizer that was damaged is refused before anything is written.
func TestRawEntriesThatCannotBe(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 7))
	tokenizer, err := text.Train([]string{"a b a b"}, text.Options{Length: 3}, nil)
	require.NoError(t, err)
	m := reader(t, tokenizer, rng)
	for config, why := range map[string]string{`{"format":1,"kind":"smells","length":3,"cut":"end","words":[]}`: "smells", `{"format":2}`: "format 2", `[]`: "JSON"} {
		m.Pipeline.Medium.Config = []byte(config)
		var b bytes.Buffer
		_, err := m.WriteWasm(&b, codegen.Options{}, codegen.About{})
		require.ErrorContains(t, err, why)
		require.Zero(t, b.Len())
	}
	m = seer(t, rng, 8, 9, 1, `{}`)
	for config, why := range map[string]string{`{"format":2}`: "format", `{"format":1,"kept":256,"mean":[1,2],"scale":[1]}`: "channels", `{`: "JSON"} {
		m.Pipeline.Medium.Config = []byte(config)
		var b bytes.Buffer
		_, err := m.WriteWasm(&b, codegen.Options{}, codegen.About{})
		var refused *tensor.Error
		require.ErrorAs(t, err, &refused)
		require.Equal(t, tensor.CodeUnsupported, refused.Code)
		require.ErrorContains(t, err, why)
		require.Zero(t, b.Len())
	}
}

// seer is a small network that takes pictures.
func seer(t testing.TB, rng *rand.Rand, height, width, channels int, config string) *train.Model {
	t.Helper()
	m := newModel(t, nn.Sequential(nn.Input(height, width, channels), nn.Conv2D(3, 3), nn.Flatten(), nn.Dense(3, nn.Softmax)))
	shake(t, m, rng)
	m.Pipeline = &data.Pipeline{Format: data.PipelineFormat, Inputs: []data.Input{}, Output: species,
		Medium: &data.Medium{Kind: data.MediumImage, Shape: []int{height, width, channels}, Config: []byte(config)}}
	return m
}

// A compiled model makes the numbers of pixels that the core makes of a picture of its
// size.
func TestPictures(t *testing.T) {
	rng := rand.New(rand.NewPCG(8, 9))
	for _, channels := range []int{1, 3} {
		config := map[int]string{1: `{"format":1,"kept":256,"fit":"pad","mean":[33.25],"scale":[0.0127]}`, 3: `{"format":1,"kept":256,"fit":"crop","mean":[120.3,0,99],"scale":[0.015,0.5,0.0171]}`}[channels]
		m := seer(t, rng, 9, 7, channels, config)
		wasm, report := compile(t, m, codegen.Options{})
		require.LessOrEqual(t, report.Code(), 16<<10)
		require.Equal(t, "rgba", description(t, wasm).Inputs[0].Raw)
		h := newHost(t, wasm, 9*7*channels, 3)
		c, err := image.Read(m.Pipeline)
		require.NoError(t, err)
		const rows = 40
		require.NotZero(t, h.call("input", rows))
		require.Zero(t, h.call("rgba", 4*9*7-4), "a pixel is missing")
		var all []float32
		for i := range rows {
			rgba := make([]byte, 4*9*7)
			for k := range rgba {
				rgba[k] = byte(rng.Uint32())
				if k%4 == 3 && i%3 > 0 {
					rgba[k] = 255
				}
				if i%5 == 0 && k%4 < 3 { // grey
					rgba[k] = rgba[k&^3]
				}
			}
			row := make([]float32, 9*7*channels)
			c.Encode(row, image.FromRGBA(7, 9, rgba))
			sameBits(t, row, h.raw("rgba", i, rgba), channels, i)
			all = append(all, row...)
		}
		want := make([]float32, 3*rows)
		require.NoError(t, m.PredictFloats(want, all))
		sameBits(t, want, slices.Clone(h.view(h.call("run", rows), len(want))))
	}
}
