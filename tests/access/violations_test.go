//go:build browser

package access

import (
	_ "embed"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/terrarium-ml/terrarium/tests/browser"
)

//go:embed violations.html
var violations string

// served is a page of one file.
func served(t *testing.T, html string) *browser.Page {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Write([]byte(html)) // to a browser that waits for it
	}))
	t.Cleanup(server.Close)
	return browser.Open(t, browser.Chromium(t), server.URL)
}

// Each rule finds its violation, and finds nothing where there is none. A rule without a
// violation would be one that cannot fail.
func TestEveryRuleFindsItsViolation(t *testing.T) {
	p := served(t, violations)
	p.Size(360, 740, false)
	found, rules := Find(p)
	var marked []struct{ Marks, Element string }
	p.Eval(`[...document.querySelectorAll('[data-breaks]')].map((e) => ({ marks: e.dataset.breaks, element: e.outerHTML.replace(/\s+/g, ' ').slice(0, 160) }))`, &marked)
	missed := map[string]bool{}
	for _, m := range marked {
		for _, rule := range strings.Fields(m.Marks) {
			require.Contains(t, rules, rule, "violations.html names a rule that does not exist")
			missed[rule] = true
			ok := slices.ContainsFunc(found, func(f Finding) bool { return f.Rule == rule && f.Element == m.Element })
			assert.True(t, ok, "%s does not find %s", rule, m.Element)
		}
	}
	for _, rule := range rules {
		assert.True(t, missed[rule], "no violation of the rule %s stands in violations.html", rule)
		assert.Contains(t, of(found), rule)
	}
	for _, f := range found {
		assert.Contains(t, strings.Fields(f.Marks), f.Rule, "found in the wrong place: %s", text([]Finding{f}))
	}
	assert.NotEmpty(t, nameless(t, p), "the browser's own tree has buttons without names here")
}

// A page of right things, the same that violations.html does wrong, breaks nothing.
func TestASoundPageBreaksNothing(t *testing.T) {
	p := served(t, `<!DOCTYPE html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark"><title>Sound</title><link rel="icon" href="data:,">
		<style>:root { color-scheme: light dark } button, a, select, input { min-height: 30px } a { display: inline-block } p a { display: inline; color: light-dark(#00e, #9bf) }</style>
		<a class="skip" href="#here">Skip</a><header><nav aria-label="Places"><a href="#here">Here</a></nav></header>
		<main><h1 id="here" tabindex="-1">One</h1><h2>Two</h2><p role="status">Ready.</p><p>A <a href="#here">link</a> in a text.</p>
		<label for="a">Name</label> <input id="a"><label>Colour <select><option>red</select></label><button aria-label="Close the box">Close</button>
		<img alt="" src="data:image/gif;base64,R0lGODlhAQABAAAAACw="><svg role="img" aria-label="A circle" width="9" height="9"><circle r="3"/></svg>
		<table><thead><tr><th scope="col">A<th scope="col">B<tbody><tr><th scope="row">a<td>1</table><ul><li>One</ul><dl><dt>One<dd>Two</dl></main>`)
	Check(t, p, "sound")
}
