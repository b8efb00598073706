//go:build !js

package codegen_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/terrarium-ml/terrarium/core/codegen"
	"github.com/terrarium-ml/terrarium/core/graph"
	"github.com/terrarium-ml/terrarium/core/internal/kernel"
)

// A builder draws a graph at random.
type builder struct {
	*graph.Graph
	rng             *rand.Rand
	inputs, outputs []graph.Value
	words           int // inputs are whole numbers below it, if it is not 0
	positive        map[*graph.Param]bool
	params          int
}

func newBuilder(rng *rand.Rand) *builder {
	b := &builder{Graph: &graph.Graph{}, rng: rng, positive: map[*graph.Param]bool{}}
	b.In("layer")
	return b
}

// upTo is a whole number from 1 to n.
func (b *builder) upTo(n int) int { return 1 + b.rng.IntN(n) }

func (b *builder) coin() bool { return b.rng.IntN(2) == 0 }

func (b *builder) input(shape ...int) graph.Value {
	v, err := b.Input(fmt.Sprint("x", len(b.inputs)), shape)
	mustBuild(err)
	b.inputs = append(b.inputs, v)
	return v
}

func (b *builder) param(shape ...int) graph.Value {
	b.params++
	v, err := b.Param(graph.Param{Name: fmt.Sprint("w", b.params), Shape: shape})
	mustBuild(err)
	return v
}

func (b *builder) apply(op graph.Op, in ...graph.Value) graph.Value {
	v, err := b.Apply(op, in...)
	if err != nil {
		panic(misfit{err})
	}
	return v
}

// A misfit is a graph that cannot be built: shapes drawn badly.
type misfit struct{ error }

func mustBuild(err error) {
	if err != nil {
		panic(misfit{err})
	}
}

// check compares the compiled graph with a plan.
func (b *builder) check(t *testing.T, o codegen.Options, batches ...int) *codegen.Report {
	t.Helper()
	store := graph.NewStore(b.Graph)
	of := map[*graph.Param][]float32{}
	for i, p := range b.Params() {
		values := store.Of(i, store.Change())
		fan := graph.Size(p.Shape) / p.Shape[len(p.Shape)-1]
		for k := range values {
			values[k] = float32(b.rng.NormFloat64()) / float32(1+fan/4)
			if b.positive[p] {
				values[k] = b.rng.Float32()
			}
		}
		of[p] = values
	}
	most := 0
	for _, rows := range batches {
		most = max(most, rows)
	}
	plan, err := graph.NewPlan(b.Graph, store, graph.Config{MaxBatch: most, Outputs: b.outputs}, 0)
	require.NoError(t, err)
	var wasm bytes.Buffer
	report, err := codegen.Compile(&wasm, codegen.Source{Graph: b.Graph, Inputs: b.inputs, Outputs: b.outputs, Weights: func(p *graph.Param) []float32 { return of[p] }}, o)
	require.NoError(t, err)
	in, out := b.width(b.inputs), b.width(b.outputs)
	h := newHost(t, wasm.Bytes(), in, out)
	for _, rows := range batches {
		x := random(b.rng, rows*in)
		if b.words > 0 {
			for i := range x {
				x[i] = float32(b.rng.IntN(b.words+2) - 1)
			}
		}
		b.copy(plan, b.inputs, rows, in, x, true)
		require.NoError(t, plan.Forward(rows, false))
		want := make([]float32, rows*out)
		b.copy(plan, b.outputs, rows, out, want, false)
		sameBits(t, want, h.predict(x), o, rows, "rows")
	}
	return report
}

// checkValid compiles the graph and runs a row, or sees that nothing was written.
func (b *builder) checkValid(t *testing.T, o codegen.Options) {
	var wasm bytes.Buffer
	source := codegen.Source{Graph: b.Graph, Inputs: b.inputs, Outputs: b.outputs, Weights: func(p *graph.Param) []float32 { return random(b.rng, graph.Size(p.Shape)) }}
	if _, err := codegen.Compile(&wasm, source, o); err != nil {
		require.Zero(t, wasm.Len())
		return
	}
	in := b.width(b.inputs)
	newHost(t, wasm.Bytes(), in, b.width(b.outputs)).predict(random(b.rng, in))
}

func (b *builder) width(values []graph.Value) int {
	n := 0
	for _, v := range values {
		n += graph.Size(b.Shape(v))
	}
	return n
}

// copy moves rows of a host, in which values lie side by side, to a plan or back.
func (b *builder) copy(plan *graph.Plan, values []graph.Value, rows, width int, x []float32, in bool) {
	at := 0
	for _, v := range values {
		n, memory := graph.Size(b.Shape(v)), plan.Value(v, rows)
		for r := range rows {
			if in {
				copy(memory[r*n:(r+1)*n], x[r*width+at:])
			} else {
				copy(x[r*width+at:], memory[r*n:(r+1)*n])
			}
		}
		at += n
	}
}

// An opCase draws a graph around one operation.
type opCase struct {
	name  string
	build func(b *builder) graph.Value
}

func (b *builder) image() []int { return []int{b.upTo(9), b.upTo(9), b.upTo(6)} }

func (b *builder) sizes() [2]int { return [2]int{b.upTo(3), b.upTo(3)} }

func (b *builder) bias(in []graph.Value, n int) []graph.Value {
	if b.coin() {
		return append(in, b.param(n))
	}
	return in
}

// relu puts a relu behind v, or not.
func (b *builder) relu(v graph.Value) graph.Value {
	if b.coin() {
		return b.apply(graph.Activation{Kind: kernel.Relu}, v)
	}
	return v
}

func pair(op graph.Op) func(b *builder) graph.Value {
	return func(b *builder) graph.Value {
		shape := b.image()
		return b.apply(op, b.input(shape...), b.input(shape...))
	}
}

func single(op graph.Op) func(b *builder) graph.Value {
	return func(b *builder) graph.Value { return b.apply(op, b.input(b.image()...)) }
}

// draw builds a case; nil where the shapes do not fit.
func (c opCase) draw(rng *rand.Rand) (b *builder) {
	defer func() {
		if r := recover(); r != nil {
			if _, ok := r.(misfit); !ok {
				panic(r)
			}
			b = nil
		}
	}()
	b = newBuilder(rng)
	b.outputs = append(b.outputs, c.build(b))
	return b
}

// checkOperations compiles every operation in many shapes.
func checkOperations(t *testing.T, cases []opCase) {
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			rng := rand.New(rand.NewPCG(7, 8))
			for drawn := 0; drawn < 12; {
				b := c.draw(rng)
				if b == nil {
					continue
				}
				drawn++
				b.check(t, codegen.Options{NoSIMD: drawn%3 == 0}, 1, 2, 7, 70)
			}
		})
	}
}
