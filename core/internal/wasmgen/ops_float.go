package wasmgen

import (
	endian "encoding/binary"
	"math"
)

// Floating-point instructions, named as in the specification: F32Add is f32.add. A
// comparison is the I32 1 or 0.

// F32Const is the constant v, bit for bit (f32.const).
func F32Const(v float32) F32 {
	return F32{&written{code: endian.LittleEndian.AppendUint32([]byte{0x43}, math.Float32bits(v)), constant: true}}
}

// F64Const is the constant v, bit for bit (f64.const).
func F64Const(v float64) F64 {
	return F64{&written{code: endian.LittleEndian.AppendUint64([]byte{0x44}, math.Float64bits(v)), constant: true}}
}

// Comparisons of f32.
func F32Eq(a, b F32) I32 { return op2[I32](0x5B, a, b) }
func F32Ne(a, b F32) I32 { return op2[I32](0x5C, a, b) }
func F32Lt(a, b F32) I32 { return op2[I32](0x5D, a, b) }
func F32Gt(a, b F32) I32 { return op2[I32](0x5E, a, b) }
func F32Le(a, b F32) I32 { return op2[I32](0x5F, a, b) }
func F32Ge(a, b F32) I32 { return op2[I32](0x60, a, b) }

// Arithmetic of f32.
func F32Abs(a F32) F32         { return op1[F32](0x8B, a) }
func F32Neg(a F32) F32         { return op1[F32](0x8C, a) }
func F32Ceil(a F32) F32        { return op1[F32](0x8D, a) }
func F32Floor(a F32) F32       { return op1[F32](0x8E, a) }
func F32Trunc(a F32) F32       { return op1[F32](0x8F, a) }
func F32Nearest(a F32) F32     { return op1[F32](0x90, a) }
func F32Sqrt(a F32) F32        { return op1[F32](0x91, a) }
func F32Add(a, b F32) F32      { return op2[F32](0x92, a, b) }
func F32Sub(a, b F32) F32      { return op2[F32](0x93, a, b) }
func F32Mul(a, b F32) F32      { return op2[F32](0x94, a, b) }
func F32Div(a, b F32) F32      { return op2[F32](0x95, a, b) }
func F32Min(a, b F32) F32      { return op2[F32](0x96, a, b) }
func F32Max(a, b F32) F32      { return op2[F32](0x97, a, b) }
func F32Copysign(a, b F32) F32 { return op2[F32](0x98, a, b) }

// Comparisons of f64.
func F64Eq(a, b F64) I32 { return op2[I32](0x61, a, b) }
func F64Ne(a, b F64) I32 { return op2[I32](0x62, a, b) }
func F64Lt(a, b F64) I32 { return op2[I32](0x63, a, b) }
func F64Gt(a, b F64) I32 { return op2[I32](0x64, a, b) }
func F64Le(a, b F64) I32 { return op2[I32](0x65, a, b) }
func F64Ge(a, b F64) I32 { return op2[I32](0x66, a, b) }

// Arithmetic of f64.
func F64Abs(a F64) F64         { return op1[F64](0x99, a) }
func F64Neg(a F64) F64         { return op1[F64](0x9A, a) }
func F64Ceil(a F64) F64        { return op1[F64](0x9B, a) }
func F64Floor(a F64) F64       { return op1[F64](0x9C, a) }
func F64Trunc(a F64) F64       { return op1[F64](0x9D, a) }
func F64Nearest(a F64) F64     { return op1[F64](0x9E, a) }
func F64Sqrt(a F64) F64        { return op1[F64](0x9F, a) }
func F64Add(a, b F64) F64      { return op2[F64](0xA0, a, b) }
func F64Sub(a, b F64) F64      { return op2[F64](0xA1, a, b) }
func F64Mul(a, b F64) F64      { return op2[F64](0xA2, a, b) }
func F64Div(a, b F64) F64      { return op2[F64](0xA3, a, b) }
func F64Min(a, b F64) F64      { return op2[F64](0xA4, a, b) }
func F64Max(a, b F64) F64      { return op2[F64](0xA5, a, b) }
func F64Copysign(a, b F64) F64 { return op2[F64](0xA6, a, b) }

// Conversions and bit casts.
func F32ConvertI32S(a I32) F32    { return op1[F32](0xB2, a) }
func F32ConvertI32U(a I32) F32    { return op1[F32](0xB3, a) }
func F32DemoteF64(a F64) F32      { return op1[F32](0xB6, a) }
func F64ConvertI32S(a I32) F64    { return op1[F64](0xB7, a) }
func F64ConvertI32U(a I32) F64    { return op1[F64](0xB8, a) }
func F64ConvertI64S(a I64) F64    { return op1[F64](0xB9, a) }
func F64PromoteF32(a F32) F64     { return op1[F64](0xBB, a) }
func I32ReinterpretF32(a F32) I32 { return op1[I32](0xBC, a) }
func I64ReinterpretF64(a F64) I64 { return op1[I64](0xBD, a) }
func F32ReinterpretI32(a I32) F32 { return op1[F32](0xBE, a) }
func F64ReinterpretI64(a I64) F64 { return op1[F64](0xBF, a) }

// Conversions that clamp, with NaN to 0.
func I32TruncSatF32S(a F32) I32 { return op1[I32](misc+0, a) }
func I32TruncSatF32U(a F32) I32 { return op1[I32](misc+1, a) }
func I32TruncSatF64S(a F64) I32 { return op1[I32](misc+2, a) }
func I32TruncSatF64U(a F64) I32 { return op1[I32](misc+3, a) }
func I64TruncSatF64S(a F64) I64 { return op1[I64](misc+6, a) }

// F32Select is a if cond is not 0, else b; both are evaluated (select).
func F32Select(a, b F32, cond I32) F32 { return apply[F32](0x1B, nil, expr(a), expr(b), expr(cond)) }
