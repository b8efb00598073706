//go:build browser

package tests

import (
	"context"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/terrarium-ml/terrarium/tests/browser"
)

// motionWatch runs in a page before anything else does, looks in every frame for what
// moves, and hears every script that scrolls smoothly.
const motionWatch = `
window.moved = new Set();
(function look() {
	for (const a of document.getAnimations()) moved.add((a.animationName ?? a.transitionProperty ?? 'a script’s animation') + ' of ' + a.effect.target.outerHTML.slice(0, 90));
	requestAnimationFrame(look);
})();
for (const [of, names] of [[Element.prototype, ['scrollIntoView', 'scrollTo', 'scrollBy', 'scroll']], [window, ['scrollTo', 'scrollBy', 'scroll']]]) {
	for (const name of names) {
		const plain = of[name];
		of[name] = function (...args) {
			if (args.some((a) => a?.behavior === 'smooth')) moved.add(name + ' scrolls smoothly');
			return plain.apply(this, args);
		};
	}
}`

// motionRules lists what may move by the style sheets: of elements as they are now, and by
// rules for states that no element is in now.
const motionRules = `(() => {
	const found = new Set(), some = (times) => /[1-9]/.test(times);
	const ask = (s, of) => {
		if (some(s.transitionDuration) || some(s.transitionDelay)) found.add('transition: ' + of);
		if (s.animationName && s.animationName !== 'none') found.add('animation: ' + of);
		if (s.scrollBehavior === 'smooth') found.add('smooth scrolling: ' + of);
	};
	const walk = (root) => {
		for (const e of root.querySelectorAll('*')) {
			for (const part of [null, '::before', '::after']) ask(getComputedStyle(e, part), e.tagName.toLowerCase() + (e.id && '#' + e.id) + [...e.classList].map((c) => '.' + c).join('') + (part ?? ''));
			if (e.shadowRoot) { rules([...e.shadowRoot.styleSheets, ...e.shadowRoot.adoptedStyleSheets]); walk(e.shadowRoot); }
		}
	};
	const rules = (list) => {
		for (const r of list) {
			if (r.media?.mediaText && !matchMedia(r.media.mediaText).matches) continue;
			if (r.style) ask(r.style, r.selectorText ?? r.cssText.slice(0, 60));
			if (r.cssRules && r.type !== CSSRule.KEYFRAMES_RULE) rules(r.cssRules);
		}
	};
	rules([...document.styleSheets, ...document.adoptedStyleSheets]);
	walk(document);
	return [...found];
})()`

// A calm is a page whose motion is watched from before it is loaded.
type calm struct{ *studio }

func openCalm(t testing.TB, chromium context.Context, url, motion string) *calm {
	t.Helper()
	s := &calm{&studio{browser.Open(t, chromium, "about:blank"), t}}
	s.Run(emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{{Name: "prefers-reduced-motion", Value: motion}}),
		chromedp.ActionFunc(func(ctx context.Context) error {
			_, err := page.AddScriptToEvaluateOnNewDocument(motionWatch).Do(ctx)
			return err
		}), chromedp.Navigate(url))
	return s
}

// moved takes what has moved since it was last asked, and what may move now.
func (s *calm) moved() (moved, may []string) {
	s.t.Helper()
	s.Eval(`(() => { const all = [...window.moved]; window.moved.clear(); return all; })()`, &moved)
	s.Eval(motionRules, &may)
	return moved, may
}

// still fails the test for whatever moves.
func (s *calm) still(when string) {
	s.t.Helper()
	moved, may := s.moved()
	assert.Empty(s.t, moved, "what moved, %s", when)
	assert.Empty(s.t, may, "what may move, %s", when)
}

// Who asks for little motion gets none: nothing fades, slides or scrolls by itself, from the
// first look to a trained model, on any page.
func TestLittleMotion(t *testing.T) {
	site, chromium := browser.Site(t, nil)+"/deep/site/", browser.Chromium(t)
	for name, w := range walks {
		t.Run(name, func(t *testing.T) {
			s := openCalm(t, chromium, site+w.page, "reduce")
			s.ready()
			s.still("at rest")
			s.pressAt(w.sample)
			s.WaitFor(w.complete + ` && document.querySelector('#seed')`)
			s.set("epochs", "50000")
			s.Eval(`document.querySelector('#early').checked && document.querySelector('#early').click()`, nil)
			s.begun()
			s.still("in a training")
			s.press("stop")
			s.finished()
			s.Eval(`document.querySelector('.steps a').click()`, nil)
			s.still("trained")
		})
	}
	t.Run("writing", func(t *testing.T) {
		s := openCalm(t, chromium, site+"text.html", "reduce")
		s.ready()
		s.press("write-sample-tales")
		s.press("write-train")
		s.WaitFor(`document.querySelector('#write-live .record') && document.querySelector('#plot-writing')`)
		s.still("while it learns to write")
		s.press("write-stop")
		s.WaitFor(`document.querySelector('#written')?.textContent.length >= 300`)
		s.still("as it writes")
	})
	t.Run("playground", func(t *testing.T) {
		s := openCalm(t, chromium, site+"playground.html", "reduce")
		(&court{s.studio}).ready()
		s.still("at rest")
		s.Eval(`(() => { window.epochs = new Set(); new MutationObserver(() => window.epochs.add(Number(document.querySelector('#play-epoch').dataset.value))).observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true }); })()`, nil)
		s.press("play")
		s.WaitFor(`Math.max(...window.epochs) >= 60`)
		s.still("as it plays")
		s.press("play")
		var shown []int
		s.Eval(`[...window.epochs].filter((n) => n > 0)`, &shown)
		for _, epoch := range shown {
			assert.Zero(t, epoch%20, "as much learning in fewer pictures: epoch %d was shown", epoch)
		}
	})
}

// The control: where motion is welcome, the same watch sees what there is of it.
func TestMotionIsSeen(t *testing.T) {
	site, chromium := browser.Site(t, nil)+"/deep/site/", browser.Chromium(t)
	for _, file := range []string{"", "images.html", "text.html", "series.html", "playground.html"} {
		s := openCalm(t, chromium, site+file, "no-preference")
		s.WaitFor(`document.documentElement.dataset.page === 'running'`)
		s.Eval(`(() => { const s = document.createElement('span'); s.className = 'state busy'; document.body.append(s); scrollTo({ top: 1, behavior: 'smooth' }); return new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))); })()`, nil)
		moved, may := s.moved()
		require.Contains(t, may, "animation: .state.busy", file)
		assert.Contains(t, may, "smooth scrolling: html", file)
		assert.Contains(t, moved, "scrollTo scrolls smoothly", file)
		assert.Contains(t, moved, `breathe of <span class="state busy"></span>`, file)
	}
}
