package bindings

import (
	"context"
	"errors"
	"fmt"
	"math"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/core/data"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// A file is a Blob in Go's memory, for tests.
type file struct {
	name string
	text string
	read func(off int64) error // called before each piece, may be nil
}

func (f file) Name() string { return f.name }
func (f file) Size() int64  { return int64(len(f.text)) }

func (f file) ReadAt(p []byte, off int64) error {
	if f.read != nil {
		if err := f.read(off); err != nil {
			return err
		}
	}
	copy(p, f.text[off:])
	return nil
}

// flowers is a table whose class follows from two numbers and a colour.
func flowers(rows int) string {
	var b strings.Builder
	b.WriteString("width,height,colour,kind\n")
	for i := range rows {
		a, c := math.Sin(float64(i)), math.Cos(float64(3*i))
		kind := "rose"
		if a+c > 0 {
			kind = "tulip"
		}
		fmt.Fprintf(&b, "%.3f,%.3f,%s,%s\n", a, c, []string{"red", "white", "blue"}[i%3], kind)
	}
	return b.String()
}

// open opens a CSV text, prepares it for a target and returns both.
func (b *bench) open(csv, target string) (TableInfo, PrepareResult) {
	b.t.Helper()
	var info TableInfo
	b.call(MethodTableOpen, OpenParams{Text: csv, Options: data.ReadOptions{Name: "t.csv"}}, &info)
	var setup data.Setup
	b.call(MethodTableSuggest, SuggestParams{Table: info.Table, Target: target}, &setup)
	var prepared PrepareResult
	b.call(MethodTablePrepare, PrepareParams{Table: info.Table, Setup: setup}, &prepared)
	return info, prepared
}

// trained makes a model for a prepared table and fits it.
func (b *bench) trained(table, epochs int) (ModelInfo, FitResult) {
	b.t.Helper()
	seed := int64(1)
	var info ModelInfo
	b.call(MethodModelCreate, CreateParams{Table: table, Seed: &seed, Layers: []Layer{
		{ClassName: "Dense", Config: []byte(`{"units":16,"activation":"relu"}`)}}}, &info)
	b.call(MethodModelCompile, CompileParams{Model: info.Model, Optimizer: Optimizer{ClassName: "adam", Config: []byte(`{"learningRate":0.02}`)}}, nil)
	var plan PlanResult
	b.call(MethodModelPlan, PlanParams{Model: info.Model, BatchSize: 16, Table: table}, &plan)
	require.Positive(b.t, plan.Bytes)
	require.Positive(b.t, plan.Steps)
	var result FitResult
	b.call(MethodModelFit, FitParams{Model: info.Model, Table: table, Epochs: epochs, BatchSize: 16}, &result)
	require.Contains(b.t, result.History, "val_loss")
	return info, result
}

func TestTableToPrediction(t *testing.T) {
	b := newBench(t)
	table, prepared := b.open(flowers(400), "kind")
	require.Equal(t, 400, table.Profile.Rows)
	require.Equal(t, 400, prepared.Train+prepared.Validation+prepared.Test)
	require.Equal(t, data.TaskClassification, prepared.Pipeline.Output.Task)
	require.Len(t, prepared.Features, prepared.Pipeline.Features())
	info, _ := b.trained(table.Table, 60)
	require.Equal(t, []int{len(prepared.Features)}, info.Input)

	var r TestResult
	out := b.call(MethodModelTest, TestParams{Model: info.Model, Table: table.Table}, &r)
	require.Equal(t, "acc", r.Headline)
	require.Greater(t, r.Metrics["acc"], r.Baseline["acc"])
	require.Greater(t, r.Metrics["acc"], 0.9)
	require.Equal(t, prepared.Test, r.Rows)
	count, right := 0, 0
	for i, row := range r.Confusion {
		for k, n := range row {
			count += n
			if i == k {
				right += n
			}
		}
	}
	require.Equal(t, r.Rows, count)
	require.InDelta(t, r.Metrics["acc"], float64(right)/float64(count), 1e-12)
	lines, truth := tensorOf(t, r.Lines, out).Data, tensorOf(t, r.Truth, out).Data
	var rows RowsResult
	b.call(MethodTableRows, RowsParams{Table: table.Table, From: int(lines[0]) - 1, Count: 1}, &rows)
	require.Equal(t, r.Labels[int(truth[0])], rows.Rows[0][3])

	var answer RowResult
	b.call(MethodModelRow, RowParams{Model: info.Model, Values: map[string]string{"width": "0.9", "height": "0.9", "colour": "red"}}, &answer)
	require.Equal(t, "tulip", answer.Label)
	require.Len(t, answer.Classes, 2)
	require.Equal(t, answer.Label, answer.Classes[0].Label)
	require.InDelta(t, 1, answer.Classes[0].Probability+answer.Classes[1].Probability, 1e-6)

	// The pipeline travels with the model.
	b.call(MethodModelSave, SaveParams{Model: info.Model, Name: "flowers", Metrics: Logs{"acc": 1}}, nil)
	var loaded ModelInfo
	b.call(MethodModelLoad, LoadParams{Name: "flowers"}, &loaded)
	require.NotNil(t, loaded.Pipeline)
	require.True(t, loaded.Compiled)
	var again RowResult
	b.call(MethodModelRow, RowParams{Model: loaded.Model, Values: map[string]string{"width": "0.9", "height": "0.9", "colour": "red"}}, &again)
	require.Equal(t, answer, again)
	b.refused(tensor.CodeData, MethodModelRow, RowParams{Model: loaded.Model, Values: map[string]string{"width": "wide"}})
}

func TestTableRegression(t *testing.T) {
	b := newBench(t)
	var csv strings.Builder
	csv.WriteString("x;z;y\n")
	for i := range 300 {
		x, z := math.Sin(float64(i)), math.Cos(float64(7*i))
		fmt.Fprintf(&csv, "%.4f;%.4f;%.4f\n", x, z, 1000+50*x-40*z)
	}
	table, prepared := b.open(csv.String(), "y")
	require.Equal(t, data.TaskRegression, prepared.Pipeline.Output.Task)
	info, _ := b.trained(table.Table, 80)
	var r TestResult
	out := b.call(MethodModelTest, TestParams{Model: info.Model, Table: table.Table, Part: "validation"}, &r)
	require.Equal(t, "r2", r.Headline)
	require.Greater(t, r.Metrics["r2"], 0.9)
	require.Less(t, r.Metrics["mae"], r.Baseline["mae"])
	for _, v := range tensorOf(t, r.Truth, out).Data {
		require.InDelta(t, 1000, v, 91) // in the target's own units
	}
	var answer RowResult
	b.call(MethodModelRow, RowParams{Model: info.Model, Values: map[string]string{"x": "0.5", "z": "0.5"}}, &answer)
	require.InDelta(t, 1005, *answer.Value, 15)
	b.refused(tensor.CodeOption, MethodModelTest, TestParams{Model: info.Model, Table: table.Table, Part: "future"})
}

func TestSamples(t *testing.T) {
	b := newBench(t)
	var r SamplesResult
	b.call(MethodTableSamples, Empty{}, &r)
	require.Len(t, r.Samples, 3)
	for _, s := range r.Samples {
		var info TableInfo
		b.call(MethodTableOpen, OpenParams{Sample: s.Name}, &info)
		require.Equal(t, s.Rows, info.Profile.Rows)
		b.call(MethodTableClose, TableParams{info.Table}, nil)
		b.refused(tensor.CodeOption, MethodTableProfile, TableParams{info.Table})
	}
	b.refused(tensor.CodeOption, MethodTableOpen, OpenParams{Sample: "none"})
}

// openFile opens a file and returns how that ended.
func (b *bench) openFile(ctx context.Context, f file, progress func(Progress)) (TableInfo, error) {
	var info TableInfo
	zero := 0
	_, err := b.do(ctx, call{Method: MethodTableOpen, Params: OpenParams{Blob: &zero}, Result: &info, Blobs: []Blob{f}, OnProgress: progress})
	return info, err
}

func TestOpenFile(t *testing.T) {
	b := newBench(t)
	b.hurry()
	text := flowers(60_000)
	require.Greater(t, len(text), blobPiece)
	var seen []Progress
	info, err := b.openFile(t.Context(), file{name: "flowers.csv", text: text}, func(p Progress) { seen = append(seen, p) })
	require.NoError(t, err)
	require.Equal(t, "flowers.csv", info.Profile.Name)
	require.Equal(t, 60_000, info.Profile.Rows)
	require.NotEmpty(t, seen)
	for _, p := range seen {
		require.Equal(t, "read", p.Stage)
		require.LessOrEqual(t, p.Done, p.Total)
	}
	_, err = b.openFile(t.Context(), file{text: text, read: func(int64) error { return errors.New("it was deleted") }}, nil)
	require.ErrorContains(t, err, "it was deleted")
}

func TestOpenFileCancelled(t *testing.T) {
	b := newBench(t)
	ctx, cancel := context.WithCancel(t.Context())
	f := file{text: flowers(200_000), read: func(off int64) error {
		if off > 0 {
			cancel()
			for { // until the cancel has arrived
				b.engine.mu.Lock()
				var stopped bool
				for _, j := range b.engine.jobs {
					stopped = j.ctx.Err() != nil
				}
				b.engine.mu.Unlock()
				if stopped {
					return nil
				}
				runtime.Gosched() // in WebAssembly nothing else would run
			}
		}
		return nil
	}}
	_, err := b.openFile(ctx, f, nil)
	var refusal *Error
	require.ErrorAs(t, err, &refusal)
	require.Equal(t, tensor.CodeAborted, refusal.Data.Code)
	require.Empty(t, b.engine.tables)
}

func TestBadTables(t *testing.T) {
	b := newBench(t)
	for name, text := range map[string]string{"empty": "", "header only": "a,b\n", "binary": "\x00\x01\x02\x03"} {
		t.Run(name, func(t *testing.T) {
			b := *b
			b.t = t
			_, err := b.openFile(t.Context(), file{text: text}, nil)
			var refusal *Error
			require.ErrorAs(t, err, &refusal)
			require.Equal(t, tensor.CodeData, refusal.Data.Code)
		})
	}
	b.refused(tensor.CodeData, MethodTableOpen, OpenParams{})
	b.refused(tensor.CodeOption, MethodTableOpen, OpenParams{Text: "a\n1\n", Sample: "x"})
	table, _ := b.open(flowers(100), "kind")
	b.refused(tensor.CodeOption, MethodTableKind, KindParams{Table: table.Table, Column: "width", Kind: "colour"})
	b.refused(tensor.CodeOption, MethodTableSuggest, SuggestParams{Table: table.Table, Target: "price"})
	b.refused(tensor.CodeOption, MethodTableRows, RowsParams{Table: table.Table, From: -1})
	var info TableInfo
	b.call(MethodTableOpen, OpenParams{Text: flowers(50)}, &info)
	b.refused(tensor.CodeOption, MethodModelCreate, CreateParams{Table: info.Table}) // not prepared
	b.call(MethodTableKind, KindParams{Table: table.Table, Column: "colour", Kind: data.KindText}, &info)
	require.Equal(t, data.KindText, info.Profile.Columns[2].Kind)
}

// A model that was trained on tensors cannot answer a form, and one for another table
// cannot be tested on this one.
func TestModelAndTableMustFit(t *testing.T) {
	b := newBench(t)
	id := b.xorModel(1)
	table, _ := b.open(flowers(100), "kind")
	b.refused(tensor.CodeUnsupported, MethodModelRow, RowParams{Model: id})
	b.refused(tensor.CodeShape, MethodModelTest, TestParams{Model: id, Table: table.Table})
	b.refused(tensor.CodeShape, MethodModelFit, FitParams{Model: id, Table: table.Table, Epochs: 1})
	x, _, xy := xor()
	b.refused(tensor.CodeOption, MethodModelFit, FitParams{Model: id, Table: table.Table, X: &x, Epochs: 1}, xy...)
}

// What does not fit under the limit is refused before it is allocated.
func TestMemoryLimit(t *testing.T) {
	b := newColdBench(t)
	b.call(MethodHello, HelloParams{Protocol: Protocol, MemoryLimit: 1 << 20}, nil)
	dense := func(units int) CreateParams {
		return CreateParams{Layers: []Layer{{ClassName: "Dense", Config: []byte(fmt.Sprintf(`{"units":%d,"inputShape":[100]}`, units))}}}
	}
	b.refused(tensor.CodeMemory, MethodModelCreate, dense(10_000))
	b.refused(tensor.CodeMemory, MethodTableOpen, OpenParams{Text: flowers(50_000)})
	var info ModelInfo
	b.call(MethodModelCreate, dense(800), &info) // 323 KB
	b.call(MethodModelCompile, CompileParams{Model: info.Model, Optimizer: Optimizer{ClassName: "sgd"}, Loss: Loss{ClassName: "mse"}}, nil)
	var plan PlanResult
	b.call(MethodModelPlan, PlanParams{Model: info.Model, BatchSize: 512}, &plan)
	require.Greater(t, plan.Bytes, plan.Limit)
	x, y := Tensor{Shape: []int{160, 100}}, Tensor{Shape: []int{160, 800}, Buffer: 1}
	b.refused(tensor.CodeMemory, MethodModelFit, FitParams{Model: info.Model, X: &x, Y: &y, Epochs: 1, BatchSize: 160}, floats(make([]float32, 160*100)...), floats(make([]float32, 160*800)...))
	big := Tensor{Shape: []int{3000, 100}}
	b.refused(tensor.CodeMemory, MethodModelPredict, PredictParams{Model: info.Model, X: big}, floats(make([]float32, 300_000)...))
}
