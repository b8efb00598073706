package build

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"os"

	"github.com/andybalholm/brotli"
)

// An Encoding is a form in which a file travels, by its HTTP name and the ending of
// the twin that holds it.
type Encoding struct {
	Name   string // as in Accept-Encoding
	Ending string
}

// Encodings, the best first.
var Encodings = []Encoding{{"br", ".br"}, {"gzip", ".gz"}}

// Compress writes the missing or outdated twins of a file and removes nothing else.
// A twin is up to date if it decodes to the file's present bytes: there is no key
// that could lie.
func Compress(path string) error {
	content, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	for _, e := range Encodings {
		if Fresh(path, e) {
			continue
		}
		packed, err := e.Encode(content)
		if err != nil {
			return fmt.Errorf("%s%s: %w", path, e.Ending, err)
		}
		if err := writeIfChanged(path+e.Ending, packed); err != nil {
			return err
		}
	}
	return nil
}

// Fresh tells whether the file's twin exists and decodes to the file's bytes.
func Fresh(path string, e Encoding) bool {
	content, err := os.ReadFile(path)
	if err != nil {
		return false
	}
	packed, err := os.ReadFile(path + e.Ending)
	if err != nil {
		return false
	}
	decoded, err := e.decode(packed, len(content))
	return err == nil && bytes.Equal(decoded, content)
}

// Encode packs as tightly as the encoding can.
func (e Encoding) Encode(content []byte) ([]byte, error) {
	var packed bytes.Buffer
	var w io.WriteCloser
	if e.Name == "br" {
		// The largest window that browsers know reaches across a whole program.
		w = brotli.NewWriterOptions(&packed, brotli.WriterOptions{Quality: brotli.BestCompression, LGWin: 24})
	} else {
		// The level is never out of range, the only error there is.
		w, _ = gzip.NewWriterLevel(&packed, gzip.BestCompression)
	}
	if _, err := w.Write(content); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return packed.Bytes(), nil
}

// decode unpacks one byte more than want at most: enough to see a difference.
func (e Encoding) decode(packed []byte, want int) ([]byte, error) {
	var r io.Reader = brotli.NewReader(bytes.NewReader(packed))
	if e.Name == "gzip" {
		z, err := gzip.NewReader(bytes.NewReader(packed))
		if err != nil {
			return nil, err
		}
		r = z
	}
	return io.ReadAll(io.LimitReader(r, int64(want)+1))
}
