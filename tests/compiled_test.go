//go:build browser

package tests

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/core/codegen"
	"github.com/terrarium-ml/terrarium/core/data"
	"github.com/terrarium-ml/terrarium/core/data/image"
	"github.com/terrarium-ml/terrarium/core/data/text"
	"github.com/terrarium-ml/terrarium/core/nn"
	"github.com/terrarium-ml/terrarium/core/tensor"
	"github.com/terrarium-ml/terrarium/core/train"
	"github.com/terrarium-ml/terrarium/site/build"
	"github.com/terrarium-ml/terrarium/tests/browser"
)

// A compiledCase is a model, and the rows that it is asked about.
type compiledCase struct {
	name  string
	model *train.Model
	rows  int
	x     []float32
	bytes [][]byte // of a raw entry, a row each, in place of x
}

// compiledCases are models of every family.
func compiledCases(t *testing.T) []compiledCase {
	const rows = 9
	mlp := nn.Sequential(nn.Input(30), nn.Dense(50, nn.Tanh), nn.Dense(20, nn.GELU), nn.Dense(7, nn.Softmax))
	convolution := nn.Sequential(nn.Input(12, 11, 3), nn.Conv2D(9, 3, nn.Same, nn.ReLU), nn.MaxPooling2D(2), nn.DepthwiseConv2D(3, nn.Swish), nn.BatchNormalization(), nn.GlobalAveragePooling2D(), nn.Dense(4, nn.Softmax))
	recurrent := nn.Sequential(nn.Input(13, 5), nn.Bidirectional(nn.LSTM(6, nn.ReturnSequences)), nn.GRU(7), nn.Dense(3, nn.Softmax))
	attention := nn.Sequential(nn.Input(10), nn.Embedding(40, 16), nn.PositionEmbedding(10), nn.TransformerBlock(2), nn.GlobalAveragePooling1D(), nn.Dense(3, nn.Softmax))
	var cases []compiledCase
	for i, c := range []struct {
		name    string
		network *nn.Network
		rows    int
		words   int
	}{{"mlp", mlp, 70, 0}, {"convolution", convolution, rows, 0}, {"recurrent", recurrent, rows, 0}, {"attention", attention, rows, 40}} {
		m, err := train.New(c.network, train.Seed(uint64(3+i)))
		require.NoError(t, err)
		x := make([]float32, c.rows*tensorSize(m.InputShape()))
		for i := range x {
			x[i] = float32(i*7919%1000)/250 - 2
			if c.words > 0 {
				x[i] = float32(i * 7919 % c.words)
			}
		}
		cases = append(cases, compiledCase{name: c.name, model: m, rows: c.rows, x: x})
	}
	return append(cases, textCase(t), pictureCase(t))
}

func tensorSize(shape []int) int {
	n := 1
	for _, d := range shape {
		n *= d
	}
	return n
}

// messages are what the tokenizers of these tests learn from.
var messages = []string{"The leaves are yellow.", "Where is my ORDER?!", "今天天气很好，我们去公园。", "Ｗｉｆｉ 很快", "ça va très bien 👩‍👩‍👧", "no no no", "İstanbul'da"}

// textModel is a model of texts, with a tokenizer of its own and labels.
func textModel(t *testing.T, kind text.Kind) (*train.Model, *text.Tokenizer) {
	t.Helper()
	tokenizer, err := text.Train(messages, text.Options{Kind: kind, Cleaning: text.Cleaning{Lower: true, Width: true, Spaces: true}, Length: 24, MinCount: 1}, nil)
	require.NoError(t, err)
	m, err := train.New(nn.Sequential(nn.Input(24), nn.Embedding(tokenizer.Size(), 8, nn.MaskZero), nn.LSTM(6), nn.Dense(3, nn.Softmax)), train.Seed(11))
	require.NoError(t, err)
	config, err := json.Marshal(tokenizer)
	require.NoError(t, err)
	m.Pipeline = mediumPipeline(data.MediumText, []int{24}, config)
	return m, tokenizer
}

func mediumPipeline(kind data.MediumKind, shape []int, config []byte) *data.Pipeline {
	return &data.Pipeline{Format: data.PipelineFormat, Inputs: []data.Input{}, Medium: &data.Medium{Kind: kind, Shape: shape, Config: config},
		Output: data.Output{Name: "mood", Task: data.TaskClassification, Kind: data.KindCategory, Labels: []string{"good", "bad", "neither"}, Counts: []int{3, 2, 1}, Scale: 1}}
}

func textCase(t *testing.T) compiledCase {
	m, tokenizer := textModel(t, text.KindBytePairs)
	c := compiledCase{name: "text", model: m}
	for _, s := range append([]string{"", "\xff\xc3(", "unknown ☃ words"}, messages...) {
		row := make([]float32, tokenizer.Length)
		require.NoError(t, tokenizer.Encode(row, s))
		c.x, c.bytes = append(c.x, row...), append(c.bytes, []byte(s))
	}
	c.rows = len(c.bytes)
	return c
}

// pictureModel is a model of pictures.
func pictureModel(t *testing.T, fit image.Fit, shape ...int) (*train.Model, *image.Config) {
	t.Helper()
	m, err := train.New(nn.Sequential(nn.Input(shape...), nn.Conv2D(4, 3, nn.ReLU), nn.Flatten(), nn.Dense(3, nn.Softmax)), train.Seed(12))
	require.NoError(t, err)
	config := fmt.Sprintf(`{"format":1,"kept":256,"fit":%q,"mean":[99.5],"scale":[0.0131],"light":true}`, fit)
	if shape[2] == 3 {
		config = fmt.Sprintf(`{"format":1,"kept":256,"fit":%q,"mean":[99.5,80,127.3],"scale":[0.0131,0.02,0.015],"light":false}`, fit)
	}
	m.Pipeline = mediumPipeline(data.MediumImage, shape, []byte(config))
	c, err := image.Read(m.Pipeline)
	require.NoError(t, err)
	return m, c
}

func pictureCase(t *testing.T) compiledCase {
	m, config := pictureModel(t, image.FitPad, 9, 8, 3)
	c := compiledCase{name: "picture", model: m, rows: 3}
	for i := range c.rows {
		rgba, row := make([]byte, 4*9*8), make([]float32, 3*9*8)
		for k := range rgba {
			rgba[k] = byte(k * (i + 1) * 7919 >> 3)
		}
		config.Encode(row, image.FromRGBA(8, 9, rgba))
		c.x, c.bytes = append(c.x, row...), append(c.bytes, rgba)
	}
	return c
}

// compiledPage serves models, compiled with SIMD and without, beside an empty page.
func compiledPage(t *testing.T, cases []compiledCase) (url string) {
	mux := http.NewServeMux()
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprint(w, "<!doctype html><link rel=icon href=data:,>")
	})
	for _, c := range cases {
		for file, o := range map[string]codegen.Options{"simd": {}, "nosimd": {NoSIMD: true}} {
			var wasm bytes.Buffer
			_, err := c.model.WriteWasm(&wasm, o, codegen.About{})
			require.NoError(t, err)
			mux.HandleFunc("/"+c.name+"."+file+".wasm", func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", "application/wasm")
				w.Write(wasm.Bytes())
			})
		}
	}
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server.URL
}

// script fetches a module and is the bits of its predictions; want is what they are to be.
func (c compiledCase) script(t *testing.T, file string) (script string, want []uint32) {
	x := tensor.New(append([]int{c.rows}, c.model.InputShape()...)...)
	copy(x.Data, c.x)
	p := tensor.New(append([]int{c.rows}, c.model.OutputShape()...)...)
	require.NoError(t, c.model.PredictInto(p, x))
	rows := make([][]int, len(c.bytes)) // JSON has no bytes
	for i, b := range c.bytes {
		for _, v := range b {
			rows[i] = append(rows[i], int(v))
		}
	}
	raw, err := json.Marshal(rows)
	require.NoError(t, err)
	input, err := json.Marshal(x.Bits())
	require.NoError(t, err)
	return fmt.Sprintf(`(async () => {
		const { instance, module } = await WebAssembly.instantiateStreaming(fetch('/%s.%s.wasm'));
		const { memory, abi, input, run, encode } = instance.exports, bits = %s, rows = %d, raw = %s;
		const [section] = WebAssembly.Module.customSections(module, 'terrarium');
		const about = JSON.parse(new TextDecoder().decode(section));
		if (abi.value !== 1 || rows * about.inputSize !== bits.length) throw new Error('another module');
		const to = input(rows);
		if (raw.length) {
			raw.forEach((bytes, row) => {
				const at = instance.exports[about.inputs[0].raw](bytes?.length ?? 0);
				new Uint8Array(memory.buffer, at, bytes?.length ?? 0).set(bytes ?? []);
				if (!encode(row, bytes?.length ?? 0)) throw new Error('refused');
			});
			if (new Uint32Array(memory.buffer, to, bits.length).some((v, i) => v !== bits[i])) throw new Error('other rows');
		} else new Uint32Array(memory.buffer, to, bits.length).set(bits);
		return Array.from(new Uint32Array(memory.buffer, run(rows), rows * about.outputSize));
	})()`, c.name, file, input, c.rows, raw), p.Bits()
}

// Compiled models predict with the core's bits in Chromium …
func TestCompiledInChromium(t *testing.T) {
	cases := compiledCases(t)
	p := browser.Open(t, browser.Chromium(t), compiledPage(t, cases))
	for _, c := range cases {
		for _, file := range []string{"simd", "nosimd"} {
			var got []uint32
			script, want := c.script(t, file)
			p.Eval(script, &got)
			assert.Equal(t, want, got, c.name+" "+file)
		}
	}
}

// … and in Firefox.
func TestCompiledInFirefox(t *testing.T) {
	cases := compiledCases(t)
	f := browser.StartFirefox(t)
	f.Open(compiledPage(t, cases))
	for _, c := range cases {
		for _, file := range []string{"simd", "nosimd"} {
			var got []float64
			script, want := c.script(t, file)
			f.Eval(script, &got)
			require.Len(t, got, len(want), c.name+" "+file)
			for i := range want {
				require.Equal(t, float64(want[i]), got[i], "%s %s: value %d", c.name, file, i)
			}
		}
	}
}

// A page compiles its own model, and uses it without the engine.
func TestToWasm(t *testing.T) {
	p := browser.Open(t, browser.Chromium(t), browser.Site(t, nil)+"/pages/")
	var got struct{ Want, Got []float64 }
	p.Eval(`import('/deep/site/terrarium.js').then(async ({ load }) => {
		const t = await load();
		const model = t.sequential({ layers: [t.layers.dense({ units: 5, activation: 'swish', inputShape: [3] }), t.layers.dense({ units: 2, activation: 'softmax' })], seed: 1 });
		const x = [[1, 2, 3], [-1, 0, 0.5]];
		const { data } = await model.predict(t.tensor(x));
		const { instance } = await WebAssembly.instantiate(await model.toWasm({ weights: 'float32' }));
		const { memory, input, run } = instance.exports;
		new Float32Array(memory.buffer, input(2), 6).set(x.flat());
		const compiled = new Float32Array(memory.buffer, run(2), 4);
		t.terminate();
		return { Want: Array.from(data), Got: Array.from(compiled) };
	})`, &got)
	assert.Len(t, got.Got, 4)
	assert.Equal(t, got.Want, got.Got)
	assert.InDelta(t, 1, got.Got[0]+got.Got[1], 1e-6)
}

// What a page loads beside the weights, embed.js included, is small: the weights are
// set to 0 here, so that nothing is left of them.
func TestBytesBesideTheWeights(t *testing.T) {
	packed := func(content []byte) int {
		b, err := build.Encoding{Name: "br"}.Encode(content)
		require.NoError(t, err)
		return len(b)
	}
	read := func(name string) []byte {
		b, err := os.ReadFile(filepath.Join(browser.Root(t), "site", name))
		require.NoError(t, err)
		return b
	}
	for _, c := range compiledCases(t) {
		weights := []*tensor.Tensor{}
		for _, w := range c.model.Weights() {
			weights = append(weights, tensor.New(w.Tensor.Shape...))
		}
		require.NoError(t, c.model.SetWeights(weights))
		module, limit := packed(compiled(t, c.model, codegen.About{})), 20<<10
		scripts := packed(read("embed.js"))
		if c.bytes != nil {
			scripts += packed(read("embed-media.js"))
		}
		if c.name == "mlp" {
			limit = 12 << 10
		}
		assert.LessOrEqual(t, module+scripts, limit, c.name)
		t.Logf("%s: %d of the module, %d of scripts, as brotli", c.name, module, scripts)
	}
}
