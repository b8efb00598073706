package data

import (
	"bytes"
	"slices"

	"github.com/terrarium-ml/terrarium/core/tensor"
)

// sampleBytes is how much of a file is looked at before it is decided how to read it.
const sampleBytes = 1 << 20

// sampleRecords bounds how many records of the sample are split for that.
const sampleRecords = 1000

// delimiters are tried in this order; the first of equals wins.
var delimiters = []byte{',', ';', '\t', '|'}

// rareDelimiters are tried where none of those cuts the lines. A space stands for as many
// spaces and tabs as there are: columns that are aligned.
var rareDelimiters = []byte{'^', '~', ' ', ':'}

// A sampled is the beginning of a file split in one way.
type sampled struct {
	records [][][]byte // trimmed fields
	lines   []int      // on which each record begins
	failed  error      // why splitting stopped, if it did before the sample's end
}

// sampleWith splits the sample. whole tells that it is the entire file; otherwise its
// last record is incomplete and left out.
func sampleWith(text []byte, eol, delim byte, plain, whole bool, limit int) sampled {
	var s sampled
	r := recordReader{lines: &lineReader{buf: text, end: len(text), eof: true, eol: eol}, delim: delim, plain: plain}
	for len(s.records) < limit {
		var c cells
		n, err := r.next(&c)
		if err != nil {
			if whole || r.lines.pos < r.lines.end {
				s.failed = err
			}
			break
		}
		if n == 0 || !whole && r.lines.pos >= r.lines.end {
			break
		}
		fields := make([][]byte, n)
		from := uint32(0)
		for i, end := range c.ends {
			fields[i] = bytes.TrimSpace(c.text[from:end])
			if plain {
				fields[i] = unquote(fields[i])
			}
			from = end + 1
		}
		s.records = append(s.records, fields)
		s.lines = append(s.lines, r.start)
	}
	return s
}

// consistency is the share of records that have as many fields as the first one; 0
// where that is one.
func (s *sampled) consistency() float64 {
	if len(s.records) == 0 || len(s.records[0]) < 2 {
		return 0
	}
	same := 0
	for _, r := range s.records {
		if len(r) == len(s.records[0]) {
			same++
		}
	}
	return float64(same) / float64(len(s.records))
}

// clean is the share of fields without any of the other delimiters in them.
func (s *sampled) clean() float64 {
	all, clean := 0, 0
	for _, r := range s.records {
		for _, f := range r {
			all++
			if bytes.IndexByte(f, ';') < 0 && bytes.IndexByte(f, '\t') < 0 && bytes.IndexByte(f, '|') < 0 {
				clean++
			}
		}
	}
	return float64(clean) / float64(max(all, 1))
}

// anyTyped tells whether some column holds numbers or dates.
func (s *sampled) anyTyped() bool {
	typed := make([]int, len(s.records[0]))
	for _, r := range s.records {
		for i := range min(len(r), len(typed)) {
			if isTyped(r[i]) {
				typed[i]++
			}
		}
	}
	return slices.Max(typed)*5 >= len(s.records)*4-5 // but for a header
}

// A reading is how the sample says that the file should be read.
type reading struct {
	dialect Dialect
	eol     byte
	skip    int // bytes to pass over at the beginning: a line "sep=;", a title
	line    int // how many lines that are
	above   int // of them, lines above the table
	sample  sampled
}

// look decides every question that the options leave open.
func look(text []byte, whole bool, o ReadOptions) (reading, error) {
	r := reading{eol: '\n'}
	if bytes.IndexByte(text, '\n') < 0 && bytes.IndexByte(text, '\r') >= 0 {
		r.eol = '\r'
	}
	delim, err := delimiterOption(o.Delimiter)
	if err != nil {
		return r, err
	}
	// Excel writes and reads a first line "sep=;".
	if len(text) > 5 && bytes.EqualFold(text[:4], []byte("sep=")) {
		if end := bytes.IndexByte(text, r.eol); end >= 5 && len(bytes.TrimSpace(text[5:end])) == 0 {
			if delim == 0 {
				delim = text[4]
			}
			r.skip, r.line = end+1, 1
			text = text[end+1:]
		}
	}
	if delim == 0 {
		delim = lookForDelimiter(text, r.eol, whole, o.Quotes == QuotesPlain)
	}
	r.dialect = Dialect{Delimiter: string(rune(delim)), Quotes: o.Quotes}
	if o.Quotes == QuotesAuto {
		r.dialect.Quotes = lookForQuotes(text, r.eol, delim, whole)
	}
	r.sample = sampleWith(text, r.eol, delim, r.dialect.Quotes == QuotesPlain, whole, sampleRecords)
	if n := r.sample.preamble(); n > 0 {
		r.above = r.sample.lines[n] - 1
		r.skip, r.line = r.skip+lineAt(text, r.eol, r.above+1), r.line+r.above
		r.sample.records, r.sample.lines = r.sample.records[n:], r.sample.lines[n:]
	}
	r.dialect.Header = o.Header == Yes
	if o.Header == Auto {
		r.dialect.Header = hasHeader(r.sample.records)
	}
	r.dialect.DecimalComma = o.DecimalComma == Yes
	if o.DecimalComma == Auto {
		r.dialect.DecimalComma = hasDecimalComma(r.sample.records, delim)
	}
	return r, nil
}

// delimiterOption checks the option; 0 means to find out.
func delimiterOption(s string) (byte, error) {
	switch {
	case s == "":
		return 0, nil
	case s == `\t` || s == "tab":
		return '\t', nil
	case len(s) == 1 && s[0] < 0x7F && (s[0] >= ' ' || s[0] == '\t') && s != `"`:
		return s[0], nil
	}
	return 0, tensor.Errorf(tensor.CodeOption, "The delimiter must be one character such as , ; | or a tab, got %q.", s)
}

// lookForDelimiter takes the delimiter that gives every line the same number of
// fields; among several, the one whose fields hold no other.
func lookForDelimiter(text []byte, eol byte, whole, plain bool) byte {
	best, bestScore := byte(','), 0.0
	for _, delim := range delimiters {
		s := cutBy(text, eol, delim, whole, plain)
		n := s.preamble()
		s.records = s.records[n:]
		score := s.consistency()
		if score > 0 {
			score = float64(score*4) + s.clean()
		}
		if n > 0 {
			score -= 2 // a title is less likely than another delimiter
		}
		if score > bestScore {
			best, bestScore = delim, score
		}
	}
	sure := bestScore > 2
	if sure && (best != '\t' || !aligned(text, eol)) {
		return best
	}
	width := 1
	if sure {
		s := cutBy(text, eol, best, whole, plain)
		width = s.commonWidth()
	}
	for _, delim := range rareDelimiters {
		s := cutBy(text, eol, delim, whole, plain)
		s.records = s.records[s.preamble():]
		if s.consistency() > 0.95 && s.commonWidth() > width && s.anyTyped() {
			return delim // words with spaces between are sentences rather
		}
	}
	return best
}

// cutBy splits the sample for a guess. Where quotes are in the way, they may be what is
// wrong, not the delimiter.
func cutBy(text []byte, eol, delim byte, whole, plain bool) sampled {
	s := sampleWith(text, eol, delim, plain, whole, sampleRecords/4)
	if s.failed != nil {
		s = sampleWith(text, eol, delim, true, whole, sampleRecords/4)
	}
	return s
}

// aligned tells whether the first lines have runs of spaces between words, as columns of
// fixed width have.
func aligned(text []byte, eol byte) bool {
	lines, runs := 0, 0
	for line := range bytes.SplitSeq(text[:min(len(text), 1<<14)], []byte{eol}) {
		if line = bytes.TrimSpace(line); len(line) > 0 {
			lines++
			if bytes.Contains(line, []byte("  ")) {
				runs++
			}
		}
	}
	return lines > 1 && runs*10 >= lines*9
}

// lookForQuotes takes quotes as plain characters where the text is of a kind that
// seldom quotes and every line has the same number of fields without regard to them.
func lookForQuotes(text []byte, eol, delim byte, whole bool) Quotes {
	if delim != '\t' && delim != '|' {
		return QuotesStandard
	}
	s := sampleWith(text, eol, delim, true, whole, 1<<30)
	s.records = s.records[s.preamble():]
	if s.consistency() == 1 {
		return QuotesPlain
	}
	return QuotesStandard
}
