package safetensors

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"slices"

	"github.com/terrarium-ml/terrarium/core/tensor"
)

// Limits bound what Read takes on. A zero field has its default.
type Limits struct {
	MaxHeader int64 // bytes of header; default 100 000 000, the format's own bound
	MaxBytes  int64 // bytes of values; default 2³¹
}

func (l Limits) withDefaults() Limits {
	if l.MaxHeader == 0 {
		l.MaxHeader = 100_000_000
	}
	if l.MaxBytes == 0 {
		l.MaxBytes = 1 << 31
	}
	return l
}

// Read reads a file to its end. The tensors are in the order of their values.
func Read(r io.Reader, limits Limits) (*File, error) {
	limits = limits.withDefaults()
	var prefix [8]byte
	n, err := io.ReadFull(r, prefix[:])
	if err != nil && !truncated(err) {
		return nil, err
	}
	length, err := headerLength(prefix[:n], limits)
	if err != nil {
		return nil, err
	}
	header, err := readExactly(r, length)
	if err != nil {
		return nil, err
	}
	f, spans, size, err := readHeader(header, length, limits)
	if err != nil {
		return nil, err
	}
	values, err := readExactly(r, size)
	if err != nil {
		return nil, err
	}
	switch n, err := io.ReadFull(r, prefix[:1]); {
	case n > 0:
		return nil, trailing(size)
	case !truncated(err):
		return nil, err
	}
	return f.place(spans, values, size)
}

// ReadBytes reads a file from memory. The tensors' Raw are parts of data.
func ReadBytes(data []byte, limits Limits) (*File, error) {
	limits = limits.withDefaults()
	length, err := headerLength(data[:min(8, len(data))], limits)
	if err != nil {
		return nil, err
	}
	data = data[8:]
	f, spans, size, err := readHeader(data[:min(length, int64(len(data)))], length, limits)
	if err != nil {
		return nil, err
	}
	values := data[length:]
	if int64(len(values)) > size {
		return nil, trailing(size)
	}
	return f.place(spans, values, size)
}

// headerLength decodes a file's first eight bytes.
func headerLength(prefix []byte, limits Limits) (int64, error) {
	if len(prefix) < 8 {
		return 0, formatError("the file has only %d bytes: 8 bytes of header length are missing; it is empty or cut off", len(prefix))
	}
	length := binary.LittleEndian.Uint64(prefix)
	if length > uint64(limits.MaxHeader) {
		return 0, formatError("the first 8 bytes announce a header of %d bytes, more than the %d that are allowed: not a safetensors file, or a damaged one", length, limits.MaxHeader)
	}
	return int64(length), nil
}

// readHeader parses and checks a header that should have length bytes. It returns
// the file without its values, where each tensor's values lie, and their total size.
func readHeader(header []byte, length int64, limits Limits) (*File, []span, int64, error) {
	if length == 0 || len(header) > 0 && header[0] != '{' {
		return nil, nil, 0, formatError("the header does not start with '{': not a safetensors file")
	}
	if int64(len(header)) < length {
		return nil, nil, 0, formatError("the header should have %d bytes, but the file ends after %d: it is cut off", length, len(header))
	}
	f, spans, err := parseHeader(header)
	if err != nil {
		return nil, nil, 0, err
	}
	size, err := checkLayout(f, spans)
	if err != nil {
		return nil, nil, 0, err
	}
	if size > limits.MaxBytes {
		return nil, nil, 0, tensor.Errorf(tensor.CodeMemory, "safetensors: the header announces %d bytes of values, more than the %d that are allowed", size, limits.MaxBytes)
	}
	return f, spans, size, nil
}

// place gives every tensor its part of the values.
func (f *File) place(spans []span, values []byte, size int64) (*File, error) {
	for i, s := range spans {
		if s.end > int64(len(values)) {
			return nil, formatError("tensor %s has bytes %d to %d of %d bytes of values, but the file ends after %d: it is cut off",
				quoted(f.Tensors[i].Name), s.begin, s.end, size, len(values))
		}
	}
	for i, s := range spans {
		f.Tensors[i].Raw = values[s.begin:s.end:s.end]
	}
	return f, nil
}

// readExactly reads size bytes, or fewer if the reader ends. The buffer grows with
// what arrives, so that a false size costs nothing.
func readExactly(r io.Reader, size int64) ([]byte, error) {
	var b bytes.Buffer
	_, err := io.Copy(&b, io.LimitReader(r, size))
	return slices.Clip(b.Bytes()), err
}

func truncated(err error) bool {
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
}

func trailing(size int64) error {
	return formatError("the file goes on after the %d bytes of values that its header announces: it is damaged, or another file was appended", size)
}
