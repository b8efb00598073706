package wasmgen

// Integer instructions, named as in the specification: I32Add is i32.add. A
// comparison is the I32 1 or 0.

// I32Const is the constant v (i32.const).
func I32Const(v int32) I32 {
	return I32{&written{code: appendInt([]byte{0x41}, int64(v)), constant: true}}
}

// I64Const is the constant v (i64.const).
func I64Const(v int64) I64 { return I64{&written{code: appendInt([]byte{0x42}, v), constant: true}} }

// Comparisons of i32.
func I32Eqz(a I32) I32    { return op1[I32](0x45, a) }
func I32Eq(a, b I32) I32  { return op2[I32](0x46, a, b) }
func I32Ne(a, b I32) I32  { return op2[I32](0x47, a, b) }
func I32LtS(a, b I32) I32 { return op2[I32](0x48, a, b) }
func I32LtU(a, b I32) I32 { return op2[I32](0x49, a, b) }
func I32GtS(a, b I32) I32 { return op2[I32](0x4A, a, b) }
func I32GtU(a, b I32) I32 { return op2[I32](0x4B, a, b) }
func I32LeS(a, b I32) I32 { return op2[I32](0x4C, a, b) }
func I32LeU(a, b I32) I32 { return op2[I32](0x4D, a, b) }
func I32GeS(a, b I32) I32 { return op2[I32](0x4E, a, b) }
func I32GeU(a, b I32) I32 { return op2[I32](0x4F, a, b) }

// Arithmetic and bits of i32.
func I32Clz(a I32) I32     { return op1[I32](0x67, a) }
func I32Ctz(a I32) I32     { return op1[I32](0x68, a) }
func I32Popcnt(a I32) I32  { return op1[I32](0x69, a) }
func I32Add(a, b I32) I32  { return op2[I32](0x6A, a, b) }
func I32Sub(a, b I32) I32  { return op2[I32](0x6B, a, b) }
func I32Mul(a, b I32) I32  { return op2[I32](0x6C, a, b) }
func I32DivS(a, b I32) I32 { return op2[I32](0x6D, a, b) }
func I32DivU(a, b I32) I32 { return op2[I32](0x6E, a, b) }
func I32RemS(a, b I32) I32 { return op2[I32](0x6F, a, b) }
func I32RemU(a, b I32) I32 { return op2[I32](0x70, a, b) }
func I32And(a, b I32) I32  { return op2[I32](0x71, a, b) }
func I32Or(a, b I32) I32   { return op2[I32](0x72, a, b) }
func I32Xor(a, b I32) I32  { return op2[I32](0x73, a, b) }
func I32Shl(a, b I32) I32  { return op2[I32](0x74, a, b) }
func I32ShrS(a, b I32) I32 { return op2[I32](0x75, a, b) }
func I32ShrU(a, b I32) I32 { return op2[I32](0x76, a, b) }
func I32Rotl(a, b I32) I32 { return op2[I32](0x77, a, b) }
func I32Rotr(a, b I32) I32 { return op2[I32](0x78, a, b) }

// Comparisons of i64.
func I64Eqz(a I64) I32    { return op1[I32](0x50, a) }
func I64Eq(a, b I64) I32  { return op2[I32](0x51, a, b) }
func I64Ne(a, b I64) I32  { return op2[I32](0x52, a, b) }
func I64LtS(a, b I64) I32 { return op2[I32](0x53, a, b) }
func I64LtU(a, b I64) I32 { return op2[I32](0x54, a, b) }
func I64GtS(a, b I64) I32 { return op2[I32](0x55, a, b) }
func I64GtU(a, b I64) I32 { return op2[I32](0x56, a, b) }
func I64LeS(a, b I64) I32 { return op2[I32](0x57, a, b) }
func I64LeU(a, b I64) I32 { return op2[I32](0x58, a, b) }
func I64GeS(a, b I64) I32 { return op2[I32](0x59, a, b) }
func I64GeU(a, b I64) I32 { return op2[I32](0x5A, a, b) }

// Arithmetic and bits of i64.
func I64Clz(a I64) I64     { return op1[I64](0x79, a) }
func I64Ctz(a I64) I64     { return op1[I64](0x7A, a) }
func I64Popcnt(a I64) I64  { return op1[I64](0x7B, a) }
func I64Add(a, b I64) I64  { return op2[I64](0x7C, a, b) }
func I64Sub(a, b I64) I64  { return op2[I64](0x7D, a, b) }
func I64Mul(a, b I64) I64  { return op2[I64](0x7E, a, b) }
func I64DivS(a, b I64) I64 { return op2[I64](0x7F, a, b) }
func I64DivU(a, b I64) I64 { return op2[I64](0x80, a, b) }
func I64RemS(a, b I64) I64 { return op2[I64](0x81, a, b) }
func I64RemU(a, b I64) I64 { return op2[I64](0x82, a, b) }
func I64And(a, b I64) I64  { return op2[I64](0x83, a, b) }
func I64Or(a, b I64) I64   { return op2[I64](0x84, a, b) }
func I64Xor(a, b I64) I64  { return op2[I64](0x85, a, b) }
func I64Shl(a, b I64) I64  { return op2[I64](0x86, a, b) }
func I64ShrS(a, b I64) I64 { return op2[I64](0x87, a, b) }
func I64ShrU(a, b I64) I64 { return op2[I64](0x88, a, b) }
func I64Rotl(a, b I64) I64 { return op2[I64](0x89, a, b) }
func I64Rotr(a, b I64) I64 { return op2[I64](0x8A, a, b) }

// Between the integers.
func I32WrapI64(a I64) I32    { return op1[I32](0xA7, a) }
func I64ExtendI32S(a I32) I64 { return op1[I64](0xAC, a) }
func I64ExtendI32U(a I32) I64 { return op1[I64](0xAD, a) }

// I32Select is a if cond is not 0, else b; both are evaluated (select).
func I32Select(a, b, cond I32) I32 { return apply[I32](0x1B, nil, expr(a), expr(b), expr(cond)) }
