package data

import (
	"math"

	"github.com/terrarium-ml/terrarium/core/tensor"
)

// output fits the description of the network's outputs to the training rows.
func (a *answer) output(train []int) (Output, error) {
	o := Output{Name: a.column.name, Task: a.task, Kind: a.kind, Scale: 1}
	if a.task == TaskClassification {
		o.Labels = a.labels
		o.Counts = make([]int, len(a.labels))
		for _, row := range train {
			o.Counts[a.class[row]]++
		}
		return o, nil
	}
	values := make([]float64, len(train))
	o.Min, o.Max = math.Inf(1), math.Inf(-1)
	for i, row := range train {
		values[i] = a.value[row]
		o.Min, o.Max = min(o.Min, values[i]), max(o.Max, values[i])
	}
	mean, std := moments(values)
	o.Center, o.Scale = float32(mean), float32(std)
	if !(o.Scale > 0) {
		return o, dataError(o.Name, "All training rows have the same value for the target %s, so there is nothing to learn from them. Use more rows, or another seed for the split.", quoted(o.Name))
	}
	return o, nil
}

// encode writes the targets of rows: shape [rows, 1].
func (o *Output) encode(a *answer, rows []int) *tensor.Tensor {
	y := tensor.New(len(rows), 1)
	for i, row := range rows {
		if o.Task == TaskClassification {
			y.Data[i] = float32(a.class[row])
		} else {
			y.Data[i] = float32((a.value[row] - float64(o.Center)) / float64(o.Scale))
		}
	}
	return y
}

// baseline judges guessing without looking.
func (p *Prepared) baseline(a *answer) Baseline {
	rows := p.Test.Rows
	if len(rows) == 0 {
		rows = p.Validation.Rows
	}
	if len(rows) == 0 {
		rows = p.Train.Rows
	}
	n := float64(len(rows))
	if a.task == TaskClassification {
		k := commonest(p.Pipeline.Output.Counts)
		right := 0
		for _, row := range rows {
			if a.class[row] == k {
				right++
			}
		}
		return Baseline{Label: a.labels[k], Accuracy: float64(right) / n}
	}
	b := Baseline{}
	for _, row := range p.Train.Rows {
		b.Value += a.value[row]
	}
	b.Value /= float64(len(p.Train.Rows))
	for _, row := range rows {
		d := a.value[row] - b.Value
		b.MAE += math.Abs(d)
		b.RMSE += float64(d * d)
	}
	b.MAE /= n
	b.RMSE = math.Sqrt(b.RMSE / n)
	return b
}
