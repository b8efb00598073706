package build

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// given lists what a web developer gets in dist/terrarium-js.zip, from site/ and,
// the licence, from the root.
var given = []string{"site/terrarium.js", "site/connection.js", "site/values.js", "site/terrarium.d.ts", "site/layers.d.ts", "site/tables.d.ts", "site/embed.js", "site/embed-media.js", "site/embed.d.ts", "site/engine.wasm", "site/engine.nosimd.wasm", "site/formats.wasm",
	"site/kernels.js", "site/" + Kernels, "site/" + SupportFile, "LICENSE"}

// stable names are those that people and their programs write down. So are all pages,
// which may refer to one another.
var stable = []string{"sw.js", "terrarium.js", "terrarium.d.ts", "layers.d.ts", "tables.d.ts", "embed.js", "embed-media.js", "embed.d.ts"}

// Dist writes root/dist from a built site: the folder site/, which any static host
// serves and may tell browsers to keep for ever, and terrarium-js.zip.
func Dist(root string, say func(string)) error {
	out := filepath.Join(root, "dist")
	files, err := HashedSite(filepath.Join(root, "site"), filepath.Join(out, "site"))
	if err != nil {
		return err
	}
	for _, f := range files {
		say("packing dist/site/" + f.as)
		if err := f.pack(filepath.Join(out, "site")); err != nil {
			return err
		}
	}
	say("packing dist/terrarium-js.zip")
	return writeZip(root, filepath.Join(out, "terrarium-js.zip"))
}

// HashedSite copies a built site to a folder, whose content it replaces, under names
// that change with the content.
func HashedSite(from, to string) (siteFileList, error) {
	files, err := siteFiles(from)
	if err != nil {
		return nil, err
	}
	if err := files.rename(); err != nil {
		return nil, err
	}
	if err := os.RemoveAll(to); err != nil {
		return nil, err
	}
	for _, f := range files {
		if err := writeIfChanged(filepath.Join(to, f.as), f.content); err != nil {
			return nil, err
		}
	}
	return files, nil
}

// A siteFile is one file on its way to dist/site.
type siteFile struct {
	path    string // where it is
	name    string // what the others call it now
	as      string // what it will be called; empty until that is known
	content []byte
}

// text tells whether the file may name other files.
func (f *siteFile) text() bool {
	return slices.Contains([]string{".html", ".js", ".css", ".webmanifest"}, filepath.Ext(f.name))
}

// mention matches the name of a file as a text refers to it: between quotes, or in
// the brackets of CSS, perhaps after "./".
func mention(name string) *regexp.Regexp {
	return regexp.MustCompile(`(["'(\x60](?:\./)?)` + regexp.QuoteMeta(name) + `(["')\x60])`)
}

type siteFileList []*siteFile

// siteFiles reads what the site consists of: all files of the folder itself, but
// for compressed twins and what is hidden. The folders hold the site's Go code.
func siteFiles(dir string) (siteFileList, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var files siteFileList
	for _, e := range entries {
		ext := filepath.Ext(e.Name())
		if e.IsDir() || strings.HasPrefix(e.Name(), ".") || ext == ".br" || ext == ".gz" || ext == ".go" {
			continue
		}
		path := filepath.Join(dir, e.Name())
		content, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		files = append(files, &siteFile{path: path, name: e.Name(), content: content})
	}
	return files, nil
}

// rename gives every file that another one refers to a name with the hash of its
// content, and rewrites the references. A file's hash is taken when everything it
// refers to has its name, so a change reaches every name above it.
func (files siteFileList) rename() error {
	for left := slices.Clone(files); len(left) > 0; {
		i := slices.IndexFunc(left, func(f *siteFile) bool { return !f.waits(left) })
		if i < 0 {
			names := make([]string, len(left))
			for i, f := range left {
				names[i] = f.name
			}
			return errors.New("these files refer to one another in a ring: " + strings.Join(names, ", "))
		}
		files.settle(left[i])
		left = slices.Delete(left, i, i+1)
	}
	return nil
}

// waits tells whether the file refers to one of the others.
func (f *siteFile) waits(others siteFileList) bool {
	return f.text() && slices.ContainsFunc(others, func(o *siteFile) bool {
		return o != f && o.hashable() && mention(o.name).Match(f.content)
	})
}

func (f *siteFile) hashable() bool {
	return filepath.Ext(f.name) != ".html" && !slices.Contains(stable, f.name)
}

// settle names the file and tells the texts that refer to it.
func (files siteFileList) settle(f *siteFile) {
	f.as = f.name
	users := siteFileList{}
	for _, other := range files {
		if other != f && other.text() && mention(f.name).Match(other.content) {
			users = append(users, other)
		}
	}
	if !f.hashable() || len(users) == 0 {
		return // nobody could find it under another name
	}
	sum := sha256.Sum256(f.content)
	ext := filepath.Ext(f.name)
	f.as = strings.TrimSuffix(f.name, ext) + "." + hex.EncodeToString(sum[:5]) + ext
	for _, user := range users {
		user.content = mention(f.name).ReplaceAll(user.content, []byte("${1}"+f.as+"${2}"))
	}
}

// pack makes the twins of the file in the folder. Those of an unchanged file are
// beside it: packing a program takes many seconds.
func (f *siteFile) pack(dir string) error {
	path := filepath.Join(dir, f.as)
	if f.text() || filepath.Ext(f.name) == ".json" {
		return Compress(path)
	}
	if filepath.Ext(f.name) != ".wasm" {
		return nil // pictures are packed already
	}
	if err := Compress(f.path); err != nil {
		return err
	}
	for _, e := range Encodings {
		packed, err := os.ReadFile(f.path + e.Ending)
		if err != nil {
			return err
		}
		if err := writeIfChanged(path+e.Ending, packed); err != nil {
			return err
		}
	}
	return nil
}

// writeZip packs what web developers get. Equal files give an equal archive: no
// times are written into it.
func writeZip(root, path string) error {
	var packed bytes.Buffer
	z := zip.NewWriter(&packed)
	for _, name := range given {
		content, err := os.ReadFile(filepath.Join(root, name))
		if err != nil {
			return fmt.Errorf("the zip for web developers: %w", err)
		}
		w, err := z.Create("terrarium/" + filepath.Base(name))
		if err != nil {
			return err
		}
		if _, err := w.Write(content); err != nil {
			return err
		}
	}
	if err := z.Close(); err != nil {
		return err
	}
	return writeIfChanged(path, packed.Bytes())
}
