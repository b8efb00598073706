//go:build !js

package wasmgen

import (
	"context"
	"math"
	"math/rand/v2"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/require"
	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
)

// What is written is run by wazero, which compiles it for this machine; in a browser
// (js) it could only interpret.

// instantiate compiles a module, which validates it, and starts it.
func instantiate(t testing.TB, binary []byte) api.Module {
	t.Helper()
	r := newRuntime(t)
	mod, err := r.InstantiateWithConfig(context.Background(), binary, wazero.NewModuleConfig().WithName(""))
	require.NoError(t, err)
	return mod
}

func newRuntime(t testing.TB) wazero.Runtime {
	ctx := context.Background()
	r := wazero.NewRuntime(ctx)
	t.Cleanup(func() { require.NoError(t, r.Close(ctx)) })
	return r
}

// host is the kernel module beside a memory, as it lives beside Go's.
type host struct {
	t       testing.TB
	memory  api.Memory
	kernels api.Module
	next    uint32   // first free address
	guards  []uint32 // addresses of guard bands
}

const (
	hostPages = 128
	guard     = 16         // numbers in a guard band
	guardBits = 0x7FA5A5A5 // a NaN that no kernel computes
)

func newHost(t testing.TB) *host {
	var env Module
	env.Memory(hostPages)
	env.ExportMemory("memory")
	r := newRuntime(t)
	ctx := context.Background()
	e, err := r.InstantiateWithConfig(ctx, env.Bytes(), wazero.NewModuleConfig().WithName("env"))
	require.NoError(t, err)
	k, err := r.InstantiateWithConfig(ctx, Kernels(), wazero.NewModuleConfig().WithName("kernels"))
	require.NoError(t, err)
	h := &host{t: t, memory: e.ExportedMemory("memory"), kernels: k}
	h.reset()
	return h
}

// reset forgets what was placed.
func (h *host) reset() { h.next, h.guards = 1028, h.guards[:0] }

// view returns n numbers of the memory, in place.
func (h *host) view(at uint32, n int) []float32 {
	if n == 0 {
		return nil
	}
	b, ok := h.memory.Read(at, uint32(n)*4)
	require.True(h.t, ok)
	return unsafe.Slice((*float32)(unsafe.Pointer(&b[0])), n)
}

// place copies x into the memory, between guard bands, at an address that is a
// multiple of 4 only.
func (h *host) place(x []float32) uint32 {
	h.band()
	at := h.next
	copy(h.view(at, len(x)), x)
	h.next += uint32(len(x)) * 4
	h.band()
	return at
}

// placeLast copies x to the very end of the memory, where reading on would trap.
func (h *host) placeLast(x []float32) uint32 {
	at := h.memory.Size() - uint32(len(x))*4
	copy(h.view(at, len(x)), x)
	return at
}

func (h *host) band() {
	h.guards = append(h.guards, h.next)
	fillGuard(h.view(h.next, guard))
	h.next += guard * 4
}

func fillGuard(x []float32) {
	for i := range x {
		x[i] = math.Float32frombits(guardBits)
	}
}

func (h *host) checkGuards() {
	h.t.Helper()
	for _, at := range h.guards {
		for _, v := range h.view(at, guard) {
			require.Equal(h.t, uint32(guardBits), math.Float32bits(v), "a guard band was overwritten")
		}
	}
}

func (h *host) call(name string, args ...uint64) []uint64 {
	h.t.Helper()
	results, err := h.kernels.ExportedFunction(name).Call(context.Background(), args...)
	require.NoError(h.t, err)
	return results
}

func (h *host) result(name string, args ...uint64) uint64 { return h.call(name, args...)[0] }

// sameBits compares bit for bit, except that any NaN equals any other.
func sameBits(t testing.TB, want, got []float32, what ...any) {
	t.Helper()
	require.Equal(t, len(want), len(got))
	for i, w := range want {
		g := got[i]
		if math.Float32bits(w) != math.Float32bits(g) && (w == w || g == g) {
			require.Failf(t, "other bits", "%v: element %d: want %v, got %v", what, i, w, g)
		}
	}
}

var awkward = []float32{
	0, float32(math.Copysign(0, -1)), float32(math.Inf(1)), float32(math.Inf(-1)), float32(math.NaN()),
	1e-40, -1e-40, math.SmallestNonzeroFloat32, math.MaxFloat32, -math.MaxFloat32, 1, -1,
}

// numbers returns n random numbers; with awkwardOnes one in sixteen is awkward.
func numbers(rng *rand.Rand, n int, awkwardOnes bool) []float32 {
	x := make([]float32, n)
	for i := range x {
		x[i] = float32(rng.NormFloat64())
		if awkwardOnes && rng.IntN(16) == 0 {
			x[i] = awkward[rng.IntN(len(awkward))]
		}
	}
	return x
}
