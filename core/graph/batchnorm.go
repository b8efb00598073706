package graph

import (
	"github.com/terrarium-ml/terrarium/core/internal/kernel"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// BatchNorm normalises each channel, the last axis, over all samples and places of a
// batch (Ioffe, Szegedy, 2015):
//
//	y = gamma·(x − mean) / √(variance + Epsilon) + beta
//
//	x [.., n]  gamma [n], if Scale  beta [n], if Center  moving mean [n]  moving variance [n]  →  y [.., n]
//
// While training, mean and variance are the batch's: the variance is the mean of
// (x − mean)², in a second pass. Once the step is made (Commit) the moving ones become
// moving·Momentum + batch·(1 − Momentum). At inference, and always if Frozen, the
// moving ones are used and stay as they are.
//
// Backward, for m values a channel, x̂ = (x − mean)/√(variance + Epsilon):
//
//	dbeta = Σ dy    dgamma = Σ dy·x̂
//	dx = gamma/√(variance + Epsilon)·(dy − dbeta/m − x̂·dgamma/m)
//
// and without the last two terms of dx where mean and variance do not depend on x.
type BatchNorm struct {
	Momentum, Epsilon float32
	Scale, Center     bool
	Frozen            bool
}

var (
	_ Op             = BatchNorm{}
	_ InPlacer       = BatchNorm{}
	_ BackwardReader = BatchNorm{}
	_ Keeper         = BatchNorm{}
	_ Scratcher      = BatchNorm{}
	_ Coster         = BatchNorm{}
)

func (BatchNorm) Infer(in [][]int) ([]int, *tensor.Error) {
	return lastAxis(in[0], "batch normalisation")
}

func (BatchNorm) InPlace() bool                 { return true }
func (BatchNorm) BackwardReads() (in, out bool) { return true, false }
func (BatchNorm) Cost(_ [][]int, out []int) int { return 8 * size(out) }

// Keeps: mean, variance, 1/√(variance + Epsilon) and gamma times that.
func (BatchNorm) Keeps(_ [][]int, out []int) int { return 4 * out[len(out)-1] }

func (BatchNorm) ScratchSize(_ [][]int, out []int) int {
	n := out[len(out)-1]
	return kernel.ColumnSpace(n) + 4*n
}

// kept returns the four parts of Kept.
func (BatchNorm) kept(c *Call) (mean, variance, root, factor []float32) {
	n := len(c.Kept) / 4
	return c.Kept[:n], c.Kept[n : 2*n], c.Kept[2*n : 3*n], c.Kept[3*n:]
}

// learns tells whether the batch's own statistics count.
func (o BatchNorm) learns(c *Call) bool { return c.Training && !o.Frozen }

// at returns where beta stands among the inputs, and the moving mean.
func (o BatchNorm) at() (beta, moving int) {
	beta = 1
	if o.Scale {
		beta = 2
	}
	moving = beta
	if o.Center {
		moving++
	}
	return beta, moving
}

func (o BatchNorm) Forward(c *Call) {
	mean, variance, root, factor := o.kept(c)
	n, x := len(mean), c.In[0]
	m := len(x) / n
	beta, moving := o.at()
	if o.learns(c) {
		kernel.ColSums(m, n, x, n, mean, false)
		divideBy(mean, float32(m))
		kernel.ColSquares(m, n, x, mean, variance)
		divideBy(variance, float32(m))
	} else {
		copy(mean, c.In[moving])
		copy(variance, c.In[moving+1])
	}
	kernel.InverseRoots(root, variance, o.Epsilon)
	copy(factor, root)
	if o.Scale {
		kernel.Mul(factor, root, c.In[1])
	}
	shift := c.Scratch[:n]
	if o.Center {
		shift = c.In[beta]
	} else {
		kernel.Fill(shift, 0)
	}
	kernel.NormalizeColumns(m, n, c.Out, x, mean, factor, shift, c.Scratch[4*n:])
}

func (o BatchNorm) Backward(c *Call) {
	mean, _, root, factor := o.kept(c)
	n, x, dy := len(mean), c.In[0], c.DOut
	m := len(x) / n
	dgamma, dbeta := c.Scratch[:n], c.Scratch[n:2*n]
	b, k := c.Scratch[2*n:3*n], c.Scratch[3*n:4*n]
	kernel.ColSums(m, n, dy, n, dbeta, false)
	kernel.ColDots(m, n, dy, x, mean, dgamma)
	kernel.Mul(dgamma, dgamma, root)
	beta, _ := o.at()
	if o.Scale && c.DIn[1] != nil {
		copy(c.DIn[1], dgamma)
	}
	if o.Center && c.DIn[beta] != nil {
		copy(c.DIn[beta], dbeta)
	}
	if c.DIn[0] == nil {
		return
	}
	kernel.Fill(b, 0)
	kernel.Fill(k, 0)
	if o.learns(c) {
		copy(b, dbeta)
		divideBy(b, float32(m))
		kernel.Mul(k, dgamma, root)
		divideBy(k, float32(m))
	}
	kernel.NormalizeColumnsGrad(m, n, c.DIn[0], dy, x, mean, factor, b, k, c.Scratch[4*n:])
}

// Commit moves the statistics towards those of the batch.
func (o BatchNorm) Commit(c *Call) {
	if !o.learns(c) {
		return
	}
	mean, variance, _, _ := o.kept(c)
	_, moving := o.at()
	for k, batch := range [2][]float32{mean, variance} {
		kernel.Scale(c.In[moving+k], c.In[moving+k], o.Momentum)
		kernel.AddScaled(c.In[moving+k], batch, 1-o.Momentum)
	}
}

func divideBy(dst []float32, by float32) {
	for i := range dst {
		dst[i] /= by
	}
}
