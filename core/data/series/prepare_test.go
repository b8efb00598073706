package series

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/core/data"
	"github.com/terrarium-ml/terrarium/core/json"
)

func gathered(t testing.TB, r *Raw) *Set {
	t.Helper()
	s, err := Gather(r, Options{})
	require.NoError(t, err)
	return s
}

// months is a season of twelve on a slope, with a gentle noise.
func months(n int) *Raw {
	return made(Monthly, 2000*12, n, func(t int) float64 {
		return 100 + float64(t) + 10*math.Abs(float64(t%12)-6) + float64(t*t*7919%13)/10
	})
}

func twoShops(n int) *Raw {
	r := months(n)
	days, values := r.Days, r.Values[0]
	r.Keys = make([]string, n)
	for i := range n {
		r.Keys[i] = "small"
		r.Days, r.Keys, r.Values[0] = append(r.Days, days[i]), append(r.Keys, "large"), append(r.Values[0], 1000*values[i])
	}
	return r
}

func TestNoWindowReachesAcrossParts(t *testing.T) {
	for _, raw := range []*Raw{months(200), twoShops(200)} {
		for _, d := range Differences {
			s := gathered(t, raw)
			setup := s.Suggest("sold")
			setup.Difference = d
			p, err := s.Prepare(setup, nil)
			require.NoError(t, err)
			for k, part := range []data.Part{p.Train, p.Validation, p.Test} {
				require.NotEmpty(t, part.Rows)
				for _, row := range part.Rows {
					w := p.Windows[row]
					for _, at := range []int{w.Origin - setup.Window + 1, w.Origin + setup.Horizon} {
						require.Equal(t, k, p.part(p.Set.Series[w.Series], at))
					}
				}
				require.Equal(t, []int{len(part.Rows), setup.Window, len(s.Names) + 2}, part.X.Shape)
				require.Equal(t, []int{len(part.Rows), setup.Horizon}, part.Y.Shape)
			}
			require.Equal(t, max(1, setup.Horizon), p.Pipeline.Output.Units())
			require.Equal(t, p.Train.X.Shape[1:], p.Pipeline.Shape())
		}
	}
}

// What comes later changes nothing of the training part, nor of what was fitted.
func TestLaterValuesDoNotReachTheTrainingPart(t *testing.T) {
	a, b := gathered(t, twoShops(150)), gathered(t, twoShops(150))
	setup := a.Suggest("sold")
	p, err := a.Prepare(setup, nil)
	require.NoError(t, err)
	for _, s := range b.Series {
		for i := range s.Values[0] {
			if s.First+i >= p.cuts[0] {
				s.Values[0][i] = -1e6 * float64(i%7)
			}
		}
	}
	q, err := b.Prepare(setup, nil)
	require.NoError(t, err)
	require.Equal(t, p.Train, q.Train)
	require.Equal(t, p.Config, q.Config)
	require.NotEqual(t, p.Validation.X, q.Validation.X)
}

// Each series is scaled by itself: mean 0, deviation 1 of what is learned from, whatever its size.
func TestEachSeriesHasItsScale(t *testing.T) {
	s := gathered(t, twoShops(120))
	setup := s.Suggest("sold")
	setup.Difference, setup.Calendar = DifferenceNone, false
	p, err := s.Prepare(setup, nil)
	require.NoError(t, err)
	require.Len(t, p.Config.Scales, 2)
	assert.InEpsilon(t, 1000*p.Config.Scales[0].Scale[0], p.Config.Scales[1].Scale[0], 1e-9)
	assert.Equal(t, float32(1), p.Pipeline.Output.Scale)
	half := len(p.Train.X.Data) / 2
	for i, v := range p.Train.X.Data[:half] {
		require.InDelta(t, v, p.Train.X.Data[half+i], 1e-5)
	}

	one := gathered(t, months(120))
	p, err = one.Prepare(setup, nil)
	require.NoError(t, err)
	assert.Equal(t, float32(p.Config.Scales[0].Scale[0]), p.Pipeline.Output.Scale)
	out := []float32{p.Train.Y.Data[0]}
	p.Pipeline.Decode(out)
	w := p.Windows[p.Train.Rows[0]]
	assert.InDelta(t, one.Series[0].Values[0][w.Origin+1], float64(out[0]), 1e-3, "without a difference the pipeline gives values")
}

// oracle knows the future of the prepared series: what the network ought to answer.
func oracle(p *Prepared) Predict {
	known := make(map[string][]float32)
	key := func(x []float32) string {
		text, err := json.Marshal(x)
		if err != nil {
			panic(err)
		}
		return string(text)
	}
	c := p.Config
	for i, s := range p.Set.Series {
		for t := c.Needs() - 1; t+c.horizon < s.Len(); t++ {
			x, y := make([]float32, c.window*c.features()), make([]float32, c.horizon)
			c.encode(x, s, &c.Scales[i], t-c.window+1)
			for k := range y {
				y[k] = c.Scales[i].apply(c.Target, difference(s.Values[c.Target], t+1+k, c.lag()))
			}
			known[key(x)] = y
		}
	}
	return func(dst, x []float32) error {
		copy(dst, known[key(x)])
		return nil
	}
}

// Forecasts of one who knows are true, in the target's own units, for every difference,
// also where the horizon is longer than what is compared over.
func TestForecastsAreBroughtBack(t *testing.T) {
	for _, d := range Differences {
		s := gathered(t, twoShops(250))
		setup := s.Suggest("sold")
		setup.Difference, setup.Horizon, setup.Window = d, 15, 7
		p, err := s.Prepare(setup, nil)
		require.NoError(t, err)
		b, err := p.BackTest(oracle(p), 1)
		require.NoError(t, err)
		assert.Less(t, b.MAE, 0.5, "of values up to 450000")
		assert.Greater(t, p.Baselines[0].MAE, 1000.0)
		assert.Equal(t, p.Baselines[0].Count, b.Count)
		assert.Equal(t, "test", b.Part)
		f := b.Forecasts[len(b.Forecasts)-1]
		assert.Equal(t, Monthly.Start(2000*12+249), f.Days[14], "up to the last value")
		assert.Len(t, f.True, 15)

		apart, err := p.BackTest(oracle(p), setup.Horizon)
		require.NoError(t, err)
		assert.Less(t, len(apart.Forecasts)*10, len(b.Forecasts))

		// Of a history that ends earlier the next periods are known.
		history := *s.Series[1]
		history.Values = [][]float64{history.Values[0][:200]}
		points, err := p.Config.Forecast(&history, oracle(p), 0)
		require.NoError(t, err)
		for k, point := range points {
			assert.InDelta(t, s.Series[1].Values[0][200+k], point.Value, 1, "%s %d", d, k)
			assert.Equal(t, Monthly.Start(2000*12+200+k), point.Days)
		}
	}
}

func TestBaselinesFollowTheirRules(t *testing.T) {
	s := gathered(t, made(Monthly, 24000, 120, func(t int) float64 { return float64(t % 12) }))
	setup := s.Suggest("sold")
	setup.Horizon, setup.Window, setup.Difference = 14, 5, DifferenceNone
	setup.Split = data.Split{Train: 0.5, Test: 0.5}
	p, err := s.Prepare(setup, nil)
	require.NoError(t, err)
	for _, b := range p.Baselines {
		switch b.Name {
		case BaselineSeasonal:
			assert.Zero(t, b.MAE)
			assert.Zero(t, b.RMSE)
		case BaselineMean:
			assert.InDelta(t, 3, b.MAE, 0.1)
		}
	}
	assert.Len(t, p.Baselines, 3)
	assert.Equal(t, (60-14+1)*14, p.Baselines[0].Count)
	assert.InDelta(t, 5.5, p.Prepared.Baseline.Value, 1e-9)

	// A filled value is learned from, but nobody is judged by it.
	raw := made(Monthly, 24000, 120, func(t int) float64 { return float64(t % 12) })
	raw.Values[0][100] = none
	p, err = gathered(t, raw).Prepare(setup, nil)
	require.NoError(t, err)
	assert.Equal(t, (60-14+1)*14-14, p.Baselines[0].Count)
}

func TestIntervalsHoldWhatTheySay(t *testing.T) {
	s := gathered(t, made(Daily, 18000, 1500, func(t int) float64 { return 50 + float64(t*7919%101) }))
	setup := s.Suggest("sold")
	setup.Difference, setup.Window, setup.Horizon = DifferenceNone, 3, 2
	p, err := s.Prepare(setup, nil)
	require.NoError(t, err)
	nought := func(dst, x []float32) error { clear(dst); return nil } // the mean
	_, err = p.Config.Forecast(s.Series[0], nought, 0.8)
	assert.ErrorContains(t, err, "no interval of level 0.8")
	require.NoError(t, p.Calibrate(nought))
	b, err := p.BackTest(nought, 1)
	require.NoError(t, err)
	require.Len(t, b.Coverage, len(Levels))
	for i, c := range b.Coverage {
		assert.Equal(t, Levels[i], c.Level)
		assert.InDelta(t, c.Level, c.Share, 0.05)
	}

	// They are saved with the model, and a series that goes on is forecast with them.
	text, err := json.Marshal(p.Pipeline)
	require.NoError(t, err)
	var pipeline data.Pipeline
	require.NoError(t, json.Unmarshal(text, &pipeline))
	c, err := Read(&pipeline)
	require.NoError(t, err)
	require.Equal(t, p.Config, c)
	points, err := c.Forecast(s.Series[0], nought, 0.95)
	require.NoError(t, err)
	require.Len(t, points, 2)
	for _, point := range points {
		assert.InDelta(t, 100, point.Value, 2)
		assert.InDelta(t, 96, point.High-point.Low, 6)
		assert.True(t, point.Low < point.Value && point.Value < point.High)
	}
	set, err := c.Gather(made(Daily, 18000, 20, func(t int) float64 { return 1 }))
	require.NoError(t, err)
	_, err = c.Forecast(set.Series[0], nought, 0.5)
	require.NoError(t, err)

	broken := func(dst, x []float32) error { dst[0], dst[1] = 0, float32(none); return nil }
	assert.ErrorContains(t, p.Calibrate(broken), "no finite numbers")
}

func TestPrepareRefusesNonsense(t *testing.T) {
	s := gathered(t, months(100))
	good := s.Suggest("sold")
	for want, change := range map[string]func(*Setup){
		"no column “bought”":           func(s *Setup) { s.Target = "bought" },
		"window must be":               func(s *Setup) { s.Window = 0 },
		"horizon must be":              func(s *Setup) { s.Horizon = -1 },
		"difference to learn":          func(s *Setup) { s.Difference = "twice" },
		"shares of the split":          func(s *Setup) { s.Split.Test = 0.5 },
		"training part has up to":      func(s *Setup) { s.Window = 70 },
		"validation part has up to 14": func(s *Setup) { s.Window, s.Horizon = 13, 2 },
	} {
		setup := good
		change(&setup)
		_, err := s.Prepare(setup, nil)
		assert.ErrorContains(t, err, want)
	}
	flat := gathered(t, made(Monthly, 24000, 100, func(t int) float64 { return float64(t) }))
	setup := flat.Suggest("sold")
	setup.Difference = DifferenceSeasonal
	_, err := flat.Prepare(setup, nil)
	assert.ErrorContains(t, err, "never changes")

	p, err := s.Prepare(good, nil)
	require.NoError(t, err)
	_, err = p.BackTest(nil, 0)
	assert.ErrorContains(t, err, "stride")
	short := *s.Series[0]
	short.Values = [][]float64{short.Values[0][:p.Config.Needs()-1]}
	for _, bad := range []*Series{nil, {}, &short, {Key: "other", Values: s.Series[0].Values}, {First: math.MaxInt, Values: s.Series[0].Values}} {
		_, err := p.Config.Forecast(bad, nil, 0)
		assert.Error(t, err)
	}
	_, err = Read(nil)
	assert.ErrorContains(t, err, "does not take series")
	_, err = p.Config.Gather(&Raw{Names: []string{"other"}})
	assert.ErrorContains(t, err, "has learned from the columns")
}

// A series that begins after the training part is left out and named; the others go on.
func TestALateSeriesIsLeftOut(t *testing.T) {
	r := twoShops(100)
	for i := 95; i < 100; i++ {
		r.Days, r.Keys, r.Values[0] = append(r.Days, Monthly.Start(24000+i)), append(r.Keys, "new"), append(r.Values[0], 5)
	}
	s := gathered(t, r)
	require.Len(t, s.Series, 3)
	p, err := s.Prepare(s.Suggest("sold"), nil)
	require.NoError(t, err)
	require.Len(t, p.Set.Series, 2)
	require.Len(t, s.Series, 3)
	require.Contains(t, p.Notices[len(p.Notices)-1].Message, "“new” is left out")
}
