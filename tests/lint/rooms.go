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
	{"core/explain", []string{"core/train", "core/format", "core/codegen", "core/data", "core/metric", "core/optim", "core/nn", "core/graph", "core/tensor", "core/internal/kernel", "core/json"}},
	{"core/card", []string{"core/train", "core/data", "core/nn", "core/tensor", "core/json", "core/internal/digest"}},
	{"core/train", []string{"core/format", "core/codegen", "core/data", "core/metric", "core/optim", "core/nn", "core/graph", "core/tensor", "core/internal/kernel", "core/json", "core/internal/digest"}},
	{"core/format", []string{"core/format", "core/codegen", "core/data", "core/metric", "core/optim", "core/nn", "core/graph", "core/tensor", "core/internal/kernel", "core/json", "core/internal/digest"}},
	{"core/codegen", []string{"core/graph", "core/data", "core/tensor", "core/internal/wasmgen", "core/internal/kernel", "core/json"}},
	{"core/data", []string{"core/tensor", "core/internal/kernel", "core/json", "core/internal/digest"}},
	{"core/metric", []string{"core/tensor"}},
	{"core/optim", []string{"core/tensor", "core/internal/kernel", "core/json"}},
	{"core/nn", []string{"core/graph", "core/tensor", "core/internal/kernel", "core/json"}},
	{"core/gradcheck", []string{"core/graph", "core/tensor", "core/internal/kernel"}},
	{"core/graph", []string{"core/internal/kernel", "core/tensor"}},
	{"core/json", nil},
	{"core/tensor", nil},
	{"core/internal/digest", nil},
	{"core/internal/kernel", nil},
	{"core/internal/wasmgen", nil},
	{"site/build", nil},
	{"site/host", []string{"site/build"}},
	{"tests", []string{"bindings", "core", "site", "tests"}},
}

// foreigners are the packages of others, and the rooms that may use them. What is
// not listed may not be imported at all.
var foreigners = map[string][]string{
	"syscall/js":                    {"bindings", "wasm"},
	"honnef.co/go/js/dom/v2":        {"bindings/page"},
	"github.com/chewxy/math32":      {"core"},
	"github.com/andybalholm/brotli": {"site/build", "tests"},
	"github.com/stretchr/testify/":  {"tests"},
	"github.com/chromedp/":          {"tests"},
	"github.com/gobwas/ws":          {"tests"},
}

// inTests are the packages that only the tests of these rooms may use beside: what is
// written as WebAssembly is tried natively, and measured where it will run.
var inTests = map[string][]string{
	"github.com/stretchr/testify/":  {""}, // all
	"github.com/tetratelabs/wazero": {"core/internal/wasmgen", "core/codegen", "site/build", "tests"},
	"github.com/chromedp/":          {"core/internal/wasmgen"},
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
	users, known := usersOf(foreigners, target)
	testers, knownToTests := usersOf(inTests, target)
	if test {
		users = append(users, testers...)
	}
	switch {
	case slices.ContainsFunc(users, func(d string) bool { return d == "" || within(dir, d) }):
		return ""
	case known || knownToTests:
		return dir + " may not import " + target
	}
	return target + " is no module of the house: give it a line in tests/lint/rooms.go, with the reason in the commit"
}

// usersOf are the rooms that a table lets import a package, and whether it knows it.
func usersOf(table map[string][]string, target string) (users []string, known bool) {
	for prefix, rooms := range table {
		if within(target, strings.TrimSuffix(prefix, "/")) {
			users, known = append(users, rooms...), true
		}
	}
	return users, known
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
