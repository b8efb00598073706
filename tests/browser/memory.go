//go:build browser

package browser

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/chromedp/cdproto/heapprofiler"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// Heap is what the JavaScript of the page and of its workers holds, in bytes, after
// its garbage was collected. A worker that waits for shared memory does not answer.
func (p *Page) Heap() (sum float64, err error) {
	p.t.Helper()
	add := asking(func(ctx context.Context) error {
		if err := heapprofiler.CollectGarbage().Do(ctx); err != nil {
			return err
		}
		used, _, _, _, err := runtime.GetHeapUsage().Do(ctx)
		sum += used
		return err
	})
	if err := add(p.Ctx); err != nil {
		return 0, err
	}
	_, err = p.eachWorker(add)
	return sum, err
}

// WorkersMemory is the size of the WebAssembly memories in the page's workers, in
// bytes, without those that are shared with others. It looks for them in the heap: on
// pages with a large one Chromium does not come back from that.
func (p *Page) WorkersMemory() (sum float64, err error) {
	p.t.Helper()
	_, err = p.eachWorker(asking(func(ctx context.Context) error {
		bytes, err := memories(ctx)
		sum += bytes
		return err
	}))
	return sum, err
}

// asking is a function for a tab or a worker that speaks Chromium's protocol to it.
func asking(do func(ctx context.Context) error) func(ctx context.Context) error {
	return func(ctx context.Context) error {
		ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
		defer cancel()
		return chromedp.Run(ctx, chromedp.ActionFunc(do))
	}
}

func memories(ctx context.Context) (bytes float64, err error) {
	prototype, thrown, err := runtime.Evaluate(`WebAssembly.Memory.prototype`).Do(ctx)
	if err != nil || thrown != nil {
		return 0, fmt.Errorf("no WebAssembly: %w, %v", err, thrown)
	}
	found, err := runtime.QueryObjects(prototype.ObjectID).Do(ctx)
	if err != nil {
		return 0, err
	}
	sum, thrown, err := runtime.CallFunctionOn(`function () {
		return this.filter(({ buffer }) => buffer instanceof ArrayBuffer).reduce((sum, { buffer }) => sum + buffer.byteLength, 0);
	}`).WithObjectID(found.ObjectID).WithReturnByValue(true).Do(ctx)
	if err != nil || thrown != nil {
		return 0, fmt.Errorf("memories cannot be counted: %w, %v", err, thrown)
	}
	return bytes, json.Unmarshal(sum.Value, &bytes)
}
