//go:build !js

package wasmgen

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/terrarium-ml/terrarium/core/internal/kernel"
)

// elementCases are the exports beside the functions of kernel for which they stand: want
// makes of x, the arrays before the call, what they hold after it.
var elementCases = map[string]struct {
	arrays, scalars int
	want            func(x [][]float32, s []float32)
}{
	"add":       {3, 0, func(x [][]float32, _ []float32) { kernel.Add(x[0], x[1], x[2]) }},
	"sub":       {3, 0, func(x [][]float32, _ []float32) { kernel.Sub(x[0], x[1], x[2]) }},
	"mul":       {3, 0, func(x [][]float32, _ []float32) { kernel.Mul(x[0], x[1], x[2]) }},
	"scale":     {2, 1, func(x [][]float32, s []float32) { kernel.Scale(x[0], x[1], s[0]) }},
	"addScaled": {2, 1, func(x [][]float32, s []float32) { kernel.AddScaled(x[0], x[1], s[0]) }},
	"relu":      {2, 0, func(x [][]float32, _ []float32) { kernel.Activate(kernel.Relu, 0, x[0], x[1]) }},
	"reluGrad":  {3, 0, func(x [][]float32, _ []float32) { kernel.ActivateGrad(kernel.Relu, 0, x[0], x[1], nil, x[2]) }},
	"exp":       {2, 0, func(x [][]float32, _ []float32) { kernel.Exp(x[0], x[1]) }},
	"sigmoid":   {2, 0, func(x [][]float32, _ []float32) { kernel.Activate(kernel.Sigmoid, 0, x[0], x[1]) }},
	"tanh":      {2, 0, func(x [][]float32, _ []float32) { kernel.Activate(kernel.Tanh, 0, x[0], x[1]) }},
	"flush":     {1, 0, func(x [][]float32, _ []float32) { kernel.FlushDenormals(x[0]) }},
	"sgd":       {2, 1, func(x [][]float32, s []float32) { kernel.SGD(x[0], x[1], s[0]) }},
	"momentum":  {3, 2, func(x [][]float32, s []float32) { kernel.Momentum(x[0], x[1], x[2], s[0], s[1], false) }},
	"sigmoidGrad": {3, 0, func(x [][]float32, _ []float32) {
		kernel.ActivateGrad(kernel.Sigmoid, 0, x[0], x[1], nil, x[2])
	}},
	"tanhGrad": {3, 0, func(x [][]float32, _ []float32) {
		kernel.ActivateGrad(kernel.Tanh, 0, x[0], x[1], nil, x[2])
	}},
	"bceLogit": {3, 0, func(x [][]float32, _ []float32) { kernel.BCELogits(len(x[0]), 1, x[0], x[1], x[2]) }},
	"bceLogitGrad": {4, 0, func(x [][]float32, _ []float32) {
		kernel.BCELogitsGrad(len(x[0]), 1, x[0], x[1], x[2], x[3])
	}},
	"adam": {4, 8, func(x [][]float32, s []float32) {
		kernel.Adam(x[0], x[1], x[2], x[3], s[0], s[1], s[2], s[3], s[4], s[5], s[6], s[7])
	}},
}

func TestElementwise(t *testing.T) {
	for _, k := range elementwise {
		require.Contains(t, elementCases, k.name, "a kernel without a test")
	}
	h, rng := newHost(t), rand.New(rand.NewPCG(5, 6))
	for name, c := range elementCases {
		for n := range 70 {
			for _, awkward := range []bool{false, true} {
				h.reset()
				x, at := make([][]float32, c.arrays), make([]uint32, c.arrays)
				args := []uint64{uint64(n)}
				for i := range x {
					x[i] = numbers(rng, n, awkward)
					at[i] = h.place(x[i])
					args = append(args, uint64(at[i]))
				}
				s := numbers(rng, c.scalars, false)
				for _, v := range s {
					args = append(args, uint64(math.Float32bits(v)))
				}
				h.call(name, args...)
				c.want(x, s)
				for i := range x {
					sameBits(t, x[i], h.view(at[i], n), name, n, "array", i)
				}
				h.checkGuards()
			}
		}
	}
}

func TestElementwiseInPlace(t *testing.T) {
	h, rng := newHost(t), rand.New(rand.NewPCG(7, 8))
	for n := range 40 {
		h.reset()
		x := numbers(rng, n, true)
		at := h.place(x)
		h.call("add", uint64(n), uint64(at), uint64(at), uint64(at))
		h.call("relu", uint64(n), uint64(at), uint64(at))
		for i, v := range x {
			if x[i] = v + v; x[i] < 0 {
				x[i] = 0
			}
		}
		sameBits(t, x, h.view(at, n), n)
		h.checkGuards()
	}
}

// TestFunctionsOfWideRange feeds bit patterns from all over the range.
func TestFunctionsOfWideRange(t *testing.T) {
	h := newHost(t)
	const n = 1 << 17
	x := make([]float32, n)
	for i := range x {
		x[i] = math.Float32frombits(uint32(i) * 32749)
	}
	from, to := h.place(x), h.place(x)
	for name, f := range map[string]func(float32) float32{"exp": kernel.Exp32, "sigmoid": kernel.Sigmoid32, "tanh": kernel.Tanh32} {
		h.call(name, n, uint64(to), uint64(from))
		want := make([]float32, n)
		for i, v := range x {
			want[i] = f(v)
		}
		sameBits(t, want, h.view(to, n), name)
	}
}
