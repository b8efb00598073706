package kernel

// The constants of selu, of Klambauer et al., "Self-Normalizing Neural Networks" (2017).
const (
	seluScale      = 1.0507009873554805
	seluAlpha      = 1.6732632423543772
	seluScaleAlpha = 1.7580993408473766

	geluC     = 0.7978845608028654 // √(2/π)
	geluCube  = 0.044715
	geluCubeC = 0.134145 // 3·0.044715
	geluClamp = 10       // beyond ±10 the tanh form is 0 or x to the last bit
	sqrtHalf  = 0.7071067811865476
	rsqrt2Pi  = 0.3989422804014327 // 1/√(2π)
)

// activateScalar is the reference of Activate.
func activateScalar(kind Activation, alpha float32, y, x []float32) {
	x = x[:len(y)]
	switch kind {
	case Relu:
		for i, v := range x {
			if v < 0 {
				v = 0
			}
			y[i] = v
		}
	case Relu6:
		for i, v := range x {
			y[i] = clamp(v, 0, 6)
		}
	case LeakyRelu:
		for i, v := range x {
			if v < 0 {
				v = float32(alpha * v)
			}
			y[i] = v
		}
	case Elu:
		for i, v := range x {
			if v < 0 {
				v = float32(alpha * expm1Neg(v))
			}
			y[i] = v
		}
	case Selu:
		for i, v := range x {
			if v < 0 {
				v = float32(seluScaleAlpha * expm1Neg(v))
			} else {
				v = float32(seluScale * v)
			}
			y[i] = v
		}
	case Sigmoid:
		for i, v := range x {
			y[i] = Sigmoid32(v)
		}
	case HardSigmoid:
		for i, v := range x {
			y[i] = clamp(float32(0.2*v)+0.5, 0, 1)
		}
	case Tanh:
		for i, v := range x {
			y[i] = Tanh32(v)
		}
	case Softplus:
		for i, v := range x {
			y[i] = Softplus32(v)
		}
	case Softsign:
		for i, v := range x {
			y[i] = v / (1 + abs32(v))
		}
	case Swish:
		for i, v := range x {
			y[i] = float32(v * Sigmoid32(v))
		}
	case Mish:
		for i, v := range x {
			y[i] = mish32(v)
		}
	case Gelu:
		for i, v := range x {
			y[i] = float32(float32(0.5*v) * (1 + Erf32(float32(v*sqrtHalf))))
		}
	case GeluTanh:
		for i, v := range x {
			y[i] = float32(float32(0.5*v) * (1 + Tanh32(geluInner(clamp(v, -geluClamp, geluClamp)))))
		}
	default:
		panic(badActivation(kind))
	}
}

// activateGradScalar is the reference of ActivateGrad; s is x where
// NeedsInput(kind), else y.
func activateGradScalar(kind Activation, alpha float32, dx, dy, s []float32) {
	dy, s = dy[:len(dx)], s[:len(dx)]
	switch kind {
	case Relu:
		for i, v := range s {
			g := float32(0)
			if v > 0 {
				g = dy[i]
			}
			dx[i] = g
		}
	case Relu6:
		for i, v := range s {
			g := float32(0)
			if v > 0 && v < 6 {
				g = dy[i]
			}
			dx[i] = g
		}
	case LeakyRelu:
		for i, v := range s {
			g := dy[i]
			if !(v > 0) {
				g = float32(alpha * g)
			}
			dx[i] = g
		}
	case Elu:
		for i, v := range s {
			g := dy[i]
			if v < 0 {
				g = float32(g * (v + alpha))
			}
			dx[i] = g
		}
	case Selu:
		for i, v := range s {
			f := float32(seluScale)
			if !(v > 0) {
				f = v + seluScaleAlpha
			}
			dx[i] = float32(dy[i] * f)
		}
	case Sigmoid:
		for i, v := range s {
			dx[i] = float32(dy[i] * float32(v*(1-v)))
		}
	case HardSigmoid:
		for i, v := range s {
			g := float32(0)
			if v >= -2.5 && v <= 2.5 {
				g = float32(0.2 * dy[i])
			}
			dx[i] = g
		}
	case Tanh:
		for i, v := range s {
			dx[i] = float32(dy[i] * float32((1-v)*(1+v)))
		}
	case Softplus:
		for i, v := range s {
			dx[i] = float32(dy[i] * Sigmoid32(v))
		}
	case Softsign:
		for i, v := range s {
			d := 1 + abs32(v)
			dx[i] = dy[i] / float32(d*d)
		}
	case Swish:
		for i, v := range s {
			dx[i] = float32(dy[i] * swishSlope(v))
		}
	case Mish:
		for i, v := range s {
			dx[i] = float32(dy[i] * mishSlope(v))
		}
	case Gelu:
		for i, v := range s {
			dx[i] = float32(dy[i] * geluSlope(v))
		}
	case GeluTanh:
		for i, v := range s {
			dx[i] = float32(dy[i] * geluTanhSlope(v))
		}
	default:
		panic(badActivation(kind))
	}
}

// clamp returns x limited to [lo, hi]; NaN stays NaN.
func clamp(x, lo, hi float32) float32 {
	if x < lo {
		x = lo
	}
	if x > hi {
		x = hi
	}
	return x
}

// swishSlope is s + x·s·(1−s), s the sigmoid of x; 1−s is taken as the sigmoid of
// −x, which shares its exponential and does not cancel.
func swishSlope(x float32) float32 {
	e := Exp32(-abs32(x))
	n, m := float32(1), e
	if x < 0 {
		n, m = e, 1
	}
	d := 1 + e
	s := n / d
	return s + float32(float32(x*s)*(m/d))
}

// mish32 is x·tanh(softplus(x)). With e = exp(-|x|) the tanh is N/D, where
// N = e² + 2e, D = N + 2 for x < 0 and N = 1 + 2e, D = N + 2e² otherwise.
func mish32(x float32) float32 {
	n, d, _ := mishParts(x)
	return float32(x * (n / d))
}

func mishParts(x float32) (n, d, e float32) {
	e = Exp32(-abs32(x))
	s := float32(e * e)
	n, d = 1+(e+e), s+s
	if x < 0 {
		n, d = s+(e+e), 2
	}
	return n, n + d, e
}

// mishSlope is N/D + x·(1−(N/D)²)·sigmoid(x), the product being 4e·(1+e)·x/D²
// below zero and e times that above.
func mishSlope(x float32) float32 {
	n, d, e := mishParts(x)
	f := float32(4 * e)
	if !(x < 0) {
		f = float32(f * e)
	}
	return n/d + float32(float32(x*float32(f*(1+e)))/float32(d*d))
}

// geluSlope is Φ(x) + x·φ(x).
func geluSlope(x float32) float32 {
	phi := float32(rsqrt2Pi * Exp32(float32(float32(-0.5*x)*x)))
	return float32(0.5*(1+Erf32(float32(x*sqrtHalf)))) + float32(x*phi)
}

// geluInner is √(2/π)·(x + 0.044715·x³).
func geluInner(x float32) float32 {
	z := float32(x * x)
	return float32(geluC * (x + float32(float32(geluCube*x)*z)))
}

// geluTanhSlope is ½(1+t) + ½x·(1−t²)·√(2/π)·(1 + 3·0.044715·x²), t the tanh.
func geluTanhSlope(x float32) float32 {
	x = clamp(x, -geluClamp, geluClamp)
	t := Tanh32(geluInner(x))
	u := float32(geluC * (1 + float32(geluCubeC*float32(x*x))))
	w := float32(float32((1-t)*(1+t)) * u)
	return float32(0.5*(1+t)) + float32(float32(0.5*x)*w)
}
