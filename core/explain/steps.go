package explain

import (
	"cmp"
	"context"

	"github.com/terrarium-ml/terrarium/core/data"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// A StepOcclusion says how to cover the steps of a text or a series.
type StepOcclusion struct {
	Output   int
	Window   int     // steps that are covered together; 1 if 0
	Fill     float32 // what takes their place: the number of padding or of the unknown word; a mean
	Skip     bool    // leave steps out that hold nothing but Fill, such as the padding of a text
	Progress data.Progress
}

// StepEffects are what the steps of a row add to its answer.
type StepEffects struct {
	Answer float64   `json:"answer"`
	Steps  []float64 `json:"steps"` // the mean of the drops of the windows that cover a step; 0 where it was skipped
}

// OccludeSteps covers the steps of a row of shape [1, steps] (numbers of words or
// characters) or [1, steps, features] (a series), one window after another, and notes how
// much lower the model's answer becomes: the occlusion of Zeiler and Fergus (2014) along
// time, for words the erasure of Li, Monroe and Jurafsky (2016). A word with a step above
// 0 speaks for the answer.
func OccludeSteps(ctx context.Context, m Predictor, row *tensor.Tensor, c StepOcclusion) (*StepEffects, error) {
	if err := cmp.Or(checkModel(m), checkRows("row", row)); err != nil {
		return nil, err
	}
	if len(row.Shape) > 3 || row.Rows() != 1 {
		return nil, tensor.Errorf(tensor.CodeShape, "row: want [1, steps] or [1, steps, features], got %s", tensor.Format(row.Shape))
	}
	steps, size := row.Shape[1], row.Cols()/row.Shape[1]
	c.Window = cmp.Or(c.Window, 1)
	if c.Window < 1 || c.Window > steps || c.Fill-c.Fill != 0 {
		return nil, tensor.Errorf(tensor.CodeOption, "occlusion: want a window from 1 to %d steps and a finite fill, got %d and %v", steps, c.Window, c.Fill)
	}
	var windows []int // where they begin
	for from := range steps - c.Window + 1 {
		if !c.Skip || !filled(row.Data[from*size:(from+c.Window)*size], c.Fill) {
			windows = append(windows, from)
		}
	}
	o := occluder{job: job{ctx: ctx, model: m, progress: c.Progress, total: int64(len(windows)) + 1}, row: row, output: c.Output}
	answer, drops, err := o.drops(len(windows), func(k int, copied []float32) {
		covered := copied[windows[k]*size : (windows[k]+c.Window)*size]
		for i := range covered {
			covered[i] = c.Fill
		}
	})
	if err != nil {
		return nil, err
	}
	e := &StepEffects{Answer: answer, Steps: make([]float64, steps)}
	count := make([]int, steps)
	for k, from := range windows {
		for t := from; t < from+c.Window; t++ {
			e.Steps[t] += drops[k]
			count[t]++
		}
	}
	for t, n := range count {
		e.Steps[t] /= float64(max(1, n))
		if c.Skip && filled(row.Data[t*size:(t+1)*size], c.Fill) {
			e.Steps[t] = 0
		}
	}
	return e, nil
}

func filled(values []float32, fill float32) bool {
	for _, v := range values {
		if v != fill {
			return false
		}
	}
	return true
}
