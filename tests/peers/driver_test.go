//go:build browser

package peers

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	cdpage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
	"github.com/terrarium-ml/terrarium/site/build"
	"github.com/terrarium-ml/terrarium/tests/browser"
)

// patience is for one piece of work of one engine.
const patience = 2 * time.Minute

// A driver opens pages in one browser.
type driver struct {
	t        testing.TB
	chromium context.Context
	server   *server
	pages    int
}

// newDriver builds the site, and serves the peers from the folder of their packages.
func newDriver(t testing.TB, npm string) *driver {
	root := browser.Root(t)
	require.NoError(t, build.All(context.Background(), root, func(string) {}))
	return &driver{t: t, chromium: browser.Chromium(t), server: newServer(t, map[string]string{
		"peers": filepath.Join(root, "tests", "peers", "page"),
		"site":  filepath.Join(root, "site"),
		"npm":   npm,
	})}
}

// run does one piece of work in a page of its own. What goes wrong there is part of
// the result.
func (d *driver) run(e engine, w page) result {
	d.pages++
	name := fmt.Sprintf("%s-%d", e.ID, d.pages)
	options, err := json.Marshal(e.Options)
	require.NoError(d.t, err)
	query := url.Values{"engine": {e.File}, "options": {string(options)}, "work": {w.String()}}
	p := browser.Open(d.t, d.chromium, d.server.url+"/"+name+"/peers/?"+query.Encode())
	defer p.Close()
	var r result
	var text string
	if err := evaluate(p, `globalThis.outcome`, &text); err != nil {
		r.Failed = err.Error()
	} else {
		require.NoError(d.t, json.Unmarshal([]byte(text), &r))
	}
	if r.Failed == "" && r.Lacks == "" && w.Kind == "memory" {
		if err := d.watch(p, &r); err != nil {
			r.Failed = "its memory could not be seen: " + err.Error()
		}
	}
	if r.Failed != "" {
		r.Failed = strings.Join(append([]string{r.Failed}, p.Errors()...), "; ")
	}
	r.Files = d.server.files(name)
	return r
}

// watch looks at a page's memory before and after it trains on.
func (d *driver) watch(p *browser.Page, r *result) error {
	before, err := p.Heap()
	if err != nil {
		return err
	}
	if err := evaluate(p, `globalThis.more().then(() => 'done')`, new(string)); err != nil {
		return err
	}
	after, err := p.Heap()
	if err != nil {
		return err
	}
	r.Grew = after - before
	if err := evaluate(p, `globalThis.memories()`, &r.WebAssembly); err != nil {
		return err
	}
	inWorkers, err := p.WorkersMemory()
	r.WebAssembly += inWorkers
	return err
}

// evaluate is Page.Eval for pages that may fail, or never end.
func evaluate(p *browser.Page, expression string, value any) error {
	ctx, cancel := context.WithTimeout(p.Ctx, patience)
	defer cancel()
	err := chromedp.Run(ctx, chromedp.Evaluate(expression, value, func(e *runtime.EvaluateParams) *runtime.EvaluateParams {
		return e.WithAwaitPromise(true)
	}))
	if ctx.Err() != nil {
		// A script that never returns would go on, and take its processor from the others.
		last, cancel := context.WithTimeout(p.Ctx, time.Second)
		defer cancel()
		chromedp.Run(last, cdpage.Crash()) // it does not answer
		return fmt.Errorf("not done after %s", patience)
	}
	return err
}
