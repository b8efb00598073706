package series

import (
	"encoding/binary"
	"errors"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/core/data"
	"github.com/terrarium-ml/terrarium/core/json"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

func requireSentence(t *testing.T, err error) {
	var e *tensor.Error
	if !errors.As(err, &e) || e.Code == "" || len(e.Message) < 20 {
		t.Fatalf("not an error for people: %v", err)
	}
}

// echo answers with what it is asked.
func echo(dst, x []float32) error { copy(dst, x); return nil }

// FuzzConfig reads any bytes as the Config of a pipeline. What is accepted must forecast
// finite numbers from a series without a panic, and be written and read the same.
func FuzzConfig(f *testing.F) {
	s := gathered(f, twoShops(150))
	p, err := s.Prepare(s.Suggest("sold"), nil)
	require.NoError(f, err)
	require.NoError(f, p.Calibrate(echo))
	f.Add([]byte(p.Pipeline.Medium.Config), uint16(p.Config.window), uint16(p.Config.features()), uint16(p.Config.horizon))
	f.Add([]byte(`{"format":1,"names":["x"],"target":0,"options":{"frequency":"hour"},"difference":"seasonal","calendar":true,"scales":[{"key":"","center":[2e37],"scale":[4e37]}],"intervals":[]}`), uint16(4), uint16(5), uint16(60))
	f.Fuzz(func(t *testing.T, text []byte, window, features, horizon uint16) {
		p := &data.Pipeline{Format: 1, Medium: &data.Medium{Kind: data.MediumSeries, Shape: []int{int(window), int(features)}, Config: text},
			Output: data.Output{Name: "x", Task: data.TaskRegression, Kind: data.KindNumber, Scale: 1, Steps: int(horizon)}}
		if p.Validate() != nil {
			return
		}
		c, err := Read(p)
		if err != nil {
			requireSentence(t, err)
			return
		}
		n := c.Needs() + 1
		one := &Series{Key: c.Scales[0].Key, First: c.Options.Frequency.Period(20000)}
		for range c.Names {
			v := make([]float64, n)
			for i := range v {
				v[i] = float64(i%5) * 1e36
			}
			one.Values = append(one.Values, v)
		}
		for _, level := range []float64{0, 0.8} {
			points, err := c.Forecast(one, echo, level)
			if err != nil {
				requireSentence(t, err)
				continue
			}
			for _, q := range points {
				if math.IsNaN(q.Value+q.Low+q.High+q.Days) || math.IsInf(q.High-q.Low, 0) {
					t.Fatalf("no finite forecast: %+v", q)
				}
			}
		}
		again, err := json.Marshal(c)
		require.NoError(t, err)
		p.Medium.Config = again
		back, err := Read(p)
		require.NoError(t, err)
		require.Equal(t, c, back)
	})
}

// FuzzPrepare gathers and prepares any numbers under any setup: what is refused is
// refused in a sentence, what is accepted is finite and can be back-tested.
func FuzzPrepare(f *testing.F) {
	row := func(v ...float64) (b []byte) {
		for _, x := range v {
			b = binary.LittleEndian.AppendUint64(b, math.Float64bits(x))
		}
		return b
	}
	var long []byte
	for i := range 80 {
		long = append(long, row(float64(i*30), float64(i%7))...)
	}
	f.Add(long, uint8(0), uint8(0), uint8(0), uint8(0), int16(4), int16(2), false)
	f.Add(long, uint8(4), uint8(2), uint8(2), uint8(2), int16(3), int16(1), true)
	f.Add(row(none, 1, 1e300, 2, -1e9, math.Inf(1), 5, 1e37, 5, -9e36, 6, 5e-324), uint8(1), uint8(1), uint8(1), uint8(1), int16(1), int16(1), true)
	f.Fuzz(func(t *testing.T, raw []byte, frequency, fill, merge, d uint8, window, horizon int16, keys bool) {
		r := &Raw{Names: []string{"x"}, Values: [][]float64{nil}}
		for len(raw) >= 16 {
			r.Days = append(r.Days, math.Float64frombits(binary.LittleEndian.Uint64(raw)))
			r.Values[0] = append(r.Values[0], math.Float64frombits(binary.LittleEndian.Uint64(raw[8:])))
			if keys {
				r.Keys = append(r.Keys, string(raw[8:9]))
			}
			raw = raw[16:]
		}
		pick := func(n uint8, of int) int { return int(n) % (of + 1) }
		o := Options{Frequency: append([]Frequency{""}, Frequencies...)[pick(frequency, len(Frequencies))],
			Fill: append([]Fill{""}, Fills...)[pick(fill, len(Fills))], Merge: append([]Merge{""}, Merges...)[pick(merge, len(Merges))]}
		s, err := Gather(r, o)
		if err != nil {
			requireSentence(t, err)
			return
		}
		total := 0
		for _, one := range s.Series {
			total += one.Len()
		}
		if total > 1<<14 {
			return // slow, and nothing new
		}
		suggested := s.Suggest("x")
		own := suggested
		own.Window, own.Horizon, own.Difference = int(window), int(horizon), append([]Difference{""}, Differences...)[pick(d, len(Differences))]
		for _, setup := range []Setup{suggested, own} {
			if setup.Window > 64 || setup.Horizon > 64 {
				continue
			}
			p, err := s.Prepare(setup, nil)
			if err != nil {
				requireSentence(t, err)
				continue
			}
			for _, part := range []data.Part{p.Train, p.Validation, p.Test} {
				for _, x := range append(part.X.Data, part.Y.Data...) {
					if !(x >= -1e6 && x <= 1e6) {
						t.Fatalf("a feature of %v", x)
					}
				}
			}
			if err := p.Calibrate(echo); err != nil {
				requireSentence(t, err)
			}
			b, err := p.BackTest(echo, 1)
			require.NoError(t, err)
			_, err = json.Marshal(b)
			require.NoError(t, err, "finite")
			_, err = Read(p.Pipeline)
			require.NoError(t, err)
		}
	})
}
