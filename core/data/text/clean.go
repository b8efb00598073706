package text

import (
	"strings"
	"unicode"
)

// A Cleaning says what becomes of a text before it is cut. All rules look at one
// character at a time, so that any program can repeat them. In this order:
//
//	always  bytes that are no UTF-8 become U+FFFD, one each; \r\n and \r become \n; control
//	        characters (Unicode Cc) other than \t and \n, and U+FEFF, are dropped
//	Width   U+FF01 … U+FF5E become ! … ~, U+3000 becomes a space: the wide forms of East Asian typing
//	Lower   each character becomes its lower-case form (Unicode's simple mapping, no language's own)
//	Digits  each decimal digit (Nd) becomes 0: numbers of one length are one token
//	Spaces  characters of White_Space, one or more, become one space; none at the beginning and the end
type Cleaning struct {
	Lower  bool `json:"lower"`
	Width  bool `json:"width"`
	Digits bool `json:"digits"`
	Spaces bool `json:"spaces"`
}

// Clean returns the text with all rules applied. Cleaning twice changes nothing more.
func (c Cleaning) Clean(text string) string {
	var b strings.Builder
	b.Grow(len(text))
	space, carriage := false, false
	for _, r := range text {
		feed := carriage && r == '\n'
		carriage = r == '\r'
		if feed {
			continue // the \r before it has become \n
		}
		if r = c.clean(r); r < 0 {
			continue
		}
		if c.Spaces && unicode.IsSpace(r) {
			space = true
			continue
		}
		if space && b.Len() > 0 {
			b.WriteByte(' ')
		}
		space = false
		b.WriteRune(r)
	}
	return b.String()
}

// clean returns what becomes of a character, -1 for nothing.
func (c Cleaning) clean(r rune) rune {
	switch {
	case r == '\r':
		return '\n'
	case r == 0x85 && c.Spaces: // NEL is a control character and white space
		return ' '
	case unicode.IsControl(r) && r != '\t' && r != '\n', r == 0xFEFF:
		return -1
	}
	if c.Width {
		switch {
		case r >= 0xFF01 && r <= 0xFF5E:
			r -= 0xFF01 - '!'
		case r == 0x3000:
			r = ' '
		}
	}
	if c.Lower {
		r = unicode.ToLower(r)
	}
	if c.Digits && unicode.IsDigit(r) {
		r = '0'
	}
	return r
}
