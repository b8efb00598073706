package data

import (
	"fmt"
	"io"
	"slices"

	"github.com/terrarium-ml/terrarium/core/tensor"
)

// ReadTable reads a delimited text file (CSV, TSV …) to its end, finds out what kind
// each column is, and describes it. It fails with code "data" (not text, nothing in it,
// quotes that never close, rows of different lengths), "memory" (too large, with an
// estimate), "option", or with Progress's error.
func ReadTable(r io.Reader, o ReadOptions) (*Table, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	src, err := newSource(r, o.Size, o.Progress, o.Encoding, o.Decoder)
	if err != nil {
		return nil, err
	}
	lines := &lineReader{src: src, western: src.encoding == encodingWestern}
	for lines.end < sampleBytes && !lines.eof {
		if err := lines.more(); err != nil {
			return nil, err
		}
	}
	sample := lines.buf[:min(lines.end, sampleBytes)]
	whole := lines.eof && lines.end <= sampleBytes
	if err := checkText(sample); err != nil {
		return nil, err
	}
	look, err := look(sample, whole, o)
	if err != nil {
		return nil, err
	}
	lines.pos, lines.line = look.skip, look.line
	lines.eol = look.eol
	b := &builder{options: o, lines: lines, dialect: look.dialect}
	if look.above > 0 {
		b.note(NoticeHeader, 1, "%s above the table and %s left out.", plural(look.above, "line stands", "lines stand"), wasWere(look.above))
	}
	if err := b.estimate(look.sample, int64(len(sample)), whole); err != nil {
		return nil, err
	}
	if err := b.read(); err != nil {
		return nil, err
	}
	t := b.table()
	t.profile.Fingerprint, t.profile.FileBytes = src.fingerprint(), src.read
	if o.Size == 0 {
		src.size = src.read
	}
	if err := t.describe(o.Progress, src.size); err != nil {
		return nil, err
	}
	return t, nil
}

func (o *ReadOptions) check() error {
	for _, c := range []struct {
		name  string
		value string
		known []string
	}{
		{"header", string(o.Header), []string{"", "yes", "no"}},
		{"decimalComma", string(o.DecimalComma), []string{"", "yes", "no"}},
		{"quotes", string(o.Quotes), []string{"", "standard", "plain"}},
		{"ragged", string(o.Ragged), []string{"", "skip", "fill"}},
	} {
		if !slices.Contains(c.known, c.value) {
			return tensor.Errorf(tensor.CodeOption, "The option %s must be one of %q, got %q.", c.name, c.known, c.value)
		}
	}
	if o.MaxBytes < 0 || o.Size < 0 {
		return tensor.Errorf(tensor.CodeOption, "The options maxBytes and size must not be negative, got %d and %d.", o.MaxBytes, o.Size)
	}
	if o.MaxBytes == 0 {
		o.MaxBytes = DefaultMaxBytes
	}
	return nil
}

// A builder reads the records of a file into a storage.
type builder struct {
	options ReadOptions
	lines   *lineReader
	dialect Dialect
	names   []string
	store   storage
	notices []Notice
	ragged  []raggedRow // the first ones
	odd     int         // how many there are in all
}

type raggedRow struct{ line, fields int }

// estimate refuses a file that will not fit, from how its sample came out.
func (b *builder) estimate(s sampled, sampleSize int64, whole bool) error {
	if whole || b.options.Size == 0 {
		return nil
	}
	text, fields := int64(0), int64(0)
	for _, r := range s.records {
		for _, f := range r {
			text += int64(len(f)) + 1
		}
		fields += int64(len(r))
	}
	if fields == 0 {
		return nil
	}
	// A cell takes its text and an offset; a row takes a number while it is described.
	perByte := float64(text+4*fields+8*int64(len(s.records))) / float64(max(text, 1))
	return b.refuse(int64(perByte*float64(b.options.Size)), b.options.Size)
}

// refuse fails where the memory needed for size bytes of text is more than allowed.
func (b *builder) refuse(needed, size int64) error {
	if needed <= b.options.MaxBytes {
		return nil
	}
	return tensor.Errorf(tensor.CodeMemory, "The table would take about %s of memory (the file has %s); at most %s are allowed here. Use a part of the rows, or leave out columns that are not needed.",
		megabytes(needed), megabytes(size), megabytes(b.options.MaxBytes))
}

func megabytes(n int64) string {
	if n >= 10<<30 {
		return fmt.Sprintf("%d GB", n>>30)
	}
	return fmt.Sprintf("%d MB", (n+1<<20-1)>>20)
}

// read reads the header and all rows.
func (b *builder) read() error {
	records := &recordReader{lines: b.lines, delim: b.dialect.Delimiter[0], plain: b.dialect.Quotes == QuotesPlain}
	var first cells
	n, err := records.next(&first)
	if err != nil {
		return err
	}
	if n == 0 {
		return tensor.Errorf(tensor.CodeData, "The file is empty: it holds no line of text. Choose a file with a header line and at least a few rows.")
	}
	b.header(&first, n)
	b.store = newStorage(len(b.names))
	if !b.dialect.Header {
		*b.store.open() = first
		b.store.added(records.start)
	}
	for {
		block := b.store.open()
		text, ends := len(block.text), len(block.ends)
		n, err := records.next(block)
		if err != nil {
			return err
		}
		if n == 0 {
			break
		}
		if n != b.store.cols && !b.fit(block, text, ends, n, records.start) {
			if err := b.tooRagged(false); err != nil {
				return err
			}
			continue
		}
		b.store.added(records.start)
		if b.store.rows&1023 == 0 {
			if err := b.watch(); err != nil {
				return err
			}
		}
	}
	if err := b.watch(); err != nil {
		return err
	}
	if err := b.tooRagged(true); err != nil {
		return err
	}
	return b.enough(records.start)
}

// watch refuses a table that has become too large.
func (b *builder) watch() error {
	used := b.store.memory() + 8*int64(b.store.rows)
	if used <= b.options.MaxBytes {
		return nil
	}
	whole, read := b.options.Size, b.lines.src.read
	if whole < read {
		return b.refuse(used, read)
	}
	return b.refuse(int64(float64(used)/float64(read)*float64(whole)), whole)
}

// enough fails where there is nothing to describe.
func (b *builder) enough(line int) error {
	switch {
	case b.store.rows == 0 && b.odd == 0:
		return lineError(line, "The file has a header (%s) and no rows. Choose a file with data below the header; if line %d is data, read the file as one without a header.", brief(b.names), line)
	case b.store.rows < 2:
		return lineError(line, "The table has only one row. A network learns from many examples: add rows below it, at least 10, better hundreds.")
	}
	return nil
}

// table makes the table and its notices.
func (b *builder) table() *Table {
	b.dialect.Encoding = b.lines.src.encoding
	b.noteEncoding()
	if n := len(b.names); n > 1000 {
		b.note(NoticeWide, 0, "The table has %s columns. It can be read, but so many features make training slow and need many rows: ignore the columns that cannot matter.", grouped(n))
	}
	if b.store.rows < 50 {
		b.note(NoticeSmall, 0, "The table has only %d rows. A network can be trained on them, but the scores will be rough guesses.", b.store.rows)
	}
	return &Table{
		store: b.store, plain: b.dialect.Quotes == QuotesPlain, maxBytes: b.options.MaxBytes,
		profile: Profile{Name: b.options.Name, Rows: b.store.rows, Dialect: b.dialect, Notices: b.notices},
		columns: newColumns(b.names), ragged: b.ragged, odd: b.odd, oddFitted: b.options.Ragged == RaggedFill,
	}
}

// noteEncoding says what was done about letters that were not UTF-8, unless that was asked for.
func (b *builder) noteEncoding() {
	switch src := b.lines.src; {
	case b.options.Encoding != "":
	case src.guessed && src.decoded != nil:
		b.note(NoticeEncoding, 0, "The file is not UTF-8. By its letters it is %s and was read so. If letters look wrong, choose another encoding, or save the file as UTF-8 and read it again.", src.encoding)
	case b.lines.converted > 0:
		b.dialect.Encoding = encodingWestern
		b.note(NoticeEncoding, b.lines.firstBad, "%s not UTF-8 (the first is line %d) and %s read as Windows-1252. If letters look wrong, choose another encoding, or save the file as UTF-8 and read it again.",
			plural(b.lines.converted, "line is", "lines are"), b.lines.firstBad, wasWere(b.lines.converted))
	}
}

func (b *builder) note(code string, line int, format string, args ...any) {
	b.notices = append(b.notices, Notice{Code: code, Line: line, Message: fmt.Sprintf(format, args...)})
}
