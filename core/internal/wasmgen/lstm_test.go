//go:build !js

package wasmgen

import (
	"math/rand/v2"
	"testing"

	"github.com/terrarium-ml/terrarium/core/internal/kernel"
)

func TestLSTM(t *testing.T) {
	cell := kernel.Cell{Act: kernel.Tanh, Gate: kernel.Sigmoid}
	h, rng := newHost(t), rand.New(rand.NewPCG(11, 12))
	for rows := range 4 {
		for u := 1; u < 22; u++ {
			for _, awkward := range []bool{false, true} {
				h.reset()
				var x [6][]float32 // a, before, c, t, h, dc
				var at [6]uint64
				for i := range x {
					n := rows * u
					if i == 0 {
						n *= 4
					}
					x[i] = numbers(rng, n, awkward)
					at[i] = uint64(h.place(x[i]))
				}
				compare := func(what string) {
					t.Helper()
					for i := range x {
						sameBits(t, x[i], h.view(uint32(at[i]), len(x[i])), what, rows, u, "array", i)
					}
					h.checkGuards()
				}
				h.call("lstm", uint64(rows), uint64(u), at[0], at[1], at[2], at[3], at[4])
				kernel.LSTM(cell, rows, u, x[0], nil, x[1], x[2], x[3], x[4])
				compare("lstm")
				h.call("lstmGrad", uint64(rows), uint64(u), at[0], at[1], at[3], at[4], at[5])
				kernel.LSTMGrad(cell, rows, u, x[0], nil, x[1], x[2], x[3], x[4], x[5])
				compare("lstmGrad")
			}
		}
	}
}
