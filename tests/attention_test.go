//go:build browser

package tests

import (
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/assert"
)

// A transformer shows which tokens of a text look at which: by mouse, by keyboard, for
// each head, and as a map.
func TestAttentionOfAText(t *testing.T) {
	s := newDesk(t)
	s.press("sample-messages")
	s.prepared()
	s.set("network", "transformer")
	s.set("epochs", "2")
	s.train(1)
	s.set("try-text", "Win a free prize now, call this number today")
	s.WaitFor(`document.querySelector('#attention-open')`)
	s.press("attention-open")
	s.WaitFor(`document.querySelectorAll('#attention-line .look').length > 6`)
	first := s.Text("#attention-said")
	s.pressAt(`#attention-line .look:nth-child(3)`)
	s.WaitFor(`document.querySelector('#attention-said').textContent !== ` + literal(first))
	s.Eval(`document.querySelector('#attention-token').focus()`, nil)
	s.Run(chromedp.KeyEvent(kb.ArrowRight))
	s.WaitFor(`document.querySelector('#attention-token').value === '3'`)
	before := s.Text("#attention-said")
	s.set("attention-head", "1")
	s.WaitFor(`document.querySelector('#attention-head').value === '1'`)
	assert.NotEmpty(t, before)
	var sum float64
	s.Eval(`[...document.querySelectorAll('#attention-line .look')].reduce((a, e) => a + Number(e.dataset.weight), 0)`, &sum)
	assert.InDelta(t, 1, sum, 0.1)
	var side float64
	s.Eval(`document.querySelector('#attention-map').getBoundingClientRect().height`, &side)
	assert.Greater(t, side, 100.0)
	s.fits("attention is shown")
	s.Eval(`void document.querySelector('#attention').scrollIntoView({ behavior: 'instant' })`, nil)
	s.View("attention-1280")
	s.Size(360, 740, false)
	s.fits("attention is shown on a phone")
	s.Eval(`void document.querySelector('#attention').scrollIntoView({ behavior: 'instant' })`, nil)
	s.View("attention-360")
	s.noProblem()
}
