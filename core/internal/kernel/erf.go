package kernel

// The error function: x + x·P(x²) for |x| < erfSplit, and ±(1 − exp(L(|x|)))
// beyond, L a polynomial for log(erfc) on [erfSplit, erfMax]; from erfMax on the
// result is ±1.
const (
	erfSplit = 0.921875
	erfMax   = 4

	erfP0 = 0x1.06eba8p-3
	erfP1 = -0x1.812742p-2
	erfP2 = 0x1.ce2decp-4
	erfP3 = -0x1.b80cdap-6
	erfP4 = 0x1.54bb3ap-8
	erfP5 = -0x1.a9e392p-11
	erfP6 = 0x1.5bd58cp-14

	erfL0 = -0x1.5cb2d6p-13
	erfL1 = -0x1.20b76p+0
	erfL2 = -0x1.462184p-1
	erfL3 = -0x1.aa74d4p-4
	erfL4 = 0x1.6da094p-6
	erfL5 = -0x1.91d56p-9
	erfL6 = 0x1.9fc1fap-13
)

// Erf32 returns the error function of x, within 1.4 ulp.
func Erf32(x float32) float32 {
	a := abs32(x)
	if a < erfSplit {
		z := float32(x * x)
		p := float32(erfP6*z) + erfP5
		p = float32(p*z) + erfP4
		p = float32(p*z) + erfP3
		p = float32(p*z) + erfP2
		p = float32(p*z) + erfP1
		p = float32(p*z) + erfP0
		return float32(x*p) + x
	}
	if a > erfMax {
		a = erfMax
	}
	p := float32(erfL6*a) + erfL5
	p = float32(p*a) + erfL4
	p = float32(p*a) + erfL3
	p = float32(p*a) + erfL2
	p = float32(p*a) + erfL1
	p = float32(p*a) + erfL0
	return copySign(1-Exp32(p), x)
}

// Erf computes dst[i] = Erf32(x[i]). dst may be x.
func Erf(dst, x []float32) {
	x = x[:len(dst)]
	i := erfVec(dst, x)
	erfScalar(dst[i:], x[i:])
}

func erfScalar(dst, x []float32) {
	x = x[:len(dst)]
	for i := range dst {
		dst[i] = Erf32(x[i])
	}
}
