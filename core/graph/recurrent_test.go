package graph

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/core/internal/kernel"
)

var usualCell = Recurrence{Act: Activation{Kind: kernel.Tanh}, Gate: Activation{Kind: kernel.Sigmoid}, Bias: true, Mask: true, Sequences: true}

// recurrentOps are the cells with their gates' blocks and the shape of their bias.
func recurrentOps(r Recurrence, units int) map[string]struct {
	op    Op
	gates int
	bias  []int
} {
	return map[string]struct {
		op    Op
		gates int
		bias  []int
	}{
		"simple":          {SimpleRNN{r}, 1, []int{units}},
		"lstm":            {LSTM{Recurrence: r}, 4, []int{4 * units}},
		"gru":             {GRU{Recurrence: r}, 3, []int{3 * units}},
		"gru reset after": {GRU{Recurrence: r, ResetAfter: true}, 3, []int{2, 3 * units}},
	}
}

// recurrentNet is a recurrent operation over padded sequences, with random weights.
func recurrentNet(t testing.TB, op Op, gates int, bias []int, steps, features, units int) (n net, mask Value) {
	n.g = &Graph{}
	check := func(v Value, err error) Value {
		require.NoError(t, err)
		return v
	}
	n.x, mask = check(n.g.Input("x", []int{steps, features})), check(n.g.Input("mask", []int{steps}))
	in := []Value{n.x}
	for i, shape := range [][]int{{features, gates * units}, {units, gates * units}, bias} {
		in = append(in, check(n.g.Param(Param{Name: fmt.Sprint("w", i), Shape: shape, Trainable: true})))
	}
	n.out = check(n.g.Apply(op, append(in, mask)...))
	n.loss = n.out
	n.store = NewStore(n.g)
	r := rand.New(rand.NewPCG(1, 1))
	for i := range n.store.Values() {
		n.store.Change()[i] = r.Float32() - 0.5
	}
	return n, mask
}

// A sample's result does not depend on what else is in the batch, and neither on the
// batches before; a step allocates nothing.
func TestRecurrentRowsStandAlone(t *testing.T) {
	const rows, steps, features, units = 7, 5, 3, 17
	for name, o := range recurrentOps(usualCell, units) {
		t.Run(name, func(t *testing.T) {
			n, mask := recurrentNet(t, o.op, o.gates, o.bias, steps, features, units)
			p := n.plan(t, Config{MaxBatch: rows, Outputs: []Value{n.out}, Losses: []Value{n.loss}, Explain: []Value{n.x}})
			r := rand.New(rand.NewPCG(2, 2))
			x, m := make([]float32, rows*steps*features), make([]float32, rows*steps)
			for i := range x {
				x[i] = r.Float32()*2 - 1
			}
			for i := range m {
				m[i] = float32(r.IntN(2))
			}
			run := func(from, to int) (y, dx []float32) {
				count := to - from
				copy(p.Value(n.x, count), x[from*steps*features:])
				copy(p.Value(mask, count), m[from*steps:])
				kernel.Fill(p.LossGrad(n.loss, count), 1)
				require.NoError(t, p.Forward(count, true))
				y = append(y, p.Value(n.out, count)...)
				require.NoError(t, p.Backward())
				return y, append(dx, p.Gradient(n.x, count)...)
			}
			y, dx := run(0, rows)
			for i := range rows {
				one, done := run(i, i+1)
				assert.Equal(t, y[i*steps*units:(i+1)*steps*units], one, "row %d", i)
				assert.Equal(t, dx[i*steps*features:(i+1)*steps*features], done, "gradient of row %d", i)
			}
			again, _ := run(0, rows)
			assert.Equal(t, y, again)
			assert.Zero(t, testing.AllocsPerRun(10, func() {
				if p.Forward(rows, true) != nil || p.Backward() != nil {
					panic("a run failed")
				}
			}))
		})
	}
}

// What lies in padded steps is not looked at, even where it is no number.
func TestPaddingIsNotRead(t *testing.T) {
	const rows, steps, features, units = 2, 4, 3, 5
	for name, o := range recurrentOps(usualCell, units) {
		t.Run(name, func(t *testing.T) {
			n, mask := recurrentNet(t, o.op, o.gates, o.bias, steps, features, units)
			p := n.plan(t, Config{MaxBatch: rows, Outputs: []Value{n.out}, Losses: []Value{n.loss}})
			run := func(padding float32) []float32 {
				x, m := p.Value(n.x, rows), p.Value(mask, rows)
				for i := range x {
					x[i] = float32(i) / 10
				}
				kernel.Fill(m, 1)
				m[1], m[3], m[4] = 0, 0, 0 // of the first sample: 1 and 3; of the second: 0
				for _, step := range []int{1, 3, 4} {
					kernel.Fill(x[step*features:(step+1)*features], padding)
				}
				kernel.Fill(p.LossGrad(n.loss, rows), 1)
				require.NoError(t, p.Forward(rows, true))
				y := append([]float32{}, p.Value(n.out, rows)...)
				require.NoError(t, p.Backward())
				return append(y, p.Grads...)
			}
			y := run(0)
			assert.Equal(t, y, run(float32(math.NaN())))
			assert.Equal(t, y[:units], y[units:2*units], "a padded step repeats the state before it")
			assert.Equal(t, make([]float32, units), y[steps*units:(steps+1)*units], "before any step that counts the state is zero")
		})
	}
}

// A long sequence is worked off step by step, between which a stop is seen.
func TestRecurrentPauses(t *testing.T) {
	const rows, steps, features, units = 4, 40, 2, 128
	for name, o := range recurrentOps(usualCell, units) {
		t.Run(name, func(t *testing.T) {
			n, mask := recurrentNet(t, o.op, o.gates, o.bias, steps, features, units)
			p := n.plan(t, Config{MaxBatch: rows, Outputs: []Value{n.out}, Losses: []Value{n.loss}})
			kernel.Fill(p.Value(mask, rows), 1)
			pauses := 0
			p.OnPause(func() error { pauses++; return nil })
			for i := 0; i < 20; i++ {
				require.NoError(t, p.Forward(rows, true))
				require.NoError(t, p.Backward())
			}
			assert.Greater(t, pauses, 4)
			stop := errors.New("stop")
			p.OnPause(func() error { return stop })
			var err error
			for i := 0; i < 20 && err == nil; i++ {
				if err = p.Forward(rows, true); err == nil {
					err = p.Backward()
				}
			}
			assert.Equal(t, stop, err)
		})
	}
}

// Dropout takes for a sample the same features, and the same units, at all steps.
func TestRecurrentDropout(t *testing.T) {
	const rows, steps, units, rate = 3, 3, 40, 0.5
	run := func(r Recurrence, kernelValue, recurrentValue float32) []float32 {
		g := &Graph{}
		check := func(v Value, err error) Value {
			require.NoError(t, err)
			return v
		}
		r.Act, r.Sequences, r.Initial = Activation{Kind: kernel.Linear}, true, true
		x, h := check(g.Input("x", []int{steps, units})), check(g.Input("h", []int{units}))
		w, u := check(g.Param(Param{Name: "w", Shape: []int{units, units}})), check(g.Param(Param{Name: "u", Shape: []int{units, units}}))
		y := check(g.Apply(SimpleRNN{r}, x, w, u, h))
		store := NewStore(g)
		for i := range units {
			store.Of(0, store.Change())[i*units+i], store.Of(1, store.Change())[i*units+i] = kernelValue, recurrentValue
		}
		p, err := NewPlan(g, store, Config{MaxBatch: rows, Outputs: []Value{y}}, 0)
		require.NoError(t, err)
		p.SetStreams(sameStreams{})
		kernel.Fill(p.Value(x, rows), 1)
		kernel.Fill(p.Value(h, rows), 1)
		require.NoError(t, p.Forward(rows, true))
		out := append([]float32{}, p.Value(y, rows)...)
		assert.Zero(t, testing.AllocsPerRun(5, func() { _ = p.Forward(rows, true) }))
		return out
	}
	features := run(Recurrence{Dropout: rate}, 1, 0)
	state := run(Recurrence{RecurrentDropout: rate}, 0, 1)
	dropped := 0
	for i := range rows * steps * units {
		row, step, unit := i/(steps*units), i/units%steps, i%units
		first := features[row*steps*units+unit]
		assert.Contains(t, []float32{0, 2}, first)
		assert.Equal(t, first, features[i])
		first = state[row*steps*units+unit]
		assert.Equal(t, []float32{first, first * first, first * first * first}[step], state[i])
		if step == 0 && first == 0 {
			dropped++
		}
	}
	assert.InDelta(t, rows*units/2, dropped, 25)
}

func TestRecurrentCostIsLinear(t *testing.T) {
	cost := func(batch, steps int) Cost {
		n, _ := recurrentNet(t, LSTM{Recurrence: usualCell}, 4, []int{4 * 16}, steps, 3, 16)
		return Estimate(n.g, n.store, Config{MaxBatch: batch, Losses: []Value{n.loss}})
	}
	small, long, wide := cost(4, 10), cost(4, 20), cost(8, 10)
	assert.Equal(t, 2*small.Flops, long.Flops)
	assert.Equal(t, 2*small.Flops, wide.Flops)
	assert.InEpsilon(t, 2, float64(long.Bytes)/float64(small.Bytes), 0.2)
}

func TestRecurrentShapes(t *testing.T) {
	op := LSTM{Recurrence: Recurrence{Mask: true, Initial: true}}
	good := [][]int{{7, 3}, {3, 20}, {5, 20}, {7}, {5}, {5}}
	out, err := op.Infer(good)
	require.Nil(t, err)
	assert.Equal(t, []int{5}, out)
	for want, change := range map[string]func(in [][]int){
		"want input [batch, time, features], got [batch, 3]; put a Reshape or RepeatVector before it": func(in [][]int) { in[0] = []int{3} },
		"want input [batch, time, 3], got [batch, 7, 4]":                                              func(in [][]int) { in[0] = []int{7, 4} },
		"want a mask [batch, 7], one number a step of time, got [batch, 6]":                           func(in [][]int) { in[3] = []int{6} },
		"want an initial state [batch, 5], got [batch, 4]":                                            func(in [][]int) { in[5] = []int{4} },
	} {
		in := append([][]int{}, good...)
		change(in)
		_, err := op.Infer(in)
		require.NotNil(t, err, want)
		assert.Equal(t, want, err.Message)
	}
}

// What is cut out of a value, turned around or merged.
func TestSequenceOpsMoveValues(t *testing.T) {
	g := &Graph{}
	check := func(v Value, err error) Value {
		require.NoError(t, err)
		return v
	}
	x := check(g.Input("x", []int{3, 2}))
	cut := check(g.Apply(Slice{From: 2, Shape: []int{2, 2}}, x))
	turned := check(g.Apply(Reverse{}, x))
	concat := check(g.Apply(Directions{MergeConcat}, x, x))
	ave := check(g.Apply(Directions{MergeAve}, x, x))
	mul := check(g.Apply(Directions{MergeMul}, x, x))
	sum := check(g.Apply(Directions{MergeSum}, x, turned))
	outputs := []Value{cut, turned, concat, ave, mul, sum}
	p, err := NewPlan(g, NewStore(g), Config{MaxBatch: 2, Outputs: outputs}, 0)
	require.NoError(t, err)
	copy(p.Value(x, 2), []float32{0, 1, 2, 3, 4, 5, 10, 11, 12, 13, 14, 15})
	require.NoError(t, p.Forward(2, false))
	for v, want := range map[Value][]float32{
		cut:    {2, 3, 4, 5, 12, 13, 14, 15},
		turned: {4, 5, 2, 3, 0, 1, 14, 15, 12, 13, 10, 11},
		concat: {0, 1, 4, 5, 2, 3, 2, 3, 4, 5, 0, 1, 10, 11, 14, 15, 12, 13, 12, 13, 14, 15, 10, 11},
		ave:    {2, 3, 2, 3, 2, 3, 12, 13, 12, 13, 12, 13},
		mul:    {0, 5, 4, 9, 0, 5, 140, 165, 144, 169, 140, 165},
		sum:    {0, 2, 4, 6, 8, 10, 20, 22, 24, 26, 28, 30},
	} {
		assert.Equal(t, want, p.Value(v, 2))
	}
	_, err = g.Apply(Slice{From: 3, Shape: []int{4}}, x)
	assert.ErrorContains(t, err, "cannot cut values 3 to 7 out of [batch, 3, 2], which has 6")
	_, err = g.Apply(Directions{}, x, cut)
	assert.ErrorContains(t, err, "want two inputs [batch, units] or [batch, time, units], got [batch, 3, 2] and [batch, 2, 2]")
}
