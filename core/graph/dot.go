package graph

import (
	"math"

	"github.com/terrarium-ml/terrarium/core/internal/kernel"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// Dot multiplies the rows of two matrices with each other, in every sample:
//
//	a [m, k]  b [n, k]  →  y [m, n],  y_ij = Σ_k a_ik·b_jk
//
// Each product follows C1's rule for products.
//
// Backward: da = dy·b, db = dyᵀ·a.
type Dot struct{}

var (
	_ Op             = Dot{}
	_ BackwardReader = Dot{}
	_ Coster         = Dot{}
)

func (Dot) Infer(in [][]int) ([]int, *tensor.Error) {
	a, b := in[0], in[1]
	if len(a) != 2 || len(b) != 2 || a[1] != b[1] {
		return nil, tensor.Errorf(tensor.CodeShape, "want two inputs whose multiplied axes are equally long, got %s and %s",
			tensor.FormatBatch(a), tensor.FormatBatch(b))
	}
	return []int{a[0], b[0]}, nil
}

func (Dot) Cost(in [][]int, out []int) int { return 2 * in[0][1] * size(out) }
func (Dot) BackwardReads() (in, out bool)  { return true, false }

func (Dot) Forward(c *Call) {
	m, n, k := c.OutShape[0], c.OutShape[1], c.InShape[0][1]
	for i := range c.N {
		if i > 0 && c.Pause(2*m*n*k) {
			return
		}
		kernel.GemmNT(c.scratch(), m, n, k, c.In[0][i*m*k:], k, c.In[1][i*n*k:], k, nil, c.Out[i*m*n:], n, false)
	}
}

func (Dot) Backward(c *Call) {
	m, n, k := c.OutShape[0], c.OutShape[1], c.InShape[0][1]
	for i := range c.N {
		if i > 0 && c.Pause(4*m*n*k) {
			return
		}
		a, b, dy := c.In[0][i*m*k:], c.In[1][i*n*k:], c.DOut[i*m*n:]
		if da := c.DIn[0]; da != nil {
			kernel.GemmNN(c.scratch(), m, k, n, dy, n, b, k, nil, da[i*m*k:], k, false)
		}
		if db := c.DIn[1]; db != nil {
			kernel.GemmTN(c.scratch(), n, k, m, dy, n, a, k, nil, db[i*n*k:], k, false)
		}
	}
}

// UnitRows divides by the length along the last axis: y = x / √max(Σ x², 1e-12). Shapes
// are kept.
//
// Backward: dx = (dy − y·Σ dy·y) / length; where 1e-12 took the length's place, dx = dy·1e6.
type UnitRows struct{}

// leastSquares is Keras's epsilon of l2_normalize.
const leastSquares = 1e-12

var (
	_ Op             = UnitRows{}
	_ BackwardReader = UnitRows{}
	_ Coster         = UnitRows{}
)

func (UnitRows) Infer(in [][]int) ([]int, *tensor.Error) { return lastAxis(in[0], "a length") }
func (UnitRows) Cost(_ [][]int, out []int) int           { return 3 * size(out) }
func (UnitRows) BackwardReads() (in, out bool)           { return true, true }

func (UnitRows) Forward(c *Call) {
	rows, n := rowsOf(c)
	for i := range rows {
		x := c.In[0][i*n : i*n+n]
		f, _ := inverseLength(x)
		kernel.Scale(c.Out[i*n:i*n+n], x, f)
	}
}

func (UnitRows) Backward(c *Call) {
	if c.DIn[0] == nil {
		return
	}
	rows, n := rowsOf(c)
	for i := range rows {
		x, y, dy, dx := c.In[0][i*n:i*n+n], c.Out[i*n:i*n+n], c.DOut[i*n:i*n+n], c.DIn[0][i*n:i*n+n]
		f, clipped := inverseLength(x)
		kernel.Scale(dx, dy, f)
		if !clipped {
			kernel.AddScaled(dx, y, -float32(f*kernel.Dot(dy, y)))
		}
	}
}

func inverseLength(x []float32) (f float32, clipped bool) {
	sum := kernel.SumSquares(x)
	if sum < leastSquares {
		sum, clipped = leastSquares, true
	}
	return 1 / float32(math.Sqrt(float64(sum))), clipped
}
