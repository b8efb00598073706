//go:build browser

package access

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/terrarium-ml/terrarium/tests/browser"
)

// The rules, in the order in which they need each other.
var (
	//go:embed tree.js
	tree string
	//go:embed names.js
	names string
	//go:embed aria.js
	aria string
	//go:embed structure.js
	structure string
	//go:embed colours.js
	colours string
	//go:embed space.js
	space string
	//go:embed run.js
	run string
)

// A Finding is an element that breaks a rule.
type Finding struct {
	Rule, Why, Element string
	Marks              string // what the element says of itself that it breaks, in violations.html
}

// Find applies rules to a page as it is now; without names, all.
func Find(p *browser.Page, which ...string) (found []Finding, rules []string) {
	asked, _ := json.Marshal(append([]string{}, which...)) // strings always can be
	var got struct {
		Found []Finding
		Rules []string
	}
	p.Eval("(() => {\n'use strict';\nconst asked = "+string(asked)+";\n"+tree+names+aria+structure+colours+space+run+"\n})()", &got)
	return got.Found, got.Rules
}

// A look is a window.
type look struct {
	width, height int
	dark          bool
}

func (l look) String() string {
	return fmt.Sprintf("%d px, %s", l.width, map[bool]string{false: "light", true: "dark"}[l.dark])
}

// looks are those in which every state of a page is checked; what does not change with the
// window is checked in the first.
var looks = []look{{1280, 900, false}, {1280, 900, true}, {768, 900, false}, {390, 844, true}, {360, 740, false}, {320, 640, false}}

// changing are the rules that a window may change.
var changing = []string{"contrast", "edge", "narrow", "target", "scroll", "cut", "name", "heading", "landmark", "skip", "order", "id"}

// Check fails the test for everything in this state of the page that somebody cannot use,
// at every width and in both schemes.
func Check(t testing.TB, p *browser.Page, state string) {
	t.Helper()
	seen := map[string]bool{}
	for i, l := range looks {
		p.Size(l.width, l.height, l.dark)
		p.Eval(`new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 60))))`, nil)
		var which []string
		if i > 0 {
			which = changing
		}
		found, _ := Find(p, which...)
		for _, f := range found {
			line := fmt.Sprintf("%s: %s: %s", f.Rule, f.Why, f.Element)
			if !seen[line] {
				seen[line] = true
				assert.Fail(t, line, "when %s, at %s", state, l)
			}
		}
	}
	p.Size(looks[0].width, looks[0].height, false)
	for _, f := range nameless(t, p) {
		assert.Fail(t, "the browser's own tree: "+f, "when %s", state)
	}
}

// of lists the rules that elements break, without repetition.
func of(found []Finding) []string {
	var out []string
	for _, f := range found {
		out = append(out, f.Rule)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// text writes findings for people.
func text(found []Finding) string {
	var b strings.Builder
	for _, f := range found {
		fmt.Fprintf(&b, "%s: %s: %s\n", f.Rule, f.Why, f.Element)
	}
	return b.String()
}
