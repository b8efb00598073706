package page

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/bindings"
	"github.com/terrarium-ml/terrarium/core/data"
	"github.com/terrarium-ml/terrarium/core/data/text"
	"github.com/terrarium-ml/terrarium/core/json"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// A desk is a page of texts on a fake screen with a fake engine.
type desk struct {
	*stage
	app *Texts
}

func newDesk(t *testing.T) *desk {
	s := &desk{stage: &stage{T: t, shown: map[string]Node{},
		engine: &fakeEngine{t: t, answer: map[string]func(json.RawMessage, Request) (any, [][]byte, error){}, last: map[string]json.RawMessage{}},
		screen: &fakeScreen{values: map[string]string{}, files: map[string][]byte{}, clock: time.Unix(1e9, 0)}}}
	s.app = NewTexts(s.screen, func(lost func(string)) Engine { s.lose = lost; return s.engine })
	s.stage.app = &App{studio: s.app.studio}
	s.app.beside = func(do func()) { do() }
	s.fix(bindings.MethodHello, bindings.Capabilities{Version: "1", SIMD: true})
	s.fix(bindings.MethodStoreList, bindings.ListResult{})
	s.fix(bindings.MethodStoreUsage, bindings.UsageResult{Usage: 10, Quota: 1000})
	s.fix(bindings.MethodTextsOpen, inbox())
	s.engine.answer[bindings.MethodTextsEdit] = func(params json.RawMessage, _ Request) (any, [][]byte, error) {
		var p bindings.TextsEditParams
		require.NoError(t, json.Unmarshal(params, &p))
		info := inbox()
		info.Choice = p.Choice
		return info, nil, nil
	}
	s.fix(bindings.MethodTextsRows, bindings.TextsRowsResult{Total: 30, Records: []text.Record{
		{Number: 0, Where: "2", Text: "Hi  MUM", Clean: "hi mum", Label: "ham", Same: -1, Effects: text.Effects{Lower: 4, Spaces: 1, Digits: 0}},
		{Number: 1, Where: "3", Text: "hi mum", Clean: "hi mum", Label: "ham", State: text.StateCopy, Same: 0},
		{Number: 2, Where: "4", Text: "<b>buy</b>", Clean: "<b>buy</b>", Label: "spam", State: text.StateRemoved, Same: -1}}})
	s.engine.answer[bindings.MethodTextsPrepare] = func(params json.RawMessage, _ Request) (any, [][]byte, error) {
		var p bindings.TextsPrepareParams
		require.NoError(t, json.Unmarshal(params, &p))
		p.Setup.Options.Length = 24
		train := data.TrainingDefaults{Optimizer: "adam", LearningRate: 0.005, BatchSize: 32, Epochs: 30, Patience: 5, Reasons: map[string]string{"epochs": "Few texts."}, ClassWeight: []float64{0.6, 3}}
		slow := train
		slow.Epochs, slow.LearningRate, slow.Reasons = 11, 0.003, nil
		return bindings.TextsPrepareResult{Setup: p.Setup, Vocabulary: 99, Tokens: 200, Unknown: 10, Cut: 3,
			Prepared: bindings.PrepareResult{Train: 18, Validation: 5, Test: 7, Pipeline: textPipeline(), Defaults: train},
			Networks: []bindings.TextNetwork{
				{Name: text.NetworkBag, Title: "Bag", Reason: "Fast.", Train: train, Layers: []bindings.Layer{{ClassName: "Embedding", Config: json.RawMessage(`{"inputDim":99,"maskZero":true,"outputDim":16}`)}, {ClassName: "GlobalAveragePooling1D", Config: json.RawMessage(`{}`)}}},
				{Name: text.NetworkGRU, Title: "GRU", Reason: "In order.", Train: slow, Layers: []bindings.Layer{{ClassName: "Bidirectional", Config: json.RawMessage(`{"layer":{"className":"GRU","config":{"units":24}}}`)}}}}}, nil, nil
	}
	s.fix(bindings.MethodTextsTokens, bindings.TextsTokensResult{Text: "Hi MUM zebra", Clean: "hi mum zebra", Total: 3, Length: 2, Tokens: []text.Token{{Text: "hi", ID: 2}, {Text: "mum ", ID: 1}, {Text: "zebra", ID: 1}}})
	s.fix(bindings.MethodModelCreate, bindings.ModelInfo{Model: 5, Name: "mail", Seed: 1, Pipeline: textPipeline()})
	s.engine.answer[bindings.MethodModelFit] = func(_ json.RawMessage, r Request) (any, [][]byte, error) {
		r.Notify(bindings.NotifyEpoch, json.RawMessage(`{"id":1,"epochs":[{"epoch":0,"logs":{"loss":1,"acc":0.5}}]}`))
		return bindings.FitResult{Epoch: []int{0}, History: map[string][]float64{"loss": {1}, "acc": {0.5}}}, nil, nil
	}
	s.engine.answer[bindings.MethodModelTest] = func(json.RawMessage, Request) (any, [][]byte, error) {
		return bindings.TestResult{Rows: 3, Headline: "acc", Metrics: bindings.Logs{"acc": 2.0 / 3, "f1": 0.8, "precision": 1, "recall": 0.6}, Baseline: bindings.Logs{"acc": 1.0 / 3, "f1": 0}, Guess: "ham", Labels: []string{"ham", "spam"},
				Confusion: [][]int{{1, 1}, {0, 1}}, Truth: bindings.Tensor{Buffer: 0}, Predicted: bindings.Tensor{Buffer: 1}, Lines: bindings.Tensor{Buffer: 2}},
			[][]byte{bytesOf([]float32{0, 0, 1}), bytesOf([]float32{0, 1, 1}), bytesOf([]float32{3, 5, 20})}, nil
	}
	s.fix(bindings.MethodModelDigest, bindings.DigestResult{Digest: "cafe"})
	s.fix(bindings.MethodTextsClassify, bindings.TextsClassifyResult{
		Answer: bindings.RowResult{Label: "spam", Classes: []bindings.ClassShare{{Label: "spam", Probability: 0.75}, {Label: "ham", Probability: 0.25}}},
		Pieces: []text.Piece{{Text: "win", Count: 1, Known: true}, {Text: "<b>", Gap: " ", First: 1, Count: 1}, {Text: "mum", Gap: " ", First: 2, Count: 1, Known: true}, {Text: "late", Gap: " "}}, Effects: []float64{2.5, 0, -0.7, 0}, Unread: 1})
	s.app.Start()
	return s
}

func textPipeline() *data.Pipeline {
	return &data.Pipeline{Format: 1, Inputs: []data.Input{}, Medium: &data.Medium{Kind: data.MediumText, Shape: []int{24}, Config: json.RawMessage(`{}`)},
		Output: data.Output{Name: "kind", Task: data.TaskClassification, Kind: data.KindCategory, Labels: []string{"ham", "spam"}, Counts: []int{10, 8}, Scale: 1}}
}

func inbox() bindings.TextsInfo {
	return bindings.TextsInfo{Table: 3, Setup: text.Suggest(nil), Choice: text.Choice{Text: "message", Label: "kind", Cleaning: text.Cleaning{Lower: true, Spaces: true}},
		Profile: text.Profile{Name: "mail.csv", From: "table", Records: 33, Used: 30, Copies: 2, NoText: 1, Typical: 40, Longest: 200, Fingerprint: "feed",
			Classes: []text.Class{{Name: "ham", Count: 26}, {Name: "spam", Count: 4}}, Labels: []text.Class{{Name: "ham", Count: 28}, {Name: "spam", Count: 4}},
			Changed: text.Effects{Lower: 20, Spaces: 7, Digits: 4}, Dialect: &data.Dialect{Delimiter: "\t", Encoding: "UTF-8"},
			Columns: []text.Column{{Name: "kind", Role: text.RoleLabel, Reason: "Two values."}, {Name: "message", Role: text.RoleText, Reason: "The longest."}, {Name: "id", Length: 4, Distinct: 33}}},
		Skipped: []bindings.SkippedFile{{Name: "x.png", Reason: "This is a picture."}}}
}

func withTexts(t *testing.T) *desk {
	s := newDesk(t)
	s.do(Action{Name: "page.files", Files: []File{{Name: "mail.csv"}}})
	return s
}

func (s *desk) params(method string, into any) {
	s.Helper()
	require.NoError(s, json.Unmarshal(s.engine.last[method], into))
}

func TestTextsAreRead(t *testing.T) {
	s := withTexts(t)
	var p bindings.TextsParams
	s.params(bindings.MethodTextsOpen, &p)
	require.Equal(t, []bindings.TextFile{{Path: "mail.csv", Blob: 0}}, p.Files)
	require.Contains(t, s.see("data-read").words(), "33 texts read from mail.csv . Separated by tabs, UTF-8.")
	require.Contains(t, s.see("skipped").words(), "x.png : This is a picture.")
	require.Contains(t, s.see("used").words(), "30 of 33 texts are used.")
	require.Contains(t, s.html("clean-view"), "copies in the test would make the score look better")
	require.Equal(t, "message", *s.see("text-column").Value)
	require.Contains(t, s.see("text-column-hint").words(), "The longest.")
	require.Contains(t, s.see("unequal").words(), "very different size")
	require.Contains(t, s.see("records").words(), "4 capital letters made small and 1 stretch of spaces made one")
	require.Contains(t, s.see("records").words(), "copy of text 1, left out")
	require.NotContains(t, s.html("clean-view"), "<b>buy")
	require.Contains(t, s.see("prepared").words(), "18 texts to learn from, 5 to know when to stop, 7 kept aside")
	require.Contains(t, s.see("vocabulary-said").words(), "99 tokens, learned from the training part alone. Of the tokens of the other texts it does not know 5.0")
	require.Equal(t, "hi mum␣ zebra", s.see("tokens").words())
	require.Contains(t, s.html("words-view"), "token-unknown")
	require.Contains(t, s.html("words-view"), "token-cut")
	require.Contains(t, s.see("layers").words(), "Embedding 16 numbers for each of 99 tokens")
	require.Equal(t, "30", *s.see("epochs").Value)
	require.False(t, s.disabled("train"))
	require.NotNil(t, s.see("weights"))
}

func TestDecisionsAboutTextsAreTakenBack(t *testing.T) {
	s := withTexts(t)
	var p bindings.TextsEditParams
	edited := func() text.Choice {
		p = bindings.TextsEditParams{}
		s.params(bindings.MethodTextsEdit, &p)
		return p.Choice
	}
	first := inbox().Choice
	s.do(Action{Name: "clean.lower", Checked: false})
	require.False(t, edited().Cleaning.Lower)
	s.do(Action{Name: "clean.copies", Checked: false}, Action{Name: "clean.remove", Arg: "2"}, Action{Name: "clean.name", Arg: "spam", Value: " junk "})
	require.Equal(t, text.Choice{Text: "message", Label: "kind", Cleaning: text.Cleaning{Spaces: true}, KeepCopies: true, Removed: []int{2}, Names: map[string]string{"spam": "junk"}}, edited())
	s.do(Action{Name: "clean.name", Arg: "junk", Value: "ham"})
	require.Equal(t, map[string]string{"spam": "ham", "junk": "ham"}, edited().Names)
	require.Equal(t, "Undo: “junk” is now “ham”", s.see("undo").words())
	for range 5 {
		s.do(Action{Name: "clean.undo"})
	}
	require.Equal(t, first, edited())
	require.True(t, s.disabled("undo"))

	s.do(Action{Name: "clean.drop", Arg: "spam"})
	require.Equal(t, "", edited().Names["spam"])
	require.Contains(t, s.html("clean-view"), "is left out.")
	s.do(Action{Name: "clean.again", Arg: "spam"}, Action{Name: "clean.restore", Arg: "2"}, Action{Name: "clean.label", Value: "message"})
	require.Equal(t, []string{"kind", "message"}, []string{edited().Text, edited().Label}, "the two columns change places")
	s.fail(bindings.MethodTextsEdit, tensor.CodeOption, "The table has no column x.")
	s.do(Action{Name: "clean.text", Value: "x"})
	require.Contains(t, s.see("problem-clean").words(), "no column x")

	s.do(Action{Name: "clean.show", Value: string(text.ShowLeft)}, Action{Name: "clean.class", Value: "ham"}, Action{Name: "clean.page", Arg: "1"})
	var rows bindings.TextsRowsParams
	s.params(bindings.MethodTextsRows, &rows)
	require.Equal(t, bindings.TextsRowsParams{Table: 3, Show: text.ShowLeft, Class: "ham", From: textsShown, Count: textsShown}, rows)
}

func TestWordsAreChosen(t *testing.T) {
	s := withTexts(t)
	s.do(Action{Name: "words.kind", Value: string(text.KindNGrams)}, Action{Name: "words.length", Value: "40"}, Action{Name: "words.high", Value: "6"}, Action{Name: "option.seed", Value: "9"})
	var p bindings.TextsPrepareParams
	s.params(bindings.MethodTextsPrepare, &p)
	require.Equal(t, text.Options{Kind: text.KindNGrams, Vocabulary: 30000, MinCount: 2, Low: 3, High: 6, Length: 40, Cut: text.CutEnd}, p.Setup.Options)
	require.Equal(t, uint64(9), p.Setup.Split.Seed)
	s.do(Action{Name: "words.high", Value: "1"}, Action{Name: "train"})
	require.Contains(t, s.see("problem-train").words()+s.see("high-check").words(), "The longest run is a whole number from 3 to 16.")
	s.do(Action{Name: "words.reset"})
	p = bindings.TextsPrepareParams{}
	s.params(bindings.MethodTextsPrepare, &p)
	require.Equal(t, text.KindWords, p.Setup.Options.Kind)
	s.do(Action{Name: "words.typed", Value: "buy now"})
	var look bindings.TextsTokensParams
	s.params(bindings.MethodTextsTokens, &look)
	require.Equal(t, "buy now", look.Text)
	s.fail(bindings.MethodTextsPrepare, tensor.CodeMemory, "33 texts may need 9 GB.")
	s.do(Action{Name: "words.kind", Value: string(text.KindCharacters)})
	require.Contains(t, s.see("problem-words").words(), "9 GB")
	s.do(Action{Name: "train"})
	require.Contains(t, s.see("train-problem").words(), "9 GB")
}

func TestTrainedOnTexts(t *testing.T) {
	s := withTexts(t)
	s.do(Action{Name: "network.choose", Value: text.NetworkGRU}, Action{Name: "network.scale", Value: "large"})
	require.Equal(t, "11", *s.see("epochs").Value)
	require.Contains(t, s.see("layers").words(), "GRU, both ways 48 units each way")
	s.do(Action{Name: "train"})
	var created bindings.CreateParams
	s.params(bindings.MethodModelCreate, &created)
	require.Contains(t, string(created.Layers[0].Config), `"units":48`)
	require.Equal(t, "mail", created.Name)
	require.Contains(t, s.see("score-f1").words(), "F1 of “spam”: 0.8 , by guessing 0. Of those it named, 100.0")
	s.do(Action{Name: "result.cell", Arg: "0 1"})
	require.Contains(t, s.see("wrong").words(), "1 text of “ham” that the model took for “spam”")
	var rows bindings.TextsRowsParams
	s.params(bindings.MethodTextsRows, &rows)
	require.Equal(t, []int{4}, rows.Numbers, "line 5 of the test")
	s.do(Action{Name: "try.record", Arg: "4"})
	require.Equal(t, "spam", s.see("predicted").words())
	require.Contains(t, s.html("try-view"), `<mark class="for-4" title="odds × 12">win`)
	require.Contains(t, s.html("try-view"), `<mark class="against-2"`)
	require.Contains(t, s.html("try-view"), `<mark class="unread"`)
	require.Contains(t, s.html("try-view"), `&lt;b&gt;`)
	require.Contains(t, s.see("why-said").words(), "For “spam” speak “win” (× 12): by so much they multiply the odds. Against it speak “mum” (÷ 2). The text is too long: 1 part is not read")
	s.do(Action{Name: "try.text", Value: "  "})
	s.gone("prediction")
	s.fail(bindings.MethodTextsClassify, tensor.CodeUnsupported, "This model does not take texts.")
	s.do(Action{Name: "try.text", Value: "win"})
	require.Contains(t, s.see("problem-try").words(), "does not take texts")
}

// After the engine was lost, the same texts come back with all decisions.
func TestTextsComeBack(t *testing.T) {
	s := withTexts(t)
	s.do(Action{Name: "clean.remove", Arg: "2"}, Action{Name: "words.kind", Value: string(text.KindCharacters)})
	s.lose("out of memory")
	s.do(Action{Name: "state.again"})
	var p bindings.TextsEditParams
	s.params(bindings.MethodTextsEdit, &p)
	require.Equal(t, []int{2}, p.Choice.Removed)
	var prepared bindings.TextsPrepareParams
	s.params(bindings.MethodTextsPrepare, &prepared)
	require.Equal(t, text.KindCharacters, prepared.Setup.Options.Kind)
	require.False(t, s.disabled("train"))
	s.lose("again")
	s.fail(bindings.MethodTextsOpen, tensor.CodeData, "moved")
	s.do(Action{Name: "state.again"})
	require.Contains(t, s.see("problem-data").words(), "moved")
	require.True(t, s.disabled("train"))
}

func TestTextsFromElsewhere(t *testing.T) {
	s := newDesk(t)
	s.do(Action{Name: "texts.sample", Arg: "kitchen"})
	var p bindings.TextsParams
	s.params(bindings.MethodTextsOpen, &p)
	require.Equal(t, "kitchen", p.Sample)
	s.do(Action{Name: "texts.paste"})
	require.Contains(t, s.see("problem-data").words(), "no text to read")
	s.screen.values["paste-text"] = "a,b\n1,2\n"
	s.do(Action{Name: "texts.paste"}, Action{Name: "texts.option", Arg: "delimiter", Value: ";"})
	p = bindings.TextsParams{}
	s.params(bindings.MethodTextsOpen, &p)
	require.Equal(t, "a,b\n1,2\n", p.Text)
	require.Equal(t, ";", p.Options.Delimiter)
	require.Contains(t, s.engine.asked, bindings.MethodTableClose)
	s.fail(bindings.MethodTextsOpen, tensor.CodeData, "There are no texts.")
	s.do(Action{Name: "page.files", Files: []File{{Name: "b.txt", Path: "x/b/b.txt"}, {Name: "a.txt", Path: "x/a/a.txt"}}})
	p = bindings.TextsParams{}
	s.params(bindings.MethodTextsOpen, &p)
	require.Equal(t, []bindings.TextFile{{Path: "x/a/a.txt", Blob: 0}, {Path: "x/b/b.txt", Blob: 1}}, p.Files, "in order of name")
	require.Contains(t, s.see("problem-data").words(), "no texts")
	s.do(Action{Name: "page.files", Files: []File{{Name: "m.safetensors"}}})
	require.Contains(t, s.engine.asked, bindings.MethodModelOpen)
}
