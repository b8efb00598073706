package build

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"path/filepath"
	"slices"
	"strings"
)

// OfflineFile tells the service worker which files the studio consists of.
const OfflineFile = "files.js"

// notStudio are files of the site that no page of the studio asks for: they are for those
// who import terrarium.js. The service worker itself is the browser's to keep.
var notStudio = []string{OfflineFile, "sw.js", "terrarium.js", "connection.js", "values.js", "engine.wasm", "engine.nosimd.wasm", "formats.wasm"}

// inStudio tells whether the studio needs a file of the site.
func inStudio(name string) bool {
	return !slices.Contains(notStudio, name) && !strings.HasSuffix(name, ".ts") && !strings.HasSuffix(name, ".map")
}

// offlineFile writes the list, and a digest of what is in it, into root/site.
func offlineFile(root string) error {
	dir := filepath.Join(root, "site")
	files, err := siteFiles(dir)
	if err != nil {
		return err
	}
	names, sum := []string{}, sha256.New()
	for _, f := range files {
		// A page that changes must make another version too, so all contents count.
		digest := sha256.Sum256(f.content)
		if f.name == "sw.js" || inStudio(f.name) {
			sum.Write([]byte(f.name + "\n"))
			sum.Write(digest[:])
		}
		if inStudio(f.name) {
			names = append(names, f.name)
		}
	}
	list, err := json.MarshalIndent(names, "", "  ")
	if err != nil {
		return err
	}
	text := "// Written by the build: what the service worker keeps (sw.js).\nself.terrariumFiles = {\n  version: '" +
		hex.EncodeToString(sum.Sum(nil)[:10]) + "',\n  names: " + strings.ReplaceAll(string(list), "\n", "\n  ") + ",\n};\n"
	return writeIfChanged(filepath.Join(dir, OfflineFile), []byte(text))
}
