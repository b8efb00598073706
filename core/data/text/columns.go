package text

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/terrarium-ml/terrarium/core/data"
)

// A Column is a column of a table, as far as texts and their labels are looked for.
type Column struct {
	Name     string   `json:"name"`
	Role     string   `json:"role"`   // suggested: RoleText, RoleLabel or ""
	Reason   string   `json:"reason"` // why, in plain language
	Length   int      `json:"length"` // characters of a cell, on average
	Distinct int      `json:"distinct"`
	Many     bool     `json:"many,omitzero"` // Distinct is a lower bound
	Missing  int      `json:"missing"`
	Samples  []string `json:"samples"`
}

// Roles of columns.
const (
	RoleText  = "text"
	RoleLabel = "label"
)

// labelNames are what people call the column of labels.
var labelNames = []string{"label", "labels", "class", "category", "kind", "target", "sentiment", "spam", "topic", "type", "tag", "intent", "language", "lang",
	"标签", "类别", "分类", "类型", "评价", "情感"}

// lookedAt is how many cells of a column are measured.
const lookedAt = 2000

// findColumns describes the columns, and suggests which one holds the texts and which one
// the labels.
func findColumns(t *data.Table, p *data.Profile) []Column {
	columns := make([]Column, len(p.Columns))
	texts := -1
	for i, c := range p.Columns {
		columns[i] = Column{Name: c.Name, Distinct: c.Distinct, Many: c.Many, Missing: c.Missing, Samples: c.Samples, Length: averageLength(t, i)}
		if c.Kind == data.KindNumber || c.Kind == data.KindDate || c.Kind == data.KindBoolean || c.Distinct < 3 {
			continue
		}
		if texts < 0 || columns[i].Length > columns[texts].Length {
			texts = i
		}
	}
	if texts < 0 {
		return columns
	}
	c := &columns[texts]
	c.Role = RoleText
	c.Reason = fmt.Sprintf("Its cells are the longest: %d characters on average.", c.Length)
	if label, named := findLabel(columns, p.Rows, texts); label >= 0 {
		c := &columns[label]
		c.Role = RoleLabel
		c.Reason = fmt.Sprintf("It has only %d different values, which say what each text is.", c.Distinct)
		if named {
			c.Reason = fmt.Sprintf("It is called “%s” and has %d different values.", c.Name, c.Distinct)
		}
	}
	return columns
}

// findLabel finds the column of labels: one that is called so, else one whose name has such
// a word in it (airline_sentiment), else the one with the fewest different values.
func findLabel(columns []Column, rows, texts int) (label int, named bool) {
	label = -1
	best := 0
	for i, c := range columns {
		if i == texts || c.Many || c.Distinct < 2 || c.Distinct > maxClasses || c.Distinct > 2 && 2*c.Distinct > rows {
			continue
		}
		called := calledLabel(c.Name)
		if label < 0 || called > best || called == best && c.Distinct < columns[label].Distinct {
			label, best = i, called
		}
	}
	return label, best > 0
}

// calledLabel is 2 for a name that labels have, 1 for one with such a word in it.
func calledLabel(name string) int {
	name = strings.ToLower(strings.TrimSpace(name))
	if slices.Contains(labelNames, name) {
		return 2
	}
	for word := range strings.FieldsFuncSeq(name, func(r rune) bool { return !unicode.IsLetter(r) }) {
		if slices.Contains(labelNames, word) {
			return 1
		}
	}
	return 0
}

// averageLength measures cells from all of a column.
func averageLength(t *data.Table, column int) int {
	step := max(1, t.Rows()/lookedAt)
	sum, count := 0, 0
	for row := 0; row < t.Rows(); row += step {
		sum += utf8.RuneCountInString(t.Cell(row, column))
		count++
	}
	return sum / max(count, 1)
}
