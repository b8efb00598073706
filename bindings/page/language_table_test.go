package page

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/core/json"
)

func tableOfWords(t *testing.T) map[string]map[string]string {
	t.Helper()
	text, err := os.ReadFile("../../site/words.zh.json")
	require.NoError(t, err)
	var groups map[string]map[string]string
	require.NoError(t, json.Unmarshal(text, &groups))
	return groups
}

var (
	holes     = regexp.MustCompile(`\{[^{}]*\}`)
	holeKinds = regexp.MustCompile(`^\{[nxlte][0-9]?\}$`)
)

// Each entry stands once and has the same places on both sides, of kinds that there are.
func TestEntriesHaveTheSamePlaces(t *testing.T) {
	seen := map[string]string{}
	for group, entries := range tableOfWords(t) {
		for from, to := range entries {
			assert.Empty(t, seen[from], "twice: %q", from)
			seen[from] = group
			assert.NotEmpty(t, to, from)
			had, has := holes.FindAllString(from, -1), holes.FindAllString(to, -1)
			for _, p := range had {
				assert.Regexp(t, holeKinds, p, from)
			}
			slices.Sort(had)
			slices.Sort(has)
			assert.Equal(t, had, has, from)
			if strings.Contains(from, "{x") { // or it would match nearly anything
				assert.Regexp(t, `[A-Za-z]{4}|^Use of |^Why and how: |[“”→=]`, holes.ReplaceAllString(from, ""), from)
			}
			assert.NotContains(t, from, "}{", "nothing tells where one place ends: %q", from)
		}
	}
}

// Chinese sentences have Chinese punctuation.
func TestChinesePunctuation(t *testing.T) {
	for _, entries := range tableOfWords(t) {
		for from, to := range entries {
			assert.NotRegexp(t, `\p{Han}[,;:!?]|\p{Han}\.( |$)`, to, from)
			assert.NotRegexp(t, `[，。；：、] `, to, from)
		}
	}
}

var (
	between   = regexp.MustCompile(`(?s)>([^<>]+)<`)
	spokenOf  = regexp.MustCompile(`<[a-z][^<>]* (?:aria-label|title|placeholder|alt)="([^"]*)"`)
	described = regexp.MustCompile(`<meta name="description" content="([^"]*)">`)
	silent    = regexp.MustCompile(`(?s)<!--.*?-->|<noscript>.*?</noscript>|<([a-z]+)[^<>]* translate="no"[^<>]*>[^<]*</[a-z]+>`)
)

// Every text that stands in the pages themselves is an entry.
func TestTheFramesAreInTheTable(t *testing.T) {
	known := map[string]bool{}
	for _, entries := range tableOfWords(t) {
		for from := range entries {
			known[from] = true
		}
	}
	pages, err := filepath.Glob("../../site/*.html")
	require.NoError(t, err)
	require.Len(t, pages, 5)
	for _, page := range pages {
		text, err := os.ReadFile(page)
		require.NoError(t, err)
		html := silent.ReplaceAllString(string(text), "")
		for _, pattern := range []*regexp.Regexp{between, spokenOf, described} {
			for _, m := range pattern.FindAllStringSubmatch(html, -1) {
				said := strings.Join(strings.Fields(m[1]), " ")
				assert.True(t, !speaks(said) || known[said], "%s: %q", filepath.Base(page), said)
			}
		}
	}
}

var trouble = regexp.MustCompile(`new Trouble\('([^']*)'`)

// So is every sentence of boot.js about what keeps a page from starting; it has no others.
func TestTroublesAreInTheTable(t *testing.T) {
	boot, err := os.ReadFile("../../site/boot.js")
	require.NoError(t, err)
	known := tableOfWords(t)["frame"]
	said := trouble.FindAllStringSubmatch(string(boot), -1)
	require.NotEmpty(t, said)
	for _, m := range said {
		assert.NotEmpty(t, known[m[1]], m[1])
	}
	assert.Equal(t, strings.Count(string(boot), "new Trouble("), len(said))
	assert.NotContains(t, string(boot), "new Error(")
}
