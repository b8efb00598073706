package wasmgen

import "math"

// Lanes writes arithmetic on float32 once for two kinds of code: on vectors of four
// numbers and, with Scalar, on single numbers, for hosts without SIMD. Both give the
// same bits.
type Lanes struct {
	F      *Func
	Scalar bool
}

// A Num is a float32 in every lane, Bits are its 32 bits, or a mask: the result of a
// comparison, which only Select takes.
type (
	Num struct {
		v V128
		s F32
	}
	Bits struct {
		v V128
		s I32
	}
)

// Count returns the number of lanes.
func (l Lanes) Count() int {
	if l.Scalar {
		return 1
	}
	return 4
}

// Const is v in every lane.
func (l Lanes) Const(v float32) Num {
	if l.Scalar {
		return Num{s: F32Const(v)}
	}
	return Num{v: l.F.Constant(v)}
}

// Splat is x in every lane.
func (l Lanes) Splat(x F32) Num {
	if l.Scalar {
		return Num{s: x}
	}
	return Num{v: F32x4Splat(x)}
}

// Load loads neighbouring numbers, one a lane.
func (l Lanes) Load(addr I32, offset uint32) Num {
	if l.Scalar {
		return Num{s: F32Load(addr, offset)}
	}
	return Num{v: V128Load(addr, offset)}
}

// Store writes a statement that stores neighbouring numbers.
func (l Lanes) Store(addr I32, offset uint32, x Num) {
	if l.Scalar {
		l.F.F32Store(addr, offset, x.s)
	} else {
		l.F.V128Store(addr, offset, x.v)
	}
}

// A Var is a variable of type Num.
type Var struct {
	l Lanes
	v Local[V128]
	s Local[F32]
}

// Var declares a variable, at first 0.
func (l Lanes) Var() Var {
	if l.Scalar {
		return Var{l: l, s: NewLocal[F32](l.F)}
	}
	return Var{l: l, v: NewLocal[V128](l.F)}
}

// Set writes the statement x = n.
func (x Var) Set(n Num) {
	if x.l.Scalar {
		x.s.Set(n.s)
	} else {
		x.v.Set(n.v)
	}
}

// Get is the variable's value.
func (x Var) Get() Num {
	if x.l.Scalar {
		return Num{s: x.s.Get()}
	}
	return Num{v: x.v.Get()}
}

// Keep writes an assignment to a new variable, and is its value: for what is used
// more than once.
func (l Lanes) Keep(x Num) Num {
	v := l.Var()
	v.Set(x)
	return v.Get()
}

// KeepBits is Keep for Bits.
func (l Lanes) KeepBits(x Bits) Bits {
	if l.Scalar {
		v := NewLocal[I32](l.F)
		v.Set(x.s)
		return Bits{s: v.Get()}
	}
	return Bits{v: keep(l.F, x.v)}
}

func (l Lanes) num1(scalar func(F32) F32, vector func(V128) V128, a Num) Num {
	if l.Scalar {
		return Num{s: scalar(a.s)}
	}
	return Num{v: vector(a.v)}
}

func (l Lanes) num2(scalar func(a, b F32) F32, vector func(a, b V128) V128, a, b Num) Num {
	if l.Scalar {
		return Num{s: scalar(a.s, b.s)}
	}
	return Num{v: vector(a.v, b.v)}
}

func (l Lanes) compare(scalar func(a, b F32) I32, vector func(a, b V128) V128, a, b Num) Bits {
	if l.Scalar {
		return Bits{s: scalar(a.s, b.s)}
	}
	return Bits{v: vector(a.v, b.v)}
}

func (l Lanes) bits2(scalar func(a, b I32) I32, vector func(a, b V128) V128, a, b Bits) Bits {
	if l.Scalar {
		return Bits{s: scalar(a.s, b.s)}
	}
	return Bits{v: vector(a.v, b.v)}
}

// Arithmetic: one rounding each.
func (l Lanes) Add(a, b Num) Num { return l.num2(F32Add, F32x4Add, a, b) }
func (l Lanes) Sub(a, b Num) Num { return l.num2(F32Sub, F32x4Sub, a, b) }
func (l Lanes) Mul(a, b Num) Num { return l.num2(F32Mul, F32x4Mul, a, b) }
func (l Lanes) Div(a, b Num) Num { return l.num2(F32Div, F32x4Div, a, b) }
func (l Lanes) Sqrt(a Num) Num   { return l.num1(F32Sqrt, F32x4Sqrt, a) }
func (l Lanes) Floor(a Num) Num  { return l.num1(F32Floor, F32x4Floor, a) }
func (l Lanes) Abs(a Num) Num    { return l.num1(F32Abs, F32x4Abs, a) }
func (l Lanes) Neg(a Num) Num    { return l.num1(F32Neg, F32x4Neg, a) }

// Comparisons give masks.
func (l Lanes) Lt(a, b Num) Bits { return l.compare(F32Lt, F32x4Lt, a, b) }
func (l Lanes) Gt(a, b Num) Bits { return l.compare(F32Gt, F32x4Gt, a, b) }
func (l Lanes) Eq(a, b Num) Bits { return l.compare(F32Eq, F32x4Eq, a, b) }
func (l Lanes) Ne(a, b Num) Bits { return l.compare(F32Ne, F32x4Ne, a, b) }

// Select is a where the mask is set, else b.
func (l Lanes) Select(a, b Num, mask Bits) Num {
	if l.Scalar {
		return Num{s: F32Select(a.s, b.s, mask.s)}
	}
	return Num{v: V128Bitselect(a.v, b.v, mask.v)}
}

// BitsOf are the bits of x, and NumOf is the number of such bits.
func (l Lanes) BitsOf(x Num) Bits {
	if l.Scalar {
		return Bits{s: I32ReinterpretF32(x.s)}
	}
	return Bits{v: x.v}
}

// NumOf is the number of these bits.
func (l Lanes) NumOf(x Bits) Num {
	if l.Scalar {
		return Num{s: F32ReinterpretI32(x.s)}
	}
	return Num{v: x.v}
}

// ConstBits is v in every lane.
func (l Lanes) ConstBits(v uint32) Bits {
	if l.Scalar {
		return Bits{s: I32Const(int32(v))}
	}
	return Bits{v: l.F.Constant(math.Float32frombits(v))}
}

// Integer arithmetic, modulo 2³².
func (l Lanes) And(a, b Bits) Bits    { return l.bits2(I32And, V128And, a, b) }
func (l Lanes) Or(a, b Bits) Bits     { return l.bits2(I32Or, V128Or, a, b) }
func (l Lanes) AddInt(a, b Bits) Bits { return l.bits2(I32Add, I32x4Add, a, b) }
func (l Lanes) SubInt(a, b Bits) Bits { return l.bits2(I32Sub, I32x4Sub, a, b) }

// Shl shifts left, ShrS right keeping the sign.
func (l Lanes) Shl(a Bits, by int32) Bits {
	if l.Scalar {
		return Bits{s: I32Shl(a.s, I32Const(by))}
	}
	return Bits{v: I32x4Shl(a.v, I32Const(by))}
}

// ShrS shifts right, keeping the sign.
func (l Lanes) ShrS(a Bits, by int32) Bits {
	if l.Scalar {
		return Bits{s: I32ShrS(a.s, I32Const(by))}
	}
	return Bits{v: I32x4ShrS(a.v, I32Const(by))}
}

// Float is the signed integer as a number.
func (l Lanes) Float(a Bits) Num {
	if l.Scalar {
		return Num{s: F32ConvertI32S(a.s)}
	}
	return Num{v: F32x4ConvertI32x4S(a.v)}
}
