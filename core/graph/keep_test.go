package graph

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/core/tensor"
)

// counting adds 1 to every value, keeps the sum of a training batch, and once the step
// is made adds that to its parameter. It fills its scratch memory with rubbish.
type counting struct{ scratch int }

func (counting) Infer(in [][]int) ([]int, *tensor.Error) { return in[0], nil }
func (counting) Keeps(_ [][]int, _ []int) int            { return 1 }
func (o counting) ScratchSize(_ [][]int, _ []int) int    { return o.scratch }
func (counting) Commit(c *Call)                          { c.In[1][0] += c.Kept[0] }
func (o counting) Backward(c *Call)                      { o.dirty(c); copy(c.DIn[0], c.DOut) }

func (o counting) Forward(c *Call) {
	o.dirty(c)
	c.Kept[0] = 0
	for i, v := range c.In[0] {
		c.Out[i] = v + 1
		c.Kept[0] += v
	}
}

func (o counting) dirty(c *Call) {
	if len(c.Scratch) != o.scratch {
		panic("another size of scratch memory than was asked for")
	}
	for i := range c.Scratch {
		c.Scratch[i] = 1e9
	}
}

// What a step learned beside gradients counts when the step is committed and not
// before, and scratch memory overlaps nothing.
func TestKeepersAndScratch(t *testing.T) {
	g := &Graph{}
	x, err := g.Input("x", []int{2})
	require.NoError(t, err)
	statistic := func(scratch int, x Value) Value {
		p, err := g.Param(Param{Name: "statistic", Shape: []int{1}})
		require.NoError(t, err)
		y, err := g.Apply(counting{scratch}, x, p)
		require.NoError(t, err)
		return y
	}
	y := statistic(5, statistic(100, x))
	store := NewStore(g)
	p, err := NewPlan(g, store, Config{MaxBatch: 3, Outputs: []Value{y}, Losses: []Value{y}, Explain: []Value{x}}, 0)
	require.NoError(t, err)
	copy(p.Value(x, 2), []float32{1, 2, 3, 4})
	for range 2 {
		require.NoError(t, p.Forward(2, true))
		copy(p.LossGrad(y, 2), []float32{5, 6, 7, 8})
		require.NoError(t, p.Backward())
		assert.Equal(t, []float32{3, 4, 5, 6}, p.Value(y, 2))
		assert.Equal(t, []float32{5, 6, 7, 8}, p.Gradient(x, 2))
	}
	assert.Equal(t, []float32{0}, store.Of(0, store.Values()), "an abandoned step leaves no trace")
	p.Commit()
	assert.Equal(t, []float32{10}, store.Of(0, store.Values()))
	assert.Equal(t, []float32{14}, store.Of(1, store.Values()))
	assert.Zero(t, testing.AllocsPerRun(10, func() { p.Forward(2, true); p.Commit() }))
}

func TestNodes(t *testing.T) {
	n := diamond(t)
	nodes := n.g.Nodes(n.out)
	assert.Len(t, nodes, 1+3+8, "the input, three weights, and eight operations; neither target nor loss")
	seen := map[Value]bool{}
	for _, node := range nodes {
		for _, in := range node.In {
			assert.True(t, seen[in], "inputs come first")
		}
		seen[node.Value] = true
		assert.Equal(t, node.Op == nil, len(node.In) == 0)
		assert.Equal(t, node.Param == nil, node.Batched)
	}
	assert.True(t, seen[n.out])
}
