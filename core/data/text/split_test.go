package text

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func cut(text string, by func(string, func(string) bool)) []string {
	list := []string{}
	by(text, func(token string) bool {
		list = append(list, token)
		return true
	})
	return list
}

func TestWords(t *testing.T) {
	for text, want := range map[string][]string{
		"":                 {},
		"  ":               {},
		"win £1000 now!!":  {"win", "£", "1000", "now", "!", "!"},
		"don't e-mail":     {"don", "'", "t", "e", "-", "mail"},
		"cafe\u0301 naïve": {"cafe\u0301", "naïve"},
		"我喜欢Go1语言。":        {"我", "喜", "欢", "Go1", "语", "言", "。"},
		"カタカナとひらがな":        {"カ", "タ", "カ", "ナ", "と", "ひ", "ら", "が", "な"},
		"ที่นี่":           {"ที่", "นี่"},
		"한국어 문장":           {"한국어", "문장"},
		"❤\uFE0F👍🏽 ok":     {"❤\uFE0F", "👍", "🏽", "ok"},
		"\u0301a \u0301":   {"\u0301", "a", "\u0301"},
		"привет,мир":       {"привет", ",", "мир"},
	} {
		assert.Equal(t, want, cut(text, words), text)
	}
}

func TestNGrams(t *testing.T) {
	runs := func(low, high int) func(string, func(string) bool) {
		return func(text string, visit func(string) bool) { ngrams(text, low, high, visit) }
	}
	assert.Equal(t, []string{" w", "wi", "in", "n ", " wi", "win", "in ", " a", "a ", " a "}, cut("win  a", runs(2, 3)))
	assert.Equal(t, []string{" 你", "你好", "好 "}, cut("你好", runs(2, 2)))
	assert.Equal(t, []string{" a "}, cut(" a", runs(5, 9)), "what is shorter is whole")
	assert.Equal(t, []string{}, cut(" ", runs(1, 2)))
}

func TestSegments(t *testing.T) {
	for text, want := range map[string][]string{
		"":                   {},
		"the cat, the 我们":    {"the", " cat", ",", " the", " 我们"},
		" a  b\n c":          {" a", " ", " b", "\n", " c"},
		"wow!!! £5":          {"wow", "!!!", " £", "5"},
		"e\u0301a\t\u0301!x": {"e\u0301a", "\t", "\u0301!", "x"},
	} {
		assert.Equal(t, want, cut(text, segments), text)
	}
	long := strings.Repeat("字", 3*maxSegment/2)
	assert.Equal(t, []string{long[:3*maxSegment], long[3*maxSegment:]}, cut(long, segments))
}
