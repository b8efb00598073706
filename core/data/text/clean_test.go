package text

import (
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
)

var allRules = Cleaning{Lower: true, Width: true, Digits: true, Spaces: true}

func TestClean(t *testing.T) {
	for _, c := range []struct {
		rules      Cleaning
		text, want string
	}{
		{Cleaning{}, "A\r\nB\rC\x00\x07\tD\uFEFF", "A\nB\nC\tD"},
		{Cleaning{}, "a\xffb\xc3", "a\uFFFDb\uFFFD"},
		{Cleaning{Lower: true}, "ÀÇ Straße ΣΑΣ", "àç straße σασ"},
		{Cleaning{Width: true}, "ＡＢｃ１２！　。", "ABc12! 。"},
		{Cleaning{Digits: true}, "call 07700 900123 ٣x", "call 00000 000000 0x"},
		{Cleaning{Spaces: true}, "  a \u00a0\n\n b\u2003\u0085c ", "a b c"},
		{allRules, "　Ｗｉｎ\t１００　NOW ", "win 000 now"},
		{allRules, " \r\n ", ""},
	} {
		assert.Equal(t, c.want, c.rules.Clean(c.text), "%q by %+v", c.text, c.rules)
	}
}

// What is clean stays as it is, for every character there is, under all rules.
func TestCleanTwice(t *testing.T) {
	for rules := range 16 {
		c := Cleaning{rules&1 != 0, rules&2 != 0, rules&4 != 0, rules&8 != 0}
		for r := range rune(unicode.MaxRune + 1) {
			if once := c.clean(r); once >= 0 && (c.clean(once) != once || !utf8.ValidRune(once) && utf8.ValidRune(r)) {
				t.Fatalf("%U becomes %U, then %U by %+v", r, once, c.clean(once), c)
			}
		}
	}
}
