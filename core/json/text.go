package json

import (
	"errors"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// Text reads a text.
func (s *Scanner) Text() (string, error) {
	raw, err := s.rawText()
	if err != nil {
		return "", err
	}
	for i, c := range raw {
		if c == '\\' {
			return unescape(raw, i), nil
		}
	}
	return string(raw), nil
}

// rawText checks a text and returns what is between the quotes, as it stands.
func (s *Scanner) rawText() ([]byte, error) {
	if s.skipSpace() != '"' {
		return nil, s.syntax("want a text")
	}
	s.at++
	start := s.at
	for s.at < len(s.text) {
		switch c := s.text[s.at]; {
		case c == '"':
			s.at++
			return s.text[start : s.at-1], nil
		case c == '\\':
			n := escapeLength(s.text[s.at:])
			if n == 0 {
				return nil, s.fail(errors.New("no escape, or half of a surrogate pair"))
			}
			s.at += n
		case c < ' ':
			return nil, s.syntax("want no control character in a text")
		case c < utf8.RuneSelf:
			s.at++
		default:
			_, n := utf8.DecodeRune(s.text[s.at:])
			if n == 1 {
				return nil, s.fail(errors.New("invalid UTF-8"))
			}
			s.at += n
		}
	}
	return nil, s.syntax("want a quote")
}

// escapeLength is the length of the escape that b begins with, 0 if it is none. A
// surrogate is one only together with its other half.
func escapeLength(b []byte) int {
	if len(b) < 2 {
		return 0
	}
	switch b[1] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return 2
	case 'u':
		r, ok := hex4(b)
		switch {
		case !ok:
			return 0
		case !utf16.IsSurrogate(r):
			return 6
		}
		low, ok := hex4(b[6:])
		if ok && utf16.DecodeRune(r, low) != utf8.RuneError {
			return 12
		}
	}
	return 0
}

// hex4 reads \uXXXX at the start of b.
func hex4(b []byte) (rune, bool) {
	if len(b) < 6 || b[0] != '\\' || b[1] != 'u' {
		return 0, false
	}
	var r rune
	for _, c := range b[2:6] {
		switch {
		case c-'0' <= 9:
			c -= '0'
		case c|0x20-'a' <= 5:
			c = c | 0x20 - 'a' + 10
		default:
			return 0, false
		}
		r = r<<4 | rune(c)
	}
	return r, true
}

// unescape resolves the escapes of a checked text, of which the first is at i.
func unescape(raw []byte, i int) string {
	out := append(make([]byte, 0, len(raw)), raw[:i]...)
	for i < len(raw) {
		c := raw[i]
		if c != '\\' {
			out = append(out, c)
			i++
			continue
		}
		n := escapeLength(raw[i:])
		switch c := raw[i+1]; c {
		case 'b':
			out = append(out, '\b')
		case 'f':
			out = append(out, '\f')
		case 'n':
			out = append(out, '\n')
		case 'r':
			out = append(out, '\r')
		case 't':
			out = append(out, '\t')
		case 'u':
			r, _ := hex4(raw[i:])
			if n == 12 {
				low, _ := hex4(raw[i+6:])
				r = utf16.DecodeRune(r, low)
			}
			out = utf8.AppendRune(out, r)
		default:
			out = append(out, c)
		}
		i += n
	}
	return string(out)
}

// AppendText appends a text in quotes, with the shortest escapes. It fails where the
// text is no UTF-8.
func AppendText(b []byte, text string) ([]byte, error) { return appendText(b, text, false) }

func appendText(b []byte, text string, classic bool) ([]byte, error) {
	if !classic && plain(text) {
		b = append(b, '"')
		b = append(b, text...)
		return append(b, '"'), nil
	}
	if !utf8.ValidString(text) {
		return b, errors.New("json: the text " + strconv.Quote(text[:min(len(text), 80)]) + " is not UTF-8")
	}
	b = append(b, '"')
	for i := range len(text) {
		b = appendByte(b, text, i, classic)
	}
	return append(b, '"'), nil
}

// plain tells whether a text is ASCII without anything to escape, as names of members are.
func plain(text string) bool {
	for i := range len(text) {
		if c := text[i]; c < ' ' || c >= utf8.RuneSelf || c == '"' || c == '\\' {
			return false
		}
	}
	return true
}

// appendByte appends byte i of a text, escaped where it must be.
func appendByte(b []byte, text string, i int, classic bool) []byte {
	c := text[i]
	switch {
	case c == '"' || c == '\\':
		return append(b, '\\', c)
	case c == '\b':
		return append(b, `\b`...)
	case c == '\f':
		return append(b, `\f`...)
	case c == '\n':
		return append(b, `\n`...)
	case c == '\r':
		return append(b, `\r`...)
	case c == '\t':
		return append(b, `\t`...)
	case c < ' ':
		return appendUnicode(b, c)
	case classic:
		return appendClassic(b, text, i)
	}
	return append(b, c)
}

// appendClassic appends byte i of a text that HTML or JavaScript might take for its own.
func appendClassic[T string | []byte](b []byte, text T, i int) []byte {
	switch c := text[i]; {
	case c == '<' || c == '>' || c == '&':
		return appendUnicode(b, c)
	case c == 0xa8 || c == 0xa9: // the end of U+2028 or U+2029
		if n := len(b); i >= 2 && text[i-2] == 0xe2 && text[i-1] == 0x80 {
			return append(append(b[:n-2], `\u202`...), c-0xa8+'8')
		}
	}
	return append(b, text[i])
}

func appendUnicode(b []byte, c byte) []byte {
	const digits = "0123456789abcdef"
	return append(b, '\\', 'u', '0', '0', digits[c>>4], digits[c&15])
}
