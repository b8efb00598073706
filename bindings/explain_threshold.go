package bindings

import (
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// judgeThreshold keeps a threshold in a model. Its pipeline becomes one of its own: the
// table's, and other models', stay as they are.
func judgeThreshold(j *job, p ThresholdParams) (any, error) {
	m, err := j.engine.idleModel(p.Model, j.method)
	if err != nil {
		return nil, err
	}
	if m.train.Pipeline == nil || len(m.train.Pipeline.Output.Labels) != 2 {
		return nil, tensor.Errorf(tensor.CodeUnsupported, "only a model that tells two classes apart has a threshold")
	}
	if !(p.Threshold > 0 && p.Threshold < 1) {
		return nil, tensor.Errorf(tensor.CodeOption, "a threshold must be above 0 and below 1, got %g", p.Threshold)
	}
	own := *m.train.Pipeline
	if own.Output.Threshold = float32(p.Threshold); p.Threshold == 0.5 {
		own.Output.Threshold = 0 // the usual one is not written down
	}
	m.train.Pipeline = &own
	return m.info()
}
