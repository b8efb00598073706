package series_test

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/core/data"
	"github.com/terrarium-ml/terrarium/core/data/series"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

func gathered(t *testing.T, name string) (*series.Set, series.Columns) {
	t.Helper()
	text, err := series.Sample(name)
	require.NoError(t, err)
	table, err := data.ReadTable(bytes.NewReader(text), data.ReadOptions{Name: name})
	require.NoError(t, err)
	columns, err := series.Find(table)
	require.NoError(t, err)
	raw, err := series.FromTable(table, columns)
	require.NoError(t, err)
	set, err := series.Gather(raw, series.Options{})
	require.NoError(t, err)
	return set, columns
}

// The samples are found out by themselves, and have what they are described to have.
func TestSamples(t *testing.T) {
	require.Len(t, series.Samples(), 2)
	sales, columns := gathered(t, "sales")
	require.Equal(t, series.Columns{Date: "month", Values: []string{"sales"}, Reason: columns.Reason}, columns)
	require.Equal(t, series.Monthly, sales.Options.Frequency)
	require.Equal(t, 2, sales.Filled)
	require.Equal(t, 120, sales.Series[0].Len())

	visitors, columns := gathered(t, "visitors")
	require.Equal(t, "shop", columns.Key)
	require.Equal(t, series.Hourly, visitors.Options.Frequency)
	require.Len(t, visitors.Series, 3)
	require.Positive(t, visitors.Filled)
	require.Equal(t, 8*7*24, visitors.Series[0].Len())
	for _, set := range []*series.Set{sales, visitors} {
		p, err := set.Prepare(set.Suggest(set.Names[0]), nil)
		require.NoError(t, err)
		validation, test := p.Cuts()
		require.Less(t, set.Series[0].First, validation)
		require.Less(t, validation, test)
		require.Positive(t, p.Origins())
		require.Len(t, p.Baselines[0].Steps, p.Setup.Horizon)
		require.Equal(t, p.Baselines[0].Count, p.Baselines[0].Steps[0].Count+rest(p.Baselines[0].Steps))
	}
	_, err := series.Sample("none")
	var e *tensor.Error
	require.ErrorAs(t, err, &e)
	require.Equal(t, tensor.CodeOption, e.Code)
}

func rest(steps []series.Score) (n int) {
	for _, s := range steps[1:] {
		n += s.Count
	}
	return n
}

// What a rule without learning would have said stands beside each forecast, and intervals
// are forgotten and found again.
func TestBesideAForecast(t *testing.T) {
	set, _ := gathered(t, "sales")
	p, err := set.Prepare(set.Suggest("sales"), nil)
	require.NoError(t, err)
	nought := func(dst, x []float32) error { clear(dst); return nil }
	require.NoError(t, p.Calibrate(nought))
	test, err := p.BackTest(nought, 1)
	require.NoError(t, err)
	require.Equal(t, p.Origins(), len(test.Forecasts))
	f := &test.Forecasts[0]
	v := set.Series[0].Values[0]
	require.Equal(t, v[f.Origin+1-12:f.Origin+1-12+p.Setup.Horizon], p.Rule(series.BaselineSeasonal, f))
	require.Equal(t, v[f.Origin], p.Rule(series.BaselineLast, f)[p.Setup.Horizon-1])
	require.Nil(t, p.Rule("oracle", f))
	points, err := p.Config.Around(f, 0.8)
	require.NoError(t, err)
	require.Less(t, points[0].Low, points[0].High)
	require.Equal(t, f.Predicted[0], points[0].Value)
	bare, err := p.Config.Around(f, 0)
	require.NoError(t, err)
	require.Equal(t, bare[0].Low, bare[0].High)
	p.Forget()
	_, err = p.Config.Around(f, 0.8)
	require.ErrorContains(t, err, "level 0.8")
	require.Greater(t, test.Size, 1000.0)
}
