//go:build browser

package tests

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"math"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/core/codegen"
	"github.com/terrarium-ml/terrarium/core/data"
	"github.com/terrarium-ml/terrarium/core/nn"
	"github.com/terrarium-ml/terrarium/core/optim"
	"github.com/terrarium-ml/terrarium/core/train"
	"github.com/terrarium-ml/terrarium/tests/browser"
)

// sampleModel is a model of one of the sample sets, trained a little.
func sampleModel(t *testing.T, name string) *train.Model {
	t.Helper()
	csv, err := data.Sample(name)
	require.NoError(t, err)
	table, err := data.ReadTable(bytes.NewReader(csv), data.ReadOptions{Name: name})
	require.NoError(t, err)
	setup, err := table.Suggest("", nil)
	require.NoError(t, err)
	p, err := table.Prepare(setup, nil)
	require.NoError(t, err)
	last, loss := nn.Linear, nn.Loss(nn.MeanSquaredError{})
	if o := p.Pipeline.Output; o.Task == data.TaskClassification {
		last, loss = nn.Softmax, nn.SparseCategoricalCrossentropy{}
		if o.Units() == 1 {
			last, loss = nn.Sigmoid, nn.BinaryCrossentropy{}
		}
	}
	m, err := train.New(nn.Sequential(nn.Input(p.Pipeline.Features()), nn.Dense(16, nn.ReLU), nn.Dense(p.Pipeline.Output.Units(), last)), train.Seed(1), train.Name(name))
	require.NoError(t, err)
	m.Pipeline = p.Pipeline
	require.NoError(t, m.Compile(train.Config{Optimizer: optim.Adam{LearningRate: 0.01}, Loss: loss}))
	_, err = m.Fit(context.Background(), p.Train.X, p.Train.Y, train.FitConfig{Epochs: 8, BatchSize: 32})
	require.NoError(t, err)
	return m
}

// answerOf is what the model says of a row of texts: a compiled one's outputs.
func answerOf(t *testing.T, m *train.Model, row map[string]string) []float32 {
	t.Helper()
	raw, err := m.Pipeline.ParseRow(row)
	require.NoError(t, err)
	features, out := make([]float32, m.Pipeline.Features()), make([]float32, m.Pipeline.Output.Units())
	m.Pipeline.Encode(features, raw)
	require.NoError(t, m.PredictFloats(out, features))
	m.Pipeline.Decode(out)
	return out
}

func compiled(t *testing.T, m *train.Model, about codegen.About) []byte {
	t.Helper()
	var b bytes.Buffer
	_, err := m.WriteWasm(&b, codegen.Options{}, about)
	require.NoError(t, err)
	return b.Bytes()
}

// strict is a policy of somebody else's page: enough for the widget, and no more.
const strict = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self'; img-src data:; form-action 'none'; base-uri 'none'"

// widgets serves a page that is not ours, with models by name, under the strict policy.
func widgets(t *testing.T, page string, models map[string][]byte) string {
	t.Helper()
	embed, err := os.ReadFile(filepath.Join(browser.Root(t), "site", "embed.js"))
	require.NoError(t, err)
	media, err := os.ReadFile(filepath.Join(browser.Root(t), "site", "embed-media.js"))
	require.NoError(t, err)
	files := map[string][]byte{
		"/": []byte(`<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content="width=device-width"><meta name=color-scheme content="light dark">` +
			`<link rel=icon href=data:,><link rel=stylesheet href=page.css><title>A shop</title><script type=module src=embed.js></script><h1>A shop</h1>` + page),
		"/page.css": []byte(`body { font: 16px/1.5 system-ui, sans-serif; margin: 1.5em } .far { height: 3000px } #themed { --terrarium-accent: #8a2be2; --terrarium-radius: 0 } #themed::part(value) { letter-spacing: 2px }`),
		"/embed.js": embed, "/embed-media.js": media, "/no.wasm": []byte("no model"),
	}
	for name, file := range models {
		if filepath.Ext(name) == "" {
			name += ".wasm"
		}
		files["/"+name] = file
	}
	types := map[string]string{"": "text/html; charset=utf-8", ".css": "text/css", ".js": "text/javascript", ".wasm": "application/wasm"}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		file, ok := files[r.URL.Path]
		if !ok {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", types[filepath.Ext(r.URL.Path)])
		w.Header().Set("Content-Security-Policy", strict)
		_, _ = io.Copy(w, bytes.NewReader(file)) // to a browser that waits for it
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// ready waits until an element's form is there, and said on what it does from then on.
const ready = `Promise.all([...document.querySelectorAll('terrarium-predict:not([loading])')].map((e) => {
	e.said = [];
	for (const name of ['predict', 'error']) e.addEventListener(name, ({ detail }) => e.said.push([name, detail]));
	return e.ready.catch(() => {});
})).then(() => 1)`

// sameOutputs compares what came through JavaScript, where a float32 is a number.
func sameOutputs(t *testing.T, want []float32, got []float64) {
	t.Helper()
	require.Len(t, got, len(want))
	for i := range want {
		assert.Equal(t, math.Float32bits(want[i]), math.Float32bits(float32(got[i])), "output %d: want %v, got %v", i, want[i], got[i])
	}
}

type prediction struct {
	Outputs       []float64
	Answer        any
	Probabilities map[string]float64
}

// predict asks an element from a script.
func predict(t *testing.T, eval func(string, any), id, values string) (p prediction) {
	t.Helper()
	eval(`document.getElementById('`+id+`').predict(`+values+`).then(({ outputs, answer, probabilities }) => ({ outputs: [...outputs], answer, probabilities }))`, &p)
	return p
}

// Two widgets of one page, and a third below: by mouse, by keyboard and from a script,
// with the core's bits.
func TestWidgets(t *testing.T) {
	garden, houses, churn := sampleModel(t, "garden"), sampleModel(t, "houses"), sampleModel(t, "churn")
	url := widgets(t, `<terrarium-predict id=garden src=garden.wasm></terrarium-predict><hr>
		<terrarium-predict id=themed src=houses.wasm></terrarium-predict><div class=far></div>
		<terrarium-predict id=late src=churn.wasm loading=lazy></terrarium-predict>`, map[string][]byte{
		"garden": compiled(t, garden, codegen.About{}), "churn": compiled(t, churn, codegen.About{}),
		"houses": compiled(t, houses, codegen.About{Unit: "€", Units: map[string]string{"living_area_m2": "m²"}, Metrics: map[string]float64{"mae": 12345.6}}),
	})
	p := browser.Open(t, browser.Chromium(t), url)
	p.Eval(ready, nil)
	shadow := func(id string) string { return `document.getElementById('` + id + `').shadowRoot` }

	// Typical values stand in the form: Predict works at once. Then some are typed.
	row := map[string]string{}
	for _, in := range garden.Pipeline.Inputs {
		row[in.Name] = in.Default
	}
	p.Eval(shadow("garden")+`.querySelector('button').click()`, nil)
	var outputs []float64
	last := `[...document.getElementById('garden').said.at(-1)[1].outputs]`
	p.Eval(last, &outputs)
	sameOutputs(t, answerOf(t, garden, row), outputs)
	p.Eval(shadow("garden")+`.querySelectorAll('input')[0].focus()`, nil)
	p.Run(chromedp.KeyEvent(kb.End))
	for range 8 {
		p.Run(chromedp.KeyEvent(kb.Backspace))
	}
	p.Run(chromedp.KeyEvent("46,5"), chromedp.KeyEvent(kb.Enter)) // a decimal comma
	row["leaf_length_mm"] = "46.5"
	p.WaitFor(`document.getElementById('garden').said.length === 2`)
	p.Eval(last, &outputs)
	sameOutputs(t, answerOf(t, garden, row), outputs)
	label := garden.Pipeline.Output.Labels[garden.Pipeline.Label(answerOf(t, garden, row))]
	var shown string
	p.Eval(shadow("garden")+`.querySelector('output').innerText`, &shown)
	assert.Contains(t, shown, label)
	assert.Contains(t, shown, "%")
	assert.Contains(t, shown, "What the answer hangs on")

	// By keyboard alone, from the field to the button.
	p.Eval(shadow("garden")+`.querySelector('select').focus()`, nil)
	for range 20 {
		var at string
		p.Run(chromedp.KeyEvent(kb.Tab))
		p.Eval(shadow("garden")+`.activeElement?.tagName ?? ''`, &at)
		if at == "BUTTON" {
			break
		}
	}
	p.Run(chromedp.KeyEvent(" "))
	p.WaitFor(`document.getElementById('garden').said.length === 3`)

	// From a script, with values of every spelling, and a raw row.
	row = map[string]string{"soil": "loam", "leaf_length_mm": "1,046.5", "sown": "2023-03-20"}
	got := predict(t, p.Eval, "garden", `{ soil: 'loam', leaf_length_mm: '1,046.5', sown: new Date('2023-03-20') }`)
	sameOutputs(t, answerOf(t, garden, row), got.Outputs)
	assert.Len(t, got.Probabilities, 3)
	raw, err := garden.Pipeline.ParseRow(row)
	require.NoError(t, err)
	text := "["
	for _, v := range raw {
		if v != v {
			text += "NaN,"
		} else {
			text += fmt.Sprint(v) + ","
		}
	}
	sameOutputs(t, answerOf(t, garden, row), predict(t, p.Eval, "garden", text+"]").Outputs)

	// What is no number is refused, visibly, and the field has the focus.
	p.Eval(`document.getElementById('garden').values = { leaf_width_mm: 'wide' }`, nil)
	p.Eval(shadow("garden")+`.querySelector('button').click()`, nil)
	p.WaitFor(`document.getElementById('garden').said.at(-1)[0] === 'error'`)
	p.Eval(shadow("garden")+`.querySelector('[role=alert]').textContent + '|' + document.getElementById('garden').shadowRoot.activeElement.value`, &shown)
	assert.Equal(t, "leaf_width_mm: not understood|wide", shown)

	// A regression, with its unit and its usual error.
	got = predict(t, p.Eval, "themed", `{ living_area_m2: 120 }`)
	sameOutputs(t, answerOf(t, houses, map[string]string{"living_area_m2": "120"}), got.Outputs)
	p.Eval(shadow("themed")+`.querySelector('output').innerText`, &shown)
	assert.Contains(t, shown, "€")
	assert.Contains(t, shown, "usually off by 12,350")
	p.Eval(`getComputedStyle(`+shadow("themed")+`.querySelector('[type=submit]')).backgroundColor + getComputedStyle(`+shadow("themed")+`.querySelector('[part=value]')).letterSpacing`, &shown)
	assert.Equal(t, "rgb(138, 43, 226)2px", shown)

	// The third is loaded once it comes near.
	var inputs int
	p.Eval(shadow("late")+`.querySelectorAll('form').length`, &inputs)
	assert.Zero(t, inputs)
	p.Eval(`document.getElementById('late').scrollIntoView()`, nil)
	p.WaitFor(shadow("late") + `.querySelector('form')`)
	sameOutputs(t, answerOf(t, churn, map[string]string{"months": "3"}), predict(t, p.Eval, "late", `{ months: 3 }`).Outputs)

	// Moved, it goes on; told another model, it shows that one.
	p.Eval(`document.body.prepend(document.getElementById('garden'))`, nil)
	p.Eval(shadow("garden")+`.querySelectorAll('input').length`, &inputs)
	assert.Positive(t, inputs)
	sameOutputs(t, answerOf(t, garden, row), predict(t, p.Eval, "garden", `{ soil: 'loam', leaf_length_mm: 1046.5, sown: '2023-03-20' }`).Outputs)
	p.Eval(`void (document.getElementById('garden').src = 'churn.wasm')`, nil)
	sameOutputs(t, answerOf(t, churn, nil), predict(t, p.Eval, "garden", `{}`).Outputs)

	for _, look := range []struct {
		width int
		dark  bool
	}{{1280, false}, {1280, true}, {360, false}, {360, true}} {
		p.Size(look.width, 900, look.dark)
		p.Eval(`document.getElementById('late')?.remove()`, nil)
		p.Eval(`(async () => { scrollTo(0, 0); for (const e of document.querySelectorAll('terrarium-predict')) { e.values = { months: 3, contract: 'two years', living_area_m2: 1200, rooms: '' }; for (const field of e.shadowRoot.querySelectorAll('input')) field.oninput(); await e.predict(); e.shadowRoot.querySelector('details').open = true; } })()`, nil)
		var wide bool
		p.Eval(`document.documentElement.scrollWidth > innerWidth`, &wide)
		assert.False(t, wide, "at %d pixels something sticks out", look.width)
		p.View(fmt.Sprintf("widget-%d-%s", look.width, map[bool]string{false: "light", true: "dark"}[look.dark]))
	}
}

// What screen readers are told: every control has a name, the answer is announced.
func TestWidgetIsAccessible(t *testing.T) {
	churn := sampleModel(t, "churn")
	url := widgets(t, `<terrarium-predict id=churn src=churn.wasm></terrarium-predict>`, map[string][]byte{"churn": compiled(t, churn, codegen.About{})})
	p := browser.Open(t, browser.Chromium(t), url)
	p.Eval(ready, nil)
	p.Eval(`document.getElementById('churn').predict().then(() => 1)`, nil)
	type said struct {
		Value any `json:"value"`
	}
	var tree struct {
		Nodes []struct {
			Role        said `json:"role"`
			Name        said `json:"name"`
			Description said `json:"description"`
		} `json:"nodes"`
	}
	p.Run(chromedp.ActionFunc(func(ctx context.Context) error {
		return cdp.Execute(ctx, "Accessibility.getFullAXTree", nil, &tree)
	}))
	named, described, announced := map[string]bool{}, 0, 0
	for _, n := range tree.Nodes {
		switch n.Role.Value {
		case "textbox", "combobox", "button", "Date":
			assert.NotEmpty(t, n.Name.Value, "a %s has no name", n.Role.Value)
			named[fmt.Sprint(n.Name.Value)] = true
			if text, _ := n.Description.Value.(string); strings.HasPrefix(text, "learned from") {
				described++
			}
		case "status":
			announced++
		}
	}
	for _, in := range churn.Pipeline.Inputs {
		assert.True(t, named[in.Name], "nothing is called %s; there are %v", in.Name, named)
	}
	assert.True(t, named["Predict"])
	assert.Positive(t, described, "ranges are not told")
	assert.Equal(t, 1, announced)
}

// A wrong file, words of other languages, from right to left, elements that a framework
// makes, and pictures.
func TestWidgetInOtherPages(t *testing.T) {
	churn := sampleModel(t, "churn")
	network := nn.Sequential(nn.Input(8, 8, 1), nn.Flatten(), nn.Dense(3, nn.Softmax))
	picture, err := train.New(network, train.Seed(3))
	require.NoError(t, err)
	photo, err := train.New(nn.Sequential(nn.Input(8, 6, 3), nn.Flatten(), nn.Dense(1, nn.Sigmoid)), train.Seed(4))
	require.NoError(t, err)
	photo.Pipeline = &data.Pipeline{Format: data.PipelineFormat, Medium: &data.Medium{Kind: data.MediumImage, Shape: []int{8, 6, 3}, Config: []byte(`{"format":1,"kept":256,"fit":"pad","mean":[100,50,0],"scale":[0.5,0.25,0.125],"light":false}`)},
		Output: data.Output{Name: "what", Task: data.TaskClassification, Kind: data.KindCategory, Labels: []string{"a", "b"}, Counts: []int{1, 1}, Scale: 1}}
	url := widgets(t, `<terrarium-predict id=photo src=photo.wasm></terrarium-predict><terrarium-predict id=wrong src=no.wasm></terrarium-predict><terrarium-predict id=gone src=gone.wasm></terrarium-predict>
		<terrarium-predict id=other src=churn.wasm integrity="sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="></terrarium-predict>
		<terrarium-predict id=he dir=rtl lang=he src=churn.wasm label-predict="חזה" labels='{"missing":"לא ידוע"}'></terrarium-predict>
		<terrarium-predict id=picture src=picture.wasm></terrarium-predict><div id=root></div>`,
		map[string][]byte{"churn": compiled(t, churn, codegen.About{}), "picture": compiled(t, picture, codegen.About{}), "photo": compiled(t, photo, codegen.About{})})
	p := browser.Open(t, browser.Chromium(t), url)
	p.Expect("404")
	p.Expect("integrity")
	p.Eval(ready, nil)
	for id, says := range map[string]string{"wrong": "WebAssembly", "gone": "404", "other": "fetch"} {
		var shown string
		p.Eval(`document.getElementById('`+id+`').shadowRoot.querySelector('[role=alert]').textContent`, &shown)
		assert.Regexp(t, "^The model could not be loaded: .*"+says, shown)
		p.Eval(`(() => { const e = document.getElementById('`+id+`'); return new Promise((told) => { e.addEventListener('error', (event) => told(event.detail.message)); e.src += '?again'; e.ready.catch(() => {}); }); })()`, &shown)
		assert.Contains(t, shown, says)
	}

	var words []string
	p.Eval(`(() => { const root = document.getElementById('he').shadowRoot; return [root.querySelector('button').textContent, root.querySelector('option').textContent, getComputedStyle(root.querySelector('form')).direction]; })()`, &words)
	assert.Equal(t, []string{"חזה", "לא ידוע", "rtl"}, words)
	p.Eval(`(() => { const e = document.getElementById('he'); e.values = { months: 7 }; e.labels = { predict: 'x', missing: '?' }; e.removeAttribute('label-predict');
		return [e.shadowRoot.querySelector('button').textContent, e.shadowRoot.querySelector('option').textContent, e.values.months]; })()`, &words)
	assert.Equal(t, []string{"x", "?", "7"}, words)

	// As a framework does it: made, put into the page, told its model last.
	p.Eval(`(async () => { const e = document.createElement('terrarium-predict'); e.id = 'made'; document.getElementById('root').append(e); await 0; e.src = 'churn.wasm'; await e.ready; })()`, nil)
	sameOutputs(t, answerOf(t, churn, map[string]string{"contract": "monthly"}), predict(t, p.Eval, "made", `{ contract: 'monthly' }`).Outputs)

	// White paper, as the model wants its pictures.
	var paper []float64
	p.Eval(`[...Object.values(document.getElementById('photo').values)[0].slice(0, 4)]`, &paper)
	assert.Equal(t, []float64{255, 255, 255, 255}, paper)
	assert.Contains(t, []any{"a", "b"}, predict(t, p.Eval, "photo", "undefined").Answer)

	// A drawing: white on black, as numbers from 0 to 1.
	x := make([]float32, 64)
	for i := range x {
		x[i] = float32(i) / 64
	}
	want := make([]float32, 3)
	require.NoError(t, picture.PredictFloats(want, x))
	sameOutputs(t, want, predict(t, p.Eval, "picture", `{ [document.getElementById('picture').description.inputs[0].name]: Float32Array.from({ length: 64 }, (_, i) => i / 64) }`).Outputs)
	pad := `document.getElementById('picture').shadowRoot.querySelector('canvas')`
	ink := `Object.values(document.getElementById('picture').values)[0].reduce((a, b) => a + b, 0)`
	var before, after float64
	p.Eval(ink, &before)
	assert.Zero(t, before)
	var at struct{ X, Y float64 }
	p.Eval(`(() => { `+pad+`.scrollIntoView({ block: 'center' }); const { x, y } = `+pad+`.getBoundingClientRect(); return { X: x, Y: y }; })()`, &at)
	p.Run(chromedp.MouseEvent("mousePressed", at.X+40, at.Y+40, chromedp.ButtonLeft), chromedp.MouseEvent("mouseMoved", at.X+120, at.Y+150, chromedp.ButtonLeft), chromedp.MouseEvent("mouseReleased", at.X+120, at.Y+150, chromedp.ButtonLeft))
	p.Eval(ink, &after)
	assert.Greater(t, after, 3.0)
	p.View("widget-picture")
	p.Eval(`document.getElementById('picture').shadowRoot.querySelector('[part=clear]').click()`, nil)
	p.Eval(ink, &after)
	assert.Zero(t, after)
	// A photograph that is dropped fills the pad.
	p.Eval(`(async () => {
		const photo = new OffscreenCanvas(30, 20); const pen = photo.getContext('2d'); pen.fillStyle = '#fff'; pen.fillRect(0, 0, 30, 20);
		const files = new DataTransfer(); files.items.add(new File([await photo.convertToBlob()], 'a.png', { type: 'image/png' }));
		`+pad+`.parentElement.dispatchEvent(new DragEvent('drop', { dataTransfer: files, bubbles: true, cancelable: true }));
		await new Promise((done) => setTimeout(done, 200));
	})()`, nil)
	p.Eval(ink, &after)
	assert.InDelta(t, 64, after, 6)
	sameAsForm(t, p, picture)
}

// sameAsForm predicts what the form holds, and the same numbers in Go.
func sameAsForm(t *testing.T, p *browser.Page, m *train.Model) {
	t.Helper()
	var numbers []float64
	p.Eval(`[...Float32Array.from(Object.values(document.getElementById('picture').values)[0])]`, &numbers)
	x, want := make([]float32, len(numbers)), make([]float32, 3)
	for i, v := range numbers {
		x[i] = float32(v)
	}
	require.NoError(t, m.PredictFloats(want, x))
	sameOutputs(t, want, predict(t, p.Eval, "picture", "undefined").Outputs)
}

// The same in Firefox.
func TestWidgetInFirefox(t *testing.T) {
	garden := sampleModel(t, "garden")
	f := browser.StartFirefox(t)
	f.Open(widgets(t, `<terrarium-predict id=garden src=garden.wasm></terrarium-predict>`, map[string][]byte{"garden": compiled(t, garden, codegen.About{})}))
	f.Eval(ready, nil)
	got := predict(t, f.Eval, "garden", `{ soil: 'loam', leaf_length_mm: '46,5', sown: '2023-03-20' }`)
	sameOutputs(t, answerOf(t, garden, map[string]string{"soil": "loam", "leaf_length_mm": "46.5", "sown": "2023-03-20"}), got.Outputs)
	row := map[string]string{}
	for _, in := range garden.Pipeline.Inputs {
		row[in.Name] = in.Default
	}
	sameOutputs(t, answerOf(t, garden, row), predict(t, f.Eval, "garden", "undefined").Outputs)
}
