package data

// missingWords are read as "no value", in any mixture of capitals. A Notice says so
// wherever one of them is met.
var missingWords = map[string]bool{
	"": true, "na": true, "n/a": true, "#n/a": true, "n.a.": true, "<na>": true, "null": true, "none": true,
	"nil": true, "nan": true, "-nan": true, "?": true, "-": true, "--": true, "–": true, "—": true, ".": true,
	`\n`: true, "#value!": true, "#div/0!": true, "#ref!": true, "missing": true, "(null)": true, "<null>": true,
	"not available": true,
}

// longestMissing is the length in bytes of the longest of them.
const longestMissing = 13

// startsMissing marks the first bytes that such a word may have: most cells have
// another one and need no look into the map.
var startsMissing = func() (starts [256]bool) {
	for word := range missingWords {
		if word != "" {
			starts[word[0]] = true
			if c := word[0]; c >= 'a' && c <= 'z' {
				starts[c-'a'+'A'] = true
			}
		}
	}
	return starts
}()

// isMissing tells whether a trimmed cell holds no value.
func isMissing(cell []byte) bool {
	if len(cell) == 0 {
		return true
	}
	if len(cell) > longestMissing || !startsMissing[cell[0]] {
		return false
	}
	var low [longestMissing]byte
	for i, c := range cell {
		if c >= 'A' && c <= 'Z' {
			c += 'a' - 'A'
		}
		low[i] = c
	}
	return missingWords[string(low[:len(cell)])]
}

// isInfinity tells whether a trimmed cell is an infinity as programs print it.
func isInfinity(cell []byte) bool {
	if len(cell) > 0 && (cell[0] == '-' || cell[0] == '+') {
		cell = cell[1:]
	}
	switch len(cell) {
	case 3, 8:
		var low [8]byte
		for i, c := range cell {
			if c >= 'A' && c <= 'Z' {
				c += 'a' - 'A'
			}
			low[i] = c
		}
		word := string(low[:len(cell)])
		return word == "inf" || word == "infinity" || word == "∞"
	}
	return false
}
