package data

import "bytes"

// mostPreamble is how many lines above a table are taken for a title.
const mostPreamble = 30

// preamble returns how many records at the beginning are none of the table: a title, a
// source, comments. Such have one field or few where nearly all others have one number of
// them, or fill one cell of many.
func (s *sampled) preamble() int {
	width := s.commonWidth()
	if width < 2 {
		return 0
	}
	n := 0
	for n < min(len(s.records), mostPreamble) && s.above(n, width) {
		n++
	}
	rest := s.records[n:]
	if n == 0 || len(rest) < 3 || len(rest) < n || len(rest[0]) != width {
		return 0
	}
	same := 0
	for _, r := range rest {
		if len(r) == width {
			same++
		}
	}
	// One name over two columns may be that of the second, as R writes it.
	if same*10 < len(rest)*9 || width == 2 && !hasHeader(rest) {
		return 0
	}
	return n
}

// above tells whether a record is rather a line above the table.
func (s *sampled) above(i, width int) bool {
	r := s.records[i]
	if bytes.HasPrefix(r[0], []byte("#")) && i+1 < len(s.records) && bytes.HasPrefix(s.records[i+1][0], []byte("#")) {
		return true
	}
	if len(r) != width {
		return len(r)*2 <= width
	}
	filled := 0
	for _, f := range r {
		if len(f) > 0 {
			filled++
		}
	}
	return width > 2 && filled < 2
}

// commonWidth is the number of fields that the most records have; 0 where there are none.
func (s *sampled) commonWidth() int {
	counts := map[int]int{}
	best := 0
	for _, r := range s.records {
		counts[len(r)]++
		if n := len(r); counts[n] > counts[best] || counts[n] == counts[best] && n > best {
			best = n
		}
	}
	return best
}

// lineAt returns where a line begins, counted from 1.
func lineAt(text []byte, eol byte, line int) int {
	at := 0
	for ; line > 1; line-- {
		at += bytes.IndexByte(text[at:], eol) + 1
	}
	return at
}
