package series

import (
	"fmt"
	"math"
	"slices"

	"github.com/terrarium-ml/terrarium/core/data"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// A Score is how far forecasts were from the truth, in the target's units. Values that
// were filled are no truth and do not count.
type Score struct {
	MAE   float64 `json:"mae"`   // mean absolute error
	RMSE  float64 `json:"rmse"`  // root of the mean squared error
	Count int     `json:"count"` // values that were forecast
}

// A sum of errors becomes a Score.
type sum struct {
	absolute, square float64
	n                int
}

func (s *sum) add(err float64) {
	s.absolute += math.Abs(err)
	s.square += float64(err * err)
	s.n++
}

func (s *sum) score() Score {
	if s.n == 0 {
		return Score{}
	}
	return Score{s.absolute / float64(s.n), math.Sqrt(s.square / float64(s.n)), s.n}
}

// A Baseline is what a rule without learning reaches with the same forecasts: from each
// origin of BackTest, of the whole horizon.
type Baseline struct {
	Name   string `json:"name"`
	Reason string `json:"reason"` // what the rule says, in plain language
	Score
	Steps []Score `json:"steps"` // of each period of the horizon
}

// Names of the baselines.
const (
	BaselineLast     = "last value"
	BaselineSeasonal = "seasonal naive"
	BaselineMean     = "moving average"
)

// forecasts returns the rule of each baseline: the value k+1 periods behind origin.
func (p *Prepared) forecasts() ([]Baseline, []func(v []float64, origin, k int) float64) {
	f := p.Config.Options.Frequency
	season := f.Season()
	length := max(season, 3)
	list := []Baseline{
		{Name: BaselineLast, Reason: "Everything stays as it was last."},
		{Name: BaselineMean, Reason: fmt.Sprintf("The mean of the last %d values.", length)},
	}
	rules := []func(v []float64, origin, k int) float64{
		func(v []float64, origin, k int) float64 { return v[origin] },
		func(v []float64, origin, k int) float64 {
			mean, _ := moment(v[max(0, origin+1-length) : origin+1])
			return mean
		},
	}
	if season > 1 {
		list = append(list, Baseline{Name: BaselineSeasonal, Reason: fmt.Sprintf("As a season of %d before; the last value where there is no season before.", season)})
		rules = append(rules, func(v []float64, origin, k int) float64 {
			if t := origin + 1 + k - season*(k/season+1); t >= 0 {
				return v[t]
			}
			return v[origin]
		})
	}
	return list, rules
}

// judge scores the baselines.
func (p *Prepared) judge() {
	list, rules := p.forecasts()
	sums, steps := make([]sum, len(rules)), make([][]sum, len(rules))
	for i := range steps {
		steps[i] = make([]sum, p.Config.horizon)
	}
	var mean sum
	center := make([]float64, len(p.Set.Series)) // of the training part
	for i, s := range p.Set.Series {
		n := 0
		for n < s.Len() && p.part(s, n) == train {
			n++
		}
		center[i], _ = moment(s.Values[p.Config.Target][:n])
	}
	p.roll(p.scored(), 1, func(w Window) {
		s := p.Set.Series[w.Series]
		v, filled := s.Values[p.Config.Target], s.Filled[p.Config.Target]
		for k := range p.Config.horizon {
			t := w.Origin + 1 + k
			if filled[t] {
				continue
			}
			for i, rule := range rules {
				miss := rule(v, w.Origin, k) - v[t]
				sums[i].add(miss)
				steps[i][k].add(miss)
			}
			mean.add(center[w.Series] - v[t])
		}
	})
	for i := range list {
		list[i].Score = sums[i].score()
		for k := range steps[i] {
			list[i].Steps = append(list[i].Steps, steps[i][k].score())
		}
	}
	p.Baselines = list
	score := mean.score()
	p.Prepared.Baseline = data.Baseline{Value: center[0], MAE: score.MAE, RMSE: score.RMSE}
}

// scored is the part that scores speak of.
func (p *Prepared) scored() int {
	switch {
	case len(p.Test.Rows) > 0:
		return test
	case len(p.Validation.Rows) > 0:
		return validation
	}
	return train
}

// roll visits the origins whose whole horizon lies in a part, every stride-th of each
// series: what is seen may lie in an earlier part, as it will when the model is used.
func (p *Prepared) roll(part, stride int, visit func(Window)) {
	c := p.Config
	for i, s := range p.Set.Series {
		next := 0
		for t := c.lag() + c.window - 1; t+c.horizon < s.Len(); t++ {
			if t >= next && p.part(s, t+1) == part && p.part(s, t+c.horizon) == part {
				visit(Window{i, t})
				next = t + stride
			}
		}
	}
}

// A Predict asks a network: x holds one row of its input, dst is for one row of its
// output. train.Model's PredictFloats is one.
type Predict func(dst, x []float32) error

// ask forecasts from an origin.
func (c *Config) ask(predict Predict, dst []float64, s *Series, scale *Scale, origin int, x, out []float32) error {
	c.encode(x, s, scale, origin-c.window+1)
	if err := predict(out, x); err != nil {
		return err
	}
	c.decode(dst, out, s, scale, origin)
	return nil
}

// A BackTest is what would have been forecast from the origins of a part, one behind
// the other: what a plot shows beside the truth.
type BackTest struct {
	Part string  `json:"part"` // test; validation or training where there is no later one
	Size float64 `json:"size"` // mean size of the true values that the score counts
	Score
	Steps     []Score    `json:"steps"`    // of each period of the horizon
	Coverage  []Coverage `json:"coverage"` // of the intervals, after Calibrate
	Forecasts []Forecast `json:"forecasts"`
}

// Rule returns what a baseline, by its name, would have said in place of a forecast of a
// BackTest; nil for a baseline or a series that there is not.
func (p *Prepared) Rule(name string, f *Forecast) []float64 {
	list, rules := p.forecasts()
	for i := range list {
		if list[i].Name != name {
			continue
		}
		for _, s := range p.Set.Series {
			if s.Key == f.Key {
				said := make([]float64, len(f.Predicted))
				for k := range said {
					said[k] = rules[i](s.Values[p.Config.Target], f.Origin, k)
				}
				return said
			}
		}
	}
	return nil
}

// A Coverage is the share of the true values that lay in the intervals of a level. It
// should be near the level.
type Coverage struct {
	Level float64 `json:"level"`
	Share float64 `json:"share"`
}

// A Forecast is the forecast from one origin.
type Forecast struct {
	Key       string    `json:"key"`       // of the series
	Origin    int       `json:"origin"`    // place of the last period that was seen
	Days      []float64 `json:"days"`      // when each period begins
	Predicted []float64 `json:"predicted"` // in the target's units
	True      []float64 `json:"true"`
	Filled    []bool    `json:"filled"` // True was filled
}

// BackTest forecasts from every stride-th origin over the test part, seeing all that was
// known by then. A stride of 1 gives the score that compares with Baselines; a stride
// of the horizon, forecasts that do not overlap. It fails with code "option" for a
// stride below 1, "memory" where there would be too many forecasts, and as predict does.
func (p *Prepared) BackTest(predict Predict, stride int) (*BackTest, error) {
	if stride < 1 {
		return nil, tensor.Errorf(tensor.CodeOption, "The stride of a back-test must be 1 or more, got %d.", stride)
	}
	c, part := p.Config, p.scored()
	windows := p.windows(part, stride)
	if int64(len(windows))*int64(c.horizon) > maxNumbers/4 {
		return nil, tensor.Errorf(tensor.CodeMemory, "%d forecasts of %d periods are too many to keep. Choose a longer stride.", len(windows), c.horizon)
	}
	b := &BackTest{Part: partNames[part], Forecasts: make([]Forecast, 0, len(windows))}
	var all sum
	steps := make([]sum, c.horizon)
	inside, size := make([]int, len(c.Intervals)), 0.0
	err := p.residuals(predict, windows, func(w Window, predicted []float64) {
		s := p.Set.Series[w.Series]
		from := w.Origin + 1
		f := Forecast{Key: s.Key, Origin: w.Origin, Predicted: slices.Clone(predicted),
			True: slices.Clone(s.Values[c.Target][from : from+c.horizon]), Filled: slices.Clone(s.Filled[c.Target][from : from+c.horizon])}
		for k, v := range f.Predicted {
			f.Days = append(f.Days, c.Options.Frequency.Start(s.First+from+k))
			if f.Filled[k] {
				continue
			}
			miss := f.True[k] - v
			size += math.Abs(f.True[k])
			all.add(miss)
			steps[k].add(miss)
			for i := range c.Intervals {
				scaled := miss / c.Scales[w.Series].Scale[c.Target]
				if scaled >= c.Intervals[i].Low[k] && scaled <= c.Intervals[i].High[k] {
					inside[i]++
				}
			}
		}
		b.Forecasts = append(b.Forecasts, f)
	})
	if err != nil {
		return nil, err
	}
	b.Score, b.Size = all.score(), size/float64(max(all.n, 1))
	for k := range steps {
		b.Steps = append(b.Steps, steps[k].score())
	}
	for i := range inside {
		b.Coverage = append(b.Coverage, Coverage{c.Intervals[i].Level, float64(inside[i]) / float64(max(all.n, 1))})
	}
	return b, nil
}

func (p *Prepared) windows(part, stride int) (list []Window) {
	p.roll(part, stride, func(w Window) { list = append(list, w) })
	return list
}

// residuals asks the network from each of the origins. What visit is given it must copy.
func (p *Prepared) residuals(predict Predict, windows []Window, visit func(w Window, predicted []float64)) error {
	c := p.Config
	x, out, predicted := make([]float32, c.window*c.features()), make([]float32, c.horizon), make([]float64, c.horizon)
	for _, w := range windows {
		if err := c.ask(predict, predicted, p.Set.Series[w.Series], &c.Scales[w.Series], w.Origin, x, out); err != nil {
			return err
		}
		visit(w, predicted)
	}
	return nil
}
