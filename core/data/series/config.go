package series

import (
	"math"
	"slices"

	"github.com/terrarium-ml/terrarium/core/data"
	"github.com/terrarium-ml/terrarium/core/internal/kernel"
	"github.com/terrarium-ml/terrarium/core/json"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// A Config says how a series becomes a row of a network's input and the network's
// numbers a forecast. It is the Config of a data.Medium of kind series, and saved with
// the model.
//
// A row has Window periods of these features: of each column (value − Center) / Scale,
// the target's value being the Difference, cut at ±1e6; then, with a Calendar, sine and
// cosine of where the period lies in the week and day of hours, the year and week of
// days, the year of weeks, months and quarters.
type Config struct {
	Format     int        `json:"format"` // 1
	Names      []string   `json:"names"`  // of the columns
	Target     int        `json:"target"` // its place among them
	Options    Options    `json:"options"`
	Difference Difference `json:"difference"`
	Calendar   bool       `json:"calendar"`
	Scales     []Scale    `json:"scales"`
	Intervals  []Interval `json:"intervals"` // none before Calibrate

	window, horizon int
}

// A Scale holds, of each column of a series, mean and standard deviation of the training
// part: of the target after differencing.
type Scale struct {
	Key    string    `json:"key"`
	Center []float64 `json:"center"`
	Scale  []float64 `json:"scale"`
}

// An Interval holds between which errors a share of the true values lay, of each period
// of the horizon, in units of the target's Scale.
type Interval struct {
	Level float64   `json:"level"`
	Low   []float64 `json:"low"`
	High  []float64 `json:"high"`
}

// Read returns the Config of a pipeline. It fails with code "unsupported" for pipelines
// of other data, "format" for one that is damaged.
func Read(p *data.Pipeline) (*Config, error) {
	if p == nil || p.Medium == nil || p.Medium.Kind != data.MediumSeries {
		return nil, tensor.Errorf(tensor.CodeUnsupported, "This model does not take series.")
	}
	bad := func(what string) (*Config, error) {
		return nil, tensor.Errorf(tensor.CodeFormat, "The model's description of its series %s. The file is damaged or from another program.", what)
	}
	c := new(Config)
	if err := json.Unmarshal(p.Medium.Config, c); err != nil {
		return bad("is not the JSON of one (" + err.Error() + ")")
	}
	if c.Intervals == nil {
		c.Intervals = []Interval{}
	}
	c.horizon = p.Output.Units()
	switch {
	case c.Format != 1:
		return bad("has a format that this program does not read")
	case len(c.Names) == 0 || c.Target < 0 || c.Target >= len(c.Names):
		return bad("names no target among its columns")
	case c.Options.Frequency == "" || c.Options.check() != nil || !slices.Contains(Differences, c.Difference):
		return bad("has an unknown frequency, policy or difference")
	case p.Output.Task != data.TaskRegression:
		return bad("does not forecast numbers")
	case len(p.Medium.Shape) != 2 || p.Medium.Shape[0] < 1 || p.Medium.Shape[0] > maxWindow || p.Medium.Shape[1] != c.features():
		return bad("has the shape " + tensor.Format(p.Medium.Shape) + ", want periods and features")
	case len(c.Scales) == 0:
		return bad("has no scale")
	}
	c.window = p.Medium.Shape[0]
	for _, s := range c.Scales {
		if len(s.Center) != len(c.Names) || len(s.Scale) != len(c.Names) {
			return bad("has scales for another count of columns")
		}
		for i := range s.Center {
			if !(math.Abs(s.Center[i]) <= 2*largest) || !(s.Scale[i] >= tiny && s.Scale[i] <= 4*largest) {
				return bad("has a mean or scale that cannot be")
			}
		}
	}
	for _, v := range c.Intervals {
		if !(v.Level > 0 && v.Level < 1) || len(v.Low) != c.horizon || len(v.High) != c.horizon {
			return bad("has an interval of another horizon")
		}
		for k := range v.Low {
			if !(v.Low[k] <= v.High[k] && math.Abs(v.Low[k]) <= largest && math.Abs(v.High[k]) <= largest) {
				return bad("has an interval that cannot be")
			}
		}
	}
	return c, nil
}

// tiny is the smallest deviation that a column is scaled by.
const tiny = 1e-30

// Window returns how many periods a row of the network's input has.
func (c *Config) Window() int { return c.window }

// Horizon returns how many periods are forecast at once.
func (c *Config) Horizon() int { return c.horizon }

// Needs returns how many periods a series must have for a forecast.
func (c *Config) Needs() int { return c.window + c.lag() }

// lag is how many periods the target is compared back; 0 for no difference.
func (c *Config) lag() int {
	switch c.Difference {
	case DifferenceStep:
		return 1
	case DifferenceSeasonal:
		return c.Options.Frequency.Season()
	}
	return 0
}

func (c *Config) features() int {
	n := len(c.Names)
	if c.Calendar {
		n += 2 * len(c.turns(nil, 0))
	}
	return n
}

// turns appends where a period lies in the cycles of its frequency, each from 0 to below 1.
func (c *Config) turns(turns []float64, period int) []float64 {
	f := c.Options.Frequency
	switch f {
	case Hourly:
		return append(turns, wrap(period, 24), wrap(period+72, 168))
	case Daily:
		return append(turns, wrap(period+3, 7), yearTurn(f.Start(period)))
	case Weekly:
		return append(turns, yearTurn(f.Start(period)))
	case Monthly:
		return append(turns, wrap(period, 12))
	case Quarterly:
		return append(turns, wrap(period, 4))
	}
	return turns
}

func wrap(period, cycle int) float64 {
	return float64(((period%cycle)+cycle)%cycle) / float64(cycle)
}

// yearTurn tells how much of its year has passed at a day.
func yearTurn(days float64) float64 {
	year, _, _ := data.Date(int(days))
	first := data.Days(year, 1, 1)
	return (days - float64(first)) / float64(data.Days(year+1, 1, 1)-first)
}

// encode writes the features of the periods from … from+len(dst)/features()−1 of a
// series, one behind the other. The first is not before lag().
func (c *Config) encode(dst []float32, s *Series, scale *Scale, from int) {
	lag := c.lag()
	var room [2]float64
	for t := from; len(dst) > 0; t++ {
		for i, v := range s.Values {
			x := v[t]
			if i == c.Target {
				x = difference(v, t, lag)
			}
			dst[i] = scale.apply(i, x)
		}
		dst = dst[len(s.Values):]
		if c.Calendar {
			for _, turn := range c.turns(room[:0], s.First+t) {
				sin, cos := kernel.SinCos(float64(turn * (2 * math.Pi)))
				dst[0], dst[1] = float32(sin), float32(cos)
				dst = dst[2:]
			}
		}
	}
}

// apply scales a value of a column.
func (s *Scale) apply(column int, x float64) float32 {
	const bound = 1e6
	return float32(min(max((x-s.Center[column])/s.Scale[column], -bound), bound))
}

// decode turns the network's numbers of one row, whose last period is origin, into
// values of the target.
func (c *Config) decode(dst []float64, out []float32, s *Series, scale *Scale, origin int) {
	lag, v := c.lag(), s.Values[c.Target]
	for k, x := range out {
		y := float64(float64(x)*scale.Scale[c.Target]) + scale.Center[c.Target]
		switch before := k - lag; {
		case lag == 0:
		case before < 0:
			y += v[origin+1+before]
		default:
			y += dst[before]
		}
		dst[k] = y
	}
}

// scale returns the scale of a series.
func (c *Config) scale(key string) (*Scale, error) {
	for i := range c.Scales {
		if c.Scales[i].Key == key {
			return &c.Scales[i], nil
		}
	}
	keys := make([]string, 0, 5)
	for i := range c.Scales[:min(len(c.Scales), cap(keys))] {
		keys = append(keys, c.Scales[i].Key)
	}
	return nil, tensor.Errorf(tensor.CodeOption, "The model does not know a series %q. It has learned %d series: %q …", key, len(c.Scales), keys)
}

// Gather brings rows in order as those that the model learned from were. It fails as
// Gather does, and for other columns.
func (c *Config) Gather(r *Raw) (*Set, error) {
	if !slices.Equal(r.Names, c.Names) {
		return nil, tensor.Errorf(tensor.CodeOption, "The model has learned from the columns %q, these are %q.", c.Names, r.Names)
	}
	return Gather(r, c.Options)
}
