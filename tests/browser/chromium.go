//go:build browser

// Package browser is what the tests in browsers stand on: Chromium by chromedp,
// Firefox by WebDriver BiDi, a server of the site, and a proxy that writes down
// whom a browser speaks to.
package browser

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
)

// talkative are features of Chromium that speak to their makers' servers.
var talkative = []string{
	"AutofillServerCommunication", "NetworkTimeServiceQuerying", "OptimizationHints", "OptimizationGuideModelDownloading",
	"MediaRouter", "Translate", "CertificateTransparencyComponentUpdater", "InterestFeedContentSuggestions",
	"ChromeWhatsNewUI", "PrivacySandboxSettings4", "SafeBrowsingOnUMA",
}

// nowhere is where the rest of such talk goes: a port of this machine that is closed.
const nowhere = "http://127.0.0.1:9/"

// Chromium starts a browser with a fresh profile, which ends with the test. Each of
// settings is a switch without its dashes: "name" or "name=value". They keep the
// browser from speaking to anybody by itself: what a proxy sees is then the page's.
func Chromium(t testing.TB, settings ...string) context.Context {
	t.Helper()
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.DisableGPU,
		chromedp.WindowSize(1280, 800),
		chromedp.Flag("disable-dev-shm-usage", true), // small in containers
		chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-domain-reliability", true),
		chromedp.Flag("no-pings", true),
		chromedp.Flag("disable-extensions", true),
		chromedp.Flag("disable-features", strings.Join(talkative, ",")),
		chromedp.Flag("gaia-url", nowhere),
		chromedp.Flag("component-updater", "url-source="+nowhere),
		chromedp.Env("LC_ALL=C.UTF-8"), // elsewhere it garbles names of files
	)
	for _, s := range settings {
		name, value, given := strings.Cut(s, "=")
		if given {
			options = append(options, chromedp.Flag(name, value))
		} else {
			options = append(options, chromedp.Flag(name, true))
		}
	}
	allocator, stop := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(stop)
	ctx, cancel := chromedp.NewContext(allocator)
	t.Cleanup(cancel)
	require.NoError(t, chromedp.Run(ctx), "Chromium does not start; is it installed?")
	return ctx
}

// A Page is one tab, in a browser context of its own: no other test's storage is
// seen. What goes wrong on it is collected, and fails the test unless it is taken.
type Page struct {
	t   testing.TB
	Ctx context.Context

	browser context.Context
	storage cdp.BrowserContextID
	close   context.CancelFunc

	mu       sync.Mutex
	errors   []string
	expected []string
}

// Open opens a tab at the address.
func Open(t testing.TB, browser context.Context, url string) *Page {
	t.Helper()
	id, err := target.CreateBrowserContext().Do(executor(browser))
	require.NoError(t, err)
	return open(t, browser, id, url)
}

// Close ends the tab before the test does, whatever it is doing. Its errors no longer count.
func (p *Page) Close() {
	p.t.Helper()
	p.Expect("")
	p.close()
	require.NoError(p.t, target.DisposeBrowserContext(p.storage).Do(executor(p.browser)))
}

// Beside opens another tab, which shares the storage of this one.
func (p *Page) Beside(url string) *Page {
	p.t.Helper()
	return open(p.t, p.browser, p.storage, url)
}

// open makes the tab itself: chromedp's would not ask for the window that a new
// browser context needs.
func open(t testing.TB, browser context.Context, storage cdp.BrowserContextID, url string) *Page {
	t.Helper()
	id, err := target.CreateTarget("about:blank").WithBrowserContextID(storage).WithNewWindow(true).Do(executor(browser))
	require.NoError(t, err)
	ctx, cancel := chromedp.NewContext(browser, chromedp.WithTargetID(id))
	p := &Page{t: t, Ctx: ctx, browser: browser, storage: storage, close: cancel}
	chromedp.ListenTarget(ctx, p.listen)
	t.Cleanup(func() {
		cancel()
		for _, e := range p.Errors() {
			t.Error("on the page:", e)
		}
	})
	p.Run(chromedp.Navigate(url))
	return p
}

// executor speaks to the browser itself, not to a tab.
func executor(browser context.Context) context.Context {
	return cdp.WithExecutor(browser, chromedp.FromContext(browser).Browser)
}

// listen collects errors: of the console, uncaught ones, and the browser's own, for
// example of the network or of the policy.
func (p *Page) listen(event any) {
	switch e := event.(type) {
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.APITypeError || e.Type == runtime.APITypeAssert {
			var words []string
			for _, a := range e.Args {
				words = append(words, string(a.Value)+a.Description)
			}
			p.note("console: " + strings.Join(words, " "))
		}
	case *runtime.EventExceptionThrown:
		p.note("uncaught: " + e.ExceptionDetails.Error())
	case *page.EventJavascriptDialogOpening:
		// "Leave this page?": yes. Not from here: the tab waits for this function.
		go chromedp.Run(p.Ctx, page.HandleJavaScriptDialog(true))
	case *log.EventEntryAdded:
		if e.Entry.Level == log.LevelError {
			p.note(fmt.Sprintf("%s: %s %s", e.Entry.Source, e.Entry.Text, e.Entry.URL))
		}
	}
}

// Expect lets errors pass that contain the text, also those that were collected
// already: the test causes them.
func (p *Page) Expect(text string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.expected = append(p.expected, text)
	p.errors = slices.DeleteFunc(p.errors, func(e string) bool { return strings.Contains(e, text) })
}

func (p *Page) note(text string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if slices.ContainsFunc(p.expected, func(e string) bool { return strings.Contains(text, e) }) {
		return
	}
	p.errors = append(p.errors, text)
}

// Errors takes the errors that were collected until now: they no longer fail the
// test.
func (p *Page) Errors() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	taken := p.errors
	p.errors = nil
	return taken
}

// Run does what a person would do, and fails the test where that cannot be done.
func (p *Page) Run(actions ...chromedp.Action) {
	p.t.Helper()
	require.NoError(p.t, chromedp.Run(p.Ctx, actions...))
}

// Eval runs an expression of JavaScript in the page, waits for what it promises,
// and decodes its value into result, unless that is nil.
func (p *Page) Eval(expression string, result any) {
	p.t.Helper()
	p.Run(chromedp.Evaluate(expression, result, awaited))
}

func awaited(e *runtime.EvaluateParams) *runtime.EvaluateParams { return e.WithAwaitPromise(true) }

// WaitFor waits until the expression is true. It looks after every frame, for as
// long as the test may run; shortly before it may no longer, it says what it waited
// for and takes a picture of what it saw.
func (p *Page) WaitFor(expression string) {
	p.t.Helper()
	const rest = 10 * time.Second
	timeout := time.Duration(0) // for ever
	if t, ok := p.t.(*testing.T); ok {
		if end, ok := t.Deadline(); ok {
			timeout = max(time.Until(end)-rest, time.Millisecond)
		}
	}
	err := chromedp.Run(p.Ctx, chromedp.Poll(expression, nil, chromedp.WithPollingTimeout(timeout)))
	if errors.Is(err, chromedp.ErrPollingTimeout) {
		picture := p.Screenshot("waiting-" + strings.ReplaceAll(p.t.Name(), "/", "-"))
		p.t.Fatalf("waited in vain for %s; what was there instead: %s", expression, picture)
	}
	require.NoError(p.t, err)
}

// Text is what an element shows.
func (p *Page) Text(selector string) string {
	p.t.Helper()
	var text string
	p.Run(chromedp.Text(selector, &text, chromedp.ByQuery))
	return text
}

// Size makes the window as large as that, in CSS pixels, and dark or light.
func (p *Page) Size(width, height int, dark bool) {
	p.t.Helper()
	scheme := "light"
	if dark {
		scheme = "dark"
	}
	p.Run(chromedp.EmulateViewport(int64(width), int64(height)),
		emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}))
}

// Storage names the browser context of this page, for commands about it.
func (p *Page) Storage() cdp.BrowserContextID { return p.storage }

// View writes what the window shows as tests/artefacts/NAME.png and returns its path.
func (p *Page) View(name string) string {
	p.t.Helper()
	var picture []byte
	p.Run(chromedp.CaptureScreenshot(&picture))
	return p.keep(name, picture)
}

// Screenshot writes the whole page as tests/artefacts/NAME.png and returns its path.
func (p *Page) Screenshot(name string) string {
	p.t.Helper()
	var picture []byte
	p.Run(chromedp.FullScreenshot(&picture, 100))
	return p.keep(name, picture)
}

func (p *Page) keep(name string, picture []byte) string {
	p.t.Helper()
	path := filepath.Join(Artefacts(p.t), name+".png")
	require.NoError(p.t, os.WriteFile(path, picture, 0o644))
	return path
}

// Artefacts is the folder for what tests leave to be looked at.
func Artefacts(t testing.TB) string {
	t.Helper()
	dir := filepath.Join(Root(t), "tests", "artefacts")
	require.NoError(t, os.MkdirAll(dir, 0o755))
	return dir
}
