package wasmgen

const (
	opUnreachable = 0x00
	opBlock       = 0x02
	opLoop        = 0x03
	opIf          = 0x04
	opElse        = 0x05
	opEnd         = 0x0B
	opBr          = 0x0C
	opBrIf        = 0x0D
	opReturn      = 0x0F
	opCall        = 0x10
	opDrop        = 0x1A
	blockVoid     = 0x40
)

// Func is a function being written. Its methods append statements; what a statement
// evaluates it also consumes, so that the stack is empty between statements.
type Func struct {
	module          *Module
	index           uint32
	params, results []ValType
	locals          []ValType
	prologue, body  []byte // constants, statements
	open            []int  // the blocks around the next statement, by number
	blocks          int    // opened so far
	returned        bool   // the last statement was Return, outside every block
	sealed          bool
	constants       map[uint32]V128
}

// Label is where a branch to an enclosing block goes.
type Label struct {
	fn    *Func
	block int
}

// emit appends a statement: x's code, then code.
func (f *Func) emit(x expr, code ...byte) {
	if f == nil || f.sealed {
		panic("wasmgen: statement outside a function")
	}
	f.returned = false
	if x.written != nil {
		if x.fn != nil && x.fn != f {
			panic("wasmgen: operands of two functions")
		}
		f.body = append(f.body, x.code...)
	}
	f.body = append(f.body, code...)
}

// Block writes body's statements; a branch to the label leaves them (block).
func (f *Func) Block(body func(leave Label)) { f.nest(opBlock, expr{}, body) }

// Loop writes body's statements; a branch to the label repeats them (loop).
func (f *Func) Loop(body func(again Label)) { f.nest(opLoop, expr{}, body) }

// If writes statements that run if cond is not 0 (if).
func (f *Func) If(cond I32, then func()) {
	f.nest(opIf, operandOf(cond), func(Label) { then() })
}

// IfElse writes statements that run if cond is not 0, and those that run if it is.
func (f *Func) IfElse(cond I32, then, otherwise func()) {
	f.nest(opIf, operandOf(cond), func(Label) {
		then()
		f.emit(expr{}, opElse)
		otherwise()
	})
}

// While writes a loop that runs body as long as cond is not 0. The test stands at the
// end of the loop, and once before it.
func (f *Func) While(cond I32, body func()) {
	f.If(cond, func() {
		f.Loop(func(again Label) {
			body()
			f.BrIf(again, cond)
		})
	})
}

func (f *Func) nest(op byte, cond expr, body func(Label)) {
	f.emit(cond, op, blockVoid)
	f.blocks++
	block := f.blocks
	f.open = append(f.open, block)
	body(Label{f, block})
	f.open = f.open[:len(f.open)-1]
	f.emit(expr{}, opEnd)
}

// depth returns l's number as branches count: 0 is the innermost block.
func (f *Func) depth(l Label) []byte {
	for i := range f.open {
		if d := len(f.open) - 1 - i; l.fn == f && f.open[d] == l.block {
			return appendUint(nil, uint32(i))
		}
	}
	panic("wasmgen: branch to a block that is not around it")
}

// Br branches to l (br).
func (f *Func) Br(l Label) { f.emit(expr{}, append([]byte{opBr}, f.depth(l)...)...) }

// BrIf branches to l if cond is not 0 (br_if).
func (f *Func) BrIf(l Label, cond I32) {
	f.emit(operandOf(cond), append([]byte{opBrIf}, f.depth(l)...)...)
}

// Unreachable traps (unreachable).
func (f *Func) Unreachable() { f.emit(expr{}, opUnreachable) }

// Return ends the function with its results (return).
func (f *Func) Return(results ...Operand) {
	f.emit(arguments(f.results, results), opReturn)
	f.returned = len(f.open) == 0
}

// Call calls callee and drops its results (call, drop).
func (f *Func) Call(callee *Func, args ...Operand) {
	if callee.module != f.module {
		panic("wasmgen: function of another module")
	}
	f.emit(arguments(callee.params, args), appendUint([]byte{opCall}, callee.index)...)
	for range callee.results {
		f.emit(expr{}, opDrop)
	}
}

// Result is the one result of a call of callee, in a function of its module. What it
// calls must have all its parameters by now.
func Result[T Value](callee *Func, args ...Operand) T {
	if len(callee.results) != 1 || callee.results[0] != typeOf[T]() {
		panic("wasmgen: function has another result")
	}
	return apply[T](opCall, appendUint(nil, callee.index), arguments(callee.params, args))
}

// arguments joins the code of operands that must have these types.
func arguments(types []ValType, operands []Operand) expr {
	if len(types) != len(operands) {
		panic("wasmgen: wrong number of arguments or results")
	}
	x := expr{new(written)}
	for i, o := range operands {
		t, e := o.operand()
		if t != types[i] {
			panic("wasmgen: argument or result of another type")
		}
		if e.written == nil {
			panic("wasmgen: an operand has no code")
		}
		if x.fn == nil {
			x.fn = e.fn
		}
		if e.fn != nil && e.fn != x.fn {
			panic("wasmgen: operands of two functions")
		}
		x.code = append(x.code, e.code...)
	}
	return x
}

// operandOf returns cond's code, which there must be.
func operandOf(cond I32) expr {
	if cond.written == nil {
		panic("wasmgen: an operand has no code")
	}
	return expr(cond)
}

// encode ends the function and returns its entry in the code section.
func (f *Func) encode() []byte {
	if len(f.open) > 0 {
		panic("wasmgen: function inside an open block")
	}
	if len(f.results) > 0 && !f.returned {
		panic("wasmgen: function ends without its results")
	}
	f.sealed = true
	var groups []byte // runs of locals of one type
	n := uint32(0)
	for i := 0; i < len(f.locals); n++ {
		j := i
		for j < len(f.locals) && f.locals[j] == f.locals[i] {
			j++
		}
		groups = append(appendUint(groups, uint32(j-i)), byte(f.locals[i]))
		i = j
	}
	b := append(appendUint(nil, n), groups...)
	return append(append(append(b, f.prologue...), f.body...), opEnd)
}
