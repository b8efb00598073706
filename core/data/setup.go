package data

// A Task is what the network is to do.
type Task string

const (
	TaskClassification Task = "classification" // the target is one of a few classes
	TaskRegression     Task = "regression"     // the target is a number
	TaskWriting        Task = "writing"        // of texts: the target is what follows each token
)

// A MissingPolicy says what becomes of a missing value of a feature.
type MissingPolicy string

const (
	MissingMedian   MissingPolicy = "median"   // numbers, dates: the median of the training part
	MissingMean     MissingPolicy = "mean"     // numbers, dates: the mean of the training part
	MissingMode     MissingPolicy = "mode"     // any: the commonest value of the training part
	MissingConstant MissingPolicy = "constant" // any: ColumnSetup.Constant
	MissingDropRow  MissingPolicy = "drop-row" // leave out rows without a value
	MissingFlag     MissingPolicy = "flag"     // numbers, dates: the median, and one more feature that is 1 where it was missing; categories, booleans: "missing" is a category of its own
)

// An Encoding says how a column becomes features.
type Encoding string

const (
	EncodingNone    Encoding = "none"    // numbers, booleans, dates: one feature, the (scaled) value
	EncodingOneHot  Encoding = "onehot"  // categories, booleans: one feature a category, 1 where it is the row's
	EncodingOrdinal Encoding = "ordinal" // categories: one feature, the (scaled) position in ColumnSetup.Order
	EncodingCyclic  Encoding = "cyclic"  // dates: the scaled day, and where in the year and in the week it lies
)

// A Scaling says how a value is brought into a range that a network learns well from.
type Scaling string

const (
	ScalingStandard Scaling = "standard" // minus the mean, divided by the standard deviation
	ScalingMinMax   Scaling = "minmax"   // to 0 … 1
	ScalingNone     Scaling = "none"
)

// A Setup holds every decision between a table and a training run. Suggest fills it,
// the user changes it, Prepare carries it out. It marshals to JSON.
type Setup struct {
	Target  string        `json:"target"`
	Task    Task          `json:"task"`
	Columns []ColumnSetup `json:"columns"` // of every column of the table, in its order
	Split   Split         `json:"split"`
	Reasons SetupReasons  `json:"reasons"`
	Notices []Notice      `json:"notices"` // what Suggest found: leaks, duplicates, sparse columns …
}

// SetupReasons say, in plain language, why the decisions of a whole Setup fell as they did.
type SetupReasons struct {
	Target string `json:"target,omitzero"`
	Task   string `json:"task,omitzero"`
	Split  string `json:"split,omitzero"`
}

// A ColumnSetup holds the decisions about one column. An empty Kind, Role, Missing,
// Encoding or Scaling means "as Suggest would".
type ColumnSetup struct {
	Name     string        `json:"name"`
	Kind     Kind          `json:"kind"`
	Role     Role          `json:"role"`
	Missing  MissingPolicy `json:"missing"`
	Constant string        `json:"constant,omitzero"` // MissingConstant: the value, as it would stand in the file
	Encoding Encoding      `json:"encoding"`
	Scaling  Scaling       `json:"scaling"`
	Order    []string      `json:"order,omitzero"`    // EncodingOrdinal: the categories from low to high; empty: by name, whole numbers by value
	KeepRare bool          `json:"keepRare,omitzero"` // EncodingOneHot: rare categories are not merged, up to 1000
	Reason   string        `json:"reason"`            // why, in plain language
	Leak     bool          `json:"leak,omitzero"`     // alone, it gives the target away
}

// A Split divides the rows. The three shares add up to 1; Train is above 0.
type Split struct {
	Train      float64 `json:"train"`
	Validation float64 `json:"validation"`
	Test       float64 `json:"test"`
	Seed       uint64  `json:"seed"`     // 0 … 2⁵³−1
	Stratify   bool    `json:"stratify"` // give each part its share of every class (regression: of every tenth of the target's range)
}

// DefaultSplit is 64 % to learn from, 16 % to know when to stop, 20 % to be judged by.
func DefaultSplit() Split {
	return Split{Train: 0.64, Validation: 0.16, Test: 0.2, Seed: 1, Stratify: true}
}
