package page

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/bindings"
	"github.com/terrarium-ml/terrarium/core/card"
	"github.com/terrarium-ml/terrarium/core/json"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// bookCutOff is what is stored after a training that was cut off in its second round.
func bookCutOff(s *desk) bindings.ListResult {
	list := bindings.ListResult{Models: []bindings.StoredModel{{Name: writingCopy, Kind: "checkpoint", Medium: "text", Data: "feed", Date: "2026-01-02T03:04:05Z"}},
		Sets: []bindings.StoredModel{{Name: "set/feed", Kind: "set", Data: "feed"}}}
	s.fix(bindings.MethodStoreList, list)
	s.fix(bindings.MethodModelLoad, bindings.ModelInfo{Model: 9, Name: "book", Data: "feed", Source: "book.txt", Planned: 30, Pipeline: writingPipeline(),
		Interrupted: &bindings.FitResult{Epoch: []int{0}, History: map[string][]float64{"loss": {2.5}, "val_loss": {2.4}}}})
	s.fix(bindings.MethodModelCard, bindings.CardResult{Card: &card.Card{Written: []card.Sample{{Round: 1, Text: "Oxxx"}, {Round: 1, Text: "Once"}}}})
	s.fix(bindings.MethodSetOpen, bindings.SetResult{Table: 12, Data: "feed", Source: "book.txt", Prepared: bindings.PrepareResult{Train: 70, Validation: 8}})
	return list
}

// A page that holds nothing offers to go on; what was learned and written before is there.
func TestLearningToWriteGoesOnWithoutTheText(t *testing.T) {
	s := withBook(t)
	fit := s.engine.answer[bindings.MethodModelFit]
	s = newDesk(t)
	list := bookCutOff(s)
	s.app.shelf.refresh()
	require.Contains(t, s.see("cut-off").words(), "it can go on where it stopped, without the file")
	s.fix(bindings.MethodWritingWrite, bindings.WriteResult{Text: " upon"})
	s.fix(bindings.MethodModelDigest, bindings.DigestResult{Digest: "beef"})
	s.engine.answer[bindings.MethodModelFit] = func(params json.RawMessage, r Request) (any, [][]byte, error) {
		require.Equal(t, []float64{2.5}, s.app.writer.run.loss)
		require.Contains(t, s.html("write-view"), "Round 1.0 of 30")
		require.Contains(t, s.html("write-view"), "Oxxx")
		require.False(t, s.disabled("write-stop"))
		s.gone("write-train")
		s.gone("cut-off")
		r.Notify(bindings.NotifyProgress, json.RawMessage(`{"id":1,"stage":"fit","done":10,"total":100}`))
		require.Contains(t, s.html("write-view"), "Round 4.0 of 30")
		return fit(params, r)
	}
	s.do(Action{Name: "write.goon", Arg: writingCopy})
	var p bindings.FitParams
	s.params(bindings.MethodModelFit, &p)
	require.Equal(t, []any{9, 12, true, true, writingCopy, true}, []any{p.Model, p.Table, p.Resume, p.Again, p.Checkpoint.Name, p.Checkpoint.Data})
	require.Contains(t, s.see("write-ended").words(), "Learned for 2 rounds")
	require.Contains(t, s.see("write-live").words(), "in round 1 Once in round 1 Oxxx")
	require.Equal(t, "beef", s.see("write-digest").words())
	require.Contains(t, s.see("write-model").words(), "“book.txt”")
	var finish bindings.CardParams
	s.params(bindings.MethodModelCard, &finish)
	require.Equal(t, &card.Scores{Part: "validation", Rows: 8, Metrics: []card.Value{{Name: "loss", Value: 1.4}}, Baseline: []card.Value{}}, finish.Scores)
	// It was quick, but a copy of a training that was cut off must not stay.
	var saved bindings.SaveParams
	s.params(bindings.MethodModelSave, &saved)
	require.Equal(t, []any{9, writingCopy}, []any{saved.Model, saved.Name})
	list.Models[0].Kind = "model"
	s.fix(bindings.MethodStoreList, list)
	s.app.shelf.refresh()
	s.gone("cut-off")
	s.gone("write-goon")
}

// Samples are kept with the model from the beginning, so that they can come back.
func TestSamplesAreKept(t *testing.T) {
	s := withBook(t)
	var rounds []int
	write := s.engine.answer[bindings.MethodWritingWrite]
	s.engine.answer[bindings.MethodWritingWrite] = func(params json.RawMessage, r Request) (any, [][]byte, error) {
		var p bindings.WriteParams
		require.NoError(t, json.Unmarshal(params, &p))
		rounds = append(rounds, p.Round)
		return write(params, r)
	}
	s.do(Action{Name: "write.train"})
	require.Greater(t, len(rounds), 1)
	require.Equal(t, 13, rounds[0], "12 of 30 were done")
	require.Zero(t, rounds[len(rounds)-1], "what it writes once it has learned is no sample")
	var fit bindings.FitParams
	s.params(bindings.MethodModelFit, &fit)
	require.Equal(t, "book.txt", fit.Record.Source)
	require.True(t, fit.Checkpoint.Data)
}

// Where the text was not kept, it is opened again.
func TestLearningToWriteGoesOnWithTheTextThatIsOpen(t *testing.T) {
	s := newDesk(t)
	list := bookCutOff(s)
	list.Sets = nil
	s.fix(bindings.MethodStoreList, list)
	s.app.shelf.refresh()
	require.Contains(t, s.see("cut-off").words(), "Open the same text again in step 7 and the training can go on where it stopped.")
	s.do(Action{Name: "shelf.load", Arg: writingCopy})
	s.gone("resume")
	s.do(Action{Name: "write.goon"})
	require.Contains(t, s.see("problem-write").words(), "open the same text again in step 7")
	require.False(t, s.disabled("write-resume"))

	s = withBook(t)
	bookCutOff(s)
	s.fix(bindings.MethodStoreList, list)
	s.app.shelf.refresh()
	s.fail(bindings.MethodModelFit, tensor.CodeData, "this training began on other data: they have the fingerprint feed…, what is open has beef…; open the same file with the same columns, parts and seed")
	s.do(Action{Name: "write.goon"})
	var p bindings.FitParams
	s.params(bindings.MethodModelFit, &p)
	require.Equal(t, []any{9, 8, true}, []any{p.Model, p.Table, p.Resume})
	require.Contains(t, s.see("problem-write").words(), "other data")
	require.Contains(t, s.engine.asked, bindings.MethodModelDispose)
	require.False(t, s.disabled("write-goon"))
}

// What the copy of a finished training is asked for ends with a sentence, and a replay of a
// model that writes is made on the text that is open, not on the texts to tell apart.
func TestWhatAModelThatWritesLearnedFrom(t *testing.T) {
	s := withBook(t)
	s.fix(bindings.MethodModelLoad, bindings.ModelInfo{Model: 9, Name: writingCopy, Pipeline: writingPipeline()})
	s.do(Action{Name: "write.goon"})
	require.Contains(t, s.see("problem-write").words(), "not of a training that was cut off")

	s.fix(bindings.MethodStoreList, bindings.ListResult{Models: []bindings.StoredModel{{Name: "Teller"}}})
	s.app.shelf.refresh()
	s.fix(bindings.MethodModelCard, bindings.CardResult{Card: &card.Card{Data: card.Data{Fingerprint: "feed"}}})
	s.fix(bindings.MethodModelReplay, bindings.ReplayResult{Same: true, Digest: "beef"})
	s.do(Action{Name: "shelf.load", Arg: "Teller"}, Action{Name: "trust.replay"})
	var p bindings.ReplayParams
	s.params(bindings.MethodModelReplay, &p)
	require.Equal(t, 8, p.Table)
}
