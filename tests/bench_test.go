//go:build browser

package tests

import (
	"strings"
	"testing"

	"github.com/terrarium-ml/terrarium/tests/browser"
)

// Speed in Chromium, through the JavaScript face. Nothing here fails for being slow:
// BENCHMARKS.md has the numbers and the machine.

func BenchmarkTrainMLP(b *testing.B) {
	const samples = 2 * 6000
	b.ReportMetric(samples/fastest(b, "mlp"), "samples/s")
}

func BenchmarkTrainTabular(b *testing.B) {
	const steps = 100 * 32
	b.ReportMetric(steps/fastest(b, "tabular"), "steps/s")
}

func BenchmarkTrainLSTM(b *testing.B) {
	const samples = 10 * 1024
	b.ReportMetric(samples/fastest(b, "lstm"), "samples/s")
}

func BenchmarkTrainTransformer(b *testing.B) {
	const samples, context = 2 * 256, 64
	seconds := fastest(b, "transformer")
	b.ReportMetric(samples/seconds, "samples/s")
	b.ReportMetric(samples*context/seconds, "tokens/s")
}

func BenchmarkStart(b *testing.B) {
	b.ReportMetric(fastest(b, "start")*1000, "ms")
}

// BenchmarkKernels compares the kernel module with Go's kernels, on the page's thread.
func BenchmarkKernels(b *testing.B) {
	p := browser.Open(b, browser.Chromium(b), browser.Site(b, nil)+"/pages/")
	var works []struct {
		Name, Unit string
		Module, Go float64
	}
	p.Eval(`import('/pages/kernels.js').then((m) => m.race())`, &works)
	for _, work := range works {
		for who, speed := range map[string]float64{"module": work.Module, "go": work.Go} {
			b.Run(strings.ReplaceAll(work.Name, " ", "/")+"/"+who, func(b *testing.B) {
				for b.Loop() { // the browser has counted
				}
				b.ReportMetric(0, "ns/op")
				b.ReportMetric(speed, work.Unit)
			})
		}
	}
}

// fastest is the least of several runs, in seconds: what other programs do on the
// machine only ever slows one down.
func fastest(b *testing.B, work string) float64 {
	p := browser.Open(b, browser.Chromium(b), browser.Site(b, nil)+"/pages/")
	best := 0.0
	for range 5 {
		var seconds float64
		p.Eval(`import('/pages/bench.js').then((m) => m.`+work+`())`, &seconds)
		if best == 0 || seconds < best {
			best = seconds
		}
	}
	for b.Loop() { // the browser has counted; Go has nothing to repeat
	}
	b.ReportMetric(0, "ns/op")
	return best
}
