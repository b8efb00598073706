package kernel

import "math"

// Sine and cosine in float64, for positions.
//
// x = k·π/2 + r with |r| ≤ π/4 (a little more where the rounding of k says so). π/2 is
// split in three, the first two of 33 bits each, so that k times them is exact for
// k < 2²⁰; r is then good to 2⁻⁵³ of its own size, or 2⁻⁸⁶ absolutely. On that interval
// the sums of Taylor, to r¹⁷ and r¹⁶, are off by less than 2⁻⁵⁸.
const (
	halfPi1 = 0x1.921fb544p+0  // π/2 to 33 bits
	halfPi2 = 0x1.0b4611a6p-34 // 33 bits of the rest
	halfPi3 = 0x1.3198a2e037073p-69

	// SinCosMax is the largest |x| that SinCos takes: 2²⁰·π/2, rounded down.
	SinCosMax = 1647099
)

// SinCos returns the sine and the cosine of x, |x| ≤ SinCosMax, each within 1e-15. It
// returns NaN for other numbers.
func SinCos(x float64) (sin, cos float64) {
	if !(x >= -SinCosMax && x <= SinCosMax) {
		return math.NaN(), math.NaN()
	}
	k := math.Floor(float64(x*(2/math.Pi)) + 0.5)
	r := x - float64(k*halfPi1)
	r -= float64(k * halfPi2)
	r -= float64(k * halfPi3)
	s, c := taylor(r)
	switch int64(k) & 3 {
	case 0:
		return s, c
	case 1:
		return c, -s
	case 2:
		return -s, -c
	}
	return -c, s
}

// taylor returns sin r and cos r for |r| below 0.8. Term by term: aₙ = −aₙ₋₁·r²/(n·(n+1)).
func taylor(r float64) (sin, cos float64) {
	q := float64(r * r)
	var s, c float64 // the sums behind their first terms, from the last term up
	for n := 16; n >= 2; n -= 2 {
		s = float64((1+s)*q) / float64(-n*(n+1))
		c = float64((1+c)*q) / float64(-n*(n-1))
	}
	return r + float64(r*s), 1 + c
}

// Root returns the n-th root of a for 1e-30 ≤ a ≤ 1e30 and n from 1 to 2²⁰, within a
// few units in the last place: Newton's iteration from the root in float32.
func Root(a float64, n int) float64 {
	x := float64(Exp32(Log32(float32(a)) / float32(n)))
	for range 3 {
		// x −= x·(1 − a/xⁿ)/n
		x -= float64(x*(1-a/power(x, n))) / float64(n)
	}
	return x
}

// power returns xⁿ by squaring.
func power(x float64, n int) float64 {
	y := 1.0
	for ; n > 0; n >>= 1 {
		if n&1 == 1 {
			y = float64(y * x)
		}
		x = float64(x * x)
	}
	return y
}

// SinePositions fills p[steps, n] with the positions of Vaswani et al. (2017): at step t
//
//	p[t, 2i] = sin(t·λ⁻²ⁱ/ⁿ)    p[t, 2i+1] = cos(t·λ⁻²ⁱ/ⁿ)
//
// where λ is wavelength, from 1 to 1e15. Each value is the float32 nearest to the true
// one, or its neighbour.
func SinePositions(steps, n int, p []float32, wavelength float64) {
	ratio := 1 / Root(wavelength, n)
	ratio = float64(ratio * ratio)
	frequency := 1.0
	for i := 0; i < n; i += 2 {
		for t := range steps {
			s, c := SinCos(float64(float64(t) * frequency))
			p[t*n+i] = float32(s)
			if i+1 < n {
				p[t*n+i+1] = float32(c)
			}
		}
		frequency = float64(frequency * ratio)
	}
}
