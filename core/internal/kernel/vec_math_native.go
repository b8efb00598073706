//go:build goexperiment.simd && (amd64 || arm64)

package kernel

import "simd"

// The functions of exp.go, log.go, tanh.go and erf.go, operation by operation on
// vectors. They are kept below the compiler's inlining budget (the kernels' loops
// have them inline), which is why some are cut in two.

// expV is Exp32.
func expV(x simd.Float32s) simd.Float32s {
	lo, hi := simd.BroadcastFloat32s(expMin), simd.BroadcastFloat32s(expMax)
	x = lo.IfElse(x.Less(lo), x)
	x = hi.IfElse(x.Greater(hi), x)
	q, n := expReducedV(x)
	q = q.Add(simd.BroadcastFloat32s(1))
	h := n.ShiftAllRight(1)
	return q.Mul(h.ShiftAllLeft(23).BitsToFloat32()).Mul(n.Sub(h).ShiftAllLeft(23).BitsToFloat32())
}

// expReducedV is expReduced.
func expReducedV(x simd.Float32s) (simd.Float32s, simd.Uint32s) {
	magic := simd.BroadcastFloat32s(roundMagic)
	t := x.Mul(simd.BroadcastFloat32s(log2E)).Add(magic)
	f := t.Sub(magic)
	x = x.Sub(f.Mul(simd.BroadcastFloat32s(ln2Hi)))
	f = f.Mul(simd.BroadcastFloat32s(ln2Lo))
	r := x.Sub(f)
	p := r.Mul(simd.BroadcastFloat32s(expP4)).Add(simd.BroadcastFloat32s(expP3))
	p = p.Mul(r).Add(simd.BroadcastFloat32s(expP2))
	p = p.Mul(r).Add(simd.BroadcastFloat32s(expP1))
	p = p.Mul(r).Add(simd.BroadcastFloat32s(expP0))
	return r.Mul(r).Mul(p).Sub(f).Add(x), t.ToBits().Sub(simd.BroadcastUint32s(expBias))
}

// expNegAbsV is Exp32(-|x|).
func expNegAbsV(x simd.Float32s) simd.Float32s {
	x = x.ToBits().Or(simd.BroadcastUint32s(signBit)).BitsToFloat32()
	lo := simd.BroadcastFloat32s(expMin)
	q, n := expReducedV(lo.IfElse(x.Less(lo), x))
	q = q.Add(simd.BroadcastFloat32s(1))
	h := n.ShiftAllRight(1)
	return q.Mul(h.ShiftAllLeft(23).BitsToFloat32()).Mul(n.Sub(h).ShiftAllLeft(23).BitsToFloat32())
}

// expm1NegV is expm1Neg.
func expm1NegV(x simd.Float32s) simd.Float32s {
	lo, zero := simd.BroadcastFloat32s(expm1Min), simd.BroadcastFloat32s(0)
	x = lo.IfElse(x.Less(lo), x)
	q, n := expReducedV(zero.IfElse(x.Greater(zero), x))
	s := n.Sub(simd.BroadcastUint32s(127)).ShiftAllLeft(23).BitsToFloat32()
	return q.Mul(s).Add(s.Sub(simd.BroadcastFloat32s(1)))
}

// logReducedV is logReduced.
func logReducedV(y, k, c simd.Float32s) simd.Float32s {
	i := y.ToBits().Sub(simd.BroadcastUint32s(sqrtHalfBits)).BitsToInt32()
	k = k.Add(i.ShiftAllRight(23).ConvertToFloat32())
	m := i.And(simd.BroadcastInt32s(mantissaMask)).Add(simd.BroadcastInt32s(sqrtHalfBits))
	f := m.ToBits().BitsToFloat32().Sub(simd.BroadcastFloat32s(1))
	s := f.Div(f.Add(simd.BroadcastFloat32s(2)))
	z := s.Mul(s)
	q := z.Mul(simd.BroadcastFloat32s(logQ3)).Add(simd.BroadcastFloat32s(logQ2))
	q = q.Mul(z).Add(simd.BroadcastFloat32s(logQ1))
	q = q.Mul(z).Add(simd.BroadcastFloat32s(logQ0))
	h := f.Mul(f).Mul(simd.BroadcastFloat32s(0.5))
	t := h.Add(z.Mul(q)).Mul(s).Add(k.Mul(simd.BroadcastFloat32s(ln2Lo)).Add(c))
	return f.Sub(h.Sub(t)).Add(k.Mul(simd.BroadcastFloat32s(ln2Hi)))
}

// logSpecialV is logSpecial.
func logSpecialV(y, x simd.Float32s) simd.Float32s {
	inf, zero := simd.BroadcastUint32s(infBits).BitsToFloat32(), simd.BroadcastFloat32s(0)
	y = inf.IfElse(x.Equal(inf), y)
	y = x.IfElse(x.NotEqual(x), y)
	y = zero.Sub(inf).IfElse(x.Equal(zero), y)
	return simd.BroadcastUint32s(nanBits).BitsToFloat32().IfElse(x.Less(zero), y)
}

// logV is Log32.
func logV(x simd.Float32s) simd.Float32s {
	zero, small := simd.BroadcastFloat32s(0), x.Less(simd.BroadcastFloat32s(smallest))
	y := x.Mul(simd.BroadcastFloat32s(0x1p23)).IfElse(small, x)
	k := simd.BroadcastFloat32s(-23).IfElse(small, zero)
	return logSpecialV(logReducedV(y, k, zero), x)
}

// log1pV is Log1p32.
func log1pV(x simd.Float32s) simd.Float32s {
	one := simd.BroadcastFloat32s(1)
	u := x.Add(one)
	c := x.Sub(u.Sub(one))
	c = one.Sub(u.Sub(x)).IfElse(x.Greater(one), c)
	return logSpecialV(logReducedV(u, simd.BroadcastFloat32s(0), c.Div(u)), u)
}

// log1pUnitV is Log1p32 for 0 ≤ x ≤ 1 or NaN.
func log1pUnitV(x simd.Float32s) simd.Float32s {
	one := simd.BroadcastFloat32s(1)
	u := x.Add(one)
	y := logReducedV(u, simd.BroadcastFloat32s(0), x.Sub(u.Sub(one)).Div(u))
	return x.IfElse(x.NotEqual(x), y)
}

// tanhV is Tanh32.
func tanhV(x simd.Float32s) simd.Float32s {
	a, one := x.Abs(), simd.BroadcastFloat32s(1)
	big := one.Sub(simd.BroadcastFloat32s(2).Div(expV(a.Add(a)).Add(one)))
	return copySignV(tanhSmallV(a).IfElse(a.Less(simd.BroadcastFloat32s(tanhSplit)), big), x)
}

// tanhSmallV is Tanh32 for 0 ≤ x < tanhSplit.
func tanhSmallV(x simd.Float32s) simd.Float32s {
	z := x.Mul(x)
	p := z.Mul(simd.BroadcastFloat32s(tanhP4)).Add(simd.BroadcastFloat32s(tanhP3))
	p = p.Mul(z).Add(simd.BroadcastFloat32s(tanhP2))
	p = p.Mul(z).Add(simd.BroadcastFloat32s(tanhP1))
	p = p.Mul(z).Add(simd.BroadcastFloat32s(tanhP0))
	return x.Mul(z).Mul(p).Add(x)
}

// erfV is Erf32.
func erfV(x simd.Float32s) simd.Float32s {
	a := x.Abs()
	big := simd.BroadcastFloat32s(1).Sub(expV(logErfcV(a)))
	return erfSmallV(x).IfElse(a.Less(simd.BroadcastFloat32s(erfSplit)), copySignV(big, x))
}

// erfSmallV is Erf32 below erfSplit.
func erfSmallV(x simd.Float32s) simd.Float32s {
	z := x.Mul(x)
	p := z.Mul(simd.BroadcastFloat32s(erfP6)).Add(simd.BroadcastFloat32s(erfP5))
	p = p.Mul(z).Add(simd.BroadcastFloat32s(erfP4))
	p = p.Mul(z).Add(simd.BroadcastFloat32s(erfP3))
	p = p.Mul(z).Add(simd.BroadcastFloat32s(erfP2))
	p = p.Mul(z).Add(simd.BroadcastFloat32s(erfP1))
	p = p.Mul(z).Add(simd.BroadcastFloat32s(erfP0))
	return x.Mul(p).Add(x)
}

// logErfcV is the polynomial L of erf.go.
func logErfcV(a simd.Float32s) simd.Float32s {
	hi := simd.BroadcastFloat32s(erfMax)
	a = hi.IfElse(a.Greater(hi), a)
	p := a.Mul(simd.BroadcastFloat32s(erfL6)).Add(simd.BroadcastFloat32s(erfL5))
	p = p.Mul(a).Add(simd.BroadcastFloat32s(erfL4))
	p = p.Mul(a).Add(simd.BroadcastFloat32s(erfL3))
	p = p.Mul(a).Add(simd.BroadcastFloat32s(erfL2))
	p = p.Mul(a).Add(simd.BroadcastFloat32s(erfL1))
	return p.Mul(a).Add(simd.BroadcastFloat32s(erfL0))
}

// copySignV is copySign.
func copySignV(x, s simd.Float32s) simd.Float32s {
	return x.ToBits().Or(s.ToBits().And(simd.BroadcastUint32s(signBit))).BitsToFloat32()
}

func expVec(dst, x []float32) int {
	if emulated {
		return 0
	}
	i, w := 0, lanes()
	for ; i+w <= len(dst); i += w {
		expV(simd.LoadFloat32s(x[i:])).Store(dst[i:])
	}
	return i
}

func logVec(dst, x []float32) int {
	if emulated {
		return 0
	}
	i, w := 0, lanes()
	for ; i+w <= len(dst); i += w {
		logV(simd.LoadFloat32s(x[i:])).Store(dst[i:])
	}
	return i
}

func log1pVec(dst, x []float32) int {
	if emulated {
		return 0
	}
	i, w := 0, lanes()
	for ; i+w <= len(dst); i += w {
		log1pV(simd.LoadFloat32s(x[i:])).Store(dst[i:])
	}
	return i
}

func erfVec(dst, x []float32) int {
	if emulated {
		return 0
	}
	i, w := 0, lanes()
	for ; i+w <= len(dst); i += w {
		erfV(simd.LoadFloat32s(x[i:])).Store(dst[i:])
	}
	return i
}

func expShiftVec(dst, x []float32, m float32) int {
	if emulated {
		return 0
	}
	i, w, f := 0, lanes(), simd.BroadcastFloat32s(m)
	for ; i+w <= len(dst); i += w {
		expV(simd.LoadFloat32s(x[i:]).Sub(f)).Store(dst[i:])
	}
	return i
}

func subExpScaledVec(dst, a, y []float32, s float32) int {
	if emulated {
		return 0
	}
	i, w, f := 0, lanes(), simd.BroadcastFloat32s(s)
	for ; i+w <= len(dst); i += w {
		e := expV(simd.LoadFloat32s(y[i:])).Mul(f)
		simd.LoadFloat32s(a[i:]).Sub(e).Store(dst[i:])
	}
	return i
}
