package data

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Words for messages.

// plural writes a number with the fitting words: "1 row is", "3 rows are".
func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return grouped(n) + " " + many
}

func wasWere(n int) string {
	if n == 1 {
		return "was"
	}
	return "were"
}

// grouped writes 53940 as 53,940.
func grouped(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// brief lists names: the first five, then an ellipsis.
func brief(names []string) string {
	shown := make([]string, 0, 6)
	for _, n := range names[:min(len(names), 5)] {
		shown = append(shown, quoted(n))
	}
	s := strings.Join(shown, ", ")
	if len(names) > 5 {
		s += ", …"
	}
	return s
}

// quoted writes a text of unknown length for a message.
func quoted(s string) string { return "“" + shorten(s, 40) + "”" }

// shorten cuts a text behind n characters.
func shorten(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	for i := range s {
		if n == 0 {
			return s[:i] + "…"
		}
		n--
	}
	return s
}

// percent writes a share as a whole percentage, never 0 % or 100 % for what is not.
func percent(part, whole int) string {
	if whole == 0 {
		return "0 %"
	}
	p := (200*part + whole) / (2 * whole)
	switch {
	case p == 0 && part > 0:
		return "under 1 %"
	case p == 100 && part < whole:
		return "over 99 %"
	}
	return fmt.Sprintf("%d %%", p)
}
