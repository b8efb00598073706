package data

// A Kind is what the cells of a column are.
type Kind string

const (
	KindNumber   Kind = "number"   // a measurement; raw value: the number
	KindCategory Kind = "category" // one of few words; raw value: its index
	KindBoolean  Kind = "boolean"  // one of two words, or 0 and 1; raw value: index 0 or 1
	KindDate     Kind = "date"     // a day, perhaps with a time; raw value: days since 1970-01-01
	KindText     Kind = "text"     // free text; cannot be a feature
	KindID       Kind = "id"       // numbers or names the rows; cannot be a feature
)

// Kinds lists every Kind in the order in which a menu should show them.
var Kinds = []Kind{KindNumber, KindCategory, KindBoolean, KindDate, KindText, KindID}

// A Role is what a column is used for.
type Role string

const (
	RoleFeature Role = "feature"
	RoleTarget  Role = "target"
	RoleIgnore  Role = "ignore"
)

// A Profile describes a table to its user. It marshals to JSON: no NaN, no infinity.
type Profile struct {
	Name        string          `json:"name"`
	Rows        int             `json:"rows"`
	Columns     []ColumnProfile `json:"columns"`
	Dialect     Dialect         `json:"dialect"`
	Notices     []Notice        `json:"notices"`     // about the file; those about a column are there too
	Fingerprint string          `json:"fingerprint"` // SHA-256 of the file's bytes, hex
	FileBytes   int64           `json:"fileBytes"`   // bytes read
	MemoryBytes int64           `json:"memoryBytes"` // bytes that the table takes in memory
	Target      string          `json:"target"`      // the likeliest target, "" if none is likely
}

// A ColumnProfile describes one column. Min … Median are numbers for KindNumber, days
// since 1970-01-01 for KindDate, and 0 for the other kinds.
type ColumnProfile struct {
	Name      string    `json:"name"`
	Kind      Kind      `json:"kind"`             // as inferred, or as SetKind said
	Inferred  Kind      `json:"inferred"`         // as inferred
	Missing   int       `json:"missing"`          // cells without a value that fits the kind
	Distinct  int       `json:"distinct"`         // different values
	Many      bool      `json:"many,omitzero"`    // Distinct is a lower bound: counting stopped there
	Integer   bool      `json:"integer,omitzero"` // KindNumber: all are whole numbers
	Min       float64   `json:"min"`
	Max       float64   `json:"max"`
	Mean      float64   `json:"mean"`
	Std       float64   `json:"std"` // of the population: divided by n
	Median    float64   `json:"median"`
	Bins      []Bin     `json:"bins"`    // the histogram, at most MaxBins
	Samples   []string  `json:"samples"` // the first few different values, shortened
	Constant  bool      `json:"constant,omitzero"`
	Empty     bool      `json:"empty,omitzero"`     // no cell has a value
	Role      Role      `json:"role"`               // suggested without regard to a target: feature or ignore
	Reason    string    `json:"reason"`             // of the kind and the role, in plain language
	DateOrder DateOrder `json:"dateOrder,omitzero"` // KindDate only
}

// MaxBins is the largest number of bars of a histogram.
const MaxBins = 24

// A Bin is one bar of a histogram: numbers and dates in [Low, High) (the last bin
// includes High), or one category by its Label.
type Bin struct {
	Label string  `json:"label,omitzero"`
	Low   float64 `json:"low"`
	High  float64 `json:"high"`
	Count int     `json:"count"`
}

// A DateOrder is the order of day, month and year in a column of dates.
type DateOrder string

const (
	DateYMD DateOrder = "ymd" // 2024-01-31, also with a time
	DateDMY DateOrder = "dmy" // 31/01/2024, 31.1.24, 31 Jan 2024
	DateMDY DateOrder = "mdy" // 01/31/2024, Jan 31, 2024
)
