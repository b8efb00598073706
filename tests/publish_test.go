//go:build browser

package tests

import (
	"archive/zip"
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/tests/browser"
)

// unzipped reads an archive, by name.
func unzipped(t *testing.T, path string) map[string][]byte {
	t.Helper()
	z, err := zip.OpenReader(path)
	require.NoError(t, err)
	defer z.Close()
	files := map[string][]byte{}
	for _, f := range z.File {
		r, err := f.Open()
		require.NoError(t, err)
		files[f.Name], err = io.ReadAll(r)
		require.NoError(t, err)
	}
	return files
}

// A model that was trained in the studio goes to a page of the user's own, which shows
// the same form and gives the same answer; then to TensorFlow.js's format and ONNX, from
// which the studio opens it again.
func TestModelGoesAnywhere(t *testing.T) {
	chromium, url := browser.Chromium(t), browser.Site(t, nil)+"/deep/site/"
	s := openStudio(t, chromium, url)
	s.sample("garden")
	s.train(1)
	s.answer()
	var said string
	s.Eval(`document.querySelector('#predicted').textContent`, &said)

	s.press("publish")
	s.WaitFor(`document.querySelectorAll('#publish-costs tbody tr').length === 3 && !/…/.test(document.querySelector('#publish-costs tbody').textContent)`)
	var costs string
	s.Eval(`document.querySelector('#publish-costs').innerText`, &costs)
	assert.Regexp(t, `(?s)32 bits.*kB.*%.*16 bits.*kB.*%.*8 bits.*kB.*%`, costs)
	for _, look := range []struct {
		name          string
		width, height int
		dark          bool
	}{{"publish-1280-light", 1280, 900, false}, {"publish-1280-dark", 1280, 900, true}, {"publish-360-light", 360, 900, false}, {"publish-360-dark", 360, 900, true}} {
		s.Size(look.width, look.height, look.dark)
		s.Eval(`void document.querySelector('#publish-panel').scrollIntoView({ behavior: 'instant' })`, nil)
		s.fits("publishing")
		s.View(look.name)
	}
	s.Size(1280, 900, false)

	give := func(id string) string {
		dir := t.TempDir()
		s.Downloads(dir)
		s.press(id)
		return s.waitForFile(dir)
	}
	files := unzipped(t, give("publish-page"))
	embed, err := os.ReadFile(filepath.Join(browser.Root(t), "site", "embed.js"))
	require.NoError(t, err)
	assert.Equal(t, string(embed), string(files["embed.js"]))
	_, body, _ := strings.Cut(string(files["index.html"]), "<body>")
	body = strings.Replace(strings.Split(body, "</body>")[0], "<terrarium-predict", "<terrarium-predict id=mine", 1)
	own := browser.Open(t, chromium, widgets(t, body, map[string][]byte{"model": files["model.wasm"]}))
	own.Eval(ready, nil)
	assert.Equal(t, said, predict(t, own.Eval, "mine", "undefined").Answer)

	keras, onnx := give("publish-keras"), give("publish-onnx")
	layers := t.TempDir()
	for name, content := range unzipped(t, keras) {
		require.NoError(t, os.WriteFile(filepath.Join(layers, name), content, 0o644))
	}
	for what, paths := range map[string][]string{
		"a layers-model": {filepath.Join(layers, "model.weights.bin"), filepath.Join(layers, "model.json")},
		"an ONNX model":  {onnx},
		// As Teachable Machine would have packed it, with labels of its own.
		"a model of Teachable Machine": {repacked(t, keras)},
	} {
		other := openStudio(t, chromium, url)
		other.Run(chromedp.SetUploadFiles("#model-file", paths, chromedp.ByQuery))
		other.WaitFor(anyProblem + ` || document.querySelector('#loaded-model')`)
		assert.Contains(t, other.Text("#loaded-model"), what)
		other.press("predict")
		other.WaitFor(`document.querySelector('#said-0')`)
		var shares []float64
		other.Eval(`[...document.querySelectorAll('#said-0 tr')].map((row) => Number(row.dataset.value))`, &shares)
		require.Len(t, shares, 3)
		assert.InDelta(t, 1, shares[0]+shares[1]+shares[2], 1e-6)
		if strings.HasSuffix(what, "Machine") {
			assert.Contains(t, other.Text("#said-0"), "moss")
			other.Eval(`void document.querySelector('#step-row').scrollIntoView({ behavior: 'instant' })`, nil)
			other.View("numbers-form")
		}
	}

	// What cannot be opened says why, and the open model stays.
	bad := filepath.Join(t.TempDir(), "model.h5")
	require.NoError(t, os.WriteFile(bad, []byte("\x89HDF\r\n\x1a\n"), 0o644))
	s.Run(chromedp.SetUploadFiles("#model-file", []string{bad}, chromedp.ByQuery))
	s.WaitFor(`document.querySelector('#problem-models')`)
	assert.Contains(t, s.Text("#problem-models"), "tensorflowjs_converter")
	s.dismiss()

	// Arrays of another program become weights by name, if the user says so.
	arrays := filepath.Join(t.TempDir(), "weights.safetensors")
	header := `{"output.bias":{"dtype":"F32","shape":[3],"data_offsets":[0,12]}}`
	content := append(append([]byte{byte(len(header)), 0, 0, 0, 0, 0, 0, 0}, header...), make([]byte, 12)...)
	require.NoError(t, os.WriteFile(arrays, content, 0o644))
	s.Run(chromedp.SetUploadFiles("#model-file", []string{arrays}, chromedp.ByQuery))
	s.WaitFor(`document.querySelector('#arrays')`)
	s.press("take-arrays")
	s.WaitFor(`document.querySelector('#file-notes')`)
	assert.Contains(t, s.Text("#file-notes"), "1 weight set from the file: output/bias")
}

// repacked adds Teachable Machine's description to an archive.
func repacked(t *testing.T, path string) string {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, content := range unzipped(t, path) {
		w, err := z.Create(name)
		require.NoError(t, err)
		_, err = w.Write(content)
		require.NoError(t, err)
	}
	w, err := z.Create("metadata.json")
	require.NoError(t, err)
	_, err = w.Write([]byte(`{"tmVersion":"2.4.7","packageName":"@teachablemachine/image","labels":["moss","fern","lichen"]}`))
	require.NoError(t, err)
	require.NoError(t, z.Close())
	out := filepath.Join(t.TempDir(), "converted_keras.zip")
	require.NoError(t, os.WriteFile(out, b.Bytes(), 0o644))
	return out
}

// The same from JavaScript: what is written in each format comes back with its answers.
func TestFormatsInJavaScript(t *testing.T) {
	p := browser.Open(t, browser.Chromium(t), browser.Site(t, nil)+"/pages/")
	var got struct {
		Keras, ONNX, Bytes, Named float64
		Formats                   []string
		Set, Missing              []string
		Wasm                      int
		Refused                   []string
	}
	p.Eval(`(async () => {
		const { load } = await import('/deep/site/terrarium.js');
		const t = await load();
		const model = t.sequential({ layers: [t.layers.dense({ units: 5, activation: 'tanh', inputShape: [3], name: 'a' }), t.layers.dense({ units: 2, name: 'b' })], seed: 4 });
		const x = t.tensor([[0.5, -1, 2], [3, 0, 1]]);
		const want = (await model.predict(x)).data;
		const off = async (other) => { const { data } = await other.predict(x); return Math.max(...data.map((v, i) => Math.abs(v - want[i]))); };
		const files = await model.toKeras(), keras = await t.loadModel(files), onnx = await t.loadModel(await model.toONNX()), bytes = await t.loadModel(await model.toBytes());
		const fresh = t.sequential({ layers: [t.layers.dense({ units: 5, activation: 'tanh', inputShape: [3], name: 'a' }), t.layers.dense({ units: 2, name: 'b' })], seed: 9 });
		const took = await fresh.loadWeights(await model.toBytes());
		const refusal = (p) => p.then(() => 'none', (e) => e.name + ' ' + e.code + ': ' + e.message);
		return { Keras: await off(keras), ONNX: await off(onnx), Bytes: await off(bytes), Named: await off(fresh), Set: took.set, Missing: took.missing,
			Formats: await Promise.all([keras, onnx, bytes].map(async (m) => (await m.origin()).format)), Wasm: (await model.toWasm({ weights: 'int8' })).byteLength,
			Refused: [await refusal(t.loadModel([files[0]])), await refusal(t.loadModel(new Blob(['a,b']))), await refusal(t.loadModel('/pages/none.json'))] };
	})()`, &got)
	p.Expect("404")
	assert.InDelta(t, 0, got.Keras, 1e-6)
	assert.InDelta(t, 0, got.ONNX, 1e-6)
	assert.Zero(t, got.Bytes)
	assert.Zero(t, got.Named)
	assert.Equal(t, []string{"layers-model", "onnx", "terrarium"}, got.Formats)
	assert.Len(t, got.Set, 4)
	assert.Empty(t, got.Missing)
	assert.Positive(t, got.Wasm)
	assert.Contains(t, got.Refused[0], "TerrariumError format: ")
	assert.Contains(t, got.Refused[0], "choose it together with model.json")
	assert.Contains(t, got.Refused[1], "TerrariumError format: this is no model")
	assert.Contains(t, got.Refused[2], "TerrariumError data: ")
}

// A model.json at a URL brings its weights itself, from beside it.
func TestLayersModelFromURL(t *testing.T) {
	dir := filepath.Join(browser.Root(t), "tests", "testdata", "golden", "tfjs-models", "mlp")
	scripts := map[string]string{}
	for _, name := range []string{"model.json", "group1-shard1of1.bin"} {
		content, err := os.ReadFile(filepath.Join(dir, name))
		require.NoError(t, err)
		scripts[name] = string(content)
	}
	p := browser.Open(t, browser.Chromium(t), browser.Site(t, scripts)+"/pages/")
	var got []int
	p.Eval(`(async () => {
		const { load } = await import('/deep/site/terrarium.js');
		const t = await load(), model = await t.loadModel('/pages/model.json?v=1');
		return (await model.predict(t.tensor([[1, 2, 3, 4, 5, 6]]))).shape;
	})()`, &got)
	assert.Equal(t, []int{1, 4}, got)
}

// The program of other formats is fetched once, when it is first asked for; and asked for
// again if it was not to be had.
func TestFormatsAreFetchedWhenAskedFor(t *testing.T) {
	p := browser.Open(t, browser.Chromium(t), browser.Site(t, nil)+"/pages/")
	var got struct {
		Fetched  []int
		Refused  string
		Predicts int
		Written  []int
	}
	p.Eval(`(async () => {
		const { load } = await import('/deep/site/terrarium.js');
		const plain = globalThis.fetch;
		let fetched = 0, offline = true;
		globalThis.fetch = (url, ...rest) => {
			if (!String(url).includes('formats')) return plain(url, ...rest);
			fetched++;
			return offline ? Promise.reject(new TypeError('no connection')) : plain(url, ...rest);
		};
		const t = await load();
		const model = t.sequential({ layers: [t.layers.dense({ units: 2, inputShape: [3] })], seed: 4 });
		const own = await t.loadModel(await model.toBytes());
		const before = fetched;
		const refused = await model.toONNX().then(() => 'none', (e) => e.code + ': ' + e.message);
		const { data } = await own.predict(t.tensor([[1, 2, 3]]));
		offline = false;
		const first = fetched;
		const [onnx, keras] = await Promise.all([model.toONNX(), model.toKeras()]);
		await t.loadModel(onnx);
		t.terminate();
		return { Fetched: [before, first, fetched], Refused: refused, Predicts: data.length, Written: [onnx.byteLength, keras.length] };
	})()`, &got)
	assert.Equal(t, []int{0, 1, 2}, got.Fetched)
	assert.Contains(t, got.Refused, "engine-lost: ")
	assert.Contains(t, got.Refused, "no connection")
	assert.Equal(t, 2, got.Predicts)
	assert.Positive(t, got.Written[0])
	assert.Equal(t, 2, got.Written[1])
}
