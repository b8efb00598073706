package series

import (
	"fmt"
	"math"
	"strings"

	"github.com/terrarium-ml/terrarium/core/data"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// Columns names the columns of a table that make a series.
type Columns struct {
	Date   string   `json:"date"`            // of dates; or of years, as numbers
	Month  string   `json:"month,omitzero"`  // beside years: of months, as English names or numbers; "" if the date has them
	Values []string `json:"values"`          // of numbers
	Key    string   `json:"key,omitzero"`    // tells several series apart; "" for one
	Reason string   `json:"reason,omitzero"` // why these, in plain language
}

// Find looks for the columns of a series: the first column of dates, or one that is Written,
// or one of years (with one of months, if there is any); all columns of numbers; and, where dates come
// again, the first column whose words make them single. It fails with code "data"
// where there is no date or no number.
func Find(t *data.Table) (Columns, error) {
	var c Columns
	profile := t.Profile()
	for _, p := range profile.Columns {
		if p.Kind == data.KindDate {
			c.Date = p.Name
			c.Reason = fmt.Sprintf("“%s” holds the dates.", p.Name)
			break
		}
	}
	for i, p := range profile.Columns {
		if c.Date == "" && written(t, i) {
			c.Date = p.Name
			c.Reason = fmt.Sprintf("“%s” holds the time.", p.Name)
		}
	}
	if c.Date == "" {
		findYears(t, profile.Columns, &c)
	}
	if c.Date == "" {
		return c, tensor.Errorf(tensor.CodeData, "No column of dates was found. A series needs one, like 2024-05-31 or 2024-05, or a column of years.")
	}
	for _, p := range profile.Columns {
		if p.Name != c.Date && p.Name != c.Month && p.Kind == data.KindNumber && !p.Empty {
			c.Values = append(c.Values, p.Name)
		}
	}
	if len(c.Values) == 0 {
		return c, tensor.Errorf(tensor.CodeData, "Beside the dates in “%s” there is no column of numbers to forecast.", c.Date)
	}
	return c, findKey(t, profile.Columns, &c)
}

// findYears looks for a column of years, and one of months.
func findYears(t *data.Table, profiles []data.ColumnProfile, c *Columns) {
	for i, p := range profiles {
		name := strings.ToLower(p.Name)
		each := p.Missing == 0 && p.Max-p.Min == float64(t.Rows()-1) && t.Rows() > 2 && yearByYear(t, i)
		if p.Kind == data.KindNumber && p.Integer && p.Min >= 1000 && p.Max < 3000 && (each || name == "year" || name == "yr" || name == "date") {
			c.Date = p.Name
			c.Reason = fmt.Sprintf("“%s” holds years.", p.Name)
			break
		}
	}
	if c.Date == "" {
		return
	}
	for i, p := range profiles {
		numbers := p.Kind == data.KindNumber && p.Integer && p.Min >= 1 && p.Max <= 12 && strings.EqualFold(p.Name, "month")
		if p.Name != c.Date && (numbers || namesMonths(t, i)) {
			c.Month = p.Name
			c.Reason = fmt.Sprintf("“%s” holds years and “%s” months.", c.Date, p.Name)
			return
		}
	}
}

// yearByYear tells whether each row is one more, or one less, than the one before.
func yearByYear(t *data.Table, col int) bool {
	step := 0
	for row := 1; row < t.Rows(); row++ {
		d := whole(t.Cell(row, col), 4, 4) - whole(t.Cell(row-1, col), 4, 4)
		if d*d != 1 || step != 0 && d != step {
			return false
		}
		step = d
	}
	return true
}

// namesMonths tells whether each cell of a column names a month.
func namesMonths(t *data.Table, col int) bool {
	for row := range t.Rows() {
		if _, ok := data.ParseMonth(t.Cell(row, col)); !ok {
			return false
		}
	}
	return t.Rows() > 0
}

// findKey looks for the column that tells series apart.
func findKey(t *data.Table, profiles []data.ColumnProfile, c *Columns) error {
	days, err := moments(t, *c)
	if err != nil {
		return err
	}
	type moment struct {
		days float64
		key  string
	}
	single := func(col int) bool {
		seen := make(map[moment]bool, len(days))
		for row, d := range days {
			m := moment{days: d}
			if col >= 0 {
				m.key = t.Cell(row, col)
			}
			if seen[m] {
				return false
			}
			seen[m] = d == d
		}
		return true
	}
	if single(-1) {
		return nil
	}
	for i, p := range profiles {
		if p.Name != c.Date && p.Name != c.Month && (p.Kind == data.KindCategory || p.Kind == data.KindBoolean) && single(i) {
			c.Key = p.Name
			c.Reason += fmt.Sprintf(" Dates come again, once for each of “%s”, so each is a series of its own.", p.Name)
			return nil
		}
	}
	return nil
}

// moments reads the dates of the rows.
func moments(t *data.Table, c Columns) ([]float64, error) {
	if days := writtenMoments(t, c); days != nil {
		return days, nil
	}
	days, err := t.Values(c.Date)
	if err != nil {
		return nil, err
	}
	kinds := t.Profile().Columns
	numbers, month := false, -1
	for i, p := range kinds {
		if p.Name == c.Date {
			numbers = p.Kind == data.KindNumber
		}
		if c.Month != "" && p.Name == c.Month {
			month = i
		}
	}
	if c.Month != "" && (month < 0 || !numbers) {
		e := tensor.Errorf(tensor.CodeOption, "The months in “%s” need a column of years beside them, and must be a column of the table.", c.Month)
		e.Column = c.Month
		return nil, e
	}
	if !numbers {
		return days, nil
	}
	var of []float64
	if month >= 0 && kinds[month].Kind == data.KindNumber {
		if of, err = t.Values(c.Month); err != nil {
			return nil, err
		}
	}
	for row, year := range days {
		m := 1.0
		switch {
		case of != nil:
			m = of[row]
		case month >= 0:
			n, _ := data.ParseMonth(t.Cell(row, month))
			m = float64(n)
		}
		if !(year >= 0 && year <= 9999 && year == math.Floor(year) && m >= 1 && m <= 12 && m == math.Floor(m)) {
			days[row] = math.NaN()
			continue
		}
		days[row] = float64(data.Days(int(year), int(m), 1))
	}
	return days, nil
}

// writtenMoments reads a column of dates that is Written; nil where it is not.
func writtenMoments(t *data.Table, c Columns) []float64 {
	for i, p := range t.Profile().Columns {
		if p.Name != c.Date || p.Kind == data.KindDate || c.Month != "" || !written(t, i) {
			continue
		}
		days := make([]float64, t.Rows())
		for row := range days {
			d, ok := parseWritten(strings.TrimSpace(t.Cell(row, i)))
			if days[row] = d; !ok {
				days[row] = math.NaN()
			}
		}
		return days
	}
	return nil
}

// FromTable reads columns of a table. It fails with code "option" for columns that the
// table does not have or that are of another kind.
func FromTable(t *data.Table, c Columns) (*Raw, error) {
	days, err := moments(t, c)
	if err != nil {
		return nil, err
	}
	r := &Raw{Days: days, Names: c.Values}
	for _, name := range c.Values {
		v, err := t.Values(name)
		if err != nil {
			return nil, err
		}
		r.Values = append(r.Values, v)
	}
	if c.Key == "" {
		return r, nil
	}
	for i, name := range t.Columns() {
		if name == c.Key {
			r.Keys = make([]string, t.Rows())
			for row := range r.Keys {
				r.Keys[row] = t.Cell(row, i)
			}
			return r, nil
		}
	}
	e := tensor.Errorf(tensor.CodeOption, "The table has no column “%s” that could tell series apart. It has %q.", c.Key, t.Columns())
	e.Column = c.Key
	return nil, e
}
