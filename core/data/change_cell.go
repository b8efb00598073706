package data

import (
	"math"
	"strconv"
	"strings"
)

// A changeReader finds out about the cells of one input.
type changeReader struct {
	table    *Table
	column   *column
	in       *Input
	raw      rawReader
	words    []ChangeRule    // of each word, where all words of the column are known
	trained  map[string]bool // the words of the training part; nil for numbers and dates
	fill     string          // what a missing value becomes
	fillWhy  string
	position int // of the column in the setup
}

// changeReader prepares to look at input i, column at of the setup.
func (p *Prepared) changeReader(t *Table, i, at int, tell func() error) (*changeReader, error) {
	in, c := &p.Pipeline.Inputs[i], &p.columns[at]
	policy := p.Setup.Columns[at].Missing
	r := &changeReader{table: t, column: c, in: in, raw: p.Pipeline.reader(t, i, c), position: at, fillWhy: fillReason(in, policy)}
	r.fill = in.fillText()
	if len(in.Categories) > 0 {
		f := fitter{t: t, c: c, rows: p.Train.Rows, tell: tell}
		counts, err := f.countWords()
		if err != nil {
			return nil, err
		}
		r.trained = make(map[string]bool, len(counts))
		for word := range counts {
			r.trained[word] = true
		}
	}
	if r.raw.code != nil {
		r.words = make([]ChangeRule, len(c.words.words))
		for k, w := range c.words.words {
			r.words[k] = r.judge([]byte(w), r.raw.words[k])
		}
	}
	return r, nil
}

// rule says why the network does not see the cell of a row as it stands, "" where it does.
func (r *changeReader) rule(row int) ChangeRule {
	if r.raw.code != nil {
		if k := r.raw.code[row]; k >= 0 {
			return r.words[k]
		}
	}
	raw := r.raw.read(row)
	if raw == raw && r.trained == nil {
		return "" // a number or a date: nearly every cell
	}
	return r.judge(r.table.cell(row, r.column.index), raw)
}

func (r *changeReader) judge(cell []byte, raw float32) ChangeRule {
	in := r.in
	switch {
	case raw == raw && r.trained == nil:
		return ""
	case raw == raw:
		word := in.Categories[int(raw)]
		switch {
		case word == string(cell):
			return ""
		case word != in.Other || strings.EqualFold(word, string(cell)):
			return ChangeSpelling
		case r.trained[string(cell)]:
			return ChangeMerged
		}
		return ChangeUnknown
	case len(cell) == 0:
		return ChangeEmpty
	case isMissing(cell):
		return ChangeWord
	case r.trained != nil:
		return ChangeUnknown
	case isInfinity(cell):
		return ChangeInfinite
	}
	if _, ok := r.table.parseValue(r.column, cell); ok {
		return ChangeLarge
	}
	return ChangeOdd
}

// becomes tells what all cells of a rule become, "" where that differs from cell to cell.
func (r *changeReader) becomes(rule ChangeRule) (text, why string) {
	switch {
	case rule.filled(), rule == ChangeUnknown && r.in.Other == "":
		return r.fill, r.fillWhy
	case rule == ChangeMerged, rule == ChangeUnknown:
		return r.in.Other, "It is merged with the other rare categories."
	}
	return "", "Both are taken as the same."
}

// seen is what the network sees in place of a cell.
func (r *changeReader) seen(row int, rule ChangeRule) string {
	if rule != ChangeSpelling {
		text, _ := r.becomes(rule)
		return text
	}
	return r.in.Categories[int(r.raw.read(row))]
}

// fillText writes what stands for a missing value as it would stand in the file; "" where
// being missing is a category of its own.
func (in *Input) fillText() string {
	if len(in.Categories) > 0 {
		if in.Flag && in.Encoding == EncodingOneHot {
			return ""
		}
		return in.Categories[int(in.Fill)]
	}
	if in.Kind == KindDate {
		if day := float64(in.Fill); day == math.Floor(day) {
			return new(fitter).dateAs(in.DateOrder, day)
		}
		return formatDate(float64(in.Fill))
	}
	s := strconv.FormatFloat(float64(in.Fill), 'g', -1, 32)
	if in.Offset != 0 {
		s = strconv.FormatFloat(in.Offset+float64(in.Fill), 'f', -1, 64)
	}
	if in.DecimalComma {
		s = strings.Replace(s, ".", ",", 1)
	}
	return s
}
