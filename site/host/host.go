// Package host serves a built site: the right types, the headers that keep what a
// visitor drops on the page inside the page, and the compressed twin of a file
// where the browser takes one.
package host

import (
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/terrarium-ml/terrarium/site/build"
)

// Policy is the Content-Security-Policy of every page. The same words stand in a
// meta tag of index.html, so that a host that sends no headers keeps them too.
// boot.js narrows connect-src to 'none' once all is loaded.
const Policy = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; " +
	"img-src 'self' blob: data:; worker-src 'self' blob:; connect-src 'self'; manifest-src 'self'; " +
	"base-uri 'none'; form-action 'none'"

// types are the files that are served; what has another ending is not there. Go's
// own table asks the operating system, which calls .ts a video on some machines.
var types = map[string]string{
	".html":        "text/html; charset=utf-8",
	".js":          "text/javascript; charset=utf-8",
	".css":         "text/css; charset=utf-8",
	".ts":          "text/plain; charset=utf-8",
	".txt":         "text/plain; charset=utf-8",
	".wasm":        "application/wasm",
	".json":        "application/json",
	".webmanifest": "application/manifest+json",
	".svg":         "image/svg+xml",
	".png":         "image/png",
	".ico":         "image/x-icon",
	".csv":         "text/csv; charset=utf-8",
}

// Handler serves the folder. Nothing outside of it can be reached, and no list of
// a folder's content is ever given.
func Handler(dir string) (http.Handler, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("no site to serve: %w", err)
	}
	return &host{dir: dir, files: root.FS(), twins: newTwins()}, nil
}

type host struct {
	dir   string
	files fs.FS
	twins *twins
}

func (h *host) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	head := w.Header()
	head.Set("X-Content-Type-Options", "nosniff")
	head.Set("Referrer-Policy", "no-referrer")
	head.Set("Cross-Origin-Opener-Policy", "same-origin")
	head.Set("Cross-Origin-Embedder-Policy", "require-corp")
	head.Set("Cross-Origin-Resource-Policy", "same-origin")
	head.Set("Content-Security-Policy", Policy)
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		head.Set("Allow", "GET, HEAD")
		http.Error(w, "this site only gives, it takes nothing", http.StatusMethodNotAllowed)
		return
	}
	name := strings.TrimPrefix(path.Clean("/"+r.URL.Path), "/")
	if name == "" || strings.HasSuffix(r.URL.Path, "/") {
		name = path.Join(name, "index.html")
	}
	kind, served := types[path.Ext(name)]
	if !served || hidden(name) {
		http.NotFound(w, r)
		return
	}
	h.serveFile(w, r, name, kind)
}

// serveFile answers with the file or its best fresh twin. The browser keeps what it
// got and asks each time whether it still holds (no-cache and an ETag).
func (h *host) serveFile(w http.ResponseWriter, r *http.Request, name, kind string) {
	info, err := fs.Stat(h.files, name)
	if err != nil || !info.Mode().IsRegular() {
		http.NotFound(w, r)
		return
	}
	head := w.Header()
	head.Set("Content-Type", kind)
	head.Set("Cache-Control", "no-cache")
	head.Set("Vary", "Accept-Encoding")
	tag := strconv.FormatInt(info.ModTime().UnixNano(), 36) + "-" + strconv.FormatInt(info.Size(), 36)
	open := name
	for _, e := range build.Encodings {
		if accepts(r, e.Name) && h.twins.fresh(filepath.Join(h.dir, filepath.FromSlash(name)), e) {
			head.Set("Content-Encoding", e.Name)
			open, tag = name+e.Ending, tag+e.Ending
			break
		}
	}
	head.Set("ETag", `"`+tag+`"`)
	http.ServeFileFS(w, r, h.files, open)
}

// hidden is every path with a part that begins with a dot.
func hidden(name string) bool {
	return slices.ContainsFunc(strings.Split(name, "/"), func(part string) bool { return strings.HasPrefix(part, ".") })
}

// accepts tells whether the request takes an encoding: named, and not with q=0.
func accepts(r *http.Request, encoding string) bool {
	for offer := range strings.SplitSeq(r.Header.Get("Accept-Encoding"), ",") {
		name, quality, _ := strings.Cut(strings.ReplaceAll(offer, " ", ""), ";q=")
		if name != encoding {
			continue
		}
		if quality == "" {
			return true
		}
		q, err := strconv.ParseFloat(quality, 64)
		return err == nil && q > 0
	}
	return false
}
