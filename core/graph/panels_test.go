package graph

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/core/internal/kernel"
)

// tower has products with and without a bias, wide and narrow, and one of several rows
// for each of the batch.
func tower(t *testing.T) (g *Graph, x, y Value, store *Store) {
	g = &Graph{}
	check := func(v Value, err error) Value {
		require.NoError(t, err)
		return v
	}
	weight := func(name string, shape ...int) Value {
		return check(g.Param(Param{Name: name, Shape: shape, Trainable: true}))
	}
	x = check(g.Input("x", []int{2, 6}))
	h := check(g.Apply(MatMul{}, x, weight("rows", 6, 40)))
	h = check(g.Apply(Reshape{Shape: []int{80}}, h))
	h = check(g.Apply(Activation{Kind: kernel.Relu}, check(g.Apply(MatMul{}, h, weight("w", 80, 100), weight("b", 100)))))
	h = check(g.Apply(MatMul{}, h, weight("v", 100, 64)))
	y = check(g.Apply(MatMul{}, h, weight("out", 64, 3), weight("c", 3)))
	return g, x, y, NewStore(g)
}

// A plan that expects single rows answers as one that does not, however often it is
// asked, whatever comes between, and at once when weights have changed.
func TestExpectRows(t *testing.T) {
	g, x, y, store := tower(t)
	r := rand.New(rand.NewPCG(1, 2))
	fill := func(s []float32) {
		for i := range s {
			s[i] = r.Float32() - 0.5
		}
	}
	fill(store.Change())
	plan := func() *Plan {
		p, err := NewPlan(g, store, Config{MaxBatch: 4, Outputs: []Value{x, y}}, 0)
		require.NoError(t, err)
		return p
	}
	expects, plain := plan(), plan()
	require.Equal(t, 4*(80*96+100*64), expects.PanelBytes())
	expects.ExpectRows()
	row := make([]float32, 4*12)
	ask := func(p *Plan, rows int) []float32 {
		copy(p.Value(x, rows), row)
		require.NoError(t, p.Forward(rows, false))
		return p.Value(y, rows)
	}
	for i := range 5 * panelsFrom {
		fill(row)
		switch {
		case i == 3*panelsFrom:
			require.True(t, expects.panels.filled)
			fill(store.Change())
		case i == 3*panelsFrom+1:
			require.False(t, expects.panels.filled)
		case i%50 == 49:
			require.Equal(t, ask(plain, 3), ask(expects, 3), "run %d, three rows", i)
		}
		require.Equal(t, ask(plain, 1), ask(expects, 1), "run %d", i)
	}
	require.True(t, expects.panels.filled)
	require.Zero(t, testing.AllocsPerRun(2*panelsFrom, func() {
		fill(store.Change()[:1])
		for range panelsFrom {
			require.NoError(t, expects.Forward(1, false))
		}
	}))
}
