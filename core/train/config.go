package train

import (
	"math"

	"github.com/terrarium-ml/terrarium/core/nn"
	"github.com/terrarium-ml/terrarium/core/optim"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// A Config says how a model learns. What it lowers is Σ LossWeights[i] · loss of output
// i, plus the penalties.
type Config struct {
	Optimizer optim.Optimizer // Adam with its defaults if nil
	Loss      nn.Loss         // of every output that Losses has none for
	Metrics   []string        // of every output; names as in package metric: "accuracy", "mae", …

	// For models of several outputs, in the order of Model.OutputNames.
	Losses        []nn.Loss
	LossWeights   []float64  // 1 each if nil; the loss of an output with 0 is watched only
	OutputMetrics [][]string // in place of Metrics
}

func (c Config) check(outputs []string) error {
	for _, list := range []struct {
		what string
		n    int
	}{{"losses", len(c.Losses)}, {"loss weights", len(c.LossWeights)}, {"lists of metrics", len(c.OutputMetrics)}} {
		if list.n != 0 && list.n != len(outputs) {
			return tensor.Errorf(tensor.CodeOption, "the model has %d outputs (%s), but compile got %d %s", len(outputs), listed(outputs), list.n, list.what)
		}
	}
	for i, name := range outputs {
		if c.lossOf(i) == nil {
			e := tensor.Errorf(tensor.CodeOption, "compile wants a loss")
			if len(outputs) > 1 {
				e = e.In(name)
			}
			return e
		}
		if w := c.weightOf(i); !(w >= 0 && w <= math.MaxFloat32) {
			return tensor.Errorf(tensor.CodeOption, "a loss weight must be a finite number that is not negative, got %g", c.LossWeights[i]).In(name)
		}
	}
	return nil
}

func (c Config) lossOf(i int) nn.Loss {
	if len(c.Losses) > 0 && c.Losses[i] != nil {
		return c.Losses[i]
	}
	return c.Loss
}

func (c Config) weightOf(i int) float32 {
	if len(c.LossWeights) == 0 {
		return 1
	}
	return float32(c.LossWeights[i])
}

func (c Config) metricsOf(i int) []string {
	if len(c.OutputMetrics) == 0 {
		return c.Metrics
	}
	return c.OutputMetrics[i]
}
