package wasmgen

// The functions of kernel's activation_scalar.go, operation by operation: each writes
// the calculation and is its value. x is used as often as needed.

// Relu is x < 0 ? 0 : x.
func (l Lanes) Relu(x Num) Num { return l.below(x, l.Const(0)) }

// below is x < 0 ? y : x.
func (l Lanes) below(x, y Num) Num { return l.Select(y, x, l.Lt(x, l.Const(0))) }

// LeakyRelu has slope alpha below zero.
func (l Lanes) LeakyRelu(x Num, alpha float32) Num { return l.below(x, l.Mul(l.Const(alpha), x)) }

// Elu is alpha·(e^x − 1) below zero.
func (l Lanes) Elu(x Num, alpha float32) Num {
	return l.below(x, l.Mul(l.Const(alpha), l.expm1Neg(x)))
}

// Selu is Elu with the constants of Klambauer et al. (2017).
func (l Lanes) Selu(x Num) Num {
	const scale, scaleAlpha = 1.0507009873554805, 1.7580993408473766
	negative := l.Mul(l.Const(scaleAlpha), l.expm1Neg(x))
	return l.Select(negative, l.Mul(l.Const(scale), x), l.Lt(x, l.Const(0)))
}

// expm1Neg is e^x − 1 for x ≤ 0; larger x are taken as 0.
func (l Lanes) expm1Neg(x Num) Num {
	q, e := l.expReduced(l.Clamp(x, -20, 0))
	s := l.Keep(l.power(l.SubInt(e, l.ConstBits(127))))
	return l.Keep(l.Add(l.Mul(q, s), l.Sub(s, l.Const(1))))
}

// HardSigmoid is 0.2·x + 0.5, cut to [0, 1].
func (l Lanes) HardSigmoid(x Num) Num {
	return l.Clamp(l.Add(l.Mul(l.Const(0.2), x), l.Const(0.5)), 0, 1)
}

// Softplus is log(1 + e^x).
func (l Lanes) Softplus(x Num) Num {
	return l.Add(l.below(x, l.Const(0)), l.log1pUnit(l.expNegAbs(x)))
}

// Softsign is x / (1 + |x|).
func (l Lanes) Softsign(x Num) Num { return l.Div(x, l.Add(l.Const(1), l.Abs(x))) }

// Swish is x·sigmoid(x).
func (l Lanes) Swish(x Num) Num { return l.Mul(x, l.Sigmoid(x)) }

// Mish is x·tanh(softplus(x)).
func (l Lanes) Mish(x Num) Num {
	e := l.expNegAbs(x)
	s, t := l.Keep(l.Mul(e, e)), l.Keep(l.Add(e, e))
	negative := l.KeepBits(l.Lt(x, l.Const(0)))
	n := l.Keep(l.Add(l.Select(s, l.Const(1), negative), t))
	d := l.Add(n, l.Select(l.Const(2), l.Add(s, s), negative))
	return l.Mul(x, l.Div(n, d))
}

// Gelu is x·Φ(x).
func (l Lanes) Gelu(x Num) Num {
	const sqrtHalf = 0.7071067811865476
	erf := l.Erf(l.Mul(x, l.Const(sqrtHalf)))
	return l.Mul(l.Mul(l.Const(0.5), x), l.Add(l.Const(1), erf))
}

// GeluTanh is Gelu's approximation by tanh.
func (l Lanes) GeluTanh(x Num) Num {
	const clamp, c, cube = 10, 0.7978845608028654, 0.044715
	y := l.Clamp(x, -clamp, clamp)
	z := l.Keep(l.Mul(y, y))
	inner := l.Mul(l.Const(c), l.Add(y, l.Mul(l.Mul(l.Const(cube), y), z)))
	return l.Mul(l.Mul(l.Const(0.5), x), l.Add(l.Const(1), l.Tanh(inner)))
}
