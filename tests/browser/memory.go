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
	"github.com/stretchr/testify/require"
)

// Heap is what the JavaScript of the page and of its workers holds, in bytes, after
// its garbage was collected.
func (p *Page) Heap() float64 {
	p.t.Helper()
	sum := 0.
	add := asking(func(ctx context.Context) error {
		if err := heapprofiler.CollectGarbage().Do(ctx); err != nil {
			return err
		}
		used, _, _, _, err := runtime.GetHeapUsage().Do(ctx)
		sum += used
		return err
	})
	require.NoError(p.t, add(p.Ctx))
	p.eachWorker(add)
	return sum
}

// WorkersMemory is the size of the WebAssembly memories in the page's workers, in
// bytes, without those that are shared with others. It looks for them in the heap: on
// pages with a large one Chromium does not come back from that.
func (p *Page) WorkersMemory() float64 {
	p.t.Helper()
	sum := 0.
	p.eachWorker(asking(func(ctx context.Context) error {
		bytes, err := memories(ctx)
		sum += bytes
		return err
	}))
	return sum
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
