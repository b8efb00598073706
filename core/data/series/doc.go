// Package series turns dated numbers into what a network forecasts from.
//
//	columns, err := series.Find(table)                       // which columns: the date, the values, the key
//	raw, err := series.FromTable(table, columns)             // or a Raw of slices
//	set, err := series.Gather(raw, series.Options{})         // in order, one value a period, gaps filled
//	p, err := set.Prepare(set.Suggest(columns.Values[0]), nil) // split by time, scaled, cut into windows
//	networks := p.Networks()                                 // dense, LSTM, temporal convolution
//	… train on p.Train, p.Validation …
//	err = p.Calibrate(predict)                               // intervals, from the errors on the validation part
//	test, err := p.BackTest(predict, 1)                      // forecasts over the test part, beside p.Baselines
//	points, err := p.Config.Forecast(set.Series[0], predict, 0.8)
//
// Nothing of a later part reaches an earlier one. The parts are cut at two moments, the
// same for all series; no window reaches over a cut; what is fitted (means, deviations)
// is fitted to the training part alone. Nothing is shuffled here.
//
// All arithmetic follows contract C1: + - * / and sqrt, no fused products, sums in the
// order of time, sine and cosine of package kernel. Errors are *tensor.Error with code
// "data", "memory", "option", "format" or "unsupported".
package series
