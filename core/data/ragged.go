package data

import (
	"fmt"
	"strings"

	"github.com/terrarium-ml/terrarium/core/tensor"
)

// raggedShown is how many of the rows of another length are named.
const raggedShown = 5

// raggedKept is how many of them are remembered at all, for Changes: a megabyte.
const raggedKept = 1 << 16

// fit makes a record of n fields, which begins at the given lengths of the block, fit
// the table, or takes it out again and returns false.
func (b *builder) fit(block *cells, text, ends, n, line int) bool {
	cols := b.store.cols
	if n > cols && b.blankFrom(block, ends+cols) {
		b.cut(block, ends+cols) // a delimiter too many at the end of the line
		return true
	}
	b.odd++
	if len(b.ragged) < raggedKept {
		b.ragged = append(b.ragged, raggedRow{line, n})
	}
	if b.options.Ragged != RaggedFill {
		block.text, block.ends = block.text[:text], block.ends[:ends]
		return false
	}
	for ; n < cols; n++ {
		block.close()
	}
	b.cut(block, ends+cols)
	return true
}

// cut takes off the cells from index i on.
func (b *builder) cut(block *cells, i int) {
	block.ends = block.ends[:i]
	block.text = block.text[:block.ends[i-1]+1]
}

// blankFrom tells whether the cells from index i on are all empty.
func (b *builder) blankFrom(block *cells, i int) bool {
	from := block.ends[i-1] + 1
	for _, end := range block.ends[i:] {
		if end != from {
			return false
		}
		from = end + 1
	}
	return true
}

// tooRagged fails where so many rows have another length that the file must have been
// misunderstood. At the end it says what became of a few.
func (b *builder) tooRagged(atEnd bool) error {
	if b.odd == 0 {
		return nil
	}
	if b.options.Ragged == RaggedAuto {
		if atEnd && b.odd*50 > b.store.rows || b.odd >= 100 && b.odd*5 > b.store.rows {
			return b.raggedError()
		}
	}
	if !atEnd {
		return nil
	}
	did := "left out"
	if b.options.Ragged == RaggedFill {
		did = "filled with missing values or cut"
	}
	b.note(NoticeRagged, b.ragged[0].line, "%s another number of fields than the %d columns and %s %s: %s.",
		plural(b.odd, "row has", "rows have"), b.store.cols, wasWere(b.odd), did, b.raggedList())
	return nil
}

func (b *builder) raggedError() *tensor.Error {
	first := b.ragged[0]
	e := tensor.Errorf(tensor.CodeData, "Line %d has %d fields where %d are expected, as in the first line. ", first.line, first.fields, b.store.cols)
	if b.odd > 1 {
		e.Message += fmt.Sprintf("In all, %d rows differ so far: %s. ", b.odd, b.raggedList())
	}
	e.Message += fmt.Sprintf("Check these lines and the delimiter (%s), or read the file with such rows left out or filled.", delimiterName(b.dialect.Delimiter))
	e.Row = first.line
	return e
}

func (b *builder) raggedList() string {
	var s strings.Builder
	for i, r := range b.ragged[:min(len(b.ragged), raggedShown)] {
		if i > 0 {
			s.WriteString(", ")
		}
		fmt.Fprintf(&s, "line %d (%d)", r.line, r.fields)
	}
	if b.odd > raggedShown {
		s.WriteString(", …")
	}
	return s.String()
}

// oddRule is what became of the lines of another length.
func (t *Table) oddRule() ChangeRule {
	if t.oddFitted {
		return ChangeFitted
	}
	return ChangeRagged
}

func delimiterName(d string) string {
	switch d {
	case ",":
		return "comma"
	case ";":
		return "semicolon"
	case "\t":
		return "tab"
	case "|":
		return "vertical bar"
	case " ":
		return "space"
	}
	return fmt.Sprintf("%q", d)
}
