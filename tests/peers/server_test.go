//go:build browser

package peers

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// A server serves every page below a name of its own, so that nothing of one is in
// another's cache and what each loaded is known: /NAME/peers/ are the harness, /NAME/
// site/ is Terrarium, /NAME/npm/ the peers.
type server struct {
	url  string
	dirs map[string]string

	mu     sync.Mutex
	loaded map[string]map[string]int // bytes by path, by page
}

func newServer(t testing.TB, dirs map[string]string) *server {
	s := &server{dirs: dirs, loaded: map[string]map[string]int{}}
	listener := httptest.NewServer(s)
	t.Cleanup(listener.Close)
	s.url = listener.URL
	return s
}

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	name, rest, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	part, path, _ := strings.Cut(rest, "/")
	dir, ok := s.dirs[part]
	if !ok {
		http.NotFound(w, r)
		return
	}
	if info, err := os.Stat(filepath.Join(dir, filepath.FromSlash(path))); err == nil && !info.IsDir() && part != "peers" {
		s.note(name, rest, int(info.Size()))
	}
	head := w.Header()
	// Memory may be shared, and the clock is a fine one.
	head.Set("Cross-Origin-Opener-Policy", "same-origin")
	head.Set("Cross-Origin-Embedder-Policy", "require-corp")
	head.Set("Cross-Origin-Resource-Policy", "same-origin")
	head.Set("Cache-Control", "no-store")
	switch filepath.Ext(path) { // the operating system's table may not know these
	case ".js", ".mjs":
		head.Set("Content-Type", "text/javascript; charset=utf-8")
	case ".wasm":
		head.Set("Content-Type", "application/wasm")
	}
	http.StripPrefix("/"+name+"/"+part, http.FileServer(http.Dir(dir))).ServeHTTP(w, r)
}

func (s *server) note(name, path string, bytes int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.loaded[name] == nil {
		s.loaded[name] = map[string]int{}
	}
	s.loaded[name][path] = bytes
}

// files is what a page loaded for its engine.
func (s *server) files(name string) map[string]int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.loaded[name]
}
