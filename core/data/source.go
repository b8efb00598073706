package data

import (
	"bytes"
	"encoding/hex"
	"io"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/terrarium-ml/terrarium/core/internal/digest"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// progressStep is how many bytes are read between two calls of Progress: a few
// milliseconds of work, so that the caller can stop it and stay responsive.
const progressStep = 256 << 10

// A source gives the bytes of a file as UTF-8 without a byte order mark, and hashes
// what it read.
type source struct {
	r        io.Reader
	sum      digest.Hash
	read     int64 // raw bytes so far
	size     int64 // raw bytes expected, 0 if unknown
	told     int64 // value of read at the last call of progress
	progress Progress

	encoding string
	ahead    []byte // raw bytes read to find the byte order mark, not yet given out
	raw      []byte // UTF-16 only: scratch for raw bytes
	carry    []byte // UTF-16 only: up to three raw bytes that do not make a character yet
}

// newSource reads the byte order mark, if there is one.
func newSource(r io.Reader, size int64, progress Progress) (*source, error) {
	s := &source{r: r, sum: digest.New(), size: size, progress: progress, encoding: "UTF-8"}
	head := make([]byte, 3)
	n, err := io.ReadFull(r, head)
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
		return nil, readFailed(err)
	}
	s.account(head[:n])
	s.ahead = head[:n]
	switch {
	case bytes.HasPrefix(s.ahead, []byte{0xEF, 0xBB, 0xBF}):
		s.ahead = nil
	case bytes.HasPrefix(s.ahead, []byte{0xFF, 0xFE}):
		s.encoding, s.carry, s.ahead = "UTF-16LE", s.ahead[2:], nil
	case bytes.HasPrefix(s.ahead, []byte{0xFE, 0xFF}):
		s.encoding, s.carry, s.ahead = "UTF-16BE", s.ahead[2:], nil
	}
	return s, nil
}

func readFailed(err error) error {
	return tensor.Errorf(tensor.CodeData, "The file could not be read: %v. Choose it again.", err)
}

func (s *source) account(b []byte) {
	s.sum.Write(b)
	s.read += int64(len(b))
}

// fingerprint returns the SHA-256 of the raw bytes so far, in hex.
func (s *source) fingerprint() string { return hex.EncodeToString(s.sum.Sum(nil)) }

// fill writes at least one byte into dst (which holds 16 bytes or more), or returns
// io.EOF, or another error that can be shown as it is.
func (s *source) fill(dst []byte) (int, error) {
	if s.read-s.told >= progressStep {
		s.told = s.read
		if err := s.progress.tell(s.read, 2*s.size); err != nil {
			return 0, err
		}
	}
	if len(s.ahead) > 0 {
		n := copy(dst, s.ahead)
		s.ahead = s.ahead[n:]
		return n, nil
	}
	if s.encoding != "UTF-8" {
		return s.fillUTF16(dst)
	}
	return s.fillRaw(dst[:min(len(dst), progressStep)])
}

func (s *source) fillRaw(dst []byte) (int, error) {
	for range 100 { // as bufio: a reader may give nothing now and then
		n, err := s.r.Read(dst)
		s.account(dst[:n])
		if n > 0 {
			return n, nil
		}
		if err == io.EOF {
			return 0, io.EOF
		}
		if err != nil {
			return 0, readFailed(err)
		}
	}
	return 0, readFailed(io.ErrNoProgress)
}

// fillUTF16 converts. A code unit of two bytes becomes at most three bytes of UTF-8.
func (s *source) fillUTF16(dst []byte) (int, error) {
	room := min(len(dst)/3*2, progressStep)
	if cap(s.raw) < room+4 {
		s.raw = make([]byte, room+4)
	}
	have := copy(s.raw[:cap(s.raw)], s.carry)
	for {
		n, err := s.fillRaw(s.raw[have:room])
		if err == io.EOF && have > 0 { // half a character at the very end
			s.carry = nil
			return utf8.EncodeRune(dst, utf8.RuneError), nil
		}
		if err != nil {
			return 0, err
		}
		have += n
		written, used := s.decode(dst, s.raw[:have])
		if written > 0 {
			s.carry = append(s.carry[:0], s.raw[used:have]...)
			return written, nil
		}
	}
}

// decode converts whole characters of raw and returns how much it wrote and used.
func (s *source) decode(dst, raw []byte) (written, used int) {
	for used+2 <= len(raw) {
		r := s.unit(raw[used:])
		size := 2
		if utf16.IsSurrogate(r) {
			if used+4 > len(raw) {
				break
			}
			// A lone surrogate becomes U+FFFD and only itself is consumed.
			if pair := utf16.DecodeRune(r, s.unit(raw[used+2:])); pair != utf8.RuneError {
				r, size = pair, 4
			}
		}
		written += utf8.EncodeRune(dst[written:], r)
		used += size
	}
	return written, used
}

func (s *source) unit(b []byte) rune {
	if s.encoding == "UTF-16LE" {
		return rune(b[0]) | rune(b[1])<<8
	}
	return rune(b[1]) | rune(b[0])<<8
}
