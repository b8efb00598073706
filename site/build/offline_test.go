package build

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// The service worker's list names what a page asks for, in a published site by the names
// that the files have there, and changes with every content.
func TestOfflineFile(t *testing.T) {
	root := t.TempDir()
	site := filepath.Join(root, "site")
	write := func(name, text string) {
		require.NoError(t, os.MkdirAll(site, 0o755))
		require.NoError(t, os.WriteFile(filepath.Join(site, name), []byte(text), 0o644))
	}
	list := func(dir, name string) string {
		text, err := os.ReadFile(filepath.Join(dir, name))
		require.NoError(t, err)
		return string(text)
	}
	write("index.html", `<script src="boot.js"></script>`)
	write("boot.js", `get('program.wasm')`)
	write("program.wasm", "\x00asm")
	write("engine.wasm", "for importers")
	write("terrarium.js", `'engine.wasm'`)
	write("terrarium.d.ts", "")
	write("sw.js", `importScripts('files.js');`)
	require.NoError(t, offlineFile(root))
	first := list(site, OfflineFile)
	for _, name := range []string{`"index.html"`, `"boot.js"`, `"program.wasm"`} {
		require.Contains(t, first, name)
	}
	for _, name := range []string{"engine", "terrarium.js", ".ts", "sw.js", `"files.js"`} {
		require.NotContains(t, first[60:], name)
	}
	require.NoError(t, offlineFile(root))
	require.Equal(t, first, list(site, OfflineFile))

	out := filepath.Join(root, "dist", "site")
	files, err := HashedSite(site, out)
	require.NoError(t, err)
	as := map[string]string{}
	for _, f := range files {
		as[f.name] = f.as
	}
	require.Equal(t, "sw.js", as["sw.js"], "browsers look for a newer one under the same name")
	require.NotEqual(t, OfflineFile, as[OfflineFile])
	require.Contains(t, list(out, "sw.js"), as[OfflineFile])
	published := list(out, as[OfflineFile])
	for _, name := range []string{"index.html", "boot.js", "program.wasm"} {
		require.Contains(t, published, `"`+as[name]+`"`)
		_, err := os.Stat(filepath.Join(out, as[name]))
		require.NoError(t, err)
	}

	write("index.html", `<script src="boot.js"></script> changed`)
	require.NoError(t, offlineFile(root))
	require.NotEqual(t, first, list(site, OfflineFile), "a changed page is another version")
}
