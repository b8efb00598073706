package graph

import (
	"errors"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/core/internal/kernel"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// A net is a small graph with a loss, for tests.
type net struct {
	g         *Graph
	x, t, out Value
	loss      Value
	store     *Store
}

// diamond is a graph in which a value is used by two operations, a parameter by
// two others, and activations stand where a plan may work in place:
//
//	h = tanh(x·w + b);  a = relu(h·v);  c = dropout(sigmoid(h·v));  out = a + c
func diamond(t testing.TB) net {
	var n net
	n.g = &Graph{}
	check := func(v Value, err error) Value {
		require.NoError(t, err)
		return v
	}
	weight := func(name string, shape ...int) Value {
		return check(n.g.Param(Param{Name: name, Shape: shape, Trainable: true}))
	}
	n.x = check(n.g.Input("x", []int{3}))
	n.t = check(n.g.Input("t", []int{4}))
	w, b, v := weight("w", 3, 5), weight("b", 5), weight("v", 5, 4)
	h := check(n.g.Apply(Activation{Kind: kernel.Tanh}, check(n.g.Apply(MatMul{}, n.x, w, b))))
	a := check(n.g.Apply(Activation{Kind: kernel.Swish}, check(n.g.Apply(MatMul{}, h, v))))
	c := check(n.g.Apply(Dropout{Rate: 0.3}, check(n.g.Apply(Activation{Kind: kernel.Sigmoid}, check(n.g.Apply(MatMul{}, h, v))))))
	n.out = check(n.g.Apply(Add{}, a, c))
	n.loss = check(n.g.Apply(Loss{Kind: MeanSquaredError}, n.out, n.t))
	n.store = NewStore(n.g)
	r := rand.New(rand.NewPCG(1, 1))
	for i := range n.store.Params {
		for k := range n.store.Of(i, n.store.Values()) {
			n.store.Of(i, n.store.Change())[k] = r.Float32() - 0.5
		}
	}
	return n
}

// sameStreams gives every step the same random numbers.
type sameStreams struct{}

func (sameStreams) Seed(pcg *rand.PCG, purpose, layer string) { pcg.Seed(1, uint64(len(purpose))) }

func (n net) plan(t testing.TB, c Config) *Plan {
	p, err := NewPlan(n.g, n.store, c, 0)
	require.NoError(t, err)
	p.SetStreams(sameStreams{})
	return p
}

func (n net) fill(p *Plan, rows int) {
	r := rand.New(rand.NewPCG(2, 2))
	for i := range p.Value(n.x, rows) {
		p.Value(n.x, rows)[i] = r.Float32()*2 - 1
	}
	for i := range p.Value(n.t, rows) {
		p.Value(n.t, rows)[i] = r.Float32()
	}
	for i := range p.LossGrad(n.loss, rows) {
		p.LossGrad(n.loss, rows)[i] = 1 / float32(rows)
	}
}

func (n net) value(t testing.TB, p *Plan, rows int) float64 {
	require.NoError(t, p.Forward(rows, true))
	sum := 0.0
	for _, v := range p.Value(n.loss, rows) {
		sum += float64(v) / float64(rows)
	}
	return sum
}

// The gradients of the whole plan agree with differences of its own loss: in-place
// activations, values and parameters used twice, and the dropout mask included.
func TestGradientsOfAPlan(t *testing.T) {
	n := diamond(t)
	const rows = 7
	p := n.plan(t, Config{MaxBatch: rows, Losses: []Value{n.loss}, Explain: []Value{n.x}})
	n.fill(p, rows)
	n.value(t, p, rows)
	require.NoError(t, p.Backward())
	grads := append([]float32{}, p.Grads...)
	inputs := append([]float32{}, p.Gradient(n.x, rows)...)
	require.Len(t, grads, n.store.Trainable())

	check := func(what string, at *float32, got float32) {
		const h = 0.02
		old := *at
		f := func(d float32) float64 { *at = old + d; return n.value(t, p, rows) }
		want := (8*(f(h)-f(-h)) - (f(2*h) - f(-2*h))) / (12 * h)
		*at = old
		assert.InDelta(t, want, float64(got), 2e-4, what)
	}
	for i, q := range n.store.Params {
		for k := range n.store.Of(i, n.store.Values()) {
			check(q.Name, &n.store.Of(i, n.store.Change())[k], n.store.Of(i, grads)[k])
		}
	}
	for k := range inputs {
		check("x", &p.Value(n.x, rows)[k], inputs[k])
	}
}

// The plan that predicts works in place wherever it can; the one that trains must
// not. Both compute the same.
func TestPlansAgree(t *testing.T) {
	n := diamond(t)
	const rows = 5
	train := n.plan(t, Config{MaxBatch: rows, Losses: []Value{n.loss}, Outputs: []Value{n.out}})
	predict := n.plan(t, Config{MaxBatch: rows, Outputs: []Value{n.out}})
	n.fill(train, rows)
	copy(predict.Value(n.x, rows), train.Value(n.x, rows))
	require.NoError(t, train.Forward(rows, false))
	require.NoError(t, predict.Forward(rows, false))
	assert.Equal(t, bits(train.Value(n.out, rows)), bits(predict.Value(n.out, rows)))
	assert.Less(t, predict.layout.length, train.layout.length)
}

// A row's result does not depend on how many rows go with it, and a plan runs any
// number of rows up to its largest.
func TestRowsAreIndependent(t *testing.T) {
	n := diamond(t)
	p := n.plan(t, Config{MaxBatch: 9, Losses: []Value{n.loss}, Outputs: []Value{n.out}})
	n.fill(p, 9)
	x := append([]float32{}, p.Value(n.x, 9)...)
	require.NoError(t, p.Forward(9, false))
	all := bits(p.Value(n.out, 9))
	for _, rows := range []int{1, 2, 4, 8} {
		copy(p.Value(n.x, rows), x)
		require.NoError(t, p.Forward(rows, false))
		assert.Equal(t, all[:4*rows], bits(p.Value(n.out, rows)), "%d rows", rows)
	}
}

func bits(values []float32) []uint32 {
	t := tensor.Tensor{Data: values}
	return t.Bits()
}

func TestNothingIsComputedThatNobodyNeeds(t *testing.T) {
	n := diamond(t)
	extra, err := n.g.Apply(Softmax{}, n.out)
	require.NoError(t, err)
	p := n.plan(t, Config{MaxBatch: 1, Losses: []Value{n.loss}})
	for _, s := range p.steps {
		assert.NotEqual(t, extra.id, s.node, "nobody wants the softmax")
		if s.node == 5 { // the first product: its input is data
			assert.Nil(t, s.call.DIn[0], "no gradient for data")
		}
	}
}

func TestPlanAllocatesNothing(t *testing.T) {
	n := diamond(t)
	p := n.plan(t, Config{MaxBatch: 8, Losses: []Value{n.loss}, Outputs: []Value{n.out}})
	n.fill(p, 8)
	assert.Zero(t, testing.AllocsPerRun(20, func() {
		for _, rows := range []int{8, 3} {
			_ = p.Forward(rows, true)
			_ = p.Backward()
		}
	}))
}

func TestPlanNamesTheFirstNonFiniteTensor(t *testing.T) {
	n := diamond(t)
	p := n.plan(t, Config{MaxBatch: 2, Losses: []Value{n.loss}})
	n.fill(p, 2)
	require.NoError(t, p.Forward(2, true))
	require.NoError(t, p.Backward())
	layer, what := p.Diagnose(true)
	assert.Equal(t, "", layer+what)
	p.LossGrad(n.loss, 2)[0] = float32(math.Inf(1))
	_, what = p.Diagnose(true)
	assert.Equal(t, "gradient of the input", what)
	n.store.Of(2, n.store.Change())[1] = float32(math.Inf(1))
	_, what = p.Diagnose(true)
	assert.Equal(t, `weight "v"`, what)
	p.Value(n.x, 2)[0] = float32(math.NaN())
	_, what = p.Diagnose(true)
	assert.Equal(t, `input "x"`, what)
}

// Blocks that live at the same time never overlap, and the arena is smaller than
// their sum.
func TestBlocksShareMemory(t *testing.T) {
	n := diamond(t)
	for _, c := range []Config{
		{MaxBatch: 16, Losses: []Value{n.loss}, Outputs: []Value{n.out}, Explain: []Value{n.x}},
		{MaxBatch: 16, Outputs: []Value{n.out}},
	} {
		l := lay(n.g, c)
		sum := 0
		for i, a := range l.blocks {
			sum += a.size
			for _, b := range l.blocks[:i] {
				apart := a.to < b.from || b.to < a.from || a.offset+a.size <= b.offset || b.offset+b.size <= a.offset
				assert.True(t, apart, "%+v and %+v", a, b)
			}
		}
		assert.Less(t, l.length, sum)
	}
}

func TestPlanPausesAndStops(t *testing.T) {
	g := &Graph{}
	x, _ := g.Input("x", []int{256})
	w, _ := g.Param(Param{Name: "w", Shape: []int{256, 256}, Trainable: true})
	y, err := g.Apply(MatMul{}, x, w)
	require.NoError(t, err)
	p, err := NewPlan(g, NewStore(g), Config{MaxBatch: 2048, Outputs: []Value{y}}, 0)
	require.NoError(t, err)
	pauses := 0
	p.OnPause(func() error { pauses++; return nil })
	require.NoError(t, p.Forward(2048, false))
	assert.GreaterOrEqual(t, pauses, 4, "one large product pauses in its middle")
	stop := errors.New("stop")
	p.OnPause(func() error { return stop })
	assert.Equal(t, stop, p.Forward(2048, false))
}

func TestPlanRefusesTooMuchMemory(t *testing.T) {
	n := diamond(t)
	_, err := NewPlan(n.g, n.store, Config{MaxBatch: 1 << 20, Losses: []Value{n.loss}}, 1<<20)
	var e *tensor.Error
	require.ErrorAs(t, err, &e)
	assert.Equal(t, tensor.CodeMemory, e.Code)
	cost := Estimate(n.g, n.store, Config{MaxBatch: 10, Losses: []Value{n.loss}})
	p := n.plan(t, Config{MaxBatch: 10, Losses: []Value{n.loss}})
	assert.Equal(t, 4*(len(p.arena)+len(p.Grads)), cost.Bytes)
	assert.Greater(t, cost.Flops, 10*2*(3*5+2*5*4))
}

func TestShapeErrorsNameTheLayer(t *testing.T) {
	g := &Graph{}
	x, err := g.Input("x", []int{32, 60})
	require.NoError(t, err)
	g.In("dense_2")
	w, err := g.Param(Param{Name: "kernel", Shape: []int{64, 10}})
	require.NoError(t, err)
	_, err = g.Apply(MatMul{}, x, w)
	assert.EqualError(t, err, "dense_2: want input [batch, …, 64], got [batch, 32, 60]")
	_, err = g.Apply(Add{}, x, w)
	assert.EqualError(t, err, "dense_2: want two inputs of the same shape, got [batch, 32, 60] and [batch, 64, 10]")
	_, err = g.Apply(Reshape{[]int{7}}, x)
	assert.EqualError(t, err, "dense_2: cannot reshape [batch, 32, 60] to [batch, 7]: 1920 values, want 7")
	_, err = g.Input("empty", []int{0})
	assert.EqualError(t, err, "dense_2: shape [0] is empty: every dimension must be at least 1")
	_, err = g.Input("huge", []int{1 << 20, 1 << 20})
	assert.ErrorContains(t, err, "more than")
}

// A parameter on which no loss depends has the gradient zero, whatever was added to it
// in the step before, and a loss that depends on no parameter has no gradient.
func TestGradientsThatNoLossGives(t *testing.T) {
	g := &Graph{}
	x, err := g.Input("x", []int{2})
	require.NoError(t, err)
	w, err := g.Param(Param{Name: "w", Shape: []int{2, 1}, Trainable: true})
	require.NoError(t, err)
	_, err = g.Param(Param{Name: "unused", Shape: []int{3}, Trainable: true})
	require.NoError(t, err)
	y, err := g.Apply(MatMul{}, x, w)
	require.NoError(t, err)
	z, err := g.Apply(Activation{}, x)
	require.NoError(t, err)
	store := NewStore(g)
	p, err := NewPlan(g, store, Config{MaxBatch: 1, Losses: []Value{y, z}}, 0)
	require.NoError(t, err)
	assert.Nil(t, p.LossGrad(z, 1))
	for range 2 {
		copy(p.Value(x, 1), []float32{3, 4})
		require.NoError(t, p.Forward(1, true))
		p.LossGrad(y, 1)[0] = 1
		require.NoError(t, p.Backward())
		assert.Equal(t, []float32{3, 4}, store.Of(0, p.Grads))
		assert.Equal(t, []float32{0, 0, 0}, store.Of(1, p.Grads))
		store.Of(1, p.Grads)[2] = 7 // a penalty's
	}
}
