//go:build browser

package browser

import (
	"context"

	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
)

// Killed is what a worker that was killed says as it dies.
const Killed = "killed by the test"

// KillWorkers makes an error go through every worker of this page, as a trap of its
// program would, at its next turn.
func (p *Page) KillWorkers() {
	p.t.Helper()
	p.Expect(Killed)
	p.inWorkers(func(ctx context.Context) error {
		return chromedp.Run(ctx, chromedp.Evaluate(`void setTimeout(() => { throw new Error('`+Killed+`') })`, nil))
	})
}

// InWorkers runs an expression in every worker of this page, waits for what it
// promises, and returns the values as texts of JSON.
func (p *Page) InWorkers(expression string) (values []string) {
	p.t.Helper()
	p.inWorkers(func(ctx context.Context) error {
		var value string
		err := chromedp.Run(ctx, chromedp.Evaluate(`Promise.resolve(`+expression+`).then((v) => JSON.stringify(v ?? null))`, &value, awaited))
		values = append(values, value)
		return err
	})
	return values
}

// inWorkers calls do for every worker, of which there has to be one.
func (p *Page) inWorkers(do func(ctx context.Context) error) {
	p.t.Helper()
	found, err := p.eachWorker(do)
	require.NoError(p.t, err)
	require.Positive(p.t, found, "the page has no worker")
}

// eachWorker calls do for every worker, and returns how many there were until one
// failed.
func (p *Page) eachWorker(do func(ctx context.Context) error) (found int, err error) {
	p.t.Helper()
	targets, err := target.GetTargets().Do(executor(p.browser))
	if err != nil {
		return 0, err
	}
	for _, info := range targets {
		if info.Type != "worker" || info.BrowserContextID != p.storage {
			continue
		}
		found++
		ctx, cancel := chromedp.NewContext(p.Ctx, chromedp.WithTargetID(info.TargetID))
		p.t.Cleanup(cancel) // it would close the worker
		if err := do(ctx); err != nil {
			return found, err
		}
	}
	return found, nil
}
