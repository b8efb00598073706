package data

// Auto, Yes and No answer a question that ReadTable can also answer by looking.
type Choice string

const (
	Auto Choice = "" // look at the data and decide
	Yes  Choice = "yes"
	No   Choice = "no"
)

// Quotes says what a double quote means.
type Quotes string

const (
	// QuotesAuto decides by looking: plain for tab-separated text in which every line
	// has the same number of fields, else standard.
	QuotesAuto Quotes = ""
	// QuotesStandard is RFC 4180: a field that begins with a quote ends at the next
	// single quote, may hold delimiters and line ends, and doubles its own quotes.
	QuotesStandard Quotes = "standard"
	// QuotesPlain: every line is one row and a quote is a character like any other,
	// except that a pair around a whole field is taken off.
	QuotesPlain Quotes = "plain"
)

// Ragged says what to do with rows that have another number of fields than the header.
type Ragged string

const (
	// RaggedAuto leaves out up to 2 % of the rows, with a notice, and fails above that.
	RaggedAuto Ragged = ""
	// RaggedSkip leaves them all out, with a notice.
	RaggedSkip Ragged = "skip"
	// RaggedFill fills short rows with missing values and cuts long ones, with a notice.
	RaggedFill Ragged = "fill"
)

// ReadOptions steer ReadTable. The zero value decides everything by looking at the
// first megabyte.
type ReadOptions struct {
	Name         string `json:"name,omitzero"`         // the file's name, for messages
	Delimiter    string `json:"delimiter,omitzero"`    // "" = find out; else one character: "," ";" "\t" "|" …
	Header       Choice `json:"header,omitzero"`       // is the first row the names of the columns?
	Quotes       Quotes `json:"quotes,omitzero"`       // what a double quote means
	Ragged       Ragged `json:"ragged,omitzero"`       // rows of another length
	DecimalComma Choice `json:"decimalComma,omitzero"` // 3,14 instead of 3.14
	Encoding     string `json:"encoding,omitzero"`     // "" = find out; else one of Encodings, in whatever capitals

	// Decoder reads encodings beyond UTF-8, UTF-16 and Windows-1252; nil: such files are
	// read as Windows-1252.
	Decoder Decoder `json:"-"`
	// Size is the number of bytes that r will give, 0 if unknown. With it, a file that
	// will not fit is refused before it is read.
	Size int64 `json:"size,omitzero"`
	// MaxBytes bounds the memory of the table and of what Prepare makes of it;
	// 0 means DefaultMaxBytes.
	MaxBytes int64 `json:"maxBytes,omitzero"`
	// Progress may be nil; its error stops the reading.
	Progress Progress `json:"-"`
}

// DefaultMaxBytes is the memory that a table may take: half of the 2 GB that the
// engine allows itself (DESIGN C4), so that there is room to train.
const DefaultMaxBytes = 1 << 30

// MaxColumns is the largest number of columns that ReadTable accepts: as many as a
// spreadsheet can have.
const MaxColumns = 16384

// A Dialect is how a file was read, by option or by looking.
type Dialect struct {
	Delimiter    string `json:"delimiter"`    // one character
	Quotes       Quotes `json:"quotes"`       // QuotesStandard or QuotesPlain
	Header       bool   `json:"header"`       // the first row held the names
	DecimalComma bool   `json:"decimalComma"` // 3,14 instead of 3.14
	Encoding     string `json:"encoding"`     // one of Encodings
}
