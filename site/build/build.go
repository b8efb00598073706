// Package build makes what the site needs and no repository should hold: the
// WebAssembly programs, Go's JavaScript support file, their compressed twins, and
// the folder and the archive that are given away.
//
// It always asks `go build`, whose cache knows better than any timestamp whether
// a program is up to date, and it sets the toolchain and the experiment itself:
// whatever Go a machine has, the bytes are the same.
package build

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// Toolchain is the Go release that compiles what is served. wasm_exec.js is taken
// from the same release: the two only work together.
const Toolchain = "go1.27.3"

// A Program is one WebAssembly file of the site.
type Program struct {
	File    string // its name below site/
	SIMD    bool   // with vector instructions, or for a browser that has none
	Engine  bool   // the worker's role alone, for importers of terrarium.js
	Formats bool   // of an engine: with the formats of others, and no need of speed
	Budget  int    // bytes that its brotli form may take, at most
}

// Kernels is the kernel module's file: loops written as WebAssembly, which the programs
// with vector instructions use. They run without it as well.
const Kernels = "kernels.wasm"

// Programs are all there are. The budgets are those of `make size`. They stand a
// little above what the programs weigh today, so that what makes them grow is seen. That
// is too much: the aim is 0.8 MB for the engine and 1.3 MB for all (BENCHMARKS.md). The
// formats of others are fetched when they are asked for; the studio, which fetches nothing
// once it may see data, has them all.
var Programs = []Program{
	{File: "terrarium.wasm", SIMD: true, Budget: 2_500_000},
	{File: "terrarium.nosimd.wasm", Budget: 2_500_000},
	{File: "engine.wasm", SIMD: true, Engine: true, Budget: 1_350_000},
	{File: "engine.nosimd.wasm", Engine: true, Budget: 1_350_000},
	{File: "formats.wasm", Engine: true, Formats: true, Budget: 1_500_000},
}

// SupportFile is the JavaScript that Go's programs need to run in a browser.
const SupportFile = "wasm_exec.js"

// All builds every program, the kernel module and the support file into root/site. say
// is told, in a few words, what is being done.
func All(ctx context.Context, root string, say func(string)) error {
	for _, p := range Programs {
		say("building site/" + p.File)
		if err := p.build(ctx, root); err != nil {
			return err
		}
	}
	say("building site/" + Kernels)
	if err := buildKernels(ctx, root); err != nil {
		return err
	}
	if err := copySupport(ctx, root); err != nil {
		return err
	}
	return offlineFile(root)
}

// inlined are the packages whose functions the compiler may inline: those of the loops
// over numbers and over the characters of a table. All others keep their calls, which
// takes a tenth off the bytes to be fetched (engine.wasm: 1,149 KB to 1,042 KB as
// brotli) and leaves the speed of training as it was: core/graph gained 1 to 3 % by inlining,
// and lost as much in the first epochs, while a browser optimises its functions; it does so
// the sooner, and the longer, the larger they are. The first pattern is for the rest.
var inlined = []string{
	"github.com/terrarium-ml/terrarium/core/internal/kernel", "github.com/terrarium-ml/terrarium/core/internal/digest",
	"github.com/terrarium-ml/terrarium/core/data",
	"simd/archsimd", "math", "math/bits", "math/rand/v2", "internal/runtime/maps", "internal/runtime/sys", "internal/runtime/math",
}

// build compiles the program. Symbols and paths are left out (-s -w -trimpath), and
// so is the state of the repository (-buildvcs=false): equal sources, equal bytes.
func (p Program) build(ctx context.Context, root string) error {
	var tags []string
	experiment := "nosimd"
	if p.SIMD {
		experiment = "simd"
		tags = append(tags, "kernels")
	}
	if p.Engine {
		tags = append(tags, "engine")
	}
	if p.Formats {
		tags = append(tags, "formats")
	}
	args := []string{"build", "-trimpath", "-buildvcs=false", "-ldflags=-s -w", "-gcflags=all=-l"}
	for _, p := range inlined {
		args = append(args, "-gcflags="+p+"=")
	}
	path := filepath.Join(root, "site", p.File)
	if old, err := os.ReadFile(path); err == nil && !isFinished(old) {
		os.Remove(path) // of another state of this package: the go command would keep it
	}
	args = append(args, "-tags="+strings.Join(tags, ","), "-o", path, "./wasm")
	if _, err := goCommand(ctx, root, args, "GOOS=js", "GOARCH=wasm", "GOEXPERIMENT="+experiment); err != nil {
		return err
	}
	return p.finish(path)
}

// finish rewrites the program. It stays where the go command put it, and keeps its
// build id: the next build finds that nothing is to be linked.
func (p Program) finish(path string) error {
	linked, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	finished, err := finish(linked, p.SIMD)
	if err != nil {
		return fmt.Errorf("%s: %w", p.File, err)
	}
	return writeIfChanged(path, finished)
}

// buildKernels has the kernel module written, by a program for this machine.
func buildKernels(ctx context.Context, root string) error {
	dir, err := os.MkdirTemp("", "terrarium-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, Kernels)
	if _, err := goCommand(ctx, root, []string{"run", "./core/internal/wasmgen/emit", path}, "GOOS=", "GOARCH="); err != nil {
		return err
	}
	content, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	return writeIfChanged(filepath.Join(root, "site", Kernels), content)
}

// copySupport writes wasm_exec.js beside the programs, unless it is there already.
func copySupport(ctx context.Context, root string) error {
	goroot, err := goCommand(ctx, root, []string{"env", "GOROOT"})
	if err != nil {
		return err
	}
	text, err := os.ReadFile(filepath.Join(goroot, "lib", "wasm", SupportFile))
	if err != nil {
		return fmt.Errorf("the Go toolchain %s has no %s: %w", Toolchain, SupportFile, err)
	}
	return writeIfChanged(filepath.Join(root, "site", SupportFile), text)
}

// Root is the project's root: the folder of the go.mod that rules the current one.
func Root(ctx context.Context) (string, error) {
	mod, err := goCommand(ctx, ".", []string{"env", "GOMOD"})
	if err != nil {
		return "", err
	}
	root := filepath.Dir(mod)
	if _, err := os.Stat(filepath.Join(root, "wasm", "main.go")); err != nil {
		return "", errors.New("this is not Terrarium's project: change to the folder that holds serve.go and try again")
	}
	return root, nil
}

// goCommand runs the go command with our toolchain and returns what it printed.
func goCommand(ctx context.Context, dir string, args []string, env ...string) (string, error) {
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir = dir
	cmd.Env = append(append(os.Environ(), "GOTOOLCHAIN="+Toolchain), env...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("go %s: %w\n%s", strings.Join(args, " "), err, bytes.TrimSpace(stderr.Bytes()))
	}
	return string(bytes.TrimSpace(out)), nil
}

// writeIfChanged leaves a file alone that has the content already, so that its
// time, and with it a browser's cache, stays valid. A new one appears whole or not
// at all: a server may be reading.
func writeIfChanged(path string, content []byte) error {
	if old, err := os.ReadFile(path); err == nil && bytes.Equal(old, content) {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	tmp, err := os.CreateTemp(filepath.Dir(path), ".new-*")
	if err != nil {
		return err
	}
	defer os.Remove(tmp.Name()) // does nothing once it was renamed
	if _, err := tmp.Write(content); err != nil {
		tmp.Close()
		return err
	}
	if err := errors.Join(tmp.Chmod(0o644), tmp.Close()); err != nil {
		return err
	}
	return os.Rename(tmp.Name(), path)
}
