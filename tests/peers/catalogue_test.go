//go:build browser

package peers

import "encoding/json"

// An engine is one way to use one library.
type engine struct {
	ID, Name string
	File     string         // in page/engines
	Options  map[string]any // for its create
	Apart    bool           // in the second table: not one thread against one thread, or not the usual way
	Other    bool           // another algorithm: shown, but compared with nothing
}

// ours is compared with the rest, and reference with all: it computes what is right,
// and its page is the empty page.
const ours, reference = "terrarium", "reference"

var engines = []engine{
	{ID: ours, Name: "Terrarium", File: "terrarium"},
	{ID: "tfjs", Name: "TF.js wasm", File: "tensorflow", Options: map[string]any{"backend": "wasm"}},
	{ID: "tfjs-cpu", Name: "TF.js cpu", File: "tensorflow", Options: map[string]any{"backend": "cpu"}},
	{ID: "ort", Name: "ONNX Runtime Web", File: "onnxruntime"},
	{ID: "jax", Name: "jax-js", File: "jax"},
	{ID: "brain", Name: "brain.js", File: "brain", Other: true},
	{ID: "terrarium-worker", Name: "Terrarium, predicting in its worker", File: "terrarium", Options: map[string]any{"worker": true}, Apart: true},
	{ID: "terrarium-nosimd", Name: "Terrarium, no SIMD", File: "terrarium", Options: map[string]any{"simd": false}, Apart: true},
	{ID: "tfjs-nosimd", Name: "TF.js wasm, no SIMD", File: "tensorflow", Options: map[string]any{"backend": "wasm", "simd": false}, Apart: true},
	{ID: "tfjs-threads", Name: "TF.js wasm, 2 threads", File: "tensorflow", Options: map[string]any{"backend": "wasm", "threads": 2}, Apart: true},
	{ID: "ort-threads", Name: "ONNX Runtime Web, 2 threads", File: "onnxruntime", Options: map[string]any{"threads": 2}, Apart: true},
	{ID: "jax-threads", Name: "jax-js, a thread per core", File: "jax", Options: map[string]any{"threads": 2}, Apart: true},
	{ID: reference, File: "reference"},
}

// A work is one row of the table, or with kind "memory" two.
type work struct {
	ID, Name string
	Unit     string
	Less     bool    // is better
	Target   float64 // of ours in relation to the best peer; 0: none
	Once     bool    // says the same every time
	Page     page
}

// A page is what page/work.js is told.
type page struct {
	Kind   string `json:"kind"`
	Widths []int  `json:"widths,omitempty"`
	Rows   int    `json:"rows,omitempty"`
	Batch  int    `json:"batch,omitempty"`
	Epochs int    `json:"epochs,omitempty"`
	Steps  bool   `json:"steps,omitempty"`  // count steps, not samples
	Micros bool   `json:"micros,omitempty"` // time of a call, not its rate
	N      int    `json:"n,omitempty"`
}

func (p page) String() string {
	text, err := json.Marshal(p)
	if err != nil {
		panic(err) // numbers and names
	}
	return string(text)
}

var (
	digits  = []int{784, 128, 64, 10}
	tabular = []int{10, 32, 16, 1}
)

var works = []work{
	{ID: "mlp32", Name: "MLP 784-128-64-10, Adam, batch 32", Unit: "samples/s", Target: 2,
		Page: page{Kind: "train", Widths: digits, Rows: 6000, Batch: 32, Epochs: 2}},
	{ID: "mlp256", Name: "the same, batch 256", Unit: "samples/s", Target: 1.2,
		Page: page{Kind: "train", Widths: digits, Rows: 6000, Batch: 256, Epochs: 3}},
	{ID: "tabular", Name: "tabular 10-32-16-1, Adam, batch 32", Unit: "steps/s", Target: 15,
		Page: page{Kind: "train", Widths: tabular, Rows: 1000, Batch: 32, Epochs: 50, Steps: true}},
	{ID: "gemm128", Name: "GEMM n = 128", Unit: "GFLOP/s", Target: 1, Page: page{Kind: "gemm", N: 128}},
	{ID: "gemm256", Name: "GEMM n = 256", Unit: "GFLOP/s", Target: 1, Page: page{Kind: "gemm", N: 256}},
	{ID: "gemm512", Name: "GEMM n = 512", Unit: "GFLOP/s", Target: 1, Page: page{Kind: "gemm", N: 512}},
	{ID: "gemm1024", Name: "GEMM n = 1024", Unit: "GFLOP/s", Target: 1, Page: page{Kind: "gemm", N: 1024}},
	{ID: "predict256", Name: "MLP predict, 256 rows", Unit: "samples/s", Target: 1.2,
		Page: page{Kind: "predict", Widths: digits, Rows: 256}},
	{ID: "predict1", Name: "MLP predict, 1 row", Unit: "µs", Less: true, Target: 1. / 3,
		Page: page{Kind: "predict", Widths: digits, Rows: 1, Micros: true}},
	{ID: "start", Name: "navigation to first prediction, above an empty page", Unit: "ms", Less: true, Target: 1,
		Page: page{Kind: "cold", Widths: digits}},
	{ID: "memory", Once: true, Page: page{Kind: "memory", Widths: digits, Rows: 6400, Batch: 32, Epochs: 5}},
}

// A result is what one page answered.
type result struct {
	Value         float64
	Before, After *float64 // losses
	Error         float64  // the largest difference from what is right
	Lacks, Failed string

	// What the driver saw.
	Files             map[string]int // bytes of what was loaded for the engine, by path
	WebAssembly, Grew float64        // bytes
}
