package wasmgen

import "math"

// The logarithms of kernel's log.go on vectors, operation by operation, so that they
// have the same bits. The theory stands there.

var infinity, negativeInfinity = float32(math.Inf(1)), float32(math.Inf(-1))

// Log writes the calculation of the natural logarithm of x, and is its value.
func Log(f *Func, x V128) V128 {
	x = keep(f, x)
	small := keep(f, F32x4Lt(x, f.Constant(0x1p-126)))
	y := keep(f, V128Bitselect(F32x4Mul(x, f.Constant(0x1p23)), x, small))
	k := keep(f, V128And(f.Constant(-23), small))
	y = keep(f, logReduced(f, y, k, f.Constant(0)))
	y = V128Bitselect(x, y, V128Or(F32x4Eq(x, f.Constant(infinity)), F32x4Ne(x, x)))
	y = V128Bitselect(f.Constant(negativeInfinity), y, F32x4Eq(x, f.Constant(0)))
	return keep(f, V128Bitselect(f.Constant(float32(math.NaN())), y, F32x4Lt(x, f.Constant(0))))
}

// log1pUnit writes the calculation of log(1+x) for 0 ≤ x ≤ 1 or NaN, and is its value.
func log1pUnit(f *Func, x V128) V128 {
	x = keep(f, x)
	u := keep(f, F32x4Add(x, f.Constant(1)))
	c := keep(f, F32x4Div(F32x4Sub(x, F32x4Sub(u, f.Constant(1))), u))
	return keep(f, V128Bitselect(x, logReduced(f, u, f.Constant(0), c), F32x4Ne(x, x)))
}

// logReduced writes the calculation of log(y) + k·ln 2 + c for a normal y > 0.
func logReduced(f *Func, y, k, c V128) V128 {
	const (
		sqrtHalfBits = 0x3F3504F3
		mantissaMask = 0x007FFFFF
		ln2Hi        = 0.693359375
		ln2Lo        = -2.12194440e-4
	)
	bits := func(v uint32) V128 { return f.Constant(math.Float32frombits(v)) }
	i := keep(f, I32x4Sub(y, bits(sqrtHalfBits)))
	k = keep(f, F32x4Add(k, F32x4ConvertI32x4S(I32x4ShrS(i, I32Const(23)))))
	m := I32x4Add(V128And(i, bits(mantissaMask)), bits(sqrtHalfBits))
	t := keep(f, F32x4Sub(m, f.Constant(1)))
	s := keep(f, F32x4Div(t, F32x4Add(t, f.Constant(2))))
	z := keep(f, F32x4Mul(s, s))
	q := polynomial(f, z, 0x1.ec0d84p-3, 0x1.23f1d4p-2, 0x1.999bd4p-2, 0x1.555554p-1)
	h := keep(f, F32x4Mul(F32x4Mul(t, t), f.Constant(0.5)))
	r := F32x4Add(F32x4Mul(F32x4Add(h, F32x4Mul(z, q)), s), F32x4Add(F32x4Mul(k, f.Constant(ln2Lo)), c))
	return keep(f, F32x4Add(F32x4Sub(t, F32x4Sub(h, r)), F32x4Mul(k, f.Constant(ln2Hi))))
}
