package data

import (
	"encoding/hex"
	"errors"
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
	guessed  bool      // the encoding was found by the letters that the bytes would be
	ahead    []byte    // raw bytes read to find the encoding, not yet given out
	decoded  io.Reader // other encodings than UTF-8 and UTF-16: what a Decoder makes of the raw bytes
	raw      []byte    // UTF-16 only: scratch for raw bytes
	carry    []byte    // UTF-16 only: up to three raw bytes that do not make a character yet
}

// headBytes is how much of a file is looked at to find its encoding.
const headBytes = 64 << 10

// newSource finds the encoding, or takes the one that is asked for. Without a decoder what
// is neither UTF-8 nor UTF-16 stays as it is.
func newSource(r io.Reader, size int64, progress Progress, asked string, decode Decoder) (*source, error) {
	s := &source{r: r, sum: digest.New(), size: size, progress: progress, encoding: encodingUTF8}
	head := make([]byte, headBytes)
	n, err := io.ReadFull(r, head)
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
		return nil, readFailed(err)
	}
	s.account(head[:n])
	encoding, mark := guessEncoding(head[:n])
	s.ahead = head[mark:n]
	if asked != "" {
		known := false
		if encoding, known = named(asked); !known {
			return nil, tensor.Errorf(tensor.CodeOption, "The encoding must be one of %q, got %q.", Encodings, asked)
		}
	}
	switch encoding {
	case "", encodingUTF8:
	case encodingUTF16LE, encodingUTF16BE, encodingWestern:
		s.encoding = encoding
	default:
		if decode == nil && asked != "" {
			return nil, tensor.Errorf(tensor.CodeOption, "The encoding %s cannot be read here: the option Decoder is not set. Save the file as UTF-8.", encoding)
		}
		if s.guessed = asked == ""; decode != nil {
			s.encoding, s.decoded = encoding, decode(encoding, undecoded{s})
		}
	}
	return s, nil
}

// Undecoded gives a source's raw bytes.
type undecoded struct{ s *source }

func (r undecoded) Read(dst []byte) (int, error) { return r.s.fillRaw(dst) }

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
	switch {
	case s.decoded != nil:
		return readSome(s.decoded, dst[:min(len(dst), progressStep)])
	case s.encoding == encodingUTF16LE || s.encoding == encodingUTF16BE:
		return s.fillUTF16(dst)
	}
	return s.fillRaw(dst[:min(len(dst), progressStep)])
}

// fillRaw reads raw bytes.
func (s *source) fillRaw(dst []byte) (int, error) {
	if len(s.ahead) > 0 {
		n := copy(dst, s.ahead)
		s.ahead = s.ahead[n:]
		return n, nil
	}
	n, err := readSome(s.r, dst)
	s.account(dst[:n])
	return n, err
}

// readSome reads at least one byte, or fails with io.EOF or what can be shown as it is.
func readSome(r io.Reader, dst []byte) (int, error) {
	for range 100 { // as bufio: a reader may give nothing now and then
		n, err := r.Read(dst)
		if n > 0 {
			return n, nil
		}
		var ours *tensor.Error
		if err == io.EOF || errors.As(err, &ours) {
			return 0, err
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
	if s.encoding == encodingUTF16LE {
		return rune(b[0]) | rune(b[1])<<8
	}
	return rune(b[1]) | rune(b[0])<<8
}
