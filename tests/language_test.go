//go:build browser

package tests

import (
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/terrarium-ml/terrarium/tests/browser"
)

// Somebody who is sent a link to the Chinese page trains a model in Chinese, goes over to
// English, and finds English again later.
func TestThePageSpeaksChinese(t *testing.T) {
	site := browser.Site(t, nil) + "/deep/site/"
	s := openStudio(t, browser.Chromium(t), site+"index.html?simd=on&lang=zh")
	text := func(selector string) (said string) {
		s.Eval(`document.querySelector(`+literal(selector)+`)?.textContent.trim() ?? ''`, &said)
		return said
	}
	lang := func() (code string) {
		s.Eval(`document.documentElement.lang`, &code)
		return code
	}
	assert.Equal(t, "zh-Hans", lang())
	assert.Equal(t, "用自己的表格培育一个神经网络", text("h1"))
	assert.Equal(t, "就绪。", text("#status"))

	s.sample("garden")
	s.WaitFor(`document.querySelector('#prepared')?.textContent.includes('用于学习')`)
	var names []string
	s.Eval(`[...document.querySelectorAll('#target option')].map((o) => o.textContent)`, &names)
	assert.Contains(t, names, "leaf_length_mm", "names of columns are the user's")
	s.set("epochs", "3")
	s.press("train")
	s.WaitFor(`document.querySelector('#verdict')`)
	assert.Contains(t, text("#verdict"), "模型判断正确")
	assert.Contains(t, text("#confusion caption"), "真实类别")
	var english []string
	s.Eval(`(() => { const said = [], walk = (e) => { if (e.translate === false || ['SCRIPT', 'STYLE', 'NOSCRIPT', 'TEXTAREA'].includes(e.tagName)) return;
		for (const n of e.childNodes) { if (n.nodeType === 1) walk(n); else if (n.nodeType === 3 && /[a-z]{2,} [a-z]{2,} [a-z]{2,}/.test(n.data)) said.push(n.data.trim()); } };
		walk(document.body); return said; })()`, &english)
	assert.Empty(t, english, "texts that are still English")

	// Another page of the site speaks it as well; then over to English, which stays.
	s.Run(chromedp.Navigate(site + "playground.html"))
	s.WaitFor(`document.documentElement.dataset.page === 'running' && document.querySelector('#play-tools button')`)
	assert.Equal(t, "zh-Hans", lang())
	assert.Equal(t, "观察网络如何学习", text("h1"))
	require.Equal(t, "English", text("#language"))
	_, err := chromedp.RunResponse(s.Ctx, chromedp.Click("#language", chromedp.ByQuery))
	require.NoError(t, err)
	s.WaitFor(`document.documentElement.lang === 'en' && document.documentElement.dataset.page === 'running'`)
	assert.Equal(t, "Watch a network learn", text("h1"))
	assert.Equal(t, "中文", text("#language"))
	s.Run(chromedp.Navigate(site + "index.html"))
	s.ready()
	assert.Equal(t, "en", lang())
	assert.Equal(t, "Ready.", text("#status"))
}
