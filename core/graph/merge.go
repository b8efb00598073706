package graph

import (
	"github.com/terrarium-ml/terrarium/core/internal/kernel"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// Sub is a − b, of two values of the same shape.
//
// Backward: da = dy, db = −dy.
type Sub struct{}

// Mul is a·b, element by element, of two values of the same shape.
//
// Backward: da = dy·b, db = dy·a.
type Mul struct{}

// Maximum is the greater of a and b, element by element: a < b ? b : a.
//
// Backward: dy goes to the one that was taken; to a where they are equal.
type Maximum struct{}

// Minimum is the lesser of a and b, element by element: a > b ? b : a.
//
// Backward: dy goes to the one that was taken; to a where they are equal.
type Minimum struct{}

// Scale is x·Factor. Shapes are kept.
//
// Backward: dx = dy·Factor.
type Scale struct{ Factor float32 }

var (
	_ Op             = Sub{}
	_ Op             = Mul{}
	_ Op             = Maximum{}
	_ Op             = Minimum{}
	_ Op             = Scale{}
	_ BackwardReader = Sub{}
	_ BackwardReader = Mul{}
	_ BackwardReader = Maximum{}
	_ BackwardReader = Minimum{}
	_ InPlacer       = Scale{}
)

func (Sub) Infer(in [][]int) ([]int, *tensor.Error) { return Add{}.Infer(in) }
func (Sub) BackwardReads() (in, out bool)           { return false, false }
func (Sub) Forward(c *Call)                         { kernel.Sub(c.Out, c.In[0], c.In[1]) }

func (Sub) Backward(c *Call) {
	if c.DIn[0] != nil {
		copy(c.DIn[0], c.DOut)
	}
	if c.DIn[1] != nil {
		kernel.Scale(c.DIn[1], c.DOut, -1)
	}
}

func (Mul) Infer(in [][]int) ([]int, *tensor.Error) { return Add{}.Infer(in) }
func (Mul) BackwardReads() (in, out bool)           { return true, false }
func (Mul) Forward(c *Call)                         { kernel.Mul(c.Out, c.In[0], c.In[1]) }

func (Mul) Backward(c *Call) {
	for i, d := range c.DIn {
		if d != nil {
			kernel.Mul(d, c.DOut, c.In[1-i])
		}
	}
}

func (Maximum) Infer(in [][]int) ([]int, *tensor.Error) { return Add{}.Infer(in) }
func (Maximum) BackwardReads() (in, out bool)           { return true, false }
func (Maximum) Forward(c *Call)                         { kernel.MaxOf(c.Out, c.In[0], c.In[1]) }

func (Maximum) Backward(c *Call) {
	if c.DIn[0] != nil {
		kernel.WhereNotLess(c.DIn[0], c.DOut, c.In[0], c.In[1])
	}
	if c.DIn[1] != nil {
		kernel.WhereLess(c.DIn[1], c.DOut, c.In[0], c.In[1])
	}
}

func (Minimum) Infer(in [][]int) ([]int, *tensor.Error) { return Add{}.Infer(in) }
func (Minimum) BackwardReads() (in, out bool)           { return true, false }
func (Minimum) Forward(c *Call)                         { kernel.MinOf(c.Out, c.In[0], c.In[1]) }

func (Minimum) Backward(c *Call) {
	if c.DIn[0] != nil {
		kernel.WhereNotLess(c.DIn[0], c.DOut, c.In[1], c.In[0])
	}
	if c.DIn[1] != nil {
		kernel.WhereLess(c.DIn[1], c.DOut, c.In[1], c.In[0])
	}
}

func (Scale) Infer(in [][]int) ([]int, *tensor.Error) { return in[0], nil }
func (Scale) InPlace() bool                           { return true }
func (Scale) BackwardReads() (in, out bool)           { return false, false }
func (o Scale) Forward(c *Call)                       { kernel.Scale(c.Out, c.In[0], o.Factor) }

func (o Scale) Backward(c *Call) {
	if c.DIn[0] != nil {
		kernel.Scale(c.DIn[0], c.DOut, o.Factor)
	}
}
