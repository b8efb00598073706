package series_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/core/data"
	"github.com/terrarium-ml/terrarium/core/data/series"
)

// Ways in which people write months, quarters, weeks and days.
func TestWrittenTimes(t *testing.T) {
	month := []string{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"}
	of := func(format string) func(i int) string {
		return func(i int) string { return fmt.Sprintf(format, 2015+i/12, i%12+1) }
	}
	turned := func(format string) func(i int) string {
		return func(i int) string { return fmt.Sprintf(format, i%12+1, 2015+i/12) }
	}
	day := func(format string) func(i int) string {
		return func(i int) string {
			y, m, d := data.Date(data.Days(2015, 1, 1) + i)
			return fmt.Sprintf(format, y, m, d)
		}
	}
	named := func(months, format string) func(i int) string {
		return func(i int) string { return fmt.Sprintf(format, strings.Fields(months)[i%12], 2015+i/12) }
	}
	for _, c := range []struct {
		cell func(i int) string
		want series.Frequency
	}{
		{of("%d-%02d"), series.Monthly}, {turned("%02d/%d"), series.Monthly}, {turned("%d.%d"), series.Monthly}, {turned("%02d-%d"), series.Monthly},
		{of("%d%02d"), series.Monthly}, {of("%d年%d月"), series.Monthly},
		{func(i int) string { return fmt.Sprintf("%s-%d", month[i%12], 15+i/12) }, series.Monthly},
		{func(i int) string { return fmt.Sprintf("%d-%s", 15+i/12, month[i%12]) }, series.Monthly},
		{func(i int) string { return fmt.Sprintf("%d %s", 2015+i/12, month[i%12]) }, series.Monthly},
		{func(i int) string { return fmt.Sprintf("%dQ%d", 2015+i/4, i%4+1) }, series.Quarterly},
		{func(i int) string { return fmt.Sprintf("%d-Q%d", 2015+i/4, i%4+1) }, series.Quarterly},
		{func(i int) string { return fmt.Sprintf("q%d/%d", i%4+1, 2015+i/4) }, series.Quarterly},
		{func(i int) string { return fmt.Sprintf("2015-W%02d", i+1) }, series.Weekly},
		{func(i int) string { return fmt.Sprintf("2015w%d", i+1) }, series.Weekly},
		{day("%d%02d%02d"), series.Daily}, {day("%d年%d月%d日"), series.Daily}, {day("%d-%02d-%02d"), series.Daily},
		{func(i int) string { return fmt.Sprint(1950 + i) }, series.Yearly},
		{of("%dM%02d"), series.Monthly}, {day("%d%02d%02dT000000"), series.Daily}, {day("%d%02d%02d0000"), series.Daily},
		{day("%[1]d-%02[2]d-%02[3]d 18"), series.Daily},
		{func(i int) string { return fmt.Sprintf("202405%02d%02d", 30+i/24, i%24) }, series.Hourly},
		{func(i int) string { return fmt.Sprint(1677628800 + 3600*i) }, series.Hourly}, {func(i int) string { return fmt.Sprint(1677628800000 + 86400000*i) }, series.Daily},
		{func(i int) string { return fmt.Sprintf("%d.5", 1677628800+604800*i) }, series.Weekly},
		{func(i int) string {
			y, m, d := data.Date(19000 + 7*i)
			v, n, e := data.Date(19006 + 7*i)
			return fmt.Sprintf("%d-%02d-%02d/%d-%02d-%02d", y, m, d, v, n, e)
		}, series.Weekly},
		{named("Januar Februar März April Mai Juni Juli August September Oktober November Dezember", "%[1]s %[2]d"), series.Monthly},
		{named("Jan Feb Mär Apr Mai Jun Jul Aug Sep Okt Nov Dez", "1. %[1]s %[2]d"), series.Monthly},
		{named("janv. févr. mars avr. mai juin juil. août sept. oct. nov. déc.", "%[1]s %[2]d"), series.Monthly},
		{named("ene feb mar abr may jun jul ago sep oct nov dic", "01-%[1]s-%[2]d"), series.Monthly},
		{named("gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre", "1 %[1]s %[2]d"), series.Monthly},
		{named("jan fev mar abr mai jun jul ago set out nov dez", "%[1]s/%[2]d"), series.Monthly},
		{named("jan feb maa apr mei jun jul aug sep okt nov dec", "%[1]s %[2]d"), series.Monthly},
	} {
		var text strings.Builder
		text.WriteString("when\tsold\n")
		for i := range 40 {
			fmt.Fprintf(&text, "%s\t%d\n", c.cell(i), 5+i%7)
		}
		table, err := data.ReadTable(strings.NewReader(text.String()), data.ReadOptions{Name: "x"})
		require.NoError(t, err)
		columns, err := series.Find(table)
		require.NoError(t, err, c.cell(5))
		require.Equal(t, "when", columns.Date, c.cell(5))
		require.Equal(t, []string{"sold"}, columns.Values)
		raw, err := series.FromTable(table, columns)
		require.NoError(t, err)
		set, err := series.Gather(raw, series.Options{})
		require.NoError(t, err)
		require.Equal(t, c.want, set.Options.Frequency, c.cell(5))
		require.Zero(t, set.Undated+set.Filled+set.Merged, c.cell(5))
		require.Equal(t, 40, set.Series[0].Len(), c.cell(5))
	}
}

// What only looks like a time is none.
func TestNotWrittenTimes(t *testing.T) {
	for _, cells := range [][]string{
		{"201513", "201500", "209912"}, {"20150230", "20150101", "20150199"}, {"13/2015", "00/2015", "14/2015"}, {"2015Q5", "2015Q0", "2015Q9"}, {"1949", "1950", "1950"},
		{"2015-W54", "2015-W00", "2015-W99"}, {"1/2", "3/4", "5/6"}, {"May", "June", "July"}, {"2015年13月", "2015年0月", "年月日"}, {"1234567", "7654321", "1111111"}, {"12.5", "3.25", "8.125"},
		{"2024053124", "2024053199", "2024023010"}, {"juice 2015", "marble 2016", "out 1"}, {"jui 2015", "jui 2016", "jui 2017"}, {"2024-05-31/2024-05-01", "2024-05-31 x 2024-06-01", "2024-05-31/2024-13-01"},
	} {
		table, err := data.ReadTable(strings.NewReader("when,n\n"+strings.Join(cells, ",1\n")+",1\n"), data.ReadOptions{Name: "x"})
		require.NoError(t, err)
		require.False(t, series.Written(table, "when"), cells[0])
	}
	table, err := data.ReadTable(strings.NewReader("when,n\n2015Q1,1\n2015Q2,2\n"), data.ReadOptions{Name: "x"})
	require.NoError(t, err)
	require.True(t, series.Written(table, "when"))
	require.False(t, series.Written(table, "where"))
}
