package data

import (
	"bytes"
	"strconv"
	"unicode/utf8"
)

// powersOf10 are the ones that float64 holds exactly.
var powersOf10 = [...]float64{1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11,
	1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22}

// parseNumber reads a trimmed cell as a finite number: digits with a sign, a decimal
// point (comma where decimalComma), an exponent, thousands in proper groups of three
// (1,234,567.8, or 1.234.567,8; also by space and apostrophe), one currency sign or a percent sign around
// it. The value is the float64 nearest to the text.
func parseNumber(cell []byte, decimalComma bool) (float64, bool) {
	// The plain case: up to 15 digits and an exact power of ten give the correctly
	// rounded quotient (W. D. Clinger, 1990).
	if v, ok := parsePlain(cell); ok {
		if !decimalComma || bytes.IndexByte(cell, '.') < 0 || !isGroupedByPoint(cell) {
			return v, true
		}
	}
	if len(cell) == 0 || cell[0]|0x20 >= 'a' && cell[0]|0x20 <= 'z' {
		return 0, false
	}
	var room [64]byte
	text, ok := normalise(room[:0], cell, decimalComma)
	if !ok {
		return 0, false
	}
	v, err := strconv.ParseFloat(string(text), 64)
	return v, err == nil
}

func parsePlain(cell []byte) (float64, bool) {
	i, negative := 0, false
	if len(cell) > 0 && (cell[0] == '-' || cell[0] == '+') {
		negative = cell[0] == '-'
		i = 1
	}
	mantissa, digits, point := uint64(0), 0, -1
	for ; i < len(cell); i++ {
		c := cell[i]
		if c >= '0' && c <= '9' {
			mantissa = mantissa*10 + uint64(c-'0')
			digits++
		} else if c == '.' && point < 0 {
			point = digits
		} else {
			return 0, false
		}
	}
	if digits == 0 || digits > 15 {
		return 0, false
	}
	v := float64(mantissa)
	if point >= 0 {
		v /= powersOf10[digits-point]
	}
	if negative {
		v = -v
	}
	return v, true
}

// normalise writes a number as strconv.ParseFloat reads it, or fails.
func normalise(dst, cell []byte, decimalComma bool) ([]byte, bool) {
	cell = trimSigns(cell)
	if len(cell) == 0 || len(cell) > 48 {
		return nil, false
	}
	decimal, group := byte('.'), byte(',')
	if decimalComma {
		decimal, group = ',', '.'
		// 3.25 in a column of decimal commas can only be a decimal point; 1.234 is grouped.
		if bytes.IndexByte(cell, ',') < 0 && bytes.Count(cell, []byte{'.'}) == 1 && !isGroupedByPoint(cell) {
			decimal, group = '.', ','
		}
	}
	const none = 0
	used := byte(none) // the group separator of this number
	lead, run := 0, 0  // digits before the first separator; since the last one
	digits, pointed := 0, false
	for i := 0; i < len(cell); i++ {
		c, size := cell[i], 1
		if c >= utf8.RuneSelf {
			var r rune
			r, size = utf8.DecodeRune(cell[i:])
			switch r {
			case '\u00A0', '\u202F', '\u2009': // no-break, narrow and thin space
				c = ' '
			case '’':
				c = '\''
			case '−':
				c = '-'
			default:
				return nil, false
			}
			i += size - 1
		}
		switch {
		case c >= '0' && c <= '9':
			dst = append(dst, c)
			run++
			digits++
		case c == decimal && !pointed:
			if used != none && run != 3 {
				return nil, false
			}
			dst = append(dst, '.')
			pointed, used = true, none
		case (c == group || c == ' ' || c == '\'') && !pointed && digits > 0:
			if used == none {
				lead = run
			}
			if used != none && (used != c || run != 3) || lead > 3 {
				return nil, false
			}
			used, run = c, 0
		case (c == '-' || c == '+') && len(dst) == 0:
			dst = append(dst, c)
		case (c == 'e' || c == 'E') && digits > 0:
			if used != none && run != 3 {
				return nil, false
			}
			return exponent(append(dst, 'e'), cell[i+1:])
		default:
			return nil, false
		}
	}
	return dst, digits > 0 && (used == none || run == 3)
}

// exponent appends what follows the e: a sign and one to four digits.
func exponent(dst, cell []byte) ([]byte, bool) {
	if len(cell) > 0 && (cell[0] == '-' || cell[0] == '+') {
		dst = append(dst, cell[0])
		cell = cell[1:]
	}
	for _, c := range cell {
		if c < '0' || c > '9' {
			return nil, false
		}
	}
	return append(dst, cell...), len(cell) > 0 && len(cell) <= 4
}

// trimSigns takes off one currency sign in front or behind, or one percent sign
// behind.
func trimSigns(cell []byte) []byte {
	r, size := utf8.DecodeRune(cell)
	if isCurrency(r) {
		return bytes.TrimLeft(cell[size:], " \u00A0")
	}
	r, size = utf8.DecodeLastRune(cell)
	if isCurrency(r) || r == '%' {
		return bytes.TrimRight(cell[:len(cell)-size], " \u00A0\u202F")
	}
	return cell
}

func isCurrency(r rune) bool {
	switch r {
	case '$', '€', '£', '¥', '₹', '₽', '₩', '฿', '₺', '₴':
		return true
	}
	return false
}
