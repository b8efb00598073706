package kernel

import (
	"math"
	"math/rand/v2"
)

// Normal draws from the standard normal distribution by the polar method (Marsaglia,
// Bray, 1964): a point (u, v) evenly in the unit disc, s = u² + v², gives
// u·√(−2·ln s / s). Its second variate, from v, is left unused, so that a draw stands
// alone.
func Normal(r *rand.Rand) float32 {
	for {
		u := float32(2*float32(r.Float32())) - 1 // Float32 itself ends in a product: it is rounded before it is doubled
		v := float32(2*float32(r.Float32())) - 1
		s := float32(u*u) + float32(v*v)
		if s > 0 && s < 1 {
			root := float32(math.Sqrt(float64(float32(-2*Log32(s)) / s)))
			return float32(u * root)
		}
	}
}

// FillNormal fills dst with mean + stddev·z, z drawn by Normal in ascending order.
func FillNormal(dst []float32, pcg *rand.PCG, mean, stddev float32) {
	r := rand.New(pcg)
	for i := range dst {
		dst[i] = mean + float32(stddev*Normal(r))
	}
}

// AddNormal computes dst[i] = a[i] + stddev·z. dst may be a.
func AddNormal(dst, a []float32, pcg *rand.PCG, stddev float32) {
	r := rand.New(pcg)
	a = a[:len(dst)]
	for i := range dst {
		dst[i] = a[i] + float32(stddev*Normal(r))
	}
}
