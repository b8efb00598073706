package bindings

import (
	"math"

	"github.com/terrarium-ml/terrarium/core/data"
	"github.com/terrarium-ml/terrarium/core/metric"
)

// judgeTest scores a model with intervals, beside the simplest guess.
func judgeTest(j *job, p JudgeParams) (any, error) {
	s, err := j.study(p)
	if err != nil {
		return nil, err
	}
	return s.beside(func() (any, error) {
		said, err := s.predict()
		if err != nil {
			return nil, err
		}
		if s.classes() {
			return s.judgeClasses(said)
		}
		return s.judgeNumbers(said)
	}), nil
}

// judgeClasses judges a classification.
func (s *study) judgeClasses(said *judged) (*JudgeResult, error) {
	o := &s.pipeline.Output
	n := len(said.truth)
	guess := commonest(o)
	right, base, lead := make([]float64, n), make([]float64, n), make([]float64, n)
	for i, t := range said.truth {
		right[i], base[i] = bit(t == said.predicted[i]), bit(int(t) == guess)
		lead[i] = right[i] - base[i]
	}
	r := &JudgeResult{Rows: n, Headline: "acc"}
	for _, m := range []struct {
		to     *Bounds
		values []float64
	}{{&r.Score, right}, {&r.Baseline, base}, {&r.Lead, lead}} {
		var err error
		if *m.to, err = bounds(metric.BootstrapMean(s.resampling(n), m.values)); err != nil {
			return nil, err
		}
	}
	if err := s.measureClasses(r, said, guess); err != nil {
		return nil, err
	}
	if err := s.calibrate(r, said); err != nil {
		return nil, err
	}
	if len(o.Labels) == 2 {
		two, err := s.twoClasses(said)
		if err != nil {
			return nil, err
		}
		r.Two = two
	}
	return r, nil
}

// measureClasses adds the mean F1 with its interval, kappa, Matthews's coefficient and
// the cross-entropy.
func (s *study) measureClasses(r *JudgeResult, said *judged, guess int) error {
	k, n := len(s.pipeline.Output.Labels), len(said.truth)
	truth, predicted, always := whole(said.truth), whole(said.predicted), whole(constant(float32(guess), n))
	f1, err := bounds(metric.Bootstrap(s.resampling(n), n, func(rows []int) float64 { return meanF1(truth, predicted, rows, k) }))
	if err != nil {
		return err
	}
	all := make([]int, n)
	for i := range all {
		all[i] = i
	}
	r.Measures = append(r.Measures, Measure{"f1", f1, meanF1(truth, always, all, k)})
	for name, key := range map[string]string{"cohenKappa": "kappa", "matthewsCorrelation": "mcc"} {
		m, err := metric.New(name, "sparseCategoricalCrossentropy", max(k, 2))
		if err != nil {
			return err
		}
		row := make([]float32, max(k, 2))
		for i := range n {
			clear(row)
			row[predicted[i]] = 1
			m.Update(said.truth[i:i+1], row, 1, len(row), nil)
		}
		v := m.Value()
		r.Measures = append(r.Measures, Measure{key, Bounds{v, v, v}, 0})
	}
	loss, base, err := losses(&s.pipeline.Output, said)
	r.Measures = append(r.Measures, Measure{"logLoss", Bounds{loss, loss, loss}, base})
	order(r.Measures)
	return err
}

// order gives measures a place of their own, whatever a map does.
func order(list []Measure) {
	place := map[string]int{"f1": 0, "kappa": 1, "mcc": 2, "logLoss": 3}
	for i := range list {
		for k := i; k > 0 && place[list[k].Name] < place[list[k-1].Name]; k-- {
			list[k], list[k-1] = list[k-1], list[k]
		}
	}
}

// meanF1 is the mean over classes of 2·right/(true + said), of some rows; classes that
// occur nowhere are left out.
func meanF1(truth, predicted, rows []int, classes int) float64 {
	is, said, right := make([]int, classes), make([]int, classes), make([]int, classes)
	for _, i := range rows {
		is[truth[i]]++
		said[predicted[i]]++
		if truth[i] == predicted[i] {
			right[truth[i]]++
		}
	}
	sum, n := 0.0, 0
	for k := range classes {
		if is[k]+said[k] > 0 {
			sum += 2 * float64(right[k]) / float64(is[k]+said[k])
			n++
		}
	}
	return sum / float64(max(n, 1))
}

// calibrate compares probabilities with what happened.
func (s *study) calibrate(r *JudgeResult, said *judged) error {
	y, p := said.truth, said.out.Data
	if said.out.Cols() > 1 {
		var err error
		if y, p, err = metric.Confidence(said.truth, said.out.Data, said.out.Cols()); err != nil {
			return err
		}
	}
	curve, err := metric.Calibration(y, clamped(p), 10)
	if err != nil {
		return err
	}
	c := &Calibration{ECE: curve.ECE, Brier: curve.Brier, Bins: []CalibrationBin{}}
	for _, b := range curve.Bins {
		if b.Rows > 0 {
			c.Bins = append(c.Bins, CalibrationBin{b.Low, b.High, b.Rows, b.Predicted, b.Observed})
		}
	}
	r.Calibration = c
	return nil
}

// clamped returns probabilities that rounding may have taken a little beyond 1.
func clamped(p []float32) []float32 {
	out := make([]float32, len(p))
	for i, v := range p {
		out[i] = min(max(v, 0), 1)
	}
	return out
}

// judgeNumbers judges a regression.
func (s *study) judgeNumbers(said *judged) (*JudgeResult, error) {
	n := len(said.truth)
	mean := constant(s.pipeline.Output.Center, n)
	r := &JudgeResult{Rows: n, Headline: "r2"}
	for _, m := range []struct {
		to *Bounds
		f  func(rows []int) float64
	}{
		{&r.Score, func(rows []int) float64 { return r2(said.truth, said.predicted, rows) }},
		{&r.Baseline, func(rows []int) float64 { return r2(said.truth, mean, rows) }},
		{&r.Lead, func(rows []int) float64 { return r2(said.truth, said.predicted, rows) - r2(said.truth, mean, rows) }},
	} {
		var err error
		if *m.to, err = bounds(metric.Bootstrap(s.resampling(n), n, m.f)); err != nil {
			return nil, err
		}
	}
	off := make([]float64, n)
	for i, t := range said.truth {
		off[i] = math.Abs(float64(said.predicted[i]) - float64(t))
	}
	mae, err := bounds(metric.BootstrapMean(s.resampling(n), off))
	if err != nil {
		return nil, err
	}
	rmse, err := bounds(metric.Bootstrap(s.resampling(n), n, func(rows []int) float64 {
		sum := 0.0
		for _, i := range rows {
			sum += off[i] * off[i]
		}
		return math.Sqrt(sum / float64(len(rows)))
	}))
	if err != nil {
		return nil, err
	}
	base, err := errorsOf(said.truth, mean)
	if err != nil {
		return nil, err
	}
	r.Measures = []Measure{{"mae", mae, base["mae"]}, {"rmse", rmse, base["rmse"]}}
	return r, nil
}

// r2 is 1 − Σ(truth − said)²/Σ(truth − mean)² of some rows; NaN where these are all equal.
func r2(truth, said []float32, rows []int) float64 {
	mean := 0.0
	for _, i := range rows {
		mean += float64(truth[i])
	}
	mean /= float64(len(rows))
	left, all := 0.0, 0.0
	for _, i := range rows {
		a, b := float64(truth[i])-float64(said[i]), float64(truth[i])-mean
		left += a * a
		all += b * b
	}
	if all == 0 {
		return math.NaN()
	}
	return 1 - left/all
}

// commonest is the class that the simplest guess always says.
func commonest(o *data.Output) int {
	best := 0
	for i, n := range o.Counts {
		if n > o.Counts[best] {
			best = i
		}
	}
	return best
}

func total(counts []int) int {
	sum := 0
	for _, n := range counts {
		sum += n
	}
	return sum
}

// standardised returns values of the target as the network sees them.
func standardised(o *data.Output, values []float32) []float32 {
	out := make([]float32, len(values))
	for i, v := range values {
		out[i] = (v - o.Center) / o.Scale
	}
	return out
}

func bit(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// losses returns the loss of what was said, and that of guessing without looking: the
// shares of classes, or the mean, of the training part. See LearningResult.
func losses(o *data.Output, said *judged) (loss, baseline float64, err error) {
	name := "meanSquaredError"
	cols := said.out.Cols()
	switch {
	case o.Task == data.TaskClassification && cols == 1:
		name = "binaryCrossentropy"
	case o.Task == data.TaskClassification:
		name = "sparseCategoricalCrossentropy"
	}
	m, err := metric.New(name, "", cols)
	if err != nil {
		return 0, 0, err
	}
	y, p, guess := said.truth, said.out.Data, make([]float32, cols)
	if o.Task == data.TaskRegression {
		y, p = standardised(o, said.truth), standardised(o, said.predicted)
	} else {
		for k := range guess {
			label := k
			if cols == 1 {
				label = 1 // the network says the probability of the second label only
			}
			if guess[k] = 1 / float32(len(o.Labels)); total(o.Counts) > 0 {
				guess[k] = float32(o.Counts[label]) / float32(total(o.Counts))
			}
		}
	}
	m.Update(y, p, len(y), cols, nil)
	loss = m.Value()
	m.Reset()
	for i := range y {
		m.Update(y[i:i+1], guess, 1, cols, nil)
	}
	return loss, m.Value(), nil
}
