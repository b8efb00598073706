package bindings

import (
	"github.com/terrarium-ml/terrarium/core/data/text"
)

// WritingParams opens a long text for a model that writes: exactly one of Files (which are
// put one behind the other), Text and Sample.
type WritingParams struct {
	Files  []TextFile `json:"files,omitzero"`
	Text   string     `json:"text,omitzero"`
	Sample string     `json:"sample,omitzero"` // one of TextSamplesResult's names, that Writes
	Name   string     `json:"name,omitzero"`
}

// WritingInfo is a long text that is open in the engine. Table is its id, which
// writing.prepare, model.create, model.fit and table.close take.
type WritingInfo struct {
	Table       int               `json:"table"`
	Name        string            `json:"name"`
	Encoding    string            `json:"encoding"`
	Characters  int               `json:"characters"`
	Different   int               `json:"different"` // characters
	Lines       int               `json:"lines"`
	Beginning   string            `json:"beginning"`
	Fingerprint string            `json:"fingerprint"` // SHA-256 of the text
	Bytes       int64             `json:"bytes"`       // of memory
	Setup       text.WritingSetup `json:"setup"`       // what is suggested
}

// WritingPrepareParams cuts a long text into what a network learns from.
type WritingPrepareParams struct {
	Table int               `json:"table"`
	Setup text.WritingSetup `json:"setup"`
}

// WritingPrepareResult says what a long text became, and suggests networks.
type WritingPrepareResult struct {
	Prepared   PrepareResult     `json:"prepared"` // Train: windows that a round looks at
	Setup      text.WritingSetup `json:"setup"`
	Networks   []TextNetwork     `json:"networks"` // the first is the suggested one
	Vocabulary int               `json:"vocabulary"`
	Tokens     int               `json:"tokens"`
}

// WriteParams has a model write. It may be training: it then writes between two steps.
type WriteParams struct {
	Model       int     `json:"model"`
	Start       string  `json:"start,omitzero"` // what to go on with
	Count       int     `json:"count"`          // tokens, at most MaxWritten
	Temperature float64 `json:"temperature"`
	Seed        int64   `json:"seed"`
	Round       int     `json:"round,omitzero"` // that its training is in: the model's card then keeps what it writes
}

// MaxWritten bounds WriteParams.Count.
const MaxWritten = 20_000

// WriteResult is what a model wrote, behind the start.
type WriteResult struct {
	Text string `json:"text"`
}

// Written is what a model wrote since the last such message.
type Written struct {
	ID   int    `json:"id"` // the request
	Text string `json:"text"`
}
