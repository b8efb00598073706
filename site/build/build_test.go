package build

import (
	"archive/zip"
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// site writes files into a new project root and returns the root.
func site(t *testing.T, files map[string]string) string {
	t.Helper()
	root := t.TempDir()
	for name, content := range files {
		path := filepath.Join(root, filepath.FromSlash(name))
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.WriteFile(path, []byte(content), 0o644))
	}
	return root
}

func TestProgramsCoverBothChoices(t *testing.T) {
	seen := map[[3]bool]string{}
	for _, p := range Programs {
		seen[[3]bool{p.SIMD, p.Engine, p.Formats}] = p.File
		assert.Positive(t, p.Budget, p.File)
	}
	assert.Len(t, seen, 5)
}

func TestCompressMakesTwinsThatDecode(t *testing.T) {
	content := strings.Repeat("terrarium ", 1000)
	path := filepath.Join(site(t, map[string]string{"a.wasm": content}), "a.wasm")
	for _, e := range Encodings {
		assert.False(t, Fresh(path, e), "%s before there is one", e.Name)
	}
	require.NoError(t, Compress(path))
	for _, e := range Encodings {
		assert.True(t, Fresh(path, e), e.Name)
		packed, err := os.ReadFile(path + e.Ending)
		require.NoError(t, err)
		assert.Less(t, len(packed), len(content)/10, e.Name)
	}
}

// A twin of yesterday's program, a damaged one and one that decodes to more are
// each recognised, and made anew.
func TestCompressReplacesStaleTwins(t *testing.T) {
	path := filepath.Join(site(t, map[string]string{"a.wasm": "old"}), "a.wasm")
	require.NoError(t, Compress(path))
	require.NoError(t, os.WriteFile(path, []byte("new"), 0o644))
	for _, e := range Encodings {
		assert.False(t, Fresh(path, e), "%s of the old content", e.Name)
	}
	require.NoError(t, os.WriteFile(path+".br", []byte("\x00damaged"), 0o644))
	longer, err := Encodings[1].Encode([]byte("newer"))
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(path+".gz", longer, 0o644))
	for _, e := range Encodings {
		assert.False(t, Fresh(path, e), "%s damaged", e.Name)
	}
	require.NoError(t, Compress(path))
	for _, e := range Encodings {
		assert.True(t, Fresh(path, e), e.Name)
	}
}

// What did not change keeps its time, and with it the browser's copy.
func TestWriteIfChanged(t *testing.T) {
	path := filepath.Join(t.TempDir(), "deep", "a")
	require.NoError(t, writeIfChanged(path, []byte("one")))
	before, err := os.Stat(path)
	require.NoError(t, err)
	require.NoError(t, writeIfChanged(path, []byte("one")))
	same, err := os.Stat(path)
	require.NoError(t, err)
	assert.True(t, os.SameFile(before, same), "equal content was written again")
	require.NoError(t, writeIfChanged(path, []byte("two")))
	content, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.Equal(t, "two", string(content))
}

// small is a site with every kind of reference.
func small() map[string]string {
	return map[string]string{
		"site/index.html":         `<link href="style.css"><script src="./boot.js"></script><a href="images.html">`,
		"site/images.html":        `<link href="style.css"><a href="index.html">`,
		"site/style.css":          `body { background: url(leaf.svg) }`,
		"site/leaf.svg":           `<svg/>`,
		"site/boot.js":            `here('a.wasm'); here("worker.js") // a.wasm, as text, stays`,
		"site/worker.js":          `work()`,
		"site/a.wasm":             "program",
		"site/a.wasm.br":          "stale",
		"site/terrarium.js":       "import { connect } from './connection.js'; import { tensor } from './values.js'; start('formats.wasm')",
		"site/connection.js":      "here(`engine.wasm`, `kernels.wasm`, import('./kernels.js'))",
		"site/values.js":          `export {}`,
		"site/formats.wasm":       "formats",
		"site/terrarium.d.ts":     `export {}`,
		"site/layers.d.ts":        `export {}`,
		"site/tables.d.ts":        `export {}`,
		"site/embed.js":           `define()`,
		"site/embed-media.js":     `export {}`,
		"site/embed.d.ts":         `export {}`,
		"site/engine.wasm":        "engine",
		"site/engine.nosimd.wasm": "twin that is named by nobody",
		"site/kernels.js":         `bind()`,
		"site/kernels.wasm":       "loops",
		"site/wasm_exec.js":       `support()`,
		"site/build/build.go":     `package build`,
		"LICENSE":                 "MIT",
	}
}

func TestDist(t *testing.T) {
	root := site(t, small())
	require.NoError(t, Dist(root, func(string) {}))
	names, texts := folder(t, filepath.Join(root, "dist", "site"))

	plain := slices.DeleteFunc(slices.Clone(names), func(n string) bool { return strings.HasSuffix(n, ".br") || strings.HasSuffix(n, ".gz") })
	hashed := regexp.MustCompile(`\.[0-9a-f]{10}\.`)
	for i, n := range plain {
		plain[i] = hashed.ReplaceAllString(n, ".#.")
	}
	slices.Sort(plain) // hashes decide between kernels.….js and .wasm
	assert.Equal(t, []string{"a.#.wasm", "boot.#.js", "connection.#.js", "embed-media.js", "embed.d.ts", "embed.js", "engine.#.wasm", "engine.nosimd.wasm", "formats.#.wasm", "images.html", "index.html", "kernels.#.js", "kernels.#.wasm", "layers.d.ts", "leaf.#.svg",
		"style.#.css", "tables.d.ts", "terrarium.d.ts", "terrarium.js", "values.#.js", "wasm_exec.js", "worker.#.js"}, plain)

	// Every reference names a file that is there.
	reference := regexp.MustCompile("[\"'(`](?:\\./)?([a-z_.0-9]+\\.(?:css|js|svg|wasm))[\"')`]")
	for _, n := range names {
		if strings.HasSuffix(n, ".br") || strings.HasSuffix(n, ".gz") {
			continue
		}
		for _, m := range reference.FindAllStringSubmatch(texts[n], -1) {
			assert.Contains(t, names, m[1], "in %s", n)
		}
	}
	assert.Contains(t, texts["index.html"], `src="./boot.`)
	for _, n := range names {
		if strings.HasPrefix(n, "boot.") && strings.HasSuffix(n, ".js") {
			assert.Contains(t, texts[n], "// a.wasm, as text, stays")
			assert.Contains(t, names, n+".br")
			assert.Contains(t, names, n+".gz")
		}
		if strings.HasSuffix(n, ".wasm") {
			path := filepath.Join(root, "dist", "site", n)
			assert.True(t, Fresh(path, Encodings[0]), "%s.br", n)
			assert.True(t, Fresh(path, Encodings[1]), "%s.gz", n)
		}
	}
}

// A change at the bottom reaches every name above it; equal sources give an equal
// folder.
func TestDistNamesFollowContent(t *testing.T) {
	names := func(program string) []string {
		files := small()
		files["site/a.wasm"] = program
		root := site(t, files)
		require.NoError(t, Dist(root, func(string) {}))
		n, _ := folder(t, filepath.Join(root, "dist", "site"))
		return n
	}
	one, two := names("one"), names("two")
	assert.Equal(t, one, names("one"))
	find := func(names []string, start string) string {
		return names[slices.IndexFunc(names, func(n string) bool { return strings.HasPrefix(n, start) })]
	}
	for _, start := range []string{"a.", "boot."} {
		assert.NotEqual(t, find(one, start), find(two, start), start)
	}
	assert.Equal(t, find(one, "style."), find(two, "style."))
}

func TestDistRefusesRings(t *testing.T) {
	root := site(t, map[string]string{"site/a.js": `"b.js"`, "site/b.js": `"a.js"`})
	require.ErrorContains(t, Dist(root, func(string) {}), "in a ring: a.js, b.js")
}

func TestDistZip(t *testing.T) {
	root := site(t, small())
	require.NoError(t, Dist(root, func(string) {}))
	z, err := zip.OpenReader(filepath.Join(root, "dist", "terrarium-js.zip"))
	require.NoError(t, err)
	defer z.Close()
	var names []string
	for _, f := range z.File {
		names = append(names, f.Name)
	}
	assert.Equal(t, []string{"terrarium/terrarium.js", "terrarium/connection.js", "terrarium/values.js", "terrarium/terrarium.d.ts", "terrarium/layers.d.ts", "terrarium/tables.d.ts", "terrarium/embed.js", "terrarium/embed-media.js", "terrarium/embed.d.ts", "terrarium/engine.wasm",
		"terrarium/engine.nosimd.wasm", "terrarium/formats.wasm", "terrarium/kernels.js", "terrarium/kernels.wasm", "terrarium/wasm_exec.js", "terrarium/LICENSE"}, names)
}

func TestDistNeedsEverything(t *testing.T) {
	files := small()
	delete(files, "site/engine.wasm")
	require.ErrorContains(t, Dist(site(t, files), func(string) {}), "engine.wasm")
}

func TestSizes(t *testing.T) {
	files := small()
	var out bytes.Buffer
	require.NoError(t, Sizes(site(t, files), &out))
	assert.Regexp(t, `6 +\d+ +\d+ +1350000  engine\.wasm`, out.String())
	assert.NotContains(t, out.String(), "a.wasm.br")
}

func TestSizesOverBudget(t *testing.T) {
	old := Programs
	defer func() { Programs = old }()
	Programs = []Program{{File: "engine.wasm", Budget: 3}}
	require.ErrorContains(t, Sizes(site(t, small()), &bytes.Buffer{}), "engine.wasm takes 10 bytes as brotli, its budget is 3")
}

// folder lists a folder and reads it.
func folder(t *testing.T, dir string) (names []string, texts map[string]string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	texts = map[string]string{}
	for _, e := range entries {
		content, err := os.ReadFile(filepath.Join(dir, e.Name()))
		require.NoError(t, err)
		names = append(names, e.Name())
		texts[e.Name()] = string(content)
	}
	return names, texts
}
