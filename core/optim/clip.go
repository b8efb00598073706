package optim

import (
	"math"

	"github.com/terrarium-ml/terrarium/core/internal/kernel"
)

// Clip holds gradients back before an optimizer sees them. At most one of its
// fields may be set; the zero value does nothing.
type Clip struct {
	Value      float64 // every element to [−Value, Value]
	Norm       float64 // each parameter's gradient to a Euclidean norm of at most Norm
	GlobalNorm float64 // all gradients together to a norm of at most GlobalNorm
}

func (c *Clip) options() []option {
	return []option{
		{name: "clipvalue", number: &c.Value, max: most, clip: true},
		{name: "clipnorm", number: &c.Norm, max: most, clip: true},
		{name: "global_clipnorm", number: &c.GlobalNorm, max: most, clip: true},
	}
}

// Clipping returns c: optimizers embed Clip.
func (c Clip) Clipping() Clip { return c }

// ClipGradients applies c to the gradients of all parameters, one slice for each
// parameter. A NaN stays one; an infinity that a norm has to scale becomes NaN.
func ClipGradients(c Clip, grads [][]float32) {
	if c.Value > 0 {
		for _, g := range grads {
			kernel.ClipValue(g, float32(c.Value))
		}
	}
	if c.Norm > 0 {
		for _, g := range grads {
			scaleTo(c.Norm, sumSquares(g), g)
		}
	}
	if c.GlobalNorm > 0 {
		sum := 0.0
		for _, g := range grads {
			sum += sumSquares(g)
		}
		for _, g := range grads {
			scaleTo(c.GlobalNorm, sum, g)
		}
	}
}

// scaleTo multiplies g by limit/norm, if the norm, the root of squares, is above
// the limit.
func scaleTo(limit, squares float64, g []float32) {
	if norm := math.Sqrt(squares); norm > limit {
		kernel.Scale(g, g, float32(limit/norm))
	}
}

// sumSquares returns Σg². Gradients so large that a float32 cannot hold the sum are
// added again in float64: they are what clipping is for.
func sumSquares(g []float32) float64 {
	sum := float64(kernel.SumSquares(g))
	if sum <= math.MaxFloat32 {
		return sum
	}
	sum = 0
	for _, v := range g {
		sum += float64(float64(v) * float64(v))
	}
	return sum
}
