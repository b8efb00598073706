//go:build goexperiment.simd && (amd64 || arm64)

package kernel

import "simd"

// The loops of activateScalar on vectors, one function each.

func activateVec(kind Activation, alpha float32, y, x []float32) int {
	switch kind {
	case Relu:
		return reluVec(y, x)
	case Relu6:
		return relu6Vec(y, x)
	case LeakyRelu:
		return leakyReluVec(y, x, alpha)
	case Elu:
		return eluVec(y, x, 1, alpha)
	case Selu:
		return eluVec(y, x, seluScale, seluScaleAlpha)
	case Sigmoid:
		return sigmoidVec(y, x)
	case HardSigmoid:
		return hardSigmoidVec(y, x)
	case Tanh:
		return tanhVec(y, x)
	case Softplus:
		return softplusVec(y, x)
	case Softsign:
		return softsignVec(y, x)
	case Swish:
		return swishVec(y, x)
	case Mish:
		return mishVec(y, x)
	case Gelu:
		return geluVec(y, x)
	case GeluTanh:
		return geluTanhVec(y, x)
	}
	return 0
}

func reluVec(y, x []float32) int {
	if emulated {
		return 0
	}
	i, w := 0, lanes()
	zero := simd.BroadcastFloat32s(0)
	for ; i+w <= len(y); i += w {
		v := simd.LoadFloat32s(x[i:])
		zero.IfElse(v.Less(zero), v).Store(y[i:])
	}
	return i
}

func relu6Vec(y, x []float32) int {
	if emulated {
		return 0
	}
	i, w := 0, lanes()
	zero, six := simd.BroadcastFloat32s(0), simd.BroadcastFloat32s(6)
	for ; i+w <= len(y); i += w {
		v := simd.LoadFloat32s(x[i:])
		v = zero.IfElse(v.Less(zero), v)
		six.IfElse(v.Greater(six), v).Store(y[i:])
	}
	return i
}

func hardSigmoidVec(y, x []float32) int {
	if emulated {
		return 0
	}
	i, w := 0, lanes()
	zero, one := simd.BroadcastFloat32s(0), simd.BroadcastFloat32s(1)
	slope, half := simd.BroadcastFloat32s(0.2), simd.BroadcastFloat32s(0.5)
	for ; i+w <= len(y); i += w {
		v := simd.LoadFloat32s(x[i:]).Mul(slope).Add(half)
		v = zero.IfElse(v.Less(zero), v)
		one.IfElse(v.Greater(one), v).Store(y[i:])
	}
	return i
}

func leakyReluVec(y, x []float32, alpha float32) int {
	if emulated {
		return 0
	}
	i, w := 0, lanes()
	zero := simd.BroadcastFloat32s(0)
	slope := simd.BroadcastFloat32s(alpha)
	for ; i+w <= len(y); i += w {
		v := simd.LoadFloat32s(x[i:])
		v.Mul(slope).IfElse(v.Less(zero), v).Store(y[i:])
	}
	return i
}

// eluVec computes y = x < 0 ? alpha·(exp(x)-1) : scale·x.
func eluVec(y, x []float32, scale, alpha float32) int {
	if emulated {
		return 0
	}
	i, w := 0, lanes()
	zero := simd.BroadcastFloat32s(0)
	sv := simd.BroadcastFloat32s(scale)
	av := simd.BroadcastFloat32s(alpha)
	for ; i+w <= len(y); i += w {
		v := simd.LoadFloat32s(x[i:])
		expm1NegV(v).Mul(av).IfElse(v.Less(zero), v.Mul(sv)).Store(y[i:])
	}
	return i
}

func sigmoidVec(y, x []float32) int {
	if emulated {
		return 0
	}
	i, w := 0, lanes()
	zero := simd.BroadcastFloat32s(0)
	one := simd.BroadcastFloat32s(1)
	for ; i+w <= len(y); i += w {
		v := simd.LoadFloat32s(x[i:])
		e := expNegAbsV(v)
		e.IfElse(v.Less(zero), one).Div(e.Add(one)).Store(y[i:])
	}
	return i
}

func tanhVec(y, x []float32) int {
	if emulated {
		return 0
	}
	i, w := 0, lanes()
	for ; i+w <= len(y); i += w {
		v := simd.LoadFloat32s(x[i:])
		tanhV(v).Store(y[i:])
	}
	return i
}

func softplusVec(y, x []float32) int {
	if emulated {
		return 0
	}
	i, w := 0, lanes()
	zero := simd.BroadcastFloat32s(0)
	for ; i+w <= len(y); i += w {
		v := simd.LoadFloat32s(x[i:])
		l := log1pUnitV(expNegAbsV(v))
		zero.IfElse(v.Less(zero), v).Add(l).Store(y[i:])
	}
	return i
}

func softsignVec(y, x []float32) int {
	if emulated {
		return 0
	}
	i, w := 0, lanes()
	one := simd.BroadcastFloat32s(1)
	for ; i+w <= len(y); i += w {
		v := simd.LoadFloat32s(x[i:])
		v.Div(v.Abs().Add(one)).Store(y[i:])
	}
	return i
}

func swishVec(y, x []float32) int {
	if emulated {
		return 0
	}
	i, w := 0, lanes()
	zero := simd.BroadcastFloat32s(0)
	one := simd.BroadcastFloat32s(1)
	for ; i+w <= len(y); i += w {
		v := simd.LoadFloat32s(x[i:])
		e := expNegAbsV(v)
		e.IfElse(v.Less(zero), one).Div(e.Add(one)).Mul(v).Store(y[i:])
	}
	return i
}

// mishPartsV is mishParts.
func mishPartsV(x, e simd.Float32s) (n, d simd.Float32s) {
	zero, one, two := simd.BroadcastFloat32s(0), simd.BroadcastFloat32s(1), simd.BroadcastFloat32s(2)
	neg, s, t := x.Less(zero), e.Mul(e), e.Add(e)
	n = s.IfElse(neg, one).Add(t)
	return n, n.Add(two.IfElse(neg, s.Add(s)))
}

func mishVec(y, x []float32) int {
	if emulated {
		return 0
	}
	i, w := 0, lanes()
	for ; i+w <= len(y); i += w {
		v := simd.LoadFloat32s(x[i:])
		n, d := mishPartsV(v, expNegAbsV(v))
		n.Div(d).Mul(v).Store(y[i:])
	}
	return i
}

func geluVec(y, x []float32) int {
	if emulated {
		return 0
	}
	i, w := 0, lanes()
	half := simd.BroadcastFloat32s(0.5)
	one := simd.BroadcastFloat32s(1)
	root := simd.BroadcastFloat32s(sqrtHalf)
	for ; i+w <= len(y); i += w {
		v := simd.LoadFloat32s(x[i:])
		v.Mul(half).Mul(erfV(v.Mul(root)).Add(one)).Store(y[i:])
	}
	return i
}

// geluInnerV is geluInner of x clamped.
func geluInnerV(x simd.Float32s) simd.Float32s {
	z := x.Mul(x).Mul(x.Mul(simd.BroadcastFloat32s(geluCube)))
	return x.Add(z).Mul(simd.BroadcastFloat32s(geluC))
}

// geluClampV limits x to ±geluClamp.
func geluClampV(x simd.Float32s) simd.Float32s {
	lo, hi := simd.BroadcastFloat32s(-geluClamp), simd.BroadcastFloat32s(geluClamp)
	x = lo.IfElse(x.Less(lo), x)
	return hi.IfElse(x.Greater(hi), x)
}

func geluTanhVec(y, x []float32) int {
	if emulated {
		return 0
	}
	i, w := 0, lanes()
	half := simd.BroadcastFloat32s(0.5)
	one := simd.BroadcastFloat32s(1)
	for ; i+w <= len(y); i += w {
		v := simd.LoadFloat32s(x[i:])
		t := tanhV(geluInnerV(geluClampV(v)))
		v.Mul(half).Mul(t.Add(one)).Store(y[i:])
	}
	return i
}
