// Package bindings is everything of Terrarium that touches JavaScript: the engine
// that lives in a Web Worker, the client that a page in Go uses to speak to it, and
// the crossing between Go and JavaScript.
//
// The protocol is JSON-RPC 2.0 with bulk numbers beside the text. One message, in
// either direction, is a JavaScript object
//
//	{ rpc: "<JSON-RPC text>", buffers: [ArrayBuffer…], blobs: [Blob…] }
//
// whose buffers are transferred and whose blobs (files the user chose) are handles
// that cost nothing to send. JSON refers to a buffer or blob by its index; a tensor
// is {"shape":[2,3],"buffer":0}, little-endian float32, row-major. The worker's
// bootstrap adds one message that is no RPC: { lost: "why" }, after which the
// engine's program has ended and no promise will be answered any more.
//
// Requests run in the order in which they arrive. A fit runs beside them: whatever
// arrives while a model trains is answered between its steps. {"method":"cancel"}
// is seen at once, also in mid-step.
//
// The files protocol*.go are mirrored by site/terrarium.js; a test compares them.
package bindings

import "github.com/terrarium-ml/terrarium/core/json"

// Protocol is the version of the messages. Hello refuses another one, so that a
// cached page never speaks to a newer engine.
const Protocol = 1

// MaxSeed is the largest seed: the largest whole number that JavaScript's numbers
// hold exactly.
const MaxSeed = 1<<53 - 1

// Methods that the engine answers. After each stand its params and its result.
const (
	MethodHello = "hello" // HelloParams → Capabilities

	MethodTableSamples = "table.samples" // Empty → SamplesResult
	MethodTableOpen    = "table.open"    // OpenParams → TableInfo; notifies progress
	MethodTableProfile = "table.profile" // TableParams → TableInfo
	MethodTableRows    = "table.rows"    // RowsParams → RowsResult
	MethodTableKind    = "table.kind"    // KindParams → TableInfo
	MethodTableSuggest = "table.suggest" // SuggestParams → data.Setup
	MethodTablePrepare = "table.prepare" // PrepareParams → PrepareResult; notifies progress
	MethodTableChanges = "table.changes" // ChangesParams → ChangesResult; notifies progress; studio only
	MethodTableClose   = "table.close"   // TableParams → Empty

	MethodImagesSamples  = "images.samples"  // Empty → ImageSamplesResult
	MethodImagesOpen     = "images.open"     // ImagesParams → ImagesInfo; notifies progress
	MethodImagesEdit     = "images.edit"     // ImagesEditParams → ImagesInfo
	MethodImagesPrepare  = "images.prepare"  // ImagesPrepareParams → ImagesPrepareResult; notifies progress
	MethodImagesPreview  = "images.preview"  // ImagesPreviewParams → ImagesPreviewResult
	MethodImagesClassify = "images.classify" // ClassifyParams → ClassifyResult

	MethodSeriesSamples  = "series.samples"  // Empty → SeriesSamplesResult
	MethodSeriesOpen     = "series.open"     // SeriesParams → SeriesInfo; notifies progress
	MethodSeriesArrange  = "series.arrange"  // SeriesArrangeParams → SeriesInfo; notifies progress
	MethodSeriesPlot     = "series.plot"     // SeriesPlotParams → SeriesPlotResult
	MethodSeriesPrepare  = "series.prepare"  // SeriesPrepareParams → SeriesPrepareResult; notifies progress
	MethodSeriesBackTest = "series.backtest" // SeriesBackTestParams → SeriesBackTestResult; notifies progress
	MethodSeriesOrigin   = "series.origin"   // SeriesOriginParams → SeriesOriginResult
	MethodSeriesForecast = "series.forecast" // SeriesForecastParams → SeriesForecastResult

	MethodTextsSamples   = "texts.samples"   // Empty → TextSamplesResult
	MethodTextsOpen      = "texts.open"      // TextsParams → TextsInfo; notifies progress
	MethodTextsEdit      = "texts.edit"      // TextsEditParams → TextsInfo; notifies progress
	MethodTextsRows      = "texts.rows"      // TextsRowsParams → TextsRowsResult
	MethodTextsPrepare   = "texts.prepare"   // TextsPrepareParams → TextsPrepareResult; notifies progress
	MethodTextsTokens    = "texts.tokens"    // TextsTokensParams → TextsTokensResult
	MethodTextsClassify  = "texts.classify"  // TextsClassifyParams → TextsClassifyResult
	MethodTextsAttention = "texts.attention" // TextsAttentionParams → TextsAttentionResult

	MethodWritingOpen    = "writing.open"    // WritingParams → WritingInfo; notifies progress
	MethodWritingPrepare = "writing.prepare" // WritingPrepareParams → WritingPrepareResult; notifies progress
	MethodWritingWrite   = "writing.write"   // WriteParams → WriteResult; notifies writing.text

	MethodModelCreate     = "model.create"        // CreateParams → ModelInfo
	MethodModelCut        = "model.cut"           // CutParams → ModelInfo, of a new model
	MethodModelAdapt      = "model.adapt"         // AdaptParams → ModelInfo, of a new model
	MethodModelTrainable  = "model.trainable"     // TrainableParams → Empty
	MethodModelCompile    = "model.compile"       // CompileParams → Empty
	MethodModelPlan       = "model.plan"          // PlanParams → PlanResult
	MethodModelFit        = "model.fit"           // FitParams → FitResult; notifies progress, fit.epoch, fit.batch
	MethodModelEvaluate   = "model.evaluate"      // EvaluateParams → Logs
	MethodModelPredict    = "model.predict"       // PredictParams → Tensor, or TensorsResult for a model of several outputs
	MethodModelCross      = "model.crossValidate" // CrossParams → CrossResult; notifies progress
	MethodModelTogether   = "model.predictWith"   // TogetherParams → Tensor, or TensorsResult
	MethodModelTest       = "model.test"          // TestParams → TestResult
	MethodModelRow        = "model.row"           // RowParams → RowResult
	MethodModelWeights    = "model.weights"       // ModelParams → WeightsResult
	MethodModelSetWeights = "model.setWeights"    // SetWeightsParams → Empty
	MethodModelDigest     = "model.digest"        // ModelParams → DigestResult
	MethodModelSummary    = "model.summary"       // ModelParams → SummaryResult
	MethodModelInfo       = "model.info"          // ModelParams → ModelInfo
	MethodModelSave       = "model.save"          // SaveParams → StoredModel
	MethodModelBytes      = "model.bytes"         // ModelParams → BytesResult
	MethodModelWasm       = "model.wasm"          // WasmParams → WasmResult
	MethodModelExport     = "model.export"        // ExportParams → ExportResult
	MethodModelLoad       = "model.load"          // LoadParams → ModelInfo
	MethodModelOpen       = "model.open"          // OpenModelParams → OpenModelResult
	MethodModelTake       = "model.loadWeights"   // LoadWeightsParams → LoadWeightsResult
	MethodModelDispose    = "model.dispose"       // ModelParams → Empty
	MethodModelFindRate   = "model.findRate"      // FindRateParams → RateResult; notifies progress
	MethodModelProfile    = "model.profile"       // ProfileParams → ProfileResult
	MethodModelSearch     = "model.search"        // SearchParams → SearchResult; notifies progress, search.trial

	MethodPlayBegin = "play.begin" // PlayParams → ModelInfo
	MethodPlayStep  = "play.step"  // PlayStepParams → PlayStepResult

	MethodStoreList   = "store.list"   // Empty → ListResult
	MethodStoreRemove = "store.remove" // NameParams → Empty
	MethodStoreBytes  = "store.bytes"  // NameParams → BytesResult: a stored file, not opened
	MethodStoreUsage  = "store.usage"  // Empty → UsageResult
)

// Notifications: messages without an answer.
const (
	NotifyCancel = "cancel" // page → engine: CancelParams
	NotifyQuit   = "quit"   // page → engine: ends the program; for one that has no worker to terminate
	NotifyPause  = "pause"  // page → engine: PauseParams

	NotifyProgress = "progress"     // engine → page: Progress, at most every 100 ms
	NotifyEpoch    = "fit.epoch"    // engine → page: EpochLogs, at most every 100 ms, every epoch in order
	NotifyWritten  = "writing.text" // engine → page: Written, at most every 100 ms
	NotifyBatch    = "fit.batch"    // engine → page: BatchLogs, at most every 100 ms, every batch in order
	NotifyPaused   = "fit.paused"   // engine → page: PauseParams, when a fit pauses and when it goes on
	NotifyWeights  = "fit.weights"  // engine → page: WeightLogs, about once a second
	NotifyTrial    = "search.trial" // engine → page: SearchLogs
)

// JSON-RPC's own error numbers, and ours for everything that the core refused.
const (
	RPCParse      = -32700 // the text is no JSON
	RPCRequest    = -32600 // the JSON is no request
	RPCMethod     = -32601 // no such method
	RPCParams     = -32602 // params that do not decode
	RPCInternal   = -32603 // a broken invariant: a bug of ours
	RPCTerrarium  = -32000 // Error.Data says what
	ErrorInternal = "internal"
)

// A Message is any of the three JSON-RPC texts: a request (ID and Method), an
// answer (ID and Result or Error) or a notification (Method alone).
type Message struct {
	JSONRPC string          `json:"jsonrpc"`     // always "2.0"
	ID      int             `json:"id,omitzero"` // 1, 2, … chosen by the page
	Method  string          `json:"method,omitzero"`
	Params  json.RawMessage `json:"params,omitzero"`
	Result  json.RawMessage `json:"result,omitzero"`
	Error   *Error          `json:"error,omitzero"`
}

// An Error is a request's refusal. Message is a whole sentence that can be shown
// as it is.
type Error struct {
	Code    int       `json:"code"` // an RPC… number
	Message string    `json:"message"`
	Data    ErrorData `json:"data"`
}

// ErrorData says what was refused and where. Code is one of tensor's Code…
// constants, or ErrorInternal.
type ErrorData struct {
	Code    string     `json:"code"`
	Layer   string     `json:"layer,omitzero"`
	Column  string     `json:"column,omitzero"`
	Row     int        `json:"row,omitzero"`     // from 1; a file's line or a tensor's row
	History *FitResult `json:"history,omitzero"` // of a fit that ended early: what it did until then
}

// Error makes the refusal an error of Go for a client in Go.
func (e *Error) Error() string { return e.Message }

// HelloParams opens the conversation. It must be the first request.
type HelloParams struct {
	Protocol    int   `json:"protocol"`
	MemoryLimit int64 `json:"memoryLimit,omitzero"` // bytes that the engine may hold; 0 means 2 GB
}

// Capabilities is what the engine's program is and can do.
type Capabilities struct {
	Protocol int    `json:"protocol"`
	Version  string `json:"version"`  // of Terrarium
	Numerics int    `json:"numerics"` // version of the bits
	SIMD     bool   `json:"simd"`
	Kernels  string `json:"kernels"` // KernelsModule or KernelsGo
	Threads  int    `json:"threads"`
	Go       string `json:"go"`
}

// Who does the heavy loops: the module that the loader bound, or Go.
const (
	KernelsModule = "module"
	KernelsGo     = "go"
)

// CancelParams stops a request that runs or waits. It is then answered with code
// aborted, or, with Keep, a fit is answered as if it had ended by itself, with
// Stopped set. A request that is over already is left alone.
type CancelParams struct {
	ID   int  `json:"id"`
	Keep bool `json:"keep,omitzero"`
}

// Progress of a long request. Total is 0 where it is not known.
type Progress struct {
	ID    int    `json:"id"`    // the request
	Stage string `json:"stage"` // "read" (bytes; files of pictures), "prepare" (rows), "fit" (steps), "test" (forecasts), "rate" (steps), "search" (thousandths of trials)
	Done  int64  `json:"done"`
	Total int64  `json:"total"`
}

// A Tensor in JSON: its values are in a buffer of the same message.
type Tensor struct {
	Shape  []int `json:"shape"`
	Buffer int   `json:"buffer"`
}

// Logs are losses and metrics by name (loss, acc, val_loss, …). What is no finite
// number travels as null and arrives as NaN.
type Logs map[string]float64

// Curves are Logs over time: one value an epoch.
type Curves map[string][]float64

// Empty is a result or params without content: {}.
type Empty struct{}

// BytesResult is a file, in a buffer of the message.
type BytesResult struct {
	Name   string `json:"name"` // a proposal for the file's name
	Buffer int    `json:"buffer"`
}
