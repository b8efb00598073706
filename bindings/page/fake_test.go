package page

import (
	"context"
	"encoding/binary"
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/bindings"
	"github.com/terrarium-ml/terrarium/core/data"
	"github.com/terrarium-ml/terrarium/core/json"
)

// A fakeEngine answers as a test wants, at once, through JSON as a real one does.
type fakeEngine struct {
	t      *testing.T
	answer map[string]func(params json.RawMessage, r Request) (any, [][]byte, error)
	asked  []string
	last   map[string]json.RawMessage
}

func (e *fakeEngine) Call(ctx context.Context, r Request, result any) ([][]byte, error) {
	params, err := json.Marshal(r.Params)
	require.NoError(e.t, err)
	e.asked = append(e.asked, r.Method)
	e.last[r.Method] = params
	do := e.answer[r.Method]
	if do == nil {
		return nil, nil
	}
	got, buffers, err := do(params, r)
	if err != nil {
		return nil, err
	}
	text, err := json.Marshal(got)
	require.NoError(e.t, err)
	if result != nil {
		require.NoError(e.t, json.Unmarshal(text, result))
	}
	return buffers, nil
}

func refuse(code, format string, args ...any) error {
	return &bindings.Error{Code: bindings.RPCTerrarium, Message: fmt.Sprintf(format, args...), Data: bindings.ErrorData{Code: code}}
}

// A fakeScreen remembers what the page wanted of the browser.
type fakeScreen struct {
	values  map[string]string
	focus   string
	copied  string
	embed   string
	unsaved bool
	files   map[string][]byte
	timers  []func()
	clock   time.Time
	search  string // what stands behind the ? of the address
}

func (s *fakeScreen) Settings() string                 { return s.search }
func (s *fakeScreen) SetSettings(text string)          { s.search = text }
func (s *fakeScreen) Draw()                            {}
func (s *fakeScreen) Focus(id string)                  { s.focus = id }
func (s *fakeScreen) Settle(id string)                 { s.focus = id }
func (s *fakeScreen) Value(id string) string           { return s.values[id] }
func (s *fakeScreen) Download(name string, b []byte)   { s.files[name] = b }
func (s *fakeScreen) Copy(text string)                 { s.copied = text }
func (s *fakeScreen) Embed(string) string              { return s.embed }
func (s *fakeScreen) Guard(unsaved bool)               { s.unsaved = unsaved }
func (s *fakeScreen) After(_ time.Duration, do func()) { s.timers = append(s.timers, do) }
func (s *fakeScreen) Width() float64                   { return 1000 }
func (s *fakeScreen) Now() time.Time                   { s.clock = s.clock.Add(100 * time.Millisecond); return s.clock }

// A stage is a page on a fake screen with a fake engine.
type stage struct {
	*testing.T
	app    *App
	engine *fakeEngine
	screen *fakeScreen
	lose   func(string)
	shown  map[string]Node // by mount
}

func newStage(t *testing.T) *stage {
	s := &stage{T: t, shown: map[string]Node{},
		engine: &fakeEngine{t: t, answer: map[string]func(json.RawMessage, Request) (any, [][]byte, error){}, last: map[string]json.RawMessage{}},
		screen: &fakeScreen{values: map[string]string{}, files: map[string][]byte{}, clock: time.Unix(1e9, 0)}}
	s.app = New(s.screen, func(lost func(string)) Engine { s.lose = lost; return s.engine })
	s.app.beside = func(do func()) { do() }
	s.fix(bindings.MethodHello, bindings.Capabilities{Version: "1", SIMD: true})
	s.fix(bindings.MethodStoreList, bindings.ListResult{})
	s.fix(bindings.MethodStoreUsage, bindings.UsageResult{Usage: 10, Quota: 1000})
	s.fix(bindings.MethodTableOpen, table())
	s.fix(bindings.MethodTableSuggest, suggestion())
	s.engine.answer[bindings.MethodTablePrepare] = func(params json.RawMessage, _ Request) (any, [][]byte, error) {
		var p bindings.PrepareParams
		require.NoError(t, json.Unmarshal(params, &p))
		return preparation(p.Setup), nil, nil
	}
	s.fix(bindings.MethodModelCreate, bindings.ModelInfo{Model: 5, Name: "flowers", Seed: 1, Parameters: 99, Pipeline: pipeline()})
	s.engine.answer[bindings.MethodModelFit] = func(_ json.RawMessage, r Request) (any, [][]byte, error) {
		r.Notify(bindings.NotifyEpoch, json.RawMessage(`{"id":1,"epochs":[{"epoch":0,"logs":{"val_loss":0.9,"loss":1,"acc":0.5}},{"epoch":1,"logs":{"loss":0.5,"val_loss":0.6,"acc":0.8}}]}`))
		return bindings.FitResult{Epoch: []int{0, 1}, History: map[string][]float64{"loss": {1, 0.5}, "val_loss": {0.9, 0.6}, "acc": {0.5, 0.8}}, BestEpoch: 1}, nil, nil
	}
	s.fix(bindings.MethodModelTest, bindings.TestResult{Rows: 3, Headline: "acc", Metrics: bindings.Logs{"acc": 2.0 / 3}, Baseline: bindings.Logs{"acc": 1.0 / 3},
		Guess: "rose", Labels: []string{"rose", "fern"}, Confusion: [][]int{{1, 1}, {0, 1}}, Lines: bindings.Tensor{Buffer: 9}})
	s.fix(bindings.MethodModelDigest, bindings.DigestResult{Digest: "cafe"})
	half := 0.75
	s.fix(bindings.MethodModelRow, bindings.RowResult{Label: "fern", Classes: []bindings.ClassShare{{Label: "fern", Probability: half}, {Label: "rose", Probability: 0.25}}})
	s.app.Start()
	return s
}

func (s *stage) fix(method string, result any) {
	s.engine.answer[method] = func(json.RawMessage, Request) (any, [][]byte, error) { return result, nil, nil }
}

func (s *stage) fail(method, code, text string) {
	s.engine.answer[method] = func(json.RawMessage, Request) (any, [][]byte, error) { return nil, nil, refuse(code, "%s", text) }
}

// do carries actions out, lets timers run, and draws.
func (s *stage) do(acts ...Action) {
	s.Helper()
	for _, a := range acts {
		require.Contains(s, s.app.actions, a.Name)
		s.app.Do(a)
	}
	for len(s.screen.timers) > 0 {
		timers := s.screen.timers
		s.screen.timers = nil
		for _, t := range timers {
			t()
		}
	}
	s.draw()
}

func (s *stage) draw() {
	for d := s.app.Drawing(); d != nil; d = s.app.Drawing() {
		for id, nodes := range d {
			hear(s.T, id, nodes)
			s.shown[id] = el("div", nodes)
		}
	}
}

// see returns the drawn element with an id; it must be there.
func (s *stage) see(id string) *Node {
	s.Helper()
	s.draw()
	for _, n := range s.shown {
		if hit := n.find(id); hit != nil {
			return hit
		}
	}
	require.Fail(s, "nothing shows #"+id)
	return nil
}

// html returns the markup of a mount as it was last drawn.
func (s *stage) html(mount string) string {
	s.draw()
	n := s.shown[mount]
	return n.HTML()
}

func (s *stage) gone(id string) {
	s.Helper()
	s.draw()
	for mount, n := range s.shown {
		require.Nil(s, n.find(id), "#%s in %s", id, mount)
	}
}

func (s *stage) disabled(id string) bool {
	for _, a := range s.see(id).Attrs {
		if a.Name == "disabled" {
			return true
		}
	}
	return false
}

func table() bindings.TableInfo {
	return bindings.TableInfo{Table: 3, Profile: data.Profile{Name: "flowers.csv", Rows: 12, FileBytes: 2000, MemoryBytes: 4000,
		Dialect: data.Dialect{Delimiter: ";", Encoding: "UTF-8", Header: true, DecimalComma: true},
		Columns: []data.ColumnProfile{
			{Name: "kind", Kind: data.KindCategory, Inferred: data.KindCategory, Distinct: 2, Bins: []data.Bin{{Label: "rose", Count: 7}}},
			{Name: "height", Kind: data.KindNumber, Inferred: data.KindNumber, Missing: 3, Min: 1, Max: 9, Median: 4},
			{Name: "name", Kind: data.KindCategory, Inferred: data.KindCategory, Distinct: 2},
		}}}
}

func suggestion() data.Setup {
	return data.Setup{Target: "kind", Task: data.TaskClassification, Split: data.DefaultSplit(),
		Reasons: data.SetupReasons{Target: "It comes first.", Task: "It has 2 values."},
		Columns: []data.ColumnSetup{
			{Name: "kind", Kind: data.KindCategory, Role: data.RoleTarget},
			{Name: "height", Kind: data.KindNumber, Role: data.RoleFeature, Missing: data.MissingMedian, Encoding: data.EncodingNone, Scaling: data.ScalingStandard, Reason: "A measurement."},
			{Name: "name", Kind: data.KindCategory, Role: data.RoleIgnore, Leak: true, Encoding: data.EncodingOneHot, Missing: data.MissingFlag},
		},
		Notices: []data.Notice{{Code: data.NoticeLeak, Column: "name", Message: "It says the same as kind."}}}
}

func pipeline() *data.Pipeline {
	return &data.Pipeline{Format: 1,
		Inputs: []data.Input{{Name: "height", Kind: data.KindNumber, Encoding: data.EncodingNone, Min: 1, Max: 9, Default: "4", Scale: 1}},
		Output: data.Output{Name: "kind", Task: data.TaskClassification, Kind: data.KindCategory, Labels: []string{"rose", "fern"}, Counts: []int{4, 4}}}
}

func preparation(setup data.Setup) bindings.PrepareResult {
	return bindings.PrepareResult{Train: 8, Validation: 2, Test: 2, Features: []string{"height"}, Pipeline: pipeline(), Setup: setup,
		Defaults: data.TrainingDefaults{Hidden: []int{8}, Activation: "relu", Initializer: "heNormal", OutputUnits: 1, OutputActivation: "sigmoid",
			Loss: "binaryCrossentropy", Optimizer: "adam", LearningRate: 0.003, BatchSize: 16, Epochs: 50, Patience: 10, Reasons: map[string]string{"epochs": "Few rows."}}}
}

// bytesOf returns floats as an engine sends them.
func bytesOf(values []float32) []byte {
	var out []byte
	for _, v := range values {
		out = binary.LittleEndian.AppendUint32(out, math.Float32bits(v))
	}
	return out
}
