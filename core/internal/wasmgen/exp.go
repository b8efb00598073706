package wasmgen

import "math"

// The functions of kernel's exp.go, sigmoid.go and tanh.go on vectors, operation by
// operation, so that they have the same bits. The theory stands there.

// negativeZero is the sign bit alone.
var negativeZero = float32(math.Copysign(0, -1))

// keep writes an assignment to a new local, and is its value.
func keep(f *Func, v V128) V128 {
	l := NewLocal[V128](f)
	l.Set(v)
	return l.Get()
}

// Exp writes the calculation of e^x, and is its value.
func Exp(f *Func, x V128) V128 {
	const expMin, expMax = -104, 89
	x = keep(f, x)
	x = keep(f, V128Bitselect(f.Constant(expMin), x, F32x4Lt(x, f.Constant(expMin))))
	x = keep(f, V128Bitselect(f.Constant(expMax), x, F32x4Gt(x, f.Constant(expMax))))
	return expOf(f, x)
}

// expOf is Exp for x that are not outside [-104, 89].
func expOf(f *Func, x V128) V128 {
	const (
		log2E      = 1.44269504
		ln2Hi      = 0.693359375
		ln2Lo      = -2.12194440e-4
		roundMagic = 12582912
		expBias    = 0x4B400000 - 2*127
	)
	t := keep(f, F32x4Add(F32x4Mul(x, f.Constant(log2E)), f.Constant(roundMagic)))
	n := keep(f, F32x4Sub(t, f.Constant(roundMagic)))
	hi := keep(f, F32x4Sub(x, F32x4Mul(n, f.Constant(ln2Hi))))
	lo := keep(f, F32x4Mul(n, f.Constant(ln2Lo)))
	r := keep(f, F32x4Sub(hi, lo))
	p := polynomial(f, r, 0x1.6d649ap-10, 0x1.1241dp-7, 0x1.5554d4p-5, 0x1.555486p-3, 0x1p-1)
	q := F32x4Add(F32x4Sub(F32x4Mul(F32x4Mul(r, r), p), lo), hi)
	e := keep(f, I32x4Sub(t, f.Constant(math.Float32frombits(expBias))))
	half := keep(f, I32x4ShrS(e, I32Const(1)))
	power := func(e V128) V128 { return I32x4Shl(e, I32Const(23)) }
	return keep(f, F32x4Mul(F32x4Mul(F32x4Add(q, f.Constant(1)), power(half)), power(I32x4Sub(e, half))))
}

// polynomial is Horner's scheme at x, the highest coefficient first.
func polynomial(f *Func, x V128, coefficients ...float32) V128 {
	p := f.Constant(coefficients[0])
	for _, c := range coefficients[1:] {
		p = F32x4Add(F32x4Mul(p, x), f.Constant(c))
	}
	return p
}

// Sigmoid writes the calculation of 1/(1+e^-x), and is its value.
func Sigmoid(f *Func, x V128) V128 {
	x = keep(f, x)
	e := expNegAbs(f, x)
	n := V128Bitselect(e, f.Constant(1), F32x4Lt(x, f.Constant(0)))
	return keep(f, F32x4Div(n, F32x4Add(f.Constant(1), e)))
}

// expNegAbs writes the calculation of e^-|x|, and is its value.
func expNegAbs(f *Func, x V128) V128 {
	negative := keep(f, V128Or(x, f.Constant(negativeZero)))
	negative = keep(f, V128Bitselect(f.Constant(-104), negative, F32x4Lt(negative, f.Constant(-104))))
	return expOf(f, negative)
}

// Tanh writes the calculation of the hyperbolic tangent of x, and is its value.
func Tanh(f *Func, x V128) V128 {
	x = keep(f, x)
	sign := keep(f, V128And(x, f.Constant(negativeZero)))
	a := keep(f, V128Andnot(x, f.Constant(negativeZero)))
	z := keep(f, F32x4Mul(a, a))
	p := polynomial(f, z, -0x1.734efep-8, 0x1.51971ap-6, -0x1.b826fep-5, 0x1.110688p-3, -0x1.55553p-2)
	small := keep(f, F32x4Add(F32x4Mul(F32x4Mul(a, z), p), a))
	big := keep(f, F32x4Sub(f.Constant(1), F32x4Div(f.Constant(2), F32x4Add(Exp(f, F32x4Add(a, a)), f.Constant(1)))))
	return keep(f, V128Or(V128Bitselect(small, big, F32x4Lt(a, f.Constant(0.625))), sign))
}
