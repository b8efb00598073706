package bindings

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/core/data/text"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// rhymed opens a text and makes a model of the network of that name, not trained yet.
func (b *bench) rhymed(book, network string) (WritingInfo, ModelInfo) {
	b.t.Helper()
	var info WritingInfo
	b.call(MethodWritingOpen, WritingParams{Text: book, Name: "rhyme"}, &info)
	var ready WritingPrepareResult
	b.call(MethodWritingPrepare, WritingPrepareParams{info.Table, text.WritingSetup{Kind: text.KindCharacters, Length: 12}}, &ready)
	require.Positive(b.t, ready.Prepared.Validation)
	var model ModelInfo
	seed := int64(1)
	for _, n := range ready.Networks {
		if n.Name == network {
			b.call(MethodModelCreate, CreateParams{Layers: n.Layers, Table: info.Table, Seed: &seed}, &model)
		}
	}
	require.Equal(b.t, []int{12, ready.Vocabulary}, model.Output)
	b.call(MethodModelCompile, CompileParams{Model: model.Model, Optimizer: Optimizer{ClassName: "adam", Config: []byte(`{"learningRate":0.01}`)}}, nil)
	return info, model
}

const rhyme = "床前明月光，疑是地上霜。举头望明月，低头思故乡。\n" // Li Bai, 8th century

// From a text to a model that writes, tells while it does, and does so after saving.
func TestWritingFromTextToText(t *testing.T) {
	b := newBench(t)
	for _, network := range []string{text.NetworkGRU, text.NetworkTransformer} {
		info, model := b.rhymed(strings.Repeat(rhyme, 24), network)
		require.Equal(t, []int{600, 20, 25}, []int{info.Characters, info.Different, info.Lines})
		require.Equal(t, "床前明月光，", info.Beginning[:18])
		var fitted FitResult
		b.call(MethodModelFit, FitParams{Model: model.Model, Table: info.Table, Epochs: 60, BatchSize: 8}, &fitted)
		require.Contains(t, fitted.History, "val_loss")
		write := func(p WriteParams) string {
			var r WriteResult
			b.call(MethodWritingWrite, p, &r)
			return r.Text
		}
		again := WriteParams{Model: model.Model, Start: "举头望明月，", Count: 7}
		require.Equal(t, "低头思故乡。\n", write(again))
		hot := WriteParams{Model: model.Model, Count: 50, Temperature: 2, Seed: 3}
		once := write(hot)
		require.Equal(t, once, write(hot))

		var file BytesResult
		buffers, err := b.client.do(context.Background(), call{Method: MethodModelBytes, Params: ModelParams{model.Model}, Result: &file})
		require.NoError(t, err)
		zero := 0
		var loaded ModelInfo
		_, err = b.client.do(context.Background(), call{Method: MethodModelLoad, Params: LoadParams{Buffer: &zero}, Buffers: buffers, Result: &loaded})
		require.NoError(t, err)
		hot.Model = loaded.Model
		require.Equal(t, once, write(hot))
		require.Contains(t, b.refused(tensor.CodeUnsupported, MethodTextsClassify, TextsClassifyParams{Model: loaded.Model, Text: "x"}).Message, "writes texts")
		require.Contains(t, b.refused(tensor.CodeUnsupported, MethodModelTest, TestParams{Model: model.Model, Table: info.Table, Part: "validation"}).Message, "not tested by right and wrong")
		b.refused(tensor.CodeUnsupported, MethodModelWasm, WasmParams{Model: model.Model})
		b.refused(tensor.CodeOption, MethodWritingWrite, WriteParams{Model: model.Model, Count: MaxWritten + 1})
		b.refused(tensor.CodeOption, MethodWritingWrite, WriteParams{Model: model.Model, Count: 1, Temperature: -1})
		b.refused(tensor.CodeOption, MethodWritingWrite, WriteParams{Model: model.Model, Count: 1, Seed: -1})
	}
}

// A model writes while it is trained, from one set of weights, and can be stopped.
func TestWritingBetweenSteps(t *testing.T) {
	b := newBench(t)
	info, model := b.rhymed(strings.Repeat(rhyme, 24), text.NetworkGRU)
	fit := b.begin(FitParams{Model: model.Model, Table: info.Table, Epochs: 100_000, BatchSize: 8}, nil)
	var r WriteResult
	b.call(MethodWritingWrite, WriteParams{Model: model.Model, Count: 30, Temperature: 1}, &r)
	require.Len(t, []rune(r.Text), 30)

	ctx, cancel := context.WithCancel(context.Background())
	told := 0
	b.client.onWritten = func(w Written) {
		if told += len(w.Text); told > 0 {
			cancel()
		}
	}
	_, err := b.client.do(ctx, call{Method: MethodWritingWrite, Params: WriteParams{Model: model.Model, Count: MaxWritten, Temperature: 1}})
	var e *Error
	require.ErrorAs(t, err, &e)
	require.Equal(t, tensor.CodeAborted, e.Data.Code)
	require.Positive(t, told)
	require.NoError(t, fit.stop(true))
}

func TestManuscriptsComeFromFiles(t *testing.T) {
	b := newBench(t)
	open := func(contents ...string) (WritingInfo, error) {
		var p WritingParams
		var blobs []Blob
		for i, c := range contents {
			p.Files = append(p.Files, TextFile{"book.txt", i})
			blobs = append(blobs, file{name: "book.txt", text: c})
		}
		var info WritingInfo
		_, err := b.client.do(context.Background(), call{Method: MethodWritingOpen, Params: p, Blobs: blobs, Result: &info})
		return info, err
	}
	info, err := open("Chapter one. caf\xe9", "Chapter two.")
	require.NoError(t, err)
	require.Equal(t, "Chapter one. café\nChapter two.", info.Beginning)
	_, err = open("\x89PNG\r\n")
	require.ErrorContains(t, err, "a picture")
	_, err = open(" \n")
	require.ErrorContains(t, err, "There are no texts")
	b.refused(tensor.CodeOption, MethodWritingOpen, WritingParams{})
	b.refused(tensor.CodeOption, MethodWritingOpen, WritingParams{Sample: "none"})
	b.refused(tensor.CodeData, MethodWritingPrepare, WritingPrepareParams{b.short("abc"), text.WritingSetup{Kind: text.KindCharacters, Length: 8}})
	table, _ := b.open(flowers(30), "kind")
	b.refused(tensor.CodeOption, MethodWritingPrepare, WritingPrepareParams{Table: table.Table})
	b.engine.limit = 1000
	b.refused(tensor.CodeMemory, MethodWritingOpen, WritingParams{Sample: "tales"})
}

// short opens a text and returns its id.
func (b *bench) short(book string) int {
	var info WritingInfo
	b.call(MethodWritingOpen, WritingParams{Text: book}, &info)
	return info.Table
}
