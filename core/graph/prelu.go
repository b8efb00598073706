package graph

import (
	"github.com/terrarium-ml/terrarium/core/internal/kernel"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// PRelu is a rectifier with learned slopes: y = x < 0 ? alpha·x : x.
//
//	x [d1, d2, ..]  alpha [d1 or 1, d2 or 1, ..]  →  y [d1, d2, ..]
//
// Backward, t being dy·x where x is not above 0, else 0:
//
//	dx = x > 0 ? dy : alpha·dy    dalpha = Σ t
//
// over the samples first, by C1's rule for sums over an outer axis, and then over the
// axes that share an alpha, in ascending order.
type PRelu struct{}

var (
	_ Op             = PRelu{}
	_ BackwardReader = PRelu{}
	_ Scratcher      = PRelu{}
)

func (PRelu) Infer(in [][]int) ([]int, *tensor.Error) {
	x, a := in[0], in[1]
	must(len(x) == len(a) && len(x) <= maxAxes, "PRelu wants an alpha with the axes of its input")
	for i := range x {
		must(a[i] == 1 || a[i] == x[i], "PRelu's alpha is as long as its input, or 1")
	}
	return x, nil
}

func (PRelu) BackwardReads() (in, out bool) { return true, false }

// ScratchSize: a row of alphas, and two of sums.
func (PRelu) ScratchSize(_ [][]int, out []int) int { return 3 * size(out) }

func (PRelu) Forward(c *Call) {
	n := size(c.OutShape)
	a := c.Scratch[:n]
	eachAlpha(c, func(i, at int) { a[i] = c.In[1][at] })
	for i := 0; i < len(c.Out); i += n {
		kernel.PRelu(c.Out[i:i+n], c.In[0][i:], a)
	}
}

func (PRelu) Backward(c *Call) {
	n := size(c.OutShape)
	x, dy, a := c.In[0], c.DOut, c.Scratch[:n]
	if dx := c.DIn[0]; dx != nil {
		eachAlpha(c, func(i, at int) { a[i] = c.In[1][at] })
		for i := 0; i < len(dx); i += n {
			kernel.PReluGrad(dx[i:i+n], dy[i:], x[i:], a)
		}
	}
	da := c.DIn[1]
	if da == nil {
		return
	}
	total, sum := c.Scratch[n:2*n], c.Scratch[2*n:3*n]
	clear(total)
	for k := 0; k < c.N; k += 256 {
		clear(sum)
		for i := k; i < min(k+256, c.N); i++ {
			kernel.PReluSlope(sum, dy[i*n:], x[i*n:])
		}
		kernel.Accumulate(total, sum)
	}
	clear(da)
	eachAlpha(c, func(i, at int) { da[at] += total[i] })
}

// eachAlpha calls f for each place of a row, in order, with the place of its alpha.
func eachAlpha(c *Call, f func(i, at int)) {
	x, a := c.InShape[0], c.InShape[1]
	var index [maxAxes]int
	for i := range size(x) {
		at := 0
		for k := range x {
			at *= a[k]
			if a[k] > 1 {
				at += index[k]
			}
		}
		f(i, at)
		for k := len(x) - 1; k >= 0; k-- {
			if index[k]++; index[k] < x[k] {
				break
			}
			index[k] = 0
		}
	}
}

// ReluOf is a rectifier with limits: y = x < Threshold ? Slope·(x − Threshold) : min(x, Most).
// Shapes are kept.
//
// Backward: dx = dy between Threshold and Most; Slope·dy at Threshold and below; 0 at Most
// and above.
type ReluOf struct{ Threshold, Slope, Most float32 }

var (
	_ Op             = ReluOf{}
	_ InPlacer       = ReluOf{}
	_ BackwardReader = ReluOf{}
)

func (ReluOf) Infer(in [][]int) ([]int, *tensor.Error) { return in[0], nil }
func (ReluOf) InPlace() bool                           { return true }
func (ReluOf) BackwardReads() (in, out bool)           { return true, false }
func (o ReluOf) Forward(c *Call)                       { kernel.ReluOf(c.Out, c.In[0], o.Threshold, o.Slope, o.Most) }

func (o ReluOf) Backward(c *Call) {
	if c.DIn[0] != nil {
		kernel.ReluOfGrad(c.DIn[0], c.DOut, c.In[0], o.Threshold, o.Slope, o.Most)
	}
}
