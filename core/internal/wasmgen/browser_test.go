//go:build browser

package wasmgen

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
)

// evaluate runs a script with an await in it on an empty page of Chromium.
func evaluate(t testing.TB, script string, out any) {
	t.Helper()
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.NoSandbox, chromedp.DisableGPU, chromedp.Flag("disable-dev-shm-usage", true))
	allocator, stop := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(stop)
	ctx, cancel := chromedp.NewContext(allocator)
	t.Cleanup(cancel)
	ctx, cancel = context.WithTimeout(ctx, 5*time.Minute)
	t.Cleanup(cancel)
	wait := func(p *runtime.EvaluateParams) *runtime.EvaluateParams { return p.WithAwaitPromise(true) }
	require.NoError(t, chromedp.Run(ctx, chromedp.Navigate("about:blank"), chromedp.Evaluate(script, out, wait)))
}

// variant is a module whose export "run" does the work once, on a memory of 64 MiB.
type variant struct {
	Name string
	Wasm []byte // base64 in JSON
	Args []int32
	Flop float64
}

// race measures variants in turn, round after round, and returns the best GFLOP/s of each.
func race(t testing.TB, export string, rounds, milliseconds int, variants []variant) []float64 {
	t.Helper()
	encoded, err := json.Marshal(variants)
	require.NoError(t, err)
	args, err := json.Marshal([]any{export, rounds, milliseconds})
	require.NoError(t, err)
	var best []float64
	evaluate(t, `(async () => {
		const variants = `+string(encoded)+`, [name, rounds, span] = `+string(args)+`;
		const memory = new WebAssembly.Memory({ initial: 1024 });
		new Float32Array(memory.buffer).forEach((_, i, x) => { x[i] = (i * 7919 % 1000) / 1000 - 0.5; });
		const compiled = new Map();
		for (const v of variants) {
			if (!compiled.has(v.Wasm)) {
				const bytes = Uint8Array.from(atob(v.Wasm), (c) => c.charCodeAt(0));
				const { instance } = await WebAssembly.instantiate(bytes, { env: { memory } });
				compiled.set(v.Wasm, instance.exports[name]);
			}
			v.run = compiled.get(v.Wasm);
			v.best = 0;
			v.times = 1;
		}
		for (let round = -4; round < rounds; round++) {
			for (const v of variants) {
				const start = performance.now();
				for (let i = 0; i < v.times; i++) v.run(...v.Args);
				const spent = performance.now() - start;
				if (round >= 0) v.best = Math.max(v.best, v.Flop * v.times / spent / 1e6);
				if (round < 0) v.times = Math.max(1, Math.min(v.times * 20, Math.ceil(v.times * span / Math.max(spent, 0.1))));
			}
		}
		return variants.map((v) => v.best);
	})()`, &best)
	return best
}
