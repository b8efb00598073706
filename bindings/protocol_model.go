package bindings

import (
	"github.com/terrarium-ml/terrarium/core/data"
	"github.com/terrarium-ml/terrarium/core/json"
	"github.com/terrarium-ml/terrarium/core/nn"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// A Layer is described as Keras does it: a class and its options. Options may be
// spelled as Keras (kernel_initializer) or as TF.js (kernelInitializer).
type Layer struct {
	ClassName string          `json:"className"` // Dense, Flatten, Activation, Dropout, InputLayer
	Config    json.RawMessage `json:"config,omitzero"`

	// The engine's answers have these as well, of networks with branches.
	Name         string          `json:"name,omitzero"`
	Trainable    *bool           `json:"trainable,omitzero"`    // false: frozen
	InboundNodes [][]nn.LayerRef `json:"inboundNodes,omitzero"` // where the inputs of each use come from
}

// An Optimizer is described by its name in any common spelling and its options.
type Optimizer struct {
	ClassName string          `json:"className"` // sgd, momentum, adam, adamw, rmsprop, …
	Config    json.RawMessage `json:"config,omitzero"`
}

// A Loss is described by its name in any common spelling, alone or with its options:
// "huberLoss" or {"className": "huber", "config": {"delta": 2}}.
type Loss struct {
	ClassName string
	Config    json.RawMessage
}

// description is a Loss with options, as it stands in JSON.
type description struct {
	ClassName string          `json:"className"`
	Config    json.RawMessage `json:"config,omitzero"`
}

// ReadJSON reads a name or a description.
func (l *Loss) ReadJSON(text []byte) error {
	*l = Loss{}
	if string(text) == "null" || json.Unmarshal(text, &l.ClassName) == nil {
		return nil
	}
	var d description
	if err := (json.Reading{Strict: true, Fold: true}).Unmarshal(text, &d); err != nil || d.ClassName == "" {
		return tensor.Errorf(tensor.CodeOption, "loss %.60s: want a name or an object with className and config", text)
	}
	*l = Loss(d)
	return nil
}

// WriteJSON writes the name alone where there are no options.
func (l Loss) WriteJSON() ([]byte, error) {
	if len(l.Config) == 0 {
		return json.Marshal(l.ClassName)
	}
	return json.Marshal(description(l))
}

// CreateParams describes a model. Without Outputs it is sequential. With a Table, which
// must be prepared, Layers are the hidden ones only: the input's shape and the output
// layer follow from the table, and the model gets its pipeline.
//
// With Outputs it has branches: Uses apply the layers, each to results of uses before
// it, a layer that is used twice with one set of weights. Inputs are uses of InputLayers.
type CreateParams struct {
	Layers  []Layer       `json:"layers"`
	Uses    []LayerUse    `json:"uses,omitzero"`
	Inputs  []LayerResult `json:"inputs,omitzero"`
	Outputs []LayerResult `json:"outputs,omitzero"`
	Table   int           `json:"table,omitzero"`
	Name    string        `json:"name,omitzero"`
	Seed    *int64        `json:"seed,omitzero"` // 0…MaxSeed; without one, drawn at random and reported
}

// A LayerUse is one application of a layer.
type LayerUse struct {
	Layer int           `json:"layer"` // an index of Layers
	In    []LayerResult `json:"in"`    // none: an input of the network
}

// A LayerResult is a result of a use; most layers have one, number 0.
type LayerResult struct {
	Use    int `json:"use"` // an index of Uses
	Result int `json:"result,omitzero"`
}

// CutParams makes a model of an open one: its network up to a layer, with its weights,
// and Layers behind that, with fresh ones.
type CutParams struct {
	Model  int     `json:"model"`
	Layer  string  `json:"layer"`
	Layers []Layer `json:"layers,omitzero"`
	Name   string  `json:"name,omitzero"`
	Seed   *int64  `json:"seed,omitzero"` // that of the model if it is left out
}

// AdaptParams makes a model for prepared data of an open one, which may come from another
// program: the last layer makes room for a fresh one of as many outputs as the data want.
type AdaptParams struct {
	Model int    `json:"model"`
	Table int    `json:"table"`
	Keep  string `json:"keep,omitzero"` // KeepBase if it is left out
	Name  string `json:"name,omitzero"`
	Seed  *int64 `json:"seed,omitzero"`
}

// What AdaptParams keeps.
const (
	KeepBase = "base"  // all but the last layer stays as it is: only a fresh last one learns
	KeepGo   = "all"   // a fresh last layer, and all goes on learning
	KeepHead = "whole" // the last layer too, where it has the outputs that the data want
)

// TrainableParams freezes or thaws a layer. The model must be compiled again.
type TrainableParams struct {
	Model     int    `json:"model"`
	Layer     string `json:"layer"`
	Trainable bool   `json:"trainable"`
}

// ModelInfo is a model that is open in the engine. What comes from a data pipeline
// is empty for a model that was trained on tensors.
type ModelInfo struct {
	Model       int            `json:"model"` // its id
	Name        string         `json:"name"`
	Seed        int64          `json:"seed"`
	Layers      []Layer        `json:"layers"`
	Input       []int          `json:"input"`  // shape of a row, of the first input
	Output      []int          `json:"output"` // shape of a row, of the first output
	Inputs      []Port         `json:"inputs"`
	Outputs     []Port         `json:"outputs"`
	Parameters  int            `json:"parameters"`
	Numerics    int            `json:"numerics"` // version of the bits it was trained with
	Compiled    bool           `json:"compiled"`
	Interrupted *FitResult     `json:"interrupted,omitzero"` // of a checkpoint just loaded: the run that can be resumed
	Pipeline    *data.Pipeline `json:"pipeline,omitzero"`    // its inputs describe the form
	Data        string         `json:"data,omitzero"`        // fingerprint of what it learned from, by its card
	Source      string         `json:"source,omitzero"`      // the file that came from
	Planned     int            `json:"planned,omitzero"`     // epochs that its training was to have
}

// A Port is an input or an output of a model.
type Port struct {
	Name  string `json:"name"`
	Shape []int  `json:"shape"` // of a row
}

// ModelParams names an open model.
type ModelParams struct {
	Model int `json:"model"`
}

// CompileParams chooses how a model learns. An empty Loss or nil Metrics follow
// from the pipeline's task, where the model has one. What stands for each output, as a
// list in their order or by their names, goes before Loss and Metrics, which are for all
// outputs.
type CompileParams struct {
	Model     int       `json:"model"`
	Optimizer Optimizer `json:"optimizer"`
	Loss      Loss      `json:"loss,omitzero"`
	Metrics   []string  `json:"metrics,omitzero"`

	Losses      []Loss              `json:"losses,omitzero"`
	LossOf      map[string]Loss     `json:"lossOf,omitzero"`
	LossWeights []float64           `json:"lossWeights,omitzero"`
	WeightOf    map[string]float64  `json:"weightOf,omitzero"` // those not named weigh 1
	MetricsOf   map[string][]string `json:"metricsOf,omitzero"`
}

// PlanParams asks what training would need, before anything is allocated.
type PlanParams struct {
	Model     int `json:"model"`
	BatchSize int `json:"batchSize"`
	Table     int `json:"table,omitzero"`
}

// PlanResult is an estimate. A fit above Limit is refused with code memory.
type PlanResult struct {
	Bytes      int64 `json:"bytes"` // that a step holds: weights, optimizer, activations, gradients
	Flops      int64 `json:"flops"` // of a step, forward and backward
	Data       int64 `json:"data"`  // bytes that the open tables and the other models hold
	Limit      int64 `json:"limit"` // the engine's ceiling
	Parameters int   `json:"parameters"`
	Steps      int   `json:"steps"` // an epoch, where Table is given
}

// FitParams trains a model: on X and Y, or on the training part of a prepared Table,
// with its validation part.
type FitParams struct {
	Model           int                `json:"model"`
	X               *Tensor            `json:"x,omitzero"`
	Y               *Tensor            `json:"y,omitzero"`
	Table           int                `json:"table,omitzero"`
	Epochs          int                `json:"epochs"`
	BatchSize       int                `json:"batchSize,omitzero"`       // default 32
	Shuffle         *bool              `json:"shuffle,omitzero"`         // default true
	ValidationSplit float64            `json:"validationSplit,omitzero"` // the last part of X, before any shuffle
	ValidationX     *Tensor            `json:"validationX,omitzero"`
	ValidationY     *Tensor            `json:"validationY,omitzero"`
	SampleWeight    *Tensor            `json:"sampleWeight,omitzero"` // one value a row
	Accumulate      int                `json:"accumulate,omitzero"`   // batches of an update; default 1
	Xs              []Tensor           `json:"xs,omitzero"`           // in place of X: of each input
	Ys              []Tensor           `json:"ys,omitzero"`           // in place of Y: of each output
	ValidationXs    []Tensor           `json:"validationXs,omitzero"`
	ValidationYs    []Tensor           `json:"validationYs,omitzero"`
	SampleWeights   []Tensor           `json:"sampleWeights,omitzero"` // for each output
	ClassWeight     map[string]float64 `json:"classWeight,omitzero"`   // by class index
	EarlyStopping   *EarlyStopping     `json:"earlyStopping,omitzero"`
	Plateau         *Plateau           `json:"reduceLROnPlateau,omitzero"`
	BatchLogs       bool               `json:"batchLogs,omitzero"`  // notify fit.batch
	Watch           bool               `json:"watch,omitzero"`      // epochs tell of rate and gradient; notify fit.weights
	Checkpoint      *Checkpoint        `json:"checkpoint,omitzero"` // keep the model safe meanwhile
	Resume          bool               `json:"resume,omitzero"`     // go on with the run that a loaded checkpoint interrupted, up to Epochs
	Again           bool               `json:"again,omitzero"`      // take all options from the model's card, but for Model, Table, Resume, Checkpoint
	Record          *Record            `json:"record,omitzero"`     // write log and card
}

// EarlyStopping ends a fit when the monitored value has not improved by MinDelta
// for Patience epochs; the best weights come back unless KeepLast.
type EarlyStopping struct {
	Monitor  string  `json:"monitor,omitzero"` // default val_loss, or loss without validation data
	Patience int     `json:"patience"`
	MinDelta float64 `json:"minDelta,omitzero"`
	Mode     string  `json:"mode,omitzero"` // "min", "max"; default: by the name
	KeepLast bool    `json:"keepLast,omitzero"`
}

// A Plateau lowers the learning rate when the monitored value has not improved by
// MinDelta for Patience epochs.
type Plateau struct {
	Monitor  string  `json:"monitor,omitzero"`  // default val_loss, or loss without validation data
	Factor   float64 `json:"factor,omitzero"`   // default 0.1
	Patience int     `json:"patience,omitzero"` // default 10
	MinDelta float64 `json:"minDelta,omitzero"` // default 0.0001
	Cooldown int     `json:"cooldown,omitzero"`
	MinLr    float64 `json:"minLr,omitzero"`
	Mode     string  `json:"mode,omitzero"` // "min", "max"; default: by the name
}

// FindRateParams looks for a learning rate, on X and Y (or Xs and Ys) or on a prepared
// Table's training part. The model comes out as it went in.
type FindRateParams struct {
	Model     int      `json:"model"`
	X         *Tensor  `json:"x,omitzero"`
	Y         *Tensor  `json:"y,omitzero"`
	Xs        []Tensor `json:"xs,omitzero"`
	Ys        []Tensor `json:"ys,omitzero"`
	Table     int      `json:"table,omitzero"`
	From      float64  `json:"from,omitzero"`      // default 1e-7
	To        float64  `json:"to,omitzero"`        // default 10
	Steps     int      `json:"steps,omitzero"`     // default 100
	BatchSize int      `json:"batchSize,omitzero"` // default 32
}

// RateResult is the smoothed loss at each rate that was tried.
type RateResult struct {
	Rates     []float64 `json:"rates"`
	Losses    []float64 `json:"losses"`
	Suggested float64   `json:"suggested"` // where the loss falls fastest
	Diverged  bool      `json:"diverged"`  // the last rates were too high
}

// Checkpoint saves the model to the browser under Name at the end of an epoch, not
// more often than Every milliseconds (default 10000), with all that is needed to go
// on with the same bits (FitParams.Resume). It is a stored model like others, with
// Kind "checkpoint". What cannot be saved is no reason to stop: the result's Unsaved
// says why.
type Checkpoint struct {
	Name  string `json:"name"`
	Every int    `json:"every,omitzero"`
	Date  string `json:"date,omitzero"` // as SaveParams
	Data  bool   `json:"data,omitzero"` // keep what is learned from as well, once, so that going on needs no file
}

// FitResult is the history of a fit.
type FitResult struct {
	Epoch        []int  `json:"epoch"`
	History      Curves `json:"history"`
	BestEpoch    int    `json:"bestEpoch"`        // index into Epoch; whose weights the model has, where StoppedEarly restored them
	StoppedEarly bool   `json:"stoppedEarly"`     // by EarlyStopping
	Stopped      bool   `json:"stopped"`          // by cancel
	Unsaved      string `json:"unsaved,omitzero"` // why the last checkpoint is missing
}

// EpochLogs are the epochs that ended since the last such message.
type EpochLogs struct {
	ID     int        `json:"id"` // the fit's request
	Epochs []EpochLog `json:"epochs"`
}

// An EpochLog is one epoch's result. Epochs are counted from 0, as TF.js does.
type EpochLog struct {
	Epoch int  `json:"epoch"`
	Logs  Logs `json:"logs"`

	// With FitParams.Watch:
	Rate     *float64 `json:"rate,omitzero"`     // the learning rate with which the epoch began
	Gradient *float64 `json:"gradient,omitzero"` // length of the gradient, the mean of a few of its steps
}

// BatchLogs are the batches that ended since the last such message: a buffer of
// little-endian float64, Rows × len(Columns). The first columns are epoch, batch and
// size, the others the batch's loss and metrics.
type BatchLogs struct {
	ID      int      `json:"id"` // the fit's request
	Columns []string `json:"columns"`
	Rows    int      `json:"rows"`
	Buffer  int      `json:"buffer"`
}

// EvaluateParams computes loss and metrics on X and Y, or on one of them for each input
// and output.
type EvaluateParams struct {
	Model         int      `json:"model"`
	X             Tensor   `json:"x"`
	Y             Tensor   `json:"y"`
	Xs            []Tensor `json:"xs,omitzero"`
	Ys            []Tensor `json:"ys,omitzero"`
	BatchSize     int      `json:"batchSize,omitzero"`
	SampleWeight  *Tensor  `json:"sampleWeight,omitzero"`
	SampleWeights []Tensor `json:"sampleWeights,omitzero"`
}

// PredictParams computes a model's output for X, or for one of them for each input.
type PredictParams struct {
	Model int      `json:"model"`
	X     Tensor   `json:"x"`
	Xs    []Tensor `json:"xs,omitzero"`
}

// CrossParams judges how a compiled model learns, by fresh ones of its network: each is
// trained on all folds of the data but one, and judged on that. Of a table it is the
// training part that is divided. The fit has no validation data of its own.
type CrossParams struct {
	FitParams
	Folds      int     `json:"folds,omitzero"`      // default 5
	Stratified bool    `json:"stratified,omitzero"` // each fold has its share of each class of the first target
	Groups     *Tensor `json:"groups,omitzero"`     // whole numbers, one a row: rows of a group stay together
}

// CrossResult is what cross-validation found.
type CrossResult struct {
	Folds []CrossFold `json:"folds"`
	Mean  Logs        `json:"mean"` // over the folds
	SD    Logs        `json:"sd"`   // the sample's standard deviation
}

// A CrossFold is one fold's result.
type CrossFold struct {
	Rows    []int  `json:"rows"` // that were left out, from 0
	Logs    Logs   `json:"logs"` // measured on them
	Epoch   []int  `json:"epoch"`
	History Curves `json:"history"`
}

// TogetherParams predicts by several models of the same inputs and outputs: by the mean
// of what they say or, with Vote, by the share of them that say it.
type TogetherParams struct {
	PredictParams
	Others []int `json:"others"` // models beside Model
	Vote   bool  `json:"vote,omitzero"`
}

// TensorsResult is one tensor for each output of a model.
type TensorsResult struct {
	Tensors []Tensor `json:"tensors"`
}

// TestParams asks how a model does on rows it never saw: a prepared table's test
// part, or with Part "train" or "validation" another one. Weights asks it of the model as
// it would be with weights of "float16" or "int8" (see WasmParams).
type TestParams struct {
	Model   int    `json:"model"`
	Table   int    `json:"table"`
	Part    string `json:"part,omitzero"`
	Weights string `json:"weights,omitzero"`
}

// TestResult sets a model beside the simplest guess. Metrics are in the target's
// own units.
type TestResult struct {
	Rows      int      `json:"rows"`
	Headline  string   `json:"headline"` // which metric to show first: "acc", "r2", or "mae" of series
	Metrics   Logs     `json:"metrics"`  // acc, and of two classes f1, precision, recall of the second; or r2, mae, rmse
	Baseline  Logs     `json:"baseline"` // the same names
	Guess     string   `json:"guess"`    // what the baseline always says
	Labels    []string `json:"labels,omitzero"`
	Confusion [][]int  `json:"confusion,omitzero"` // [true][predicted], counts
	Truth     Tensor   `json:"truth"`              // [rows]: class index, or the target's value
	Predicted Tensor   `json:"predicted"`          // [rows]
	Lines     Tensor   `json:"lines"`              // [rows]: the row's number in the table, from 1

	Interval *data.Interval `json:"interval,omitzero"` // of a regression, with 19 rows or more
}

// RowParams predicts one row that was typed into a form: text by column name. An
// absent or empty text is a missing value.
type RowParams struct {
	Model  int               `json:"model"`
	Values map[string]string `json:"values"`
}

// RowResult is a model's answer for one row.
type RowResult struct {
	Label   string       `json:"label,omitzero"`   // of a classification: the likeliest
	Value   *float64     `json:"value,omitzero"`   // of a regression, in the target's units
	Classes []ClassShare `json:"classes,omitzero"` // likeliest first
}

// A ClassShare is a class with its probability.
type ClassShare struct {
	Label       string  `json:"label"`
	Probability float64 `json:"probability"`
}

// WeightsResult is every weight in the order of layers.
type WeightsResult struct {
	Names   []string `json:"names"` // <layer>/<weight>
	Tensors []Tensor `json:"tensors"`
}

// SetWeightsParams replaces every weight, in the order of WeightsResult.
type SetWeightsParams struct {
	Model   int      `json:"model"`
	Tensors []Tensor `json:"tensors"`
}

// DigestResult is the SHA-256 of all weights.
type DigestResult struct {
	Digest string `json:"digest"` // hex
}

// SummaryResult is a table of the layers, in text.
type SummaryResult struct {
	Text string `json:"text"`
}

// WasmParams compiles a model to a WebAssembly module of its own. What is said about the
// model goes into the module's description.
type WasmParams struct {
	Model       int                `json:"model"`
	Weights     string             `json:"weights,omitzero"` // "float32" (default), "float16" or "int8"
	SIMD        *bool              `json:"simd,omitzero"`    // default true
	Unit        string             `json:"unit,omitzero"`    // of a regression's answer
	Units       map[string]string  `json:"units,omitzero"`   // of inputs, by name
	Metrics     map[string]float64 `json:"metrics,omitzero"`
	Fingerprint string             `json:"fingerprint,omitzero"` // of the data
	Licence     string             `json:"licence,omitzero"`
	Interval    *data.Interval     `json:"interval,omitzero"` // of a regression's answer, as model.test gives it
}

// WasmResult is a compiled model.
type WasmResult struct {
	Name    string `json:"name"` // a proposal for the file's name, ending in .wasm
	Buffer  int    `json:"buffer"`
	Weights int    `json:"weights"` // bytes of it that are weights
	Code    int    `json:"code"`    // bytes of it that are code
	MaxRows int    `json:"maxRows"` // the most rows of a call
}
