package main

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// maxLines is the length at which a file has become two.
const maxLines = 600

// house walks the project and applies every rule that reads one file at a time.
func house(root string) ([]finding, error) {
	var findings []finding
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		name = filepath.ToSlash(name)
		if entry.IsDir() {
			if foreign(name) {
				return filepath.SkipDir
			}
			return nil
		}
		if !slices.Contains([]string{".go", ".js", ".ts", ".css", ".html", ".s"}, filepath.Ext(name)) || name == "site/wasm_exec.js" {
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		findings = append(findings, checkFile(name, text)...)
		return nil
	})
	return findings, err
}

// foreign are the folders whose content nobody writes by hand.
func foreign(dir string) bool {
	base := filepath.Base(dir)
	return base == "testdata" || base == "artefacts" || base == "dist" || (strings.HasPrefix(base, ".") && base != "." && base != ".ci")
}

// checkFile applies the rules to a file of the given path from the root.
func checkFile(name string, text []byte) []finding {
	var findings []finding
	if lines := bytes.Count(text, []byte("\n")); lines > maxLines {
		findings = append(findings, finding{name, 0, fmt.Sprintf("has %d lines, the house stops at %d: split it by idea", lines, maxLines)})
	}
	if strings.HasSuffix(name, ".s") && strings.HasPrefix(name, "core/") {
		findings = append(findings, finding{name, 0, "assembly in core: the check for fused products reads what the compiler makes, it would not see it"})
	}
	if !strings.HasSuffix(name, ".go") {
		return findings
	}
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, name, text, parser.ParseComments)
	if err != nil {
		return append(findings, finding{name, 0, err.Error()})
	}
	findings = append(findings, checkPackage(name, set, file)...)
	findings = append(findings, checkImports(name, set, file)...)
	return append(findings, checkCalls(name, set, file)...)
}

// checkPackage refuses packages that are named for nothing: a function lives with
// its noun.
func checkPackage(name string, set *token.FileSet, file *ast.File) []finding {
	base := strings.TrimSuffix(file.Name.Name, "_test")
	if !slices.Contains([]string{"util", "utils", "helper", "helpers", "common", "misc"}, base) {
		return nil
	}
	return []finding{{name, set.Position(file.Name.Pos()).Line, "package " + base + " is named for nothing: name it for what it is about"}}
}
