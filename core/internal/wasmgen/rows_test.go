//go:build !js

package wasmgen

import (
	"encoding/binary"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/terrarium-ml/terrarium/core/internal/kernel"
)

// rowCases are the exports on rows beside the functions of kernel for which they stand.
// wide says which arrays have n numbers a row; label is the array of class numbers, 0 for none.
var rowCases = map[string]struct {
	wide  []bool
	label int
	want  func(rows, n int, x [][]float32)
}{
	"softmax":   {[]bool{true, true}, 0, func(rows, n int, x [][]float32) { kernel.Softmax(rows, n, x[0], x[1]) }},
	"cceLogits": {[]bool{false, true, true}, 0, func(rows, n int, x [][]float32) { kernel.CCELogits(rows, n, x[0], x[1], x[2]) }},
	"cceLogitsGrad": {[]bool{true, true, true, false}, 0, func(rows, n int, x [][]float32) {
		kernel.CCELogitsGrad(rows, n, x[0], x[1], x[2], x[3])
	}},
	"sparseLogits": {[]bool{false, true, false}, 2, func(rows, n int, x [][]float32) { kernel.SparseCCELogits(rows, n, x[0], x[1], x[2]) }},
	"sparseLogitsGrad": {[]bool{true, true, false, false}, 2, func(rows, n int, x [][]float32) {
		kernel.SparseCCELogitsGrad(rows, n, x[0], x[1], x[2], x[3])
	}},
}

func TestRows(t *testing.T) {
	h, rng := newHost(t), rand.New(rand.NewPCG(13, 14))
	for name, c := range rowCases {
		for n := 1; n < 70; n++ {
			for _, rows := range []int{0, 1, 3} {
				for _, awkward := range []bool{false, true} {
					h.reset()
					args := []uint64{uint64(rows), uint64(n)}
					x, at := make([][]float32, len(c.wide)), make([]uint32, len(c.wide))
					for i, wide := range c.wide {
						length := rows
						if wide {
							length *= n
						}
						x[i] = numbers(rng, length, awkward)
						if c.label == i && i > 0 {
							for k := range x[i] {
								if !awkward || rng.IntN(3) > 0 {
									x[i][k] = float32(rng.IntN(n))
								}
							}
						}
						at[i] = h.place(x[i])
						args = append(args, uint64(at[i]))
					}
					h.call(name, args...)
					c.want(rows, n, x)
					for i := range x {
						sameBits(t, x[i], h.view(at[i], len(x[i])), name, rows, n, "array", i)
					}
					h.checkGuards()
				}
			}
		}
	}
}

func TestRowsInPlace(t *testing.T) {
	h, rng := newHost(t), rand.New(rand.NewPCG(15, 16))
	for n := 1; n < 40; n++ {
		h.reset()
		x := numbers(rng, 3*n, false)
		at := h.place(x)
		h.call("softmax", 3, uint64(n), uint64(at), uint64(at))
		kernel.Softmax(3, n, x, x)
		sameBits(t, x, h.view(at, len(x)), n)
		h.checkGuards()
	}
}

// TestLogarithms feeds what the logarithms of losses never meet on ordinary paths.
func TestLogarithms(t *testing.T) {
	h := newHost(t)
	const n = 1 << 17
	x, target := make([]float32, n), make([]float32, n)
	for i := range x {
		x[i] = math.Float32frombits(uint32(i) * 32749)
	}
	loss, px, pt := h.place(x), h.place(x), h.place(target)
	h.call("bceLogit", n, uint64(loss), uint64(px), uint64(pt))
	want := make([]float32, n)
	kernel.BCELogits(n, 1, want, x, target)
	sameBits(t, want, h.view(loss, n))
}

func TestFinite(t *testing.T) {
	h, rng := newHost(t), rand.New(rand.NewPCG(17, 18))
	for n := range 70 {
		for bad := -1; bad < n; bad++ {
			h.reset()
			x := numbers(rng, n, false)
			if bad >= 0 {
				x[bad] = awkward[2+rng.IntN(3)]
			}
			result := h.result("finite", uint64(n), uint64(h.place(x)))
			require.Equal(t, bad < 0, result == 1, "%d numbers, number %d is not finite", n, bad)
		}
	}
}

func TestGatherRows(t *testing.T) {
	h, rng := newHost(t), rand.New(rand.NewPCG(19, 20))
	for n := range 20 {
		for _, rows := range []int{0, 1, 5} {
			h.reset()
			src, dst, which := numbers(rng, 9*n, true), make([]float32, rows*n), make([]int, rows)
			for i := range which {
				which[i] = rng.IntN(9)
			}
			from, to, list := h.place(src), h.place(dst), h.place(make([]float32, 2*rows))
			for i, r := range which {
				h.memory.WriteUint64Le(list+uint32(8*i), uint64(r))
			}
			h.call("gatherRows", uint64(rows), uint64(n), uint64(to), uint64(from), uint64(list))
			kernel.GatherRows(n, dst, src, which)
			sameBits(t, dst, h.view(to, len(dst)), rows, n)
			h.checkGuards()
		}
	}
}

// TestRun runs programs of all commands on the same arrays, and calls the exports.
func TestRun(t *testing.T) {
	require.Equal(t, commands, kernel.Commands)
	h, rng := newHost(t), rand.New(rand.NewPCG(21, 22))
	arguments := map[string][]uint64{"gemm": {GemmTransB, 5, 6, 7}, "rowPanels": {PanelColumns, 1}} // what comes before the arrays
	for _, name := range []string{"softmax", "cceLogits", "cceLogitsGrad", "sparseLogits", "sparseLogitsGrad"} {
		arguments[name] = []uint64{4, 10}
	}
	x := numbers(rng, 6*45, false)
	play := func(run func(name string, args []uint64), at uint32) {
		for _, name := range commands {
			parameters := len(h.kernels.ExportedFunction(name).Definition().ParamTypes())
			args := arguments[name]
			if args == nil {
				args = []uint64{40}
			}
			for i := uint32(0); len(args) < parameters; i++ {
				args = append(args, uint64(at+i*45*4))
			}
			if name == "gemm" {
				args = append(args[:4], uint64(at), 7, uint64(at+180), 7, 0, uint64(at+360), 6, uint64(h.memory.Size()-GemmSpace))
			}
			run(name, args)
		}
	}
	once := h.place(x)
	play(func(name string, args []uint64) { h.call(name, args...) }, once)
	program := h.place(make([]float32, len(commands)*CommandSize/4))
	again, count := h.place(x), uint32(0)
	play(func(name string, args []uint64) {
		words := binary.LittleEndian.AppendUint32(nil, count)
		for _, a := range args {
			words = binary.LittleEndian.AppendUint32(words, uint32(a))
		}
		require.True(t, h.memory.Write(program+count*CommandSize, words))
		count++
	}, again)
	h.call("run", uint64(count), uint64(program))
	sameBits(t, h.view(once, len(x)), h.view(again, len(x)))
	require.NotEqual(t, x, h.view(again, len(x)), "nothing was done")
	h.checkGuards()
}
