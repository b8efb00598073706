package nn

import (
	"math"
	"math/rand/v2"

	"github.com/terrarium-ml/terrarium/core/internal/kernel"
)

// Orthogonal draws a matrix whose columns, or rows if there are fewer of these, are
// orthogonal and of length gain, evenly among all such matrices (Saxe, McClelland,
// Ganguli, 2014). Axes before the last one count as one.
func Orthogonal(gain float64) Initializer { return Initializer{Class: "Orthogonal", Gain: gain} }

// fillOrthogonal draws normal vectors, as many as the shorter side has and as long as
// the longer one, and makes them orthogonal one after the other (Gram-Schmidt, each
// twice, so that rounding in float64 does not add up).
func fillOrthogonal(dst []float32, columns int, gain float64, pcg *rand.PCG) {
	rows := len(dst) / columns
	count, length := min(rows, columns), max(rows, columns)
	across, along := columns, 1 // of element (vector, i) in dst: columns[vector] by rows
	if rows >= columns {
		across, along = 1, columns
	}
	r := rand.New(pcg)
	vectors := make([]float64, count*length)
	for k := range count {
		v := vectors[k*length : (k+1)*length]
		for drawn := false; !drawn; { // again, in the unlikely case that nothing new is left of it
			for i := range v {
				v[i] = float64(kernel.Normal(r))
			}
			before := math.Sqrt(dot(v, v))
			for range 2 {
				for j := range k {
					other := vectors[j*length : (j+1)*length]
					d := dot(v, other)
					for i, x := range other {
						v[i] -= float64(d * x)
					}
				}
			}
			after := math.Sqrt(dot(v, v))
			drawn = after > before*1e-6
			for i := range v {
				v[i] /= after
			}
		}
		for i, x := range v {
			dst[k*across+i*along] = float32(gain * x)
		}
	}
}

func dot(a, b []float64) float64 {
	s := 0.0
	for i, x := range a {
		s += float64(x * b[i])
	}
	return s
}
