package wasmgen

// The functions of kernel's exp.go, sigmoid.go and tanh.go, operation by operation, so
// that they have the same bits. The theory stands there.

const signBit = 1 << 31

// Clamp writes the limitation of x to [lo, hi], NaN passing, and is its value.
func (l Lanes) Clamp(x Num, lo, hi float32) Num {
	x = l.Keep(x)
	x = l.Keep(l.Select(l.Const(lo), x, l.Lt(x, l.Const(lo))))
	return l.Keep(l.Select(l.Const(hi), x, l.Gt(x, l.Const(hi))))
}

// Exp writes the calculation of e^x, and is its value.
func (l Lanes) Exp(x Num) Num { return l.expOf(l.Clamp(x, expMin, expMax)) }

const (
	expMin  = -104
	expMax  = 89
	ln2Hi   = 0.693359375
	ln2Lo   = -2.12194440e-4
	expBias = 0x4B400000 - 2*127
)

// expOf is Exp for x that are not outside [-104, 89].
func (l Lanes) expOf(x Num) Num {
	q, e := l.expReduced(x)
	half := l.KeepBits(l.ShrS(e, 1))
	return l.Keep(l.Mul(l.Mul(l.Add(q, l.Const(1)), l.power(half)), l.power(l.SubInt(e, half))))
}

// power is the number whose biased exponent is e.
func (l Lanes) power(e Bits) Num { return l.NumOf(l.Shl(e, 23)) }

// expReduced is kernel's function of that name.
func (l Lanes) expReduced(x Num) (q Num, e Bits) {
	const log2E, roundMagic = 1.44269504, 12582912
	t := l.Keep(l.Add(l.Mul(x, l.Const(log2E)), l.Const(roundMagic)))
	n := l.Keep(l.Sub(t, l.Const(roundMagic)))
	hi := l.Keep(l.Sub(x, l.Mul(n, l.Const(ln2Hi))))
	lo := l.Keep(l.Mul(n, l.Const(ln2Lo)))
	r := l.Keep(l.Sub(hi, lo))
	p := l.Polynomial(r, 0x1.6d649ap-10, 0x1.1241dp-7, 0x1.5554d4p-5, 0x1.555486p-3, 0x1p-1)
	q = l.Add(l.Sub(l.Mul(l.Mul(r, r), p), lo), hi)
	return q, l.KeepBits(l.SubInt(l.BitsOf(t), l.ConstBits(expBias)))
}

// Polynomial is Horner's scheme at x, the highest coefficient first.
func (l Lanes) Polynomial(x Num, coefficients ...float32) Num {
	p := l.Const(coefficients[0])
	for _, c := range coefficients[1:] {
		p = l.Add(l.Mul(p, x), l.Const(c))
	}
	return p
}

// Sigmoid writes the calculation of 1/(1+e^-x), and is its value.
func (l Lanes) Sigmoid(x Num) Num {
	x = l.Keep(x)
	e := l.expNegAbs(x)
	return l.Keep(l.Div(l.Select(e, l.Const(1), l.Lt(x, l.Const(0))), l.Add(l.Const(1), e)))
}

// expNegAbs is e^-|x|.
func (l Lanes) expNegAbs(x Num) Num {
	negative := l.Keep(l.NumOf(l.Or(l.BitsOf(x), l.ConstBits(signBit))))
	return l.expOf(l.Keep(l.Select(l.Const(expMin), negative, l.Lt(negative, l.Const(expMin)))))
}

// Tanh writes the calculation of the hyperbolic tangent of x, and is its value.
func (l Lanes) Tanh(x Num) Num {
	x = l.Keep(x)
	a := l.Keep(l.Abs(x))
	z := l.Keep(l.Mul(a, a))
	p := l.Polynomial(z, -0x1.734efep-8, 0x1.51971ap-6, -0x1.b826fep-5, 0x1.110688p-3, -0x1.55553p-2)
	small := l.Keep(l.Add(l.Mul(l.Mul(a, z), p), a))
	big := l.Keep(l.Sub(l.Const(1), l.Div(l.Const(2), l.Add(l.Exp(l.Add(a, a)), l.Const(1)))))
	return l.Keep(l.copySign(l.Select(small, big, l.Lt(a, l.Const(0.625))), x))
}

// copySign is x, which is not negative, with the sign of s.
func (l Lanes) copySign(x, s Num) Num {
	return l.NumOf(l.Or(l.BitsOf(x), l.And(l.BitsOf(s), l.ConstBits(signBit))))
}
