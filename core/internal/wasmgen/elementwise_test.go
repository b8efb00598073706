//go:build !js

package wasmgen

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/terrarium-ml/terrarium/core/internal/kernel"
)

// elementCases are the exports beside plain loops: want computes from x, the arrays
// before the call, what the first arrays hold after it.
var elementCases = map[string]struct {
	arrays, scalars int
	want            func(x [][]float32, i int, s []float32)
}{
	"add": {3, 0, func(x [][]float32, i int, _ []float32) { x[0][i] = x[1][i] + x[2][i] }},
	"mul": {3, 0, func(x [][]float32, i int, _ []float32) { x[0][i] = x[1][i] * x[2][i] }},
	"sub": {3, 0, func(x [][]float32, i int, _ []float32) { x[0][i] = x[1][i] - x[2][i] }},
	"momentum": {3, 2, func(x [][]float32, i int, s []float32) {
		x[2][i] = float32(s[1]*x[2][i]) + x[1][i]
		x[0][i] -= float32(s[0] * x[2][i])
	}},
	"scale":     {2, 1, func(x [][]float32, i int, s []float32) { x[0][i] = x[1][i] * s[0] }},
	"addScaled": {2, 1, func(x [][]float32, i int, s []float32) { x[0][i] += float32(s[0] * x[1][i]) }},
	"sgd":       {2, 1, func(x [][]float32, i int, s []float32) { x[0][i] -= float32(s[0] * x[1][i]) }},
	"relu": {2, 0, func(x [][]float32, i int, _ []float32) {
		x[0][i] = x[1][i]
		if x[1][i] < 0 {
			x[0][i] = 0
		}
	}},
	"reluGrad": {3, 0, func(x [][]float32, i int, _ []float32) {
		x[0][i] = 0
		if x[2][i] > 0 {
			x[0][i] = x[1][i]
		}
	}},
	"exp":     {2, 0, func(x [][]float32, i int, _ []float32) { x[0][i] = kernel.Exp32(x[1][i]) }},
	"sigmoid": {2, 0, func(x [][]float32, i int, _ []float32) { x[0][i] = kernel.Sigmoid32(x[1][i]) }},
	"tanh":    {2, 0, func(x [][]float32, i int, _ []float32) { x[0][i] = kernel.Tanh32(x[1][i]) }},
	"adam": {4, 8, func(x [][]float32, i int, s []float32) {
		p, g, m, v := x[0], x[1][i], x[2], x[3]
		m[i] = float32(s[0]*m[i]) + float32(s[1]*g)
		v[i] = float32(s[2]*v[i]) + float32(s[3]*float32(g*g))
		root := float32(math.Sqrt(float64(float32(v[i] * s[5]))))
		p[i] -= float32(s[6]*float32(m[i]*s[4])) / (root + s[7])
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
				for i := range n {
					c.want(x, i, s)
				}
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
