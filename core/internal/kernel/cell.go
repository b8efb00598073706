package kernel

// A Cell names the functions of a recurrent cell: Gate for the gates, Act for the
// candidate and, in an LSTM, for what leaves the cell.
//
// The kernels of cells work on one time step of a batch, row by row: a row holds the
// gates' blocks of u numbers side by side. Where a function's derivative is computed
// from its argument (NeedsInput), the caller lends room for the arguments, pre, as
// large as a; otherwise pre is nil.
type Cell struct {
	Act, Gate           Activation
	ActAlpha, GateAlpha float32
}

// NeedsInput tells whether the kernels want pre.
func (c Cell) NeedsInput() bool { return NeedsInput(c.Act) || NeedsInput(c.Gate) }

// usual: the functions that have kernels of their own.
func (c Cell) usual() bool { return c.Act == Tanh && c.Gate == Sigmoid }

func (c Cell) act(y, x []float32)  { Activate(c.Act, c.ActAlpha, y, x) }
func (c Cell) gate(y, x []float32) { Activate(c.Gate, c.GateAlpha, y, x) }

// actGrad computes dx = dy·act'(x), y = act(x); y may be dx.
func (c Cell) actGrad(dx, dy, x, y []float32)  { ActivateGrad(c.Act, c.ActAlpha, dx, dy, x, y) }
func (c Cell) gateGrad(dx, dy, x, y []float32) { ActivateGrad(c.Gate, c.GateAlpha, dx, dy, x, y) }

// cellSpan is how many units of a row the general kernels take at a time: what lies
// between two steps of theirs stands on the stack.
const cellSpan = 64

// part is s[at : at+n], or nil if s is nil.
func part(s []float32, at, n int) []float32 {
	if s == nil {
		return nil
	}
	return s[at : at+n : at+n]
}
