package bindings

import (
	"context"
	"math"

	"github.com/terrarium-ml/terrarium/core/data"
	"github.com/terrarium-ml/terrarium/core/data/text"
	"github.com/terrarium-ml/terrarium/core/explain"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// textsClassify asks a model about one text.
func textsClassify(j *job, p TextsClassifyParams) (any, error) {
	m, err := j.engine.model(p.Model)
	if err != nil {
		return nil, err
	}
	pipeline := m.train.Pipeline
	tokenizer, err := text.Read(pipeline)
	if err != nil {
		return nil, err
	}
	if len(pipeline.Output.Labels) == 0 {
		return nil, tensor.Errorf(tensor.CodeUnsupported, "This model writes texts, it does not tell them apart.")
	}
	x := tensor.New(1, tokenizer.Length)
	if err := tokenizer.Encode(x.Data, p.Text); err != nil {
		return nil, err
	}
	outputs, err := j.predict(m, x)
	if err != nil {
		return nil, err
	}
	said := outputs[0].Data
	r := TextsClassifyResult{Answer: rowResult(pipeline, said)}
	if !p.Explain {
		return r, nil
	}
	r.Pieces, r.Rest = tokenizer.Pieces(p.Text)
	for _, piece := range r.Pieces {
		if piece.Count == 0 {
			r.Unread++
		}
	}
	var steps *explain.StepEffects
	err = j.ask(m, func() error {
		steps, err = explain.OccludeSteps(j.ctx, odds{m.train, pipeline}, x, explain.StepOcclusion{Output: pipeline.Label(said), Fill: text.Padding, Skip: true,
			Progress: func(int64, int64) error { return j.breathe() }})
		return err
	})
	if err != nil {
		return nil, err
	}
	r.Effects = make([]float64, len(r.Pieces))
	for i, piece := range r.Pieces {
		for k := range piece.Count {
			r.Effects[i] += steps.Steps[piece.First+k]
		}
	}
	return r, nil
}

// odds answers with the logarithm of the odds of each class. A model that is sure says
// 0.999 with a word and without it; the odds tell the difference.
type odds struct {
	model    explain.Predictor
	pipeline *data.Pipeline
}

// leastShare is the least probability that odds are told of: what float32 can tell from 1.
const leastShare = 1e-7

func (o odds) Predict(ctx context.Context, x *tensor.Tensor) (*tensor.Tensor, error) {
	y, err := o.model.Predict(ctx, x)
	if err != nil {
		return nil, err
	}
	out := tensor.New(y.Rows(), len(o.pipeline.Output.Labels))
	for i := range y.Rows() {
		for k, p := range o.pipeline.Probabilities(y.Row(i)) {
			share := min(max(float64(p), leastShare), 1-leastShare)
			out.Row(i)[k] = float32(math.Log(share / (1 - share)))
		}
	}
	return out, nil
}
