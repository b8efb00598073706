package data

import "strings"

// mostly tells whether so many of the values fit a kind that the others must be slips:
// all, or 19 of 20 where there are at least 20.
func mostly(fit, values int) bool {
	return fit > 0 && (fit == values || values >= 20 && fit*20 >= values*19)
}

// infer decides the kind of a column from what was counted.
func (f *facts) infer(name string) Kind {
	values := f.values()
	if values == 0 {
		return KindText
	}
	for _, p := range f.pairs {
		if p[0] > 0 && p[1] > 0 && p[0]+p[1] == values {
			return KindBoolean
		}
	}
	if f.binary == values && f.zeros > 0 && f.zeros < values {
		return KindBoolean
	}
	// Infinities belong to numbers; alone, they are a column without a value.
	if mostly(f.numbers+f.infinite, values) && !f.isCode() {
		if f.integers == values && f.allDifferent() && (f.sequence && values >= 5 || values >= 10 && isIDName(name)) {
			return KindID
		}
		return KindNumber
	}
	if best := max(f.dates[0], f.dates[1], f.dates[2]); mostly(best, values) {
		return KindDate
	}
	return f.inferWords(name)
}

// isCode tells whether the numbers are written like codes: 00501 for a district.
func (f *facts) isCode() bool {
	return f.padded > 0 && f.integers == f.values() && f.minWidth == f.maxWidth && f.maxWidth > 1
}

func (f *facts) allDifferent() bool { return !f.unique.again }

// inferWords tells categories from codes of single rows and from free text.
func (f *facts) inferWords(name string) Kind {
	values, different := f.values(), f.unique.count
	short := f.bytes <= 60*values
	switch {
	case f.allDifferent() && values >= 20 && f.bytes <= 40*values && (f.spaced*20 <= values || isIDName(name)):
		return KindID
	case short && (different <= 20 && (different < values || values <= 20) || different*2 <= values && !f.unique.full):
		return KindCategory
	}
	return KindText
}

// isIDName tells whether a column's name says that it identifies the rows.
func isIDName(name string) bool {
	low := strings.ToLower(name)
	switch low {
	case "id", "index", "idx", "key", "uuid", "guid", "nr", "no", "no.", "#", "row", "rownum", "rowid", "row_number", "unnamed: 0", "record", "serial":
		return true
	}
	for _, end := range []string{"_id", " id", "-id", ".id", "_no", "_nr", "_key", "_uuid", "_index", "number", "_code"} {
		if strings.HasSuffix(low, end) {
			return true
		}
	}
	return strings.HasSuffix(name, "Id") || strings.HasSuffix(name, "ID") || strings.HasPrefix(low, "id_")
}
