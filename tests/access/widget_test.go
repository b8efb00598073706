//go:build browser

package access

import (
	"bytes"
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/core/codegen"
	"github.com/terrarium-ml/terrarium/core/data"
	"github.com/terrarium-ml/terrarium/core/data/image"
	"github.com/terrarium-ml/terrarium/core/nn"
	"github.com/terrarium-ml/terrarium/core/optim"
	"github.com/terrarium-ml/terrarium/core/train"
	"github.com/terrarium-ml/terrarium/tests/browser"
)

// smallModel is a compiled model of one of the sample tables of two classes.
func smallModel(t *testing.T) []byte {
	t.Helper()
	csv, err := data.Sample("churn")
	require.NoError(t, err)
	table, err := data.ReadTable(bytes.NewReader(csv), data.ReadOptions{Name: "churn"})
	require.NoError(t, err)
	setup, err := table.Suggest("", nil)
	require.NoError(t, err)
	p, err := table.Prepare(setup, nil)
	require.NoError(t, err)
	m, err := train.New(nn.Sequential(nn.Input(p.Pipeline.Features()), nn.Dense(p.Pipeline.Output.Units(), nn.Sigmoid)), train.Seed(1), train.Name("churn"))
	require.NoError(t, err)
	m.Pipeline = p.Pipeline
	require.NoError(t, m.Compile(train.Config{Optimizer: optim.Adam{LearningRate: 0.01}, Loss: nn.BinaryCrossentropy{}}))
	_, err = m.Fit(context.Background(), p.Train.X, p.Train.Y, train.FitConfig{Epochs: 2, BatchSize: 32})
	require.NoError(t, err)
	var b bytes.Buffer
	_, err = m.WriteWasm(&b, codegen.Options{}, codegen.About{})
	require.NoError(t, err)
	return b.Bytes()
}

// shop is somebody's page with a model on it.
func shop(t *testing.T, model []byte) (url string) {
	t.Helper()
	files := map[string][]byte{"/model.wasm": model, "/no.wasm": []byte("no model"), "/": []byte(`<!doctype html><html lang=en data-live=none><meta charset=utf-8><meta name=viewport content="width=device-width">` +
		`<meta name=color-scheme content="light dark"><link rel=icon href=data:,><title>A shop</title><script type=module src=embed.js></script><main><h1>A shop</h1><terrarium-predict src=model.wasm></terrarium-predict></main>`)}
	for _, name := range []string{"embed.js", "embed-media.js"} {
		file, err := os.ReadFile(filepath.Join(browser.Root(t), "site", name))
		require.NoError(t, err)
		files["/"+name] = file
	}
	types := map[string]string{"": "text/html; charset=utf-8", ".js": "text/javascript", ".wasm": "application/wasm"}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", types[filepath.Ext(r.URL.Path)])
		w.Write(files[r.URL.Path]) // to a browser that waits for it
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// widget is JavaScript for what is within the widget.
const widget = `document.querySelector('terrarium-predict').shadowRoot`

// The widget on somebody else's page: its form, its answer, and what it says when it fails.
func TestWidget(t *testing.T) {
	p := browser.Open(t, browser.Chromium(t), shop(t, smallModel(t)))
	p.WaitFor(widget + `?.querySelector('form')`)
	Check(t, p, "the form is there")
	p.Eval(`void `+widget+`.querySelector('button').click()`, nil)
	p.WaitFor(widget + `.querySelector('[part=value]')`)
	Check(t, p, "it has answered")
	p.Expect("")
	p.Eval(`void (document.querySelector('terrarium-predict').src = 'no.wasm')`, nil)
	p.WaitFor(widget + `.querySelector('[part=error]')`)
	Check(t, p, "it could not be loaded")
}

// pictureModel is a compiled model of the sample of digits.
func pictureModel(t *testing.T) []byte {
	t.Helper()
	set := image.NewSet(image.Options{})
	require.NoError(t, set.AddSample("digits"))
	setup := set.Suggest()
	p, err := set.Prepare(setup, 0, nil)
	require.NoError(t, err)
	m, err := train.New(nn.Sequential(nn.Input(setup.Height, setup.Width, setup.Channels), nn.Flatten(), nn.Dense(p.Pipeline.Output.Units(), nn.Softmax)), train.Seed(1), train.Name("digits"))
	require.NoError(t, err)
	m.Pipeline = p.Pipeline
	var b bytes.Buffer
	_, err = m.WriteWasm(&b, codegen.Options{}, codegen.About{})
	require.NoError(t, err)
	return b.Bytes()
}

// The widget of a model of pictures: its pad, an answer to what is drawn, the camera, and
// what it says where there is none.
func TestWidgetOfPictures(t *testing.T) {
	url := shop(t, pictureModel(t))
	p := browser.Open(t, browser.Chromium(t, "use-fake-device-for-media-stream", "use-fake-ui-for-media-stream"), url)
	p.WaitFor(widget + `?.querySelector('canvas')`)
	Check(t, p, "the pad is there")
	p.Eval(`(() => {
		const pad = `+widget+`.querySelector('canvas');
		pad.setPointerCapture = () => {};
		for (const [type, x] of [['pointerdown', 20], ['pointermove', 90], ['pointerup', 90]]) pad.dispatchEvent(new PointerEvent(type, { pointerId: 1, buttons: 1, clientX: pad.getBoundingClientRect().left + x, clientY: pad.getBoundingClientRect().top + 40 }));
	})()`, nil)
	p.WaitFor(widget + `.querySelector('[part=value]')`)
	Check(t, p, "it has answered to a drawing")
	p.Eval(`void `+widget+`.querySelector('[part=camera]').click()`, nil)
	p.WaitFor(widget + `.querySelector('[part=camera]').textContent === 'Stop'`)
	Check(t, p, "the camera looks")

	none := browser.Open(t, browser.Chromium(t), url)
	none.Expect("")
	none.WaitFor(widget + `?.querySelector('canvas')`)
	none.Eval(`void `+widget+`.querySelector('[part=camera]').click()`, nil)
	none.WaitFor(widget + `.querySelector('[part=error]')`)
	Check(t, none, "there is no camera")
}
