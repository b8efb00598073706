// Package unsupported collects what one side of a file format asks for and the other does
// not have, so that it is told all at once.
package unsupported

import (
	"fmt"
	"strings"

	"github.com/terrarium-ml/terrarium/core/tensor"
)

// A List is what was refused, in the order of refusing. Readers and writers embed it.
type List []string

// Refuse adds what is missing, and where: a layer's name, or an operation's.
func (l *List) Refuse(where, format string, args ...any) {
	*l = append(*l, where+": "+fmt.Sprintf(format, args...))
}

// Report returns the whole list as one error of code unsupported, nil if it is empty.
// What says what cannot be done: "the model cannot be opened".
func (l List) Report(what string) error {
	if len(l) == 0 {
		return nil
	}
	return tensor.Errorf(tensor.CodeUnsupported, "%s, because of:\n  %s", what, strings.Join(l, "\n  "))
}
