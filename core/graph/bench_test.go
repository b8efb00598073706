package graph

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
)

// BenchmarkConv runs single convolutions, of a batch of 32 images, forward and backward.
func BenchmarkConv(b *testing.B) {
	one := [2]int{1, 1}
	for _, c := range []convCase{
		{kind: "conv", x: []int{28, 28, 1}, kernel: []int{5, 5, 1, 8}, strides: one},
		{kind: "conv", x: []int{14, 14, 8}, kernel: []int{5, 5, 8, 16}, strides: one},
		{kind: "conv", x: []int{14, 14, 32}, kernel: []int{3, 3, 32, 64}, strides: [2]int{2, 2}},
		{kind: "conv", x: []int{14, 14, 64}, kernel: []int{1, 1, 64, 64}, strides: one},
		{kind: "transpose", x: []int{7, 7, 32}, kernel: []int{4, 4, 16, 32}, strides: [2]int{2, 2}},
		{kind: "depthwise", x: []int{14, 14, 64}, kernel: []int{3, 3, 64, 1}, strides: one},
	} {
		c.rows, c.dilation, c.padding, c.bias = 32, one, PadSame, true
		r, err := c.run(b)
		require.NoError(b, err)
		flops := float64(32 * r.plan.steps[0].cost)
		for _, way := range []struct {
			name  string
			times float64
			run   func() error
		}{{"forward", 1, func() error { return r.plan.Forward(32, true) }}, {"backward", 2, r.plan.Backward}} {
			b.Run(fmt.Sprintf("%s %v by %v, strides %d/%s", c.kind, c.x, c.kernel, c.strides[0], way.name), func(b *testing.B) {
				for b.Loop() {
					if err := way.run(); err != nil {
						b.Fatal(err)
					}
				}
				b.ReportMetric(way.times*flops*float64(b.N)/float64(b.Elapsed().Nanoseconds()), "GFLOP/s")
			})
		}
	}
}
