package text_test

import (
	"testing"
	"unicode"

	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/core/data/text"
)

// of looks a character up in runs.
func of(runs []text.Run, at *int, r rune) int32 {
	for *at+1 < len(runs) && runs[*at+1].From <= r {
		*at++
	}
	return runs[*at].Value
}

// The tables say of every character what the functions of package unicode say.
func TestTablesSayWhatUnicodeSays(t *testing.T) {
	lower, all, spaces := text.LowerCase(), text.Properties(true, true), text.Properties(false, false)
	var atLower, atAll, atSpaces int
	for r := rune(0); r <= unicode.MaxRune; r++ {
		run := of(lower, &atLower, r)
		want := r + run
		if run == text.EverySecond {
			from := lower[atLower].From
			want = from + ((r - from) | 1)
		}
		if want != unicode.ToLower(r) {
			require.Equal(t, unicode.ToLower(r), want, "the lower-case form of %U", r)
		}
		property := of(all, &atAll, r)
		if (property&text.PropertyDigit != 0) != unicode.IsDigit(r) || (property&text.PropertyClass == text.ClassSpace) != unicode.IsSpace(r) ||
			(of(spaces, &atSpaces, r) == text.ClassSpace) != unicode.IsSpace(r) {
			require.Fail(t, "another property", "%U: %d", r, property)
		}
		if class := property & text.PropertyClass; class == text.ClassWord && !unicode.IsLetter(r) && !unicode.IsNumber(r) {
			require.Fail(t, "no word", "%U", r)
		}
	}
}
