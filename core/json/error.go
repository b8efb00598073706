package json

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
)

// What an Error may wrap.
var (
	ErrUnknownName   = errors.New("no such member")
	ErrDuplicateName = errors.New("duplicate name")
)

// An Error says what was wrong with a text, and where.
type Error struct {
	Path  []string     // names and indices from the outermost value on
	At    int          // offset in bytes
	Kind  Kind         // of the value that does not fit; 0: the text is no JSON there
	Value string       // a number that does not fit, as it stands
	Want  reflect.Type // what it does not fit
	Err   error        // why; of an Unmarshaler, or nil
}

// Name is the innermost member's name or index.
func (e *Error) Name() string {
	if len(e.Path) == 0 {
		return ""
	}
	return e.Path[len(e.Path)-1]
}

// Error says it in a line.
func (e *Error) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "byte %d", e.At)
	if len(e.Path) > 0 {
		fmt.Fprintf(&b, " (%s)", strings.Join(e.Path, "/"))
	}
	switch {
	case e.Err != nil:
		fmt.Fprintf(&b, ": %v", e.Err)
	case e.Value != "":
		fmt.Fprintf(&b, ": want %v, got %.40s", e.Want, e.Value)
	default:
		fmt.Fprintf(&b, ": want %v, got a JSON %v", e.Want, e.Kind)
	}
	return b.String()
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// A Kind is what a value begins with: one of {["0tfn, or 0 for what begins none.
type Kind byte

// String names the kind.
func (k Kind) String() string {
	switch k {
	case '{':
		return "object"
	case '[':
		return "array"
	case '"':
		return "string"
	case '0':
		return "number"
	case 't':
		return "true"
	case 'f':
		return "false"
	case 'n':
		return "null"
	}
	return "nothing"
}
