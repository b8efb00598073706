package series_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/core/data"
	"github.com/terrarium-ml/terrarium/core/data/series"
	"github.com/terrarium-ml/terrarium/core/nn"
	"github.com/terrarium-ml/terrarium/core/optim"
	"github.com/terrarium-ml/terrarium/core/train"
)

// learn makes and trains a suggested network as it is suggested.
func learn(t *testing.T, p *series.Prepared, n series.Network, seed uint64) *train.Model {
	t.Helper()
	var layers []nn.LayerConfig
	for _, l := range n.Layers {
		layers = append(layers, nn.LayerConfig{ClassName: l.ClassName, Config: l.Config})
	}
	network, err := nn.FromConfig(layers)
	require.NoError(t, err)
	m, err := train.New(network, train.Seed(seed))
	require.NoError(t, err)
	m.Pipeline = p.Pipeline
	d := n.Training
	require.NoError(t, m.Compile(train.Config{Optimizer: optim.Adam{LearningRate: d.LearningRate}, Loss: nn.MeanSquaredError{}}))
	_, err = m.Fit(context.Background(), p.Train.X, p.Train.Y, train.FitConfig{Epochs: d.Epochs, BatchSize: d.BatchSize,
		ValidationX: p.Validation.X, ValidationY: p.Validation.Y, EarlyStopping: &train.EarlyStopping{Monitor: d.Monitor, Patience: d.Patience}})
	require.NoError(t, err)
	return m
}

func flights(t *testing.T) (*series.Set, series.Columns) {
	t.Helper()
	folder := os.Getenv("TERRARIUM_DATA")
	if folder == "" {
		folder = filepath.Join("..", "..", "..", "..", "shared", "data")
	}
	if _, err := os.Stat(folder); err != nil {
		t.Skipf("real data sets are not here: no folder %s", folder)
	}
	f, err := os.Open(filepath.Join(folder, "flights.csv"))
	require.NoError(t, err)
	defer f.Close()
	table, err := data.ReadTable(f, data.ReadOptions{Name: "flights.csv"})
	require.NoError(t, err)
	columns, err := series.Find(table)
	require.NoError(t, err)
	raw, err := series.FromTable(table, columns)
	require.NoError(t, err)
	set, err := series.Gather(raw, series.Options{})
	require.NoError(t, err)
	return set, columns
}

func baseline(p *series.Prepared, name string) series.Baseline {
	for _, b := range p.Baselines {
		if b.Name == name {
			return b
		}
	}
	panic("no baseline " + name)
}

// Passengers of each month from 1949 to 1960: every suggested network forecasts the last
// years better than "as a year before", one month ahead and as far as is suggested, in
// the mean over five seeds.
func TestRealFlights(t *testing.T) {
	set, columns := flights(t)
	require.Equal(t, "year", columns.Date)
	require.Equal(t, "month", columns.Month)
	require.Equal(t, []string{"passengers"}, columns.Values)
	require.Equal(t, series.Monthly, set.Options.Frequency)
	require.Len(t, set.Series, 1)
	require.Equal(t, 144, set.Series[0].Len())
	require.Equal(t, 1949*12, set.Series[0].First)
	require.Zero(t, set.Undated+set.Disordered+set.Merged+set.Filled)

	suggested := set.Suggest("passengers")
	require.Equal(t, series.DifferenceSeasonal, suggested.Difference)
	one := suggested
	one.Horizon = 1
	for _, setup := range []series.Setup{one, suggested} {
		p, err := set.Prepare(setup, nil)
		require.NoError(t, err)
		naive := baseline(p, series.BaselineSeasonal)
		t.Logf("window %d, horizon %d, difference %s: %d, %d, %d windows; baselines %+v", setup.Window, setup.Horizon, setup.Difference, len(p.Train.Rows), len(p.Validation.Rows), len(p.Test.Rows), p.Baselines)
		for i := range p.Networks() {
			name, mean := p.Networks()[i].Name, 0.0
			for seed := uint64(1); seed <= 5; seed++ {
				p, err := set.Prepare(setup, nil)
				require.NoError(t, err)
				m := learn(t, p, p.Networks()[i], seed)
				b, err := p.BackTest(m.PredictFloats, 1)
				require.NoError(t, err)
				require.Equal(t, naive.Count, b.Count)
				require.Len(t, b.Steps, setup.Horizon)
				mean += b.MAE / 5
			}
			t.Logf("%s: MAE %.2f beside %.2f", name, mean, naive.MAE)
			require.Less(t, mean, naive.MAE, name)
		}
	}
}

// A model of a series is saved with all that a forecast needs.
func TestASavedModelForecasts(t *testing.T) {
	r := &series.Raw{Names: []string{"sold"}, Values: [][]float64{nil}}
	for i := range 400 {
		r.Days = append(r.Days, float64(19000+i))
		r.Values[0] = append(r.Values[0], 20+float64(i%7*i%5)+float64(i)/10)
	}
	set, err := series.Gather(r, series.Options{})
	require.NoError(t, err)
	p, err := set.Prepare(set.Suggest("sold"), nil)
	require.NoError(t, err)
	network := p.Networks()[2]
	network.Training.Epochs = 3
	m := learn(t, p, network, 1)
	require.NoError(t, p.Calibrate(m.PredictFloats))
	want, err := p.Config.Forecast(set.Series[0], m.PredictFloats, 0.8)
	require.NoError(t, err)

	var file bytes.Buffer
	require.NoError(t, m.Save(&file))
	again, err := train.Load(&file)
	require.NoError(t, err)
	config, err := series.Read(again.Pipeline)
	require.NoError(t, err)
	later, err := config.Gather(r)
	require.NoError(t, err)
	got, err := config.Forecast(later.Series[0], again.PredictFloats, 0.8)
	require.NoError(t, err)
	require.Equal(t, want, got)
}
