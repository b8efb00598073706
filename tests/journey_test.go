//go:build browser

package tests

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	cdpbrowser "github.com/chromedp/cdproto/browser"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/terrarium-ml/terrarium/tests/browser"
)

// The whole road: a table, a model, its score beside guessing, one row by hand, saved,
// and on the next day the same answer to the bit. Then deleted for good.
func TestSavedModelAnswersAsBefore(t *testing.T) {
	s := newStudio(t)
	s.sample("garden")
	score := s.train(7)
	assert.Greater(t, score, s.number("#baseline-score"))
	answer, digest := s.answer(), s.digest()

	s.set("save-name", "My garden")
	s.press("save")
	s.WaitFor(`document.querySelector('#models li[data-model="My garden"]')`)
	s.reload()
	s.WaitFor(`document.querySelector('#models li[data-model="My garden"]')`)
	s.onModel("My garden", "shelf.load")
	s.WaitFor(`document.querySelector('#loaded-model') && document.querySelector('#digest')`)
	assert.Equal(t, digest, s.digest())
	assert.Equal(t, answer, s.answer())

	s.onModel("My garden", "shelf.delete")
	s.press("delete-yes")
	s.WaitFor(`!document.querySelector('#models li')`)
	s.reload()
	s.WaitFor(`document.querySelector('#models') && !document.querySelector('#models li')`)
}

// onModel presses a button of a stored model.
func (s *studio) onModel(name, action string) {
	s.t.Helper()
	s.pressAt(`#models li[data-model="` + name + `"] button[data-act="` + action + `"]`)
}

// A downloaded file, opened on another computer: a browser with no storage of ours.
func TestDownloadedModelOpensElsewhere(t *testing.T) {
	chromium, url := browser.Chromium(t), browser.Site(t, nil)+"/deep/site/"
	s := openStudio(t, chromium, url)
	s.sample("houses")
	s.train(1)
	answer, digest := s.answer(), s.digest()
	dir := t.TempDir()
	s.Downloads(dir)
	s.press("download")
	file := s.waitForFile(dir)
	assert.Equal(t, ".safetensors", filepath.Ext(file))

	elsewhere := openStudio(t, chromium, url)
	elsewhere.Run(chromedp.SetUploadFiles("#model-file", []string{file}, chromedp.ByQuery))
	elsewhere.WaitFor(`document.querySelector('#loaded-model') && document.querySelector('#digest')`)
	assert.Equal(t, digest, elsewhere.digest())
	assert.Equal(t, answer, elsewhere.answer())
}

// waitForFile waits until a download is complete.
func (s *studio) waitForFile(dir string) string {
	s.t.Helper()
	for {
		entries, err := os.ReadDir(dir)
		require.NoError(s.t, err)
		if len(entries) == 1 && filepath.Ext(entries[0].Name()) != ".crdownload" {
			return filepath.Join(dir, entries[0].Name())
		}
		s.Eval(`new Promise((done) => setTimeout(done, 20))`, nil)
	}
}

// By keyboard alone: Tab, Enter and the arrow keys, from the first key to an answer.
func TestKeyboardAlone(t *testing.T) {
	s := newStudio(t)
	s.tabTo(`document.activeElement.id === 'sample-garden'`)
	s.Run(chromedp.KeyEvent(kb.Enter))
	s.WaitFor(`document.querySelector('#columns tr[data-column]') && document.querySelector('#train:enabled')`)
	s.WaitFor(`document.activeElement.id === 'step-columns'`) // the page leads on
	s.tabTo(`document.activeElement.id === 'target'`)
	s.tabTo(`document.activeElement.id === 'train'`)
	s.Run(chromedp.KeyEvent(" "))
	s.WaitFor(`document.querySelector('#test-score') && document.activeElement.id === 'step-result'`)
	s.tabTo(`document.activeElement.matches('#predict-form input, #predict-form select')`)
	s.tabTo(`document.activeElement.id === 'predict'`)
	s.Run(chromedp.KeyEvent(kb.Enter))
	s.WaitFor(`document.querySelector('#predicted')`)
	s.tabTo(`document.activeElement.id === 'save'`)
	s.Run(chromedp.KeyEvent(kb.Enter))
	s.WaitFor(`document.querySelector('#models li[data-model]')`)
}

// tabTo presses Tab until the focus is where the expression says, and checks on the
// way that it can always be seen.
func (s *studio) tabTo(arrived string) {
	s.t.Helper()
	for range 500 {
		var at struct {
			Arrived, Seen bool
			What          string
		}
		s.Run(chromedp.KeyEvent(kb.Tab))
		s.Eval(`(() => {
			const e = document.activeElement;
			const face = e.classList.contains('unseen') ? document.querySelector('label[for="' + e.id + '"]') : e;
			const style = getComputedStyle(face);
			const seen = e === document.body || e.tabIndex < 0 || style.outlineStyle !== 'none' || style.boxShadow !== 'none';
			return { Arrived: Boolean(`+arrived+`), Seen: seen, What: e.outerHTML.slice(0, 120) };
		})()`, &at)
		assert.True(s.t, at.Seen, "nothing shows that the focus is here: %s", at.What)
		if at.Arrived {
			return
		}
	}
	s.t.Fatal("Tab never reaches the place where " + arrived)
}

// The page at the width of a phone and of a desk, light and dark: nothing sticks out,
// at any step of the way. The pictures are for people to look at; the widest light one
// is README's.
func TestWidthsAndThemes(t *testing.T) {
	chromium, url := browser.Chromium(t), browser.Site(t, nil)+"/deep/site/"
	for _, look := range []struct {
		width, height int
		dark          bool
	}{{1280, 900, false}, {1280, 900, true}, {360, 740, false}, {360, 740, true}} {
		name := fmt.Sprintf("studio-%d-%s", look.width, map[bool]string{false: "light", true: "dark"}[look.dark])
		t.Run(name, func(t *testing.T) {
			s := openStudio(t, chromium, url)
			s.Size(look.width, look.height, look.dark)
			s.fits("empty")
			s.sample("garden")
			s.fits("a table is open")
			s.train(1)
			s.answer()
			s.fits("trained")
			s.Eval(`void scrollTo({ top: 0, behavior: 'instant' })`, nil)
			s.Screenshot(name)
			s.Eval(`void document.querySelector('#step-train').scrollIntoView({ behavior: 'instant' })`, nil)
			s.View(name + "-trained")
		})
	}
}

// fits checks that the page is not wider than its window.
func (s *studio) fits(when string) {
	s.t.Helper()
	var out []string
	s.Eval(`(() => {
		const width = document.documentElement.clientWidth;
		if (document.documentElement.scrollWidth <= width) return [];
		return [...document.querySelectorAll('body *')].filter((e) => e.getBoundingClientRect().right > width + 1).map((e) => e.outerHTML.slice(0, 100));
	})()`, &out)
	assert.Empty(s.t, out, "these stick out of the window when it is %s", when)
}

// Contract C4 on the page: the engine is killed in the middle of a training; the page
// says so and goes on with the same table.
func TestPageOutlivesItsEngine(t *testing.T) {
	s := newStudio(t)
	s.sample("garden")
	s.set("epochs", "100000")
	s.Eval(`void (document.querySelector('#early').checked && document.querySelector('#early').click())`, nil)
	s.press("train")
	s.WaitFor(`document.querySelector('#plot-loss')`)
	s.KillWorkers()
	s.WaitFor(`document.querySelector('#engine-lost')`)
	s.press("go-on")
	s.WaitFor(`!document.querySelector('#engine-lost') && document.querySelector('#columns tr[data-column]')`)
	s.set("epochs", "30")
	assert.Greater(t, s.train(2), 0.5)
}

// Stop keeps what was learned by then, also when it is pressed twice.
func TestStop(t *testing.T) {
	s := newStudio(t)
	s.sample("garden")
	s.set("epochs", "100000")
	s.Eval(`void (document.querySelector('#early').checked && document.querySelector('#early').click())`, nil)
	s.press("train")
	s.WaitFor(`document.querySelector('#plot-loss')`)
	s.Eval(`(() => { const b = document.querySelector('#stop'); b.click(); b.click(); })()`, nil)
	s.WaitFor(`document.querySelector('#test-score') && document.querySelector('#train:enabled')`)
	assert.Contains(t, s.Text("#fit-summary"), "You stopped it")
	var problem string
	s.Eval(anyProblem, &problem)
	assert.Empty(t, problem)
}

// Downloads go into the folder.
func (s *studio) Downloads(dir string) {
	s.t.Helper()
	s.Run(cdpbrowser.SetDownloadBehavior(cdpbrowser.SetDownloadBehaviorBehaviorAllow).
		WithBrowserContextID(s.Storage()).WithDownloadPath(dir))
}

// README's picture: the studio after training on the penguins. The test leaves it with
// the other pictures; with README_PICTURE=1 it takes the place of the one in testdata.
func TestReadmePicture(t *testing.T) {
	s := newStudio(t)
	s.Size(1280, 1060, false)
	s.open(dataFile(t, "penguins.csv"))
	s.train(1)
	s.Eval(`void scrollTo({ top: document.querySelector('#train').getBoundingClientRect().top + scrollY - 90, behavior: 'instant' })`, nil)
	s.Eval(`void document.activeElement.blur()`, nil)
	picture := s.View("studio")
	if os.Getenv("README_PICTURE") == "" {
		return
	}
	content, err := os.ReadFile(picture)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join("testdata", "studio.png"), content, 0o644))
}
