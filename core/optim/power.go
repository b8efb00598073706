package optim

import "math"

// What schedules need of transcendental functions, from + − × ÷ and square roots alone:
// the same bits on every machine, which package math does not promise.

// power returns x to the power n by repeated squaring. The conversions stop a fused
// multiply-add with the caller's arithmetic.
func power(x float64, n int) float64 {
	result := 1.0
	for ; n > 0; n >>= 1 {
		if n&1 == 1 {
			result = float64(result * x)
		}
		x = float64(x * x)
	}
	return result
}

// powerOf returns x to the power y for x ≥ 0 and y ≥ 0, within 60 ulp for whole parts
// below 64: x to the whole part, times those of √x, √√x, … that the binary digits of
// the fraction name.
func powerOf(x, y float64) float64 {
	if !(y < 1<<53) {
		y = 1 << 53 // x to so high a power is 0, 1 or an infinity
	}
	whole := math.Floor(y)
	result, root := power(x, int(whole)), x
	for f := y - whole; f > 0; {
		root = math.Sqrt(root)
		if f += f; f >= 1 {
			f--
			result = float64(result * root)
		}
	}
	return result
}

// cosPi returns cos(π·f) for 0 ≤ f ≤ 1, with an absolute error below 4e-16: the Taylor
// series of cos and sin on [0, π/4], where their first omitted terms are below 1e-18.
func cosPi(f float64) float64 {
	switch {
	case f > 0.75:
		return -cosSeries(math.Pi * (1 - f))
	case f > 0.25:
		return sinSeries(math.Pi * (0.5 - f))
	}
	return cosSeries(math.Pi * f)
}

func cosSeries(x float64) float64 {
	square, sum := float64(x*x), 1.0
	for n := 16; n > 0; n -= 2 {
		sum = 1 - float64(square*sum)/float64(n*(n-1))
	}
	return sum
}

func sinSeries(x float64) float64 {
	square, sum := float64(x*x), 1.0
	for n := 17; n > 1; n -= 2 {
		sum = 1 - float64(square*sum)/float64(n*(n-1))
	}
	return float64(x * sum)
}
