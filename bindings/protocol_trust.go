package bindings

import (
	"github.com/terrarium-ml/terrarium/core/card"
	"github.com/terrarium-ml/terrarium/core/json"
)

// Methods of what keeps a project safe and can be checked.
const (
	MethodSetOpen       = "set.open"       // SetParams → SetResult: what a training learned from, kept in this browser
	MethodModelCard     = "model.card"     // CardParams → CardResult
	MethodModelVerify   = "model.verify"   // ModelParams → VerifyResult
	MethodModelReplay   = "model.replay"   // ReplayParams → ReplayResult; notifies progress
	MethodStoreWipe     = "store.wipe"     // Empty → Empty: removes all that is stored
	MethodProjectExport = "project.export" // ProjectParams → BytesResult
	MethodProjectImport = "project.import" // ImportParams → ImportResult
)

// A Record makes a fit write its log and its card into the model, which are saved with it
// and with its checkpoints.
type Record struct {
	Source  string `json:"source,omitzero"` // the name of the file that is learned from
	Date    string `json:"date,omitzero"`   // RFC 3339, from the page's clock
	Licence string `json:"licence,omitzero"`
}

// SetParams names a kept training set by its fingerprint.
type SetParams struct {
	Data string `json:"data"`
}

// SetResult is a kept training set that is open as a table: models can be fitted on it and
// tested with it, but it has no columns and no rows to be shown.
type SetResult struct {
	Table    int           `json:"table"`
	Data     string        `json:"data"`
	Source   string        `json:"source"`
	Prepared PrepareResult `json:"prepared"`
}

// CardParams complete a model's card with what it is worth.
type CardParams struct {
	Model   int          `json:"model"`
	Scores  *card.Scores `json:"scores,omitzero"`  // nil: leave the card as it is
	Licence *string      `json:"licence,omitzero"` // nil: leave it
}

// CardResult is a model's card, for programs and for people.
type CardResult struct {
	Card *card.Card `json:"card,omitzero"` // none: the model was trained without
	Log  []string   `json:"log"`
}

// VerifyResult says whether a model's log is whole and belongs to it.
type VerifyResult struct {
	Sound   bool   `json:"sound"`
	Problem string `json:"problem,omitzero"` // what is wrong, otherwise
	Lines   int    `json:"lines"`
	Epochs  int    `json:"epochs"`
	Head    string `json:"head"` // SHA-256 of the last line
}

// ReplayParams train again what a model's log tells of: from its seed, by its card, on the
// same data, which are open as Table.
type ReplayParams struct {
	Model int `json:"model"`
	Table int `json:"table"`
}

// ReplayResult says whether the same came out.
type ReplayResult struct {
	Same    bool   `json:"same"`
	Digest  string `json:"digest"` // of the replay's weights
	Want    string `json:"want"`
	Epochs  int    `json:"epochs"`
	Differs int    `json:"differs"` // the first line of the log that came out differently, or -1
}

// ProjectParams write stored models and checkpoints, and what they learned from where that
// is kept, as one file.
type ProjectParams struct {
	Names    []string        `json:"names,omitzero"`    // of stored models; none: all
	Model    int             `json:"model,omitzero"`    // an open one as well, 0: none
	Data     bool            `json:"data,omitzero"`     // with the kept training sets
	Settings json.RawMessage `json:"settings,omitzero"` // of the page
}

// ImportParams open a project's file: one of the two.
type ImportParams struct {
	Blob   *int   `json:"blob,omitzero"`
	Buffer *int   `json:"buffer,omitzero"`
	Date   string `json:"date,omitzero"`
}

// ImportResult says what was taken from a project into the browser's storage.
type ImportResult struct {
	Models   []string        `json:"models"`
	Renamed  []string        `json:"renamed,omitzero"` // "new name": the old one was in use
	Sets     int             `json:"sets"`
	Settings json.RawMessage `json:"settings,omitzero"`
}
