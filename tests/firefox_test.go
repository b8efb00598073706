//go:build browser

package tests

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/terrarium-ml/terrarium/tests/browser"
)

// A road is walked from its sample to a trained model.
type walk struct{ page, sample, complete, epochs string }

// walks are all roads, by what shows that the sample is there.
var walks = map[string]walk{
	"tables": {"", "#sample-garden", `/kept aside/.test(document.querySelector('#prepared')?.textContent)`, "3"},
	"images": {"images.html", "#samples button", `document.querySelectorAll('#classes li[data-class-name]').length > 1`, "1"},
	"text":   {"text.html", "#samples button", `/./.test(document.querySelector('#vocabulary-said')?.textContent)`, "2"},
	"series": {"series.html", "#sample-sales", `document.querySelector('#split-plot [data-part]')`, "3"},
}

// A person is what walks: Chromium's page, or Firefox's.
type person interface {
	Click(selector string)
	Type(selector, text string)
	WaitFor(expression string)
	Eval(expression string, result any)
}

// A chromiumPerson is a studio's, with the hands of the other tests.
type chromiumPerson struct{ *studio }

func (p chromiumPerson) Click(selector string)      { p.pressAt(selector) }
func (p chromiumPerson) Type(selector, text string) { p.set(strings.TrimPrefix(selector, "#"), text) }

func (w walk) digest(t *testing.T, p person) (digest string) {
	p.WaitFor(`document.documentElement.dataset.page === 'running' && document.querySelector('#samples button:enabled') && document.querySelector('#status .ready')`)
	p.Click(w.sample)
	p.WaitFor(w.complete + ` && document.querySelector('#seed')`)
	p.Type("#seed", "3")
	p.Type("#epochs", w.epochs)
	p.Click("#train")
	p.WaitFor(anyProblem + ` || document.querySelector('#digest') && document.querySelector('#seed-used')?.textContent === '3' && !document.querySelector('#train-progress')`)
	var problem string
	p.Eval(anyProblem, &problem)
	assert.Empty(t, problem)
	p.Eval(`document.querySelector('#digest').textContent`, &digest)
	return digest
}

// Every road works in Firefox, by mouse and keyboard, and ends at the weights that
// Chromium ends at.
func TestRoadsInFirefox(t *testing.T) {
	site := browser.Site(t, nil) + "/deep/site/"
	f := browser.StartFirefox(t)
	chromium := browser.Chromium(t)
	for name, w := range walks {
		t.Run(name, func(t *testing.T) {
			want := w.digest(t, chromiumPerson{openStudio(t, chromium, site+w.page)})
			f.Open(site + w.page)
			assert.Equal(t, want, w.digest(t, f))
			assert.Regexp(t, `[0-9a-f]{64}`, want)
		})
	}
	f.Open(site + "playground.html")
	f.WaitFor(`document.documentElement.dataset.page === 'running' && document.querySelector('#play-tools button:enabled')`)
	f.Click("#play")
	f.WaitFor(`Number(document.querySelector('#play-epoch')?.dataset.value) > 3`)
}
