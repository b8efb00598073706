package series

import (
	"fmt"
	"math"
	"slices"
	"unicode/utf8"

	"github.com/terrarium-ml/terrarium/core/data"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// A Raw is dated numbers as somebody has them: rows in any order.
type Raw struct {
	Days   []float64   // of each row: days since 1970-01-01, with the time of day as a fraction; NaN where there is none
	Names  []string    // of the columns of values, all different
	Values [][]float64 // of each column, of each row; NaN where there is none
	Keys   []string    // of each row: which series it belongs to; nil for one series
}

// A Fill says what stands in a period that has no value.
type Fill string

// The policies. Before the first value nothing is filled: a series begins where all its
// columns have one. After the last one of a column every policy but zero and refuse
// repeats it.
const (
	FillLinear Fill = "linear" // on the straight line between the values around the gap
	FillLast   Fill = "last"   // the last value before it
	FillZero   Fill = "zero"   // 0: where no row means that nothing happened
	FillRefuse Fill = "refuse" // nothing: a gap is an error
)

// Fills are all policies.
var Fills = []Fill{FillLinear, FillLast, FillZero, FillRefuse}

// A Merge says what becomes of several values of one period.
type Merge string

// The policies.
const (
	MergeMean   Merge = "mean"
	MergeSum    Merge = "sum"
	MergeLast   Merge = "last"   // by time, then by place in the file
	MergeRefuse Merge = "refuse" // several values are an error
)

// Merges are all policies.
var Merges = []Merge{MergeMean, MergeSum, MergeLast, MergeRefuse}

// Options say how rows become series. What is empty is chosen: the frequency by the
// commonest gap, the line for gaps, the mean for several values.
type Options struct {
	Frequency Frequency `json:"frequency"`
	Fill      Fill      `json:"fill"`
	Merge     Merge     `json:"merge"`
}

// A Set is series in order of time, with one value a period.
type Set struct {
	Options Options  // as carried out
	Names   []string // of the columns
	Series  []*Series

	Undated    int // rows without a date
	Disordered int // rows that stood behind a later one
	Merged     int // rows beyond the first of their period
	Filled     int // values that were filled
	Notices    []data.Notice
}

// A Series is the values of consecutive periods.
type Series struct {
	Key    string
	First  int         // the first period, see Frequency.Period
	Values [][]float64 // of each column, of each period
	Filled [][]bool    // whether the value was filled
}

// Len returns the number of periods.
func (s *Series) Len() int { return len(s.Values[0]) }

// Bounds of what is gathered.
const (
	maxPeriods = 1 << 20 // values of all series, filled ones included
	maxText    = 1 << 12 // bytes of a name
	largest    = 1e37    // beyond it a value is none: a float32 could not hold what comes of it
)

func (o Options) check() error {
	switch {
	case o.Frequency != "" && !slices.Contains(Frequencies, o.Frequency):
		return tensor.Errorf(tensor.CodeOption, "The frequency of a series must be one of %v, got %q.", Frequencies, o.Frequency)
	case o.Fill != "" && !slices.Contains(Fills, o.Fill):
		return tensor.Errorf(tensor.CodeOption, "Gaps in a series are filled by one of %v, got %q.", Fills, o.Fill)
	case o.Merge != "" && !slices.Contains(Merges, o.Merge):
		return tensor.Errorf(tensor.CodeOption, "Several values of one period become one by one of %v, got %q.", Merges, o.Merge)
	}
	return nil
}

func (r *Raw) check() error {
	if len(r.Names) == 0 || len(r.Values) != len(r.Names) {
		return tensor.Errorf(tensor.CodeOption, "A series needs a name for each column of values, got %d names for %d columns.", len(r.Names), len(r.Values))
	}
	for i, v := range r.Values {
		if len(v) != len(r.Days) {
			return columnError(r.Names[i], tensor.CodeOption, "Column “%s” has %d values for %d dates.", r.Names[i], len(v), len(r.Days))
		}
		if r.Names[i] == "" || slices.Contains(r.Names[:i], r.Names[i]) {
			return columnError(r.Names[i], tensor.CodeOption, "The columns of a series need names, all different, got %q twice or empty.", r.Names[i])
		}
	}
	if r.Keys != nil && len(r.Keys) != len(r.Days) {
		return tensor.Errorf(tensor.CodeOption, "There are %d keys of series for %d dates.", len(r.Keys), len(r.Days))
	}
	for _, words := range [][]string{r.Names, r.Keys} { // they are saved with the model, as JSON
		for _, w := range words {
			if len(w) > maxText || !utf8.ValidString(w) {
				return tensor.Errorf(tensor.CodeOption, "The name of a column or series must be UTF-8 of at most %d bytes, got %d bytes: %.40q.", maxText, len(w), w)
			}
		}
	}
	return nil
}

func columnError(column, code, format string, args ...any) error {
	e := tensor.Errorf(code, format, args...)
	e.Column = column
	return e
}

// Gather brings rows in order, one value a period, and fills gaps. Each thing it does
// is counted and told. It fails with code "data" where no date or no value can be used
// or a policy refuses, "option" for slices or options that make no sense, "memory" where
// there would be too many periods.
func Gather(r *Raw, o Options) (*Set, error) {
	if err := r.check(); err != nil {
		return nil, err
	}
	if err := o.check(); err != nil {
		return nil, err
	}
	if o.Fill == "" {
		o.Fill = FillLinear
	}
	if o.Merge == "" {
		o.Merge = MergeMean
	}
	s := &Set{Options: o, Names: slices.Clone(r.Names)}
	keys, rows := s.order(r)
	if len(keys) == 0 {
		return nil, tensor.Errorf(tensor.CodeData, "No row has a date between the years 0 and 9999. Choose another column of dates.")
	}
	if o.Frequency == "" {
		if err := s.chooseFrequency(r, rows); err != nil {
			return nil, err
		}
	}
	total := 0
	for k, key := range keys {
		periods := s.Options.Frequency.Period(r.Days[rows[k][len(rows[k])-1]]) - s.Options.Frequency.Period(r.Days[rows[k][0]]) + 1
		if total += periods * len(r.Names); total > maxPeriods {
			return nil, tensor.Errorf(tensor.CodeMemory, "With a value each %s there would be more than %d values. Choose a longer period, or leave out rows whose dates lie far off.", s.Options.Frequency, maxPeriods)
		}
		one, err := s.gather(r, key, rows[k], periods)
		if err != nil {
			return nil, err
		}
		if one == nil {
			s.note(data.NoticeEmpty, "Series “%s” has a column without any value and is left out.", key)
			continue
		}
		s.Series = append(s.Series, one)
	}
	if len(s.Series) == 0 {
		return nil, tensor.Errorf(tensor.CodeData, "No series has a value in each of the columns %q. Choose other columns.", r.Names)
	}
	if s.Options.Frequency == Hourly && s.Merged > 0 && !slices.ContainsFunc(s.Series, func(one *Series) bool { return one.Len() > 1 }) {
		return nil, tensor.Errorf(tensor.CodeData, "All dates lie within one hour, and one value an hour is the finest that can be forecast here. Write in place of seconds days, one for each, to forecast step by step.")
	}
	s.report()
	return s, nil
}

// order deals the dated rows out to their series, in order of appearance, each in order of time.
func (s *Set) order(r *Raw) (keys []string, rows [][]int) {
	place := make(map[string]int)
	for row, d := range r.Days {
		if !(d >= firstDay && d < lastDay) {
			s.Undated++
			continue
		}
		key := ""
		if r.Keys != nil {
			key = r.Keys[row]
		}
		k, known := place[key]
		if !known {
			k = len(keys)
			place[key] = k
			keys, rows = append(keys, key), append(rows, nil)
		}
		if n := len(rows[k]); n > 0 && d < r.Days[rows[k][n-1]] {
			s.Disordered++
		}
		rows[k] = append(rows[k], row)
	}
	for _, list := range rows {
		slices.SortStableFunc(list, func(a, b int) int {
			switch {
			case r.Days[a] < r.Days[b]:
				return -1
			case r.Days[a] > r.Days[b]:
				return 1
			}
			return a - b
		})
	}
	return keys, rows
}

func (s *Set) chooseFrequency(r *Raw, rows [][]int) error {
	ordered := make([][]float64, len(rows))
	for k, list := range rows {
		for _, row := range list {
			ordered[k] = append(ordered[k], r.Days[row])
		}
	}
	f, share := guess(ordered)
	if f == "" {
		return tensor.Errorf(tensor.CodeData, "No series has two different dates, so nothing comes after anything. Choose another column of dates, or none that tells series apart.")
	}
	s.Options.Frequency = f
	s.note(data.NoticeSetup, "There is one value each %s: so far apart are %.0f %% of the neighbouring dates.", f, float64(share*100))
	return nil
}

// gather makes one series of rows in order of time; nil if a column has no value.
func (s *Set) gather(r *Raw, key string, rows []int, periods int) (*Series, error) {
	f := s.Options.Frequency
	one := &Series{Key: key, First: f.Period(r.Days[rows[0]])}
	last := one.First - 1
	for _, row := range rows {
		if p := f.Period(r.Days[row]); p > last {
			last = p
		} else if s.Merged++; s.Options.Merge == MergeRefuse {
			return nil, tensor.Errorf(tensor.CodeData, "Several rows have values for the %s of %s%s. Choose how they become one.", f, data.FormatDate(f.Start(p)), of(key))
		}
	}
	start := 0
	for c := range r.Names {
		v := make([]float64, periods)
		for i := range v {
			v[i] = math.NaN()
		}
		s.merge(v, r.Values[c], func(row int) int { return f.Period(r.Days[row]) - one.First }, rows)
		first := slices.IndexFunc(v, func(x float64) bool { return x == x })
		if first < 0 {
			return nil, nil
		}
		start = max(start, first)
		one.Values = append(one.Values, v)
	}
	if start > 0 {
		one.First += start
		s.note(data.NoticeDropped, "The first %d of the periods%s are left out: not every column has a value yet.", start, of(key))
	}
	for c, v := range one.Values {
		filled := make([]bool, periods)
		for i, x := range v {
			if filled[i] = x != x; !filled[i] || i < start {
				continue
			}
			if s.Filled++; s.Options.Fill == FillRefuse {
				return nil, columnError(r.Names[c], tensor.CodeData, "Column “%s” has no value for the %s of %s%s. Choose how gaps are filled.", r.Names[c], f, data.FormatDate(f.Start(one.First+i-start)), of(key))
			}
		}
		s.Options.Fill.apply(v)
		one.Values[c] = v[start:]
		one.Filled = append(one.Filled, filled[start:])
	}
	return one, nil
}

func of(key string) string {
	if key == "" {
		return ""
	}
	return fmt.Sprintf(" of series “%s”", key)
}

// named begins a sentence about a series.
func named(key string) string {
	if key == "" {
		return "The series"
	}
	return fmt.Sprintf("Series “%s”", key)
}

// merge writes the values of rows to their periods.
func (s *Set) merge(v, values []float64, at func(row int) int, rows []int) {
	n, before := 0, -1
	for _, row := range rows {
		x := values[row]
		if !(math.Abs(x) < largest) {
			continue
		}
		i := at(row)
		if i != before {
			n, before = 0, i
		}
		switch n++; {
		case n == 1 || s.Options.Merge == MergeLast:
			v[i] = x
		case s.Options.Merge == MergeSum:
			v[i] = max(min(v[i]+x, largest), -largest)
		default:
			v[i] += (x - v[i]) / float64(n)
		}
	}
}

// apply fills the gaps behind the first value.
func (f Fill) apply(v []float64) {
	last := -1 // the last value
	for i, x := range v {
		if x != x {
			continue
		}
		for k := last + 1; k < i && last >= 0; k++ {
			switch f {
			case FillLinear:
				v[k] = v[last] + float64((x-v[last])*(float64(k-last)/float64(i-last)))
			case FillLast:
				v[k] = v[last]
			default:
				v[k] = 0
			}
		}
		last = i
	}
	for k := last + 1; k < len(v) && last >= 0; k++ {
		v[k] = v[last]
		if f == FillZero {
			v[k] = 0
		}
	}
}

// report tells what was done.
func (s *Set) report() {
	for _, c := range []struct {
		n    int
		code string
		text string
	}{
		{s.Undated, data.NoticeDropped, "%d rows without a date are left out."},
		{s.Disordered, data.NoticeSetup, "%d rows stood behind a later one and were brought in order of time."},
		{s.Merged, data.NoticeDuplicate, fmt.Sprintf("%%d rows are not the first of their %s; the values of each became one (%s).", s.Options.Frequency, s.Options.Merge)},
		{s.Filled, data.NoticeMissing, fmt.Sprintf("%%d values were missing and filled (%s). They are learned from, but no score counts them.", s.Options.Fill)},
	} {
		if c.n > 0 {
			s.note(c.code, c.text, c.n)
		}
	}
}

func (s *Set) note(code, format string, args ...any) {
	s.Notices = append(s.Notices, data.Notice{Code: code, Message: fmt.Sprintf(format, args...)})
}
