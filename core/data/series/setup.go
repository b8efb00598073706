package series

import (
	"math"
	"slices"

	"github.com/terrarium-ml/terrarium/core/data"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// A Difference says what of the target the network learns.
type Difference string

// The differences.
const (
	DifferenceNone     Difference = "none"     // the values
	DifferenceStep     Difference = "step"     // how much more than in the period before
	DifferenceSeasonal Difference = "seasonal" // how much more than a season before (Frequency.Season)
)

// Differences are all of them.
var Differences = []Difference{DifferenceNone, DifferenceStep, DifferenceSeasonal}

// A Setup holds every decision between a set of series and a training run.
type Setup struct {
	Target     string     `json:"target"`     // the column to forecast
	Window     int        `json:"window"`     // periods that the network sees
	Horizon    int        `json:"horizon"`    // periods that it forecasts at once
	Difference Difference `json:"difference"` // of the target
	Calendar   bool       `json:"calendar"`   // the network sees where in the year, week or day a period lies
	Split      data.Split `json:"split"`      // the shares alone: the parts follow each other in time; Seed and Stratify mean nothing
}

// Bounds of a setup.
const (
	maxWindow  = 1 << 12
	maxHorizon = 1 << 12
	minWindows = 4       // to learn from
	maxNumbers = 1 << 27 // of all windows
)

func (s *Setup) check(names []string) error {
	sum := s.Split.Train + s.Split.Validation + s.Split.Test
	switch {
	case !slices.Contains(names, s.Target):
		return columnError(s.Target, tensor.CodeOption, "The series have no column “%s” to forecast. They have %q.", s.Target, names)
	case s.Window < 1 || s.Window > maxWindow:
		return tensor.Errorf(tensor.CodeOption, "The window must be 1 to %d periods, got %d.", maxWindow, s.Window)
	case s.Horizon < 1 || s.Horizon > maxHorizon:
		return tensor.Errorf(tensor.CodeOption, "The horizon must be 1 to %d periods, got %d.", maxHorizon, s.Horizon)
	case !slices.Contains(Differences, s.Difference):
		return tensor.Errorf(tensor.CodeOption, "The difference to learn must be one of %v, got %q.", Differences, s.Difference)
	case !(s.Split.Train > 0 && s.Split.Validation >= 0 && s.Split.Test >= 0 && math.Abs(sum-1) < 1e-6):
		return tensor.Errorf(tensor.CodeOption, "The shares of the split must not be negative, the training share must be above 0, and together they must be 1, got %g, %g and %g.", s.Split.Train, s.Split.Validation, s.Split.Test)
	}
	return nil
}

// Suggest chooses a setup for forecasting a column: of the differences the one that
// varies least in the training part, a window of a season (of several, where that is
// short), and as much of a season at once as the parts have room for. A column that the
// series do not have is complained of by Prepare.
func (s *Set) Suggest(target string) Setup {
	setup := Setup{Target: target, Difference: DifferenceNone, Calendar: s.Options.Frequency != Yearly, Split: data.DefaultSplit()}
	setup.Split.Seed, setup.Split.Stratify = 0, false
	longest := 0
	for _, one := range s.Series {
		longest = max(longest, one.Len())
	}
	season := s.Options.Frequency.Season()
	if column := slices.Index(s.Names, target); column >= 0 {
		setup.Difference = s.steadiest(column, setup.Split.Train, longest)
	}
	c := Config{Options: s.Options, Difference: setup.Difference}
	shortest := int((float64(longest-c.lag()) * setup.Split.Validation)) // of the parts
	window := season
	for window < 12 {
		window *= 2
	}
	setup.Window = max(1, min(window, shortest*2/3))
	setup.Horizon = max(1, min((shortest-setup.Window)/2, season, 24))
	return setup
}

// steadiest returns the difference whose deviation over the training part is smallest,
// among those that leave most of a series.
func (s *Set) steadiest(column int, train float64, longest int) Difference {
	best, smallest := DifferenceNone, math.Inf(1)
	for _, d := range Differences {
		c := Config{Options: s.Options, Difference: d}
		lag := c.lag()
		if lag > 0 && longest < 4*lag+8 || d == DifferenceSeasonal && lag == 1 {
			continue
		}
		var values []float64
		for _, one := range s.Series {
			v := one.Values[column]
			for t := lag; t < int(float64(float64(len(v))*train)); t++ {
				values = append(values, difference(v, t, lag))
			}
		}
		if _, deviation := moment(values); deviation < smallest {
			best, smallest = d, deviation
		}
	}
	return best
}

// difference is the value of period t, or how much more it is than lag periods before.
func difference(v []float64, t, lag int) float64 {
	if lag == 0 {
		return v[t]
	}
	return v[t] - v[t-lag]
}

// moment returns mean and standard deviation, in two passes.
func moment(values []float64) (mean, deviation float64) {
	if len(values) == 0 {
		return 0, 0
	}
	n := float64(len(values))
	for _, v := range values {
		mean += v / n
	}
	var sum float64
	for _, v := range values {
		d := v - mean
		sum += float64(d * d)
	}
	return mean, math.Sqrt(sum / n)
}
