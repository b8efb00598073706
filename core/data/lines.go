package data

import (
	"bytes"
	"encoding/binary"
	"io"
	"unicode/utf8"

	"github.com/terrarium-ml/terrarium/core/tensor"
)

// maxLine bounds the memory that one line can take. A file without line ends is not a
// table of any use.
const maxLine = 64 << 20

// A lineReader gives the lines of a text, without their ends.
type lineReader struct {
	src       *source // nil: the text is all in buf
	buf       []byte
	pos, end  int
	clean     int // from pos to here, if that is behind pos, all bytes are ASCII and none is 0
	eof       bool
	eol       byte // '\n', or '\r' for files of old Macintoshes
	western   bool // Windows-1252 was asked for: no line is UTF-8
	line      int  // the number of the line that next returned, from 1
	converted int  // lines that were not UTF-8
	firstBad  int  // the first of them
	scratch   []byte
}

// more reads further bytes behind end, and makes room for them.
func (l *lineReader) more() error {
	if l.src == nil {
		l.eof = true
		return nil
	}
	if l.pos > 0 {
		copy(l.buf, l.buf[l.pos:l.end])
		l.end -= l.pos
		l.clean = max(0, l.clean-l.pos)
		l.pos = 0
	}
	if len(l.buf)-l.end < progressStep/4 {
		l.buf = append(l.buf, make([]byte, max(progressStep, len(l.buf)))...)
	}
	n, err := l.src.fill(l.buf[l.end:])
	l.end += n
	if err == io.EOF {
		l.eof = true
		return nil
	}
	return err
}

// next returns the next line, valid until the next call, and false after the last.
func (l *lineReader) next() ([]byte, bool, error) {
	searched := 0
	for {
		if i := bytes.IndexByte(l.buf[l.pos+searched:l.end], l.eol); i >= 0 {
			from, to := l.pos, l.pos+searched+i
			l.pos = to + 1
			line, err := l.finish(from, to)
			return line, true, err
		}
		searched = l.end - l.pos
		if l.eof {
			if searched == 0 {
				return nil, false, nil
			}
			from := l.pos
			l.pos = l.end
			line, err := l.finish(from, l.end)
			return line, true, err
		}
		if searched > maxLine {
			return nil, false, lineError(l.line+1, "Line %d is longer than %d MB, so this is not a table of rows. Check that the file is a CSV file with one row a line.", l.line+1, maxLine>>20)
		}
		if err := l.more(); err != nil {
			return nil, false, err
		}
	}
}

// finish checks a line and makes it UTF-8.
func (l *lineReader) finish(from, to int) ([]byte, error) {
	l.line++
	text := l.buf[from:to]
	if n := len(text); n > 0 && text[n-1] == '\r' {
		text = text[:n-1]
	}
	if l.clean < to {
		l.clean = max(l.clean, from)
		l.clean += plainPrefix(l.buf[l.clean:l.end])
	}
	if l.clean >= to {
		return text, nil
	}
	if bytes.IndexByte(text, 0) >= 0 {
		return nil, lineError(l.line, "Line %d holds a zero byte, so the file is not plain text (or it is damaged there). Save the table as CSV (UTF-8) in the program that made it.", l.line)
	}
	if !l.western && utf8.Valid(text) {
		return text, nil
	}
	if l.converted++; l.converted == 1 {
		l.firstBad = l.line
	}
	l.scratch = appendWindows1252(l.scratch[:0], text)
	return l.scratch, nil
}

// plainPrefix returns how many bytes there are before the first one that is 0 or not
// ASCII.
func plainPrefix(b []byte) int {
	const ones, highs = 0x0101010101010101, 0x8080808080808080
	i := 0
	for ; i+8 <= len(b); i += 8 {
		x := binary.LittleEndian.Uint64(b[i:])
		if (x|(x-ones))&highs != 0 { // a byte of 0 borrows
			break
		}
	}
	for i < len(b) && b[i] != 0 && b[i] < utf8.RuneSelf {
		i++
	}
	return i
}

func lineError(line int, format string, args ...any) *tensor.Error {
	e := tensor.Errorf(tensor.CodeData, format, args...)
	e.Row = line
	return e
}

// windows1252 holds the characters of the bytes 0x80 … 0x9F; the others are Latin-1.
var windows1252 = [32]rune{
	'€', '\u0081', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u008d', 'Ž', '\u008f',
	'\u0090', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u009d', 'ž', 'Ÿ',
}

// appendWindows1252 appends text, read as Windows-1252 (which western spreadsheets
// still write), as UTF-8.
func appendWindows1252(dst, text []byte) []byte {
	for _, b := range text {
		switch {
		case b < 0x80:
			dst = append(dst, b)
		case b < 0xA0:
			dst = utf8.AppendRune(dst, windows1252[b-0x80])
		default:
			dst = utf8.AppendRune(dst, rune(b))
		}
	}
	return dst
}
