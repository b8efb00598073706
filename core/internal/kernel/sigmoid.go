package kernel

import "math"

// abs32 clears the sign bit.
func abs32(x float32) float32 { return math.Float32frombits(math.Float32bits(x) &^ signBit) }

// copySign returns x ≥ 0 with the sign of s.
func copySign(x, s float32) float32 {
	return math.Float32frombits(math.Float32bits(x) | math.Float32bits(s)&signBit)
}

const signBit = 1 << 31

// Sigmoid32 returns 1/(1+e^-x), within 2.5 ulp. With e = exp(-|x|) it is 1/(1+e)
// for x ≥ 0 and e/(1+e) below, so that nothing overflows and the left tail keeps
// its relative precision down to the denormals.
func Sigmoid32(x float32) float32 {
	e := Exp32(-abs32(x))
	n := float32(1)
	if x < 0 {
		n = e
	}
	return n / (1 + e)
}

// Softplus32 returns log(1+e^x) = max(x, 0) + log1p(exp(-|x|)), within 1.7 ulp.
func Softplus32(x float32) float32 {
	m := x
	if x < 0 {
		m = 0
	}
	return m + Log1p32(Exp32(-abs32(x)))
}
