package bindings

import (
	"github.com/terrarium-ml/terrarium/core/json"
)

// A Packet is one message in either direction: JSON-RPC text and what travels
// beside it.
type Packet struct {
	Text    []byte
	Buffers []Buffer
	Blobs   []Blob
}

// A Buffer is bytes of a packet. They may lie in JavaScript's memory: CopyTo brings
// them into Go's.
type Buffer interface {
	Len() int
	CopyTo(dst []byte) // dst has Len bytes
}

// A Blob is a file of the user's, read in pieces.
type Blob interface {
	Name() string // "" for a Blob without one
	Size() int64
	// ReadAt fills p from the bytes at off on; it fails where the file ends before
	// that or can no longer be read.
	ReadAt(p []byte, off int64) error
}

// Bytes is a Buffer in Go's memory.
type Bytes []byte

var _ Buffer = Bytes(nil)

// Len returns the number of bytes.
func (b Bytes) Len() int { return len(b) }

// CopyTo copies the bytes to dst.
func (b Bytes) CopyTo(dst []byte) { copy(dst, b) }

// Take returns the bytes of a buffer in Go's memory.
func Take(b Buffer) []byte {
	if bytes, ok := b.(Bytes); ok {
		return bytes
	}
	p := make([]byte, b.Len())
	b.CopyTo(p)
	return p
}

// ReadJSON implements json.Unmarshaler.
func (l *Logs) ReadJSON(text []byte) error {
	return json.Reading{NullNaN: true}.Unmarshal(text, (*map[string]float64)(l))
}

// ReadJSON implements json.Unmarshaler.
func (c *Curves) ReadJSON(text []byte) error {
	return json.Reading{NullNaN: true}.Unmarshal(text, (*map[string][]float64)(c))
}

// Encode writes v as JSON, the same text for equal values. NaN and infinities are
// null, for JSON has no word for them.
func Encode(v any) ([]byte, error) { return json.Writing{NullNaN: true}.Marshal(v) }

// Decode reads JSON. Members that v does not have are an error: a misspelt option
// must not be passed over in silence.
func Decode(text []byte, v any) error { return json.Reading{Strict: true}.Unmarshal(text, v) }
