//go:build browser

package tests

import (
	"strconv"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/terrarium-ml/terrarium/tests/browser"
)

// A court is the playground.
type court struct{ *studio }

func openCourt(t testing.TB, hash string) *court {
	t.Helper()
	s := &court{&studio{browser.Open(t, browser.Chromium(t), browser.Site(t, nil)+"/deep/site/playground.html"+hash), t}}
	s.ready()
	return s
}

func (s *court) ready() {
	s.t.Helper()
	s.WaitFor(`document.querySelector('#status .ready') && document.querySelector('#play:enabled') && document.querySelector('#plane canvas')?.painted`)
}

func (s *court) epoch() int {
	s.t.Helper()
	return int(s.number("#play-epoch"))
}

// colour is what the plane's picture shows at a place, as shares of its sides.
func (s *court) colour(x, y float64) (c [4]int) {
	s.t.Helper()
	s.Eval(`(() => { const c = document.querySelector('#plane canvas'); return [...c.getContext('2d').getImageData(c.width * `+strconv.FormatFloat(x, 'f', 3, 64)+`, c.height * `+strconv.FormatFloat(y, 'f', 3, 64)+`, 1, 1).data]; })()`, &c)
	return c
}

// From the first look to a network that has learned: the plane changes its colours while
// it plays, pausing holds it, a step is one epoch, and resetting forgets.
func TestPlayground(t *testing.T) {
	s := openCourt(t, "")
	s.press("try-0") // two blobs, a straight line
	s.WaitFor(`document.querySelector('#data').value === 'blobs' && document.querySelector('#play-epoch')?.dataset.value === '0'`)
	s.press("play")
	s.WaitFor(`Number(document.querySelector('#play-epoch').dataset.value) > 20 && Number(document.querySelector('#play-train').dataset.acc) > 0.9`)
	s.press("play")
	s.WaitFor(`document.querySelector('#play').textContent === 'Play'`)
	s.Eval(`new Promise((done) => setTimeout(done, 200))`, nil)
	paused := s.epoch()
	s.Eval(`new Promise((done) => setTimeout(done, 300))`, nil)
	require.Equal(t, paused, s.epoch(), "it goes on while it is paused")
	blue, orange := s.colour(0.9, 0.1), s.colour(0.1, 0.9)
	assert.Greater(t, blue[2], blue[0])
	assert.Greater(t, orange[0], orange[2])
	s.press("play-step")
	s.WaitFor(`document.querySelector('#play-epoch').dataset.value === '` + strconv.Itoa(paused+1) + `'`)
	s.press("play-reset")
	s.WaitFor(`document.querySelector('#play-epoch').dataset.value === '0'`)

	s.press("layer-more")
	s.WaitFor(`document.querySelectorAll('[data-hidden="0"] .tile canvas').length === 4 && [...document.querySelectorAll('.tile canvas')].every((c) => c.painted)`)
	var hash string
	s.Eval(`location.hash`, &hash)
	assert.Contains(t, hash, "data=blobs")
	assert.Contains(t, hash, "hidden=4")
	s.Run(chromedp.Reload())
	s.ready()
	s.WaitFor(`document.querySelector('#data').value === 'blobs' && document.querySelector('[data-hidden="0"]')`)
}

// Points drawn by hand and by keys become a game of their own.
func TestPlaygroundWithPointsOfOnesOwn(t *testing.T) {
	s := openCourt(t, "#tests=0")
	s.press("play-clear")
	s.WaitFor(`document.querySelector('#play-draw-hint')`)
	click := func(x, y float64) {
		s.Eval(`(() => { const p = document.querySelector('#plane'); p.scrollIntoView({ block: 'center', behavior: 'instant' }); const b = p.getBoundingClientRect();
			for (const type of ['pointerdown', 'pointerup']) p.dispatchEvent(new PointerEvent(type, { bubbles: true, button: 0, clientX: b.left + b.width * `+strconv.FormatFloat(x, 'f', 3, 64)+`, clientY: b.top + b.height * `+strconv.FormatFloat(y, 'f', 3, 64)+` })); })()`, nil)
	}
	for _, p := range [][2]float64{{0.2, 0.2}, {0.25, 0.3}, {0.3, 0.2}} {
		click(p[0], p[1])
	}
	s.press("pen-1")
	s.Run(chromedp.Focus("#plane", chromedp.ByQuery))
	for range 8 {
		s.Run(chromedp.KeyEvent(kb.ArrowRight))
	}
	for range 3 {
		s.Run(chromedp.KeyEvent(kb.ArrowDown), chromedp.KeyEvent(" "))
	}
	s.WaitFor(`document.querySelector('#play:enabled') && document.querySelectorAll('#plane .square').length > 0 && /6 points/.test(document.querySelector('#plane').getAttribute('aria-label'))`)
	s.set("play-speed", "fast")
	s.press("play")
	s.WaitFor(`Number(document.querySelector('#play-train').dataset.acc) === 1 && Number(document.querySelector('#play-train').dataset.value) < 0.2`)
	blue, orange := s.colour(0.25, 0.22), s.colour(0.82, 0.6)
	assert.Greater(t, blue[2], blue[0])
	assert.Greater(t, orange[0], orange[2])
}

// At the widths of a phone and a desk, light and dark, nothing sticks out.
func TestPlaygroundLooks(t *testing.T) {
	s := openCourt(t, "#data=circles&hidden=6-4&show=x-y-xx")
	s.set("play-speed", "fast")
	s.press("play")
	s.WaitFor(`Number(document.querySelector('#play-epoch').dataset.value) > 150`)
	s.press("play")
	s.Size(1280, 1000, false)
	s.fits("on a desk")
	s.Screenshot("playground-1280")
	s.Size(360, 740, true)
	s.fits("on a phone")
	s.Screenshot("playground-360")
}
