// Package json reads and writes JSON (RFC 8259): messages, models' descriptions and
// options, between text and Go's structs, maps, slices and plain values.
//
// It stands in for encoding/json, whose two versions take 250 KB of the 1.4 MB that
// the engine's WebAssembly program weighs as brotli (measured with Go 1.27.3: 0.75 MB
// of code, and packages time, encoding/base64 and the type data behind it). What the
// house uses of it is small. Natively tests and tools keep the standard package, and
// this one is checked against it.
//
// The rules are those of encoding/json/v2: member names are matched exactly, no name
// may stand twice in an object, text is valid UTF-8, numbers must fit, null is the
// zero value, a nil slice is [], and what a float writes is the shortest text that
// reads back as the same number. Beside them it limits how deep values nest, for a
// stack that overflows in a browser ends the program.
//
// Struct tags are `json:"name,omitzero"`, `json:"name,omitempty"` and `json:"-"`;
// embedded structs lend their fields. Types may bring WriteJSON and ReadJSON; they are
// not called MarshalJSON and UnmarshalJSON, for a program in which an interface has
// these carries every type's, and with time.Time's the parser of dates.
package json

// A RawMessage is a value that stays as it stands: JSON without space around it.
type RawMessage []byte

// A Marshaler writes itself as one JSON value.
type Marshaler interface{ WriteJSON() ([]byte, error) }

// An Unmarshaler reads itself from one JSON value, null included.
type Unmarshaler interface{ ReadJSON([]byte) error }

// WriteJSON implements Marshaler.
func (m RawMessage) WriteJSON() ([]byte, error) {
	if len(m) == 0 {
		return []byte("null"), nil
	}
	return m, nil
}

// ReadJSON implements Unmarshaler.
func (m *RawMessage) ReadJSON(text []byte) error {
	*m = append((*m)[:0], text...)
	return nil
}

// MarshalJSON implements json.Marshaler of encoding/json.
func (m RawMessage) MarshalJSON() ([]byte, error) { return m.WriteJSON() }

// UnmarshalJSON implements json.Unmarshaler of encoding/json.
func (m *RawMessage) UnmarshalJSON(text []byte) error { return m.ReadJSON(text) }

// Marshal writes v. Members of maps are in the order of their names: equal values
// give equal text.
func Marshal(v any) ([]byte, error) { return Writing{}.Marshal(v) }

// Unmarshal reads a text that holds one value into what the pointer v points to.
// Members of an object that a struct does not have are passed over.
func Unmarshal(text []byte, v any) error { return Reading{}.Unmarshal(text, v) }

// Writing says how to write.
type Writing struct {
	NullNaN bool   // NaN and infinities, for which JSON has no word, are null instead of an error
	Classic bool   // as encoding/json's first version, and files: nil is null, and <, >, &, U+2028 and U+2029 are escaped
	Pause   func() // if set, called after each PauseBytes of text
}

// Reading says how to read.
type Reading struct {
	NullNaN bool   // null is a float's NaN
	Strict  bool   // a member that a struct does not have is an error
	Fold    bool   // names of struct members match without regard to case, '_' and '-'
	Pause   func() // if set, called after each PauseBytes of text
}

// PauseBytes is how much text is read or written between pauses: a few milliseconds.
const PauseBytes = 1 << 15

// MaxDepth is how deep values may nest.
const MaxDepth = 256
