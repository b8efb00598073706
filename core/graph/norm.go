package graph

import (
	"github.com/terrarium-ml/terrarium/core/internal/kernel"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// Normalize brings each sample's values along the last axes to mean 0 and variance 1
// (Ba, Kiros, Hinton, 2016), or with RMS to a mean square of 1 (Zhang, Sennrich, 2019):
//
//	m = mean of x, or 0 with RMS    r = 1 / √(mean of (x − m)² + Epsilon)
//	y = (x − m)·r·gamma + beta
//
//	x [.., n…]  gamma [n…], if Scale  beta [n…], if Center  →  y [.., n…]
//
// The n… are the last Axes axes. Backward, with x̂ = (x − m)·r and g = dy·gamma:
//
//	dx = r·(g − mean g − x̂·mean(g·x̂))    dgamma = Σ dy·x̂    dbeta = Σ dy
//
// without the mean of g for RMS.
type Normalize struct {
	Axes          int
	Epsilon       float32
	RMS           bool
	Scale, Center bool
}

var (
	_ Op             = Normalize{}
	_ InPlacer       = Normalize{}
	_ BackwardReader = Normalize{}
	_ Memoriser      = Normalize{}
	_ Scratcher      = Normalize{}
	_ Coster         = Normalize{}
)

func (o Normalize) Infer(in [][]int) ([]int, *tensor.Error) {
	if o.Axes < 1 || len(in[0]) < o.Axes {
		return nil, tensor.Errorf(tensor.CodeShape, "want %d or more axes behind the batch to normalise along, got %s", max(1, o.Axes), tensor.FormatBatch(in[0]))
	}
	return in[0], nil
}

func (Normalize) InPlace() bool                          { return true }
func (Normalize) BackwardReads() (in, out bool)          { return true, false }
func (Normalize) Cost(_ [][]int, out []int) int          { return 10 * size(out) }
func (o Normalize) AuxPerRow(_ [][]int, out []int) int   { return 2 * size(out) / o.values(out) }
func (o Normalize) ScratchSize(_ [][]int, out []int) int { return 4 * o.values(out) }

// values returns how many values are normalised together.
func (o Normalize) values(shape []int) int { return size(shape[len(shape)-o.Axes:]) }

// params returns gamma and beta, ones and zeros for those that there are not.
func (o Normalize) params(c *Call, n int) (gamma, beta []float32) {
	gamma, beta = c.Scratch[2*n:3*n], c.Scratch[3*n:4*n]
	next := 1
	if o.Scale {
		gamma, next = c.In[1], 2
	} else {
		kernel.Fill(gamma, 1)
	}
	if o.Center {
		beta = c.In[next]
	} else {
		kernel.Fill(beta, 0)
	}
	return gamma, beta
}

func (o Normalize) Forward(c *Call) {
	n := o.values(c.OutShape)
	gamma, beta := o.params(c, n)
	kernel.NormalizeRows(len(c.Out)/n, n, c.Out, c.In[0], gamma, beta, c.Aux, o.Epsilon, !o.RMS)
}

func (o Normalize) Backward(c *Call) {
	n := o.values(c.OutShape)
	gamma, _ := o.params(c, n)
	var dgamma, dbeta []float32
	next := 1
	if o.Scale {
		dgamma, next = c.DIn[1], 2
	}
	if o.Center {
		dbeta = c.DIn[next]
	}
	kernel.NormalizeRowsGrad(len(c.DOut)/n, n, c.DIn[0], dgamma, dbeta, c.DOut, c.In[0], gamma, c.Aux, c.Scratch, !o.RMS)
}
