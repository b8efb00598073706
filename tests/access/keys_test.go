//go:build browser

package access

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A stop is where Tab comes to.
type stop struct {
	Index int // of the element among all of the page; below 0: none
	Seen  bool
	What  string
}

// walk presses Tab from the first link of the page to its end.
func (v *visit) walk() (stops []stop) {
	v.t.Helper()
	v.Eval(`(() => { document.documentElement.style.scrollBehavior = 'auto'; scrollTo(0, 0); document.querySelector('.skip').focus(); window.every = [...document.querySelectorAll('*')]; })()`, nil)
	for i := range 600 {
		if i > 0 {
			v.Run(chromedp.KeyEvent(kb.Tab))
		}
		var at stop
		v.Eval(`(() => {
			const e = document.activeElement;
			const face = e.classList.contains('unseen') && e.labels?.[0] || e;
			const s = getComputedStyle(face), box = face.getBoundingClientRect();
			const top = document.querySelector('.top')?.getBoundingClientRect().bottom ?? 0;
			const inHeader = Boolean(e.closest('.top, .skip'));
			const seen = s.outlineStyle !== 'none' && box.bottom > 0 && box.top < innerHeight && (inHeader || box.bottom > top + 4);
			return { index: e === document.body ? -1 : window.every.indexOf(e), seen, what: e.outerHTML.slice(0, 120) };
		})()`, &at)
		if at.Index < 0 || len(stops) > 0 && at.Index == stops[0].Index {
			return stops
		}
		stops = append(stops, at)
	}
	v.t.Fatal("Tab goes round and round")
	return nil
}

// Tab comes to every control of a page, in the order of the text, and where it is can be
// seen: neither outside of the window nor behind what is fixed to its top.
func TestTabReachesEverything(t *testing.T) {
	for _, c := range []struct{ file, open, until string }{
		{"", "#sample-garden", `document.querySelector('#columns tr[data-column]') && document.querySelector('#train').matches(':enabled')`},
		{"images.html", "#samples button", `document.querySelector('#variations canvas')`},
		{"text.html", "#sample-kitchen", `document.querySelector('#tokens .token')`},
		{"series.html", "#sample-sales", `document.querySelector('#split-plot')`},
		{"playground.html", "#play-again", `document.querySelector('#plane canvas')?.painted`},
	} {
		t.Run(strings.TrimSuffix(c.file, ".html"), func(t *testing.T) {
			v := visitPage(t, c.file)
			v.press(c.open)
			v.WaitFor(c.until)
			v.Eval(`new Promise((done) => setTimeout(done, 500))`, nil) // what follows by itself has followed
			v.unfold()
			stops := v.walk()
			reached := map[int]bool{}
			for i, s := range stops {
				reached[s.Index] = true
				assert.True(t, s.Seen, "where the focus is cannot be seen: %s", s.What)
				if i > 0 {
					assert.Greater(t, s.Index, stops[i-1].Index, "Tab jumps back to %s", s.What)
				}
			}
			var controls []stop
			v.Eval(`window.every.map((e, index) => ({ e, index })).filter(({ e }) => e.isConnected && e.tabIndex >= 0 && !e.matches(':disabled') && e.checkVisibility({ visibilityProperty: true })
				&& e.matches('a[href], button, input, select, textarea, summary, [tabindex]') && (e.type !== 'radio' || e.checked)).map(({ e, index }) => ({ index, seen: true, what: e.outerHTML.slice(0, 120) }))`, &controls)
			require.Greater(t, len(controls), 20)
			for _, c := range controls {
				assert.True(t, reached[c.Index], "Tab does not come to %s", c.What)
			}
		})
	}
}

// Enter and Space press, arrows move sliders and the crosshair, and the link at the top
// skips to the first step.
func TestKeysDoWhatTheyDoElsewhere(t *testing.T) {
	v := visitPage(t, "")
	v.WaitFor(`document.querySelector('#samples button:enabled')`)
	v.Run(chromedp.KeyEvent(kb.Tab), chromedp.KeyEvent(kb.Enter))
	v.WaitFor(`document.activeElement.id === 'step-data'`)
	focus := func(selector string) { v.Run(chromedp.Focus(selector, chromedp.ByQuery)) }
	focus("#sample-garden")
	v.Run(chromedp.KeyEvent(" "))
	v.WaitFor(`document.querySelector('#columns tr[data-column]') && document.querySelector('#train').matches(':enabled')`)
	v.WaitFor(`document.activeElement.id === 'step-columns'`)
	focus("#more-options > summary")
	v.Run(chromedp.KeyEvent(kb.Enter))
	v.WaitFor(`document.querySelector('#more-options').open`)
	v.set("epochs", "5")
	focus("#early")
	v.Run(chromedp.KeyEvent(" "))
	v.WaitFor(`!document.querySelector('#early').checked && !document.querySelector('#patience')`)
	focus("#train")
	v.Run(chromedp.KeyEvent(kb.Enter))
	v.WaitFor(`document.querySelector('#test-score') && document.activeElement.id === 'step-result'`)
	focus("#epoch-reader")
	v.Run(chromedp.KeyEvent(kb.ArrowLeft))
	v.WaitFor(`document.querySelector('#epoch-reader').value === '4' && document.querySelector('#epoch-reader').getAttribute('aria-valuetext').startsWith('epoch 4') && document.querySelector('#plot-loss .cursor')`)
	v.Run(chromedp.KeyEvent(kb.Home))
	v.WaitFor(`document.querySelector('#epoch-reader').value === '1'`)

	p := visitPage(t, "playground.html")
	p.WaitFor(`document.querySelector('#play:enabled')`)
	p.Run(chromedp.Focus("#plane", chromedp.ByQuery), chromedp.KeyEvent(kb.ArrowRight))
	p.WaitFor(`document.querySelector('#plane .crosshair')`)
	p.Run(chromedp.Focus("#noise", chromedp.ByQuery), chromedp.KeyEvent(kb.ArrowRight))
	p.WaitFor(`document.querySelector('#noise').value === '11' && document.querySelector('#noise').getAttribute('aria-valuetext') === '11 %'`)
}

// The step that is being read is marked in the line of steps, and the line shows it.
func TestCurrentStepIsMarked(t *testing.T) {
	v := visitPage(t, "text.html")
	v.Size(390, 844, false)
	const marked = `[...document.querySelectorAll('.steps [aria-current=step]')].map((e) => e.hash).join()`
	v.Eval(`void document.querySelector('#step-models').scrollIntoView({ behavior: 'instant' })`, nil)
	v.WaitFor(marked + ` === '#step-models'`)
	v.WaitFor(`(() => { const a = document.querySelector('.steps [aria-current]').getBoundingClientRect(); return a.left >= 0 && a.right <= innerWidth && a.top >= 0; })()`)
	v.Eval(`void document.querySelector('#step-words').scrollIntoView({ behavior: 'instant' })`, nil)
	v.WaitFor(marked + ` === '#step-words'`)
}
