//go:build !js

package wasmgen

import (
	"context"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/tetratelabs/wazero/api"

	"github.com/terrarium-ml/terrarium/core/internal/kernel"
)

// newLibraryHost is a host whose module exports functions of a Library, by their names.
func newLibraryHost(t *testing.T, scalar bool, export func(b *Library) map[string]*Func) *host {
	m := &Module{}
	m.Memory(hostPages)
	m.ExportMemory("memory")
	functions := export(&Library{Module: m, Scalar: scalar, Scratch: 64})
	for _, name := range sortedNames(functions) {
		m.Export(name, functions[name])
	}
	mod := instantiate(t, m.Bytes())
	h := &host{t: t, memory: mod.ExportedMemory("memory"), kernels: mod}
	h.reset()
	return h
}

func bothKinds(t *testing.T, test func(t *testing.T, scalar bool)) {
	for _, scalar := range []bool{false, true} {
		t.Run(fmt.Sprintf("scalar=%v", scalar), func(t *testing.T) { test(t, scalar) })
	}
}

// functionOf is a function of one number beside its definition.
type functionOf struct {
	write func(l Lanes, x Num) Num
	want  func(y, x []float32)
}

func activation(kind kernel.Activation, alpha float32) func(y, x []float32) {
	return func(y, x []float32) { kernel.Activate(kind, alpha, y, x) }
}

var functionsOfOne = map[string]functionOf{
	"exp":         {Lanes.Exp, kernel.Exp},
	"log":         {Lanes.Log, kernel.Log},
	"log1p":       {Lanes.Log1p, kernel.Log1p},
	"erf":         {Lanes.Erf, kernel.Erf},
	"relu":        {Lanes.Relu, activation(kernel.Relu, 0)},
	"relu6":       {func(l Lanes, x Num) Num { return l.Clamp(x, 0, 6) }, activation(kernel.Relu6, 0)},
	"leakyRelu":   {func(l Lanes, x Num) Num { return l.LeakyRelu(x, 0.3) }, activation(kernel.LeakyRelu, 0.3)},
	"elu":         {func(l Lanes, x Num) Num { return l.Elu(x, 1.5) }, activation(kernel.Elu, 1.5)},
	"selu":        {Lanes.Selu, activation(kernel.Selu, 0)},
	"sigmoid":     {Lanes.Sigmoid, activation(kernel.Sigmoid, 0)},
	"hardSigmoid": {Lanes.HardSigmoid, activation(kernel.HardSigmoid, 0)},
	"tanh":        {Lanes.Tanh, activation(kernel.Tanh, 0)},
	"softplus":    {Lanes.Softplus, activation(kernel.Softplus, 0)},
	"softsign":    {Lanes.Softsign, activation(kernel.Softsign, 0)},
	"swish":       {Lanes.Swish, activation(kernel.Swish, 0)},
	"mish":        {Lanes.Mish, activation(kernel.Mish, 0)},
	"gelu":        {Lanes.Gelu, activation(kernel.Gelu, 0)},
	"geluTanh":    {Lanes.GeluTanh, activation(kernel.GeluTanh, 0)},
}

func exportFunctionsOfOne(b *Library) map[string]*Func {
	list := map[string]*Func{}
	for _, name := range sortedNames(functionsOfOne) {
		list[name] = b.Map(name, functionsOfOne[name].write)
	}
	return list
}

// TestFunctionsOfOne looks at every length around a vector, and at bit patterns from all
// over the range.
func TestFunctionsOfOne(t *testing.T) {
	bothKinds(t, func(t *testing.T, scalar bool) {
		h, rng := newLibraryHost(t, scalar, exportFunctionsOfOne), rand.New(rand.NewPCG(21, 22))
		wide := make([]float32, 1<<16)
		for i := range wide {
			wide[i] = math.Float32frombits(uint32(i)*65521 + uint32(i))
		}
		for name, c := range functionsOfOne {
			for n := range 20 {
				x := numbers(rng, n, n%2 == 0)
				h.checkMap(name, x, c.want)
			}
			h.checkMap(name, wide, c.want)
			h.checkMap(name, awkward, c.want)
		}
	})
}

// checkMap calls name(n, y, x) with Slack behind the arrays, and then in place.
func (h *host) checkMap(name string, x []float32, function func(y, x []float32)) {
	h.t.Helper()
	h.reset()
	want := make([]float32, len(x))
	function(want, x)
	px := h.place(append(append([]float32{}, x...), make([]float32, 3)...))
	py := h.place(make([]float32, len(x)+3))
	h.call(name, uint64(len(x)), uint64(py), uint64(px))
	sameBits(h.t, want, h.view(py, len(x)), name, len(x))
	h.call(name, uint64(len(x)), uint64(px), uint64(px))
	sameBits(h.t, want, h.view(px, len(x)), name, len(x), "in place")
	h.checkGuards()
}

func TestZip(t *testing.T) {
	bothKinds(t, func(t *testing.T, scalar bool) {
		h := newLibraryHost(t, scalar, func(b *Library) map[string]*Func {
			return map[string]*Func{"sub": b.Zip("sub", Lanes.Sub)}
		})
		rng := rand.New(rand.NewPCG(31, 32))
		for n := range 20 {
			h.reset()
			a, b, want := numbers(rng, n+3, true), numbers(rng, n+3, true), make([]float32, n)
			kernel.Sub(want, a[:n], b[:n])
			pa, pb := h.place(a), h.place(b)
			h.call("sub", uint64(n), uint64(pa), uint64(pa), uint64(pb))
			sameBits(t, want, h.view(pa, n), n)
			h.checkGuards()
		}
	})
}

func TestReduce(t *testing.T) {
	bothKinds(t, func(t *testing.T, scalar bool) {
		h := newLibraryHost(t, scalar, func(b *Library) map[string]*Func {
			return map[string]*Func{"sum": b.Reduce(Sum), "greatest": b.Reduce(Greatest), "squares": b.Reduce(Squares)}
		})
		rng := rand.New(rand.NewPCG(41, 42))
		for n := range 100 {
			x := numbers(rng, n, n%3 == 0)
			h.reset()
			px := h.place(x)
			for name, want := range map[string]float32{"sum": kernel.Sum(x), "greatest": kernel.Max(x), "squares": kernel.SumSquares(x)} {
				r, err := h.kernels.ExportedFunction(name).Call(context.Background(), uint64(n), uint64(px), 0)
				require.NoError(t, err)
				sameBits(t, []float32{want}, []float32{api.DecodeF32(r[0])}, name, n)
			}
			h.checkGuards()
		}
	})
}

func TestSoftmax(t *testing.T) {
	bothKinds(t, func(t *testing.T, scalar bool) {
		h := newLibraryHost(t, scalar, func(b *Library) map[string]*Func {
			return map[string]*Func{"softmax": b.Softmax(), "logSoftmax": b.LogSoftmax()}
		})
		rng := rand.New(rand.NewPCG(51, 52))
		for n := 1; n < 50; n++ {
			for _, rows := range []int{1, 3} {
				x := numbers(rng, rows*n, n%4 == 0)
				for name, function := range map[string]func(rows, n int, y, x []float32){"softmax": kernel.Softmax, "logSoftmax": kernel.LogSoftmax} {
					h.reset()
					want := make([]float32, len(x))
					function(rows, n, want, x)
					px, py := h.place(x), h.place(make([]float32, len(x)))
					h.call(name, uint64(rows), uint64(n), uint64(py), uint64(px))
					sameBits(t, want, h.view(py, len(x)), name, rows, n)
					h.call(name, uint64(rows), uint64(n), uint64(px), uint64(px))
					sameBits(t, want, h.view(px, len(x)), name, rows, n, "in place")
					h.checkGuards()
				}
			}
		}
	})
}

func TestProduct(t *testing.T) {
	bothKinds(t, func(t *testing.T, scalar bool) {
		h := newLibraryHost(t, scalar, func(b *Library) map[string]*Func {
			return map[string]*Func{"product": b.Product()}
		})
		rng := rand.New(rand.NewPCG(61, 62))
		for _, m := range []int{1, 2, 3, 4, 5, 8, 11} {
			for _, n := range []int{1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 47, 70} {
				for _, k := range []int{1, 3, 4, 7, 255, 256, 257, 513} {
					if k > 7 && (m*n+k)%5 > 1 {
						continue // the reference takes its time
					}
					checkProduct(t, h, rng, m, n, k)
				}
			}
		}
	})
}

func checkProduct(t *testing.T, h *host, rng *rand.Rand, m, n, k int) {
	t.Helper()
	h.reset()
	lda, ldb, ldc := k+m%2, n+k%3, n+m%3
	a, b := numbers(rng, m*lda, m%3 == 0), numbers(rng, k*ldb, m%4 == 0)
	c := numbers(rng, m*ldc, false)
	for i := range c {
		if i%ldc >= n {
			fillGuard(c[i : i+1])
		}
	}
	var bias []float32
	var pbias uint64
	if k%2 == 1 {
		bias = numbers(rng, n, false)
		pbias = uint64(h.place(bias))
	}
	flags := (n + k) % 4
	pa, pb, pc := h.place(a), h.place(append(b, make([]float32, Slack)...)), h.place(c)
	h.call("product", uint64(m), uint64(n), uint64(k), uint64(pa), uint64(4*lda), uint64(pb), uint64(4*ldb), pbias, uint64(pc), uint64(4*ldc), uint64(flags))
	kernel.GemmScalar(false, false, m, n, k, a, lda, b, ldb, bias, c, ldc, flags&ProductAdd != 0)
	for i, v := range c {
		if flags&ProductRelu != 0 && v < 0 && i%ldc < n {
			c[i] = 0
		}
	}
	sameBits(t, c, h.view(pc, len(c)), m, n, k)
	h.checkGuards()
}

// Patches of images around the size of a tile, of every geometry, beside Product on the
// same patches laid side by side.
func TestConvolve(t *testing.T) {
	h := newLibraryHost(t, false, func(b *Library) map[string]*Func {
		return map[string]*Func{"convolve": b.Convolve()}
	})
	rng := rand.New(rand.NewPCG(63, 64))
	for _, size := range [][2]int{{1, 1}, {1, 3}, {2, 2}, {1, 5}, {5, 1}, {3, 3}, {2, 7}, {4, 4}} {
		for _, n := range []int{1, 3, 4, 7, 8, 9, 16, 21} {
			for _, patch := range [][3]int{{1, 1, 1}, {2, 3, 1}, {3, 3, 2}, {5, 5, 1}, {1, 4, 5}, {4, 16, 4}} {
				checkConvolve(t, h, rng, size, patch, 1+rng.IntN(2), n, rng.IntN(2))
			}
		}
	}
}

// checkConvolve convolves rows and columns with patches of height, width and channels.
func checkConvolve(t *testing.T, h *host, rng *rand.Rand, size [2]int, patch [3]int, stride, n, flags int) {
	t.Helper()
	h.reset()
	rows, cols := size[0], size[1]
	height, width, channels := patch[0], patch[1], patch[2]
	line := ((cols-1)*stride + width + rng.IntN(3)) * channels
	image := numbers(rng, ((rows-1)*stride+height)*line, true)
	k := height * width * channels
	b, c := numbers(rng, k*n, n%2 == 0), make([]float32, rows*cols*n)
	fillGuard(c)
	var bias []float32
	var pbias uint64
	if k%2 == 1 {
		bias = numbers(rng, n, false)
		pbias = uint64(h.place(bias))
	}
	pa, pb, pc := h.place(image), h.place(append(b, make([]float32, Slack)...)), h.place(c)
	h.call("convolve", uint64(rows), uint64(cols), uint64(n), uint64(height), uint64(width*channels),
		uint64(pa), uint64(4*stride*line), uint64(4*stride*channels), uint64(4*line), uint64(pb), pbias, uint64(pc), uint64(flags))

	var patches []float32
	for i := range rows {
		for j := range cols {
			for y := range height {
				from := (i*stride+y)*line + j*stride*channels
				patches = append(patches, image[from:from+width*channels]...)
			}
		}
	}
	kernel.GemmScalar(false, false, rows*cols, n, k, patches, k, b, n, bias, c, n, false)
	for i, v := range c {
		if flags&ProductRelu != 0 && v < 0 {
			c[i] = 0
		}
	}
	sameBits(t, c, h.view(pc, len(c)), size, patch, stride, n)
	h.checkGuards()
}

func sortedNames[T any](m map[string]T) []string { return slices.Sorted(maps.Keys(m)) }
