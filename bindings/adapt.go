package bindings

import (
	"slices"

	"github.com/terrarium-ml/terrarium/core/data"
	"github.com/terrarium-ml/terrarium/core/nn"
	"github.com/terrarium-ml/terrarium/core/tensor"
	"github.com/terrarium-ml/terrarium/core/train"
)

// modelAdapt makes a model that goes on from another one on prepared data.
func modelAdapt(j *job, p AdaptParams) (any, error) {
	m, err := j.engine.model(p.Model)
	if err != nil {
		return nil, err
	}
	t, err := j.engine.preparedTable(p.Table)
	if err != nil {
		return nil, err
	}
	keeps := []string{KeepBase, KeepGo, KeepHead}
	if p.Keep == "" {
		p.Keep = KeepBase
	}
	if !slices.Contains(keeps, p.Keep) {
		return nil, tensor.Errorf(tensor.CodeOption, "adapt: keep must be one of %v, got %q", keeps, p.Keep)
	}
	options, err := j.options(p.Name, p.Seed)
	if err != nil {
		return nil, err
	}
	pipeline := t.prepared.Pipeline
	units, activation := pipeline.Output.Units(), nn.Linear
	switch {
	case pipeline.Output.Task == data.TaskClassification && units == 1:
		activation = nn.Sigmoid
	case pipeline.Output.Task == data.TaskClassification:
		activation = nn.Softmax
	}
	made, err := m.train.Adapt(train.Adaptation{Input: pipeline.Shape(), Units: units, Activation: activation, Frozen: p.Keep == KeepBase, Whole: p.Keep == KeepHead}, options...)
	if err != nil {
		return nil, err
	}
	made.Pipeline = pipeline
	return j.engine.open(made).info()
}
