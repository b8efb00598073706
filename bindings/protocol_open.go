package bindings

// Formats of model files, as OpenResult and ExportParams name them.
const (
	FormatTerrarium = "terrarium"         // our own: safetensors with a description
	FormatKeras     = "layers-model"      // TensorFlow.js, or Keras by its converter
	FormatTeachable = "teachable-machine" // a layers-model with labels, zipped
	FormatONNX      = "onnx"
	FormatArrays    = "safetensors" // of another program: named arrays without a network
	FormatWasm      = "wasm"        // a compiled model; for export only
)

// OpenModelParams opens a model of any format that its content is: a file of our own, of
// ONNX, a model.json with the files of weights that it names, or a zip that holds these.
type OpenModelParams struct {
	Files []ModelFile `json:"files"`
}

// A ModelFile is one file of a model.
type ModelFile struct {
	Name string `json:"name"` // its path beside the others, or its name
	Blob int    `json:"blob"` // index of a blob of the message
}

// OpenModelResult is a model, and what is to be said of its file. Of a file that holds
// arrays only there is no model (its id is 0), but Arrays. Of one that is for the program of
// other formats there is nothing but Others.
type OpenModelResult struct {
	ModelInfo
	Format string      `json:"format"`
	Notes  []string    `json:"notes,omitzero"`  // what was left out, and other things to know
	Labels []string    `json:"labels,omitzero"` // of the output's values, where the file has some
	Arrays []ArrayInfo `json:"arrays,omitzero"`
	Others bool        `json:"others,omitzero"`
}

// An ArrayInfo is a named array of a file.
type ArrayInfo struct {
	Name  string `json:"name"`
	DType string `json:"dtype"`
	Shape []int  `json:"shape"`
}

// LoadWeightsParams sets a model's weights to the arrays of a safetensors file, by name.
type LoadWeightsParams struct {
	Model int `json:"model"`
	Blob  int `json:"blob"` // index of a blob of the message
}

// LoadWeightsResult tells what became of the arrays.
type LoadWeightsResult struct {
	Set     []string `json:"set"`     // the model's weights that were set
	Missing []string `json:"missing"` // that the file has no array for
	Unused  []string `json:"unused"`  // arrays that no weight is called after
	Misfits []string `json:"misfits"` // arrays that cannot be the weight that they are called after, and why
}

// ExportParams writes a model for others. All but Model and Format are about wasm.
type ExportParams struct {
	WasmParams
	Format string `json:"format"`
}

// ExportResult is one file, or two for a layers-model.
type ExportResult struct {
	Files []BytesResult `json:"files"`
}
