package wasmgen

// ValType is a value type of the specification ("number types" and "vector types").
type ValType byte

// The value types.
const (
	TypeI32  ValType = 0x7F
	TypeI64  ValType = 0x7E
	TypeF32  ValType = 0x7D
	TypeF64  ValType = 0x7C
	TypeV128 ValType = 0x7B
)

// expr is code that leaves one value on the stack, and says where that value may be
// used. It is a single word: passing it on takes little code.
type expr struct{ *written }

// written is an expression's code; it does not change.
type written struct {
	fn       *Func // whose locals it reads; nil: it may be used anywhere
	code     []byte
	constant bool // a "constant expression", fit to begin a global with
}

// I32 … V128 are expressions by the type of their value, so that Go's compiler
// refuses ill-typed WebAssembly. An expression is evaluated where, and as often as,
// it is used; a Local keeps a value.
type (
	I32  expr
	I64  expr
	F32  expr
	F64  expr
	V128 expr
)

// Value is any expression.
type Value interface{ I32 | I64 | F32 | F64 | V128 }

// Operand is any expression, where types are mixed: in calls and returns.
type Operand interface{ operand() (ValType, expr) }

func (x I32) operand() (ValType, expr)  { return TypeI32, expr(x) }
func (x I64) operand() (ValType, expr)  { return TypeI64, expr(x) }
func (x F32) operand() (ValType, expr)  { return TypeF32, expr(x) }
func (x F64) operand() (ValType, expr)  { return TypeF64, expr(x) }
func (x V128) operand() (ValType, expr) { return TypeV128, expr(x) }

var _ = []Operand{I32{}, I64{}, F32{}, F64{}, V128{}}

// typeOf returns the value type of T.
func typeOf[T Value]() ValType {
	var zero T
	t, _ := any(zero).(Operand).operand()
	return t
}

// opcode is an instruction's number, behind its prefix byte where it has one.
type opcode uint32

const (
	misc   opcode = 0xFC << 16 // saturating conversions, bulk memory
	vector opcode = 0xFD << 16 // the instructions on v128
)

func (op opcode) encode() []byte {
	if prefix := byte(op >> 16); prefix != 0 {
		return appendUint([]byte{prefix}, uint32(op&0xFFFF))
	}
	return []byte{byte(op)}
}

// apply returns the operands' code, in order, and op with its immediates behind it.
func apply[T Value](op opcode, immediates []byte, operands ...expr) T {
	x := expr{new(written)}
	for _, o := range operands {
		if o.written == nil {
			panic("wasmgen: an operand has no code")
		}
		if x.fn == nil {
			x.fn = o.fn
		}
		if o.fn != nil && o.fn != x.fn {
			panic("wasmgen: operands of two functions")
		}
		x.code = append(x.code, o.code...)
	}
	x.code = append(append(x.code, op.encode()...), immediates...)
	return T(x)
}

func op1[R, A Value](op opcode, a A) R    { return apply[R](op, nil, expr(a)) }
func op2[R, A Value](op opcode, a, b A) R { return apply[R](op, nil, expr(a), expr(b)) }
