//go:build browser

package tests

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/core/codegen"
	"github.com/terrarium-ml/terrarium/core/nn"
	"github.com/terrarium-ml/terrarium/core/tensor"
	"github.com/terrarium-ml/terrarium/core/train"
	"github.com/terrarium-ml/terrarium/tests/browser"
)

// compiledPage serves a model, compiled with SIMD and without, beside an empty page. It
// returns a script that fetches a module and is the bits of its predictions, and what
// they are to be.
func compiledPage(t *testing.T) (url string, script func(file string) string, want []uint32) {
	m, err := train.New(nn.Sequential(nn.Input(30), nn.Dense(50, nn.Tanh), nn.Dense(20, nn.GELU), nn.Dense(7, nn.Softmax)), train.Seed(3))
	require.NoError(t, err)
	const rows = 70 // more than a block
	x, p := tensor.New(rows, 30), tensor.New(rows, 7)
	for i := range x.Data {
		x.Data[i] = float32(i*7919%1000)/250 - 2
	}
	require.NoError(t, m.PredictInto(p, x))

	mux := http.NewServeMux()
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprint(w, "<!doctype html><link rel=icon href=data:,>")
	})
	for file, o := range map[string]codegen.Options{"/simd.wasm": {}, "/nosimd.wasm": {NoSIMD: true}} {
		var wasm bytes.Buffer
		_, err := m.WriteWasm(&wasm, o, codegen.About{})
		require.NoError(t, err)
		mux.HandleFunc(file, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/wasm")
			w.Write(wasm.Bytes())
		})
	}
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	input, err := json.Marshal(x.Bits())
	require.NoError(t, err)
	return server.URL, func(file string) string {
		return fmt.Sprintf(`(async () => {
			const { instance, module } = await WebAssembly.instantiateStreaming(fetch('/%s'));
			const { memory, abi, input, run } = instance.exports, bits = %s, rows = %d;
			const [section] = WebAssembly.Module.customSections(module, 'terrarium');
			const about = JSON.parse(new TextDecoder().decode(section));
			if (abi.value !== 1 || rows * about.inputSize !== bits.length) throw new Error('another module');
			new Uint32Array(memory.buffer, input(rows), bits.length).set(bits);
			return Array.from(new Uint32Array(memory.buffer, run(rows), rows * about.outputSize));
		})()`, file, input, rows)
	}, p.Bits()
}

// Compiled models predict with the core's bits in Chromium …
func TestCompiledInChromium(t *testing.T) {
	url, script, want := compiledPage(t)
	p := browser.Open(t, browser.Chromium(t), url)
	for _, file := range []string{"simd.wasm", "nosimd.wasm"} {
		var got []uint32
		p.Eval(script(file), &got)
		assert.Equal(t, want, got, file)
	}
}

// … and in Firefox.
func TestCompiledInFirefox(t *testing.T) {
	url, script, want := compiledPage(t)
	f := browser.StartFirefox(t)
	f.Open(url)
	for _, file := range []string{"simd.wasm", "nosimd.wasm"} {
		var got []float64
		f.Eval(script(file), &got)
		require.Len(t, got, len(want), file)
		for i := range want {
			require.Equal(t, float64(want[i]), got[i], "%s: value %d", file, i)
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
