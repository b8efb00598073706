package kernel

import "math"

// The logarithm.
//
// x = 2^e·m with m in [√½, √2). With f = m−1, s = f/(2+f), z = s²:
// log(1+f) = 2·atanh(s) = f − s·(f − R), R = z·Q(z); and f − s·f is written
// f − (f²/2 − s·f²/2), which keeps the large term f exact.
// ln 2 is split as for the exponential.
const (
	sqrtHalfBits = 0x3F3504F3 // √½
	mantissaMask = 0x007FFFFF
	smallest     = 0x1p-126 // smallest normal number
	infBits      = 0x7F800000
	nanBits      = 0x7FC00000

	logQ0 = 0x1.555554p-1
	logQ1 = 0x1.999bd4p-2
	logQ2 = 0x1.23f1d4p-2
	logQ3 = 0x1.ec0d84p-3
)

// Log32 returns the natural logarithm of x, within 0.9 ulp.
// Log32(0) is -Inf, of negative numbers and NaN it is NaN, Log32(+Inf) is +Inf.
func Log32(x float32) float32 {
	y, k := x, float32(0)
	if x < smallest { // denormal: bring it into the normal range
		y, k = float32(x*0x1p23), -23
	}
	return logSpecial(logReduced(y, k, 0), x)
}

// logReduced returns log(y) + k·ln 2 + c for a normal y > 0; c is a small correction.
func logReduced(y, k, c float32) float32 {
	i := int32(math.Float32bits(y)) - sqrtHalfBits
	k += float32(i >> 23)
	f := math.Float32frombits(uint32(i&mantissaMask+sqrtHalfBits)) - 1
	s := f / (f + 2)
	z := float32(s * s)
	q := float32(logQ3*z) + logQ2
	q = float32(q*z) + logQ1
	q = float32(q*z) + logQ0
	h := float32(float32(f*f) * 0.5)
	t := float32(s*(h+float32(z*q))) + (float32(k*ln2Lo) + c)
	return (f - (h - t)) + float32(k*ln2Hi)
}

// logSpecial replaces y = log(x) where x has no ordinary logarithm.
func logSpecial(y, x float32) float32 {
	if x == float32(math.Inf(1)) || x != x {
		y = x
	}
	if x == 0 {
		y = float32(math.Inf(-1))
	}
	if x < 0 {
		y = float32(math.NaN())
	}
	return y
}

// Log1p32 returns log(1+x), within 0.9 ulp. Log1p32(-1) is -Inf, below it is NaN.
func Log1p32(x float32) float32 {
	u := 1 + x
	// c is what the rounding of u lost, over u: log(1+x) ≈ log(u) + c.
	c := x - (u - 1)
	if x > 1 {
		c = 1 - (u - x)
	}
	return logSpecial(logReduced(u, 0, c/u), u)
}

// Log computes dst[i] = Log32(x[i]). dst may be x.
func Log(dst, x []float32) {
	x = x[:len(dst)]
	i := logVec(dst, x)
	logScalar(dst[i:], x[i:])
}

func logScalar(dst, x []float32) {
	x = x[:len(dst)]
	for i := range dst {
		dst[i] = Log32(x[i])
	}
}

// Log1p computes dst[i] = Log1p32(x[i]). dst may be x.
func Log1p(dst, x []float32) {
	x = x[:len(dst)]
	i := log1pVec(dst, x)
	log1pScalar(dst[i:], x[i:])
}

func log1pScalar(dst, x []float32) {
	x = x[:len(dst)]
	for i := range dst {
		dst[i] = Log1p32(x[i])
	}
}
