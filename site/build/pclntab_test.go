package build

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/imports/wasi_snapshot_preview1"
)

// probe leans on the tables: deep stacks that grow and are scanned while memory is
// collected, deferred calls, recovered panics, functions made by reflection, goroutines.
const probe = `package main

import (
	"errors"
	"fmt"
	"reflect"
	"runtime"
	"strings"
	"sync"
)

type tree struct{ left, right *tree }

//go:noinline
func grow(n int) *tree {
	if n == 0 {
		runtime.GC()
		return &tree{}
	}
	t := &tree{left: grow(n - 1)}
	if n%64 == 0 {
		runtime.GC()
		t.right = &tree{}
	}
	return t
}

func (t *tree) count() int {
	if t == nil {
		return 0
	}
	return 1 + t.left.count() + t.right.count()
}

func try(f func()) (said string) {
	defer func() { said = fmt.Sprint(recover()) }()
	defer func() { runtime.GC() }()
	f()
	return ""
}

func main() {
	fmt.Println(grow(1000).count())
	fmt.Println(try(func() { panic(errors.New("panicked")) }))
	fmt.Println(try(func() { _ = []int{}[len(strings.Repeat("x", 3))] }))
	fmt.Println(try(func() { var t *tree; _ = t.left }))
	add := reflect.MakeFunc(reflect.TypeFor[func(a, b *int) *int](), func(in []reflect.Value) []reflect.Value {
		grow(100)
		sum := *in[0].Interface().(*int) + *in[1].Interface().(*int)
		return []reflect.Value{reflect.ValueOf(&sum)}
	}).Interface().(func(a, b *int) *int)
	one, two := 1, 2
	fmt.Println(*add(&one, &two))
	method := reflect.ValueOf(grow(10)).MethodByName("Count")
	fmt.Println(method.IsValid())
	var wait sync.WaitGroup
	counts := make([]int, 20)
	for i := range counts {
		wait.Go(func() { counts[i] = grow(50 + i).count() })
	}
	wait.Wait()
	fmt.Println(counts)
	pc, file, line, ok := runtime.Caller(0)
	fmt.Println(file, line, ok, runtime.FuncForPC(pc).Name())
}
`

// linked is probe as Go's linker leaves it.
func linked(t *testing.T) []byte {
	t.Helper()
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "probe.go"), []byte(probe), 0o644))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "go.mod"), []byte("module probe\n\ngo 1.27\n"), 0o644))
	_, err := goCommand(context.Background(), dir, []string{"build", "-trimpath", "-ldflags=-s -w", "-o", "probe.wasm", "."}, "GOOS=wasip1", "GOARCH=wasm", "GOEXPERIMENT=nosimd", "GOFLAGS=")
	require.NoError(t, err)
	program, err := os.ReadFile(filepath.Join(dir, "probe.wasm"))
	require.NoError(t, err)
	return program
}

// ran runs a program and returns what it prints. Where modules are given, they are there
// first, by their names.
func ran(t *testing.T, program []byte, modules map[string][]byte) string {
	t.Helper()
	ctx := context.Background()
	r := wazero.NewRuntimeWithConfig(ctx, wazero.NewRuntimeConfigInterpreter())
	defer r.Close(ctx)
	wasi_snapshot_preview1.MustInstantiate(ctx, r)
	for name, module := range modules {
		_, err := r.InstantiateWithConfig(ctx, module, wazero.NewModuleConfig().WithName(name))
		require.NoError(t, err)
	}
	var out bytes.Buffer
	_, err := r.InstantiateWithConfig(ctx, program, wazero.NewModuleConfig().WithStdout(&out).WithStderr(&out))
	if err != nil {
		require.ErrorContains(t, err, "exit_code(0)", out.String())
	}
	return out.String()
}

// remembered is a module's memory after it was instantiated.
func remembered(t *testing.T, module []byte) []byte {
	t.Helper()
	ctx := context.Background()
	r := wazero.NewRuntimeWithConfig(ctx, wazero.NewRuntimeConfigInterpreter())
	defer r.Close(ctx)
	instance, err := r.Instantiate(ctx, module)
	require.NoError(t, err)
	memory, ok := instance.Memory().Read(0, 1<<16)
	require.True(t, ok)
	return bytes.Clone(memory)
}

func TestStrippedProgramsRun(t *testing.T) {
	before := linked(t)
	after, err := finish(before, false)
	require.NoError(t, err)
	want, got := ran(t, before, nil), ran(t, after, nil)
	require.Contains(t, want, "main.main")
	// Files, lines and names are all that differs.
	cut := func(s string) string { return s[:bytes.LastIndexByte([]byte(s[:len(s)-1]), '\n')] }
	assert.Equal(t, cut(want), cut(got))
	assert.Contains(t, got, "? 0 true main.\n")

	plain, err := Encodings[1].Encode(before)
	require.NoError(t, err)
	packed, err := Encodings[1].Encode(after)
	require.NoError(t, err)
	assert.Less(t, len(packed), len(plain)*9/10)

	again, err := finish(after, false)
	require.NoError(t, err)
	assert.True(t, bytes.Equal(after, again), "what is finished stays as it is")
}

// Names of another release of Go, or of another program, are not guessed at.
func TestStripRefusesWhatItDoesNotKnow(t *testing.T) {
	for name, program := range map[string][]byte{
		"nothing":   nil,
		"no module": []byte("\x00asm\x02\x00\x00\x00"),
		"cut short": []byte(wasmHeader + "\x0b\x05\x01"),
		"no data":   []byte(wasmHeader + "\x01\x01\x00"),
		"no Go":     append([]byte(wasmHeader+"\x0b\x09\x01\x00\x41\x10\x0b\x03"), "abc"...),
	} {
		_, err := finish(program, true)
		assert.ErrorIs(t, err, errModule, name)
	}
}

func TestModuleRoundTrip(t *testing.T) {
	m := &wasmModule{sections: []wasmSection{{dataSection, nil}}, base: 64, image: make([]byte, 4000)}
	m.image[0], m.image[100], m.image[3999] = 1, 2, 3
	back, err := parseModule(m.bytes())
	require.NoError(t, err)
	assert.Equal(t, m.base, back.base)
	assert.Equal(t, m.image, back.image)
	for _, v := range []int64{0, 63, 64, -64, -65, 1 << 31, -1 << 31} {
		r := wasmReader{b: appendSLEB(nil, v)}
		assert.Equal(t, v, r.sleb())
		assert.Empty(t, r.b)
	}
}
