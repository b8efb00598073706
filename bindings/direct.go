package bindings

import (
	"unsafe"

	"github.com/terrarium-ml/terrarium/core/train"
)

// Predictions without a message, for a caller on the engine's own thread, as a
// compiled model would do them: directInput(model, rows) gives memory to write rows
// to, directRun(model, rows) predicts and gives the memory to read from. Addresses are
// byte offsets in the instance's memory; the negative of a code says why there is
// none. Once memory is there, neither side allocates.

// A slot is the memory that a model and its caller share. Go does not move it.
type slot struct {
	in, out         []float32
	width, outWidth int  // of a row
	single          bool // a single row was asked for
}

// maxDirectRows bounds a slot; more rows are worth a message.
const maxDirectRows = 1 << 20

// Codes, mirrored in site/terrarium.js.
const (
	directClosed = -1 // no such model
	directRows   = -2 // too many rows, or more than there is memory for
	directBusy   = -3 // the model is in the middle of an evaluation
	directData   = -4 // a value that is not finite
	directWide   = -5 // the model has several inputs or outputs
)

// directInput returns where to write so many rows. The memory stays the same until
// more rows are asked for.
func (e *Engine) directInput(id, rows int) int {
	m := e.models[id]
	if m == nil {
		return directClosed
	}
	if m.asking {
		return directBusy
	}
	in, out := elements(m.train.InputShape()), elements(m.train.OutputShape())
	if rows < 1 || rows > maxDirectRows {
		return directRows
	}
	if m.direct == nil || len(m.direct.in) < rows*in {
		if len(m.train.InputNames()) > 1 || len(m.train.OutputNames()) > 1 {
			return directWide
		}
		if e.room(int64(4*rows*(in+out)), "predictSync") != nil {
			return directRows
		}
		s := &slot{make([]float32, rows*in), make([]float32, rows*out), in, out, false}
		if m.train.PredictPlaced(s.out[:out], s.in[:in]) != nil { // makes the plan
			return directRows
		}
		m.direct = s
	}
	return address(m.direct.in)
}

// directRun predicts the first rows of the memory and returns where the outputs are.
func (e *Engine) directRun(id, rows int) int {
	m := e.models[id]
	if m == nil || m.direct == nil {
		return directClosed
	}
	if m.asking {
		return directBusy
	}
	s := m.direct
	if rows < 1 || rows*s.width > len(s.in) {
		return directRows
	}
	if rows == 1 && !s.single {
		s.single = m.train.ExpectRows() == nil
	}
	in := s.in[:rows*s.width]
	if !train.AllFinite(in) {
		return directData
	}
	if m.train.PredictPlaced(s.out[:rows*s.outWidth], in) != nil {
		return directRows
	}
	return address(s.out)
}

func elements(shape []int) int {
	n := 1
	for _, d := range shape {
		n *= d
	}
	return n
}

func address(s []float32) int { return int(uintptr(unsafe.Pointer(unsafe.SliceData(s)))) }
