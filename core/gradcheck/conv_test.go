package gradcheck

import (
	"fmt"
	"testing"

	"github.com/terrarium-ml/terrarium/core/graph"
)

// The convolutions, at strides, dilations and paddings that matter to their gradients.
func TestConvolutions(t *testing.T) {
	one, two := [2]int{1, 1}, [2]int{2, 2}
	param := func(shape ...int) Input { return Input{Shape: shape, Param: true} }
	for i, c := range []struct {
		strides, dilation [2]int
		padding           graph.Padding
	}{{one, one, graph.PadValid}, {one, one, graph.PadSame}, {two, one, graph.PadSame}, {[2]int{3, 2}, [2]int{1, 2}, graph.PadSame}, {[2]int{1, 2}, two, graph.PadValid}} {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			image := Input{Shape: []int{7, 6, 3}}
			Op(t, graph.Conv{Strides: c.strides, Dilation: c.dilation, Padding: c.padding}, Config{}, image, param(3, 2, 3, 4), param(4))
			Op(t, graph.Conv{Strides: c.strides, Dilation: c.dilation, Padding: c.padding}, Config{Rows: 1}, image, param(1, 1, 3, 2))
			Op(t, graph.ConvTranspose{Strides: c.strides, Dilation: c.dilation, Padding: c.padding}, Config{}, Input{Shape: []int{4, 3, 3}}, param(3, 2, 4, 3), param(4))
			Op(t, graph.DepthwiseConv{Strides: c.strides, Dilation: c.dilation, Padding: c.padding}, Config{}, image, param(3, 2, 3, 1), param(3))
			Op(t, graph.DepthwiseConv{Strides: c.strides, Dilation: c.dilation, Padding: c.padding}, Config{}, image, param(2, 3, 3, 2), param(6))
		})
	}
	Op(t, graph.Conv{Strides: one, Dilation: two, Padding: graph.PadCausal}, Config{}, Input{Shape: []int{8, 3}}, param(3, 3, 2), param(2))
}
