//go:build goexperiment.simd && (amd64 || arm64)

package kernel

import "simd"

// The loops of activateGradScalar on vectors, one function each.

func activateGradVec(kind Activation, alpha float32, dx, dy, s []float32) int {
	switch kind {
	case Relu:
		return reluGradVec(dx, dy, s)
	case Relu6:
		return relu6GradVec(dx, dy, s)
	case LeakyRelu:
		return leakyReluGradVec(dx, dy, s, alpha)
	case Elu:
		return eluGradVec(dx, dy, s, alpha)
	case Selu:
		return seluGradVec(dx, dy, s)
	case Sigmoid:
		return sigmoidGradVec(dx, dy, s)
	case HardSigmoid:
		return hardSigmoidGradVec(dx, dy, s)
	case Tanh:
		return tanhGradVec(dx, dy, s)
	case Softplus:
		return softplusGradVec(dx, dy, s)
	case Softsign:
		return softsignGradVec(dx, dy, s)
	case Swish:
		return swishGradVec(dx, dy, s)
	case Mish:
		return mishGradVec(dx, dy, s)
	case Gelu:
		return geluGradVec(dx, dy, s)
	case GeluTanh:
		return geluTanhGradVec(dx, dy, s)
	}
	return 0
}

func reluGradVec(dx, dy, s []float32) int {
	if emulated {
		return 0
	}
	i, w := 0, lanes()
	zero := simd.BroadcastFloat32s(0)
	for ; i+w <= len(dx); i += w {
		v, g := simd.LoadFloat32s(s[i:]), simd.LoadFloat32s(dy[i:])
		g.IfElse(v.Greater(zero), zero).Store(dx[i:])
	}
	return i
}

func relu6GradVec(dx, dy, s []float32) int {
	if emulated {
		return 0
	}
	i, w := 0, lanes()
	zero := simd.BroadcastFloat32s(0)
	six := simd.BroadcastFloat32s(6)
	for ; i+w <= len(dx); i += w {
		v, g := simd.LoadFloat32s(s[i:]), simd.LoadFloat32s(dy[i:])
		g.IfElse(v.Greater(zero).And(v.Less(six)), zero).Store(dx[i:])
	}
	return i
}

func leakyReluGradVec(dx, dy, s []float32, alpha float32) int {
	if emulated {
		return 0
	}
	i, w := 0, lanes()
	zero := simd.BroadcastFloat32s(0)
	slope := simd.BroadcastFloat32s(alpha)
	for ; i+w <= len(dx); i += w {
		v, g := simd.LoadFloat32s(s[i:]), simd.LoadFloat32s(dy[i:])
		g.IfElse(v.Greater(zero), g.Mul(slope)).Store(dx[i:])
	}
	return i
}

func eluGradVec(dx, dy, s []float32, alpha float32) int {
	if emulated {
		return 0
	}
	i, w := 0, lanes()
	zero := simd.BroadcastFloat32s(0)
	av := simd.BroadcastFloat32s(alpha)
	for ; i+w <= len(dx); i += w {
		v, g := simd.LoadFloat32s(s[i:]), simd.LoadFloat32s(dy[i:])
		g.Mul(v.Add(av)).IfElse(v.Less(zero), g).Store(dx[i:])
	}
	return i
}

func seluGradVec(dx, dy, s []float32) int {
	if emulated {
		return 0
	}
	i, w := 0, lanes()
	zero := simd.BroadcastFloat32s(0)
	scale := simd.BroadcastFloat32s(seluScale)
	sa := simd.BroadcastFloat32s(seluScaleAlpha)
	for ; i+w <= len(dx); i += w {
		v, g := simd.LoadFloat32s(s[i:]), simd.LoadFloat32s(dy[i:])
		scale.IfElse(v.Greater(zero), v.Add(sa)).Mul(g).Store(dx[i:])
	}
	return i
}

func sigmoidGradVec(dx, dy, s []float32) int {
	if emulated {
		return 0
	}
	i, w := 0, lanes()
	one := simd.BroadcastFloat32s(1)
	for ; i+w <= len(dx); i += w {
		v, g := simd.LoadFloat32s(s[i:]), simd.LoadFloat32s(dy[i:])
		one.Sub(v).Mul(v).Mul(g).Store(dx[i:])
	}
	return i
}

func hardSigmoidGradVec(dx, dy, s []float32) int {
	if emulated {
		return 0
	}
	i, w := 0, lanes()
	zero := simd.BroadcastFloat32s(0)
	slope := simd.BroadcastFloat32s(0.2)
	hi := simd.BroadcastFloat32s(2.5)
	lo := simd.BroadcastFloat32s(-2.5)
	for ; i+w <= len(dx); i += w {
		v, g := simd.LoadFloat32s(s[i:]), simd.LoadFloat32s(dy[i:])
		in := v.GreaterEqual(lo).And(v.LessEqual(hi))
		g.Mul(slope).IfElse(in, zero).Store(dx[i:])
	}
	return i
}

func tanhGradVec(dx, dy, s []float32) int {
	if emulated {
		return 0
	}
	i, w := 0, lanes()
	one := simd.BroadcastFloat32s(1)
	for ; i+w <= len(dx); i += w {
		v, g := simd.LoadFloat32s(s[i:]), simd.LoadFloat32s(dy[i:])
		one.Sub(v).Mul(one.Add(v)).Mul(g).Store(dx[i:])
	}
	return i
}

func softplusGradVec(dx, dy, s []float32) int {
	if emulated {
		return 0
	}
	i, w := 0, lanes()
	zero := simd.BroadcastFloat32s(0)
	one := simd.BroadcastFloat32s(1)
	for ; i+w <= len(dx); i += w {
		v, g := simd.LoadFloat32s(s[i:]), simd.LoadFloat32s(dy[i:])
		e := expNegAbsV(v)
		e.IfElse(v.Less(zero), one).Div(e.Add(one)).Mul(g).Store(dx[i:])
	}
	return i
}

func softsignGradVec(dx, dy, s []float32) int {
	if emulated {
		return 0
	}
	i, w := 0, lanes()
	one := simd.BroadcastFloat32s(1)
	for ; i+w <= len(dx); i += w {
		v, g := simd.LoadFloat32s(s[i:]), simd.LoadFloat32s(dy[i:])
		d := v.Abs().Add(one)
		g.Div(d.Mul(d)).Store(dx[i:])
	}
	return i
}

func swishGradVec(dx, dy, s []float32) int {
	if emulated {
		return 0
	}
	i, w := 0, lanes()
	zero := simd.BroadcastFloat32s(0)
	one := simd.BroadcastFloat32s(1)
	for ; i+w <= len(dx); i += w {
		v, g := simd.LoadFloat32s(s[i:]), simd.LoadFloat32s(dy[i:])
		e := expNegAbsV(v)
		neg, d := v.Less(zero), e.Add(one)
		n := e.IfElse(neg, one).Div(d)
		m := one.IfElse(neg, e).Div(d)
		n.Add(v.Mul(n).Mul(m)).Mul(g).Store(dx[i:])
	}
	return i
}

func mishGradVec(dx, dy, s []float32) int {
	if emulated {
		return 0
	}
	i, w := 0, lanes()
	zero := simd.BroadcastFloat32s(0)
	one := simd.BroadcastFloat32s(1)
	four := simd.BroadcastFloat32s(4)
	for ; i+w <= len(dx); i += w {
		v, g := simd.LoadFloat32s(s[i:]), simd.LoadFloat32s(dy[i:])
		e := expNegAbsV(v)
		n, d := mishPartsV(v, e)
		f := e.Mul(four)
		f = f.IfElse(v.Less(zero), f.Mul(e)).Mul(e.Add(one))
		n.Div(d).Add(v.Mul(f).Div(d.Mul(d))).Mul(g).Store(dx[i:])
	}
	return i
}

func geluGradVec(dx, dy, s []float32) int {
	if emulated {
		return 0
	}
	i, w := 0, lanes()
	half := simd.BroadcastFloat32s(0.5)
	minus := simd.BroadcastFloat32s(-0.5)
	one := simd.BroadcastFloat32s(1)
	root := simd.BroadcastFloat32s(sqrtHalf)
	norm := simd.BroadcastFloat32s(rsqrt2Pi)
	for ; i+w <= len(dx); i += w {
		v, g := simd.LoadFloat32s(s[i:]), simd.LoadFloat32s(dy[i:])
		phi := expV(v.Mul(minus).Mul(v)).Mul(norm)
		u := erfV(v.Mul(root)).Add(one).Mul(half)
		u.Add(v.Mul(phi)).Mul(g).Store(dx[i:])
	}
	return i
}

func geluTanhGradVec(dx, dy, s []float32) int {
	if emulated {
		return 0
	}
	i, w := 0, lanes()
	half := simd.BroadcastFloat32s(0.5)
	one := simd.BroadcastFloat32s(1)
	cube := simd.BroadcastFloat32s(geluCubeC)
	norm := simd.BroadcastFloat32s(geluC)
	for ; i+w <= len(dx); i += w {
		v, g := simd.LoadFloat32s(s[i:]), simd.LoadFloat32s(dy[i:])
		v = geluClampV(v)
		t := tanhV(geluInnerV(v))
		u := v.Mul(v).Mul(cube).Add(one).Mul(norm)
		q := one.Sub(t).Mul(one.Add(t)).Mul(u)
		t.Add(one).Mul(half).Add(v.Mul(half).Mul(q)).Mul(g).Store(dx[i:])
	}
	return i
}
