//go:build !engine

package bindings

import (
	"bytes"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/core/card"
	"github.com/terrarium-ml/terrarium/core/data/image"
	"github.com/terrarium-ml/terrarium/core/data/text"
	"github.com/terrarium-ml/terrarium/core/format/safetensors"
	"github.com/terrarium-ml/terrarium/core/json"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// book is long enough for parts of words to come twice, and for a validation part.
var book = strings.Repeat(rhyme, 24) + strings.Repeat("the cat sat on the mat, the rat sat on that.\n", 30)

// writingModel prepares a text, and makes the model that is suggested for it.
func (b *bench) writingModel(content string, setup text.WritingSetup) (table, model int) {
	b.t.Helper()
	var info WritingInfo
	b.call(MethodWritingOpen, WritingParams{Text: content, Name: "rhyme"}, &info)
	var ready WritingPrepareResult
	b.call(MethodWritingPrepare, WritingPrepareParams{info.Table, setup}, &ready)
	require.Positive(b.t, ready.Prepared.Validation)
	return info.Table, b.tableModel(info.Table, ready.Networks[0].Layers...)
}

// A model that learns to write goes on from what was kept, without the text, to the bits and
// the log of a training that was never interrupted; what it wrote meanwhile is there as well.
func TestWritingGoesOnWithoutTheText(t *testing.T) {
	const epochs = 100
	for _, setup := range []text.WritingSetup{{Kind: text.KindCharacters, Length: 12}, {Kind: text.KindBytePairs, Vocabulary: 80, Length: 8}} {
		t.Run(string(setup.Kind), func(t *testing.T) {
			whole := newBench(t)
			table, model := whole.writingModel(book, setup)
			whole.call(MethodModelFit, recorded(model, table, epochs), nil)
			var want CardResult
			whole.call(MethodModelCard, CardParams{Model: model}, &want)
			require.Empty(t, want.Card.Written)

			first := newBench(t)
			first.hurry()
			table, cut := first.writingModel(book, setup)
			fit := first.begin(recorded(cut, table, epochs), nil)
			var wrote WriteResult
			first.call(MethodWritingWrite, WriteParams{Model: cut, Start: "the ", Count: 20, Temperature: 1, Seed: 2, Round: 1}, &wrote)
			first.call(MethodWritingWrite, WriteParams{Model: cut, Count: 20}, nil)
			first.copied() // it may have been on its way when the words were written
			first.copied()
			fit.stop(false)

			second := newBench(t)
			second.engine.host.Store = first.store
			var info ModelInfo
			second.call(MethodModelLoad, LoadParams{Name: "auto"}, &info)
			require.NotNil(t, info.Interrupted)
			require.Less(t, len(info.Interrupted.Epoch), epochs)
			var kept CardResult
			second.call(MethodModelCard, CardParams{Model: info.Model}, &kept)
			require.Equal(t, []card.Sample{{Round: 1, Text: wrote.Text}}, kept.Card.Written)
			var set SetResult
			second.call(MethodSetOpen, SetParams{info.Data}, &set)
			second.call(MethodModelFit, FitParams{Model: info.Model, Table: set.Table, Resume: true, Again: true}, nil)
			require.Equal(t, whole.digest(model), second.digest(info.Model))
			var got CardResult
			second.call(MethodModelCard, CardParams{Model: info.Model}, &got)
			require.Equal(t, want.Log, got.Log)
			require.Equal(t, kept.Card.Written, got.Card.Written)
			var r ReplayResult
			second.call(MethodModelReplay, ReplayParams{Model: info.Model, Table: set.Table}, &r)
			require.True(t, r.Same)
		})
	}
}

// Where keeping the text was refused, the same text serves, cut in the same way.
func TestWritingGoesOnWithTheSameTextOnly(t *testing.T) {
	setup := text.WritingSetup{Kind: text.KindCharacters, Length: 12}
	first := newBench(t)
	first.hurry()
	table, model := first.writingModel(book, setup)
	p := recorded(model, table, 60)
	p.Checkpoint.Data = false
	first.cutOff(p)
	require.Len(t, first.store.files, 1)

	second := newBench(t)
	second.engine.host.Store = first.store
	var info ModelInfo
	second.call(MethodModelLoad, LoadParams{Name: "auto"}, &info)
	second.refused(tensor.CodeData, MethodSetOpen, SetParams{info.Data})
	// The vocabulary, the validation part and the stride stay the same.
	other, _ := second.writingModel(strings.Replace(book, "cat", "act", 1), setup)
	require.Contains(t, second.refused(tensor.CodeData, MethodModelFit, FitParams{Model: info.Model, Table: other, Resume: true, Again: true}).Message, "fingerprint")
	table, _ = second.writingModel(book, setup)
	second.call(MethodModelFit, FitParams{Model: info.Model, Table: table, Resume: true, Again: true}, nil)
}

// keptBook is a kept set of a text.
func keptBook(t testing.TB) []byte {
	e := New(Host{Post: func(Packet) {}})
	j := newJob(e, Message{}, Packet{})
	<-e.baton
	m, err := text.PrepareWriting("rhyme", strings.Repeat(rhyme, 20), text.WritingSetup{Kind: text.KindCharacters, Length: 8}, 0, nil)
	require.NoError(t, err)
	of := &table{medium: &manuscript{name: "rhyme", prepared: m}, prepared: m.Prepared}
	fingerprint, err := j.fingerprint(of)
	require.NoError(t, err)
	file, err := j.setFile(of, fingerprint, "rhyme.txt")
	require.NoError(t, err)
	return file
}

// What the kept numbers of a text say is not trusted; and the text is not kept.
func TestDamagedTextsAreRefused(t *testing.T) {
	b := newBench(t)
	b.hurry()
	table, model := b.writingModel(book, text.WritingSetup{Kind: text.KindCharacters, Length: 12})
	b.call(MethodModelFit, recorded(model, table, 1), nil)
	var of ModelInfo
	b.call(MethodModelInfo, ModelParams{model}, &of)
	name, file := b.refusesDamage(of.Data)
	require.NotContains(t, string(file), "the cat sat")

	// A description that does not belong together is seen before the fingerprint is computed.
	for _, change := range []func(h *setHeader){
		func(h *setHeader) { h.Writing = nil },
		func(h *setHeader) { h.Writing.Stride = 1 << 62 },
		func(h *setHeader) { h.Images = &image.Setup{} },
		func(h *setHeader) { h.Prepared.Pipeline.Output.Tokens = 3 },
		func(h *setHeader) { h.Prepared.Pipeline.Output.Steps = 3 },
	} {
		f, err := safetensors.ReadBytes(file, safetensors.Limits{})
		require.NoError(t, err)
		var h setHeader
		require.NoError(t, json.Unmarshal([]byte(f.Metadata[setKey]), &h))
		change(&h)
		f.Metadata[setKey] = string(jsonOf(h))
		var changed bytes.Buffer
		require.NoError(t, safetensors.Write(&changed, f))
		b.store.files[name] = changed.Bytes()
		require.NotContains(t, b.refused(tensor.CodeFormat, MethodSetOpen, SetParams{of.Data}).Message, "fingerprint")
	}
}
