package wasmgen

import "math"

// The functions of kernel's log.go and erf.go, operation by operation.

var infinity, negativeInfinity = float32(math.Inf(1)), float32(math.Inf(-1))

const (
	sqrtHalfBits = 0x3F3504F3
	mantissaMask = 0x007FFFFF
)

// Log writes the calculation of the natural logarithm of x, and is its value.
func (l Lanes) Log(x Num) Num {
	x = l.Keep(x)
	small := l.KeepBits(l.Lt(x, l.Const(0x1p-126)))
	y := l.Keep(l.Select(l.Mul(x, l.Const(0x1p23)), x, small))
	k := l.Keep(l.Select(l.Const(-23), l.Const(0), small))
	return l.logSpecial(l.logReduced(y, k, l.Const(0)), x)
}

// Log1p writes the calculation of log(1+x), and is its value.
func (l Lanes) Log1p(x Num) Num {
	x = l.Keep(x)
	u := l.Keep(l.Add(l.Const(1), x))
	c := l.Sub(x, l.Sub(u, l.Const(1)))
	c = l.Select(l.Sub(l.Const(1), l.Sub(u, x)), c, l.Gt(x, l.Const(1)))
	return l.logSpecial(l.logReduced(u, l.Const(0), l.Keep(l.Div(c, u))), u)
}

// log1pUnit is Log1p for x from 0 to 1, or NaN.
func (l Lanes) log1pUnit(x Num) Num {
	u := l.Keep(l.Add(x, l.Const(1)))
	c := l.Keep(l.Div(l.Sub(x, l.Sub(u, l.Const(1))), u))
	y := l.logReduced(u, l.Const(0), c)
	return l.Keep(l.Select(x, y, l.Ne(x, x)))
}

// logReduced is kernel's function of that name.
func (l Lanes) logReduced(y, k, c Num) Num {
	i := l.KeepBits(l.SubInt(l.BitsOf(y), l.ConstBits(sqrtHalfBits)))
	k = l.Keep(l.Add(k, l.Float(l.ShrS(i, 23))))
	m := l.AddInt(l.And(i, l.ConstBits(mantissaMask)), l.ConstBits(sqrtHalfBits))
	f := l.Keep(l.Sub(l.NumOf(m), l.Const(1)))
	s := l.Keep(l.Div(f, l.Add(f, l.Const(2))))
	z := l.Keep(l.Mul(s, s))
	q := l.Polynomial(z, 0x1.ec0d84p-3, 0x1.23f1d4p-2, 0x1.999bd4p-2, 0x1.555554p-1)
	h := l.Keep(l.Mul(l.Mul(f, f), l.Const(0.5)))
	t := l.Keep(l.Add(l.Mul(s, l.Add(h, l.Mul(z, q))), l.Add(l.Mul(k, l.Const(ln2Lo)), c)))
	return l.Keep(l.Add(l.Sub(f, l.Sub(h, t)), l.Mul(k, l.Const(ln2Hi))))
}

// logSpecial replaces y = log(x) where x has no ordinary logarithm.
func (l Lanes) logSpecial(y, x Num) Num {
	y = l.Keep(l.Select(l.Const(infinity), y, l.Eq(x, l.Const(infinity))))
	y = l.Keep(l.Select(x, y, l.Ne(x, x)))
	y = l.Keep(l.Select(l.Const(negativeInfinity), y, l.Eq(x, l.Const(0))))
	return l.Keep(l.Select(l.Const(float32(math.NaN())), y, l.Lt(x, l.Const(0))))
}

// Erf writes the calculation of the error function of x, and is its value.
func (l Lanes) Erf(x Num) Num {
	const split, limit = 0.921875, 4
	x = l.Keep(x)
	a := l.Keep(l.Abs(x))
	z := l.Keep(l.Mul(x, x))
	p := l.Polynomial(z, 0x1.5bd58cp-14, -0x1.a9e392p-11, 0x1.54bb3ap-8, -0x1.b80cdap-6, 0x1.ce2decp-4, -0x1.812742p-2, 0x1.06eba8p-3)
	small := l.Keep(l.Add(l.Mul(x, p), x))
	b := l.Keep(l.Select(l.Const(limit), a, l.Gt(a, l.Const(limit))))
	e := l.Polynomial(b, 0x1.9fc1fap-13, -0x1.91d56p-9, 0x1.6da094p-6, -0x1.aa74d4p-4, -0x1.462184p-1, -0x1.20b76p+0, -0x1.5cb2d6p-13)
	big := l.Keep(l.Sub(l.Const(1), l.Exp(e)))
	return l.Keep(l.Select(small, l.copySign(big, x), l.Lt(a, l.Const(split))))
}
