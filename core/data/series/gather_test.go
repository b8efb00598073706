package series

import (
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/core/data"
)

var none = math.NaN()

func days(year, month, day int) float64 { return float64(data.Days(year, month, day)) }

// made is a series without gaps.
func made(f Frequency, first, n int, value func(t int) float64) *Raw {
	r := &Raw{Names: []string{"sold"}, Values: [][]float64{nil}}
	for t := range n {
		r.Days = append(r.Days, f.Start(first+t))
		r.Values[0] = append(r.Values[0], value(t))
	}
	return r
}

func TestPeriodsBeginAndFollowEachOther(t *testing.T) {
	for _, f := range Frequencies {
		first, last := f.Period(firstDay), f.Period(lastDay-1)
		for _, around := range []int{first, -1, 0, 1, last - 3} {
			for p := max(around, first); p < around+3; p++ {
				start := f.Start(p)
				if start < firstDay {
					continue // a week begins before the year 0
				}
				require.Equal(t, p, f.Period(start), "%s %d", f, p)
				require.Equal(t, p-1, f.Period(start-1.0/48), "%s %d", f, p)
				require.Less(t, start, f.Start(p+1))
			}
			if f != Hourly && f != Daily && f != Weekly {
				break // months are counted from the year 0
			}
		}
	}
	require.Equal(t, Weekly.Period(days(2024, 1, 1)), Weekly.Period(days(2024, 1, 7)), "Monday to Sunday")
	require.Equal(t, Hourly.Period(days(2024, 1, 1)+9.0/24), Hourly.Period(days(2024, 1, 1))+9)
}

func TestTheFrequencyIsFoundByTheCommonestGap(t *testing.T) {
	for _, f := range Frequencies {
		r := made(f, f.Period(days(2019, 3, 5)), 40, func(t int) float64 { return float64(t) })
		// Three periods are missing.
		r.Days = append(append(append([]float64{}, r.Days[:7]...), r.Days[8:20]...), r.Days[22:]...)
		r.Values[0] = r.Values[0][:37]
		s, err := Gather(r, Options{})
		require.NoError(t, err)
		assert.Equal(t, f, s.Options.Frequency)
		assert.Equal(t, 40, s.Series[0].Len())
		assert.Equal(t, 3, s.Filled)
	}
	// The ends of months are a month apart, Fridays a week, working days a day.
	ends := &Raw{Days: []float64{days(2024, 1, 31), days(2024, 2, 29), days(2024, 3, 31), days(2024, 4, 30)}, Names: []string{"x"}, Values: [][]float64{{1, 2, 3, 4}}}
	s, err := Gather(ends, Options{})
	require.NoError(t, err)
	assert.Equal(t, Monthly, s.Options.Frequency)
	assert.Zero(t, s.Filled)
}

func TestGapsAreFilledByAPolicy(t *testing.T) {
	at := func(values ...float64) *Raw {
		r := made(Daily, 20000, len(values), func(t int) float64 { return values[t] })
		return r
	}
	for fill, want := range map[Fill][]float64{
		"":         {2, 4, 6, 8, 8},
		FillLinear: {2, 4, 6, 8, 8},
		FillLast:   {2, 2, 2, 8, 8},
		FillZero:   {2, 0, 0, 8, 0},
	} {
		s, err := Gather(at(none, 2, none, 1e38, 8, none), Options{Frequency: Daily, Fill: fill})
		require.NoError(t, err)
		assert.Equal(t, want, s.Series[0].Values[0], fill)
		assert.Equal(t, []bool{false, true, true, false, true}, s.Series[0].Filled[0])
		assert.Equal(t, 20001, s.Series[0].First)
		assert.Equal(t, 3, s.Filled)
	}
	_, err := Gather(at(1, none, 3), Options{Frequency: Daily, Fill: FillRefuse})
	assert.ErrorContains(t, err, "Column “sold” has no value for the day of 2024-10-05")
	_, err = Gather(at(none, none), Options{Frequency: Daily})
	assert.ErrorContains(t, err, "No series has a value")
}

func TestDuplicatesDisorderAndKeys(t *testing.T) {
	r := &Raw{
		Days:   []float64{103, 100, none, 101, 101, 100, 101.5, 102, 1e300},
		Names:  []string{"x"},
		Values: [][]float64{{4, 1, 9, 2, 10, 7, 6, 12, 9}},
		Keys:   []string{"a", "a", "a", "a", "b", "b", "a", "b", "c"},
	}
	for merge, want := range map[Merge]float64{"": 4, MergeMean: 4, MergeSum: 8, MergeLast: 6} {
		s, err := Gather(r, Options{Frequency: Daily, Merge: merge})
		require.NoError(t, err)
		require.Len(t, s.Series, 2)
		assert.Equal(t, "a", s.Series[0].Key)
		assert.Equal(t, []float64{1, want, (want + 4) / 2, 4}, s.Series[0].Values[0])
		assert.Equal(t, []float64{7, 10, 12}, s.Series[1].Values[0])
		assert.Equal(t, []int{2, 2, 1, 1}, []int{s.Undated, s.Disordered, s.Merged, s.Filled})
		var all []string
		for _, n := range s.Notices {
			all = append(all, n.Message)
		}
		text := strings.Join(all, "\n")
		for _, part := range []string{"2 rows without a date", "2 rows stood behind", "1 rows are not the first", "1 values were missing"} {
			assert.Contains(t, text, part)
		}
	}
	_, err := Gather(r, Options{Frequency: Daily, Merge: MergeRefuse})
	assert.ErrorContains(t, err, "Several rows have values for the day of 1970-04-12 of series “a”")
}

func TestGatherRefusesNonsense(t *testing.T) {
	for want, change := range map[string]func(*Raw, *Options){
		"frequency of a series must be": func(r *Raw, o *Options) { o.Frequency = "fortnight" },
		"filled by one of":              func(r *Raw, o *Options) { o.Fill = "spline" },
		"become one by one of":          func(r *Raw, o *Options) { o.Merge = "max" },
		"names for":                     func(r *Raw, o *Options) { r.Names = nil },
		"has 9 values for 10 dates":     func(r *Raw, o *Options) { r.Values[0] = r.Values[0][:9] },
		"all different":                 func(r *Raw, o *Options) { r.Names = []string{""} },
		"keys of series":                func(r *Raw, o *Options) { r.Keys = []string{"a"} },
		"must be UTF-8":                 func(r *Raw, o *Options) { r.Keys = make([]string, 10); r.Keys[4] = "\x97" },
		"at most 4096 bytes":            func(r *Raw, o *Options) { r.Names[0] = strings.Repeat("x", 4097) },
		"No row has a date":             func(r *Raw, o *Options) { r.Days = make([]float64, 10); fill(r.Days, none) },
		"two different dates":           func(r *Raw, o *Options) { fill(r.Days, 5) },
		"more than 1048576 values":      func(r *Raw, o *Options) { r.Days[9], o.Frequency = 2e6, Hourly },
	} {
		r, o := made(Daily, 100, 10, func(t int) float64 { return float64(t) }), Options{}
		change(r, &o)
		_, err := Gather(r, o)
		assert.ErrorContains(t, err, want)
	}
}

func fill(v []float64, x float64) {
	for i := range v {
		v[i] = x
	}
}

func TestColumnsAreFound(t *testing.T) {
	read := func(text string) *data.Table {
		table, err := data.ReadTable(strings.NewReader(text), data.ReadOptions{Name: "x.csv"})
		require.NoError(t, err)
		return table
	}
	var b strings.Builder
	b.WriteString("shop,day,sold,rain\n")
	for i := range 30 {
		for _, shop := range []string{"north", "south"} {
			b.WriteString(shop + "," + data.FormatDate(float64(19000+i)) + "," + strings.Repeat("7", 1+i%3) + ".5,0.1" + string(rune('0'+i%10)) + "\n")
		}
	}
	table := read(b.String())
	c, err := Find(table)
	require.NoError(t, err)
	assert.Equal(t, "day", c.Date)
	assert.Equal(t, "shop", c.Key)
	assert.Equal(t, []string{"sold", "rain"}, c.Values)
	raw, err := FromTable(table, c)
	require.NoError(t, err)
	s, err := Gather(raw, Options{})
	require.NoError(t, err)
	require.Len(t, s.Series, 2)
	assert.Equal(t, Daily, s.Options.Frequency)
	assert.Equal(t, 30, s.Series[1].Len())
	assert.Equal(t, 77.5, s.Series[1].Values[0][1])

	for _, wrong := range []Columns{{Date: "none"}, {Date: "shop"}, {Date: "day", Values: []string{"shop"}}, {Date: "day", Month: "shop"}, {Date: "day", Key: "none"}} {
		_, err := FromTable(table, wrong)
		assert.Error(t, err, wrong)
	}
	_, err = Find(read("a,b\n1,2\n2,3\n3,5\n"))
	assert.ErrorContains(t, err, "No column of dates")
	_, err = Find(read("day,b\n2024-01-01,x\n2024-01-02,y\n2024-01-03,x\n"))
	assert.ErrorContains(t, err, "no column of numbers")

	c, err = Find(read("Year,Month,x\n1999,1,20.5\n1999,2,30.5\n1999,3,60.5\n1999,4,1.5\n"))
	require.NoError(t, err)
	assert.Equal(t, []string{"Year", "Month", "x"}, append([]string{c.Date, c.Month}, c.Values...))
}
