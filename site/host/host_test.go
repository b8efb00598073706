package host

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/terrarium-ml/terrarium/site/build"
)

// serve starts a host for a folder with the files.
func serve(t *testing.T, files map[string]string) (url, dir string) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), "site")
	for name, content := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.WriteFile(path, []byte(content), 0o644))
	}
	handler, err := Handler(dir)
	require.NoError(t, err)
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return server.URL, dir
}

// get asks for a path as it stands, with headers given in pairs.
func get(t *testing.T, url, path string, headers ...string) (*http.Response, string) {
	t.Helper()
	request, err := http.NewRequest(http.MethodGet, url, nil)
	require.NoError(t, err)
	request.URL.Opaque = strings.TrimPrefix(url, "http:") + path // no cleaning on our side
	for i := 0; i < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	client := http.Client{
		Transport:     &http.Transport{DisableCompression: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	response, err := client.Do(request)
	require.NoError(t, err)
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	return response, string(body)
}

func TestTypesAndHeaders(t *testing.T) {
	url, _ := serve(t, map[string]string{"index.html": "<p>", "a.wasm": "x", "a.js": "x", "a.css": "x", "a.d.ts": "x", "deep/b.svg": "x"})
	for path, kind := range map[string]string{
		"/":           "text/html; charset=utf-8",
		"/a.wasm":     "application/wasm",
		"/a.js":       "text/javascript; charset=utf-8",
		"/a.css":      "text/css; charset=utf-8",
		"/a.d.ts":     "text/plain; charset=utf-8",
		"/deep/b.svg": "image/svg+xml",
	} {
		r, _ := get(t, url, path)
		assert.Equal(t, http.StatusOK, r.StatusCode, path)
		for header, want := range map[string]string{
			"Content-Type":                 kind,
			"X-Content-Type-Options":       "nosniff",
			"Cross-Origin-Opener-Policy":   "same-origin",
			"Cross-Origin-Embedder-Policy": "require-corp",
			"Cross-Origin-Resource-Policy": "same-origin",
			"Content-Security-Policy":      Policy,
			"Cache-Control":                "no-cache",
			"Vary":                         "Accept-Encoding",
		} {
			assert.Equal(t, want, r.Header.Get(header), "%s of %s", header, path)
		}
	}
}

func TestWhatIsNotServed(t *testing.T) {
	url, dir := serve(t, map[string]string{"index.html": "<p>", "build/build.go": "package build", ".secret.js": "x", ".git/a.js": "x", "a.wasm.br": "x"})
	require.NoError(t, os.WriteFile(filepath.Join(dir, "..", "outside.js"), []byte("x"), 0o644))
	require.NoError(t, os.Symlink(filepath.Join("..", "outside.js"), filepath.Join(dir, "link.js")))
	for _, path := range []string{"/none.js", "/build", "/build/", "/build/build.go", "/.secret.js", "/.git/a.js", "/a.wasm.br",
		"/../outside.js", "/%2e%2e/outside.js", "/build/../../outside.js", "/link.js"} {
		r, body := get(t, url, path)
		assert.NotEqual(t, http.StatusOK, r.StatusCode, path)
		assert.NotContains(t, body, "package", path)
	}
}

func TestTakesNothing(t *testing.T) {
	url, _ := serve(t, map[string]string{"index.html": "<p>"})
	r, err := http.Post(url+"/index.html", "text/csv", strings.NewReader("name,age"))
	require.NoError(t, err)
	r.Body.Close()
	assert.Equal(t, http.StatusMethodNotAllowed, r.StatusCode)
	assert.Equal(t, "GET, HEAD", r.Header.Get("Allow"))
}

func TestBestTwin(t *testing.T) {
	content := strings.Repeat("wasm", 1000)
	url, dir := serve(t, map[string]string{"a.wasm": content})
	require.NoError(t, build.Compress(filepath.Join(dir, "a.wasm")))
	for offer, want := range map[string]string{
		"":                             "",
		"gzip":                         "gzip",
		"gzip, deflate, br":            "br",
		"gzip, br;q=0":                 "gzip",
		"gzip;q=0.5, br;q=0.1":         "br",
		"identity":                     "",
		"bread, gzippy":                "",
		"deflate, gzip;q=1.0, *;q=0.5": "gzip",
	} {
		r, body := get(t, url, "/a.wasm", "Accept-Encoding", offer)
		assert.Equal(t, want, r.Header.Get("Content-Encoding"), "%q", offer)
		assert.Equal(t, "application/wasm", r.Header.Get("Content-Type"), "%q", offer)
		assert.Equal(t, want == "", body == content, "%q", offer)
	}
}

// A program that was built again is sent plain until its twins are new: never the
// old one under the new name.
func TestStaleTwinIsNotSent(t *testing.T) {
	url, dir := serve(t, map[string]string{"a.wasm": "old"})
	path := filepath.Join(dir, "a.wasm")
	require.NoError(t, build.Compress(path))
	r, _ := get(t, url, "/a.wasm", "Accept-Encoding", "br")
	require.Equal(t, "br", r.Header.Get("Content-Encoding"))

	require.NoError(t, os.WriteFile(path, []byte("newer"), 0o644))
	r, body := get(t, url, "/a.wasm", "Accept-Encoding", "br")
	assert.Empty(t, r.Header.Get("Content-Encoding"))
	assert.Equal(t, "newer", body)

	require.NoError(t, build.Compress(path))
	r, _ = get(t, url, "/a.wasm", "Accept-Encoding", "br")
	assert.Equal(t, "br", r.Header.Get("Content-Encoding"))
}

func TestCacheIsAsked(t *testing.T) {
	url, dir := serve(t, map[string]string{"a.js": "old"})
	first, _ := get(t, url, "/a.js")
	tag := first.Header.Get("ETag")
	require.NotEmpty(t, tag)
	again, _ := get(t, url, "/a.js", "If-None-Match", tag)
	assert.Equal(t, http.StatusNotModified, again.StatusCode)

	// Same length, another content: the time tells.
	path := filepath.Join(dir, "a.js")
	require.NoError(t, os.WriteFile(path, []byte("new"), 0o644))
	require.NoError(t, os.Chtimes(path, time.Time{}, time.Now().Add(time.Second)))
	changed, body := get(t, url, "/a.js", "If-None-Match", tag)
	assert.Equal(t, http.StatusOK, changed.StatusCode)
	assert.Equal(t, "new", body)
}

func TestNoSite(t *testing.T) {
	_, err := Handler(filepath.Join(t.TempDir(), "none"))
	require.ErrorContains(t, err, "no site to serve")
}
