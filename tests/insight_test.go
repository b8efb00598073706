//go:build browser

package tests

import (
	"math/rand/v2"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/terrarium-ml/terrarium/core/codegen"
	"github.com/terrarium-ml/terrarium/tests/browser"
)

// understood opens a real table, trains, and waits until the score has its interval.
func understood(t *testing.T, name, target string) *studio {
	t.Helper()
	s := newStudio(t)
	s.open(dataFile(t, name))
	if target != "" {
		s.WaitFor(`document.querySelector('#target')`)
		s.set("target", target)
		s.WaitFor(`document.querySelector('#target').value === ` + literal(target))
	}
	s.train(1)
	s.WaitFor(`document.querySelector('#score-interval')`)
	return s
}

// named checks that every control and picture has a name for those who do not see it, and
// that no two elements share an id.
func (s *studio) named() {
	s.t.Helper()
	var bad []string
	s.Eval(`(() => {
		const text = (e) => (e?.textContent ?? '').trim();
		const name = (e) => e.getAttribute('aria-label') || (e.getAttribute('aria-labelledby') ?? '').split(' ').map((id) => text(document.getElementById(id))).join(' ').trim()
			|| [...(e.labels ?? [])].map(text).join(' ') || (['BUTTON', 'A', 'SUMMARY'].includes(e.tagName) ? text(e) : '');
		const nameless = [...document.querySelectorAll('button, a[href], input, select, textarea, svg[role=img], [role=region], [role=img]')].filter((e) => !name(e));
		const ids = [...document.querySelectorAll('[id]')].map((e) => e.id);
		return [...nameless.map((e) => e.outerHTML.slice(0, 120)), ...ids.filter((id, i) => ids.indexOf(id) !== i).map((id) => 'twice: ' + id)];
	})()`, &bad)
	assert.Empty(s.t, bad)
}

// noProblem checks that the page complains about nothing.
func (s *studio) noProblem() {
	s.t.Helper()
	var problem string
	s.Eval(anyProblem, &problem)
	assert.Empty(s.t, problem)
}

// Two classes: the score with its interval, the wrongly judged rows behind a cell, a
// threshold moved by keyboard, its costs, and kept in the model.
func TestThresholdByKeyboard(t *testing.T) {
	s := understood(t, "titanic.csv", "")
	score, low, high := s.number("#test-score"), 0.0, 0.0
	s.Eval(`Number(document.querySelector('#score-interval').dataset.low)`, &low)
	s.Eval(`Number(document.querySelector('#score-interval').dataset.high)`, &high)
	assert.Less(t, low, score)
	assert.Less(t, score, high)

	s.tabTo(`document.activeElement.id === 'threshold-slider'`)
	found, alarms := s.number("#quad-found"), s.number("#quad-alarms")
	for range 20 {
		s.Run(chromedp.KeyEvent(kb.ArrowLeft))
	}
	s.WaitFor(`document.querySelector('#threshold-exact').value === '0.30'`)
	assert.Greater(t, s.number("#quad-found"), found)
	assert.Greater(t, s.number("#quad-alarms"), alarms)
	assert.Contains(t, s.Text("#quad caption"), "0.30")
	s.View("insight-threshold")
	s.set("cost-miss", "5")
	s.press("threshold-cheapest")
	s.WaitFor(`document.querySelector('#threshold-cheapest:disabled')`)
	cheap := s.Text("#cost-text")
	assert.Contains(t, cheap, "cheapest")
	found = s.number("#quad-found")
	s.press("threshold-use")
	s.WaitFor(`document.querySelector('#threshold-used')`)
	assert.Equal(t, found, s.number("#quad-found"))

	// The matrix above is that of the new threshold; a cell opens its rows.
	s.pressAt(`#confusion tbody tr:nth-child(2) td:nth-child(2) button`)
	s.WaitFor(`document.querySelector('#judged-rows tr[data-line]')`)
	var missed float64
	s.Eval(`document.querySelectorAll('#judged-rows tr[data-line]').length`, &missed)
	assert.Equal(t, s.number("#quad-missed"), missed)
	var shares []float64
	s.Eval(`[...document.querySelectorAll('#judged-rows tr[data-line]')].map((e) => Number(e.dataset.share))`, &shares)
	for i := 1; i < len(shares); i++ {
		assert.LessOrEqual(t, shares[i], shares[i-1], "the surest mistakes first")
	}
	s.pressAt(`#judged-rows tr[data-line] button`)
	s.WaitFor(`document.querySelector('#row-truth')`)
	s.noProblem()
}

// Which columns matter, how the answer moves with one, for whom the model does well, why
// it answers so for a row; and a cross-validation that is cancelled.
func TestUnderstandPenguins(t *testing.T) {
	s := understood(t, "penguins.csv", "")
	s.press("why-columns")
	s.WaitFor(`document.querySelector('#importance tr[data-column]')`)
	var first string
	s.Eval(`document.querySelector('#importance tr[data-column]').dataset.column`, &first)
	assert.NotEmpty(t, first)
	s.pressAt(`#importance tr[data-column] button`)
	s.WaitFor(`document.querySelector('#plot-column')`)
	assert.Contains(t, s.Text("#column-text"), first)

	s.set("groups-column", "island")
	s.WaitFor(`document.querySelectorAll('#groups-table tr[data-group]').length === 3`)
	assert.NotEmpty(t, s.Text("#groups-gaps"))
	var warned int
	s.Eval(`document.querySelectorAll('[data-warning]').length`, &warned)
	assert.Positive(t, warned, "67 test rows on three islands: some rate has too few")

	s.press("why-row")
	s.WaitFor(`document.querySelector('#why-table tr[data-effect]')`)
	assert.Regexp(t, `explains \d`, s.Text("#why-trust"))

	s.set("folds-number", "10")
	s.press("folds-ask")
	s.WaitFor(`document.querySelector('#folds-table tr[data-score]') && document.querySelector('#folds-stop')`)
	s.press("folds-stop")
	s.WaitFor(`document.querySelector('#folds-stopped')`)
	s.set("folds-number", "3")
	s.press("folds-ask")
	s.WaitFor(`document.querySelector('#folds-text')`)
	mean := 0.0
	s.Eval(`Number(document.querySelector('#folds-text').dataset.mean)`, &mean)
	assert.Greater(t, mean, 0.8)
	s.press("learning-ask")
	s.WaitFor(`document.querySelector('#learning-verdict')`)
	s.noProblem()
}

// A regression shows where it is off. The pictures are for people to look at.
func TestInsightWidthsAndThemes(t *testing.T) {
	chromium, url := browser.Chromium(t), browser.Site(t, nil)+"/deep/site/"
	for i, look := range []struct {
		width  int
		dark   bool
		sample string
	}{{1280, false, "garden"}, {360, true, "churn"}, {1280, true, "houses"}, {360, false, "houses"}, {1280, false, "churn"}} {
		t.Run(look.sample+"-"+strconv.Itoa(look.width), func(t *testing.T) {
			s := openStudio(t, chromium, url)
			s.Size(look.width, 900, look.dark)
			s.sample(look.sample)
			s.train(1)
			s.WaitFor(`document.querySelector('#score-interval')`)
			if look.sample == "houses" {
				assert.NotEmpty(t, s.Text("#residual-text"))
				s.press("largest-errors")
			} else {
				s.pressAt(`#confusion button`)
			}
			s.WaitFor(`document.querySelector('#judged-rows tr[data-line]')`)
			s.press("why-columns")
			s.WaitFor(`document.querySelector('#importance tr[data-column]')`)
			s.pressAt(`#importance tr[data-column] button`)
			s.WaitFor(`document.querySelector('#plot-column')`)
			s.Eval(`(() => { const c = document.querySelector('#groups-column'); c.value = c.options[2].value; c.dispatchEvent(new Event('change', { bubbles: true })); })()`, nil)
			s.WaitFor(`document.querySelector('#groups-table tr[data-group]')`)
			s.press("why-row")
			s.WaitFor(`document.querySelector('#why-table')`)
			s.press("learning-ask")
			s.WaitFor(`document.querySelector('#learning-verdict')`)
			s.fits("understood")
			s.named()
			s.Eval(`void document.activeElement.blur()`, nil)
			name := "insight-" + strconv.Itoa(look.width) + "-" + strconv.Itoa(i)
			s.Eval(`void document.querySelector('#step-result').scrollIntoView({ behavior: 'instant' })`, nil)
			s.Screenshot(name)
			s.noProblem()
		})
	}
	require.False(t, t.Failed())
}

// A picture is explained pixel by pixel, and what does not need columns is there for
// pictures, too.
func TestPixelByPixel(t *testing.T) {
	s := newGallery(t)
	dir := filepath.Join(t.TempDir(), "leaves")
	leaves(t, dir, 30)
	s.chooseFolder(dir, 60)
	s.set("side", "24")
	s.set("epochs", "8")
	s.train(1)
	s.WaitFor(`document.querySelector('#score-interval') && document.querySelector('#threshold-slider')`)
	unseen := filepath.Join(t.TempDir(), "new.png")
	writeLeaf(t, rand.New(rand.NewPCG(9, 9)), unseen, true)
	s.Run(chromedp.SetUploadFiles("#try-file", []string{unseen}, chromedp.ByQuery))
	s.press("pixels-ask")
	s.WaitFor(`document.querySelector('#pixels-figure canvas')?.painted`)
	assert.Contains(t, s.Text("#pixels-text"), "speak for it")
	var shown bool
	s.Eval(`[...document.querySelector('#pixels-figure canvas').getContext('2d').getImageData(0, 0, 224, 224).data].some((v, i) => i % 4 === 3 && v === 255)`, &shown)
	assert.True(t, shown)
	s.Eval(`void document.querySelector('#prediction').scrollIntoView({ behavior: 'instant' })`, nil)
	s.View("insight-pixels")
	s.press("learning-ask")
	s.WaitFor(`document.querySelector('#learning-verdict')`)
	s.Size(360, 740, true)
	s.fits("a picture is explained")
	s.named()
	s.noProblem()
}

// A threshold that was chosen goes with the compiled model: the widget answers by it.
func TestWidgetKeepsTheThreshold(t *testing.T) {
	m := sampleModel(t, "churn")
	files := map[string][]byte{"half": compiled(t, m, codegen.About{})}
	own := *m.Pipeline
	own.Output.Threshold = 0.001
	m.Pipeline = &own
	files["low"] = compiled(t, m, codegen.About{})
	p := browser.Open(t, browser.Chromium(t), widgets(t, `<terrarium-predict id=half src=half.wasm></terrarium-predict><terrarium-predict id=low src=low.wasm></terrarium-predict>`, files)+"/")
	p.Eval(ready, nil)
	half, low := predict(t, p.Eval, "half", `{}`), predict(t, p.Eval, "low", `{}`)
	assert.Equal(t, half.Outputs, low.Outputs)
	assert.Equal(t, "no", half.Answer)
	assert.Equal(t, "yes", low.Answer)
}

// A model that was saved, opened on the next day beside its table, is judged there; on
// another division of the rows it is not.
func TestOpenedModelIsJudged(t *testing.T) {
	s := newStudio(t)
	s.sample("churn")
	s.train(3)
	s.set("save-name", "Churn")
	s.press("save")
	s.WaitFor(`document.querySelector('#models li[data-model="Churn"]')`)
	s.WaitFor(`document.querySelector('#score-interval')`)
	before := s.Text("#score-interval")
	s.reload()
	s.onModel("Churn", "shelf.load")
	s.WaitFor(`document.querySelector('#loaded-model') && document.querySelector('#insight-empty')?.textContent.includes('seed (3)')`)
	s.sample("churn")
	s.prepared()
	s.set("seed", "4")
	s.prepared()
	s.WaitFor(`!document.querySelector('#judge-loaded')`)
	s.set("seed", "3")
	s.press("judge-loaded")
	s.WaitFor(`document.querySelector('#score-interval')`)
	assert.Equal(t, before, s.Text("#score-interval"))
	s.press("why-columns")
	s.WaitFor(`document.querySelector('#importance tr[data-column]')`)
	s.noProblem()
}
