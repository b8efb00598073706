package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The rules that read one file, each with code that breaks it and code that keeps
// it. want is a part of the only finding; empty means that there is none.
func TestCheckFile(t *testing.T) {
	const data = "core/data/x.go"
	for name, c := range map[string]struct{ file, text, want string }{
		"too long":            {"site/x.js", strings.Repeat("\n", 601), "has 601 lines"},
		"as long as may be":   {"site/x.js", strings.Repeat("\n", 600), ""},
		"assembly in core":    {"core/internal/kernel/x.s", "", "assembly in core"},
		"package for nothing": {"core/data/helpers/x.go", "package helpers", "named for nothing"},
		"no Go":               {data, "package", "expected"},

		"upwards":              {data, importing(module + "/core/nn"), "core/data may not import core/nn"},
		"downwards":            {data, importing(module + "/core/tensor"), ""},
		"own room":             {data, importing(module + "/core/data/text"), ""},
		"upwards in a test":    {"core/data/x_test.go", importing(module + "/core/nn"), ""},
		"no room":              {"attic/x.go", importing(module + "/core/nn"), "attic is no room"},
		"root and core":        {"serve.go", importing(module + "/core/nn"), "the root may not import core/nn"},
		"root and build":       {"serve.go", importing(module + "/site/build"), ""},
		"core and JavaScript":  {data, importing("syscall/js"), "core/data may not import syscall/js"},
		"JavaScript in a test": {"core/data/x_test.go", importing("syscall/js"), "core/data may not import syscall/js"},
		"bindings":             {"bindings/x.go", importing("syscall/js"), ""},
		"page and dom":         {"bindings/page/x.go", importing("honnef.co/go/js/dom/v2"), ""},
		"engine and dom":       {"bindings/x.go", importing("honnef.co/go/js/dom/v2"), "may not import honnef.co"},
		"stranger":             {data, importing("example.org/fast"), "no module of the house"},
		"testify":              {"core/data/x_test.go", importing("github.com/stretchr/testify/require"), ""},
		"wazero":               {"core/internal/wasmgen/x_test.go", importing("github.com/tetratelabs/wazero/api"), ""},
		"wazero outside":       {"core/internal/wasmgen/x.go", importing("github.com/tetratelabs/wazero"), "may not import github.com/tetratelabs"},
		"wazero elsewhere":     {"core/data/x_test.go", importing("github.com/tetratelabs/wazero"), "may not import github.com/tetratelabs"},
		"testify outside":      {data, importing("github.com/stretchr/testify/require"), "may not import github.com/stretchr"},
		"standard library":     {data, importing("encoding/csv"), ""},

		"exp":               {data, calling("math", "math.Exp(x)"), "math.Exp is not among"},
		"renamed":           {data, `package p; import m "math"; var y = m.Exp(1)`, "math.Exp is not among"},
		"as a value":        {data, calling("math", "math.Tanh"), "math.Tanh is not among"},
		"pow":               {data, calling("math", "math.Pow(x, .5)"), "math.Pow is not among"},
		"math32":            {data, calling("github.com/chewxy/math32", "math32.Log(x)"), "math32.Log is not among"},
		"sqrt":              {data, calling("math", "math.Sqrt(x)"), ""},
		"sqrt of math32":    {data, calling("github.com/chewxy/math32", "math32.Sqrt(x)"), ""},
		"for a display":     {data, "package p\nimport \"math\"\nvar y = math.Exp(1) " + display, ""},
		"next to a display": {data, "package p\nimport \"math\"\n" + display + "\nvar y = math.Exp(1)", "math.Exp is not among"},
		"exp in a test":     {"core/data/x_test.go", calling("math", "math.Exp(x)"), ""},
		"exp outside":       {"bindings/x.go", calling("math", "math.Exp(x)"), ""},
		"own exp":           {data, "package p; var math struct{ Exp float32 }; var y = math.Exp", ""},
		"normal variates":   {data, "package p; var y = stream.NormFloat64()", "NormFloat64 has other bits"},
		"unseeded":          {data, calling("math/rand/v2", "rand.Float32()"), "rand/v2.Float32 is not among"},
		"old random":        {data, calling("math/rand", "rand.New(s)"), "math/rand.New is not among"},
		"seeded":            {data, calling("math/rand/v2", "rand.NewPCG(1, 2)"), ""},
		"fused vectors":     {data, "package p; var y = a.MulAdd(b, c)", "MulAdd fuses"},
		"vectors' min":      {data, calling("simd", "a.Min(b)"), "Min differs"},
		"somebody's min":    {data, "package p; var y = a.Min(b)", ""},
	} {
		t.Run(name, func(t *testing.T) {
			found := checkFile(c.file, []byte(c.text))
			if c.want == "" {
				assert.Empty(t, found)
				return
			}
			require.Len(t, found, 1)
			assert.Contains(t, found[0].String(), c.want)
		})
	}
}

func importing(path string) string { return "package p\nimport _ \"" + path + "\"" }

func calling(path, call string) string {
	return "package p\nimport \"" + path + "\"\nvar y = " + call
}

// The walk goes into every folder but those that hold no work of ours, and says
// where it found something.
func TestHouseWalks(t *testing.T) {
	root := t.TempDir()
	write(t, root, "core/data/deep/x.go", "package p\n\nimport \"syscall/js\"\n")
	write(t, root, "core/data/testdata/x.go", "package util\n")
	write(t, root, ".git/x.go", "package util\n")
	write(t, root, "notes.md", strings.Repeat("\n", 1000))
	found, err := house(root)
	require.NoError(t, err)
	require.Len(t, found, 1)
	assert.Equal(t, "core/data/deep/x.go:3: core/data/deep may not import syscall/js", found[0].String())
}

// The project itself keeps the rules.
func TestHouse(t *testing.T) {
	found, err := house("../..")
	require.NoError(t, err)
	for _, f := range found {
		t.Error(f)
	}
}

// write makes a file below root.
func write(t *testing.T, root, name, text string) {
	t.Helper()
	path := filepath.Join(root, filepath.FromSlash(name))
	require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
	require.NoError(t, os.WriteFile(path, []byte(text), 0o644))
}
