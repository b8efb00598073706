package series

import (
	"strings"

	"github.com/terrarium-ml/terrarium/core/data"
)

// Written tells whether a column that is none of dates to a table names months, quarters,
// weeks or days in another way that is read here: 05/2024, May-24, 202405, 20240531,
// 2024-Q2, 2024-W22, 2024年5月31日. Nine of ten cells must be.
func Written(t *data.Table, column string) bool {
	for i, name := range t.Columns() {
		if name == column {
			return written(t, i)
		}
	}
	return false
}

func written(t *data.Table, col int) bool {
	good, all, years := 0, 0, 0
	for row := range t.Rows() {
		cell := strings.TrimSpace(t.Cell(row, col))
		if cell == "" {
			continue
		}
		all++
		if _, ok := parseWritten(cell); ok {
			good++
			if len(cell) == 4 {
				years++
			}
		} else if all-good > 20 && 10*good < 9*all {
			return false // a long column need not be read to its end
		}
	}
	return good > years && 10*good >= 9*all
}

// parseWritten reads the start of a period in days since 1970-01-01. Years lie in
// 1900 … 2099, those of two digits in 1970 … 2069; weeks are those of ISO 8601.
func parseWritten(cell string) (days float64, ok bool) {
	if !(len(cell) >= 4 && len(cell) <= 32) {
		return 0, false
	}
	if days, ok := parseDigits(cell); ok {
		return days, true
	}
	if days, ok := parseSpan(cell); ok {
		return days, true
	}
	if days, ok := parseNamed(cell); ok {
		return days, true
	}
	return parseMonth(cell)
}

// parseDigits reads a day and a time of it written without anything between: 2024053118,
// 202405311805, 20240531180530, 20240531T180530, and 2024-05-31 18.
func parseDigits(cell string) (float64, bool) {
	if len(cell) < 10 || len(cell) > 16 || cell[0] < '1' || cell[0] > '2' {
		return 0, false
	}
	digits := strings.NewReplacer("T", "", "Z", "").Replace(cell)
	if len(cell) == 13 && cell[4] == '-' && cell[7] == '-' {
		digits = cell[:4] + cell[5:7] + cell[8:10] + cell[11:]
	}
	if n := len(digits); n != 10 && n != 12 && n != 14 {
		return 0, false
	}
	day := whole(digits[:8], 8, 8)
	days, ok := civil(day/10000, day/100%100, day%100)
	var seconds int
	for i, of := range [3]int{3600, 60, 1} {
		if at := 8 + 2*i; at < len(digits) {
			n := whole(digits[at:at+2], 2, 2)
			ok = ok && n >= 0 && n < [3]int{24, 60, 60}[i]
			seconds += n * of
		}
	}
	return days + float64(seconds)/86400, ok
}

// parseSpan reads the first day of a span: 2024-05-27/2024-06-02, 2024-05-27 - 2024-06-02.
func parseSpan(cell string) (float64, bool) {
	if len(cell) < 21 {
		return 0, false
	}
	first, ok := data.ParseDate(cell[:10], data.DateYMD)
	last, also := data.ParseDate(cell[len(cell)-10:], data.DateYMD)
	between := strings.TrimSpace(cell[10 : len(cell)-10])
	return first, ok && also && last >= first && (between == "/" || between == "-" || between == "–" || between == "to")
}

// parseMonth reads the start of a month, quarter, week or day.
func parseMonth(cell string) (days float64, ok bool) {
	if year, rest, found := strings.Cut(cell, "年"); found {
		month, rest, _ := strings.Cut(strings.TrimSpace(rest), "月")
		day := strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(rest), "日"))
		return civil(whole(year, 4, 4), orFirst(month), orFirst(day))
	}
	number := whole(cell, 4, 8)
	switch {
	case number < 0:
	case len(cell) == 4:
		return civil(number, 1, 1)
	case len(cell) == 6:
		return civil(number/100, number%100, 1)
	case len(cell) == 8:
		return civil(number/10000, number/100%100, number%100)
	}
	for i := 1; i < len(cell); i++ { // two parts, with or without something between
		a := cell[:i]
		b := strings.TrimLeft(cell[i:], " -/.")
		if days, ok := twoParts(a, b); ok {
			return days, true
		}
		if b != cell[i:] { // the parts end at the first thing between them
			return 0, false
		}
	}
	return 0, false
}

// twoParts reads a year and what is within it, in either order.
func twoParts(a, b string) (float64, bool) {
	for range 2 {
		year := whole(a, 4, 4)
		if month, named := data.ParseMonth(b); named && year < 0 && len(b) > 2 {
			if y := whole(a, 2, 2); y >= 0 {
				year = y + 1900
				if year < 1970 {
					year += 100
				}
			}
			return civil(year, month, 1)
		} else if named && len(b) > 2 {
			return civil(year, month, 1)
		}
		if year >= 0 && len(b) >= 2 {
			switch n := whole(b[1:], 1, 2); b[0] {
			case 'Q', 'q':
				if n >= 1 && n <= 4 {
					return civil(year, 3*n-2, 1)
				}
			case 'W', 'w':
				return week(year, n)
			case 'M', 'm':
				if n >= 1 && n <= 12 {
					return civil(year, n, 1)
				}
			}
		}
		a, b = b, a
	}
	if month, year := whole(a, 1, 2), whole(b, 4, 4); year >= 0 {
		return civil(year, month, 1) // 05/2024
	}
	return 0, false
}

// whole reads a number of so many digits; −1 if it is none.
func whole(text string, least, most int) int {
	text = strings.TrimSpace(text)
	if len(text) < least || len(text) > most {
		return -1
	}
	n := 0
	for _, c := range []byte(text) {
		if c < '0' || c > '9' {
			return -1
		}
		n = 10*n + int(c-'0')
	}
	return n
}

// orFirst reads a month or a day, the first where there is none.
func orFirst(text string) int {
	if strings.TrimSpace(text) == "" {
		return 1
	}
	return whole(text, 1, 2)
}

// civil returns a date that there is.
func civil(year, month, day int) (float64, bool) {
	if year < 1900 || year > 2099 || month < 1 || month > 12 || day < 1 || day > 31 {
		return 0, false
	}
	days := data.Days(year, month, day)
	if _, m, _ := data.Date(days); m != month {
		return 0, false
	}
	return float64(days), true
}

// week returns the Monday of a week: the first one has the year's first Thursday.
func week(year, n int) (float64, bool) {
	if year < 1900 || year > 2099 || n < 1 || n > 53 {
		return 0, false
	}
	fourth := data.Days(year, 1, 4) // always in the first week
	monday := Weekly.Start(Weekly.Period(float64(fourth)))
	return monday + float64(7*(n-1)), true
}
