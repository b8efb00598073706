package data

import (
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/terrarium-ml/terrarium/core/tensor"
)

// notANumber stands for a missing or unknown value in a raw row.
var notANumber = float32(math.NaN())

// parse reads a trimmed cell as the raw value of input i: NaN where it is missing or
// unknown. ok is false where it is a text that the input cannot read.
func (p *Pipeline) parse(i int, cell []byte) (raw float32, ok bool) {
	in := &p.Inputs[i]
	if isMissing(cell) {
		return notANumber, true
	}
	switch in.Kind {
	case KindNumber:
		v, ok := parseNumber(cell, in.DecimalComma)
		return rawNumber(v-in.Offset, ok)
	case KindDate:
		v, ok := parseDate(cell, in.DateOrder)
		return rawNumber(v, ok)
	}
	k, ok := p.category(i, cell)
	if !ok {
		return notANumber, true
	}
	return float32(k), true
}

// rawNumber converts to float32; what has no finite float32 cannot be read.
func rawNumber(v float64, ok bool) (float32, bool) {
	if !ok || !(math.Abs(v) <= math.MaxFloat32) {
		return notANumber, false
	}
	return float32(v), true
}

// category finds a word among the categories of input i: as it is, as the same yes or
// no, in other capitals, or as Other.
func (p *Pipeline) category(i int, cell []byte) (int, bool) {
	in := &p.Inputs[i]
	if k, ok := p.index[i][string(cell)]; ok {
		return k, true
	}
	if in.Kind == KindBoolean {
		if k, ok := sameBoolean(in.Categories, cell); ok {
			return k, true
		}
	}
	for k, c := range in.Categories {
		if len(c) == len(cell) && strings.EqualFold(c, string(cell)) {
			return k, true
		}
	}
	if in.Other != "" {
		return p.index[i][in.Other], true
	}
	return 0, false
}

// sameBoolean finds the category that means the same yes or no as the cell.
func sameBoolean(categories []string, cell []byte) (int, bool) {
	value, ok := truth(cell)
	if !ok {
		return 0, false
	}
	for k, c := range categories {
		if v, ok := truth([]byte(c)); ok && v == value {
			return k, true
		}
	}
	return 0, false
}

// truth reads yes or no from a cell: 1 or 0.
func truth(cell []byte) (int, bool) {
	if _, value, ok := booleanWord(cell); ok {
		return value, true
	}
	if v, ok := parseNumber(cell, false); ok && (v == 0 || v == 1) {
		return int(v), true
	}
	return 0, false
}

// ParseRow reads the text of a form into a new raw row. Missing names and empty texts
// are missing values; a name that no input has, and a text that its input cannot read,
// are errors that say what is wanted.
func (p *Pipeline) ParseRow(values map[string]string) ([]float32, error) {
	row := make([]float32, len(p.Inputs))
	found := 0
	for i := range p.Inputs {
		in := &p.Inputs[i]
		text, given := values[in.Name]
		if given {
			found++
		}
		raw, ok := p.parse(i, []byte(strings.TrimSpace(text)))
		if !ok {
			return nil, in.cannotRead(text)
		}
		row[i] = raw
	}
	if found < len(values) {
		for _, name := range slices.Sorted(maps.Keys(values)) {
			if p.find(name) < 0 {
				return nil, optionError(name, "The model has no input %s. Its inputs are %s.", quoted(name), brief(p.InputNames()))
			}
		}
	}
	return row, nil
}

func (in *Input) cannotRead(text string) *tensor.Error {
	want := "a number such as " + in.Default
	if in.Kind == KindDate {
		want = "a date such as " + in.Default
	}
	return dataError(in.Name, "%s needs %s, got %s.", quoted(in.Name), want, quoted(text))
}

// InputNames returns the names of the inputs, in the order of a raw row.
func (p *Pipeline) InputNames() []string {
	names := make([]string, len(p.Inputs))
	for i := range p.Inputs {
		names[i] = p.Inputs[i].Name
	}
	return names
}

func (p *Pipeline) find(name string) int {
	for i := range p.Inputs {
		if p.Inputs[i].Name == name {
			return i
		}
	}
	return -1
}

// RawRow returns row i of a table as a raw row: what the form shows to try it. A text
// that an input cannot read is missing.
func (p *Pipeline) RawRow(t *Table, i int) ([]float32, error) {
	columns, err := p.locate(t)
	if err != nil {
		return nil, err
	}
	row := make([]float32, len(p.Inputs))
	p.rawRow(t, columns, i, row)
	return row, nil
}

// locate finds the table's column for each input.
func (p *Pipeline) locate(t *Table) ([]int, error) {
	columns := make([]int, len(p.Inputs))
	byName := make(map[string]int, len(t.columns))
	for _, c := range t.columns {
		byName[c.name] = c.index
	}
	for i := range p.Inputs {
		index, ok := byName[p.Inputs[i].Name]
		if !ok {
			return nil, dataError(p.Inputs[i].Name, "The table has no column %s, which the model needs. It has %s.", quoted(p.Inputs[i].Name), brief(t.Columns()))
		}
		columns[i] = index
	}
	return columns, nil
}

func (p *Pipeline) rawRow(t *Table, columns []int, row int, dst []float32) {
	for i, col := range columns {
		dst[i], _ = p.parse(i, t.cell(row, col))
	}
}

// EncodeTable encodes every row of another table with the same columns (in any order,
// further ones ignored): X has shape [rows, Features()].
func (p *Pipeline) EncodeTable(t *Table, progress Progress) (*tensor.Tensor, error) {
	rows := make([]int, t.Rows())
	for i := range rows {
		rows[i] = i
	}
	columns, err := p.locate(t)
	if err != nil {
		return nil, err
	}
	if err := t.checkMemory(len(rows), p.Features()); err != nil {
		return nil, err
	}
	return p.encodeRows(t, columns, rows, func(done int) error { return progress.tell(int64(done), int64(len(rows))) })
}

// encodeRows encodes the given rows of the table.
func (p *Pipeline) encodeRows(t *Table, columns, rows []int, tell func(done int) error) (*tensor.Tensor, error) {
	x := tensor.New(len(rows), p.Features())
	raw := make([]float32, len(p.Inputs))
	readers := make([]rawReader, len(columns))
	for i, col := range columns {
		readers[i] = p.reader(t, i, t.columns[col])
	}
	every := max(1, tellEvery/max(1, p.Features()))
	for i, row := range rows {
		if i%every == 0 {
			if err := tell(i); err != nil {
				return nil, err
			}
		}
		for k := range readers {
			raw[k] = readers[k].read(row)
		}
		p.Encode(x.Row(i), raw)
	}
	return x, tell(len(rows))
}

// checkMemory refuses features that would take more than the table may.
func (t *Table) checkMemory(rows, features int) error {
	needed := 4 * int64(rows) * int64(features+1)
	if needed+t.memory() <= t.maxBytes && features <= maxFeatures {
		return nil
	}
	return tensor.Errorf(tensor.CodeMemory, "%s rows of %s features would take %s of memory; at most %s are allowed here. Ignore columns that are not needed (categories with many values become many features), or use fewer rows.",
		grouped(rows), grouped(features), megabytes(needed), megabytes(max(0, t.maxBytes-t.memory())))
}
