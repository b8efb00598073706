package series

import (
	"fmt"
	"math"
	"slices"

	"github.com/terrarium-ml/terrarium/core/data"
	"github.com/terrarium-ml/terrarium/core/json"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// A Prepared is a set of series ready to learn from: data.Prepared, whose X have shape
// [n, window, features] and whose Y have shape [n, horizon]; Rows are places in Windows.
// data.Prepared's own baseline is the mean of the training part; Baselines know more.
//
// A part's windows begin and end in that part. Only a difference compares with a period
// before it. A value that was filled by a line knows the value behind the gap.
type Prepared struct {
	*data.Prepared
	Config    *Config
	Setup     Setup
	Set       *Set // of the series that there is something to learn from
	Windows   []Window
	Baselines []Baseline // on the test part; on validation, or training, where there is none

	cuts [2]int // the first period of validation and of test
}

// A Window is one row: of a series, the Window periods up to Origin, to forecast those
// behind it.
type Window struct {
	Series int // place in Set.Series
	Origin int // place of the last period that is seen
}

// The parts, in order of time.
const (
	train = iota
	validation
	test
)

var partNames = [...]string{"training", "validation", "test"}

// Prepare carries a setup out: cuts time into three parts, learns means and deviations
// from the first, and cuts each into windows. It fails with code "data" where a part is
// too short for a window or nothing ever changes, "option" for a setup that makes no
// sense, "memory" where the windows would be too large.
func (s *Set) Prepare(setup Setup, progress data.Progress) (*Prepared, error) {
	if err := setup.check(s.Names); err != nil {
		return nil, err
	}
	c := &Config{Format: 1, Names: s.Names, Target: slices.Index(s.Names, setup.Target), Options: s.Options, Difference: setup.Difference,
		Calendar: setup.Calendar, Intervals: []Interval{}, window: setup.Window, horizon: setup.Horizon}
	p := &Prepared{Prepared: &data.Prepared{}, Config: c, Setup: setup, Set: s}
	p.Notices = slices.Clone(s.Notices)
	if err := p.cut(); err != nil {
		return nil, err
	}
	p.choose()
	if err := p.fit(); err != nil {
		return nil, err
	}
	if err := p.place(); err != nil {
		return nil, err
	}
	if err := p.describe(); err != nil {
		return nil, err
	}
	if err := p.encode(progress); err != nil {
		return nil, err
	}
	p.judge()
	return p, nil
}

// cut chooses the moments between the parts: each part gets its share of the values,
// and all series are cut at once.
func (p *Prepared) cut() error {
	lag := p.Config.lag()
	var periods []int
	for _, s := range p.Set.Series {
		for t := lag; t < s.Len(); t++ {
			periods = append(periods, s.First+t)
		}
	}
	if len(periods) == 0 {
		return tensor.Errorf(tensor.CodeData, "No series is longer than the %d periods that the difference compares over. Choose another difference, or add earlier values.", lag)
	}
	slices.Sort(periods)
	split := p.Setup.Split
	for i, share := range [2]float64{split.Train, split.Train + split.Validation} {
		n := int(float64(float64(len(periods))*share) + 0.5)
		p.cuts[i] = periods[len(periods)-1] + 1
		if n < len(periods) {
			p.cuts[i] = periods[n]
		}
	}
	return nil
}

// Cuts returns the first period (see Frequency.Period) of the validation part and of the
// test part; a part that is empty begins where the next one does.
func (p *Prepared) Cuts() (validation, test int) { return p.cuts[0], p.cuts[1] }

// Origins returns how many forecasts a BackTest of stride 1 makes.
func (p *Prepared) Origins() int { return len(p.windows(p.scored(), 1)) }

// part returns the part that a period of a series lies in.
func (p *Prepared) part(s *Series, t int) int {
	switch period := s.First + t; {
	case period < p.cuts[0]:
		return train
	case period < p.cuts[1]:
		return validation
	}
	return test
}

// choose leaves series out that have no window in the training part: nothing says how
// large their values are. If none is left, place says why.
func (p *Prepared) choose() {
	c, lag := p.Config, p.Config.lag()
	set := *p.Set
	set.Series = nil
	for _, s := range p.Set.Series {
		n := lag
		for n < s.Len() && p.part(s, n) == train {
			n++
		}
		if n-lag >= c.window+c.horizon {
			set.Series = append(set.Series, s)
		} else {
			p.note(data.NoticeSmall, "Series “%s” is left out: it has too few periods before the training part ends.", s.Key)
		}
	}
	if len(set.Series) > 0 {
		p.Set = &set
	}
}

// fit learns mean and deviation of each column of each series from its training part.
func (p *Prepared) fit() error {
	c, lag := p.Config, p.Config.lag()
	varies := false
	for _, s := range p.Set.Series {
		scale := Scale{Key: s.Key}
		for i, v := range s.Values {
			var values []float64
			size := 0.0
			for t := lag; t < s.Len() && p.part(s, t) == train; t++ {
				x := v[t]
				size = max(size, math.Abs(x))
				if i == c.Target {
					x = difference(v, t, lag)
				}
				values = append(values, x)
			}
			mean, deviation := moment(values)
			if deviation >= tiny && deviation > float64(size*1e-9) { // else only rounding varies
				varies = varies || i == c.Target
			} else {
				deviation = 1
			}
			scale.Center, scale.Scale = append(scale.Center, mean), append(scale.Scale, deviation)
		}
		c.Scales = append(c.Scales, scale)
	}
	if !varies {
		return columnError(p.Setup.Target, tensor.CodeData, "In the training part “%s” never changes (difference: %s), so there is nothing to learn. Choose another difference, or another column.", p.Setup.Target, p.Setup.Difference)
	}
	return nil
}

// place finds the windows that lie in one part each.
func (p *Prepared) place() error {
	c, lag := p.Config, p.Config.lag()
	parts := [3]*data.Part{&p.Train, &p.Validation, &p.Test}
	var longest [3]int
	for i, s := range p.Set.Series {
		var lengths [3]int
		for t := lag; t < s.Len(); t++ {
			k := p.part(s, t)
			lengths[k]++
			longest[k] = max(longest[k], lengths[k])
			if lengths[k] < c.window+c.horizon {
				continue
			}
			parts[k].Rows = append(parts[k].Rows, len(p.Windows))
			p.Windows = append(p.Windows, Window{i, t - c.horizon})
		}
	}
	if int64(len(p.Windows))*int64(c.window*c.features()+c.horizon) > maxNumbers {
		return tensor.Errorf(tensor.CodeMemory, "%d windows of %d periods with %d features would take over %d numbers. Choose a shorter window.", len(p.Windows), c.window, c.features(), maxNumbers)
	}
	for k, share := range [3]float64{p.Setup.Split.Train, p.Setup.Split.Validation, p.Setup.Split.Test} {
		least := 1
		if k == train {
			least = minWindows
		}
		if n := len(parts[k].Rows); share > 0 && n < least {
			return tensor.Errorf(tensor.CodeData, "The %s part has up to %d periods of a series, want %d for %d of a window of %d and a horizon of %d. Shorten the window or the horizon, give that part a larger share, or add values.",
				partNames[k], longest[k], c.window+c.horizon+least-1, least, c.window, c.horizon)
		}
	}
	return nil
}

func (p *Prepared) note(code, format string, args ...any) {
	p.Notices = append(p.Notices, data.Notice{Code: code, Message: fmt.Sprintf(format, args...)})
}

// describe writes the pipeline. The network's numbers are those of one series, or in
// the units of each of several: then Output has mean 0 and deviation 1.
func (p *Prepared) describe() error {
	c := p.Config
	o := data.Output{Name: p.Setup.Target, Task: data.TaskRegression, Kind: data.KindNumber, Scale: 1, Min: math.Inf(1), Max: math.Inf(-1)}
	if c.horizon > 1 {
		o.Steps = c.horizon
	}
	if len(c.Scales) == 1 {
		o.Center, o.Scale = float32(c.Scales[0].Center[c.Target]), float32(c.Scales[0].Scale[c.Target])
	}
	for _, s := range p.Set.Series {
		for t, v := range s.Values[c.Target] {
			if p.part(s, t) == train {
				o.Min, o.Max = min(o.Min, v), max(o.Max, v)
			}
		}
	}
	p.Pipeline = &data.Pipeline{Format: data.PipelineFormat, Inputs: []data.Input{}, Output: o,
		Medium: &data.Medium{Kind: data.MediumSeries, Shape: []int{c.window, c.features()}}}
	p.Prepared.Setup = data.Setup{Target: p.Setup.Target, Task: data.TaskRegression, Split: p.Setup.Split, Columns: []data.ColumnSetup{}}
	p.save()
	return p.Pipeline.Validate()
}

// save writes the Config into the pipeline.
func (p *Prepared) save() {
	text, err := json.Marshal(p.Config)
	if err != nil {
		panic("series: a configuration of finite numbers always encodes: " + err.Error())
	}
	p.Pipeline.Medium.Config = text
}

// encode writes features and targets of the windows.
func (p *Prepared) encode(progress data.Progress) error {
	c := p.Config
	size, lag := c.window*c.features(), c.lag()
	done := 0
	for _, part := range []*data.Part{&p.Train, &p.Validation, &p.Test} {
		part.X, part.Y = tensor.New(len(part.Rows), c.window, c.features()), tensor.New(len(part.Rows), c.horizon)
		for i, row := range part.Rows {
			w := p.Windows[row]
			s, scale := p.Set.Series[w.Series], &c.Scales[w.Series]
			c.encode(part.X.Data[i*size:(i+1)*size], s, scale, w.Origin-c.window+1)
			for k := range c.horizon {
				part.Y.Data[i*c.horizon+k] = scale.apply(c.Target, difference(s.Values[c.Target], w.Origin+1+k, lag))
			}
			if done++; progress != nil && done%256 == 0 {
				if err := progress(int64(done), int64(len(p.Windows))); err != nil {
					return err
				}
			}
		}
	}
	return nil
}
