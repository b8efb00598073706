package data

// What the cells of a column were read as is kept beside their text, where there is
// room: then nothing parses the text a second time. What is kept does not depend on
// the kind that the column is given.

// keptShare is the part of the memory allowed, 1/keptShare, up to which a table keeps
// more than its text.
const keptShare = 4

// keep reserves memory, or says that there is none to spare.
func (t *Table) keep(bytes int) bool {
	if t.memory()+int64(bytes) > t.maxBytes/keptShare {
		return false
	}
	t.kept += int64(bytes)
	return true
}

// memory returns the bytes that the table takes.
func (t *Table) memory() int64 { return t.store.memory() + t.kept }

// value reads a cell of a column of numbers or dates; false where there is none.
func (t *Table) value(c *column, row int) (float64, bool) {
	if c.numbers != nil && c.kind == KindNumber {
		v := c.numbers[row]
		return v, v == v
	}
	cell := t.cell(row, c.index)
	if isMissing(cell) {
		return 0, false
	}
	return t.parseValue(c, cell)
}

// A rawReader reads the raw values of an input from a column: from what was kept of it,
// or from its text.
type rawReader struct {
	numbers []float64
	offset  float64
	code    []int32
	words   []float32 // of each word

	pipeline *Pipeline
	input    int
	table    *Table
	col      int
}

// reader returns what reads input i from a column.
func (p *Pipeline) reader(t *Table, i int, c *column) rawReader {
	in := &p.Inputs[i]
	r := rawReader{pipeline: p, input: i, table: t, col: c.index}
	switch {
	case in.Kind == KindNumber && c.numbers != nil && in.DecimalComma == t.profile.Dialect.DecimalComma:
		r.numbers, r.offset = c.numbers, in.Offset
	case c.words != nil:
		r.code, r.words = c.words.code, make([]float32, len(c.words.words))
		for k, w := range c.words.words {
			r.words[k], _ = p.parse(i, []byte(w))
		}
	}
	return r
}

// read returns the raw value of a row: NaN where it is missing or cannot be read.
func (r *rawReader) read(row int) float32 {
	switch {
	case r.numbers != nil:
		v, _ := rawNumber(r.numbers[row]-r.offset, true)
		return v
	case r.code != nil:
		if k := r.code[row]; k >= 0 {
			return r.words[k]
		}
		return notANumber
	}
	v, _ := r.pipeline.parse(r.input, r.table.cell(row, r.col))
	return v
}
