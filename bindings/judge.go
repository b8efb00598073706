package bindings

import (
	"bytes"
	"slices"
	"strconv"

	"github.com/terrarium-ml/terrarium/core/data"
	"github.com/terrarium-ml/terrarium/core/metric"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// modelTest sets a model beside the simplest guess, on rows of a prepared table.
func modelTest(j *job, p TestParams) (any, error) {
	m, err := j.engine.model(p.Model)
	if err != nil {
		return nil, err
	}
	t, err := j.engine.preparedTable(p.Table)
	if err != nil {
		return nil, err
	}
	if f, ok := t.medium.(*seriesFile); ok {
		if p.Weights != "" {
			return nil, tensor.Errorf(tensor.CodeUnsupported, "models of series are not compiled")
		}
		return j.testSeries(m, f)
	}
	part, err := partOf(t.prepared, p.Part)
	if err != nil {
		return nil, err
	}
	pipeline := t.prepared.Pipeline
	if !sameInputs(m.train.Pipeline, pipeline) {
		return nil, tensor.Errorf(tensor.CodeShape, "the model was not trained on this table as it is prepared now; train it again")
	}
	if pipeline.Output.Task == data.TaskWriting {
		return nil, tensor.Errorf(tensor.CodeUnsupported, "a model that writes is not tested by right and wrong answers; its loss on the validation part says how well it goes on")
	}
	if len(part.Rows) == 0 {
		return nil, tensor.Errorf(tensor.CodeData, "this part of the table has no rows; give it a share in the split")
	}
	if sameTarget(&pipeline.Output, &m.train.Pipeline.Output) {
		pipeline = m.train.Pipeline // which may have a threshold of its own
	}
	if p.Weights != "" {
		if m, err = m.rounded(p.Weights); err != nil {
			return nil, err
		}
	}
	x := part.X
	if x == nil {
		if x, err = t.encode(&part); err != nil {
			return nil, err
		}
	}
	outputs, err := j.predict(m, x)
	if err != nil {
		return nil, err
	}
	out := outputs[0]
	truth, predicted := answers(pipeline, part.Y, out)
	r := TestResult{Rows: len(part.Rows)}
	if pipeline.Output.Task == data.TaskRegression {
		err = r.judgeNumbers(pipeline, truth, predicted)
	} else {
		err = r.judgeClasses(pipeline, truth, predicted)
	}
	if err != nil {
		return nil, err
	}
	lines := make([]float32, len(part.Rows))
	for i, row := range part.Rows {
		lines[i] = float32(row + 1)
	}
	r.Truth = j.attach(truth, len(truth))
	r.Predicted = j.attach(predicted, len(predicted))
	r.Lines = j.attach(lines, len(lines))
	return r, nil
}

// sameInputs tells whether rows of one pipeline mean to a model what those of the other do.
func sameInputs(a, b *data.Pipeline) bool {
	if a == nil || (a.Medium == nil) != (b.Medium == nil) || !slices.Equal(a.FeatureNames(), b.FeatureNames()) {
		return false
	}
	if a.Medium != nil && a.Medium.Kind == data.MediumSeries {
		return sameSeries(a, b)
	}
	return a.Medium == nil || a.Medium.Kind == b.Medium.Kind && slices.Equal(a.Medium.Shape, b.Medium.Shape) && bytes.Equal(a.Medium.Config, b.Medium.Config)
}

func partOf(p *data.Prepared, name string) (data.Part, error) {
	switch name {
	case "", "test":
		return p.Test, nil
	case "validation":
		return p.Validation, nil
	case "train":
		return p.Train, nil
	}
	return data.Part{}, tensor.Errorf(tensor.CodeOption, "unknown part %q; known are test, train, validation", name)
}

// answers returns, for each row, class indices or values in the target's units.
func answers(p *data.Pipeline, y, out *tensor.Tensor) (truth, predicted []float32) {
	truth = slices.Clone(y.Data)
	predicted = make([]float32, out.Rows())
	for i := range predicted {
		if p.Output.Task == data.TaskClassification {
			predicted[i] = float32(p.Label(out.Row(i)))
			continue
		}
		p.Decode(truth[i : i+1])
		p.Decode(out.Row(i))
		predicted[i] = out.Row(i)[0]
	}
	return truth, predicted
}

// judgeClasses counts right answers; the baseline always says the commonest class of
// the training part.
func (r *TestResult) judgeClasses(p *data.Pipeline, truth, predicted []float32) error {
	o := &p.Output
	commonest := 0
	for i, n := range o.Counts {
		if n > o.Counts[commonest] {
			commonest = i
		}
	}
	r.Labels, r.Headline, r.Guess = o.Labels, "acc", o.Labels[commonest]
	r.Metrics = Logs{"acc": accuracy(truth, predicted)}
	guess := constant(float32(commonest), len(truth))
	r.Baseline = Logs{"acc": accuracy(truth, guess)}
	if len(o.Labels) == 2 {
		r.Metrics.addRetrieval(truth, predicted)
		r.Baseline.addRetrieval(truth, guess)
	}
	var err error
	r.Confusion, err = metric.ConfusionMatrix(whole(truth), whole(predicted), len(o.Labels))
	return err
}

// addRetrieval says how well the second of two classes is found: what share of those that
// were named are right (precision), of those that are there were named (recall), and the
// harmonic mean of both (F1; van Rijsbergen, 1979). Where there are none, a share is 0.
func (l Logs) addRetrieval(truth, predicted []float32) {
	both, named, there := 0, 0, 0
	for i, t := range truth {
		if t == 1 {
			there++
		}
		if predicted[i] == 1 {
			named++
			if t == 1 {
				both++
			}
		}
	}
	l["precision"] = float64(both) / float64(max(named, 1))
	l["recall"] = float64(both) / float64(max(there, 1))
	l["f1"] = float64(2*both) / float64(max(named+there, 1))
}

// judgeNumbers measures errors; the baseline always says the training part's mean.
func (r *TestResult) judgeNumbers(p *data.Pipeline, truth, predicted []float32) (err error) {
	mean := p.Output.Center
	r.Headline, r.Guess = "r2", strconv.FormatFloat(float64(mean), 'g', 4, 32)
	if r.Metrics, err = errorsOf(truth, predicted); err != nil {
		return err
	}
	r.Interval = interval(truth, predicted)
	r.Baseline, err = errorsOf(truth, constant(mean, len(truth)))
	return err
}

func errorsOf(truth, predicted []float32) (Logs, error) {
	logs := Logs{}
	for key, name := range map[string]string{"mae": "meanAbsoluteError", "rmse": "rootMeanSquaredError", "r2": "r2"} {
		m, err := metric.New(name, "meanSquaredError", 1)
		if err != nil {
			return nil, err
		}
		m.Update(truth, predicted, len(truth), 1, nil)
		logs[key] = m.Value()
	}
	return logs, nil
}

func accuracy(truth, predicted []float32) float64 {
	right := 0
	for i, t := range truth {
		if t == predicted[i] {
			right++
		}
	}
	return float64(right) / float64(len(truth))
}

func constant(v float32, n int) []float32 {
	values := make([]float32, n)
	for i := range values {
		values[i] = v
	}
	return values
}

func whole(values []float32) []int {
	numbers := make([]int, len(values))
	for i, v := range values {
		numbers[i] = int(v)
	}
	return numbers
}
