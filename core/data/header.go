package data

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// longestName is the most bytes of a column's name that are kept.
const longestName = 200

// header names the columns from the first record: as it says, or column_1, column_2, …
// Empty and double names get one that is free, with a notice.
func (b *builder) header(first *cells, n int) {
	b.names = make([]string, n)
	taken := make(map[string]int, n) // the number to try next for a name
	from := uint32(0)
	empty, double := 0, []string(nil)
	for i, end := range first.ends {
		name := ""
		if b.dialect.Header {
			raw := []byte(strings.TrimSpace(string(first.text[from:end])))
			if b.dialect.Quotes == QuotesPlain {
				raw = unquote(raw)
			}
			name = cleanName(string(raw))
		}
		from = end + 1
		base := name
		if name == "" {
			if b.dialect.Header {
				empty++
			}
			name = fmt.Sprintf("column_%d", i+1)
			base = name
		} else if taken[name] > 0 && len(double) < 5 {
			double = append(double, name)
		}
		for taken[name] > 0 {
			taken[base]++
			name = fmt.Sprintf("%s_%d", base, taken[base])
		}
		taken[name] = 1
		b.names[i] = name
	}
	switch {
	case !b.dialect.Header:
		b.note(NoticeHeader, 1, "The first line looks like data, so the columns are named column_1 to column_%d. If it holds their names, say that the file has a header.", n)
	case empty > 0:
		b.note(NoticeHeader, 1, "%s no name in the header and got one, such as column_1.", plural(empty, "column has", "columns have"))
	}
	if double != nil {
		b.note(NoticeHeader, 1, "Names stand more than once in the header (%s); the later ones got a number, as in %s_2.", brief(double), double[0])
	}
}

// cleanName makes a name fit for one line.
func cleanName(s string) string {
	s = strings.Join(strings.FieldsFunc(s, func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsControl(r) || r == '\uFEFF'
	}), " ")
	for len(s) > longestName {
		_, size := utf8.DecodeLastRuneInString(s)
		s = s[:len(s)-size]
	}
	return s
}
