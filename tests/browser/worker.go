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
	require.Positive(p.t, p.eachWorker(do), "the page has no worker")
}

// eachWorker calls do for every worker, and returns how many there are.
func (p *Page) eachWorker(do func(ctx context.Context) error) int {
	p.t.Helper()
	targets, err := target.GetTargets().Do(executor(p.browser))
	require.NoError(p.t, err)
	found := 0
	for _, info := range targets {
		if info.Type != "worker" || info.BrowserContextID != p.storage {
			continue
		}
		found++
		ctx, cancel := chromedp.NewContext(p.Ctx, chromedp.WithTargetID(info.TargetID))
		require.NoError(p.t, do(ctx))
		p.t.Cleanup(cancel) // it would close the worker
	}
	return found
}
