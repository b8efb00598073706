package page

import (
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// chinese is the language of the table that is served.
var chinese = sync.OnceValues(func() (*language, error) {
	table, err := os.ReadFile("../../site/words.zh.json")
	if err != nil {
		return nil, err
	}
	return readLanguage(table)
})

// unspoken lists the texts that Chinese need not, or does not yet, say in other words: the
// file tells why, group by group. It should only ever become shorter.
var unspoken = sync.OnceValues(func() (map[string]bool, error) {
	list, err := os.ReadFile("testdata/unspoken.txt")
	out := map[string]bool{}
	for line := range strings.Lines(string(list)) {
		if line = strings.TrimRight(line, "\n"); !strings.HasPrefix(line, "#") {
			out[line] = true
		}
	}
	return out, err
})

// hear translates whatever a test draws, and fails where no entry of the table knows a
// text: so every scene that any test of the package plays tests the table, too.
func hear(t *testing.T, mount string, nodes Nodes) {
	t.Helper()
	l, err := chinese()
	require.NoError(t, err)
	known, err := unspoken()
	require.NoError(t, err)
	l.missing = func(text string) {
		if !known[text] {
			assert.Fail(t, "no entry of site/words.zh.json says this", "%s: %q", mount, text)
		}
	}
	l.nodes(nodes)
}
