//go:build browser

package tests

import (
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/terrarium-ml/terrarium/site/build"
	"github.com/terrarium-ml/terrarium/tests/browser"
)

// BenchmarkFirstPaint tells when somebody who comes for the first time sees something: each
// page as `make dist` writes it, from a plain static host without compression, in a browser
// of its own with an empty profile. Medians of seven, in ms since the page was asked for:
// the first pixel, the first text, and when the page answers.
func BenchmarkFirstPaint(b *testing.B) {
	browser.Site(b, nil) // builds it
	dir := filepath.Join(b.TempDir(), "site")
	_, err := build.HashedSite(filepath.Join(browser.Root(b), "site"), dir)
	require.NoError(b, err)
	url := plainFolder(b, dir, nil)
	for _, page := range []string{"index", "images", "text", "series", "playground"} {
		b.Run(page, func(b *testing.B) {
			const visits = 7
			var paint, text, ready []float64
			for range visits {
				first := firstLook(b, url+page+".html")
				paint, text, ready = append(paint, first[0]), append(text, first[1]), append(ready, first[2])
			}
			for b.Loop() { // the browser has counted
			}
			b.ReportMetric(0, "ns/op")
			for unit, times := range map[string][]float64{"paint-ms": paint, "contentful-ms": text, "ready-ms": ready} {
				slices.Sort(times)
				b.ReportMetric(times[visits/2], unit)
			}
		})
	}
}

// firstLook opens a page in a fresh browser.
func firstLook(b *testing.B, url string) (times [3]float64) {
	p := browser.Open(b, browser.Chromium(b), url)
	defer p.Close()
	p.Eval(`new Promise((done) => (function look() {
		if (!document.querySelector('#status .ready')) return requestAnimationFrame(look);
		const at = (name) => performance.getEntriesByName(name)[0].startTime;
		done([at('first-paint'), at('first-contentful-paint'), performance.now()]);
	})())`, &times)
	return times
}
