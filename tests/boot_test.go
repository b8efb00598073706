//go:build browser

package tests

import (
	"context"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/terrarium-ml/terrarium/site/build"
	"github.com/terrarium-ml/terrarium/tests/browser"
)

// plainHost serves the site as the simplest of hosts would: without our headers, from
// a folder. change may answer a request in its place.
func plainHost(t *testing.T, change func(w http.ResponseWriter, r *http.Request) bool) string {
	t.Helper()
	browser.Site(t, nil) // builds it
	return plainFolder(t, filepath.Join(browser.Root(t), "site"), change)
}

func plainFolder(t testing.TB, dir string, change func(w http.ResponseWriter, r *http.Request) bool) string {
	t.Helper()
	files := http.StripPrefix("/garden/", http.FileServer(http.Dir(dir)))
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if change == nil || !change(w, r) {
			files.ServeHTTP(w, r)
		}
	}))
	t.Cleanup(server.Close)
	return server.URL + "/garden/"
}

// From any host, below any path, and with a type that no browser would compile from
// while it downloads.
func TestAnyStaticHost(t *testing.T) {
	chromium := browser.Chromium(t)
	for name, change := range map[string]func(w http.ResponseWriter, r *http.Request) bool{
		"plain": nil,
		"wrong type": func(w http.ResponseWriter, r *http.Request) bool {
			if strings.HasSuffix(r.URL.Path, ".wasm") {
				w.Header().Set("Content-Type", "application/octet-stream")
			}
			return false
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := openStudio(t, chromium, plainHost(t, change))
			s.sample("garden")
			s.prepared()
			var refused bool
			s.Expect("Content Security Policy")
			s.Expect("violates")
			s.Eval(`fetch('index.html').then(() => false, () => true)`, &refused)
			assert.True(t, refused, "without headers, the page's own policy has to hold")
		})
	}
}

// What `make dist` writes runs too, under names that change with the content.
func TestHashedSite(t *testing.T) {
	browser.Site(t, nil) // builds it
	dir := filepath.Join(t.TempDir(), "site")
	_, err := build.HashedSite(filepath.Join(browser.Root(t), "site"), dir)
	require.NoError(t, err)
	s := openStudio(t, browser.Chromium(t), plainFolder(t, dir, nil))
	s.sample("garden")
	s.prepared()
	var files []string
	s.Eval(`performance.getEntriesByType('resource').map((e) => e.name.split('/').pop())`, &files)
	for _, start := range []string{"boot", "style", "worker", "terrarium", "kernels", "wasm_exec"} {
		assert.Regexp(t, `(^|\n)`+start+`\.[0-9a-f]{10}\.`, strings.Join(files, "\n"))
	}
}

func TestWithoutSIMD(t *testing.T) {
	url := browser.Site(t, nil) + "/deep/site/"
	chromium := browser.Chromium(t)
	with, without, ours := openStudio(t, chromium, url), openStudio(t, chromium, url+"?simd=off"), openStudio(t, chromium, url+"?kernels=off")
	assert.Contains(t, with.Text("#about-engine"), "with SIMD and the kernel module")
	assert.Regexp(t, "with SIMD$", ours.Text("#about-engine"))
	assert.Contains(t, without.Text("#about-engine"), "without SIMD")
	var files []string
	without.Eval(`performance.getEntriesByType('resource').map((e) => e.name.split('/').pop())`, &files)
	assert.Contains(t, files, "terrarium.nosimd.wasm")
	assert.NotContains(t, files, "terrarium.wasm")
	// One seed, one model, on all.
	for _, s := range []*studio{with, without, ours} {
		s.sample("garden")
		s.train(3)
	}
	assert.Equal(t, with.digest(), without.digest())
	assert.Equal(t, with.digest(), ours.digest())
}

// One download of the program, and one of the kernel module, serve the page and its
// worker.
func TestOneDownload(t *testing.T) {
	server := browser.Site(t, nil)
	proxy := browser.NewProxy(t, server)
	openStudio(t, browser.Chromium(t, proxy.Settings()...), server+"/deep/site/")
	var programs []string
	for _, request := range proxy.Seen() {
		if strings.Contains(request, ".wasm") {
			programs = append(programs, request[strings.LastIndex(request, "/")+1:])
		}
	}
	assert.ElementsMatch(t, []string{"terrarium.wasm", "kernels.wasm"}, programs)
}

// A host that lacks the kernel module, answers with something else, or still has one
// of another version, has an engine all the same.
func TestWithoutKernelModule(t *testing.T) {
	chromium := browser.Chromium(t)
	for name, answer := range map[string]string{
		"missing":         "",
		"no module":       "<!doctype html>",
		"another version": "\x00asm\x01\x00\x00\x00",
	} {
		t.Run(name, func(t *testing.T) {
			url := plainHost(t, func(w http.ResponseWriter, r *http.Request) bool {
				if !strings.HasSuffix(r.URL.Path, "/kernels.wasm") {
					return false
				}
				if answer == "" {
					http.NotFound(w, r)
					return true
				}
				w.Header().Set("Content-Type", "application/wasm")
				w.Write([]byte(answer))
				return true
			})
			open := func(url string) *browser.Page {
				p := browser.Open(t, chromium, url)
				p.Expect("404")
				p.Expect("kernels.wasm")
				return p
			}
			open(url).WaitFor(`document.querySelector('#about-engine').textContent.endsWith('with SIMD')`)
			var kernels string
			open(url+"icon.svg").Eval(`import('/garden/terrarium.js').then((m) => m.load()).then((t) => t.capabilities().kernels)`, &kernels)
			assert.Equal(t, "go", kernels)
		})
	}
}

// What is missing is named, on the page, and what to do, in the language of the page.
func TestBootFailures(t *testing.T) {
	missing := func(name string) func(w http.ResponseWriter, r *http.Request) bool {
		return func(w http.ResponseWriter, r *http.Request) bool {
			if !strings.HasSuffix(r.URL.Path, "/"+name) {
				return false
			}
			http.NotFound(w, r)
			return true
		}
	}
	broken := func(w http.ResponseWriter, r *http.Request) bool {
		if !strings.HasSuffix(r.URL.Path, "/terrarium.wasm") {
			return false
		}
		panic(http.ErrAbortHandler) // the line is cut
	}
	chromium := browser.Chromium(t)
	for name, c := range map[string]struct {
		change        func(w http.ResponseWriter, r *http.Request) bool
		want, chinese string
	}{
		"no program":   {missing("terrarium.wasm"), "terrarium.wasm is not there (the server answered 404)", "没有找到 /garden/terrarium.wasm（服务器回答 404）"},
		"no support":   {missing("wasm_exec.js"), "wasm_exec.js is not there", "没有找到 /garden/wasm_exec.js"},
		"no bootstrap": {missing("worker.js"), "worker.js is not there", "没有找到 /garden/worker.js"},
		"no loader":    {missing("kernels.js"), "kernels.js is not there", "没有找到 /garden/kernels.js"},
		"cut off":      {broken, "terrarium.wasm could not be fetched", "无法取得 /garden/terrarium.wasm"},
		"no words": {func(w http.ResponseWriter, r *http.Request) bool {
			return missing("terrarium.wasm")(w, r) || missing("words.zh.json")(w, r)
		}, "terrarium.wasm is not there", "terrarium.wasm is not there"},
		"no WebAssembly": {func(w http.ResponseWriter, r *http.Request) bool {
			if !strings.HasSuffix(r.URL.Path, "/terrarium.wasm") {
				return false
			}
			w.Header().Set("Content-Type", "application/wasm")
			w.Write([]byte("<!doctype html>")) // as a host may answer that knows no 404
			return true
		}, "is no program that this browser can compile", "不是此浏览器能编译的程序"},
	} {
		t.Run(name, func(t *testing.T) {
			url := plainHost(t, c.change)
			for address, want := range map[string]string{url: c.want, url + "?lang=zh": c.chinese} {
				p := browser.Open(t, chromium, address)
				for _, noise := range []string{"404", "wasm_exec.js", "ERR_"} {
					p.Expect(noise)
				}
				p.WaitFor(`document.querySelector('#boot-error').textContent.includes(` + literal(want) + `) && !document.querySelector('#boot-error').hidden`)
				status := "Not running"
				if want != c.want {
					status = "未运行"
				}
				assert.Equal(t, status, p.Text("#status"))
			}
		})
	}
}

// A browser without WebAssembly, or without workers, is told so in its language.
func TestBrowserThatCannot(t *testing.T) {
	url, chromium := plainHost(t, nil), browser.Chromium(t)
	for _, lacks := range []string{"WebAssembly", "Worker"} {
		for address, want := range map[string]string{url: "This browser cannot run WebAssembly in a worker", url + "?lang=zh": "此浏览器无法在 Worker 中运行 WebAssembly"} {
			p := browser.Open(t, chromium, "about:blank")
			p.Run(chromedp.ActionFunc(func(ctx context.Context) error {
				_, err := page.AddScriptToEvaluateOnNewDocument("delete globalThis." + lacks).Do(ctx)
				return err
			}), chromedp.Navigate(address))
			p.WaitFor(`document.querySelector('#boot-error').textContent.startsWith(` + literal(want) + `) && !document.querySelector('#boot-error').hidden`)
		}
	}
}
