package text

import (
	"unicode"
	"unicode/utf8"
)

// Effects count what each rule of a Cleaning does to a text when all of them are on: the
// characters that it changes or drops, of Spaces the stretches of white space.
type Effects struct {
	Broken  int `json:"broken,omitzero"`  // bytes that are no UTF-8
	Control int `json:"control,omitzero"` // characters that nobody sees, dropped
	Width   int `json:"width,omitzero"`
	Lower   int `json:"lower,omitzero"`
	Digits  int `json:"digits,omitzero"`
	Spaces  int `json:"spaces,omitzero"`
}

// EffectsOf counts what cleaning does to a text.
func EffectsOf(text string) Effects {
	var e Effects
	run, plain := 0, true // white space so far, all of it one space
	begin := true
	for i, r := range text {
		if r == utf8.RuneError {
			if _, n := utf8.DecodeRuneInString(text[i:]); n == 1 {
				e.Broken++
			}
		}
		if unicode.IsSpace(r) {
			run++
			plain = plain && r == ' '
			continue
		}
		if unicode.IsControl(r) || r == 0xFEFF {
			e.Control++
			continue
		}
		if run > 0 && (run > 1 || !plain || begin) {
			e.Spaces++
		}
		run, plain, begin = 0, true, false
		if r >= 0xFF01 && r <= 0xFF5E {
			e.Width++
			r -= 0xFF01 - '!'
		}
		if lower := unicode.ToLower(r); lower != r {
			e.Lower++
			r = lower
		}
		if r != '0' && unicode.IsDigit(r) {
			e.Digits++
		}
	}
	if run > 0 {
		e.Spaces++
	}
	return e
}
