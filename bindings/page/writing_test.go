package page

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/bindings"
	"github.com/terrarium-ml/terrarium/core/data"
	"github.com/terrarium-ml/terrarium/core/data/text"
	"github.com/terrarium-ml/terrarium/core/json"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

func writingPipeline() *data.Pipeline {
	return &data.Pipeline{Format: 1, Inputs: []data.Input{}, Medium: &data.Medium{Kind: data.MediumText, Shape: []int{64}, Config: json.RawMessage(`{}`)},
		Output: data.Output{Name: "what comes next", Task: data.TaskWriting, Kind: data.KindText, Scale: 1, Steps: 64, Tokens: 40}}
}

// withBook is a page on which a long text is open.
func withBook(t *testing.T) *desk {
	s := newDesk(t)
	s.fix(bindings.MethodWritingOpen, bindings.WritingInfo{Table: 8, Characters: 5000, Different: 38, Lines: 100, Encoding: "UTF-8", Beginning: "<i>Once", Fingerprint: "feed",
		Setup: text.WritingSetup{Kind: text.KindCharacters, Length: 64, Reason: "A line or so."}})
	train := data.TrainingDefaults{Optimizer: "adam", LearningRate: 0.004, BatchSize: 32, Epochs: 30, Patience: 4}
	slow := train
	slow.Epochs = 50
	s.fix(bindings.MethodWritingPrepare, bindings.WritingPrepareResult{Prepared: bindings.PrepareResult{Train: 70, Validation: 8, Pipeline: writingPipeline()}, Setup: text.WritingSetup{Length: 64}, Vocabulary: 40, Tokens: 5000,
		Networks: []bindings.TextNetwork{{Name: text.NetworkGRU, Title: "GRU", Reason: "Fast.", Train: train, Layers: []bindings.Layer{{ClassName: "GRU", Config: json.RawMessage(`{"units":128}`)}}},
			{Name: text.NetworkTransformer, Title: "Transformer", Reason: "Slow.", Train: slow}}})
	s.fix(bindings.MethodModelCreate, bindings.ModelInfo{Model: 6, Name: "book", Seed: 1, Pipeline: writingPipeline()})
	s.engine.answer[bindings.MethodModelFit] = func(_ json.RawMessage, r Request) (any, [][]byte, error) {
		for range 20 { // the fake screen's clock goes on meanwhile
			r.Notify(bindings.NotifyProgress, json.RawMessage(`{"id":1,"stage":"fit","done":40,"total":100}`))
		}
		r.Notify(bindings.NotifyEpoch, json.RawMessage(`{"id":1,"epochs":[{"epoch":0,"logs":{"loss":2.5,"val_loss":2.4}},{"epoch":1,"logs":{"loss":1.5,"val_loss":1.4}}]}`))
		return bindings.FitResult{Epoch: []int{0, 1}, History: map[string][]float64{"loss": {2.5, 1.5}, "val_loss": {2.4, 1.4}}, BestEpoch: 1, StoppedEarly: true}, nil, nil
	}
	s.engine.answer[bindings.MethodWritingWrite] = func(_ json.RawMessage, r Request) (any, [][]byte, error) {
		r.Notify(bindings.NotifyWritten, json.RawMessage(`{"id":2,"text":"<b>a"}`))
		return bindings.WriteResult{Text: "<b>a tale."}, nil, nil
	}
	s.do(Action{Name: "write.file", Files: []File{{Name: "book.txt"}}})
	return s
}

func TestAModelLearnsToWrite(t *testing.T) {
	s := withBook(t)
	require.Contains(t, s.see("write-read-said").words(), "5000 characters read from book.txt . 100 lines, 38 different characters, UTF-8.")
	require.Contains(t, s.html("write-view"), "&lt;i&gt;Once")
	require.Equal(t, "30", *s.see("write-rounds").Value)
	s.do(Action{Name: "write.network", Value: text.NetworkTransformer})
	require.Equal(t, "50", *s.see("write-rounds").Value)
	s.do(Action{Name: "write.network", Value: text.NetworkGRU}, Action{Name: "write.rounds", Value: "7"}, Action{Name: "write.length", Value: "32"}, Action{Name: "write.start", Value: "Once "}, Action{Name: "write.train"})
	var prepared bindings.WritingPrepareParams
	s.params(bindings.MethodWritingPrepare, &prepared)
	require.Equal(t, 32, prepared.Setup.Length)
	var fit bindings.FitParams
	s.params(bindings.MethodModelFit, &fit)
	require.Equal(t, []int{8, 7, 4}, []int{fit.Table, fit.Epochs, fit.EarlyStopping.Patience})
	require.Equal(t, writingCopy, fit.Checkpoint.Name)
	require.Contains(t, s.see("write-live").words(), "Once <b>a tale.")
	require.NotContains(t, s.html("write-view"), "<b>a tale")
	require.Contains(t, s.see("write-ended").words(), "went back to round 2. For the next character of the part that it did not learn from it hesitates as if between 4.1 characters; guessing blindly there are 38.")
	require.Equal(t, "Once <b>a tale.", s.see("written").words(), "it writes at once")
	require.True(t, s.screen.unsaved)
	require.NotNil(t, s.see("plot-writing"))

	s.do(Action{Name: "write.temperature", Value: "1.5"}, Action{Name: "write.chance", Value: "9"}, Action{Name: "write.more"})
	var p bindings.WriteParams
	s.params(bindings.MethodWritingWrite, &p)
	require.Equal(t, bindings.WriteParams{Model: 6, Start: "Once <b>a tale.", Count: 300, Temperature: 1.5, Seed: 9 + 15}, p)
	require.Contains(t, s.html("write-view"), "daring, makes mistakes")
	s.do(Action{Name: "write.count", Value: "0"}, Action{Name: "write.go"})
	require.Contains(t, s.see("problem-write").words(), "from 1 to 20")
	require.Equal(t, "write-count", s.screen.focus)
	s.do(Action{Name: "write.dismiss"}, Action{Name: "write.copy"})
	require.Equal(t, "Once <b>a tale.<b>a tale.", s.screen.copied)

	s.do(Action{Name: "write.name", Value: " "}, Action{Name: "write.save"})
	require.Contains(t, s.see("problem-write").words(), "name first")
	s.do(Action{Name: "write.name", Value: "Teller"}, Action{Name: "write.save"})
	var saved bindings.SaveParams
	s.params(bindings.MethodModelSave, &saved)
	require.Equal(t, []any{6, "Teller"}, []any{saved.Model, saved.Name})
	require.False(t, s.screen.unsaved)
}

func TestWritingGoesWrong(t *testing.T) {
	s := withBook(t)
	s.do(Action{Name: "write.length", Value: "1"}, Action{Name: "write.train"})
	require.Contains(t, s.see("problem-write").words(), "from 2 to 512")
	s.do(Action{Name: "write.length", Value: "64"})
	s.fail(bindings.MethodModelFit, tensor.CodeMemory, "That needs 9 GB.")
	s.do(Action{Name: "write.train"})
	require.Contains(t, s.see("problem-write").words(), "9 GB")
	require.Contains(t, s.engine.asked, bindings.MethodModelDispose)
	s.fail(bindings.MethodWritingOpen, tensor.CodeData, "This is a picture.")
	s.do(Action{Name: "write.file", Files: []File{{Name: "x.png"}}})
	require.Contains(t, s.see("problem-write").words(), "a picture")
	s.do(Action{Name: "write.paste"})
	require.Contains(t, s.see("problem-write").words(), "no text to learn from")
}

// A training that was cut off leaves a model that writes as far as it had come.
func TestWritingThatWasCutOff(t *testing.T) {
	s := newDesk(t)
	s.fix(bindings.MethodStoreList, bindings.ListResult{Models: []bindings.StoredModel{{Name: writingCopy, Kind: "checkpoint", Medium: "text"}}})
	s.app.shelf.refresh()
	require.Contains(t, s.see("cut-off").words(), "It can write what it had learned by then.")
	s.fix(bindings.MethodModelLoad, bindings.ModelInfo{Model: 9, Pipeline: writingPipeline(), Interrupted: &bindings.FitResult{Epoch: []int{0}}})
	s.do(Action{Name: "shelf.load", Arg: writingCopy})
	s.gone("resume")
	require.False(t, s.disabled("write-go"))
}

// A model from the shelf writes, and belongs to the shelf; a text comes back after the
// engine was lost.
func TestAModelThatWritesIsOpened(t *testing.T) {
	s := withBook(t)
	s.fix(bindings.MethodStoreList, bindings.ListResult{Models: []bindings.StoredModel{{Name: "Teller"}}})
	s.fix(bindings.MethodModelLoad, bindings.ModelInfo{Model: 9, Name: "Teller", Pipeline: writingPipeline()})
	s.do(Action{Name: "shelf.load", Arg: "Teller"})
	require.Contains(t, s.see("loaded-model").words(), "It writes texts.")
	require.Contains(t, s.see("writes").words(), "let it write in step 7")
	s.gone("write-save")
	s.do(Action{Name: "write.go"})
	var p bindings.WriteParams
	s.params(bindings.MethodWritingWrite, &p)
	require.Equal(t, 9, p.Model)
	s.engine.asked = nil
	s.do(Action{Name: "write.train"})
	var disposed bindings.ModelParams
	if s.engine.last[bindings.MethodModelDispose] != nil {
		s.params(bindings.MethodModelDispose, &disposed)
	}
	require.NotEqual(t, 9, disposed.Model, "the shelf's model stays")

	s.lose("out of memory")
	s.engine.asked = nil
	s.do(Action{Name: "state.again"})
	require.Contains(t, s.engine.asked, bindings.MethodWritingOpen)
	require.False(t, s.disabled("write-train"))
}
