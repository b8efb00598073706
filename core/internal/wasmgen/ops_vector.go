package wasmgen

import "math"

// Vector instructions, named as in the specification: F32x4Add is f32x4.add. A
// comparison has all bits of a lane set, or none. Instructions whose result depends
// on the machine ("relaxed") are left out: they would break contract C1.

// V128Const is a constant of four 32-bit lanes (v128.const).
func V128Const(lanes [4]uint32) V128 {
	code := (vector + 12).encode()
	for _, lane := range lanes {
		code = append(code, byte(lane), byte(lane>>8), byte(lane>>16), byte(lane>>24))
	}
	return V128{&written{code: code, constant: true}}
}

// Constant is v in every lane, from a local of f that is set once, before the first
// statement: to make the vector anew in a loop costs up to four instructions.
func (f *Func) Constant(v float32) V128 {
	bits := math.Float32bits(v)
	x, known := f.constants[bits]
	if !known {
		l := NewLocal[V128](f)
		f.prologue = append(f.prologue, V128Const([4]uint32{bits, bits, bits, bits}).code...)
		f.prologue = appendUint(append(f.prologue, 0x21), l.index)
		x = l.Get()
		if f.constants == nil {
			f.constants = map[uint32]V128{}
		}
		f.constants[bits] = x
	}
	return x
}

// A number in every lane.
func I32x4Splat(a I32) V128 { return op1[V128](vector+17, a) }
func F32x4Splat(a F32) V128 { return op1[V128](vector+19, a) }

// Comparisons.
func I32x4Eq(a, b V128) V128  { return op2[V128](vector+55, a, b) }
func I32x4Ne(a, b V128) V128  { return op2[V128](vector+56, a, b) }
func I32x4LtS(a, b V128) V128 { return op2[V128](vector+57, a, b) }
func I32x4LtU(a, b V128) V128 { return op2[V128](vector+58, a, b) }
func I32x4GtS(a, b V128) V128 { return op2[V128](vector+59, a, b) }
func I32x4GtU(a, b V128) V128 { return op2[V128](vector+60, a, b) }
func I32x4LeS(a, b V128) V128 { return op2[V128](vector+61, a, b) }
func I32x4LeU(a, b V128) V128 { return op2[V128](vector+62, a, b) }
func I32x4GeS(a, b V128) V128 { return op2[V128](vector+63, a, b) }
func I32x4GeU(a, b V128) V128 { return op2[V128](vector+64, a, b) }
func F32x4Eq(a, b V128) V128  { return op2[V128](vector+65, a, b) }
func F32x4Ne(a, b V128) V128  { return op2[V128](vector+66, a, b) }
func F32x4Lt(a, b V128) V128  { return op2[V128](vector+67, a, b) }
func F32x4Gt(a, b V128) V128  { return op2[V128](vector+68, a, b) }
func F32x4Le(a, b V128) V128  { return op2[V128](vector+69, a, b) }
func F32x4Ge(a, b V128) V128  { return op2[V128](vector+70, a, b) }

// All 128 bits.
func V128Not(a V128) V128       { return op1[V128](vector+77, a) }
func V128And(a, b V128) V128    { return op2[V128](vector+78, a, b) }
func V128Andnot(a, b V128) V128 { return op2[V128](vector+79, a, b) }
func V128Or(a, b V128) V128     { return op2[V128](vector+80, a, b) }
func V128Xor(a, b V128) V128    { return op2[V128](vector+81, a, b) }

// V128Bitselect has a's bits where mask has ones, else b's.
func V128Bitselect(a, b, mask V128) V128 {
	return apply[V128](vector+82, nil, expr(a), expr(b), expr(mask))
}

// V128AnyTrue is 1 if any bit is set.
func V128AnyTrue(a V128) I32 { return op1[I32](vector+83, a) }

// Integers: a shift counts modulo 32.
func I32x4Neg(a V128) V128          { return op1[V128](vector+161, a) }
func I32x4Shl(a V128, by I32) V128  { return apply[V128](vector+171, nil, expr(a), expr(by)) }
func I32x4ShrS(a V128, by I32) V128 { return apply[V128](vector+172, nil, expr(a), expr(by)) }
func I32x4ShrU(a V128, by I32) V128 { return apply[V128](vector+173, nil, expr(a), expr(by)) }
func I32x4Add(a, b V128) V128       { return op2[V128](vector+174, a, b) }
func I32x4Sub(a, b V128) V128       { return op2[V128](vector+177, a, b) }
func I32x4Mul(a, b V128) V128       { return op2[V128](vector+181, a, b) }

// Floats. Pmin is b < a ? b : a and Pmax a < b ? b : a, which fit C1; Min and Max are left out.
func F32x4Ceil(a V128) V128           { return op1[V128](vector+103, a) }
func F32x4Floor(a V128) V128          { return op1[V128](vector+104, a) }
func F32x4Trunc(a V128) V128          { return op1[V128](vector+105, a) }
func F32x4Nearest(a V128) V128        { return op1[V128](vector+106, a) }
func F32x4Abs(a V128) V128            { return op1[V128](vector+224, a) }
func F32x4Neg(a V128) V128            { return op1[V128](vector+225, a) }
func F32x4Sqrt(a V128) V128           { return op1[V128](vector+227, a) }
func F32x4Add(a, b V128) V128         { return op2[V128](vector+228, a, b) }
func F32x4Sub(a, b V128) V128         { return op2[V128](vector+229, a, b) }
func F32x4Mul(a, b V128) V128         { return op2[V128](vector+230, a, b) }
func F32x4Div(a, b V128) V128         { return op2[V128](vector+231, a, b) }
func F32x4Pmin(a, b V128) V128        { return op2[V128](vector+234, a, b) }
func F32x4Pmax(a, b V128) V128        { return op2[V128](vector+235, a, b) }
func F32x4ConvertI32x4S(a V128) V128  { return op1[V128](vector+250, a) }
func I32x4TruncSatF32x4S(a V128) V128 { return op1[V128](vector+248, a) }

// I32x4ExtractLane is one lane of a, from 0 to 3.
func I32x4ExtractLane(a V128, lane int) I32 {
	return apply[I32](vector+27, laneIndex(lane, 4), expr(a))
}

// F32x4ExtractLane is one lane of a, from 0 to 3.
func F32x4ExtractLane(a V128, lane int) F32 {
	return apply[F32](vector+31, laneIndex(lane, 4), expr(a))
}

// I32x4ReplaceLane is a with v in one lane.
func I32x4ReplaceLane(a V128, lane int, v I32) V128 {
	return apply[V128](vector+28, laneIndex(lane, 4), expr(a), expr(v))
}

// F32x4ReplaceLane is a with v in one lane.
func F32x4ReplaceLane(a V128, lane int, v F32) V128 {
	return apply[V128](vector+32, laneIndex(lane, 4), expr(a), expr(v))
}

// Shuffle32 has four 32-bit lanes picked from a (0 to 3) and b (4 to 7)
// (i8x16.shuffle).
func Shuffle32(a, b V128, lanes [4]int) V128 {
	var bytes []byte
	for _, lane := range lanes {
		l := laneIndex(lane, 8)[0] * 4
		bytes = append(bytes, l, l+1, l+2, l+3)
	}
	return apply[V128](vector+13, bytes, expr(a), expr(b))
}

func laneIndex(lane, lanes int) []byte {
	if lane < 0 || lane >= lanes {
		panic("wasmgen: lane out of range")
	}
	return []byte{byte(lane)}
}
