package bindings

import (
	"slices"
	"strings"

	"github.com/terrarium-ml/terrarium/core/nn"
	"github.com/terrarium-ml/terrarium/core/optim"
	"github.com/terrarium-ml/terrarium/core/tensor"
	"github.com/terrarium-ml/terrarium/core/train"
)

func modelCompile(j *job, p CompileParams) (any, error) {
	m, err := j.engine.idleModel(p.Model, "compile")
	if err != nil {
		return nil, err
	}
	c := train.Config{Metrics: p.Metrics, LossWeights: p.LossWeights}
	if c.Optimizer, err = optim.New(p.Optimizer.ClassName, p.Optimizer.Config); err != nil {
		return nil, err
	}
	if pipeline := m.train.Pipeline; pipeline != nil {
		if p.Loss.ClassName == "" {
			p.Loss.ClassName = usualLoss(&pipeline.Output)
		}
		if p.Metrics == nil {
			c.Metrics = usualMetrics(pipeline.Output.Task)
		}
	}
	if p.Loss.ClassName != "" {
		if c.Loss, err = nn.ParseLoss(p.Loss.ClassName, p.Loss.Config); err != nil {
			return nil, err
		}
	}
	if err := p.perOutput(m.train.OutputNames(), &c); err != nil {
		return nil, err
	}
	if c.Loss == nil && len(c.Losses) == 0 {
		return nil, tensor.Errorf(tensor.CodeOption, "compile wants a loss, such as meanSquaredError or binaryCrossentropy")
	}
	if err := m.train.Compile(c); err != nil {
		return nil, err
	}
	return Empty{}, nil
}

// perOutput takes over what the params say for each output.
func (p *CompileParams) perOutput(outputs []string, c *train.Config) error {
	if err := known("loss", p.LossOf, outputs); err != nil {
		return err
	}
	if err := known("lossWeights", p.WeightOf, outputs); err != nil {
		return err
	}
	if err := known("metrics", p.MetricsOf, outputs); err != nil {
		return err
	}
	losses := p.Losses
	for _, name := range outputs {
		if len(p.LossOf) > 0 {
			losses = append(losses, p.LossOf[name])
		}
		if len(p.WeightOf) > 0 {
			weight, named := p.WeightOf[name]
			if !named {
				weight = 1
			}
			c.LossWeights = append(c.LossWeights, weight)
		}
		if len(p.MetricsOf) > 0 {
			c.OutputMetrics = append(c.OutputMetrics, p.MetricsOf[name])
		}
	}
	for i, l := range losses {
		if l.ClassName == "" { // Compile says which output has none
			c.Losses = append(c.Losses, nil)
			continue
		}
		loss, err := nn.ParseLoss(l.ClassName, l.Config)
		if err != nil {
			if e, ok := err.(*tensor.Error); ok && i < len(outputs) {
				return e.In(outputs[i])
			}
			return err
		}
		c.Losses = append(c.Losses, loss)
	}
	return nil
}

// known refuses values for outputs that the model does not have.
func known[V any](option string, of map[string]V, outputs []string) error {
	var unknown []string
	for name := range of {
		if !slices.Contains(outputs, name) {
			unknown = append(unknown, name)
		}
	}
	if len(unknown) == 0 {
		return nil
	}
	slices.Sort(unknown)
	return tensor.Errorf(tensor.CodeOption, "%s: the model has no output %q; its outputs are %s", option, unknown[0], strings.Join(outputs, ", "))
}
