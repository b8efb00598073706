//go:build !engine

package bindings

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/core/card"
	"github.com/terrarium-ml/terrarium/core/data"
	"github.com/terrarium-ml/terrarium/core/data/image"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// sampleTable opens and prepares an invented table.
func (b *bench) sampleTable(name string) int {
	b.t.Helper()
	var info TableInfo
	b.call(MethodTableOpen, OpenParams{Sample: name}, &info)
	var setup data.Setup
	b.call(MethodTableSuggest, SuggestParams{Table: info.Table}, &setup)
	b.call(MethodTablePrepare, PrepareParams{Table: info.Table, Setup: setup}, nil)
	return info.Table
}

// tableModel makes a small model for a prepared table.
func (b *bench) tableModel(table int, layers ...Layer) int {
	b.t.Helper()
	seed := int64(7)
	var info ModelInfo
	if layers == nil {
		layers = []Layer{{ClassName: "Dense", Config: []byte(`{"units":6,"activation":"relu"}`)}, {ClassName: "Dropout", Config: []byte(`{"rate":0.2}`)}}
	}
	b.call(MethodModelCreate, CreateParams{Table: table, Seed: &seed, Name: "kept", Layers: layers}, &info)
	b.call(MethodModelCompile, CompileParams{Model: info.Model, Optimizer: Optimizer{ClassName: "adam", Config: []byte(`{"learningRate":0.01}`)}}, nil)
	return info.Model
}

// sampleName is an invented table.
func sampleName() string { return data.Samples()[0].Name }

// recorded is a fit as the page asks for it.
func recorded(model, table, epochs int) FitParams {
	return FitParams{Model: model, Table: table, Epochs: epochs, BatchSize: 16, EarlyStopping: &EarlyStopping{Patience: 50},
		Record:     &Record{Source: "plants.csv", Date: "2026-01-02T03:04:05Z"},
		Checkpoint: &Checkpoint{Name: "auto", Every: 1, Date: "2026-01-02T03:04:05Z", Data: true}}
}

// stopAfter lets a fit run until it has kept some checkpoints, and cancels it, as a closed
// tab would: nothing of what comes after is stored.
func (b *bench) cutOff(p FitParams) {
	b.t.Helper()
	r := b.begin(p, nil)
	b.copied()
	r.stop(false)
}

// copied waits for the next checkpoint.
func (b *bench) copied() {
	b.t.Helper()
	b.store.mu.Lock()
	delete(b.store.records, "auto")
	b.store.mu.Unlock()
	for there := false; !there; time.Sleep(time.Millisecond) {
		b.store.mu.Lock()
		_, there = b.store.records["auto"]
		b.store.mu.Unlock()
	}
}

// An engine that never saw the file goes on with a training that another one began, from
// what that one kept, to the bits and the log of a training that was never interrupted.
func TestGoesOnWithoutTheFile(t *testing.T) {
	const epochs = 400
	whole := newBench(t)
	table := whole.sampleTable(sampleName())
	model := whole.tableModel(table)
	whole.call(MethodModelFit, recorded(model, table, epochs), nil)
	var want CardResult
	whole.call(MethodModelCard, CardParams{Model: model}, &want)

	first := newBench(t)
	first.hurry()
	table = first.sampleTable(sampleName())
	first.cutOff(recorded(first.tableModel(table), table, epochs))

	second := newBench(t)
	second.store = first.store
	second.engine.host.Store = first.store
	var list ListResult
	second.call(MethodStoreList, Empty{}, &list)
	require.Len(t, list.Models, 1)
	require.Len(t, list.Sets, 1)
	require.Equal(t, "plants.csv", list.Sets[0].Source)
	require.Equal(t, list.Models[0].Data, list.Sets[0].Data)
	var info ModelInfo
	second.call(MethodModelLoad, LoadParams{Name: "auto"}, &info)
	require.NotNil(t, info.Interrupted)
	require.Less(t, len(info.Interrupted.Epoch), epochs)
	require.Equal(t, epochs, info.Planned)
	var set SetResult
	second.call(MethodSetOpen, SetParams{info.Data}, &set)
	require.Positive(t, set.Prepared.Test)
	second.call(MethodModelFit, FitParams{Model: info.Model, Table: set.Table, Resume: true, Again: true}, nil)
	require.Equal(t, whole.digest(model), second.digest(info.Model))
	var got CardResult
	second.call(MethodModelCard, CardParams{Model: info.Model}, &got)
	require.Equal(t, want.Log, got.Log)
	require.Equal(t, want.Card.Data.Fingerprint, got.Card.Data.Fingerprint)

	var test, same TestResult
	whole.call(MethodModelTest, TestParams{Model: model, Table: table}, &test)
	second.call(MethodModelTest, TestParams{Model: info.Model, Table: set.Table}, &same)
	require.Equal(t, test, same)
	second.refused(tensor.CodeOption, MethodTableRows, RowsParams{Table: set.Table, Count: 1})

	// Deleting the model deletes what it learned from, as nothing else refers to that.
	second.call(MethodStoreRemove, NameParams{"auto"}, nil)
	require.Empty(t, second.store.files)
	second.refused(tensor.CodeData, MethodSetOpen, SetParams{info.Data})
}

// Pictures go on too, augmented as they would have been, and so do texts and series.
func TestEveryRoadGoesOnWithoutTheFiles(t *testing.T) {
	for name, prepare := range map[string]func(b *bench) (table, model int){
		"pictures": func(b *bench) (int, int) {
			info := b.openStripes()
			setup := info.Setup
			setup.Width, setup.Height = 8, 8
			setup.Augment = image.Augment{Shift: 0.1}
			var r ImagesPrepareResult
			b.call(MethodImagesPrepare, ImagesPrepareParams{Table: info.Table, Setup: setup}, &r)
			return info.Table, b.tableModel(info.Table, Layer{ClassName: "Flatten", Config: []byte(`{}`)})
		},
		"texts": func(b *bench) (int, int) {
			info, ready := b.openTexts(mail(150))
			return info.Table, b.tableModel(info.Table, ready.Networks[0].Layers...)
		},
		"series": func(b *bench) (int, int) {
			var info SeriesInfo
			b.call(MethodSeriesOpen, SeriesParams{Sample: "sales"}, &info)
			var ready SeriesPrepareResult
			b.call(MethodSeriesPrepare, SeriesPrepareParams{info.Table, info.Setup}, &ready)
			return info.Table, b.tableModel(info.Table, ready.Networks[0].Layers...)
		},
	} {
		t.Run(name, func(t *testing.T) {
			whole := newBench(t)
			table, model := prepare(whole)
			whole.call(MethodModelFit, recorded(model, table, 300), nil)
			first := newBench(t)
			first.hurry()
			table, cut := prepare(first)
			first.cutOff(recorded(cut, table, 300))
			second := newBench(t)
			second.engine.host.Store = first.store
			var info ModelInfo
			second.call(MethodModelLoad, LoadParams{Name: "auto"}, &info)
			require.NotNil(t, info.Interrupted)
			var set SetResult
			second.call(MethodSetOpen, SetParams{info.Data}, &set)
			second.call(MethodModelFit, FitParams{Model: info.Model, Table: set.Table, Resume: true, Again: true}, nil)
			require.Equal(t, whole.digest(model), second.digest(info.Model))
			var score TestResult
			second.call(MethodModelTest, TestParams{Model: info.Model, Table: set.Table}, &score)
			require.Positive(t, score.Rows)
			require.Contains(t, score.Metrics, score.Headline)
		})
	}
}

// Where keeping the data was refused, the file itself serves, and no other one.
func TestGoesOnWithTheSameFileOnly(t *testing.T) {
	first := newBench(t)
	first.hurry()
	table := first.sampleTable(sampleName())
	p := recorded(first.tableModel(table), table, 400)
	p.Checkpoint.Data = false
	first.cutOff(p)
	require.Len(t, first.store.files, 1)

	second := newBench(t)
	second.engine.host.Store = first.store
	var info ModelInfo
	second.call(MethodModelLoad, LoadParams{Name: "auto"}, &info)
	second.refused(tensor.CodeData, MethodSetOpen, SetParams{info.Data})
	table = second.sampleTable(sampleName())
	resume := FitParams{Model: info.Model, Table: table, Resume: true, Again: true}
	var setup data.Setup
	second.call(MethodTableSuggest, SuggestParams{Table: table}, &setup)
	setup.Split.Seed++
	second.call(MethodTablePrepare, PrepareParams{Table: table, Setup: setup}, nil)
	require.Contains(t, second.refused(tensor.CodeData, MethodModelFit, resume).Message, "fingerprint")
	setup.Split.Seed--
	second.call(MethodTablePrepare, PrepareParams{Table: table, Setup: setup}, nil)
	second.call(MethodModelFit, resume, nil)
}

// There is one kept set for each thing that is kept: what the copy before referred to goes.
func TestSetsThatNothingRefersToGo(t *testing.T) {
	b := newBench(t)
	b.hurry()
	table := b.sampleTable(sampleName())
	b.call(MethodModelFit, recorded(b.tableModel(table), table, 3), nil)
	var list ListResult
	b.call(MethodStoreList, Empty{}, &list)
	first := list.Sets[0].Data
	var setup data.Setup
	b.call(MethodTableSuggest, SuggestParams{Table: table}, &setup)
	setup.Split.Seed++
	b.call(MethodTablePrepare, PrepareParams{Table: table, Setup: setup}, nil)
	model := b.tableModel(table)
	b.call(MethodModelFit, recorded(model, table, 3), nil)
	b.call(MethodStoreList, Empty{}, &list)
	require.Len(t, list.Sets, 1)
	require.NotEqual(t, first, list.Sets[0].Data)

	// A saved model keeps what it learned from, so that it can be replayed.
	b.call(MethodModelSave, SaveParams{Model: model, Name: "mine"}, nil)
	b.call(MethodStoreRemove, NameParams{"auto"}, nil)
	b.call(MethodStoreList, Empty{}, &list)
	require.Len(t, list.Sets, 1)
	var set SetResult
	b.call(MethodSetOpen, SetParams{list.Sets[0].Data}, &set)
	var r ReplayResult
	b.call(MethodModelReplay, ReplayParams{Model: model, Table: set.Table}, &r)
	require.True(t, r.Same)
}

func TestDamagedSetsAreRefused(t *testing.T) {
	b := newBench(t)
	b.hurry()
	table := b.sampleTable(sampleName())
	model := b.tableModel(table)
	b.call(MethodModelFit, recorded(model, table, 3), nil)
	var info ModelInfo
	b.call(MethodModelInfo, ModelParams{model}, &info)
	name := keptName(info.Data)
	file := b.store.files[name]
	require.NotEmpty(t, file)
	damaged := append([]byte{}, file...)
	damaged[len(damaged)/2] ^= 4
	b.store.files[name] = damaged
	b.refused(tensor.CodeFormat, MethodSetOpen, SetParams{info.Data})
	b.store.files[name] = file[:len(file)-8]
	b.refused(tensor.CodeFormat, MethodSetOpen, SetParams{info.Data})
	require.Error(t, checkName(name))
	b.call(MethodStoreWipe, Empty{}, nil)
	require.Empty(t, b.store.files)
}

// What a kept set of series says is not trusted.
func TestDamagedSeriesAreRefused(t *testing.T) {
	b := newBench(t)
	b.hurry()
	var info SeriesInfo
	b.call(MethodSeriesOpen, SeriesParams{Sample: "sales"}, &info)
	var ready SeriesPrepareResult
	b.call(MethodSeriesPrepare, SeriesPrepareParams{info.Table, info.Setup}, &ready)
	model := b.tableModel(info.Table, ready.Networks[0].Layers...)
	b.call(MethodModelFit, recorded(model, info.Table, 2), nil)
	var of ModelInfo
	b.call(MethodModelInfo, ModelParams{model}, &of)
	b.refusesDamage(of.Data)
}

// refusesDamage damages a kept set, byte by byte: none makes the engine panic, and none that
// matters goes unseen. It returns the set's name and what is in it.
func (b *bench) refusesDamage(fingerprint string) (name string, file []byte) {
	b.t.Helper()
	name = keptName(fingerprint)
	file = b.store.files[name]
	require.NotEmpty(b.t, file)
	seen := 0
	for at := 8; at < len(file); at += 7 {
		damaged := append([]byte{}, file...)
		damaged[at] ^= 4
		b.store.files[name] = damaged
		var set SetResult
		_, err := b.do(b.t.Context(), call{Method: MethodSetOpen, Params: SetParams{fingerprint}, Result: &set})
		if err != nil {
			require.NotContains(b.t, err.Error(), "never should", "byte %d", at)
			seen++
			continue
		}
		b.call(MethodTableClose, TableParams{set.Table}, nil)
	}
	require.Greater(b.t, seen, len(file)/7/2)
	return name, file
}

func TestVerifyAndReplay(t *testing.T) {
	b := newBench(t)
	table := b.sampleTable(sampleName())
	model := b.tableModel(table)
	p := recorded(model, table, 12)
	p.EarlyStopping.Patience = 2
	b.call(MethodModelFit, p, nil)
	var v VerifyResult
	b.call(MethodModelVerify, ModelParams{model}, &v)
	require.True(t, v.Sound, v.Problem)
	var r ReplayResult
	b.call(MethodModelReplay, ReplayParams{Model: model, Table: table}, &r)
	require.True(t, r.Same)
	require.Equal(t, -1, r.Differs)
	require.Equal(t, b.digest(model), r.Digest)

	// The card gets its scores and a licence, and travels in the file.
	licence := "CC0-1.0"
	var c CardResult
	b.call(MethodModelCard, CardParams{Model: model, Licence: &licence, Scores: &card.Scores{Part: "test", Rows: 9, Metrics: []card.Value{{Name: "acc", Value: 0.5}},
		Baseline: []card.Value{{Name: "acc", Value: 0.6}}, Guess: "<b>"}}, &c)
	require.Equal(t, b.digest(model), c.Card.Digests.Weights)
	require.Equal(t, v.Head, c.Card.Digests.Log)
	require.Contains(t, strings.Join(c.Card.Limits, " "), "no better than always guessing")
	require.Contains(t, c.Card.HTML("en", nil), "&lt;b&gt;")
	require.NotContains(t, c.Card.HTML("en", nil), "<script")
	var bytes BytesResult
	file := Take(b.call(MethodModelBytes, ModelParams{model}, &bytes)[0])
	zero := 0
	var loaded ModelInfo
	b.call(MethodModelLoad, LoadParams{Buffer: &zero}, &loaded, Bytes(file))
	b.call(MethodModelReplay, ReplayParams{Model: loaded.Model, Table: table}, &r)
	require.True(t, r.Same, "the file says all that a replay needs")
	b.call(MethodModelVerify, ModelParams{loaded.Model}, &v)
	require.True(t, v.Sound)

	// Other data, other weights: both are noticed.
	var setup data.Setup
	b.call(MethodTableSuggest, SuggestParams{Table: table}, &setup)
	setup.Split.Seed++
	b.call(MethodTablePrepare, PrepareParams{Table: table, Setup: setup}, nil)
	b.refused(tensor.CodeData, MethodModelReplay, ReplayParams{Model: model, Table: table})
	var tensors []*tensor.Tensor
	for _, w := range b.engine.models[loaded.Model].train.Weights() {
		tensors = append(tensors, w.Tensor.Clone())
	}
	tensors[0].Data[0]++
	require.NoError(t, b.engine.models[loaded.Model].train.SetWeights(tensors))
	b.call(MethodModelVerify, ModelParams{loaded.Model}, &v)
	require.False(t, v.Sound)
	require.Contains(t, v.Problem, "other weights")
	xor := b.xorModel(1)
	b.refused(tensor.CodeFormat, MethodModelReplay, ReplayParams{Model: xor, Table: table})
}

// A training that was stopped by hand, in the middle of an epoch, is replayed to there.
func TestReplayOfAStoppedTraining(t *testing.T) {
	b := newBench(t)
	table := b.sampleTable(sampleName())
	model := b.tableModel(table)
	p := recorded(model, table, 1<<20)
	p.EarlyStopping = nil
	p.Checkpoint = nil
	r := b.begin(p, nil)
	require.NoError(t, r.stop(true))
	var same ReplayResult
	b.call(MethodModelReplay, ReplayParams{Model: model, Table: table}, &same)
	require.True(t, same.Same, "%+v", same)
}
