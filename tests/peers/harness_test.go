//go:build browser

package peers

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The harness works, and what it says of our own engine is right: everything on a
// small scale, without any peer.
func TestHarness(t *testing.T) {
	d := newDriver(t, t.TempDir())
	small := []int{20, 8, 3}
	for name, w := range map[string]page{
		"classes":       {Kind: "train", Widths: small, Rows: 100, Batch: 32, Epochs: 3},
		"yes or no":     {Kind: "train", Widths: []int{5, 4, 1}, Rows: 50, Batch: 16, Epochs: 3, Steps: true},
		"product":       {Kind: "gemm", N: 21},
		"some rows":     {Kind: "predict", Widths: small, Rows: 5},
		"one row":       {Kind: "predict", Widths: small, Rows: 1, Micros: true},
		"the first row": {Kind: "cold", Widths: small},
		"memory":        {Kind: "memory", Widths: small, Rows: 64, Batch: 32, Epochs: 2},
	} {
		t.Run(name, func(t *testing.T) {
			truth := d.run(engineOf(reference), w)
			whom := []string{ours}
			if name == "some rows" {
				whom = append(whom, "terrarium-worker", "terrarium-nosimd")
			}
			for _, id := range whom {
				got := d.run(engineOf(id), w)
				require.Empty(t, got.Failed+got.Lacks, id)
				assert.Positive(t, got.Value, id)
				assert.Less(t, got.Error, 1e-4, id)
				assert.Empty(t, disagreement(got, truth), id)
				assert.Contains(t, got.Files, "site/terrarium.js", id)
				if w.Kind == "train" {
					assert.Less(t, *got.After, *got.Before, id)
				}
				if w.Kind == "memory" {
					assert.Greater(t, got.WebAssembly, 1e6, "the worker's memory was not found")
				}
			}
		})
	}
}

// The controls: what is wrong or missing is seen, and said.
func TestHarnessSeesFailures(t *testing.T) {
	d := newDriver(t, t.TempDir())
	got := d.run(engineOf("jax"), page{Kind: "gemm", N: 4})
	assert.Contains(t, got.Failed, "npm/@jax-js/jax/dist/index.js", "it is not installed")
	got = d.run(engineOf(reference), page{Kind: "gemm", N: 4})
	assert.Equal(t, "not what it is for", got.Lacks)

	loss := func(v float64) *float64 { return &v }
	truth := result{Before: loss(2.4), After: loss(0.5)}
	assert.Empty(t, disagreement(result{Before: loss(2.4001), After: loss(0.51)}, truth))
	assert.Contains(t, disagreement(result{Before: loss(2.41), After: loss(0.5)}, truth), "before")
	assert.Contains(t, disagreement(result{Before: loss(2.4), After: loss(0.6)}, truth), "after")
	assert.NotEmpty(t, disagreement(result{}, truth))
}
