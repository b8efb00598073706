package data

import (
	"math"
	"strings"
)

// Values returns the numbers of a column of numbers, or the days of one of dates (as
// Input has them), one a row: NaN where there is none. It fails with code "option" for
// a column that the table does not have, or of another kind.
func (t *Table) Values(column string) ([]float64, error) {
	c, err := t.find(column)
	if err != nil {
		return nil, err
	}
	if c.kind != KindNumber && c.kind != KindDate {
		return nil, optionError(column, "%s is %s, want a column of numbers or dates. Choose another one, or correct its kind.", quoted(column), kindName(c.kind))
	}
	values := make([]float64, t.store.rows)
	for row := range values {
		if v, ok := t.value(c, row); ok {
			values[row] = v
		} else {
			values[row] = math.NaN()
		}
	}
	return values, nil
}

// ValuesAt is Values of some rows, in their order.
func (t *Table) ValuesAt(column string, rows []int, progress Progress) ([]float64, error) {
	c, err := t.find(column)
	if err != nil {
		return nil, err
	}
	if c.kind != KindNumber && c.kind != KindDate {
		return nil, optionError(column, "%s is %s, want a column of numbers or dates. Choose another one, or correct its kind.", quoted(column), kindName(c.kind))
	}
	values := make([]float64, len(rows))
	for i, row := range rows {
		if row < 0 || row >= t.store.rows {
			return nil, optionError(column, "rows must be from 0 to %d, got %d", t.store.rows-1, row)
		}
		values[i] = math.NaN()
		if v, ok := t.value(c, row); ok {
			values[i] = v
		}
		if i%tellEvery == 0 {
			if err := progress.tell(int64(i), int64(len(rows))); err != nil {
				return nil, err
			}
		}
	}
	return values, nil
}

// ParseMonth reads an English month's name, or its first letters, as 1 … 12.
func ParseMonth(text string) (month int, ok bool) {
	value, length, name := datePart([]byte(text))
	return value, name && length == len(text)
}

// ParseDate reads a cell as days since 1970-01-01, with the time of day as a fraction.
func ParseDate(cell string, order DateOrder) (days float64, ok bool) {
	return parseDate([]byte(cell), order)
}

// ParseNumber reads a cell as a finite number, with a decimal point.
func ParseNumber(cell string) (v float64, ok bool) {
	return parseNumber([]byte(strings.TrimSpace(cell)), false)
}

// ParseTime reads a time of day, such as 18:05, 18:05:30 or 6:05 PM, as a fraction of a day.
func ParseTime(cell string) (fraction float64, ok bool) {
	if cell == "" {
		return 0, false
	}
	return parseTime(append([]byte{' '}, cell...))
}

// Days counts the days from 1970-01-01 to a day of the proleptic Gregorian calendar,
// from the year 0 on.
func Days(year, month, day int) int { return daysFromCivil(year, month, day) }

// Date is the inverse of Days.
func Date(days int) (year, month, day int) { return civilFromDays(days) }

// FormatDate writes days since 1970-01-01 as 2024-01-31, with the time of day where
// there is one.
func FormatDate(days float64) string { return formatDate(days) }
