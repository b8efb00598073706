//go:build !js

package wasmgen

import (
	"math/rand/v2"
	"testing"
)

func TestGather(t *testing.T) {
	h, rng := newHost(t), rand.New(rand.NewPCG(9, 1))
	for run := 1; run <= 18; run++ {
		for range 12 {
			h.reset()
			var count, step [4]int
			length := run
			for i := range count {
				count[i], step[i] = 1+rng.IntN(4), rng.IntN(9)
				length += (count[i] - 1) * step[i]
			}
			x := numbers(rng, length, true)
			src := h.placeLast(x)
			total := count[0] * count[1] * count[2] * count[3] * run
			dst := h.place(make([]float32, total))
			args := []uint64{}
			for i := range count {
				args = append(args, uint64(count[i]), uint64(step[i]))
			}
			h.call("gather", append(args, uint64(run), uint64(src), uint64(dst))...)
			var want []float32
			for r := range count[0] {
				for c := range count[1] {
					for k := range count[2] {
						for i := range count[3] {
							want = append(want, x[r*step[0]+c*step[1]+k*step[2]+i*step[3]:][:run]...)
						}
					}
				}
			}
			sameBits(t, want, h.view(dst, total), "run", run, count, step)
			h.checkGuards()
		}
	}
}
