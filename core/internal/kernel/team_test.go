package kernel

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
)

// A team of any size computes the bits that one goroutine does.
func TestTeamsComputeTheSameBits(t *testing.T) {
	if teamSize() < 2 {
		t.Skip("one processor: there is nobody to share with")
	}
	fill := func(n, seed int) []float32 {
		x := make([]float32, n)
		for i := range x {
			x[i] = float32((i*7919+seed*104729)%2003)/1001 - 1
		}
		return x
	}
	alone, _ := NewWorkspace(), 0
	alone.team = nil
	for _, size := range []int{2, 3, 5} {
		together := newWorkspace(!haveVectors())
		together.team = newTeam(size, !haveVectors())
		for _, s := range [][3]int{{256, 256, 256}, {129, 130, 300}, {4, 2000, 300}, {3000, 5, 200}, {97, 96, 513}, {33, 40, 1000}} {
			m, n, k := s[0], s[1], s[2]
			a, b, bias := fill(m*k, 1), fill(k*n, 2), fill(n, 3)
			for _, acc := range []bool{false, true} {
				for f, product := range []func(*Workspace, []float32){
					func(ws *Workspace, c []float32) { GemmNN(ws, m, n, k, a, k, b, n, bias, c, n, acc) },
					func(ws *Workspace, c []float32) { GemmTN(ws, m, n, k, a, m, b, n, bias, c, n, acc) },
					func(ws *Workspace, c []float32) { GemmNT(ws, m, n, k, a, k, b, k, nil, c, n, acc) },
				} {
					want, got := fill(m*n, 4), fill(m*n, 4)
					product(alone, want)
					product(together, got)
					assert.Equal(t, want, got, fmt.Sprint(size, s, acc, f))
					assert.NotNil(t, together.team)
				}
			}
		}
		c := make([]float32, 256*256)
		x := fill(256*256, 5)
		assert.Zero(t, testing.AllocsPerRun(5, func() { GemmNN(together, 256, 256, 256, x, 256, x, 256, nil, c, 256, false) }))
	}
}
