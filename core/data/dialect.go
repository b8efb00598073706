package data

import "bytes"

// hasHeader decides whether the first record names the columns. A number, a date or a
// repeated value there says no; a column of numbers or dates under a word says yes; where all
// is words, names that do not occur again below say yes.
func hasHeader(records [][][]byte) bool {
	if len(records) == 0 {
		return false
	}
	first, rest := records[0], records[1:]
	typedBelow, values, repeated := 0, 0, 0
	for col, name := range first {
		if isTyped(name) {
			values++
		}
		typed, filled := 0, 0
		for _, r := range rest {
			if col >= len(r) || isMissing(r[col]) {
				continue
			}
			filled++
			if isTyped(r[col]) {
				typed++
			}
			if bytes.Equal(r[col], name) {
				repeated++
			}
		}
		if typed*5 >= filled*4 && filled > 0 && !isTyped(name) && len(name) > 0 {
			typedBelow++
		}
	}
	switch {
	case values > 0:
		// Years as names (country,1990,1991) stand over numbers, beside words.
		return typedBelow == 0 && values < len(first) && areYears(first) && len(rest) > 1
	case typedBelow > 0:
		return true
	}
	return repeated == 0
}

// isTyped tells whether a cell is a number or a date.
func isTyped(cell []byte) bool {
	if _, ok := parseNumber(cell, false); ok {
		return true
	}
	if _, ok := parseNumber(cell, true); ok {
		return true
	}
	_, ok := parseDate(cell, DateYMD)
	if !ok {
		_, ok = parseDate(cell, DateDMY)
	}
	if !ok {
		_, ok = parseDate(cell, DateMDY)
	}
	return ok
}

// areYears tells whether the numbers in a record are different years, one after the other.
func areYears(record [][]byte) bool {
	last := 0.0
	for _, f := range record {
		v, ok := parseNumber(f, false)
		if !ok {
			continue
		}
		if v < 1800 || v > 2200 || v <= last || v != float64(int(v)) {
			return false
		}
		last = v
	}
	return true
}

// hasDecimalComma weighs the cells that can only be read one way: 3,14 and 1.234,5
// against 3.14 and 1,234.5. Cells such as 1,234 decide only where nothing else does:
// they are decimals where the comma does not delimit.
func hasDecimalComma(records [][][]byte, delim byte) bool {
	comma, point, either := 0, 0, 0
	for _, r := range records {
		for _, f := range r {
			if len(f) == 0 || f[0] != '-' && f[0] != '+' && (f[0] < '0' || f[0] > '9') {
				continue
			}
			switch commaEvidence(f) {
			case 1:
				comma++
			case -1:
				point++
			case 2:
				either++
			}
		}
	}
	if comma == 0 && point == 0 {
		return either > 0 && delim != ','
	}
	return comma > point
}

// commaEvidence returns 1 for a cell that is a number only with a decimal comma, -1
// for one that is a number only with a decimal point, 2 where a lone comma may be
// either, and 0 for anything else.
func commaEvidence(f []byte) int {
	if bytes.IndexByte(f, ',') < 0 && bytes.IndexByte(f, '.') < 0 {
		return 0
	}
	_, asPoint := parseNumber(f, false)
	_, asComma := parseNumber(f, true)
	switch {
	case asComma && !asPoint:
		return 1
	case asPoint && bytes.IndexByte(f, ',') >= 0:
		if asComma {
			return 2
		}
		return -1
	case asPoint && !isGroupedByPoint(f):
		return -1
	}
	return 0
}

// isGroupedByPoint tells whether a number such as 1.234 could be a grouped 1234.
func isGroupedByPoint(f []byte) bool {
	i := bytes.IndexByte(f, '.')
	digits := bytes.TrimLeft(f[:i], "+-")
	return len(f)-i-1 == 3 && len(digits) <= 3 && len(digits) > 0 && digits[0] != '0'
}
