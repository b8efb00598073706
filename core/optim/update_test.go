package optim

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// state is parameters, a gradient and an optimizer's slots.
type state struct {
	p, g  []float32
	slots [][]float32
}

func newState(o Optimizer, n int) state {
	rng := rand.New(rand.NewPCG(3, 4))
	s := state{p: make([]float32, n), g: make([]float32, n), slots: make([][]float32, len(o.Slots()))}
	for i := range n {
		s.p[i], s.g[i] = rng.Float32()-0.5, rng.Float32()-0.5
	}
	for i := range s.slots {
		s.slots[i] = make([]float32, n)
	}
	return s
}

func (s state) part(from, to int) state {
	cut := state{p: s.p[from:to], g: s.g[from:to], slots: make([][]float32, len(s.slots))}
	for i := range s.slots {
		cut.slots[i] = s.slots[i][from:to]
	}
	return cut
}

// kinds are all rules with and without what they may leave out.
func kinds() []Optimizer {
	return append(all(), SGD{}, SGD{Momentum: 0.9}, Adam{}, RMSProp{}, RMSProp{Momentum: 0.9}, RMSProp{Centered: true}, AdamW{}, Adamax{}, Adagrad{}, Adadelta{})
}

// A model in one range or cut anywhere into ranges: the same bits.
func TestUpdateIsElementwise(t *testing.T) {
	const n = 67
	for _, o := range kinds() {
		whole := newState(o, n)
		cut := newState(o, n)
		for step := 1; step <= 3; step++ {
			o.Update(step, o.Rate(), whole.p, whole.g, whole.slots)
			for from := 0; from < n; from += step * 5 {
				part := cut.part(from, min(from+step*5, n))
				o.Update(step, o.Rate(), part.p, part.g, part.slots)
			}
		}
		require.Equal(t, whole, cut, "%#v", o)
	}
}

func TestUpdateAllocatesNothing(t *testing.T) {
	for _, o := range kinds() {
		s := newState(o, 100)
		grads := [][]float32{s.g[:40], s.g[40:]}
		step := 0
		assert.Zero(t, testing.AllocsPerRun(10, func() {
			step++
			ClipGradients(o.Clipping(), grads)
			o.Update(step, o.Rate(), s.p, s.g, s.slots)
		}), "%#v", o)
	}
}

// Every rule goes downhill: on ½‖p‖², whose gradient is p, the loss falls.
func TestUpdateGoesDownhill(t *testing.T) {
	for _, o := range kinds() {
		s := newState(o, 20)
		before := sumSquares(s.p)
		for step := 1; step <= 50; step++ {
			copy(s.g, s.p)
			o.Update(step, 0.01, s.p, s.g, s.slots)
		}
		assert.Less(t, sumSquares(s.p), before, "%#v", o)
	}
}

// A NaN in a gradient must reach the parameter, where training finds it.
func TestUpdatePassesNaN(t *testing.T) {
	for _, o := range kinds() {
		s := newState(o, 3)
		s.g[1] = float32(math.NaN())
		o.Update(1, o.Rate(), s.p, s.g, s.slots)
		assert.True(t, s.p[1] != s.p[1], "%#v", o)
		assert.True(t, s.p[0] == s.p[0] && s.p[2] == s.p[2], "%#v", o)
	}
}

// A rate of 0 changes nothing.
func TestUpdateRateZero(t *testing.T) {
	for _, o := range kinds() {
		s := newState(o, 9)
		before := append([]float32{}, s.p...)
		o.Update(1, 0, s.p, s.g, s.slots)
		assert.Equal(t, before, s.p, "%#v", o)
	}
}

func TestPower(t *testing.T) {
	for _, x := range []float64{0, 0.9, 0.999, 1} {
		want := 1.0
		for n := range 200 {
			assert.InEpsilon(t, want+1, power(x, n)+1, 1e-13, "%v^%d", x, n)
			want *= x
		}
	}
	assert.Zero(t, power(0.9, 1<<40))
}

func TestClipGradients(t *testing.T) {
	clip := func(c Clip, grads ...[]float32) [][]float32 {
		ClipGradients(c, grads)
		return grads
	}
	inf, nan := float32(math.Inf(1)), float32(math.NaN())
	assert.Equal(t, [][]float32{{3, 4}, {-9}}, clip(Clip{}, []float32{3, 4}, []float32{-9}))
	assert.Equal(t, [][]float32{{1, 0.5}, {-1, 1}}, clip(Clip{Value: 1}, []float32{3, 0.5}, []float32{-9, inf}))
	assert.Equal(t, [][]float32{{1.5, 2}, {-0.5}}, clip(Clip{Norm: 2.5}, []float32{3, 4}, []float32{-0.5}))
	assert.Equal(t, [][]float32{{3}, {4}}, clip(Clip{GlobalNorm: 5}, []float32{6}, []float32{8}))
	assert.Equal(t, [][]float32{{3}, {4}}, clip(Clip{GlobalNorm: 5}, []float32{3}, []float32{4}), "not above the limit")

	large := clip(Clip{Norm: 5}, []float32{3e30, 4e30})
	assert.InDeltaSlice(t, []float32{3, 4}, large[0], 1e-5, "squares beyond float32")
	large = clip(Clip{GlobalNorm: 5}, []float32{3e30}, []float32{4e30})
	assert.InDelta(t, 3, large[0][0], 1e-5)

	for _, c := range []Clip{{Value: 1}, {Norm: 1}, {GlobalNorm: 1}} {
		got := clip(c, []float32{2, nan})
		assert.True(t, got[0][1] != got[0][1], "%+v keeps NaN", c)
	}
	got := clip(Clip{Norm: 1}, []float32{2, inf})
	assert.True(t, got[0][1] != got[0][1], "an infinite gradient becomes NaN, not a number")
}
