package graph

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// onePlan is a plan of one operation, on inputs of the given shapes, with all gradients.
func onePlan(t *testing.T, op Op, rows int, shapes ...[]int) *Plan {
	g := &Graph{}
	var in []Value
	for _, shape := range shapes {
		v, err := g.Input("x", shape)
		require.NoError(t, err)
		in = append(in, v)
	}
	y, err := g.Apply(op, in...)
	require.NoError(t, err)
	p, err := NewPlan(g, NewStore(g), Config{MaxBatch: rows, Outputs: []Value{y}, Losses: []Value{y}, Explain: in}, 0)
	require.NoError(t, err)
	p.SetStreams(sameStreams{})
	return p
}

func TestPoolsAllocateNothingAndPause(t *testing.T) {
	window := Window{Size: [2]int{3, 3}, Strides: [2]int{2, 2}, Same: true}
	for _, op := range []Op{MaxPool{window}, MeanPool{window}, GlobalMean{}} {
		p := onePlan(t, op, 4, []int{9, 8, 5})
		assert.Zero(t, testing.AllocsPerRun(5, func() { _, _ = p.Forward(4, true), p.Backward() }), "%T", op)
	}
	p := onePlan(t, MaxPool{window}, 2, []int{1024, 1024, 16})
	pauses := 0
	p.OnPause(func() error { pauses++; return nil })
	require.NoError(t, p.Forward(2, true))
	assert.GreaterOrEqual(t, pauses, 4, "also in the middle of one sample")
}
