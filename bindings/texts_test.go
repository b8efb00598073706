package bindings

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/core/data/text"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// mail is a table of messages, one in three of them unwanted.
func mail(n int) string {
	var b strings.Builder
	b.WriteString("kind\tmessage\n")
	for i := range n {
		if i%3 == 0 {
			fmt.Fprintf(&b, "spam\tWIN a prize now, call %d!\n", i)
		} else {
			fmt.Fprintf(&b, "ham\tsee you at home at %d\n", i)
		}
	}
	return b.String()
}

// openTexts opens a table of messages and prepares it.
func (b *bench) openTexts(csv string) (TextsInfo, TextsPrepareResult) {
	b.t.Helper()
	var info TextsInfo
	b.call(MethodTextsOpen, TextsParams{Text: csv}, &info)
	var ready TextsPrepareResult
	b.call(MethodTextsPrepare, TextsPrepareParams{info.Table, info.Setup}, &ready)
	return info, ready
}

// From a table to a model that answers, says why, and does so after saving.
func TestTextsFromTableToAnswer(t *testing.T) {
	b := newBench(t)
	info, ready := b.openTexts(mail(150))
	require.Equal(t, text.Choice{Text: "message", Label: "kind", Cleaning: text.Cleaning{Lower: true, Width: true, Spaces: true}}, info.Choice)
	require.Equal(t, []string{"ham", "spam"}, ready.Prepared.Pipeline.Output.Labels)
	require.Positive(t, ready.Unknown)
	var cut TextsTokensResult
	first := 0
	b.call(MethodTextsTokens, TextsTokensParams{Table: info.Table, Record: &first}, &cut)
	require.Equal(t, "win a prize now, call 0!", cut.Clean)
	require.Equal(t, "win", cut.Tokens[0].Text)

	seed := int64(1)
	for _, network := range ready.Networks {
		var model ModelInfo
		b.call(MethodModelCreate, CreateParams{Layers: network.Layers, Table: info.Table, Seed: &seed}, &model)
		b.call(MethodModelCompile, CompileParams{Model: model.Model, Optimizer: Optimizer{ClassName: "adam", Config: []byte(`{"learningRate":0.02}`)}}, nil)
		var fitted FitResult
		b.call(MethodModelFit, FitParams{Model: model.Model, Table: info.Table, Epochs: 10, BatchSize: 16}, &fitted)
		var test TestResult
		b.call(MethodModelTest, TestParams{Model: model.Model, Table: info.Table}, &test)
		require.InDelta(t, 1, test.Metrics["f1"], 0.1, network.Name)
		require.Zero(t, test.Baseline["f1"])

		ask := func(model int, text string) TextsClassifyResult {
			var r TextsClassifyResult
			b.call(MethodTextsClassify, TextsClassifyParams{Model: model, Text: text, Explain: true}, &r)
			return r
		}
		r := ask(model.Model, "Win a prize zebra")
		require.Equal(t, "spam", r.Answer.Label, network.Name)
		require.Len(t, r.Pieces, 4)
		require.Len(t, r.Effects, 4)
		require.False(t, r.Pieces[3].Known)
		for _, alone := range []string{"prize", "zebra", "", "  "} { // all that there is is covered
			for _, v := range ask(model.Model, alone).Effects {
				require.False(t, math.IsNaN(v), "%s %q", network.Name, alone)
			}
		}
		long := ask(model.Model, strings.Repeat("home ", 100))
		require.Equal(t, "ham", long.Answer.Label)
		require.Equal(t, 100-ready.Setup.Options.Length, long.Unread)

		var file BytesResult
		buffers, err := b.client.do(context.Background(), call{Method: MethodModelBytes, Params: ModelParams{model.Model}, Result: &file})
		require.NoError(t, err)
		zero := 0
		var loaded ModelInfo
		_, err = b.client.do(context.Background(), call{Method: MethodModelLoad, Params: LoadParams{Buffer: &zero}, Buffers: buffers, Result: &loaded})
		require.NoError(t, err)
		require.Equal(t, r, ask(loaded.Model, "Win a prize zebra"))
		b.call(MethodModelDispose, ModelParams{loaded.Model}, nil)
		b.call(MethodModelDispose, ModelParams{model.Model}, nil)
	}
	require.Contains(t, b.refused(tensor.CodeOption, MethodTableProfile, TableParams{info.Table}).Message, `of kind "text"`)
}

func TestTextsAreDecidedAbout(t *testing.T) {
	b := newBench(t)
	var info TextsInfo
	b.call(MethodTextsOpen, TextsParams{Sample: "messages"}, &info)
	require.Positive(t, info.Profile.Copies)
	choice := info.Choice
	choice.Removed, choice.KeepCopies, choice.Names = []int{0, 3}, true, map[string]string{"friend": "wanted"}
	var now TextsInfo
	b.call(MethodTextsEdit, TextsEditParams{info.Table, choice}, &now)
	require.Equal(t, 2, now.Profile.Removed)
	require.Equal(t, "wanted", now.Profile.Classes[0].Name)
	var rows TextsRowsResult
	b.call(MethodTextsRows, TextsRowsParams{Table: info.Table, Show: text.ShowLeft, Count: 5}, &rows)
	require.Equal(t, 2, rows.Total)
	require.Equal(t, text.StateRemoved, rows.Records[1].State)
	b.call(MethodTextsRows, TextsRowsParams{Table: info.Table, Numbers: []int{7, 3}}, &rows)
	require.Equal(t, []int{7, 3}, []int{rows.Records[0].Number, rows.Records[1].Number})

	b.refused(tensor.CodeOption, MethodTextsRows, TextsRowsParams{Table: info.Table, Numbers: []int{99999}})
	b.refused(tensor.CodeOption, MethodTextsRows, TextsRowsParams{Table: info.Table, Count: 999})
	b.refused(tensor.CodeOption, MethodTextsTokens, TextsTokensParams{Table: info.Table})
	b.refused(tensor.CodeOption, MethodTextsEdit, TextsEditParams{info.Table, text.Choice{Text: "none"}})
	b.refused(tensor.CodeOption, MethodTextsOpen, TextsParams{Sample: "x"})
	b.refused(tensor.CodeOption, MethodTextsOpen, TextsParams{Sample: "messages", Text: "a"})
	b.refused(tensor.CodeOption, MethodTextsPrepare, TextsPrepareParams{Table: 77})
	b.refused(tensor.CodeOption, MethodTextsClassify, TextsClassifyParams{Model: 77})
	table, _ := b.open(flowers(30), "kind")
	require.Contains(t, b.refused(tensor.CodeOption, MethodTextsRows, TextsRowsParams{Table: table.Table}).Message, "no set of texts")
}

// openFiles opens files by path and content.
func (b *bench) openFiles(pairs ...string) (TextsInfo, error) {
	var p TextsParams
	var blobs []Blob
	for i := 0; i < len(pairs); i += 2 {
		p.Files = append(p.Files, TextFile{pairs[i], len(blobs)})
		blobs = append(blobs, file{name: pairs[i], text: pairs[i+1]})
	}
	var info TextsInfo
	_, err := b.client.do(context.Background(), call{Method: MethodTextsOpen, Params: p, Blobs: blobs, Result: &info})
	return info, err
}

// packed is a zip archive.
func packed(t testing.TB, pairs ...string) string {
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for i := 0; i < len(pairs); i += 2 {
		f, err := w.Create(pairs[i])
		require.NoError(t, err)
		_, err = f.Write([]byte(pairs[i+1]))
		require.NoError(t, err)
	}
	require.NoError(t, w.Close())
	return out.String()
}

func TestTextsComeInManyForms(t *testing.T) {
	b := newBench(t)
	info, err := b.openFiles("x/good/1.txt", "fine", "x/bad/2.txt", "caf\xe9", "x/bad/.DS_Store", "\x00", "x/bad/3.png", "\x89PNG\r\n")
	require.NoError(t, err)
	require.Equal(t, []text.Class{{Name: "bad", Count: 1}, {Name: "good", Count: 1}}, info.Profile.Classes)
	require.Len(t, info.Skipped, 1)
	require.Contains(t, info.Skipped[0].Reason, "a picture (PNG)")

	info, err = b.openFiles("mail.zip", packed(t, "ham/1.txt", "hi", "spam/2.txt", "buy", "__MACOSX/x", "junk"))
	require.NoError(t, err)
	require.Equal(t, "mail", info.Profile.Name)
	require.Equal(t, 2, info.Profile.Used)
	info, err = b.openFiles("table.zip", packed(t, "sms.tsv", mail(30)))
	require.NoError(t, err)
	require.Equal(t, "table", info.Profile.From)
	info, err = b.openFiles("sms.zip", packed(t, "readme", strings.Repeat("About these messages.\n", 30), "SMSSpamCollection", mail(30)))
	require.NoError(t, err)
	require.Equal(t, "table", info.Profile.From, "as the collection comes from its publisher")
	require.Len(t, info.Skipped, 1)
	info, err = b.openFiles("notes/readme.txt", "hi", "notes/license.txt", "buy")
	require.NoError(t, err)
	require.Equal(t, 2, info.Profile.Records, "nothing else is there")
	info, err = b.openFiles("sms", "\xff\xfe"+string(utf16(mail(30))))
	require.NoError(t, err)
	require.Equal(t, "UTF-16LE", info.Profile.Dialect.Encoding)

	for _, c := range []struct{ name, content, says string }{
		{"book.txt", strings.Repeat("It was a dark night.\n", 40), "one text alone"},
		{"one.csv", "text\nhello\nworld\n", "a single column"},
		{"x.zip", packed(t, "__MACOSX/x", "junk"), "There are no texts"},
		{"x.tsv", "\x89PNG\r\n\x1a\n", "a picture (PNG)"},
		{"broken.zip", packed(t, "a.txt", "b")[:40], "No text could be read"},
	} {
		_, err := b.openFiles(c.name, c.content)
		require.ErrorContains(t, err, c.says, c.name)
	}
}

func utf16(text string) []byte {
	var out []byte
	for _, r := range text {
		out = append(out, byte(r), byte(r>>8))
	}
	return out
}

func TestTextsNeedRoom(t *testing.T) {
	b := newBench(t)
	b.engine.limit = 100_000
	_, err := b.openFiles("a/big.txt", strings.Repeat("x", 200_000), "b/small.txt", "y")
	var e *Error
	require.ErrorAs(t, err, &e)
	require.Equal(t, tensor.CodeMemory, e.Data.Code)
	b.refused(tensor.CodeMemory, MethodTextsOpen, TextsParams{Text: mail(3000)})
}

func TestRetrieval(t *testing.T) {
	l := Logs{}
	l.addRetrieval([]float32{1, 1, 0, 0, 1}, []float32{1, 0, 1, 0, 1})
	require.Equal(t, Logs{"precision": 2. / 3, "recall": 2. / 3, "f1": 2. / 3}, l)
}
