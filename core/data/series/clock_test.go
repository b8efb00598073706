package series

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/core/data"
)

// table reads lines that a function makes below a header.
func table(t *testing.T, header string, n int, line func(i int) string) *data.Table {
	t.Helper()
	var b strings.Builder
	b.WriteString(header + "\n")
	for i := range n {
		b.WriteString(line(i) + "\n")
	}
	read, err := data.ReadTable(strings.NewReader(b.String()), data.ReadOptions{Name: "x.csv"})
	require.NoError(t, err)
	return read
}

// The parts of a time stand in columns of their own.
func TestTimesInSeveralColumns(t *testing.T) {
	at := func(i int) (y, m, d, h int) {
		y, m, d = data.Date(19410 + i/24)
		return y, m, d, i % 24
	}
	for _, c := range []struct {
		header string
		line   func(i int) string
		want   Columns
		f      Frequency
	}{
		{"No,year,month,day,hour,pm", func(i int) string {
			y, m, d, h := at(i)
			return fmt.Sprintf("%d,%d,%d,%d,%d,%d.5", i+1, y, m, d, h, i%7)
		}, Columns{Date: "year", Month: "month", Day: "day", Time: "hour"}, Hourly},
		{"Date;Time;pm", func(i int) string {
			y, m, d, h := at(i)
			return fmt.Sprintf("%02d/%02d/%d;%02d.00.00;%d,5", d, m, y, h, i%7)
		}, Columns{Date: "Date", Time: "Time"}, Hourly},
		{"day,when,pm", func(i int) string {
			y, m, d, h := at(i)
			return fmt.Sprintf("%d-%02d-%02d,%d:00 %s,%d.5", y, m, d, (h+11)%12+1, []string{"AM", "PM"}[h/12], i%7)
		}, Columns{Date: "day", Time: "when"}, Hourly},
		{"日,年,月,pm", func(i int) string {
			y, m, d := data.Date(19410 + i)
			return fmt.Sprintf("%d,%d,%d,%d.5", d, y, m, i%7)
		}, Columns{Date: "年", Month: "月", Day: "日"}, Daily},
	} {
		read := table(t, c.header, 100, c.line)
		found, err := Find(read)
		require.NoError(t, err, c.header)
		assert.Equal(t, []string{"pm"}, found.Values, c.header)
		assert.Equal(t, []string{c.want.Date, c.want.Month, c.want.Day, c.want.Time, ""}, []string{found.Date, found.Month, found.Day, found.Time, found.Key}, c.header)
		raw, err := FromTable(read, found)
		require.NoError(t, err)
		set, err := Gather(raw, Options{})
		require.NoError(t, err)
		assert.Equal(t, c.f, set.Options.Frequency, c.header)
		assert.Zero(t, set.Undated+set.Filled+set.Merged, c.header)
		assert.Equal(t, 100, set.Series[0].Len(), c.header)
	}
	// Hours stay numbers where nobody needs them, and columns must be there.
	read := table(t, "day,hour,pm", 40, func(i int) string { return fmt.Sprintf("%s,%d,%d", data.FormatDate(float64(19410+i)), i%24, i%7) })
	found, err := Find(read)
	require.NoError(t, err)
	assert.Equal(t, []string{"hour", "pm"}, found.Values)
	for _, wrong := range []Columns{{Date: "day", Time: "none"}, {Date: "day", Day: "pm"}, {Date: "day", Month: "none"}} {
		_, err := FromTable(read, wrong)
		assert.Error(t, err, wrong)
	}
}

func TestNumbersTellSeriesApart(t *testing.T) {
	shops := table(t, "day,shop,sold", 120, func(i int) string { return fmt.Sprintf("%s,%d,%d.5", data.FormatDate(float64(19000+i/3)), i%3+1, i%11) })
	c, err := Find(shops)
	require.NoError(t, err)
	assert.Equal(t, "shop", c.Key)
	assert.Equal(t, []string{"sold"}, c.Values)
	// A date that comes twice does not make a number a shop's.
	twice := table(t, "day,rain,sold", 60, func(i int) string {
		return fmt.Sprintf("%s,%d,%d.5", data.FormatDate(float64(19000+i-i/30)), i%9, i%11)
	})
	c, err = Find(twice)
	require.NoError(t, err)
	assert.Empty(t, c.Key)
	assert.Equal(t, []string{"rain", "sold"}, c.Values)
}

func TestTheMoreRegularOrderOfDayAndMonth(t *testing.T) {
	for format, want := range map[string]data.DateOrder{"%02[1]d/01/%[2]d": data.DateMDY, "01/%02[1]d/%[2]d": ""} {
		read := table(t, "when,sold", 48, func(i int) string { return fmt.Sprintf(format, i%12+1, 2015+i/12) + fmt.Sprintf(",%d", i%7) })
		assert.Equal(t, want, Order(read, "when"), format)
	}
	sure := table(t, "when,sold", 40, func(i int) string { return fmt.Sprintf("%02d/%02d/2024,%d", i%12+1, i%28+1, i%7) })
	assert.Empty(t, Order(sure, "when"), "days beyond the twelfth")
	assert.Empty(t, Order(sure, "sold"))
	assert.Empty(t, Order(sure, "none"))
}

// Large numbers without a name of time are one only where they go one way.
func TestCountedTimes(t *testing.T) {
	for _, c := range []struct {
		name string
		cell func(i int) int
		want string
	}{
		{"x", func(i int) int { return 1_700_000_000 - 3600*i }, "x"},
		{"x", func(i int) int { return 1_700_000_000 + 7919*i%1000 }, ""},
		{"Timestamp", func(i int) int { return 1_700_000_000 + 3600*(i%20) }, "Timestamp"},
		{"time", func(i int) int { return 17 + i }, ""},
	} {
		read := table(t, c.name+",sold", 40, func(i int) string { return fmt.Sprintf("%d,%d.5", c.cell(i), i%7) })
		found, err := Find(read)
		assert.Equal(t, c.want, found.Date)
		assert.Equal(t, c.want == "", err != nil)
	}
}

func TestWhatCannotBeASeriesSaysWhatToDo(t *testing.T) {
	for _, header := range []string{"country,1960,1961,1962", "city,2024-01-01,2024-01-02,2024-01-03", "x,May-24,Jun-24,Jul-24,Aug-24"} {
		_, err := Find(table(t, header, 4, func(i int) string {
			return fmt.Sprintf("c%d", i) + strings.Repeat(fmt.Sprintf(",%d.5", i), strings.Count(header, ","))
		}))
		assert.ErrorContains(t, err, "Turn the table", header)
	}
	seconds := table(t, "time,x", 40, func(i int) string { return fmt.Sprintf("2024-01-01 10:00:%02d,%d", i, i%7) })
	c, err := Find(seconds)
	require.NoError(t, err)
	raw, err := FromTable(seconds, c)
	require.NoError(t, err)
	_, err = Gather(raw, Options{})
	assert.ErrorContains(t, err, "within one hour")
}
