//go:build browser

package tests

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/terrarium-ml/terrarium/tests/browser"
)

// What the page reaches by itself on real tables: the mean score on rows it never
// saw, over five seeds that were chosen before looking.
func TestScores(t *testing.T) {
	chromium, url := browser.Chromium(t), browser.Site(t, nil)+"/deep/site/"
	for _, c := range []struct {
		file, target string
		want         float64
		leaks        []string
	}{
		{"penguins.csv", "species", 0.97, nil},
		{"titanic.csv", "survived", 0.78, []string{"alive"}},
		{"mpg.csv", "mpg", 0.82, nil},
	} {
		t.Run(c.file, func(t *testing.T) {
			s := openStudio(t, chromium, url)
			s.open(dataFile(t, c.file))
			s.WaitFor(`[...document.querySelector('#target')?.options ?? []].some((o) => o.value === '` + c.target + `')`)
			s.set("target", c.target)
			s.WaitFor(`document.querySelector('#target').value === '` + c.target + `' && /kept aside/.test(document.querySelector('#prepared').textContent)`)
			var leaks []string
			s.Eval(`[...document.querySelectorAll('.leak[data-leak]')].filter((e) => /Left out/.test(e.textContent)).map((e) => e.dataset.leak)`, &leaks)
			assert.Subset(t, leaks, c.leaks)
			sum := 0.0
			for seed := 1; seed <= 5; seed++ {
				score := s.train(seed)
				t.Logf("%s, seed %d: %.4f", c.file, seed, score)
				sum += score
			}
			t.Logf("%s: mean %.4f", c.file, sum/5)
			assert.GreaterOrEqual(t, sum/5, c.want)
		})
	}
}
