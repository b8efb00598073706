package page

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const fewWords = `{"few": {
	" and ": "和", ", ": "、",
	"Ready.": "就绪。", "Column": "列", "Read": "读取",
	"{n} row": "{n} 行", "{n} rows": "{n} 行", "{n} columns": "{n} 列",
	"{t} of {x}": "{x} 的 {t}", "Open {x}": "打开 {x}", "Undone: {t}.": "已撤销：{t}。", "target {x}": "目标列 {x}",
	"It tells apart {l}.": "它区分 {l}。", "{n} others": "另外 {n} 个",
	"Not opened: {e} Try again.": "未打开：{e}再试一次。", "right": "对"}}`

func few(t *testing.T) *language {
	t.Helper()
	l, err := readLanguage([]byte(fewWords))
	require.NoError(t, err)
	return l
}

func TestALanguageSaysTexts(t *testing.T) {
	l := few(t)
	for _, c := range []struct{ from, to, why string }{
		{"Ready.", "就绪。", "exactly"},
		{"12\u202f345 rows", "12\u202f345 行", "a number"},
		{"many rows", "many rows", "no number"},
		{"3 rows of Column", "Column 的 3 行", "what is the user's stays, even where it is one of our words"},
		{"Undone: target kind.", "已撤销：目标列 kind。", "a phrase within a phrase"},
		{"Undone: something else.", "Undone: something else.", "a place for a text of ours takes no other"},
		{"Ready. 3 rows", "就绪。3 行", "sentence by sentence"},
		{"It tells apart a, b and 3 others.", "它区分 a、b和另外 3 个。", "a list"},
		{"Not opened: gone. Try again.", "未打开：gone.再试一次。", "an engine's message that is not known"},
		{"Target kind", "目标列 kind", "at the beginning of a sentence"},
		{"97.1\u00a0%", "97.1\u00a0%", "numbers"},
	} {
		got, _ := l.say(c.from)
		assert.Equal(t, c.to, got, c.why)
		again, _ := l.say(c.from)
		assert.Equal(t, got, again, "remembered")
	}
	_, all := l.say("Ready. Nobody knows this.")
	assert.False(t, all)
}

func TestALanguageLeavesWhatIsTheUsers(t *testing.T) {
	l := few(t)
	from := Nodes{el("p", attr("title", "Column"), txt("Column"), el("b", asIs, attr("title", "Column"), txt("Column")), el("input", holding("Column"), attr("placeholder", "Ready.")))}
	to := l.nodes(from)
	assert.Equal(t, "列", to[0].get("title"))
	assert.Equal(t, "列", to[0].Kids[0].Text)
	assert.Equal(t, "Column", to[0].Kids[1].Kids[0].Text)
	assert.Equal(t, "Column", to[0].Kids[1].get("title"))
	assert.Equal(t, "Column", *to[0].Kids[2].Value)
	assert.Equal(t, "就绪。", to[0].Kids[2].get("placeholder"))
	assert.Equal(t, "Column", from[0].Kids[0].Text, "a view may keep its description")
	assert.Equal(t, from, (*language)(nil).nodes(from))
}

func TestSpacesBetweenNeighbours(t *testing.T) {
	l := few(t)
	read := func(parts ...Part) string {
		n := el("p", parts...)
		n = l.nodes(Nodes{n})[0]
		var text string
		for _, k := range n.Kids {
			text += firstText(&k)
		}
		return text
	}
	assert.Equal(t, "列读取", read(txt("Column "), el("b", txt("Read"))), "none between two Chinese signs")
	assert.Equal(t, "列 x.csv", read(txt("Column "), el("b", asIs, txt("x.csv"))), "one beside Latin letters")
	assert.Equal(t, "就绪。x.csv", read(txt("Ready. "), el("b", asIs, txt("x.csv"))), "none beside a mark")
}

// A frame in training has texts that were never said before: that must not cost a frame.
func BenchmarkALanguageSaysNewTexts(b *testing.B) {
	l, err := chinese()
	require.NoError(b, err)
	for i := 0; b.Loop(); i++ {
		l.say("Epoch " + count(i%1000) + " of 1000 · " + count(i) + " epochs a second · about " + count(i%60) + " s left at most")
	}
}
