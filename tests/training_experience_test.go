//go:build browser

package tests

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// untick takes a tick out of a box.
func (s *studio) untick(id string) {
	s.t.Helper()
	s.Eval(`void (document.getElementById(`+literal(id)+`).checked && document.getElementById(`+literal(id)+`).click())`, nil)
}

// unfold opens a fold of the page and scrolls to it.
func (s *studio) unfold(id string) {
	s.t.Helper()
	s.Eval(`void (document.getElementById(`+literal(id)+`).open = true)`, nil)
	s.Eval(`document.getElementById(`+literal(id)+`).scrollIntoView({ block: 'center', behavior: 'instant' })`, nil)
}

// progressText is what stands beside the bar of a training.
const progressText = `(document.querySelector('#train-progress-text')?.textContent ?? '')`

// A training that was paused, looked into and let go on again comes to the same bits as
// one that nobody touched.
func TestPausedTrainingHasTheSameBits(t *testing.T) {
	s := newStudio(t)
	s.sample("garden")
	s.prepared()
	s.set("epochs", "1500")
	s.untick("early")
	s.train(3)
	digest := s.digest()

	s.press("train")
	s.WaitFor(`/Epoch/.test(` + progressText + `) && document.querySelector('#pause:enabled')`)
	s.press("pause")
	s.WaitFor(`/^Paused/.test(` + progressText + `) && document.querySelector('#pause').textContent === 'Go on'`)
	var first, second string
	s.Eval(progressText, &first)
	s.press("inside-toggle")
	s.WaitFor(`document.querySelector('#plot-gradient .curve') && document.querySelector('.ridges .ridge')`)
	s.Eval(`new Promise((done) => setTimeout(done, 300))`, nil)
	s.Eval(progressText, &second)
	assert.Equal(t, first, second, "it goes on while it is paused")
	s.fits("paused")
	s.Eval(`document.querySelector('#inside').scrollIntoView({ behavior: 'instant' })`, nil)
	s.View("experience-inside")
	s.press("pause")
	s.WaitFor(`!document.querySelector('#train-progress') && document.querySelector('#train:enabled') && document.querySelector('#runs-table')`)
	assert.Equal(t, digest, s.digest())
}

// A rate that makes the loss explode: the advice says so, mends it, and can be taken back.
// Then a rate is looked for, used, and both trainings are compared.
func TestAdviceFinderAndComparison(t *testing.T) {
	s := newStudio(t)
	s.sample("garden")
	s.prepared()
	s.set("epochs", "20")
	s.set("optimizer", "sgd")
	s.set("rate", "100000")
	s.press("train")
	s.WaitFor(`document.querySelector('#tip-exploded button[data-act="coach.fix"]') && document.querySelector('#train:enabled')`)
	s.pressAt(`#tip-exploded button[data-act="coach.fix"]`)
	s.WaitFor(`document.querySelector('#rate').value === '10000'`)
	s.press("coach-undo")
	s.WaitFor(`document.querySelector('#rate').value === '100000'`)
	s.dismiss()

	s.set("optimizer", "adam")
	s.set("rate", "0.000001")
	s.train(1)
	s.WaitFor(`document.querySelector('#coach')`)
	s.unfold("tool-find-rate")
	s.press("find-rate")
	s.WaitFor(`document.querySelector('#rate-said') && document.querySelector('#use-rate:enabled')`)
	suggested := s.number("#rate-said")
	require.Greater(t, suggested, 1e-5)
	s.unfold("tool-find-rate")
	s.View("experience-finder")
	s.press("use-rate")
	s.WaitFor(`document.querySelector('#rate').value !== '0.000001'`)
	s.train(1)
	s.WaitFor(`document.querySelectorAll('#runs-table tr[data-run]').length === 2 && document.querySelector('#plot-runs .curve')`)
	s.WaitFor(`[...document.querySelectorAll('#runs-table mark')].some((m) => m.textContent === document.querySelector('#rate').value)`)
	s.fits("compared")

	s.unfold("tool-profile")
	s.press("profile")
	s.WaitFor(`document.querySelector('#profile-found tbody tr')`)
	s.unfold("tool-search")
	s.set("search-trials", "3")
	s.press("search")
	s.WaitFor(`document.querySelector('#search-said') && document.querySelectorAll('#trials tr[data-trial]').length === 3`)
	s.fits("searched")
	s.Eval(`document.querySelector('#runs').scrollIntoView({ behavior: 'instant' })`, nil)
	s.Size(1280, 2000, false)
	s.View("experience-1280")
	s.Size(360, 2600, true)
	s.fits("on a phone")
	s.Eval(`document.querySelector('#runs').scrollIntoView({ behavior: 'instant' })`, nil)
	s.View("experience-360")

	s.pressAt(`#runs-table tr[data-run="1"] button[data-act="runs.again"]`)
	s.WaitFor(`document.querySelector('#rate').value === '0.000001'`)
	s.pressAt(`#runs-table tr[data-run="1"] button[data-act="runs.remove"]`)
	s.WaitFor(`document.querySelectorAll('#runs-table tr[data-run]').length === 1`)
	s.press("runs-undo")
	s.WaitFor(`document.querySelectorAll('#runs-table tr[data-run]').length === 2`)
}
