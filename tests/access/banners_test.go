//go:build browser

package access

import (
	"context"
	"testing"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/terrarium-ml/terrarium/tests/browser"
)

// What the page says when the engine is lost in mid-training, when a training was cut off,
// and when that was on another page.
func TestBanners(t *testing.T) {
	v := visitPage(t, "")
	v.press("#sample-garden")
	v.WaitFor(`/kept aside/.test(document.querySelector('#prepared')?.textContent)`)
	v.set("epochs", "100000")
	v.Eval(`void (document.querySelector('#early').checked && document.querySelector('#early').click())`, nil)
	v.press("#train")
	v.WaitFor(`document.querySelector('#plot-loss')`)
	v.Eval(`void setInterval(() => {
		const open = indexedDB.open('terrarium');
		open.onsuccess = () => {
			const db = open.result;
			if (!db.objectStoreNames.contains('records')) return db.close();
			const all = db.transaction('records').objectStore('records').getAllKeys();
			all.onsuccess = () => { db.close(); window.copied = all.result.some((name) => /automatic/.test(name)); };
		};
	}, 300)`, nil)
	v.WaitFor(`window.copied`)
	v.KillWorkers()
	v.WaitFor(`document.querySelector('#engine-lost')`)
	v.check("the engine is lost")

	v.Run(chromedp.Reload())
	v.WaitFor(`document.querySelector('#go-on-training')`)
	v.check("a training was cut off")
	var images string
	v.Eval(`new URL('images.html', location).href`, &images)
	v.Run(chromedp.Navigate(images))
	v.WaitFor(`document.querySelector('#cut-off a')`)
	v.check("a training was cut off on another page")
}

// What a page says that cannot start.
func TestBootError(t *testing.T) {
	v := &visit{browser.Open(t, browser.Chromium(t), "about:blank"), t}
	v.Run(chromedp.ActionFunc(func(ctx context.Context) error {
		_, err := page.AddScriptToEvaluateOnNewDocument("delete globalThis.WebAssembly").Do(ctx)
		return err
	}), chromedp.Navigate(browser.Site(t, nil)+"/deep/site/"))
	v.WaitFor(`!document.querySelector('#boot-error').hidden`)
	v.check("the page cannot start")
}
