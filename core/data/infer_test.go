package data

import (
	"encoding/json/v2"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestInferKinds(t *testing.T) {
	for name, c := range map[string]struct {
		cell func(i int) string
		want Kind
	}{
		"numbers":           {func(i int) string { return fmt.Sprint(float64(i*7919%101) / 10) }, KindNumber},
		"few whole numbers": {func(i int) string { return fmt.Sprint(1 + i%3) }, KindNumber},
		"zero and one":      {func(i int) string { return fmt.Sprint(i % 2) }, KindBoolean},
		"yes and no":        {func(i int) string { return []string{"Yes", "no", "YES"}[i%3] }, KindBoolean},
		"true and gaps":     {func(i int) string { return []string{"True", "False", ""}[i%3] }, KindBoolean},
		"only yes":          {func(i int) string { return "yes" }, KindCategory},
		"words":             {func(i int) string { return []string{"red", "green", "blue"}[i%3] }, KindCategory},
		"y and x":           {func(i int) string { return []string{"y", "x"}[i%2] }, KindCategory},
		"row numbers":       {func(i int) string { return fmt.Sprint(i + 1) }, KindID},
		"from zero":         {func(i int) string { return fmt.Sprint(i) }, KindID},
		"user_id":           {func(i int) string { return fmt.Sprint(1000 + i*37) }, KindID},
		"all different":     {func(i int) string { return fmt.Sprint(1000 + i*37) }, KindNumber},
		"codes":             {func(i int) string { return fmt.Sprintf("AB%03d-x", i) }, KindID},
		"postcodes":         {func(i int) string { return fmt.Sprintf("%05d", i%12) }, KindCategory},
		"sentences":         {func(i int) string { return fmt.Sprintf("this is message %d of the day", i) }, KindText},
		"long texts":        {func(i int) string { return strings.Repeat("long ", 20) + fmt.Sprint(i%30) }, KindText},
		"many words":        {func(i int) string { return fmt.Sprintf("word %d", i*3/4) }, KindText},
		"towns":             {func(i int) string { return fmt.Sprintf("town %d", i%40) }, KindCategory},
		"ISO dates":         {func(i int) string { return fmt.Sprintf("2024-%02d-%02d", 1+i%12, 1+i%28) }, KindDate},
		"German dates":      {func(i int) string { return fmt.Sprintf("%d.%d.2024", 1+i%28, 1+i%12) }, KindDate},
		"nothing":           {func(i int) string { return []string{"", "NA", "?"}[i%3] }, KindText},
		"a slip in numbers": {func(i int) string {
			if i == 50 {
				return "about 7"
			}
			return fmt.Sprint(i * i % 51)
		}, KindNumber},
		"infinities": {func(i int) string { return []string{"1.5", "inf", "-Infinity", "2"}[i%4] }, KindNumber},
	} {
		t.Run(name, func(t *testing.T) {
			table := read(t, repeat(name+"\tother", 120, func(i int) string { return c.cell(i) + "\t" + fmt.Sprint(i%5) }), ReadOptions{Header: Yes})
			p := table.Profile().Columns[0]
			require.Equal(t, c.want, p.Kind, p.Reason)
			require.NotEmpty(t, p.Reason)
		})
	}
}

func TestProfileOfNumbers(t *testing.T) {
	table := read(t, lines("x,y", "1,a", "2,b", "NA,a", "4,b", "null,a", "inf,b", "5,a", "6,b", "7,b", "-Infinity,c"))
	p := table.Profile()
	c := p.Columns[0]
	require.Equal(t, KindNumber, c.Kind)
	require.Equal(t, 4, c.Missing)
	require.Equal(t, 6, c.Distinct)
	require.Equal(t, []float64{1, 7, 25.0 / 6, 4.5}, []float64{c.Min, c.Max, c.Mean, c.Median})
	require.InDelta(t, 2.1147629, c.Std, 1e-6)
	require.True(t, c.Integer)
	require.Len(t, c.Bins, 7)
	require.Equal(t, Bin{Low: 2, High: 3, Count: 1}, c.Bins[1])
	require.Equal(t, []string{"1", "2", "4", "inf", "5"}, c.Samples)
	require.Contains(t, c.Reason, "Missing in 4 rows (40 %)")
	requireNotice(t, p.Notices, NoticeMissing, "2 cells were read as missing", "“NA”, “null”")
	require.Equal(t, 7, requireNotice(t, p.Notices, NoticeInfinity, "“inf” on line 7").Line)
	requireNotice(t, p.Notices, NoticeSmall, "only 10 rows")

	table = read(t, repeat("x,y", 100, func(i int) string {
		if i == 30 {
			return "broken,1"
		}
		return fmt.Sprintf("%d.5,1", i%60)
	}))
	p = table.Profile()
	require.Equal(t, 1, p.Columns[0].Missing)
	require.Len(t, p.Columns[0].Bins, MaxBins)
	require.Equal(t, 32, requireNotice(t, p.Notices, NoticeNotANumber, "“broken” on line 32").Line)
	require.True(t, p.Columns[1].Constant)
	require.Equal(t, RoleIgnore, p.Columns[1].Role)
	requireNotice(t, p.Notices, NoticeConstant, "“y”")
}

func TestProfileMarshals(t *testing.T) {
	table := read(t, lines("x,e,w", "1e308,,a", "-1e308,,b", "1e308,,c", "1e-320,,a"))
	b, err := json.Marshal(table.Profile())
	require.NoError(t, err)
	var back Profile
	require.NoError(t, json.Unmarshal(b, &back))
	require.Equal(t, table.Profile(), back)
	require.True(t, back.Columns[1].Empty)
	requireNotice(t, back.Notices, NoticeEmpty, "“e”")
}

func TestMedian(t *testing.T) {
	for _, n := range []int{1, 2, 3, 10, 4095, 4096, 5000, 20_001} {
		values := make([]float64, n)
		sum := 0.0
		for i := range values {
			values[i] = float64(i*7919%n) * 0.25
			sum += values[i]
		}
		if n > 4096 {
			values[0], values[1] = -1e12, 1e12 // all others fall into one bin
		}
		want := 0.25 * float64(n-1) / 2
		require.InDelta(t, want, median(values, min(values[0], 0), max(values[min(1, n-1)], float64(n))), 0.6)
	}
	require.Equal(t, 5.0, median([]float64{5, 5, 5, 5}, 5, 5))
	require.Equal(t, 0.0, median([]float64{-1e308, 1e308, 0}, -1e308, 1e308))
}

func TestDateOrders(t *testing.T) {
	table := read(t, repeat("d,x", 30, func(i int) string { return fmt.Sprintf("%d/%d/2024,%d", 1+i%12, 1+i%12, i%3) }))
	p := table.Profile()
	require.Equal(t, DateDMY, p.Columns[0].DateOrder)
	requireNotice(t, p.Notices, NoticeDateOrder, "day first was assumed")
	require.NoError(t, table.SetDateOrder("d", DateMDY, nil))
	require.Equal(t, DateMDY, table.Profile().Columns[0].DateOrder)
	for _, n := range table.Profile().Notices {
		require.NotEqual(t, NoticeDateOrder, n.Code)
	}
	requireError(t, table.SetDateOrder("d", "xyz", nil), "option", 0, "ymd, dmy or mdy")
	requireError(t, table.SetDateOrder("d", DateYMD, nil), "data", 0, "can be read as a date")
	requireError(t, table.SetDateOrder("q", DateYMD, nil), "option", 0, "no column “q”")

	table = read(t, repeat("d,x", 30, func(i int) string { return fmt.Sprintf("%d/%d/2024,%d", 1+i%12, 1+i%28, i%3) }))
	require.Equal(t, DateMDY, table.Profile().Columns[0].DateOrder)
}

func TestSetKind(t *testing.T) {
	table := read(t, repeat("n,w,id", 40, func(i int) string { return fmt.Sprintf("%d,%c,%d", i%4, 'a'+i%3, i) }))
	require.NoError(t, table.SetKind("n", KindCategory, nil))
	p := table.Profile().Columns[0]
	require.Equal(t, []any{KindCategory, KindNumber, 4}, []any{p.Kind, p.Inferred, p.Distinct})
	require.Equal(t, Bin{Label: "0", Count: 10}, p.Bins[0])
	require.NoError(t, table.SetKind("id", KindNumber, nil))
	require.Equal(t, RoleFeature, table.Profile().Columns[2].Role)
	requireError(t, table.SetKind("w", KindNumber, nil), "data", 0, "No cell of “w” can be read as a number", "“a”")
	requireError(t, table.SetKind("w", KindBoolean, nil), "data", 0, "3 different values")
	requireError(t, table.SetKind("w", "colour", nil), "option", 0, "number")
	requireError(t, table.SetKind("z", KindText, nil), "option", 0, "It has “n”, “w”, “id”")
	require.Equal(t, KindCategory, table.Profile().Columns[1].Kind)
	stop := errors.New("stop")
	require.ErrorIs(t, table.SetKind("w", KindText, func(int64, int64) error { return stop }), stop)
}

func TestManyDistinct(t *testing.T) {
	var d distinct
	for i := range uint64(maxDistinct + 10) {
		d.add(i)
		d.add(i * 3)
	}
	require.True(t, d.full)
	require.True(t, d.again)
	require.Equal(t, maxDistinct, d.count)
}

func TestWords(t *testing.T) {
	require.Equal(t, "-1,234,567", grouped(-1234567))
	require.Equal(t, "-123", grouped(-123))
	require.Equal(t, []string{"0 %", "under 1 %", "over 99 %", "50 %", "100 %", "0 %"},
		[]string{percent(0, 7), percent(1, 1000), percent(999, 1000), percent(1, 2), percent(3, 3), percent(1, 0)})
	require.Equal(t, "äö…", shorten("äöü", 2))
	require.Equal(t, "12 GB", megabytes(12<<30))
}
