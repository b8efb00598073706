package text

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/core/data"
)

// tableOf reads a table that a test writes.
func tableOf(t testing.TB, csv string) *data.Table {
	t.Helper()
	table, err := data.ReadTable(strings.NewReader(csv), data.ReadOptions{Name: "t.csv"})
	require.NoError(t, err)
	return table
}

// letters are 40 rows with a number, a text and a label, of which some are not to be used.
func letters() string {
	csv := "id,body,mood\n"
	for i := range 40 {
		csv += fmt.Sprintf("%d,\"%s number %d\",%s\n", i, []string{"What a lovely day", "This is AWFUL  indeed"}[i%2], i/4, []string{"good", "bad"}[i%2])
	}
	return csv + "40,,good\n41,nobody knows this one here,\n42,What a lovely day number 0,bad\n"
}

func TestSetOfATable(t *testing.T) {
	s, err := FromTable(tableOf(t, letters()), nil)
	require.NoError(t, err)
	p := s.Profile()
	assert.Equal(t, Choice{Text: "body", Label: "mood", Cleaning: usualCleaning}, s.Choice())
	assert.Contains(t, p.Columns[1].Reason, "the longest")
	assert.Contains(t, p.Columns[2].Reason, "2 different values")
	assert.Equal(t, []int{43, 1, 1, 20, 21}, []int{p.Records, p.NoText, p.NoLabel, p.Copies, p.Used})
	assert.Equal(t, []Class{{"bad", 11}, {"good", 10}}, p.Classes)
	assert.Equal(t, 2, p.Clashes)
	assert.Equal(t, []int{41, 20}, []int{p.Changed.Lower, p.Changed.Spaces})
	list, total := s.Find(ShowClashes, "", 0, 10)
	assert.Equal(t, []int{0, 42}, list[:2])
	assert.Equal(t, 2, total)
	r := s.Record(2)
	assert.Equal(t, Record{Number: 2, Where: "4", Text: "What a lovely day number 0", Clean: "what a lovely day number 0", Label: "good", State: StateCopy, Same: 0, Effects: Effects{Lower: 1, Digits: 0}}, r)

	choice := s.Choice()
	choice.KeepCopies, choice.Removed, choice.Names = true, []int{0, 1}, map[string]string{"bad": "poor"}
	require.NoError(t, s.Choose(choice, nil))
	p = s.Profile()
	assert.Equal(t, []Class{{"poor", 20}, {"good", 19}}, p.Classes)
	assert.Equal(t, []Class{{"bad", 21}, {"good", 20}}, p.Labels)
	assert.Equal(t, []int{2, 0}, []int{p.Removed, p.Copies})
	for _, bad := range []Choice{{Text: "x"}, {Text: "body", Label: "body"}, {Removed: []int{43}}} {
		require.Error(t, s.Choose(bad, nil))
	}
	assert.Equal(t, p, s.Profile(), "a choice that cannot be changes nothing")

	ready, err := s.Prepare(s.Suggest(), 0, nil)
	require.NoError(t, err)
	assert.Equal(t, "mood", ready.Pipeline.Output.Name)
	for _, part := range []data.Part{ready.Train, ready.Validation, ready.Test} {
		for i, row := range part.Rows {
			assert.Equal(t, encoded(t, ready.Tokenizer, s.Text(row)), part.X.Row(i))
		}
	}
	require.NoError(t, s.Choose(Choice{Text: "mood", Label: "body"}, nil))
	assert.Equal(t, "good", s.Text(0))
}

func TestSetOfFiles(t *testing.T) {
	s, err := FromFiles("mail", []File{{"mail/ham/1.txt", "Hello"}, {"mail/spam/2.txt", "Buy"}}, nil)
	require.NoError(t, err)
	p := s.Profile()
	assert.Equal(t, "folders", p.From)
	assert.Equal(t, []Class{{"ham", 1}, {"spam", 1}}, p.Classes)
	assert.Equal(t, "mail/spam/2.txt", s.Record(1).Where)
	assert.NotEmpty(t, p.Fingerprint)

	s, err = FromFiles("", []File{{"pos.txt", strings.Repeat("fine\r\nwell\n\n", 20)}, {"neg.txt", strings.Repeat("bad\n", 20)}}, nil)
	require.NoError(t, err)
	assert.Equal(t, "lines", s.Profile().From)
	assert.Equal(t, 60, s.Profile().Records)
	assert.Equal(t, "well", s.Text(1))

	s, err = FromFiles("", []File{{"spam 01.txt", "a"}, {"spam 02.txt", "b"}, {"ham-1.txt", "c"}}, nil)
	require.NoError(t, err)
	assert.Equal(t, []Class{{"spam", 2}, {"ham", 1}}, s.Profile().Classes)
}

// Samples are tables whose columns are found, and are told apart by what is suggested.
func TestSamples(t *testing.T) {
	for _, info := range Samples() {
		text, err := SampleText(info.Name)
		require.NoError(t, err)
		again, err := SampleText(info.Name)
		require.NoError(t, err)
		assert.Equal(t, text, again)
		assert.NotContains(t, text, "{")
		if info.Writes {
			assert.Greater(t, len(text), 100_000)
			continue
		}
		s, err := FromTable(tableOf(t, text), nil)
		require.NoError(t, err)
		p := s.Profile()
		t.Logf("%s: %d used of %d, %d copies, %v", info.Name, p.Used, p.Records, p.Copies, p.Classes)
		assert.Len(t, p.Classes, 2)
		assert.Greater(t, p.Used, 400)
		assert.Zero(t, p.NoText+p.NoLabel+p.Clashes)
		ready, err := s.Prepare(s.Suggest(), 0, nil)
		require.NoError(t, err)
		assert.Len(t, ready.Networks(), 3)
	}
	_, err := SampleText("x")
	assert.ErrorContains(t, err, "no sample set")
}

// A label's column is known by a word of its name, where it has no better one.
func TestTheColumnOfLabelsIsFound(t *testing.T) {
	rows := func(header, format string) string {
		for i := range 60 {
			header += fmt.Sprintf(format, []string{"good", "bad", "so so"}[i%3], []string{"United", "Delta"}[i%2], i)
		}
		return header
	}
	for header, want := range map[string]string{
		"airline_sentiment,airline,text\n": "airline_sentiment", "mood,airline,text\n": "airline", "mood,label,text\n": "label",
		"Label-2,kind,text\n": "kind", "type of mail,classical,text\n": "type of mail",
	} {
		s, err := FromTable(tableOf(t, rows(header, "%s,%s,how the flight number %d was for all of us\n")), nil)
		require.NoError(t, err)
		assert.Equal(t, want, s.Choice().Label, header)
	}
}

// Names and other single words are known by their parts.
func TestSingleWordsAreReadByTheirParts(t *testing.T) {
	csv := "word,tongue\n"
	for i := range 60 {
		csv += fmt.Sprintf("%s%c%c,%s\n", []string{"str", "ello"}[i%2], 'a'+i/6, 'a'+i%6, []string{"north", "south"}[i%2])
	}
	s, err := FromTable(tableOf(t, csv), nil)
	require.NoError(t, err)
	setup := s.Suggest()
	assert.Equal(t, KindNGrams, setup.Options.Kind)
	_, err = s.Prepare(setup, 1<<30, nil)
	require.NoError(t, err)
	assert.Equal(t, KindWords, Suggest([]string{"two words", "and three more"}).Options.Kind)
	assert.Equal(t, KindWords, Suggest([]string{"北京", "上海"}).Options.Kind)
}
