package main

import (
	"go/ast"
	"go/token"
	"path"
	"slices"
	"strconv"
	"strings"
)

const module = "github.com/terrarium-ml/terrarium"

// A room is a folder of the house with all below it, and what its code may import
// of the others. Tests may import whatever they compare with.
type room struct {
	dir  string
	from []string // folders; a folder stands for all below it
}

// rooms in the order of imports: each may import some of those after it. The first
// that matches a file's folder rules it.
var rooms = []room{
	{"", []string{"site/build", "site/host"}},
	{"wasm", []string{"bindings"}},
	{"bindings/page", []string{"bindings", "core"}},
	{"bindings", []string{"core"}},
	{"core/explain", []string{"core/train", "core/format", "core/codegen", "core/data", "core/metric", "core/optim", "core/nn", "core/graph", "core/tensor", "core/internal/kernel"}},
	{"core/train", []string{"core/format", "core/codegen", "core/data", "core/metric", "core/optim", "core/nn", "core/graph", "core/tensor", "core/internal/kernel"}},
	{"core/format", []string{"core/format", "core/codegen", "core/data", "core/metric", "core/optim", "core/nn", "core/graph", "core/tensor", "core/internal/kernel"}},
	{"core/codegen", []string{"core/graph", "core/data", "core/tensor", "core/internal/wasmgen"}},
	{"core/data", []string{"core/tensor", "core/internal/kernel"}},
	{"core/metric", []string{"core/tensor"}},
	{"core/optim", []string{"core/tensor", "core/internal/kernel"}},
	{"core/nn", []string{"core/graph", "core/tensor", "core/internal/kernel"}},
	{"core/gradcheck", []string{"core/graph", "core/tensor", "core/internal/kernel"}},
	{"core/graph", []string{"core/internal/kernel", "core/tensor"}},
	{"core/tensor", nil},
	{"core/internal/kernel", nil},
	{"core/internal/wasmgen", nil},
	{"site/build", nil},
	{"site/host", []string{"site/build"}},
	{"tests", []string{"bindings", "core", "site", "tests"}},
}

// foreigners are the packages of others, and the rooms that may use them. What is
// not listed may not be imported at all.
var foreigners = map[string][]string{
	"syscall/js":                          {"bindings", "wasm"},
	"honnef.co/go/js/dom/v2":              {"bindings/page"},
	"github.com/chewxy/math32":            {"core"},
	"github.com/andybalholm/brotli":       {"site/build", "tests"},
	"github.com/stretchr/testify/assert":  {"tests"},
	"github.com/stretchr/testify/require": {"tests"},
	"github.com/chromedp/":                {"tests"},
	"github.com/gobwas/ws":                {"tests"},
}

// checkImports applies both tables to a file.
func checkImports(name string, set *token.FileSet, file *ast.File) []finding {
	var findings []finding
	for _, spec := range file.Imports {
		target, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			continue // the parser has complained
		}
		if why := refused(name, target); why != "" {
			findings = append(findings, finding{name, set.Position(spec.Pos()).Line, why})
		}
	}
	return findings
}

// refused says why the file may not import the target, or nothing if it may.
func refused(name, target string) string {
	dir := path.Dir(name)
	test := strings.HasSuffix(name, "_test.go")
	if strings.HasPrefix(target, module+"/") {
		local := strings.TrimPrefix(target, module+"/")
		i := slices.IndexFunc(rooms, func(r room) bool { return r.rules(dir) })
		switch {
		case i < 0:
			return dir + " is no room of the house: give it a line in tests/lint/rooms.go"
		case test, slices.ContainsFunc(rooms[i].from, func(d string) bool { return within(local, d) }), rooms[i].dir != "" && within(local, rooms[i].dir):
			return ""
		}
		return rooms[i].name() + " may not import " + local + ": imports run downwards"
	}
	if !strings.Contains(strings.Split(target, "/")[0], ".") && target != "syscall/js" {
		return "" // Go's own
	}
	for prefix, users := range foreigners {
		if target != prefix && !(strings.HasSuffix(prefix, "/") && strings.HasPrefix(target, prefix)) && !strings.HasPrefix(target, prefix+"/") {
			continue
		}
		if slices.ContainsFunc(users, func(d string) bool { return within(dir, d) }) || (test && strings.HasPrefix(prefix, "github.com/stretchr/testify/")) {
			return ""
		}
		return dir + " may not import " + target
	}
	return target + " is no module of the house: give it a line in tests/lint/rooms.go, with the reason in the commit"
}

// rules tells whether files of the folder belong to the room. The room "" is the
// root folder alone.
func (r room) rules(dir string) bool {
	if r.dir == "" {
		return dir == "."
	}
	return within(dir, r.dir)
}

func (r room) name() string {
	if r.dir == "" {
		return "the root"
	}
	return r.dir
}

// within tells whether the folder is the other or below it.
func within(dir, other string) bool { return dir == other || strings.HasPrefix(dir, other+"/") }
