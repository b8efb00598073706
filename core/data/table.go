package data

import (
	"slices"

	"github.com/terrarium-ml/terrarium/core/tensor"
)

// A Table is the text of a delimited file: rows, and named columns of equal length.
// It is used by one goroutine at a time.
type Table struct {
	store    storage
	plain    bool // QuotesPlain: quotes around a field are taken off when it is read
	maxBytes int64
	kept     int64 // bytes beside the text, see keep
	columns  []*column
	profile  Profile // without its columns

	ragged    []raggedRow // the first lines of another length
	odd       int         // how many there are in all
	oddFitted bool        // they were filled up or cut, not left out
}

// A column is what is known about one column beyond its text.
type column struct {
	name    string
	index   int
	facts   facts
	kind    Kind
	profile ColumnProfile
	notices []Notice

	// What the cells were read as; nil where there was no room to keep it.
	numbers []float64   // of each row, as parseNumber reads it; NaN where there is none
	words   *dictionary // all words, none without a place
}

func newColumns(names []string) []*column {
	columns := make([]*column, len(names))
	for i, name := range names {
		columns[i] = &column{name: name, index: i}
	}
	return columns
}

// Rows returns the number of rows, the header not counted.
func (t *Table) Rows() int { return t.store.rows }

// Columns returns the names of the columns, all different.
func (t *Table) Columns() []string {
	names := make([]string, len(t.columns))
	for i, c := range t.columns {
		names[i] = c.name
	}
	return names
}

// Cell returns the text of a cell (row from 0), spaces around it removed.
func (t *Table) Cell(row, col int) string { return string(t.cell(row, col)) }

func (t *Table) cell(row, col int) []byte { return t.store.cell(row, col, t.plain) }

// scan gives the cells of a column, row by row.
func (t *Table) scan(col int) scanner { return t.store.scan(col, t.plain) }

// Line returns the line of the file, from 1, on which a row begins.
func (t *Table) Line(row int) int { return t.store.line(row) }

// Profile describes the table and its columns.
func (t *Table) Profile() Profile {
	p := t.profile
	p.Notices = slices.Clone(p.Notices)
	p.Columns = make([]ColumnProfile, len(t.columns))
	for i, c := range t.columns {
		p.Columns[i] = c.profile
		p.Notices = append(p.Notices, c.notices...)
	}
	p.MemoryBytes = t.memory()
	p.Target = t.guessTarget()
	return p
}

// find returns the column of a name.
func (t *Table) find(name string) (*column, error) {
	for _, c := range t.columns {
		if c.name == name {
			return c, nil
		}
	}
	e := tensor.Errorf(tensor.CodeOption, "The table has no column %s. It has %s.", quoted(name), brief(t.Columns()))
	e.Column = name
	return nil, e
}

// describe looks at every column. Reading the file was the first half of the work that
// progress is told, size units of it.
func (t *Table) describe(progress Progress, size int64) error {
	work := newScratch(t.store.rows)
	cells := 2 * float64(t.store.rows) * float64(len(t.columns)) // each is looked at twice
	for _, c := range t.columns {
		passed := 2 * float64(c.index) * float64(t.store.rows)
		work.tell = func(rows int) error {
			return progress.tell(size+int64(float64(size)*(passed+float64(rows))/cells), 2*size)
		}
		if err := t.observe(c, work); err != nil {
			return err
		}
		c.kind = c.facts.infer(c.name)
		passed += float64(t.store.rows)
		if err := t.profileColumn(c, work); err != nil {
			return err
		}
	}
	return progress.tell(2*size, 2*size)
}

// SetKind corrects the kind of a column and describes it anew. It fails where no cell
// of the column can be read as that kind.
func (t *Table) SetKind(column string, kind Kind, progress Progress) error {
	c, err := t.find(column)
	if err != nil {
		return err
	}
	if !slices.Contains(Kinds, kind) {
		return optionError(column, "The kind of a column must be one of %q, got %q.", Kinds, kind)
	}
	return t.describeAs(c, kind, c.facts.order, progress)
}

// SetDateOrder corrects the order of day and month of a column of dates.
func (t *Table) SetDateOrder(column string, order DateOrder, progress Progress) error {
	c, err := t.find(column)
	if err != nil {
		return err
	}
	if order != DateYMD && order != DateDMY && order != DateMDY {
		return optionError(column, "The order of a date must be ymd, dmy or mdy, got %q.", order)
	}
	return t.describeAs(c, KindDate, order, progress)
}

// describeAs describes a column as a kind, or leaves it as it was.
func (t *Table) describeAs(c *column, kind Kind, order DateOrder, progress Progress) error {
	next := *c
	next.kind, next.facts.order, next.notices = kind, order, nil
	next.facts.orderOpen = false
	work := newScratch(t.store.rows)
	work.tell = func(rows int) error { return progress.tell(int64(rows), int64(t.store.rows)) }
	if err := t.profileColumn(&next, work); err != nil {
		return err
	}
	if next.profile.Empty && !c.profile.Empty {
		return dataError(c.name, "No cell of %s can be read as a %s. The first value is %s.", quoted(c.name), kind, quoted(t.firstValue(c)))
	}
	if kind == KindBoolean && next.profile.Distinct > 2 {
		return dataError(c.name, "%s has %d different values; a boolean has two. Make it a category.", quoted(c.name), next.profile.Distinct)
	}
	*c = next
	return nil
}

// firstValue returns the first cell of a column that is not missing.
func (t *Table) firstValue(c *column) string {
	for row := range t.store.rows {
		if cell := t.cell(row, c.index); !isMissing(cell) {
			return string(cell)
		}
	}
	return ""
}

func optionError(column, format string, args ...any) *tensor.Error {
	e := tensor.Errorf(tensor.CodeOption, format, args...)
	e.Column = column
	return e
}

func dataError(column, format string, args ...any) *tensor.Error {
	e := tensor.Errorf(tensor.CodeData, format, args...)
	e.Column = column
	return e
}
