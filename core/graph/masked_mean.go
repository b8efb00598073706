package graph

import (
	"github.com/terrarium-ml/terrarium/core/internal/kernel"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// MaskedMean takes the mean over those steps of a series that count:
//
//	x [steps, c]  mask [steps], of 1 and 0  →  y [c],  y = Σ mask_t·x_t / Σ mask_t
//
// The sum follows C1's rule for products. A series of which no step counts has the mean 0.
//
// Backward: dx_t = mask_t·dy / Σ mask_t. A mask has no gradient.
type MaskedMean struct{}

var (
	_ Op     = MaskedMean{}
	_ Coster = MaskedMean{}
)

func (MaskedMean) Infer(in [][]int) ([]int, *tensor.Error) {
	x, mask := in[0], in[1]
	if len(x) != 2 || len(mask) != 1 || x[0] != mask[0] {
		return nil, tensor.Errorf(tensor.CodeShape, "want input [batch, steps, channels] and a mask [batch, steps], got %s and %s",
			tensor.FormatBatch(x), tensor.FormatBatch(mask))
	}
	return x[1:], nil
}

func (MaskedMean) Cost(in [][]int, _ []int) int { return 2 * size(in[0]) }

func (MaskedMean) Forward(c *Call) {
	n, k := c.InShape[0][0], c.InShape[0][1]
	for i := range c.N {
		mask, y := c.In[1][i*n:i*n+n], c.Out[i*k:i*k+k]
		kernel.GemmNN(c.scratch(), 1, k, n, mask, n, c.In[0][i*n*k:], k, nil, y, k, false)
		if count := kernel.Sum(mask); count > 0 {
			kernel.Scale(y, y, 1/count)
		}
		if c.Pause(2 * n * k) {
			return
		}
	}
}

func (MaskedMean) Backward(c *Call) {
	n, k := c.InShape[0][0], c.InShape[0][1]
	if c.DIn[1] != nil {
		clear(c.DIn[1])
	}
	if c.DIn[0] == nil {
		return
	}
	for i := range c.N {
		mask, dy := c.In[1][i*n:i*n+n], c.DOut[i*k:i*k+k]
		share := float32(0)
		if count := kernel.Sum(mask); count > 0 {
			share = 1 / count
		}
		for t, m := range mask {
			kernel.Scale(c.DIn[0][(i*n+t)*k:(i*n+t+1)*k], dy, float32(m*share))
		}
		if c.Pause(n * k) {
			return
		}
	}
}
