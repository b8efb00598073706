//go:build browser

package tests

import (
	"bytes"
	"encoding/base64"
	"fmt"
	stdimage "image"
	"image/color"
	"image/png"
	"math"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/core/codegen"
	"github.com/terrarium-ml/terrarium/core/data"
	"github.com/terrarium-ml/terrarium/core/data/image"
	"github.com/terrarium-ml/terrarium/core/data/text"
	"github.com/terrarium-ml/terrarium/core/train"
	"github.com/terrarium-ml/terrarium/tests/browser"
)

// saidOf is what a model of texts says, by the core.
func saidOf(t *testing.T, m *train.Model, tokenizer *text.Tokenizer, message string) []float32 {
	t.Helper()
	row, want := make([]float32, tokenizer.Length), make([]float32, 3)
	require.NoError(t, tokenizer.Encode(row, message))
	require.NoError(t, m.PredictFloats(want, row))
	return want
}

// lastSaid are the outputs of an element's last prediction.
func lastSaid(t *testing.T, p *browser.Page, id string) (outputs []float64) {
	t.Helper()
	p.Eval(`[...document.getElementById('`+id+`').said.at(-1)[1].outputs]`, &outputs)
	return outputs
}

// A text is answered while it is typed, by the module alone; beside it a table's model.
func TestWidgetTakesTexts(t *testing.T) {
	m, tokenizer := textModel(t, text.KindWords)
	churn := sampleModel(t, "churn")
	url := widgets(t, `<terrarium-predict id=mood src=mood.wasm></terrarium-predict><terrarium-predict id=churn src=churn.wasm></terrarium-predict>`,
		map[string][]byte{"mood": compiled(t, m, codegen.About{}), "churn": compiled(t, churn, codegen.About{})})
	p := browser.Open(t, browser.Chromium(t), url)
	p.Eval(ready, nil)
	field := `document.getElementById('mood').shadowRoot.querySelector('textarea')`
	p.Eval(field+`.focus()`, nil)
	p.Run(chromedp.KeyEvent("The leaves are YELLOW"))
	p.WaitFor(`document.getElementById('mood').said.length`)
	p.WaitFor(`Object.values(document.getElementById('mood').said.at(-1)[1].values)[0] === 'The leaves are YELLOW'`)
	sameOutputs(t, saidOf(t, m, tokenizer, "The leaves are YELLOW"), lastSaid(t, p, "mood"))
	before := 0
	p.Eval(`document.getElementById('mood').said.length`, &before)
	assert.Less(t, before, 10, "each key is answered: the rest waits for nobody")
	for range 6 {
		p.Run(chromedp.KeyEvent(kb.Backspace))
	}
	p.WaitFor(fmt.Sprintf(`document.getElementById('mood').said.length > %d`, before))
	p.WaitFor(`Object.values(document.getElementById('mood').said.at(-1)[1].values)[0] === 'The leaves are '`)
	sameOutputs(t, saidOf(t, m, tokenizer, "The leaves are "), lastSaid(t, p, "mood"))
	var shown string
	p.Eval(`document.getElementById('mood').shadowRoot.querySelector('output').innerText`, &shown)
	assert.Contains(t, shown, "neither")
	assert.Contains(t, shown, "%")
	name := `document.getElementById('mood').description.inputs[0].name`
	for _, message := range append([]string{"", "\u0000\u200d\ufeff x", "深度学习 Ｗｉｆｉ 很快 很快 很快", "👩‍👩‍👧 ça va?"}, messages...) {
		sameOutputs(t, saidOf(t, m, tokenizer, message), predict(t, p.Eval, "mood", fmt.Sprintf(`{ [%s]: %q }`, name, message)).Outputs)
	}
	// What the answer hangs on: the words without which it would be another one.
	p.Eval(`document.getElementById('mood').predict({ [`+name+`]: 'Where is my order' }).then(() => { document.getElementById('mood').shadowRoot.querySelector('details').open = true; })`, nil)
	p.WaitFor(`document.getElementById('mood').shadowRoot.querySelectorAll('details [part=row]').length`)
	var lines []struct {
		Word string
		By   float64
	}
	p.Eval(`[...document.getElementById('mood').shadowRoot.querySelectorAll('details [part=row]')].map((row) => ({ Word: row.firstChild.textContent, By: Number(row.lastChild.textContent) }))`, &lines)
	whole := saidOf(t, m, tokenizer, "Where is my order")
	best := m.Pipeline.Label(whole)
	require.NotEmpty(t, lines)
	for _, l := range lines {
		i := strings.Index("Where is my order", l.Word)
		require.GreaterOrEqual(t, i, 0, l.Word)
		rest := "Where is my order"[:i] + "Where is my order"[i+len(l.Word):]
		by := float64(whole[best] - saidOf(t, m, tokenizer, rest)[best])
		assert.InDelta(t, by, l.By, 0.051*math.Abs(by), l.Word)
	}
	// Tokens, for those who have them.
	row := make([]float32, tokenizer.Length)
	require.NoError(t, tokenizer.Encode(row, "no no"))
	sameOutputs(t, saidOf(t, m, tokenizer, "no no"), predict(t, p.Eval, "mood", jsNumbers32(row)).Outputs)
	sameOutputs(t, answerOf(t, churn, map[string]string{"months": "3"}), predict(t, p.Eval, "churn", `{ months: 3 }`).Outputs)
	p.Eval(`document.getElementById('mood').values = { [`+name+`]: '今天天气很好' }`, nil)
	for _, width := range []int{1280, 360} {
		p.Size(width, 700, false)
		p.Eval(`document.getElementById('mood').predict().then(() => 1)`, nil)
		p.View(fmt.Sprint("widget-text-", width))
	}
}

func jsNumbers32(values []float32) string {
	text := "["
	for _, v := range values {
		text += fmt.Sprintf("%g,", v)
	}
	return text + "]"
}

// photograph is a picture of no symmetry.
func photograph(t *testing.T, width, height int) (file []byte, picture *image.Picture) {
	t.Helper()
	m, rgba := stdimage.NewNRGBA(stdimage.Rect(0, 0, width, height)), []byte{}
	for y := range height {
		for x := range width {
			c := color.NRGBA{uint8(x * 255 / width), uint8(y * 255 / height), uint8(x * y * 7 % 251), 255}
			m.SetNRGBA(x, y, c)
			rgba = append(rgba, c.R, c.G, c.B, 255)
		}
	}
	var b bytes.Buffer
	require.NoError(t, png.Encode(&b, m))
	return b.Bytes(), image.FromRGBA(width, height, rgba)
}

// fileOf is JavaScript for a file.
func fileOf(content []byte) string {
	return `new File([Uint8Array.from(atob('` + base64.StdEncoding.EncodeToString(content) + `'), (c) => c.charCodeAt())], 'a.png', { type: 'image/png' })`
}

// Pictures that are dropped, chosen or given by a script are brought to the model's size
// as the studio does it, to the bit where they have colours, however they are fitted.
func TestWidgetTakesPictures(t *testing.T) {
	models, page := map[string][]byte{}, ""
	type model struct {
		of     *train.Model
		config *image.Config
	}
	known := map[string]model{}
	for name, c := range map[string]struct {
		fit   image.Fit
		shape []int
	}{"crop": {image.FitCrop, []int{16, 24, 3}}, "pad": {image.FitPad, []int{16, 24, 3}}, "stretch": {image.FitStretch, []int{32, 20, 3}}, "large": {image.FitPad, []int{100, 100, 3}}} {
		m, config := pictureModel(t, c.fit, c.shape...)
		known[name], models[name] = model{m, config}, compiled(t, m, codegen.About{})
		page += `<terrarium-predict id=` + name + ` src=` + name + `.wasm></terrarium-predict>`
	}
	p := browser.Open(t, browser.Chromium(t), widgets(t, page, models))
	p.Eval(ready, nil)
	for _, size := range [][2]int{{100, 37}, {9, 30}, {24, 16}, {300, 280}, {256, 401}} {
		file, picture := photograph(t, size[0], size[1])
		for id, m := range known {
			row, want := make([]float32, m.of.InputShape()[0]*m.of.InputShape()[1]*3), make([]float32, 3)
			m.config.Encode(row, picture)
			require.NoError(t, m.of.PredictFloats(want, row))
			said := 0
			p.Eval(`document.getElementById('`+id+`').said.length`, &said)
			p.Eval(`(() => {
				const files = new DataTransfer();
				files.items.add(`+fileOf(file)+`);
				document.getElementById('`+id+`').shadowRoot.querySelector('canvas').dispatchEvent(new DragEvent('drop', { dataTransfer: files, bubbles: true, cancelable: true }));
			})()`, nil)
			p.WaitFor(fmt.Sprintf(`document.getElementById('%s').said.length > %d`, id, said))
			sameOutputs(t, want, lastSaid(t, p, id))
			name := `document.getElementById('` + id + `').description.inputs[0].name`
			sameOutputs(t, want, predict(t, p.Eval, id, `{ [`+name+`]: `+fileOf(file)+` }`).Outputs)
		}
	}
	p.View("widget-pictures")
}

// A drawing is answered when the pen is lifted, and looks to the model as it does in the
// studio, wherever on the pad it stands; a camera is looked through until it is stopped.
func TestWidgetDrawsAndFilms(t *testing.T) {
	m, config := pictureModel(t, image.FitPad, 28, 28, 1)
	p := browser.Open(t, browser.Chromium(t, "use-fake-device-for-media-stream", "use-fake-ui-for-media-stream"), widgets(t, `<terrarium-predict id=digit src=digit.wasm></terrarium-predict>`, map[string][]byte{"digit": compiled(t, m, codegen.About{})}))
	p.Eval(ready, nil)
	root := `document.getElementById('digit').shadowRoot`
	var box struct{ X, Y, Width float64 }
	p.Eval(`(() => { const pad = `+root+`.querySelector('canvas'); pad.scrollIntoView({ block: 'center' }); const { x, y, width } = pad.getBoundingClientRect(); return { X: x, Y: y, Width: width }; })()`, &box)
	// A seven, small and in a corner.
	stroke := image.Stroke{120, 110, 300, 120, 280, 200, 220, 340}
	for i := 0; i < len(stroke); i += 2 {
		x, y := box.X+float64(stroke[i])*box.Width/1000, box.Y+float64(stroke[i+1])*box.Width/1000
		p.Run(chromedp.MouseEvent(map[bool]input.MouseType{true: input.MousePressed, false: input.MouseMoved}[i == 0], x, y, chromedp.ButtonLeft))
		if i == len(stroke)-2 {
			p.Run(chromedp.MouseEvent("mouseReleased", x, y, chromedp.ButtonLeft))
		}
	}
	p.WaitFor(`document.getElementById('digit').said.length === 1`)
	var rgba []int
	p.Eval(`[...Object.values(document.getElementById('digit').values)[0]]`, &rgba)
	require.Len(t, rgba, 4*28*28)
	pixels := make([]byte, len(rgba))
	for i, v := range rgba {
		pixels[i] = byte(v)
	}
	row, want := make([]float32, 28*28), make([]float32, 3)
	config.Encode(row, image.FromRGBA(28, 28, pixels))
	require.NoError(t, m.PredictFloats(want, row))
	sameOutputs(t, want, lastSaid(t, p, "digit"))
	drawn, err := image.Draw([]image.Stroke{stroke}, true)
	require.NoError(t, err)
	studio, off := config.See(drawn), 0.0
	for i, v := range studio.Pix {
		off += math.Abs(float64(v) - float64(pixels[4*i]))
	}
	assert.Less(t, off/float64(len(studio.Pix)), 6.0, "of 255 a pixel, in the mean")
	p.View("widget-digit")

	p.Eval(root+`.querySelector('[part=camera]').click()`, nil)
	p.WaitFor(`document.getElementById('digit').said.length > 3`)
	p.View("widget-camera")
	p.Eval(root+`.querySelector('[part=camera]').click()`, nil)
	var word string
	p.Eval(root+`.querySelector('[part=camera]').textContent`, &word)
	assert.Equal(t, "Camera", word)
}

// Somebody's page: rules of its own for everything, an element that a framework told its
// model before this file had come, and one that a regression's answer has an interval in.
func TestWidgetOnSomebodysPage(t *testing.T) {
	houses := sampleModel(t, "houses")
	m, tokenizer := textModel(t, text.KindNGrams)
	interval := codegen.About{Unit: "€"}
	interval.Interval = &data.Interval{Low: -1000, High: 2000, Share: 0.9}
	url := widgets(t, `<link rel=stylesheet href=own.css><main class=grid><form id=theirs><terrarium-predict id=inside src=houses.wasm></terrarium-predict><input name=q></form>
		<terrarium-predict id=early></terrarium-predict></main><script src=early.js></script>`,
		map[string][]byte{"houses": compiled(t, houses, interval), "mood": compiled(t, m, codegen.About{}),
			"own.css":  []byte(`* { box-sizing: content-box; color: red; text-transform: uppercase } .grid { display: grid; grid-template-columns: 1fr 1fr } input, button, form { display: none } output { visibility: hidden } label::before { content: "•" }`),
			"early.js": []byte(`const e = document.getElementById('early'); e.src = 'mood.wasm'; e.labels = { predict: 'Go' }; e.addEventListener('ready', () => { e.told = true; });`)})
	p := browser.Open(t, browser.Chromium(t), url)
	p.Eval(ready, nil)
	p.WaitFor(`document.getElementById('early').told`)
	sameOutputs(t, saidOf(t, m, tokenizer, "no"), predict(t, p.Eval, "early", `{ [document.getElementById('early').description.inputs[0].name]: 'no' }`).Outputs)
	var shown string
	p.Eval(`document.getElementById('early').shadowRoot.querySelector('[part=button]').textContent`, &shown)
	assert.Equal(t, "Go", shown)
	var got struct{ Answer, Low, High, Share float64 }
	p.Eval(`document.getElementById('early').parentElement.insertBefore(document.getElementById('inside'), null).predict({ living_area_m2: 120 }).then(({ answer, low, high, share }) => ({ Answer: answer, Low: low, High: high, Share: share }))`, &got)
	assert.InDelta(t, got.Answer-1000, got.Low, 1)
	assert.InDelta(t, got.Answer+2000, got.High, 1)
	assert.InDelta(t, 0.9, got.Share, 1e-9)
	p.Eval(`document.getElementById('inside').shadowRoot.querySelector('output').innerText`, &shown)
	assert.Regexp(t, `(?i)from [\d.,]+ to [\d.,]+ in 90% of cases`, shown)
	var visible bool
	p.Eval(`['button', 'input', 'output', 'form'].every((tag) => { const { display, visibility } = getComputedStyle(document.getElementById('inside').shadowRoot.querySelector(tag)); return display !== 'none' && visibility === 'visible'; })`, &visible)
	assert.True(t, visible, "the page's rules reach into the element")
	p.View("widget-somebodys")
}

// The same in Firefox: a text and a picture.
func TestWidgetMediaInFirefox(t *testing.T) {
	m, tokenizer := textModel(t, text.KindBytePairs)
	photo, config := pictureModel(t, image.FitCrop, 16, 24, 3)
	f := browser.StartFirefox(t)
	f.Open(widgets(t, `<terrarium-predict id=mood src=mood.wasm></terrarium-predict><terrarium-predict id=photo src=photo.wasm></terrarium-predict>`,
		map[string][]byte{"mood": compiled(t, m, codegen.About{}), "photo": compiled(t, photo, codegen.About{})}))
	f.Eval(ready, nil)
	for _, message := range messages {
		sameOutputs(t, saidOf(t, m, tokenizer, message), predict(t, f.Eval, "mood", fmt.Sprintf(`{ [document.getElementById('mood').description.inputs[0].name]: %q }`, message)).Outputs)
	}
	file, picture := photograph(t, 100, 37)
	row, want := make([]float32, 16*24*3), make([]float32, 3)
	config.Encode(row, picture)
	require.NoError(t, photo.PredictFloats(want, row))
	sameOutputs(t, want, predict(t, f.Eval, "photo", `{ [document.getElementById('photo').description.inputs[0].name]: `+fileOf(file)+` }`).Outputs)
}
