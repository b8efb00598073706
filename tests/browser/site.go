//go:build browser

package browser

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/terrarium-ml/terrarium/site/build"
	"github.com/terrarium-ml/terrarium/site/host"
)

// Root is the project's root.
func Root(t testing.TB) string {
	t.Helper()
	root, err := build.Root(context.Background())
	require.NoError(t, err)
	return root
}

// built builds the site once for all tests of a program.
var built = sync.OnceValue(func() error {
	ctx := context.Background()
	root, err := build.Root(ctx)
	if err != nil {
		return err
	}
	return build.All(ctx, root, func(string) {})
})

// Site builds the site and serves it, from a folder called /deep/site/ so that no
// path which begins with a slash works by luck. Below /pages/ are the tests' own
// pages, and scripts, given as texts by name.
func Site(t testing.TB, scripts map[string]string) (url string) {
	t.Helper()
	require.NoError(t, built())
	root := Root(t)
	mux := http.NewServeMux()
	for prefix, dir := range map[string]string{
		"/deep/site/": filepath.Join(root, "site"),
		"/pages/":     filepath.Join(root, "tests", "pages"),
	} {
		handler, err := host.Handler(dir)
		require.NoError(t, err)
		mux.Handle(prefix, http.StripPrefix(prefix[:len(prefix)-1], handler))
	}
	for name, text := range scripts {
		mux.HandleFunc("/pages/"+name, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "text/javascript; charset=utf-8")
			io.WriteString(w, text) // to a browser that waits for it
		})
	}
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server.URL
}
