package bindings

import (
	"slices"

	"github.com/terrarium-ml/terrarium/core/data"
	"github.com/terrarium-ml/terrarium/core/data/series"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// seriesFile is a file of series that is open in the engine.
type seriesFile struct {
	table    *data.Table // nil where the series were kept without their file
	columns  series.Columns
	options  series.Options   // as asked for
	set      *series.Set      // nil where the columns make no series
	prepared *series.Prepared // nil before series.prepare
	tested   *seriesTest      // the last back-test
}

var _ medium = (*seriesFile)(nil)

func (f *seriesFile) kind() data.MediumKind { return data.MediumSeries }

// valueBytes is what a value of a period takes: itself, and whether it was filled.
const valueBytes = 9

func (f *seriesFile) bytes() int64 {
	sum := f.tested.bytes()
	if f.table != nil {
		sum += f.table.Profile().MemoryBytes
	}
	if f.set != nil {
		for _, s := range f.set.Series {
			sum += int64(valueBytes * s.Len() * len(s.Values))
		}
	}
	return sum
}

// series returns an open file of series.
func (e *Engine) series(id int) (*table, *seriesFile, error) {
	t, err := e.opened(id)
	if err != nil {
		return nil, nil, err
	}
	f, ok := t.medium.(*seriesFile)
	if !ok {
		return nil, nil, tensor.Errorf(tensor.CodeOption, "table %d is no file of series", id)
	}
	return t, f, nil
}

// gathered returns one whose columns make series.
func (e *Engine) gathered(id int) (*table, *seriesFile, error) {
	t, f, err := e.series(id)
	if err == nil && f.set == nil {
		err = tensor.Errorf(tensor.CodeData, "The columns make no series yet. Choose the column of dates and one of numbers.")
	}
	return t, f, err
}

func seriesSamples(*job, Empty) (any, error) { return SeriesSamplesResult{series.Samples()}, nil }

func seriesOpen(j *job, p SeriesParams) (any, error) {
	open := OpenParams{Blob: p.Blob, Text: p.Text, Options: p.Options}
	if p.Sample != "" {
		if p.Blob != nil || p.Text != "" {
			return nil, paramsErrorf("series are opened from one of blob, text and sample, not from several")
		}
		csv, err := series.Sample(p.Sample)
		if err != nil {
			return nil, err
		}
		open.Text = string(csv)
		if open.Options.Name == "" {
			open.Options.Name = p.Sample + ".csv"
		}
	}
	source, o, err := j.source(open)
	if err != nil {
		return nil, err
	}
	if o.MaxBytes = min(data.DefaultMaxBytes, j.engine.limit-j.engine.held()); o.MaxBytes <= 0 {
		return nil, j.engine.room(max(o.Size, 1), "the file")
	}
	o.Progress, o.Decoder = j.working("read"), j.engine.host.Decoder
	read, err := data.ReadTable(source, o)
	if err != nil {
		return nil, err
	}
	f := &seriesFile{table: read}
	t := &table{id: j.engine.newID(), medium: f}
	problem, err := j.arrange(f, series.Columns{}, series.Options{})
	if err != nil {
		return nil, err
	}
	j.engine.tables[t.id] = t
	return t.seriesInfo(f, problem, ""), nil
}

// arrange makes series of a file. What is wrong with the columns is a problem that
// other columns solve: it is returned, and no error.
func (j *job) arrange(f *seriesFile, c series.Columns, o series.Options) (problem string, err error) {
	f.set, f.tested, f.columns, f.options = nil, nil, c, o
	set, c, err := j.gather(f.table, c, o)
	if c.Date != "" {
		f.columns = c
	}
	if err != nil {
		e := refusal(err)
		if e.Data.Code == tensor.CodeData || e.Data.Code == tensor.CodeOption {
			return e.Message, nil
		}
		return "", err
	}
	f.set = set
	return "", nil
}

// rowBytes is what Raw and the order of its rows take of each row, beside its values.
const rowBytes = 48

func (j *job) gather(t *data.Table, c series.Columns, o series.Options) (*series.Set, series.Columns, error) {
	if err := j.breathe(); err != nil {
		return nil, c, err
	}
	if c.Date == "" {
		found, err := series.Find(t)
		if err != nil {
			return nil, c, err
		}
		c = found
		if err := j.ordered(t, c.Date, series.Order(t, c.Date)); err != nil {
			return nil, c, err
		}
	}
	if len(c.Values) == 0 {
		return nil, c, tensor.Errorf(tensor.CodeData, "Choose at least one column of numbers.")
	}
	if err := j.dated(t, c); err != nil {
		return nil, c, err
	}
	if err := j.engine.room(int64(t.Rows())*int64(rowBytes+16*len(c.Values)), "the series"); err != nil {
		return nil, c, err
	}
	raw, err := series.FromTable(t, c)
	if err != nil {
		return nil, c, err
	}
	if err := j.breathe(); err != nil {
		return nil, c, err
	}
	set, err := series.Gather(raw, o)
	return set, c, err
}

// dated makes a column that was chosen for dates one of dates.
func (j *job) dated(t *data.Table, c series.Columns) error {
	for _, p := range t.Profile().Columns {
		if p.Name == c.Date && p.Kind != data.KindDate && p.Kind != data.KindNumber && !series.Written(t, p.Name) {
			return t.SetKind(p.Name, data.KindDate, j.working("read"))
		}
	}
	return nil
}

// ordered corrects the order of day and month, where that is another one.
func (j *job) ordered(t *data.Table, column string, order data.DateOrder) error {
	for _, p := range t.Profile().Columns {
		if p.Name == column && p.Kind == data.KindDate && order != "" && p.DateOrder != order {
			return t.SetDateOrder(column, order, j.working("read"))
		}
	}
	return nil
}

func (t *table) seriesInfo(f *seriesFile, problem, target string) SeriesInfo {
	r := SeriesInfo{Table: t.id, Profile: f.table.Profile(), Columns: f.columns, Options: f.options, Problem: problem,
		Series: []SeriesOne{}, Names: []string{}, Notices: []data.Notice{}}
	s := f.set
	if s == nil {
		return r
	}
	r.Options, r.Names, r.Notices = s.Options, s.Names, s.Notices
	r.Undated, r.Disordered, r.Merged, r.Filled = s.Undated, s.Disordered, s.Merged, s.Filled
	for _, one := range s.Series {
		filled := 0
		for _, column := range one.Filled {
			for _, is := range column {
				if is {
					filled++
				}
			}
		}
		r.Series = append(r.Series, SeriesOne{Key: one.Key, First: one.First, Periods: one.Len(), Filled: filled})
	}
	if !slices.Contains(s.Names, target) {
		target = s.Names[0]
	}
	r.Setup = s.Suggest(target)
	return r
}

func seriesArrange(j *job, p SeriesArrangeParams) (any, error) {
	t, f, err := j.engine.series(p.Table)
	if err != nil {
		return nil, err
	}
	if f.table == nil {
		return nil, tensor.Errorf(tensor.CodeOption, "table %d holds series that were kept without their file: they stay as they are", p.Table)
	}
	if err := j.ordered(f.table, p.Columns.Date, p.DateOrder); err != nil {
		return nil, err
	}
	problem, err := j.arrange(f, p.Columns, p.Options)
	if err != nil {
		return nil, err
	}
	return t.seriesInfo(f, problem, p.Target), nil
}

func seriesPrepare(j *job, p SeriesPrepareParams) (any, error) {
	t, f, err := j.engine.gathered(p.Table)
	if err != nil {
		return nil, err
	}
	if err := j.roomForWindows(f.set, p.Setup); err != nil {
		return nil, err
	}
	prepared, err := f.set.Prepare(p.Setup, j.working("prepare"))
	if err != nil {
		return nil, err
	}
	f.prepared, f.tested, t.prepared = prepared, nil, prepared.Prepared
	r := SeriesPrepareResult{Setup: prepared.Setup, Baselines: prepared.Baselines, Origins: prepared.Origins(), Networks: []SeriesNetwork{},
		Prepared: PrepareResult{Train: len(prepared.Train.Rows), Validation: len(prepared.Validation.Rows), Test: len(prepared.Test.Rows), Features: []string{},
			Pipeline: prepared.Pipeline, Setup: prepared.Prepared.Setup, Notices: prepared.Notices, Leaks: []data.Leak{}, Baseline: prepared.Baseline}}
	if r.Prepared.Notices == nil {
		r.Prepared.Notices = []data.Notice{}
	}
	r.Validation, r.Test = prepared.Cuts()
	for i, n := range prepared.Networks() {
		if i == 0 {
			r.Prepared.Defaults = n.Training
		}
		one := SeriesNetwork{Name: n.Name, Reason: n.Reason, Layers: []Layer{}}
		for _, l := range n.Layers[1 : len(n.Layers)-1] { // model.create adds input and output
			one.Layers = append(one.Layers, Layer{ClassName: l.ClassName, Config: l.Config})
		}
		r.Networks = append(r.Networks, one)
	}
	return r, nil
}

// roomForWindows refuses windows that would take too much memory, before they are made.
func (j *job) roomForWindows(s *series.Set, setup series.Setup) error {
	if setup.Window < 1 || setup.Horizon < 1 || setup.Window > 1<<20 || setup.Horizon > 1<<20 {
		return nil // Prepare says what is wrong with it
	}
	features := len(s.Names)
	if setup.Calendar {
		features += 4 // at most two turns, with sine and cosine each
	}
	windows := 0
	for _, one := range s.Series {
		windows += max(one.Len()-setup.Window-setup.Horizon+1, 0)
	}
	return j.engine.room(int64(windows)*int64(4*(setup.Window*features+setup.Horizon)+32), "cutting these series into windows")
}

func seriesPlot(j *job, p SeriesPlotParams) (any, error) {
	_, f, err := j.engine.gathered(p.Table)
	if err != nil {
		return nil, err
	}
	column := slices.Index(f.set.Names, p.Column)
	switch {
	case column < 0:
		return nil, tensor.Errorf(tensor.CodeOption, "there is no column %q to plot", p.Column)
	case p.Width < 8 || p.Width > MaxPlotWidth:
		return nil, tensor.Errorf(tensor.CodeOption, "a plot is 8 to %d pixels wide, got %d", MaxPlotWidth, p.Width)
	case len(p.Series) > MaxPlots:
		return nil, tensor.Errorf(tensor.CodeOption, "at most %d series are plotted at once, got %d", MaxPlots, len(p.Series))
	}
	r := SeriesPlotResult{Plots: []SeriesPlot{}}
	for _, i := range p.Series {
		if i < 0 || i >= len(f.set.Series) {
			return nil, tensor.Errorf(tensor.CodeOption, "there is no series %d", i)
		}
		s := f.set.Series[i]
		from := min(max(p.From, 0), s.Len())
		to := s.Len()
		if p.Count > 0 {
			to = min(to, from+p.Count)
		}
		points := reduced(s.Values[column][from:to], from, p.Width)
		filled := stretches(s.Filled[column][from:to], from, max(1, (to-from)/p.Width))
		r.Plots = append(r.Plots, SeriesPlot{Series: i, Points: j.attach(points, len(points)/2, 2), Filled: j.attach(filled, len(filled)/2, 2)})
		if err := j.breathe(); err != nil {
			return nil, err
		}
	}
	return r, nil
}

// reduced returns pairs of place and value: all of them, or of each pixel's share the
// lowest and the highest, in order of time.
func reduced(v []float64, first, width int) []float32 {
	var out []float32
	put := func(i int) { out = append(out, float32(first+i), float32(v[i])) }
	if len(v) <= 2*width {
		for i := range v {
			put(i)
		}
		return out
	}
	for c := range width {
		from, to := c*len(v)/width, (c+1)*len(v)/width
		low, high := from, from
		for i := from; i < to; i++ {
			if v[i] < v[low] {
				low = i
			}
			if v[i] > v[high] {
				high = i
			}
		}
		put(min(low, high))
		if low != high {
			put(max(low, high))
		}
	}
	return out
}

// stretches returns from where to where values were filled. Those nearer to each other
// than a pixel are one.
func stretches(filled []bool, first, pixel int) []float32 {
	var out []float32
	for i := 0; i < len(filled); i++ {
		if !filled[i] {
			continue
		}
		from := i
		for i < len(filled) && filled[i] {
			i++
		}
		if n := len(out); n > 0 && float32(first+from)-out[n-1] < float32(pixel) {
			out[n-1] = float32(first + i)
		} else {
			out = append(out, float32(first+from), float32(first+i))
		}
	}
	return out
}
