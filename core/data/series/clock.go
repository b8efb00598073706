package series

import (
	"math"
	"slices"
	"strings"

	"github.com/terrarium-ml/terrarium/core/data"
)

// Times that stand in several columns, or are counted from 1970.

// Names of columns, in small letters.
var (
	yearNames  = []string{"year", "yr", "date", "jahr", "année", "año", "anno", "ano", "年", "年份"}
	monthNames = []string{"month", "mo", "mnth", "monat", "mois", "mes", "mese", "mês", "月", "月份"}
	dayNames   = []string{"day", "dy", "mday", "day of month", "tag", "jour", "día", "giorno", "dia", "日"}
	clockNames = []string{"time", "hour", "hr", "hh", "time of day", "uhrzeit", "zeit", "stunde", "heure", "hora", "ora", "时间", "时", "小时"}
)

func called(p *data.ColumnProfile, names []string) bool {
	return slices.Contains(names, strings.ToLower(strings.TrimSpace(p.Name)))
}

// wholeWithin tells whether a column is of whole numbers in a range.
func wholeWithin(p *data.ColumnProfile, lo, hi float64) bool {
	return p.Kind == data.KindNumber && !p.Empty && p.Integer && p.Min >= lo && p.Max <= hi
}

// counted returns the length in days of the unit of which so many were counted since
// 1970-01-01: a second, a thousandth, a millionth of it; 0 where the numbers lie outside
// 1973 … 2103.
func counted(p *data.ColumnProfile) float64 {
	if p.Kind != data.KindNumber {
		return 0
	}
	for _, perDay := range []float64{86400, 86400e3, 86400e6} {
		if p.Min >= 1157*perDay && p.Max <= 48578*perDay {
			return perDay
		}
	}
	return 0
}

// findCounted looks for a column of times that are counted: one that is called so, or the
// first one, if it only ascends or descends.
func findCounted(t *data.Table, profiles []data.ColumnProfile) string {
	for i, p := range profiles {
		if counted(&p) == 0 || p.Distinct < 3 {
			continue
		}
		name := strings.ToLower(p.Name)
		for _, part := range []string{"time", "date", "epoch", "unix", "stamp", "zeit", "时间"} {
			if strings.Contains(name, part) {
				return p.Name
			}
		}
		if name == "ts" || name == "t" || name == "ds" || i == 0 && p.Missing == 0 && oneWay(t, p.Name) {
			return p.Name
		}
	}
	return ""
}

// oneWay tells whether each number of a column is above the one before, or each below it.
func oneWay(t *data.Table, column string) bool {
	v, err := t.Values(column)
	if err != nil || len(v) < 3 {
		return false
	}
	up := v[1] > v[0]
	for i := 1; i < len(v); i++ {
		if v[i] == v[i-1] || v[i] > v[i-1] != up {
			return false
		}
	}
	return true
}

// clock reads a time of day as a fraction: an hour, or 18:05, 18.05.30, 6 PM.
func clock(cell string) (float64, bool) {
	cell = strings.TrimSpace(cell)
	if h := whole(cell, 1, 2); h >= 0 {
		return float64(h) / 24, h <= 24
	}
	if strings.Count(cell, ".") == 2 && !strings.Contains(cell, ":") {
		cell = strings.ReplaceAll(cell, ".", ":")
	}
	return data.ParseTime(cell)
}

// findClock looks for the column of times of day beside one of dates that come again.
func findClock(t *data.Table, profiles []data.ColumnProfile, c *Columns) string {
	for i, p := range profiles {
		if p.Name == c.Date || p.Name == c.Month || p.Name == c.Day || p.Empty {
			continue
		}
		named := called(&p, clockNames)
		if p.Kind == data.KindNumber && !(named && wholeWithin(&p, 0, 24)) {
			continue
		}
		if tellsTime(t, i, named) {
			return p.Name
		}
	}
	return ""
}

// tellsTime tells whether nine of ten cells are times of day; hours alone only where the
// column is called so.
func tellsTime(t *data.Table, col int, named bool) bool {
	good, all := 0, 0
	for row := range t.Rows() {
		cell := strings.TrimSpace(t.Cell(row, col))
		if cell == "" {
			continue
		}
		all++
		if _, ok := clock(cell); ok && (named || strings.Contains(cell, ":")) {
			good++
		}
		if all == 100 && good == 0 {
			return false
		}
	}
	return all > 0 && 10*good >= 9*all
}

// addClock adds a column of times of day to days.
func addClock(t *data.Table, col int, days []float64) {
	for row := range days {
		fraction, ok := clock(t.Cell(row, col))
		if days[row] = math.Floor(days[row]) + fraction; !ok {
			days[row] = math.NaN()
		}
	}
}

// Order returns the order of day and month that makes a column of dates the more regular,
// where both are possible: the first of each month is 01/01, 01/02 … in one country, 01/01,
// 02/01 … in another. It is "" where there is nothing to choose, or no difference.
func Order(t *data.Table, column string) data.DateOrder {
	col, open := -1, false
	profile := t.Profile()
	for i, p := range profile.Columns {
		if p.Name == column && p.Kind == data.KindDate {
			col = i
		}
	}
	for _, n := range profile.Notices {
		open = open || n.Code == data.NoticeDateOrder && n.Column == column
	}
	if col < 0 || !open {
		return ""
	}
	share := func(order data.DateOrder) float64 {
		var days []float64
		for row := range t.Rows() {
			if d, ok := data.ParseDate(strings.TrimSpace(t.Cell(row, col)), order); ok {
				days = append(days, d)
			}
		}
		slices.Sort(days)
		_, share := guess([][]float64{slices.Compact(days)})
		return share
	}
	if share(data.DateMDY) > share(data.DateDMY) {
		return data.DateMDY
	}
	return ""
}
