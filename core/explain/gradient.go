package explain

import (
	"context"
	"slices"

	"github.com/terrarium-ml/terrarium/core/graph"
	"github.com/terrarium-ml/terrarium/core/tensor"
	"github.com/terrarium-ml/terrarium/core/train"
)

// A gradientPlan computes a model's output, as in a prediction, and how it moves with
// each number of the input. It has a copy of the weights, of which no gradient is taken.
type gradientPlan struct {
	job
	plan    *graph.Plan
	in, out graph.Value
	output  int
}

// newGradientPlan lays the plan out, for fewer rows at once where memory wants it.
func newGradientPlan(m *train.Model, output, rows int) (*gradientPlan, error) {
	built, err := m.Network().Build()
	if err != nil {
		return nil, err
	}
	switch {
	case len(built.Inputs) != 1 || len(built.Outputs) != 1:
		return nil, tensor.Errorf(tensor.CodeUnsupported, "gradients: want a model of one input and one output, got %d and %d", len(built.Inputs), len(built.Outputs))
	case built.Indices[0] > 0:
		return nil, tensor.Errorf(tensor.CodeUnsupported, "the input holds the numbers of words or categories, between which there is no way to go; use OccludeSteps").In(built.Names.Inputs[0])
	}
	for _, p := range built.Graph.Params() {
		p.Trainable = false
	}
	store := weightsOf(m, built.Graph)
	g := &gradientPlan{in: built.Inputs[0], out: built.Outputs[0], output: output}
	if err := checkOutput(output, graph.Size(m.OutputShape())); err != nil {
		return nil, err
	}
	for ; ; rows = (rows + 1) / 2 {
		limit := planBytes
		if rows == 1 {
			limit = train.DefaultMemoryLimit
		}
		config := graph.Config{MaxBatch: rows, Outputs: []graph.Value{g.in, g.out}, Losses: []graph.Value{g.out}, Explain: []graph.Value{g.in}}
		if graph.Estimate(built.Graph, store, config).Bytes <= limit || rows == 1 {
			g.plan, err = graph.NewPlan(built.Graph, store, config, limit)
			return g, err
		}
	}
}

// planBytes is what the activations and gradients of several rows may take.
const planBytes = 64 << 20

// begin sets who listens, between operations as well.
func (g *gradientPlan) begin(ctx context.Context, c Integration, total int) {
	g.job = job{ctx: ctx, progress: c.Progress, total: int64(total)}
	g.plan.OnPause(g.tell)
}

// run computes some rows, which fill has written into the input, and returns their
// outputs; after it the plan holds their gradients. What it returns is the plan's.
func (g *gradientPlan) run(rows int, fill func(row int, x []float32), gradients bool) (outputs, gradient []float32, err error) {
	if err := g.tell(); err != nil {
		return nil, nil, err
	}
	x := g.plan.Value(g.in, rows)
	cols := len(x) / rows
	for i := range rows {
		fill(i, x[i*cols:(i+1)*cols])
	}
	if err := g.plan.Forward(rows, false); err != nil {
		return nil, nil, err
	}
	outputs = g.plan.Value(g.out, rows)
	units := len(outputs) / rows
	chosen := make([]float32, rows)
	for i := range chosen {
		chosen[i] = outputs[i*units+g.output]
	}
	if begin := g.plan.LossGrad(g.out, rows); gradients && begin != nil {
		clear(begin)
		for i := range rows {
			begin[i*units+g.output] = 1
		}
		if err := g.plan.Backward(); err != nil {
			return nil, nil, err
		}
		gradient = g.plan.Gradient(g.in, rows)
	}
	g.done += int64(rows)
	return chosen, gradient, g.tell()
}

// checkInput returns x as a row of the model's input, and the baseline beside it.
func checkInput(m *train.Model, x, baseline *tensor.Tensor) error {
	if m == nil {
		return tensor.Errorf(tensor.CodeOption, "the model is missing")
	}
	if err := checkRows("input", x); err != nil {
		return err
	}
	want := graph.Size(m.InputShape())
	if x.Rows() != 1 || x.Cols() != want {
		return tensor.Errorf(tensor.CodeShape, "input: want one row %s, got %s", tensor.Format(slices.Concat([]int{1}, m.InputShape())), tensor.Format(x.Shape))
	}
	if baseline == nil {
		return nil
	}
	if err := checkRows("baseline", baseline); err != nil {
		return err
	}
	if baseline.Cols() != want || baseline.Rows() != 1 {
		return tensor.Errorf(tensor.CodeShape, "baseline: want the input's shape %s, got %s", tensor.Format(x.Shape), tensor.Format(baseline.Shape))
	}
	return nil
}
