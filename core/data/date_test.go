package data

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestCivilDays(t *testing.T) {
	start := time.Date(0, 1, 1, 0, 0, 0, 0, time.UTC)
	for i := range 3_700_000 / 13 {
		day := start.AddDate(0, 0, 13*i)
		y, m, d := day.Date()
		want := int(day.Unix() / 86400)
		require.Equal(t, want, daysFromCivil(y, int(m), d), day)
		gy, gm, gd := civilFromDays(want)
		if gy != y || gm != int(m) || gd != d {
			require.Failf(t, "wrong date", "%v: got %d-%d-%d", day, gy, gm, gd)
		}
	}
}

func TestParseDate(t *testing.T) {
	day := func(y, m, d int) float64 { return float64(daysFromCivil(y, m, d)) }
	for _, c := range []struct {
		text  string
		order DateOrder
		want  float64
	}{
		{"1970-01-01", DateYMD, 0},
		{"2024-02-29", DateYMD, day(2024, 2, 29)},
		{"2024/2/9", DateYMD, day(2024, 2, 9)},
		{"2024.02.09", DateYMD, day(2024, 2, 9)},
		{"2024-05", DateYMD, day(2024, 5, 1)},
		{"1969-12-31", DateYMD, -1},
		{"2024-01-01T12:00:00Z", DateYMD, day(2024, 1, 1) + 0.5},
		{"2024-01-01 06:00", DateYMD, day(2024, 1, 1) + 0.25},
		{"2024-01-01 06:00:00.000+02:00", DateYMD, day(2024, 1, 1) + 0.25},
		{"2024-01-01 12:00 AM", DateYMD, day(2024, 1, 1)},
		{"31/12/2023", DateDMY, day(2023, 12, 31)},
		{"31.12.23", DateDMY, day(2023, 12, 31)},
		{"1-2-70", DateDMY, day(1970, 2, 1)},
		{"1-2-69", DateDMY, day(2069, 2, 1)},
		{"31 Dec 2023", DateDMY, day(2023, 12, 31)},
		{"31-Dec-23", DateDMY, day(2023, 12, 31)},
		{"3. March 2024", DateDMY, day(2024, 3, 3)},
		{"January 1949", DateDMY, day(1949, 1, 1)},
		{"12/31/2023", DateMDY, day(2023, 12, 31)},
		{"12/31/2023 6:00 PM", DateMDY, day(2023, 12, 31) + 0.75},
		{"Dec 31, 2023", DateMDY, day(2023, 12, 31)},
		{"September 1 2023", DateMDY, day(2023, 9, 1)},
		{"Sept 1 2023", DateMDY, day(2023, 9, 1)},
		{"Sat, 01 Jan 2022", DateDMY, day(2022, 1, 1)},
		{"Wednesday 3 May 2023", DateDMY, day(2023, 5, 3)},
		{"Mon., May 1, 2023", DateMDY, day(2023, 5, 1)},
		{"2024-01-01 06:00:00 CEST", DateYMD, day(2024, 1, 1) + 0.25},
	} {
		got, ok := parseDate([]byte(c.text), c.order)
		require.True(t, ok, c.text)
		require.Equal(t, c.want, got, c.text)
	}
	for _, text := range []string{"", "2024", "20240101", "2023-02-29", "2024-13-01", "2024-00-01", "2024-01-32", "12345-01-01",
		"2024-01-01T25:00", "2024-01-01T10", "2024-01-01x", "2024-01-01 10:00 13 PM", "1.2.3.4.5.6", "foo bar baz", "Janus 1 2024",
		"2024--01-01", "1/2", "2024-01-01 10:61", "2024-01-01 13:00 PM", "Jan Feb 2024", "10:20:30", "3 May", "2024-Jan-Feb",
		"2024-01-01 10:00 +1x", "2024-01-01 10:00 cet", "2024-01-01 10:00 NOWHERE", "Sun 10:20:30", "Satur 1 Jan 2022", "Fri, Jan"} {
		for _, order := range dateOrders {
			_, ok := parseDate([]byte(text), order)
			require.False(t, ok, "%q %s", text, order)
		}
	}
	_, ok := parseDate([]byte("13/12/2023"), DateMDY)
	require.False(t, ok)
}

func TestFormatDate(t *testing.T) {
	for text, want := range map[string]string{"2024-02-29": "2024-02-29", "1950-01-01 06:30": "1950-01-01 06:30"} {
		days, ok := parseDate([]byte(text), DateYMD)
		require.True(t, ok)
		require.Equal(t, want, formatDate(days))
	}
}
