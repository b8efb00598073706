package kernel

import "math"

// The exponential.
//
// exp(x) = 2ⁿ·exp(r), where n is x/ln 2 rounded to the nearest integer and
// r = x − n·ln 2 lies in ±0.3466. ln 2 is split in two so that n·ln2Hi is exact
// for every n that occurs. exp(r) is 1 + r + r²·P(r), P a polynomial of degree 4
// whose own error is 0.06 ulp.
//
// Rounding to an integer is done by adding and subtracting 1.5·2²³, which leaves n
// in the low bits of the sum as well: no conversion of a float to an integer, which
// differs between machines outside the integer's range, is ever needed. 2ⁿ is
// multiplied in two halves, so that results below the normal range are rounded
// once, as denormals, and results above it overflow to +Inf.
const (
	expMin = -104 // exp(-104) is less than half the smallest denormal: it rounds to 0
	expMax = 89   // exp(89) overflows

	log2E = 1.44269504
	ln2Hi = 0.693359375    // nine bits
	ln2Lo = -2.12194440e-4 // ln 2 − ln2Hi

	roundMagic = 12582912 // 1.5·2²³
	// expBias is what to subtract from the bits of n + roundMagic to get n plus
	// twice the exponent bias 127, which then serves both halves of 2ⁿ.
	expBias = 0x4B400000 - 2*127

	expP0 = 0x1p-1
	expP1 = 0x1.555486p-3
	expP2 = 0x1.5554d4p-5
	expP3 = 0x1.1241dp-7
	expP4 = 0x1.6d649ap-10
)

// Exp32 returns e^x, within 0.95 ulp, denormal results included.
// Exp32(NaN) is NaN, above 88.73 the result is +Inf, below -103.98 it is 0.
func Exp32(x float32) float32 {
	if x < expMin {
		x = expMin
	}
	if x > expMax {
		x = expMax
	}
	q, n := expReduced(x)
	h := n >> 1
	return float32(float32((q+1)*exponent(h)) * exponent(n-h))
}

// expReduced returns exp(r)-1 and n+254 for x = n·ln 2 + r. x must lie in
// [expMin, expMax] or be NaN; then the first result is NaN.
func expReduced(x float32) (q float32, n int32) {
	t := float32(x*log2E) + roundMagic
	f := t - roundMagic
	hi, lo := x-float32(f*ln2Hi), float32(f*ln2Lo) // hi is exact
	r := hi - lo
	p := float32(expP4*r) + expP3
	p = float32(p*r) + expP2
	p = float32(p*r) + expP1
	p = float32(p*r) + expP0
	return (float32(float32(r*r)*p) - lo) + hi, int32(math.Float32bits(t)) - expBias
}

// exponent returns the float32 with the biased exponent e: 2^(e-127).
func exponent(e int32) float32 { return math.Float32frombits(uint32(e) << 23) }

// expm1Min: below it exp(x)-1 rounds to -1.
const expm1Min = -20

// expm1Neg returns exp(x)-1 for x ≤ 0, within 1.1 ulp; larger x are taken as 0.
func expm1Neg(x float32) float32 {
	if x < expm1Min {
		x = expm1Min
	}
	if x > 0 {
		x = 0
	}
	q, n := expReduced(x)
	s := exponent(n - 127)
	return float32(q*s) + (s - 1)
}

// Exp computes dst[i] = Exp32(x[i]). dst may be x.
func Exp(dst, x []float32) {
	x = x[:len(dst)]
	if haveModule && len(dst) >= moduleFrom {
		moduleExp(int32(len(dst)), &dst[0], &x[0])
		return
	}
	i := expVec(dst, x)
	expScalar(dst[i:], x[i:])
}

func expScalar(dst, x []float32) {
	x = x[:len(dst)]
	for i := range dst {
		dst[i] = Exp32(x[i])
	}
}
