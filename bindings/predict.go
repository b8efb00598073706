package bindings

import (
	"cmp"
	"context"
	"sort"

	"github.com/terrarium-ml/terrarium/core/data"
	"github.com/terrarium-ml/terrarium/core/tensor"
	"github.com/terrarium-ml/terrarium/core/train"
)

// ask runs a prediction or an evaluation on a model, returning to the event loop
// meanwhile. Nobody else's turn comes before it is over.
func (j *job) ask(m *model, f func() error) error {
	m.asking = true
	m.train.OnPause(j.breathe)
	defer func() {
		m.asking = false
		m.train.OnPause(nil)
	}()
	return f()
}

func modelEvaluate(j *job, p EvaluateParams) (any, error) {
	m, err := j.engine.model(p.Model)
	if err != nil {
		return nil, err
	}
	d, err := j.tensorData("inputs", "targets", several(p.X, p.Xs), several(p.Y, p.Ys))
	if err != nil {
		return nil, err
	}
	c := train.EvalConfig{BatchSize: p.BatchSize}
	if c.SampleWeight, c.SampleWeights, err = j.weights(p.SampleWeight, p.SampleWeights); err != nil {
		return nil, err
	}
	var logs train.Logs
	err = j.ask(m, func() error {
		logs, err = m.train.EvaluateData(j.ctx, d, c)
		return err
	})
	return Logs(logs), err
}

func several(one Tensor, list []Tensor) []Tensor {
	if len(list) > 0 {
		return list
	}
	return []Tensor{one}
}

func modelPredict(j *job, p PredictParams) (any, error) {
	m, err := j.engine.model(p.Model)
	if err != nil {
		return nil, err
	}
	x, err := j.tensors("inputs", several(p.X, p.Xs))
	if err != nil {
		return nil, err
	}
	if err := j.engine.room(m.outputBytes(x[0].Rows()), "the prediction"); err != nil {
		return nil, err
	}
	y, err := j.predict(m, x...)
	if err != nil {
		return nil, err
	}
	return j.attachAll(y), nil
}

// outputBytes is the memory of the outputs for so many rows.
func (m *model) outputBytes(rows int) int64 {
	values := 0
	for _, shape := range m.train.OutputShapes() {
		values += elements(shape)
	}
	return int64(4 * rows * values)
}

// attachAll adds a model's outputs to the answer.
func (j *job) attachAll(y []*tensor.Tensor) any {
	if len(y) == 1 {
		return j.attach(y[0].Data, y[0].Shape...)
	}
	var r TensorsResult
	for _, t := range y {
		r.Tensors = append(r.Tensors, j.attach(t.Data, t.Shape...))
	}
	return r
}

func (j *job) predict(m *model, x ...*tensor.Tensor) (y []*tensor.Tensor, err error) {
	err = j.ask(m, func() error {
		y, err = m.train.PredictAll(j.ctx, x...)
		return err
	})
	return y, err
}

// modelRow answers a form.
func modelRow(j *job, p RowParams) (any, error) {
	m, err := j.engine.model(p.Model)
	if err != nil {
		return nil, err
	}
	pipeline := m.train.Pipeline
	if pipeline == nil {
		return nil, tensor.Errorf(tensor.CodeUnsupported, "this model was trained on tensors, not on a table: it does not know what its inputs mean")
	}
	if pipeline.Medium != nil {
		return nil, tensor.Errorf(tensor.CodeUnsupported, "this model takes inputs of kind %q, not rows of columns", pipeline.Medium.Kind)
	}
	row, err := pipeline.ParseRow(p.Values)
	if err != nil {
		return nil, err
	}
	features := make([]float32, pipeline.Features())
	pipeline.Encode(features, row)
	x, err := tensor.From(features, 1, len(features))
	if err != nil {
		return nil, err
	}
	y, err := m.train.Predict(context.Background(), x)
	if err != nil {
		return nil, err
	}
	return rowResult(pipeline, y.Data), nil
}

// rowResult reads a network's outputs of one row.
func rowResult(p *data.Pipeline, out []float32) RowResult {
	if p.Output.Task == data.TaskRegression {
		p.Decode(out)
		value := float64(out[0])
		return RowResult{Value: &value}
	}
	var r RowResult
	for i, probability := range p.Probabilities(out) {
		r.Classes = append(r.Classes, ClassShare{p.Output.Labels[i], float64(probability)})
	}
	r.Label = p.Output.Labels[p.Label(out)]
	sort.SliceStable(r.Classes, func(i, j int) bool { return cmp.Compare(r.Classes[j].Probability, r.Classes[i].Probability) < 0 })
	return r
}
