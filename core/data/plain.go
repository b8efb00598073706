package data

import (
	"bytes"
	"io"
	"unicode/utf8"
)

// DecodeText reads a file that is one text and no table, in the encoding that it is found to
// have, and says which that was. decode may be nil: then what is neither UTF-8 nor UTF-16 is
// read as Windows-1252. It fails with code "data" for what is no text.
func DecodeText(file []byte, decode Decoder) (text, encoding string, err error) {
	s, err := newSource(bytes.NewReader(file), int64(len(file)), nil, "", decode)
	if err != nil {
		return "", "", err
	}
	if s.encoding == encodingUTF8 {
		file = bytes.TrimPrefix(file, []byte{0xEF, 0xBB, 0xBF})
	} else if file, err = s.all(len(file)); err != nil {
		return "", "", err
	}
	if err := checkText(file[:min(len(file), sampleBytes)]); err != nil {
		return "", "", err
	}
	if i := bytes.IndexByte(file, 0); i >= 0 {
		line := 1 + bytes.Count(file[:i], []byte{'\n'})
		return "", "", lineError(line, "Line %d holds a zero byte, so the file is not plain text (or it is damaged there). Save it as plain text (UTF-8) in the program that made it.", line)
	}
	if utf8.Valid(file) {
		return string(file), s.encoding, nil
	}
	return string(appendWindows1252(make([]byte, 0, len(file)+len(file)/8), file)), encodingWestern, nil
}

// all returns the rest of a source as UTF-8.
func (s *source) all(size int) ([]byte, error) {
	text := make([]byte, 0, size+size/2)
	piece := make([]byte, 64<<10)
	for {
		n, err := s.fill(piece)
		text = append(text, piece[:n]...)
		if err == io.EOF {
			return text, nil
		}
		if err != nil {
			return nil, err
		}
	}
}
