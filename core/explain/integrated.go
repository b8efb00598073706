package explain

import (
	"cmp"
	"context"
	"math"

	"github.com/terrarium-ml/terrarium/core/data"
	"github.com/terrarium-ml/terrarium/core/tensor"
	"github.com/terrarium-ml/terrarium/core/train"
)

// An Integration says how to add gradients up.
type Integration struct {
	Output   int            // which output to explain
	Baseline *tensor.Tensor // an input that says nothing, such as a black picture; zeros if nil
	Steps    int            // on the way from it to the input; 64 if 0
	Progress data.Progress
}

// An Attribution is what each number of an input adds to an output.
type Attribution struct {
	Values     []float64 `json:"values"`     // in the order of the input
	Answer     float64   `json:"answer"`     // the output for the input
	AtBaseline float64   `json:"atBaseline"` // and for the baseline
	Sum        float64   `json:"sum"`        // of Values

	// Gap is |Sum − (Answer − AtBaseline)|, which is 0 but for the size of the steps
	// (completeness). Where it is more than a few percent of Answer − AtBaseline, take
	// more steps; where these do not help either, another baseline: a network that begins
	// with a layer normalisation leaps at zeros, and no step is small enough.
	Gap float64 `json:"gap"`
}

// IntegratedGradients goes straight from a baseline x′ to the input x and adds up how the
// output moves with each number on the way (Sundararajan, Taly and Yan, 2017):
//
//	valueⱼ = (xⱼ − x′ⱼ) · 1/n · Σₖ ∂f/∂xⱼ (x′ + (k − ½)/n · (x − x′)),  k = 1 … n
//
// by the midpoint rule, k ascending, in float64. x is one row, of any shape the model
// takes; the model must have one input and one output, and an input of numbers, not of
// indices of an Embedding. Attributions are of the output as predicted, behind its
// sigmoid or softmax.
func IntegratedGradients(ctx context.Context, m *train.Model, x *tensor.Tensor, c Integration) (*Attribution, error) {
	c.Steps = cmp.Or(c.Steps, 64)
	if err := checkInput(m, x, c.Baseline); err != nil {
		return nil, err
	}
	if c.Steps < 1 || c.Steps > 1e6 {
		return nil, tensor.Errorf(tensor.CodeOption, "integrated gradients: steps must be from 1 to 1000000, got %d", c.Steps)
	}
	from := make([]float32, x.Cols())
	if c.Baseline != nil {
		copy(from, c.Baseline.Data)
	}
	g, err := newGradientPlan(m, c.Output, min(c.Steps, 64))
	if err != nil {
		return nil, err
	}
	g.begin(ctx, c, c.Steps+2)
	a := &Attribution{Values: make([]float64, x.Cols())}
	for _, end := range []struct {
		x  []float32
		to *float64
	}{{x.Data, &a.Answer}, {from, &a.AtBaseline}} {
		out, _, err := g.run(1, func(_ int, row []float32) { copy(row, end.x) }, false)
		if err != nil {
			return nil, err
		}
		*end.to = float64(out[0])
	}
	if err := g.along(a.Values, from, x.Data, c.Steps); err != nil {
		return nil, err
	}
	for j := range a.Values {
		a.Values[j] = float64(a.Values[j] / float64(c.Steps) * (float64(x.Data[j]) - float64(from[j])))
		a.Sum += a.Values[j]
	}
	a.Gap = math.Abs(a.Sum - (a.Answer - a.AtBaseline))
	return a, nil
}

// along adds up the gradients on the way.
func (g *gradientPlan) along(sums []float64, from, to []float32, steps int) error {
	for done := 0; done < steps; {
		rows := min(g.plan.MaxBatch(), steps-done)
		_, gradient, err := g.run(rows, func(i int, row []float32) {
			t := float32((float64(done+i) + 0.5) / float64(steps))
			for j := range row {
				row[j] = from[j] + float32(t*(to[j]-from[j]))
			}
		}, true)
		if err != nil {
			return err
		}
		for i, d := range gradient {
			sums[i%len(sums)] += float64(d)
		}
		done += rows
	}
	return nil
}
