package bindings

// SaveParams saves a model to the browser's storage, in place of one of that name.
// The old one stays until the new one is whole.
type SaveParams struct {
	Model   int    `json:"model"`
	Name    string `json:"name"`
	Date    string `json:"date,omitzero"`    // RFC 3339, from the page's clock
	Metrics Logs   `json:"metrics,omitzero"` // to show in the list
}

// LoadParams opens a model file: exactly one of the three.
type LoadParams struct {
	Name   string `json:"name,omitzero"`   // a stored model
	Blob   *int   `json:"blob,omitzero"`   // index of a File of the message
	Buffer *int   `json:"buffer,omitzero"` // index of a buffer of the message
}

// A StoredModel is the record beside a stored model's bytes.
type StoredModel struct {
	Name     string `json:"name"`
	Kind     string `json:"kind"` // "model" or "checkpoint"
	Bytes    int    `json:"bytes"`
	Date     string `json:"date"` // RFC 3339
	Task     string `json:"task,omitzero"`
	Target   string `json:"target,omitzero"`
	Metrics  Logs   `json:"metrics,omitzero"`
	Numerics int    `json:"numerics"`
	Data     string `json:"data,omitzero"`   // fingerprint of what it learned from, or what a set is
	Source   string `json:"source,omitzero"` // the file that came from
	Medium   string `json:"medium,omitzero"` // "image", "text", "series"; of columns of a table none
}

// NameParams names a stored model.
type NameParams struct {
	Name string `json:"name"`
}

// ListResult is every stored model, newest first, and every kept training set.
type ListResult struct {
	Models []StoredModel `json:"models"`
	Sets   []StoredModel `json:"sets,omitzero"`
}

// UsageResult is what the browser says of its storage for this site.
type UsageResult struct {
	Usage     int64  `json:"usage"`            // bytes used
	Quota     int64  `json:"quota"`            // bytes allowed; 0 if unknown
	Persisted bool   `json:"persisted"`        // kept when the browser clears up
	Refused   string `json:"refused,omitzero"` // why nothing can be stored here, if so
}
