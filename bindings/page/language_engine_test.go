package page

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// refusing are the parts of the engine whose refusals and notices people meet on a page, as
// patterns of files from this folder.
var refusing = []string{"../../core/data/*.go", "../../core/data/image/*.go", "../../core/data/text/*.go", "../../core/data/series/*.go", "../../core/format/archive/*.go",
	"../images.go", "../side.go", "../classify.go", "../texts.go", "../texts_*.go", "../series.go", "../forecast.go", "../writing.go", "../open.go", "../tables.go", "../models.go", "../hello.go", "../keptset.go", "../project.go", "../explain_study.go"}

// formats are the functions that make messages, by which of their arguments is the format.
var formats = map[string]int{"Errorf": 1, "columnError": 2, "refusal": 1, "badZip": 0, "note": 1, "Sprintf": 0}

// wholeText matches what begins and ends as a text for people does.
var wholeText = regexp.MustCompile(`^ ?([A-Z“]|%%?d [a-z]+ [a-z]+ )[^_]* [^_]*\.$`)

// messages lists the formats that the engine makes its messages by.
func messages(t *testing.T) (list []string) {
	t.Helper()
	for _, pattern := range refusing {
		files, err := filepath.Glob(pattern)
		require.NoError(t, err)
		require.NotEmpty(t, files, pattern)
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") {
				continue
			}
			tree, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
			require.NoError(t, err)
			ast.Inspect(tree, func(n ast.Node) bool {
				call, ok := n.(*ast.CallExpr)
				if !ok {
					return true
				}
				name := ""
				switch f := call.Fun.(type) {
				case *ast.Ident:
					name = f.Name
				case *ast.SelectorExpr:
					name = f.Sel.Name
				}
				at, ok := formats[name]
				if !ok || at >= len(call.Args) {
					return true
				}
				if text, ok := call.Args[at].(*ast.BasicLit); ok && text.Kind == token.STRING {
					value, err := strconv.Unquote(text.Value)
					require.NoError(t, err)
					if name == "Sprintf" && !wholeText.MatchString(value) {
						return true // a piece of one, or no text at all
					}
					if name == "badZip" {
						value = "it is a damaged zip file (" + value + ")"
					}
					list = append(list, value)
				}
				return true
			})
		}
	}
	return list
}

// fillings are what stands in a place for a text, in one message or another.
var fillings = []string{"flowers", "“flowers”", "", "is one class", "are none", "month", "training", "16 MB", "7", "another number of columns", " of series “flowers”", ", but a WebP", "is a number", "The series", "number", "class", "rows have"}

// mixed are examples of formats whose places want different things.
var mixed = map[string]string{
	"In column %s, %s too rare to learn from (%s in all) and count as %s.": "In column “kind”, 3 categories are too rare to learn from (7 rows in all) and count as other.",
}

var verb = regexp.MustCompile(`%[+#]?[0-9.]*([a-zA-Z%])`)

// example is a message as somebody may read it, by its format.
func example(format, filling string) string {
	if text, ok := mixed[format]; ok {
		return text
	}
	format = strings.ReplaceAll(strings.TrimSpace(format), "%%d", "%d") // a format that another makes
	return verb.ReplaceAllStringFunc(format, func(v string) string {
		switch v[len(v)-1] {
		case 'd':
			return "7"
		case 'g', 'f':
			return "0.5"
		case 'q':
			return `"flowers"`
		case '%':
			return "%"
		case 's':
			return filling
		}
		return "flowers"
	})
}

// Whatever the engine refuses on a page, it says in Chinese: every message of these parts is
// an entry, but for those that only a program can cause.
func TestTheEnginesMessagesAreInTheTable(t *testing.T) {
	l, err := chinese()
	require.NoError(t, err)
	list, err := os.ReadFile("testdata/unmet.txt")
	require.NoError(t, err)
	unmet := map[string]bool{}
	for line := range strings.Lines(string(list)) {
		if line = strings.TrimRight(line, "\n"); !strings.HasPrefix(line, "#") {
			unmet[line] = false
		}
	}
	l.missing = nil
	all := messages(t)
	require.Greater(t, len(all), 150)
	for _, format := range all {
		known := false
		for _, filling := range fillings {
			if _, ok := l.say(example(format, filling)); ok {
				known = true
				break
			}
		}
		if _, ok := unmet[format]; ok {
			unmet[format] = true
			assert.False(t, known, "testdata/unmet.txt has what the table knows: %q", format)
			continue
		}
		assert.True(t, known, "no entry of site/words.zh.json says this: %s", format)
	}
	for format, met := range unmet {
		assert.True(t, met, "testdata/unmet.txt has what no part of the engine says: %q", format)
	}
}
