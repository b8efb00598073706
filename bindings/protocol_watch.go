package bindings

// PauseParams holds a fit up at the next step's end, or lets it go on. The engine answers
// with the same params as NotifyPaused once it is so. Bits do not depend on it.
type PauseParams struct {
	ID int  `json:"id"` // the fit's request
	On bool `json:"on"`
}

// WeightLogs is how a fit's weights lie after an epoch: with FitParams.Watch, before the
// first one, then at most once a second, and at the end.
type WeightLogs struct {
	ID      int            `json:"id"`
	Epoch   int            `json:"epoch"` // epochs that were finished
	Weights []WeightSpread `json:"weights"`
}

// A WeightSpread counts a weight's values in equal parts of the range from Low to High.
type WeightSpread struct {
	Name   string  `json:"name"` // <layer>/<weight>
	Shape  []int   `json:"shape"`
	Low    float64 `json:"low"`
	High   float64 `json:"high"`
	Counts []int   `json:"counts"`
}

// ProfileParams asks where the time of a step goes, on a prepared Table's training part.
// The model, which must be compiled, comes out as it went in.
type ProfileParams struct {
	Model     int     `json:"model"`
	Table     int     `json:"table"`
	BatchSize int     `json:"batchSize,omitzero"` // default 32
	Seconds   float64 `json:"seconds,omitzero"`   // of measuring, about; default 1
}

// ProfileResult is what was measured. Times are milliseconds of one step.
type ProfileResult struct {
	Rows   int            `json:"rows"`   // of a step
	Steps  int            `json:"steps"`  // that were measured
	Step   float64        `json:"step"`   // of a step as it is in training
	Layers []LayerProfile `json:"layers"` // measured one by one
	Rest   float64        `json:"rest"`   // batches, metrics, the optimizer
}

// A LayerProfile is one layer's part of a step.
type LayerProfile struct {
	Name       string  `json:"name"` // "" for the losses
	Class      string  `json:"class"`
	Forward    float64 `json:"forward"`
	Backward   float64 `json:"backward"`
	Flops      int64   `json:"flops"`
	Bytes      int64   `json:"bytes"`
	Parameters int     `json:"parameters"`
}

// SearchParams looks for better settings of a training on a prepared Table: trials with
// settings drawn at random, each a fresh model, judged by the validation part alone. The
// first trial has the settings as they are given. Fit says how each is trained.
type SearchParams struct {
	Table     int       `json:"table"`
	Layers    []Layer   `json:"layers"` // hidden ones
	Optimizer Optimizer `json:"optimizer"`
	Loss      Loss      `json:"loss,omitzero"`
	Seed      *int64    `json:"seed,omitzero"` // of the models and of what is drawn
	Fit       FitParams `json:"fit"`           // Epochs, BatchSize, EarlyStopping, ClassWeight

	RateFrom float64   `json:"rateFrom,omitzero"` // learning rates, evenly in their logarithm; 0: as given
	RateTo   float64   `json:"rateTo,omitzero"`
	Batches  []int     `json:"batches,omitzero"`  // batch sizes to choose from
	Widths   []float64 `json:"widths,omitzero"`   // factors of units and filters
	Dropouts []float64 `json:"dropouts,omitzero"` // shares, behind each hidden dense layer

	Trials  int     `json:"trials"`           // the most
	Seconds float64 `json:"seconds,omitzero"` // of them all together; 0: as long as it takes
}

// A SearchTrial is one set of settings and how it did.
type SearchTrial struct {
	Number  int     `json:"number"` // from 0
	Rate    float64 `json:"rate"`
	Batch   int     `json:"batch"`
	Width   float64 `json:"width"`
	Dropout float64 `json:"dropout"`
	Epochs  int     `json:"epochs"`
	Value   float64 `json:"value"` // of SearchResult.Monitor; without meaning where it failed
	Logs    Logs    `json:"logs"`
	Failed  string  `json:"failed,omitzero"`
}

// SearchLogs are the trials that ended since the last such message.
type SearchLogs struct {
	ID     int           `json:"id"`
	Trials []SearchTrial `json:"trials"`
}

// SearchResult is what a search found, also one that was cancelled with Keep.
type SearchResult struct {
	Trials  []SearchTrial `json:"trials"`
	Best    int           `json:"best"`    // index of Trials; -1: none has a value
	Monitor string        `json:"monitor"` // what they are judged by: val_loss, or loss without a validation part
	Ended   string        `json:"ended"`   // "trials", "seconds", or "" where it was stopped
}
