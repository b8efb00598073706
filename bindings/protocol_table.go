package bindings

import "github.com/terrarium-ml/terrarium/core/data"

// OpenParams opens a table: exactly one of Blob, Text and Sample.
type OpenParams struct {
	Blob    *int             `json:"blob,omitzero"`    // index of a File or Blob of the message
	Text    string           `json:"text,omitzero"`    // CSV text itself
	Sample  string           `json:"sample,omitzero"`  // one of SamplesResult's names
	Options data.ReadOptions `json:"options,omitzero"` // Name is shown in messages; Size and MaxBytes are the engine's
}

// TableInfo is a table that is open in the engine.
type TableInfo struct {
	Table   int          `json:"table"` // its id
	Profile data.Profile `json:"profile"`
}

// TableParams names an open table.
type TableParams struct {
	Table int `json:"table"`
}

// SamplesResult lists the generated sample sets.
type SamplesResult struct {
	Samples []data.SampleInfo `json:"samples"`
}

// RowsParams asks for rows of a table as text, to show them.
type RowsParams struct {
	Table int `json:"table"`
	From  int `json:"from"`  // the first row, from 0
	Count int `json:"count"` // at most MaxShownRows
}

// MaxShownRows bounds RowsParams.Count.
const MaxShownRows = 1000

// RowsResult is a piece of a table.
type RowsResult struct {
	Columns []string   `json:"columns"`
	Rows    [][]string `json:"rows"`
	Lines   []int      `json:"lines"` // of the file, from 1, on which each row begins
}

// KindParams corrects a column: its kind, or with DateOrder the order of day and
// month of its dates. The whole profile comes back.
type KindParams struct {
	Table     int            `json:"table"`
	Column    string         `json:"column"`
	Kind      data.Kind      `json:"kind,omitzero"`
	DateOrder data.DateOrder `json:"dateOrder,omitzero"`
}

// SuggestParams asks for a setup: roles, encodings, scaling, split, each with its
// reason. An empty Target means: find one.
type SuggestParams struct {
	Table  int    `json:"table"`
	Target string `json:"target,omitzero"`
}

// PrepareParams encodes a table as the setup says. The engine keeps the result with
// the table, in place of an earlier one; model.create, model.fit and model.test
// refer to it by the table's id. Role, encoding, missing policy, scaling and split
// are changed by changing the setup.
type PrepareParams struct {
	Table int        `json:"table"`
	Setup data.Setup `json:"setup"`
}

// PrepareResult says what a table became.
type PrepareResult struct {
	Train      int                   `json:"train"` // rows
	Validation int                   `json:"validation"`
	Test       int                   `json:"test"`
	Features   []string              `json:"features"` // names; their number is the width of a network's input
	Pipeline   *data.Pipeline        `json:"pipeline"` // Output says task, labels and units
	Setup      data.Setup            `json:"setup"`    // as carried out, nothing left empty
	Notices    []data.Notice         `json:"notices"`
	Leaks      []data.Leak           `json:"leaks"`
	Baseline   data.Baseline         `json:"baseline"`
	Defaults   data.TrainingDefaults `json:"defaults"` // what to begin with; nothing is applied by itself
}

// ChangesParams asks what the preparation of a table changed: every cell that the network
// does not see as it stands in the file, every row and column that is left out.
type ChangesParams struct {
	Table  int             `json:"table"`
	Column string          `json:"column,omitzero"` // only of this column
	Rule   data.ChangeRule `json:"rule,omitzero"`   // only by this rule
	From   int             `json:"from,omitzero"`   // the first one to list, from 0
	Count  int             `json:"count,omitzero"`  // how many to list, at most MaxShownRows
}

// ChangesResult counts the changes of the whole table and lists some of them: first the
// lines of another length, then row by row.
type ChangesResult struct {
	data.ChangeTotals
	Groups  []data.ChangeGroup `json:"groups"`  // by column and rule
	Total   int                `json:"total"`   // cells and rows that the column and the rule let through
	Changes []data.Change      `json:"changes"` // of them, the page that was asked for
}
