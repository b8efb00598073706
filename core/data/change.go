package data

// A ChangeRule says in one word why the network does not see a cell as it stands in the
// file, or does not see a row or a column at all.
type ChangeRule string

// Of cells.
const (
	ChangeEmpty    ChangeRule = "empty"    // nothing is written there
	ChangeWord     ChangeRule = "word"     // a word that is read as "no value", such as n/a
	ChangeOdd      ChangeRule = "odd"      // no number in a column of numbers, no date in one of dates
	ChangeInfinite ChangeRule = "infinite" // an infinity
	ChangeLarge    ChangeRule = "large"    // a number beyond what a float32 holds
	ChangeMerged   ChangeRule = "merged"   // a category of too few training rows, merged with others
	ChangeUnknown  ChangeRule = "unknown"  // a category that no training row has
	ChangeSpelling ChangeRule = "spelling" // a known category in another spelling: Yes for yes
)

// Of rows and columns.
const (
	ChangeRagged  ChangeRule = "ragged"  // a row of another number of fields was left out
	ChangeFitted  ChangeRule = "fitted"  // such a row was filled up or cut
	ChangeTarget  ChangeRule = "target"  // a row without a target was left out
	ChangeDropped ChangeRule = "dropped" // a row without a value was left out, as the column asks
	ChangeIgnored ChangeRule = "ignored" // a column is not learned from
)

// What a change is about.
const (
	ChangeOfCells   = "cells"
	ChangeOfRows    = "rows"
	ChangeOfColumns = "columns"
)

// changeRules are all rules in the order in which they are listed, each with what it is
// about and with its reason: whole sentences without anything of the user's in them.
var changeRules = []struct {
	rule   ChangeRule
	of     string
	reason string
}{
	{ChangeRagged, ChangeOfRows, "The line has another number of fields than the table has columns."},
	{ChangeFitted, ChangeOfRows, "The line has another number of fields than the table has columns."},
	{ChangeTarget, ChangeOfRows, "There is no value to predict in this row."},
	{ChangeDropped, ChangeOfRows, "Rows without a value in this column are left out."},
	{ChangeEmpty, ChangeOfCells, "The cell is empty."},
	{ChangeWord, ChangeOfCells, "The word means that there is no value."},
	{ChangeOdd, ChangeOfCells, "The cell cannot be read as what the column holds, so it counts as missing."},
	{ChangeInfinite, ChangeOfCells, "An infinity cannot be learned from, so it counts as missing."},
	{ChangeLarge, ChangeOfCells, "The number is too large to be computed with, so it counts as missing."},
	{ChangeMerged, ChangeOfCells, "The category is too rare to learn from: few training rows have it, or 40 others have more."},
	{ChangeUnknown, ChangeOfCells, "No training row has this category."},
	{ChangeSpelling, ChangeOfCells, "The same category is also written otherwise."},
	{ChangeIgnored, ChangeOfColumns, ""},
}

// filled tells whether a cell counts as missing under a rule.
func (r ChangeRule) filled() bool {
	switch r {
	case ChangeEmpty, ChangeWord, ChangeOdd, ChangeInfinite, ChangeLarge:
		return true
	}
	return false
}

// fillReasons say what takes the place of a missing value.
var fillReasons = map[MissingPolicy]string{
	MissingMedian:   "The median of the training rows takes its place.",
	MissingMean:     "The mean of the training rows takes its place.",
	MissingMode:     "The commonest value of the training rows takes its place.",
	MissingConstant: "The value that you gave takes its place.",
}

// fillReason is what fillReasons says, or what a mark for missing values adds.
func fillReason(in *Input, policy MissingPolicy) string {
	switch {
	case policy != MissingFlag:
		return fillReasons[policy]
	case in.Encoding == EncodingOneHot:
		return "Being missing is a category of its own."
	case len(in.Categories) > 0:
		return "The commonest value of the training rows takes its place, with a mark that it was missing."
	}
	return "The median of the training rows takes its place, with a mark that it was missing."
}

// A Change is one cell that the network does not see as it stands, or one row that it
// does not see.
type Change struct {
	Line    int        `json:"line"`             // of the file, from 1, on which the row begins
	Column  string     `json:"column,omitzero"`  // "" for a line of another length
	Rule    ChangeRule `json:"rule"`             // why
	Was     string     `json:"was"`              // the cell as it is written
	Becomes string     `json:"becomes,omitzero"` // what the network sees; "" for a row left out, and where being missing is a category of its own
	Fields  int        `json:"fields,omitzero"`  // of a line of another length
}

// A ChangeGroup counts the changes of one column by one rule.
type ChangeGroup struct {
	Column  string     `json:"column,omitzero"`
	Rule    ChangeRule `json:"rule"`
	Of      string     `json:"of"`               // ChangeOfCells, ChangeOfRows or ChangeOfColumns
	Count   int        `json:"count"`            // cells or rows; 1 for a column
	Reason  string     `json:"reason"`           // why, in a sentence
	Instead string     `json:"instead,omitzero"` // what becomes of them, in a sentence
	Becomes string     `json:"becomes,omitzero"` // what all of them become
	Least   int        `json:"least,omitzero"`   // ChangeMerged: a category of fewer training rows is rare
}

// ChangeTotals sum the groups up.
type ChangeTotals struct {
	Cells   int `json:"cells"`   // that are not seen as they stand
	Columns int `json:"columns"` // that have such cells
	Rows    int `json:"rows"`    // left out
	Fitted  int `json:"fitted"`  // rows that were filled up or cut
	Ignored int `json:"ignored"` // columns left out
}
