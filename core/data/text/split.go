package text

import (
	"unicode"
	"unicode/utf8"
)

// A class is what a character is to those who cut texts.
type class uint8

const (
	classSpace  class = iota // between tokens
	classWord                // letters and numbers: runs of them are words
	classLone                // a letter of a language that is written without spaces
	classSymbol              // everything else: punctuation, currency, pictures
	classExtend              // marks and joiners: part of what stands before them
)

// spaceless are the scripts of languages that put no space between words.
var spaceless = []*unicode.RangeTable{unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar}

func classOf(r rune) class {
	if r < utf8.RuneSelf {
		switch {
		case 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9':
			return classWord
		case unicode.IsSpace(r):
			return classSpace
		}
		return classSymbol
	}
	switch {
	case unicode.IsSpace(r):
		return classSpace
	case unicode.IsMark(r), unicode.Is(unicode.Cf, r):
		return classExtend
	case unicode.In(r, spaceless...):
		return classLone
	case unicode.IsLetter(r), unicode.IsNumber(r):
		return classWord
	}
	return classSymbol
}

// words cuts a text into runs of letters and numbers, single letters of languages
// without spaces, and single symbols, each with the marks behind it. It stops where
// visit returns false.
func words(text string, visit func(token string) bool) {
	begin, before := 0, classSpace // of the open token; classSpace: none
	for i, r := range text {
		k := classOf(r)
		switch {
		case k == classExtend && before != classSpace, k == classWord && before == classWord:
			continue
		case before != classSpace && !visit(text[begin:i]):
			return
		}
		if k == classExtend {
			k = classSymbol // there is nothing that it could extend
		}
		begin, before = i, k
	}
	if before != classSpace {
		visit(text[begin:])
	}
}

// characters cuts a text into its characters.
func characters(text string, visit func(token string) bool) {
	for len(text) > 0 {
		_, n := utf8.DecodeRuneInString(text)
		if !visit(text[:n]) {
			return
		}
		text = text[n:]
	}
}

// ngrams cuts a text at its spaces, puts one space on either side of each piece, and
// visits all runs of low to high characters of that: piece by piece, short runs first.
// Shorter pieces are visited whole.
func ngrams(text string, low, high int, visit func(token string) bool) {
	var at []int // where the characters of a piece begin, and its end
	chunk := func(piece string) bool {
		piece = " " + piece + " "
		at = at[:0]
		for i := range piece {
			at = append(at, i)
		}
		at = append(at, len(piece))
		count := len(at) - 1
		for n := min(low, count); n <= min(high, count); n++ {
			for i := 0; i+n <= count; i++ {
				if !visit(piece[at[i]:at[i+n]]) {
					return false
				}
			}
		}
		return true
	}
	begin := -1
	for i, r := range text {
		switch space := unicode.IsSpace(r); {
		case !space && begin < 0:
			begin = i
		case space && begin >= 0:
			if !chunk(text[begin:i]) {
				return
			}
			begin = -1
		}
	}
	if begin >= 0 {
		chunk(text[begin:])
	}
}

// maxSegment bounds the characters of a segment, and with them the work of joining pairs.
const maxSegment = 64

// segments cuts a text into what byte-pair encoding joins pairs within: a run of
// letters (of whatever language), numbers and marks, or a run of symbols, each with the
// space before it if there is one, of at most maxSegment characters; other white space
// stands alone. Together the segments are the text.
func segments(text string, visit func(segment string) bool) {
	begin, count := 0, 0
	before := classSpace // of the open segment; classSpace: none, or a space that waits for a word
	for i, r := range text {
		k := classOf(r)
		switch {
		case k == classLone:
			k = classWord
		case k == classExtend && before == classSpace:
			k = classSymbol
		case k == classExtend:
			k = before
		}
		waits := before == classSpace && count == 1 && text[begin] == ' '
		if count > 0 && (k == classSpace || k != before && !waits || count >= maxSegment) {
			if !visit(text[begin:i]) {
				return
			}
			begin, count = i, 0
		}
		before = k
		count++
	}
	if count > 0 {
		visit(text[begin:])
	}
}
