package bindings

import (
	"github.com/terrarium-ml/terrarium/core/data"
	"github.com/terrarium-ml/terrarium/core/data/series"
)

// SeriesParams opens a file of series: exactly one of Blob, Text and Sample.
type SeriesParams struct {
	Blob    *int             `json:"blob,omitzero"`    // index of a File or Blob of the message
	Text    string           `json:"text,omitzero"`    // CSV text itself
	Sample  string           `json:"sample,omitzero"`  // one of SeriesSamplesResult's names
	Options data.ReadOptions `json:"options,omitzero"` // Name is shown in messages; Size and MaxBytes are the engine's
}

// SeriesSamplesResult lists the generated files.
type SeriesSamplesResult struct {
	Samples []data.SampleInfo `json:"samples"`
}

// SeriesInfo is a file of series that is open in the engine. Table is its id, which
// model.create, model.fit, model.test and table.close take as that of a table.
type SeriesInfo struct {
	Table   int            `json:"table"`
	Profile data.Profile   `json:"profile"` // of the file as a table
	Columns series.Columns `json:"columns"`
	Options series.Options `json:"options"` // as carried out
	Problem string         `json:"problem,omitzero"`
	Series  []SeriesOne    `json:"series"` // none where there is a Problem
	Names   []string       `json:"names"`  // of the columns of values

	Undated    int           `json:"undated"`
	Disordered int           `json:"disordered"`
	Merged     int           `json:"merged"`
	Filled     int           `json:"filled"`
	Notices    []data.Notice `json:"notices"`
	Setup      series.Setup  `json:"setup"` // what is suggested for the first column of values
}

// A SeriesOne is one of several series.
type SeriesOne struct {
	Key     string `json:"key"`
	First   int    `json:"first"` // number of its first period: see series.Frequency.Period
	Periods int    `json:"periods"`
	Filled  int    `json:"filled"` // values that were filled
}

// SeriesArrangeParams chooses columns and policies. What was prepared stays as it was.
type SeriesArrangeParams struct {
	Table   int            `json:"table"`
	Columns series.Columns `json:"columns"` // Date "" means: find all of them
	Options series.Options `json:"options"` // what is empty is chosen
	Target  string         `json:"target,omitzero"`

	DateOrder data.DateOrder `json:"dateOrder,omitzero"` // of the column of dates, where it was taken for another
}

// SeriesPlotParams asks for what a plot of series shows, reduced to its pixels.
type SeriesPlotParams struct {
	Table  int    `json:"table"`
	Series []int  `json:"series"` // places in SeriesInfo.Series, at most MaxPlots
	Column string `json:"column"`
	Width  int    `json:"width"`         // of the plot, in pixels, up to MaxPlotWidth
	From   int    `json:"from,omitzero"` // the first period, by its place in the series
	Count  int    `json:"count,omitzero"`
}

// Bounds of SeriesPlotParams.
const (
	MaxPlots     = 24
	MaxPlotWidth = 4096
)

// SeriesPlotResult has a plot of each series that was asked for.
type SeriesPlotResult struct {
	Plots []SeriesPlot `json:"plots"`
}

// A SeriesPlot is what a plot shows of a series: of each pixel's periods the lowest and
// the highest value.
type SeriesPlot struct {
	Series int    `json:"series"`
	Points Tensor `json:"points"` // [n, 2]: place of the period, value
	Filled Tensor `json:"filled"` // [n, 2]: stretches whose values were filled, from and to, the latter not included
}

// SeriesPrepareParams brings series into the form that networks learn from.
type SeriesPrepareParams struct {
	Table int          `json:"table"`
	Setup series.Setup `json:"setup"`
}

// SeriesPrepareResult says what series became, and suggests networks.
type SeriesPrepareResult struct {
	Prepared   PrepareResult     `json:"prepared"` // Defaults.Hidden is empty: Networks stand in its place
	Setup      series.Setup      `json:"setup"`
	Validation int               `json:"validation"` // the first period of the part
	Test       int               `json:"test"`       // likewise
	Origins    int               `json:"origins"`    // forecasts of a back-test
	Baselines  []series.Baseline `json:"baselines"`
	Networks   []SeriesNetwork   `json:"networks"`
}

// A SeriesNetwork is a suggested network.
type SeriesNetwork struct {
	Name   string  `json:"name"` // dense, lstm or convolution
	Reason string  `json:"reason"`
	Layers []Layer `json:"layers"` // hidden ones
}

// SeriesBackTestParams tests a model on what came after all that it learned from.
type SeriesBackTestParams struct {
	Model int `json:"model"`
	Table int `json:"table"`
}

// SeriesBackTestResult is a test by time, beside baselines. Forecasts are fetched one
// at a time, by series.origin.
type SeriesBackTestResult struct {
	Part      string            `json:"part"` // test; validation or training where there is no later one
	Score     series.Score      `json:"score"`
	Size      float64           `json:"size"` // mean size of the true values
	Steps     []series.Score    `json:"steps"`
	Coverage  []series.Coverage `json:"coverage"`
	Unsure    string            `json:"unsure,omitzero"` // why there are no intervals
	Baselines []series.Baseline `json:"baselines"`
	Origins   []SeriesOrigins   `json:"origins"`
}

// SeriesOrigins are the forecasts of a series: First is the number of the first of
// them, and Periods the number of the period that was seen last by it.
type SeriesOrigins struct {
	Key    string `json:"key"`
	Series int    `json:"series"` // place in SeriesInfo.Series
	First  int    `json:"first"`
	Count  int    `json:"count"`
	Origin int    `json:"origin"` // place in the series of the last period that the first one saw
}

// SeriesOriginParams asks for one forecast of the back-test.
type SeriesOriginParams struct {
	Model int     `json:"model"`
	Table int     `json:"table"`
	Index int     `json:"index"` // of all forecasts
	Level float64 `json:"level"` // of the interval; 0 for none
}

// SeriesOriginResult is what was forecast and what came.
type SeriesOriginResult struct {
	Key    string         `json:"key"`
	Origin int            `json:"origin"` // place of the last period that was seen
	Points []series.Point `json:"points"`
	True   []float64      `json:"true"`
	Filled []bool         `json:"filled"`
	Rule   []float64      `json:"rule"` // what the seasonal-naive baseline, or else the last value, would have said
}

// SeriesForecastParams forecasts what follows the data.
type SeriesForecastParams struct {
	Model  int     `json:"model"`
	Table  int     `json:"table"`
	Series int     `json:"series"` // place among the series, in order of appearance in the file
	Level  float64 `json:"level"`  // of the interval; 0 for none
}

// SeriesForecastResult is a forecast, and what the model makes of the file: a loaded
// model gathers it with its own policies.
type SeriesForecastResult struct {
	Key       string           `json:"key"`
	Keys      []string         `json:"keys"` // of all series
	Target    string           `json:"target"`
	Frequency series.Frequency `json:"frequency"`
	First     int              `json:"first"`  // period of the first of Recent
	Recent    []float64        `json:"recent"` // the last values that are known, up to MaxRecent
	Points    []series.Point   `json:"points"`
	Levels    []float64        `json:"levels"` // that there are intervals of
}

// MaxRecent bounds SeriesForecastResult.Recent.
const MaxRecent = 240
