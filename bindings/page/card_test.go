package page

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/bindings"
	"github.com/terrarium-ml/terrarium/core/card"
	"github.com/terrarium-ml/terrarium/core/data"
)

// fullCard has something in every place that a card has.
func fullCard() *card.Card {
	acc := func(v float64) []card.Value { return []card.Value{{Name: "acc", Value: v}} }
	return &card.Card{Name: "Loss", Made: "2026-01-02T03:04:05Z", Program: "Terrarium 1", Numerics: 1,
		Limits: []string{"It learned from only 33 examples.", "Of “fern” it saw only 3.", "It was not judged on examples that it never saw.",
			"There was no test part: its score is of the validation part, and is too good.", "It was judged on only 7 examples: the score may be off by many points.",
			"It is no better than always guessing “fern”.", "Whether it judges some groups worse than others was not looked at.", "Of “f” in “sex” it was judged on only 3 examples.",
			"“ticket” alone nearly gives the answer away: the score may not hold where that is not known.", "Its training was stopped by hand.",
			"It was judged on a part of the data that it comes from: on data from elsewhere or of another time it may do worse."},
		Data: card.Data{Source: "plants.csv", Fingerprint: "abc", Kind: "table", Target: "Kind", Task: data.TaskClassification, Labels: []string{"Seed", "fern"}, Counts: []int{30, 3},
			Train: 33, Validation: 4, Test: 7, Split: data.Split{Seed: 9, Stratify: true}, Min: 1, Max: 2.5, Notices: []string{"2 rows are left out because “Kind” is missing there."},
			Columns: []card.Column{{Name: "Source", Role: "feature", Kind: "category", Encoding: "onehot", Scaling: "none", Missing: "mode", Why: "One of 4 different values that come again and again."},
				{Name: "id", Role: "ignore", Kind: "id", Encoding: "none", Why: "Every row has its own value, like a serial number or a code. A network would learn the rows by heart instead of a rule."},
				{Name: "day", Role: "feature", Kind: "date", Encoding: "cyclic", Scaling: "standard", Missing: "flag"}, {Name: "n", Role: "feature", Kind: "number", Scaling: "minmax", Missing: "median"},
				{Name: "o", Role: "feature", Kind: "boolean", Encoding: "ordinal", Missing: "drop-row"}, {Name: "t", Role: "target", Kind: "text", Missing: "constant"}, {Name: "m", Role: "feature", Kind: "number", Missing: "mean"}}},
		Training: card.Training{Seed: 4, Epochs: 9, Done: 3, Why: card.WhyEarly, Parameters: 12, Optimizer: "Adam", Rate: 1e-05, Loss: "binaryCrossentropy", Layers: []string{"Dense {}"},
			Options: []byte("{}"), First: acc(0.5), Last: acc(0.6)},
		Scores:  &card.Scores{Part: "test", Rows: 7, Metrics: acc(0.5), Baseline: acc(0.6), Guess: "fern", Groups: []card.Group{{Column: "sex", Value: "f", Rows: 3, Metrics: acc(1)}}},
		Written: []card.Sample{{Round: 2, Text: "Source of it"}},
		Digests: card.Digests{Weights: "beef", Log: "cafe"}}
}

// What is shown of the card, and given away, is in the page's language; what is the user's
// own stays, even where it is one of our words.
func TestTheCardSpeaksChinese(t *testing.T) {
	l, err := chinese()
	require.NoError(t, err)
	s := openTable(t)
	g := guard(s)
	s.fix(bindings.MethodModelCard, bindings.CardResult{Card: fullCard()})
	s.do(Action{Name: "train"})
	c := s.app.trust.card
	l.missing = func(text string) { assert.Fail(t, "no entry of site/words.zh.json says this", "%q", text) }
	s.app.language = l
	for _, c.Data.Kind = range []string{"table", "image", "text", "series"} {
		for _, c.Training.Why = range []string{card.WhyEarly, card.WhyStopped, card.WhyComplete} {
			for _, c.Data.Task = range []data.Task{data.TaskClassification, data.TaskWriting, data.TaskRegression} {
				s.do(Action{Name: "trust.card"})
			}
		}
	}
	page := string(g.files["Loss card.html"])
	for _, want := range []string{`<html lang="zh-Hans">`, "<title>模型卡</title>", `<h1 translate="no">Loss</h1>`, "<h2>它的价值</h2>", `<th scope="row">来源</th>`, `<th scope="row" translate="no">Source</th>`,
		"测试集的 7 个样本", "0.5（猜测：0.6）", "类别 Seed", "第 1 层", "第 2 轮时", "Source of it", "Kind、回归", "Adam、学习率 1e-05", "仅凭“ticket”就几乎泄漏答案"} {
		assert.Contains(t, page, want)
	}
	var shown strings.Builder
	for _, n := range s.app.language.nodes(s.app.trust.nodes()) {
		shown.WriteString(n.HTML())
	}
	for _, want := range []string{"它的局限", `<dt translate="no">来源</dt>`, `<dt translate="no">Source</dt>`, "类别 Seed", "特征、类别"} {
		assert.Contains(t, shown.String(), want)
	}
}
