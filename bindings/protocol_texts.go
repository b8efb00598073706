package bindings

import (
	"github.com/terrarium-ml/terrarium/core/data"
	"github.com/terrarium-ml/terrarium/core/data/text"
)

// TextsParams opens a set of texts: exactly one of Files, Text and Sample. One file that is
// a table, a zip that holds one, and Text are read as such; several files, and those of a
// zip, are texts whose folders are their classes.
type TextsParams struct {
	Files   []TextFile       `json:"files,omitzero"`
	Text    string           `json:"text,omitzero"`    // of a table, as it was pasted
	Sample  string           `json:"sample,omitzero"`  // one of TextSamplesResult's names
	Options data.ReadOptions `json:"options,omitzero"` // of a table; Size and MaxBytes are the engine's
}

// A TextFile is a file that was chosen or dropped.
type TextFile struct {
	Path string `json:"path"` // with the folders in which it lay
	Blob int    `json:"blob"` // index of the message's blobs
}

// TextsInfo is a set of texts that is open in the engine. Table is its id, which
// model.create, model.fit, model.test and table.close take as that of a table.
type TextsInfo struct {
	Table   int           `json:"table"`
	Profile text.Profile  `json:"profile"`
	Choice  text.Choice   `json:"choice"`
	Setup   text.Setup    `json:"setup"`            // what is suggested for the texts as they are chosen
	Skipped []SkippedFile `json:"skipped,omitzero"` // at most maxSkipped
	More    int           `json:"more,omitzero"`    // files that were skipped beyond these
}

// A SkippedFile is one that could not be used.
type SkippedFile struct {
	Name   string `json:"name"`
	Reason string `json:"reason"`
}

// TextSamplesResult lists the generated sets of texts.
type TextSamplesResult struct {
	Samples []text.SampleInfo `json:"samples"`
}

// TextsEditParams decides anew about a set; what was prepared of it stays as it was.
type TextsEditParams struct {
	Table  int         `json:"table"`
	Choice text.Choice `json:"choice"`
}

// TextsRowsParams asks for records to be shown: those with the Numbers, or those that Show
// and Class choose.
type TextsRowsParams struct {
	Table   int       `json:"table"`
	Numbers []int     `json:"numbers,omitzero"`
	Show    text.Show `json:"show,omitzero"`
	Class   string    `json:"class,omitzero"`
	From    int       `json:"from,omitzero"`  // the first of them, from 0
	Count   int       `json:"count,omitzero"` // at most MaxShownTexts
}

// MaxShownTexts bounds how many records are asked for at once.
const MaxShownTexts = 200

// TextsRowsResult is a piece of a set.
type TextsRowsResult struct {
	Records []text.Record `json:"records"`
	Total   int           `json:"total"` // that Show and Class choose
}

// TextsPrepareParams brings a set into the form that networks learn from. The rules of
// cleaning are those of the set's Choice.
type TextsPrepareParams struct {
	Table int        `json:"table"`
	Setup text.Setup `json:"setup"`
}

// TextsPrepareResult says what a set became, and suggests networks.
type TextsPrepareResult struct {
	Prepared   PrepareResult `json:"prepared"` // Defaults.Hidden is empty: the networks' layers stand in its place
	Setup      text.Setup    `json:"setup"`    // as carried out, nothing left open
	Networks   []TextNetwork `json:"networks"` // the first is the suggested one
	Between    int           `json:"between"`  // texts of the other parts that the training part has as well
	Vocabulary int           `json:"vocabulary"`
	Tokens     int           `json:"tokens"`  // of all texts of the validation and test parts
	Unknown    int           `json:"unknown"` // of these, tokens that the tokenizer does not know
	Cut        int           `json:"cut"`     // texts of any part that are longer than a row
	Common     []string      `json:"common"`  // some tokens, the commonest first
}

// A TextNetwork is a network that can be chosen, and how it learns best.
type TextNetwork struct {
	Name   string                `json:"name"`
	Title  string                `json:"title"`
	Reason string                `json:"reason"`
	Layers []Layer               `json:"layers"` // hidden ones
	Train  data.TrainingDefaults `json:"train"`
}

// TextsTokensParams asks how a text is cut: by the tokenizer that the set was prepared with.
type TextsTokensParams struct {
	Table  int    `json:"table"`
	Text   string `json:"text,omitzero"`
	Record *int   `json:"record,omitzero"` // in place of Text
}

// TextsTokensResult shows how a text is cut.
type TextsTokensResult struct {
	Text   string       `json:"text"`
	Clean  string       `json:"clean"`
	Tokens []text.Token `json:"tokens"`
	Total  int          `json:"total"` // there may be more tokens than are listed
	Length int          `json:"length"`
}

// TextsClassifyParams asks a model about a text.
type TextsClassifyParams struct {
	Model   int    `json:"model"`
	Text    string `json:"text"`
	Explain bool   `json:"explain,omitzero"` // say what each piece adds, as well
}

// TextsClassifyResult is a model's answer, and the text as the model reads it. A piece's
// effect is by how much the logarithm of the odds of the likeliest class falls while the
// piece is covered.
type TextsClassifyResult struct {
	Answer  RowResult    `json:"answer"`
	Pieces  []text.Piece `json:"pieces,omitzero"`
	Effects []float64    `json:"effects,omitzero"`
	Rest    string       `json:"rest,omitzero"` // behind the last piece
	Unread  int          `json:"unread"`        // pieces that the model does not read: the text is too long
}

// TextsAttentionParams asks where a model looks that reads a text, or that goes on with one.
type TextsAttentionParams struct {
	Model int    `json:"model"`
	Text  string `json:"text"`
}

// MaxAttended bounds how many tokens of a text are told of.
const MaxAttended = 256

// TextsAttentionResult says which tokens look at which: the first MaxAttended of a text
// that is told apart, the last of one that is gone on with.
type TextsAttentionResult struct {
	Tokens []text.Token     `json:"tokens"`
	Read   int              `json:"read"` // tokens that the model read
	Layers []AttentionLayer `json:"layers"`
}

// An AttentionLayer is what one layer looked at: Weights [heads, tokens, tokens] has a row
// of what is looked at for each token that looks. A row sums to 1, but for what goes to
// tokens that are not told of and to padding.
type AttentionLayer struct {
	Layer   string `json:"layer"`
	Heads   int    `json:"heads"`
	Causal  bool   `json:"causal"` // no token looks at a later one
	Weights Tensor `json:"weights"`
}
