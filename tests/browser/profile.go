//go:build browser

package browser

import (
	"net/http/httptest"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
	"github.com/terrarium-ml/terrarium/site/build"
	"github.com/terrarium-ml/terrarium/site/host"
)

// A Profile is a folder in which Chromium keeps what pages store, from one of its lives to
// the next.
type Profile struct {
	t   testing.TB
	dir string
}

// NewProfile makes an empty one.
func NewProfile(t testing.TB) *Profile {
	t.Helper()
	dir, err := os.MkdirTemp("", "terrarium-profile-")
	require.NoError(t, err)
	t.Cleanup(func() { os.RemoveAll(dir) })
	return &Profile{t, dir}
}

// Open starts Chromium with the profile, and opens a tab in it that shares its storage.
// kill ends the browser as a flat battery does: at once, without a word.
func (p *Profile) Open(url string) (page *Page, kill func()) {
	p.t.Helper()
	ctx := Chromium(p.t, "user-data-dir="+p.dir)
	page = open(p.t, ctx, "", url)
	targets, err := target.GetTargets().Do(executor(ctx))
	require.NoError(p.t, err)
	for _, info := range targets {
		if info.TargetID == chromedp.FromContext(page.Ctx).Target.TargetID {
			page.storage = info.BrowserContextID // the browser's own, by its name
		}
	}
	return page, func() {
		p.t.Helper()
		page.Expect("") // nothing that it says any more counts
		process := chromedp.FromContext(ctx).Browser.Process()
		require.NoError(p.t, process.Signal(syscall.SIGKILL))
		process.Wait()
		os.Remove(filepath.Join(p.dir, "SingletonLock")) // what a killed browser leaves behind
	}
}

// Stoppable serves the site until stop is called: as it is built or, hashed, under the names
// by which it is published.
func Stoppable(t testing.TB, hashed bool) (url string, stop func()) {
	t.Helper()
	require.NoError(t, built())
	dir := filepath.Join(Root(t), "site")
	if hashed {
		to := t.TempDir()
		_, err := build.HashedSite(dir, to)
		require.NoError(t, err)
		dir = to
	}
	handler, err := host.Handler(dir)
	require.NoError(t, err)
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return server.URL + "/", func() {
		server.CloseClientConnections()
		server.Close()
	}
}
