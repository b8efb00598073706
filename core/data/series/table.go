package series

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/terrarium-ml/terrarium/core/data"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// Columns names the columns of a table that make a series.
type Columns struct {
	Date   string   `json:"date"`            // of dates; or of years, as numbers
	Month  string   `json:"month,omitzero"`  // beside years: of months, as English names or numbers; "" if the date has them
	Day    string   `json:"day,omitzero"`    // beside months: of days, as numbers
	Time   string   `json:"time,omitzero"`   // of times of day: hours, or like 18:05; "" if the date has them
	Values []string `json:"values"`          // of numbers
	Key    string   `json:"key,omitzero"`    // tells several series apart; "" for one
	Reason string   `json:"reason,omitzero"` // why these, in plain language
}

// Find looks for the columns of a series: the first column of dates, or one that is Written,
// or one of seconds since 1970, or one of years (with one of months and one of days, if there are any);
// where dates come again, a column of times of day; all columns of numbers; and, where dates still come
// again, the first column whose words, or few whole numbers, make them single. It fails with code "data"
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
		if c.Date = findCounted(t, profile.Columns); c.Date != "" {
			c.Reason = fmt.Sprintf("“%s” holds the time, counted from 1970.", c.Date)
		}
	}
	if c.Date == "" {
		findYears(t, profile.Columns, &c)
	}
	if c.Date == "" && acrossColumns(t.Columns()) {
		return c, tensor.Errorf(tensor.CodeData, "The dates are the names of the columns. Turn the table in a spreadsheet, so that each date has a row: first a column of dates, then one of numbers for each series.")
	}
	if c.Date == "" {
		return c, tensor.Errorf(tensor.CodeData, "No column of dates was found. A series needs one, like 2024-05-31 or 2024-05, or a column of years.")
	}
	days, err := moments(t, c)
	if err != nil {
		return c, err
	}
	if !single(t, days, -1) {
		if c.Time = findClock(t, profile.Columns, &c); c.Time != "" {
			c.Reason += fmt.Sprintf(" “%s” holds the time of day.", c.Time)
		}
	}
	for _, p := range profile.Columns {
		if !c.dates(p.Name) && p.Kind == data.KindNumber && !p.Empty {
			c.Values = append(c.Values, p.Name)
		}
	}
	if len(c.Values) == 0 {
		return c, tensor.Errorf(tensor.CodeData, "Beside the dates in “%s” there is no column of numbers to forecast.", c.Date)
	}
	return c, findKey(t, profile.Columns, &c)
}

// acrossColumns tells whether most columns are called by a date or a year.
func acrossColumns(names []string) bool {
	dates := 0
	for _, name := range names {
		_, ok := parseWritten(strings.TrimSpace(name))
		if !ok {
			_, ok = data.ParseDate(name, data.DateYMD)
		}
		if ok {
			dates++
		}
	}
	return dates > 2 && 2*dates > len(names)
}

// findYears looks for a column of years, and one of months.
func findYears(t *data.Table, profiles []data.ColumnProfile, c *Columns) {
	for i, p := range profiles {
		named := called(&profiles[i], yearNames)
		each := p.Missing == 0 && p.Max-p.Min == float64(t.Rows()-1) && t.Rows() > 2 && yearByYear(t, i)
		if p.Kind == data.KindNumber && p.Integer && p.Min >= 1000 && p.Max < 3000 && (each || named) {
			c.Date = p.Name
			c.Reason = fmt.Sprintf("“%s” holds years.", p.Name)
			break
		}
	}
	if c.Date == "" {
		return
	}
	for i, p := range profiles {
		numbers := wholeWithin(&p, 1, 12) && called(&p, monthNames)
		if p.Name != c.Date && (numbers || namesMonths(t, i)) {
			c.Month = p.Name
			c.Reason = fmt.Sprintf("“%s” holds years and “%s” months.", c.Date, p.Name)
			break
		}
	}
	for _, p := range profiles {
		if c.Month != "" && p.Name != c.Month && wholeWithin(&p, 1, 31) && called(&p, dayNames) {
			c.Day = p.Name
			c.Reason = fmt.Sprintf("“%s” holds years, “%s” months and “%s” days.", c.Date, c.Month, p.Name)
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

// dates tells whether a column is part of the date.
func (c *Columns) dates(name string) bool {
	return name == c.Date || name != "" && (name == c.Month || name == c.Day || name == c.Time)
}

// single tells whether no moment comes again, together with the cells of a column; -1 is none.
func single(t *data.Table, days []float64, col int) bool {
	type moment struct {
		days float64
		key  string
	}
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

// mostKeys is how many different whole numbers may be those of series.
const mostKeys = 1000

// findKey looks for the column that tells series apart.
func findKey(t *data.Table, profiles []data.ColumnProfile, c *Columns) error {
	days, err := moments(t, *c)
	if err != nil || single(t, days, -1) {
		return err
	}
	take := func(i int) {
		c.Key = profiles[i].Name
		c.Reason += fmt.Sprintf(" Dates come again, once for each of “%s”, so each is a series of its own.", c.Key)
		c.Values = slices.DeleteFunc(c.Values, func(name string) bool { return name == c.Key })
	}
	for i, p := range profiles {
		if !c.dates(p.Name) && (p.Kind == data.KindCategory || p.Kind == data.KindBoolean) && single(t, days, i) {
			take(i)
			return nil
		}
	}
	different := make(map[float64]bool, len(days))
	for _, d := range days {
		different[d] = true
	}
	// Numbers of shops: few, and nearly each has every date.
	for i, p := range profiles {
		few := p.Integer && !p.Many && p.Distinct > 1 && p.Distinct <= mostKeys && 10*t.Rows() >= 6*p.Distinct*len(different)
		if !c.dates(p.Name) && p.Kind == data.KindNumber && few && len(c.Values) > 1 && single(t, days, i) {
			take(i)
			return nil
		}
	}
	return nil
}

// moments reads the dates of the rows, with the times of day of another column.
func moments(t *data.Table, c Columns) ([]float64, error) {
	days, err := calendar(t, c)
	if err != nil || c.Time == "" {
		return days, err
	}
	col := slices.Index(t.Columns(), c.Time)
	if col < 0 {
		e := tensor.Errorf(tensor.CodeOption, "The table has no column “%s” of times of day. It has %q.", c.Time, t.Columns())
		e.Column = c.Time
		return nil, e
	}
	addClock(t, col, days)
	return days, nil
}

// calendar reads the dates of the rows.
func calendar(t *data.Table, c Columns) ([]float64, error) {
	if days := writtenMoments(t, c); days != nil {
		return days, nil
	}
	kinds := t.Profile().Columns
	names := t.Columns()
	month := -1
	if c.Month != "" {
		month = slices.Index(names, c.Month)
	}
	day := -1
	if c.Day != "" {
		day = slices.Index(names, c.Day)
	}
	date := slices.Index(names, c.Date)
	numbers := date >= 0 && kinds[date].Kind == data.KindNumber
	if c.Month != "" && (month < 0 || !numbers) || c.Day != "" && (day < 0 || month < 0) {
		e := tensor.Errorf(tensor.CodeOption, "The months in “%s” need a column of years beside them, and must be a column of the table.", c.Month)
		e.Column = c.Month
		return nil, e
	}
	days, err := t.Values(c.Date)
	if err != nil || !numbers {
		return days, err
	}
	if unit := counted(&kinds[date]); unit > 0 && month < 0 {
		for row := range days {
			days[row] /= unit
		}
		return days, nil
	}
	for row, year := range days {
		m, d := 1, 1
		if month >= 0 {
			m = monthIn(t.Cell(row, month))
		}
		if day >= 0 {
			d = numberIn(t.Cell(row, day))
		}
		days[row] = math.NaN()
		if year >= 0 && year <= 9999 && year == math.Floor(year) && m >= 1 && m <= 12 && d >= 1 {
			at := data.Days(int(year), m, d)
			if _, same, _ := data.Date(at); same == m && d <= 31 {
				days[row] = float64(at)
			}
		}
	}
	return days, nil
}

// monthIn reads a month's number or name; -1 for none.
func monthIn(cell string) int {
	if n, ok := data.ParseMonth(strings.TrimSpace(cell)); ok {
		return n
	}
	return numberIn(cell)
}

// numberIn reads a small whole number; -1 for anything else.
func numberIn(cell string) int {
	if v, ok := data.ParseNumber(cell); ok && v == math.Floor(v) && v >= 0 && v < 100 {
		return int(v)
	}
	return -1
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
