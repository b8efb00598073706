package graph

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/core/internal/kernel"
)

// A penalty is a loss of its own beside that of the predictions; one on what nobody
// trains counts as well, and has no gradient.
func TestPenaltiesAreLosses(t *testing.T) {
	n := diamond(t)
	h, err := n.g.Apply(Activation{Kind: kernel.Tanh}, n.out)
	require.NoError(t, err)
	trained, err := n.g.Apply(ActivityPenalty{L1: 0.5, L2: 0.25}, h)
	require.NoError(t, err)
	fixed, err := n.g.Apply(ActivityPenalty{L2: 1}, n.x)
	require.NoError(t, err)
	n.g.AddPenalty(trained)
	n.g.AddPenalty(fixed)
	require.Equal(t, []Value{trained, fixed}, n.g.Penalties())
	p := n.plan(t, Config{MaxBatch: 3, Losses: append([]Value{n.loss}, n.g.Penalties()...)})
	n.fill(p, 3)
	without := append([]float32{}, p.LossGrad(n.loss, 3)...)
	for _, v := range n.g.Penalties() {
		kernel.Fill(p.LossGrad(v, 3), 0.5)
	}
	assert.Nil(t, p.LossGrad(fixed, 3), "nothing below it is trained")
	require.NoError(t, p.Forward(3, true))
	x, want := p.Value(n.x, 3), make([]float32, 3)
	for i := range want {
		want[i] = kernel.SumSquares(x[3*i : 3*i+3])
	}
	assert.Equal(t, want, p.Value(fixed, 3))
	require.NoError(t, p.Backward())
	with := append([]float32{}, p.Grads...)
	kernel.Fill(p.LossGrad(trained, 3), 0)
	require.NoError(t, p.Backward())
	assert.NotEqual(t, with, p.Grads, "the penalty has a gradient")
	assert.Equal(t, without, p.LossGrad(n.loss, 3))
}

func TestConstrain(t *testing.T) {
	g := &Graph{}
	add := func(shape []int, trainable bool, c Constraint) {
		_, err := g.Param(Param{Name: "w", Shape: shape, Trainable: trainable, Constraint: c})
		require.NoError(t, err)
	}
	unit := Constraint{Kind: NormRange, Low: 1, High: 1, Rate: 1, Axes: []int{0}}
	rows := unit
	rows.Axes = []int{1}
	add([]int{2, 3}, true, unit)
	add([]int{2, 3}, true, rows)
	add([]int{2, 3}, true, Constraint{Kind: NormRange, High: 5, Rate: 1})
	add([]int{4}, true, Constraint{Kind: NonNegative})
	add([]int{4}, false, Constraint{Kind: NonNegative})
	add([]int{4}, true, Constraint{})
	s := NewStore(g)
	for i := range s.Params {
		copy(s.Of(i, s.Change()), []float32{3, 4, -6, 4, 3, -8})
	}
	assert.Zero(t, testing.AllocsPerRun(3, s.Constrain))
	assert.InDeltaSlice(t, []float32{0.6, 0.8, -0.6, 0.8, 0.6, -0.8}, s.Of(0, s.Values()), 1e-6)
	assert.InDelta(t, 1, kernel.SumSquares(s.Of(1, s.Values())[:3]), 1e-6)
	assert.InDelta(t, 25, kernel.SumSquares(s.Of(2, s.Values())), 1e-4)
	assert.Equal(t, []float32{3, 4, 0, 4}, s.Of(3, s.Values()))
	assert.Equal(t, []float32{3, 4, -6, 4}, s.Of(4, s.Values()), "is not trained")
	assert.Equal(t, []float32{3, 4, -6, 4}, s.Of(5, s.Values()))
}

func TestCheckAxes(t *testing.T) {
	assert.Nil(t, CheckAxes([]int{0, 1, 2}, []int{3, 3, 2, 4}))
	assert.ErrorContains(t, CheckAxes([]int{0, 2}, []int{3, 3, 2, 4}), "side by side")
	assert.ErrorContains(t, CheckAxes([]int{1}, []int{3}), "has axes 0 to 0")
	assert.ErrorContains(t, CheckAxes([]int{-1}, []int{3}), "axis -1")
}
