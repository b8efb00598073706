package tensor

import "fmt"

// Codes of an Error. JavaScript sees them as TerrariumError's code; they are part of
// the public face and never change their meaning.
const (
	CodeShape       = "shape"       // shapes that do not fit together
	CodeOption      = "option"      // an option that is unknown or out of range
	CodeData        = "data"        // data that cannot be read or learned from
	CodeNaN         = "nan"         // training met NaN or an infinity
	CodeAborted     = "aborted"     // stopped on request
	CodeBusy        = "busy"        // the model is training
	CodeUnsupported = "unsupported" // known, but not here
	CodeFormat      = "format"      // a file that is damaged or from another program
	CodeQuota       = "quota"       // storage is full or was refused
	CodeMemory      = "memory"      // more memory than there is
	CodeEngineLost  = "engine-lost" // the engine's program ended
)

// An Error is what every exported function of the core returns for wrong input:
// what was expected, what was got and what to do, with the place where known.
type Error struct {
	Code    string // one of the codes above
	Layer   string // the layer's name, or ""
	Column  string // the table's column, or ""
	Row     int    // the line of a text file or the row of a tensor, from 1; 0 if unknown
	Message string // a sentence without the layer's name
}

// Errorf returns an Error with a formatted message.
func Errorf(code, format string, args ...any) *Error {
	return &Error{Code: code, Message: fmt.Sprintf(format, args...)}
}

// Error returns the message, behind the layer's name where there is one.
func (e *Error) Error() string {
	if e.Layer != "" {
		return e.Layer + ": " + e.Message
	}
	return e.Message
}

// In returns a copy of e that names a layer, unless one is named already: the
// layer nearest to the cause knows best.
func (e *Error) In(layer string) *Error {
	if e.Layer != "" {
		return e
	}
	named := *e
	named.Layer = layer
	return &named
}
