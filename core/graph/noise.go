package graph

import (
	"math"

	"github.com/terrarium-ml/terrarium/core/internal/kernel"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// SpatialDropout is Dropout of whole channels: while training, each channel of a sample
// is zero at all pixels with probability Rate, or multiplied by 1/(1−Rate) (Tompson et
// al., 2015). The mask comes from the stream of Dropout.
//
//	x [.., c]  →  y [.., c]
//
// Backward: dx = dy·mask.
type SpatialDropout struct{ Rate float32 }

// GaussianNoise adds Stddev·z while training, z drawn from the standard normal
// distribution (stream "noise"). Shapes are kept.
//
// Backward: dx = dy.
type GaussianNoise struct{ Stddev float32 }

// GaussianDropout multiplies by 1 + √(Rate/(1−Rate))·z while training, z drawn from the
// standard normal distribution (Srivastava et al., 2014; stream "noise"). Shapes are kept.
//
// Backward: dx = dy times the same factor.
type GaussianDropout struct{ Rate float32 }

// AlphaDropout sets elements to selu's lower limit α' = −1.7581 with probability Rate
// while training, and then scales and shifts all so that mean 0 and variance 1 are kept:
// y = a·x + b or a·α' + b, a = ((1−Rate)·(1 + Rate·α'²))^−½, b = −a·α'·Rate (Klambauer et al.,
// 2017). The mask comes from the stream of Dropout.
//
// Backward: dx = a·dy where x was kept, else 0.
type AlphaDropout struct{ Rate float32 }

var (
	_ Op        = SpatialDropout{}
	_ InPlacer  = SpatialDropout{}
	_ Memoriser = SpatialDropout{}
	_ Op        = GaussianNoise{}
	_ InPlacer  = GaussianNoise{}
	_ Coster    = GaussianNoise{}
	_ Op        = GaussianDropout{}
	_ InPlacer  = GaussianDropout{}
	_ Memoriser = GaussianDropout{}
	_ Coster    = GaussianDropout{}
	_ Op        = AlphaDropout{}
	_ InPlacer  = AlphaDropout{}
	_ Memoriser = AlphaDropout{}
)

func (SpatialDropout) Infer(in [][]int) ([]int, *tensor.Error) {
	return lastAxis(in[0], "dropout of channels")
}
func (SpatialDropout) InPlace() bool                      { return true }
func (SpatialDropout) BackwardReads() (in, out bool)      { return false, false }
func (SpatialDropout) AuxPerRow(_ [][]int, out []int) int { return out[len(out)-1] }

func (o SpatialDropout) Forward(c *Call) {
	if !c.Training || o.Rate == 0 {
		copyIfApart(c.Out, c.In[0])
		return
	}
	kernel.DropoutMask(c.Aux, c.Rand("dropout"), o.Rate)
	o.multiply(c, c.Out, c.In[0])
}

func (o SpatialDropout) Backward(c *Call) {
	switch {
	case c.DIn[0] == nil:
	case !c.Training || o.Rate == 0:
		copyIfApart(c.DIn[0], c.DOut)
	default:
		o.multiply(c, c.DIn[0], c.DOut)
	}
}

// multiply takes each pixel times its sample's mask.
func (SpatialDropout) multiply(c *Call, dst, src []float32) {
	k := c.OutShape[len(c.OutShape)-1]
	pixels := size(c.OutShape) / k
	for i := 0; i < len(dst); i += k {
		mask := c.Aux[i/k/pixels*k:]
		kernel.Mul(dst[i:i+k], src[i:], mask)
	}
}

// noiseCost is about what a normal variate takes.
const noiseCost = 40

func (GaussianNoise) Infer(in [][]int) ([]int, *tensor.Error) { return in[0], nil }
func (GaussianNoise) Cost(_ [][]int, out []int) int           { return noiseCost * size(out) }
func (GaussianNoise) InPlace() bool                           { return true }
func (GaussianNoise) BackwardReads() (in, out bool)           { return false, false }

func (o GaussianNoise) Forward(c *Call) {
	if !c.Training || o.Stddev == 0 {
		copyIfApart(c.Out, c.In[0])
		return
	}
	kernel.AddNormal(c.Out, c.In[0], c.Rand("noise"), o.Stddev)
}

func (GaussianNoise) Backward(c *Call) {
	if c.DIn[0] != nil {
		copyIfApart(c.DIn[0], c.DOut)
	}
}

func (GaussianDropout) Infer(in [][]int) ([]int, *tensor.Error) { return in[0], nil }
func (GaussianDropout) Cost(_ [][]int, out []int) int           { return noiseCost * size(out) }
func (GaussianDropout) InPlace() bool                           { return true }
func (GaussianDropout) BackwardReads() (in, out bool)           { return false, false }
func (GaussianDropout) AuxPerRow(_ [][]int, out []int) int      { return size(out) }

func (o GaussianDropout) Forward(c *Call) {
	if !c.Training || o.Rate == 0 {
		copyIfApart(c.Out, c.In[0])
		return
	}
	kernel.FillNormal(c.Aux, c.Rand("noise"), 1, float32(math.Sqrt(float64(o.Rate/(1-o.Rate)))))
	kernel.Mul(c.Out, c.In[0], c.Aux)
}

func (o GaussianDropout) Backward(c *Call) {
	switch {
	case c.DIn[0] == nil:
	case !c.Training || o.Rate == 0:
		copyIfApart(c.DIn[0], c.DOut)
	default:
		kernel.Mul(c.DIn[0], c.DOut, c.Aux)
	}
}

// seluLimit is selu at −∞, −1.0507·1.67326.
const seluLimit = -1.7580993408473766

func (AlphaDropout) Infer(in [][]int) ([]int, *tensor.Error) { return in[0], nil }
func (AlphaDropout) InPlace() bool                           { return true }
func (AlphaDropout) BackwardReads() (in, out bool)           { return false, false }
func (AlphaDropout) AuxPerRow(_ [][]int, out []int) int      { return size(out) }

func (o AlphaDropout) Forward(c *Call) {
	if !c.Training || o.Rate == 0 {
		copyIfApart(c.Out, c.In[0])
		return
	}
	rate := float64(o.Rate)
	a := 1 / math.Sqrt(float64((1-rate)*(1+float64(rate*seluLimit*seluLimit))))
	scale, shift := float32(a), float32(-float64(a*seluLimit)*rate)
	dropped := float32(scale*seluLimit) + shift
	kernel.DropoutMask(c.Aux, c.Rand("dropout"), o.Rate)
	for i, x := range c.In[0] {
		if c.Aux[i] == 0 {
			c.Out[i] = dropped
			continue
		}
		c.Aux[i] = scale
		c.Out[i] = float32(scale*x) + shift
	}
}

func (o AlphaDropout) Backward(c *Call) {
	switch {
	case c.DIn[0] == nil:
	case !c.Training || o.Rate == 0:
		copyIfApart(c.DIn[0], c.DOut)
	default:
		kernel.Mul(c.DIn[0], c.DOut, c.Aux)
	}
}
