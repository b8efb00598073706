package text

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/core/data"
	"github.com/terrarium-ml/terrarium/core/json"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// mail is n messages, one in four of them unwanted.
func mail(n int) (texts, labels []string) {
	for i := range n {
		if i%4 == 0 {
			texts, labels = append(texts, fmt.Sprintf("WIN a prize now, call %d!", i)), append(labels, "spam")
		} else {
			texts, labels = append(texts, fmt.Sprintf("see you at home at %d", i)), append(labels, "ham")
		}
	}
	return texts, labels
}

func TestPrepare(t *testing.T) {
	texts, labels := mail(100)
	texts[3], labels[6], texts[9] = " \n", "", "see you at home at 1"
	p, err := Prepare(texts, labels, Suggest(texts), 0, nil)
	require.NoError(t, err)
	assert.Equal(t, []string{"ham", "spam"}, p.Pipeline.Output.Labels, "the rarer is the one that is looked for")
	seen := map[int]bool{3: true, 6: true}
	for _, part := range []data.Part{p.Train, p.Validation, p.Test} {
		assert.Equal(t, []int{len(part.Rows), 8}, part.X.Shape)
		spam := 0
		for i, row := range part.Rows {
			assert.False(t, seen[row])
			seen[row] = true
			assert.Equal(t, encoded(t, p.Tokenizer, texts[row]), part.X.Row(i))
			assert.Equal(t, labels[row] == "spam", part.Y.Data[i] == 1)
			spam += int(part.Y.Data[i])
		}
		assert.InDelta(t, float64(len(part.Rows))/4, spam, 1.5)
	}
	assert.Len(t, seen, 100)
	assert.Equal(t, data.Baseline{Label: "ham", Accuracy: p.Baseline.Accuracy}, p.Baseline)
	assert.InDelta(t, 0.75, p.Baseline.Accuracy, 0.06)
	codes := ""
	for _, n := range p.Notices {
		codes += n.Code + ": " + n.Message + "\n"
	}
	assert.Contains(t, codes, "target: 1 text is left out for want of a label.")
	assert.Contains(t, codes, "dropped: 1 label is left out for want of a text.")

	back, err := json.Marshal(p.Pipeline)
	require.NoError(t, err)
	var pipeline data.Pipeline
	require.NoError(t, json.Unmarshal(back, &pipeline))
	assert.Equal(t, []int{8}, pipeline.Shape())
	again, err := Read(&pipeline)
	require.NoError(t, err)
	assert.Equal(t, p.Tokenizer, again)
}

// The tokenizer knows nothing but the training part.
func TestTokenizerIsTrainedOnTheTrainingPart(t *testing.T) {
	texts, labels := mail(40)
	for i := range texts {
		texts[i] += fmt.Sprintf(" only%d", i)
	}
	s := Suggest(texts)
	s.Options.MinCount = 1
	p, err := Prepare(texts, labels, s, 0, nil)
	require.NoError(t, err)
	for _, row := range p.Train.Rows {
		assert.Contains(t, p.Tokenizer.Words, fmt.Sprintf("only%d", row))
	}
	for _, row := range append(p.Validation.Rows, p.Test.Rows...) {
		assert.NotContains(t, p.Tokenizer.Words, fmt.Sprintf("only%d", row))
	}
}

func TestCopiesAcrossPartsAreNoted(t *testing.T) {
	texts, labels := mail(40)
	for i := range texts {
		if labels[i] == "ham" {
			texts[i] = []string{"Hello  there", "hello there"}[i%2]
		}
	}
	p, err := Prepare(texts, labels, Suggest(texts), 0, nil)
	require.NoError(t, err)
	assert.InDelta(t, 0.36*30, p.Between, 1.5)
	require.Len(t, p.Notices, 1)
	assert.Equal(t, data.NoticeLeak, p.Notices[0].Code)
}

func TestPrepareRefuses(t *testing.T) {
	texts, labels := mail(40)
	code := func(err error) string {
		var e *tensor.Error
		require.ErrorAs(t, err, &e)
		return e.Code
	}
	s := Suggest(texts)
	_, err := Prepare(texts, labels[1:], s, 0, nil)
	assert.Equal(t, tensor.CodeShape, code(err))
	_, err = Prepare(texts[:8], labels[:8], s, 0, nil)
	assert.ErrorContains(t, err, "There are 8 texts with a label")
	_, err = Prepare(nil, nil, s, 0, nil)
	assert.ErrorContains(t, err, "There are 0 texts with a label")
	_, err = Prepare(texts, strings.Split(strings.Repeat("a,", 39)+"a", ","), s, 0, nil)
	assert.ErrorContains(t, err, `Every text has the label "a"`)
	_, err = Prepare(texts, texts, s, 0, nil)
	assert.ErrorContains(t, err, "a label of its own")
	_, err = Prepare(texts, labels, s, 10_000, nil)
	assert.Equal(t, tensor.CodeMemory, code(err))
	bad := s
	bad.Split.Test = 3
	_, err = Prepare(texts, labels, bad, 0, nil)
	assert.Equal(t, tensor.CodeOption, code(err))
	bad = s
	bad.Options.Kind = "x"
	_, err = Prepare(texts, labels, bad, 0, nil)
	assert.Equal(t, tensor.CodeOption, code(err))
	stop := errors.New("stop")
	many, marks := mail(1000)
	for after := range 30 {
		calls := 0
		_, err = Prepare(many, marks, s, 0, func(done, total int64) error {
			assert.LessOrEqual(t, done, total)
			if calls++; calls > after {
				return stop
			}
			return nil
		})
		if calls > after {
			assert.Equal(t, stop, err)
		}
	}
}

func TestSuggest(t *testing.T) {
	texts, _ := ChineseMessages()
	assert.Contains(t, Suggest(texts).Reason, "each character is a token")
	texts, _ = mail(10)
	assert.Contains(t, Suggest(texts).Reason, "Each word")
	assert.Equal(t, KindWords, Suggest(nil).Options.Kind)
}
