package series

import (
	"math"
	"slices"

	"github.com/terrarium-ml/terrarium/core/tensor"
)

// Levels are the shares of the true values that intervals are made for.
var Levels = [...]float64{0.5, 0.8, 0.95}

// minResiduals is how many errors an interval needs: below it, the largest says little.
const minResiduals = 5

// Calibrate learns from the forecasts of the validation part how far they miss, and
// writes an Interval of each of Levels into Config and pipeline. Of the n errors of a
// period of the horizon, in order of size and in units of the series' deviation, the
// interval of a level goes from number ⌊(n+1)·(1−level)/2⌋ to number ⌈(n+1)·(1+level)/2⌉,
// or the outermost ones (split conformal prediction: V. Vovk et al., 2005). Where few
// errors are known, or the validation part also said when to stop, intervals are
// narrower than they say; BackTest tells how many values they really hold.
//
// It fails with code "data" where the validation part has fewer than 5 origins, or a
// network gives no numbers, and as predict does.
func (p *Prepared) Calibrate(predict Predict) error {
	c := p.Config
	errors := make([][]float64, c.horizon)
	finite := true
	err := p.residuals(predict, p.windows(validation, 1), func(w Window, predicted []float64) {
		s := p.Set.Series[w.Series]
		for k, v := range predicted {
			if t := w.Origin + 1 + k; !s.Filled[c.Target][t] {
				miss := (s.Values[c.Target][t] - v) / c.Scales[w.Series].Scale[c.Target]
				finite = finite && math.Abs(miss) <= largest
				errors[k] = append(errors[k], miss)
			}
		}
	})
	if err != nil {
		return err
	}
	for _, list := range errors {
		if len(list) < minResiduals {
			return tensor.Errorf(tensor.CodeData, "Intervals are made of the errors on the validation part, and it has only %d of a period, want %d. Give it a larger share, or shorten the horizon.", len(list), minResiduals)
		}
		slices.Sort(list)
	}
	if !finite {
		return tensor.Errorf(tensor.CodeData, "The network's forecasts are no finite numbers, so they have no intervals. Train it again, with a lower learning rate.")
	}
	c.Intervals = make([]Interval, len(Levels))
	for i, level := range Levels {
		v := Interval{Level: level}
		for _, list := range errors {
			n := float64(len(list) + 1)
			low := int(math.Floor(float64(n*((1-level)/2)))) - 1
			high := int(math.Ceil(float64(n*((1+level)/2)))) - 1
			v.Low = append(v.Low, list[max(low, 0)])
			v.High = append(v.High, list[min(high, len(list)-1)])
		}
		c.Intervals[i] = v
	}
	p.save()
	return nil
}

// Forget takes the intervals away that Calibrate wrote, so that the next model begins
// without them.
func (p *Prepared) Forget() {
	p.Config.Intervals = []Interval{}
	p.save()
}

// Around puts the interval of a level, one of Levels, around a forecast of a BackTest;
// with level 0 there is none. It fails with code "option" as Forecast does.
func (c *Config) Around(f *Forecast, level float64) ([]Point, error) {
	scale, err := c.scale(f.Key)
	if err != nil {
		return nil, err
	}
	i, err := c.interval(level)
	if err != nil {
		return nil, err
	}
	return c.points(f.Predicted, func(k int) float64 { return f.Days[k] }, scale, i), nil
}

// interval finds the interval of a level; −1 for level 0.
func (c *Config) interval(level float64) (int, error) {
	if level == 0 {
		return -1, nil
	}
	i := slices.IndexFunc(c.Intervals, func(v Interval) bool { return v.Level == level })
	if i < 0 {
		return i, tensor.Errorf(tensor.CodeOption, "There is no interval of level %g: it must be one of %v, and the model must have been calibrated.", level, Levels)
	}
	return i, nil
}

// points puts an interval around predicted values.
func (c *Config) points(values []float64, days func(k int) float64, scale *Scale, interval int) []Point {
	points := make([]Point, len(values))
	for k, v := range values {
		points[k] = Point{Days: days(k), Value: v, Low: v, High: v}
		if interval >= 0 {
			unit := scale.Scale[c.Target]
			points[k].Low += float64(c.Intervals[interval].Low[k] * unit)
			points[k].High += float64(c.Intervals[interval].High[k] * unit)
		}
	}
	return points
}

// A Point is the forecast of one period, in the target's units.
type Point struct {
	Days  float64 `json:"days"` // when the period begins: days since 1970-01-01
	Value float64 `json:"value"`
	Low   float64 `json:"low"` // of the interval; Value where none was asked for
	High  float64 `json:"high"`
}

// Forecast forecasts the periods behind the last one of a series. level is one of
// Levels, or 0 for no interval. It fails with code "option" for a level without an
// interval or a series that the model has not learned, "data" for one that is too short
// or has no numbers, and as predict does.
func (c *Config) Forecast(s *Series, predict Predict, level float64) ([]Point, error) {
	if err := c.checkSeries(s); err != nil {
		return nil, err
	}
	scale, err := c.scale(s.Key)
	if err != nil {
		return nil, err
	}
	i, err := c.interval(level)
	if err != nil {
		return nil, err
	}
	x, out, values := make([]float32, c.window*c.features()), make([]float32, c.horizon), make([]float64, c.horizon)
	if err := c.ask(predict, values, s, scale, s.Len()-1, x, out); err != nil {
		return nil, err
	}
	return c.points(values, func(k int) float64 { return c.Options.Frequency.Start(s.First + s.Len() + k) }, scale, i), nil
}

// checkSeries checks what a caller made.
func (c *Config) checkSeries(s *Series) error {
	if s == nil || len(s.Values) != len(c.Names) {
		return tensor.Errorf(tensor.CodeData, "A forecast needs a series with the columns %q.", c.Names)
	}
	n := s.Len()
	if n < c.Needs() {
		return tensor.Errorf(tensor.CodeData, "%s has %d periods, a forecast needs the last %d.", named(s.Key), n, c.Needs())
	}
	for i, v := range s.Values {
		if len(v) != n {
			return columnError(c.Names[i], tensor.CodeData, "Column “%s” has %d values, the first column has %d.", c.Names[i], len(v), n)
		}
		for _, x := range v[n-c.Needs():] {
			if !(math.Abs(x) < largest) {
				return columnError(c.Names[i], tensor.CodeData, "Column “%s” has a period without a finite number. Gather fills gaps.", c.Names[i])
			}
		}
	}
	f := c.Options.Frequency
	first, last := f.Period(firstDay), f.Period(lastDay-1)
	if s.First < first || s.First > last || n > last-s.First+1 {
		return tensor.Errorf(tensor.CodeData, "%s lies outside the years 0 to 9999.", named(s.Key))
	}
	return nil
}
