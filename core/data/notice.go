package data

// A Progress is told how far a long piece of work has come: done of total units,
// total 0 where it is unknown. The units are only good for a proportion. It is called
// often (about every quarter of a megabyte of text), so that a worker can return to
// its event loop from within it. An error stops the work, which then returns that
// error. A nil Progress is allowed everywhere.
type Progress func(done, total int64) error

// tell calls p if there is one.
func (p Progress) tell(done, total int64) error {
	if p == nil {
		return nil
	}
	return p(done, total)
}

// Codes of a Notice: stable words by which a program can tell notices apart.
const (
	NoticeEncoding   = "encoding"   // the text was not UTF-8 and was converted
	NoticeHeader     = "header"     // the header was missing, or names in it were empty or double
	NoticeQuotes     = "quotes"     // quotes were read as plain characters
	NoticeRagged     = "ragged"     // rows with another number of fields were left out or filled
	NoticeWide       = "wide"       // very many columns
	NoticeSmall      = "small"      // very few rows
	NoticeMissing    = "missing"    // words that were read as "no value"
	NoticeInfinity   = "infinity"   // infinities that were read as "no value"
	NoticeNotANumber = "not-number" // odd cells in a column of numbers or dates
	NoticeDateOrder  = "date-order" // day and month could not be told apart
	NoticeConstant   = "constant"   // a column with a single value
	NoticeEmpty      = "empty"      // a column without any value
	NoticeID         = "id"         // a column that numbers or names the rows
	NoticeText       = "text"       // free text, which a table model does not read
	NoticeLeak       = "leak"       // a column that gives the answer away
	NoticeDuplicate  = "duplicate"  // a column that repeats another one
	NoticeTarget     = "target"     // rows without a target value were dropped
	NoticeDropped    = "dropped"    // rows with missing values were dropped
	NoticeRareClass  = "rare-class" // a class with too few rows to be in every part
	NoticeOther      = "other"      // rare categories were merged
	NoticeSetup      = "setup"      // a choice that does not fit a column's kind was replaced
	NoticeSparse     = "sparse"     // most of a column is missing
)

// A Notice tells the user about something that was decided or found: one or two
// plain sentences. Nothing is ever decided without one.
type Notice struct {
	Code    string `json:"code"`
	Column  string `json:"column,omitzero"` // the column's name, or ""
	Line    int    `json:"line,omitzero"`   // the first line of the file concerned, or 0
	Message string `json:"message"`
}
