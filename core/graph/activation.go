package graph

import (
	"github.com/terrarium-ml/terrarium/core/internal/kernel"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// Activation applies a function to every element; shapes are kept. Formulas and
// the conventions at their kinks stand with the kernels.
type Activation struct {
	Kind  kernel.Activation
	Alpha float32 // the slope of LeakyRelu, the scale of Elu
}

var (
	_ Op             = Activation{}
	_ InPlacer       = Activation{}
	_ BackwardReader = Activation{}
	_ Coster         = Activation{}
	_ Recorder       = Activation{}
)

func (Activation) Infer(in [][]int) ([]int, *tensor.Error) { return in[0], nil }

// Cost counts an activation as ten operations an element, about what the
// polynomials of exp and tanh take.
func (Activation) Cost(_ [][]int, out []int) int { return 10 * size(out) }

func (Activation) InPlace() bool { return true }

// BackwardReads: most derivatives can be had from the result alone.
func (a Activation) BackwardReads() (in, out bool) { return kernel.NeedsInput(a.Kind), true }

func (a Activation) Forward(c *Call) { kernel.Activate(a.Kind, a.Alpha, c.Out, c.In[0]) }

func (a Activation) Backward(c *Call) {
	if c.DIn[0] != nil {
		kernel.ActivateGrad(a.Kind, a.Alpha, c.DIn[0], c.DOut, c.In[0], c.Out)
	}
}

func (a Activation) RecordForward(c *Call, p *kernel.Program) bool {
	return p.Activate(a.Kind, c.Out, c.In[0])
}

func (a Activation) RecordBackward(c *Call, p *kernel.Program) bool {
	return c.DIn[0] == nil || p.ActivateGrad(a.Kind, c.DIn[0], c.DOut, c.Out)
}

// Softmax is y_i = exp(x_i) / Σ exp(x_j) along the last axis; shapes are kept. The
// row's maximum is taken off first, so that no exponential overflows.
//
// Backward: dx = y·(dy − Σ dy·y).
type Softmax struct{}

var (
	_ Op       = Softmax{}
	_ InPlacer = Softmax{}
	_ Coster   = Softmax{}
	_ Recorder = Softmax{}
)

func (Softmax) Infer(in [][]int) ([]int, *tensor.Error) { return lastAxis(in[0], "softmax") }
func (Softmax) Cost(_ [][]int, out []int) int           { return 12 * size(out) }
func (Softmax) InPlace() bool                           { return true }
func (Softmax) BackwardReads() (in, out bool)           { return false, true }

func (Softmax) Forward(c *Call) {
	rows, n := rowsOf(c)
	kernel.Softmax(rows, n, c.Out, c.In[0])
}

func (Softmax) Backward(c *Call) {
	if c.DIn[0] != nil {
		rows, n := rowsOf(c)
		kernel.SoftmaxGrad(rows, n, c.DIn[0], c.DOut, c.Out)
	}
}

func (Softmax) RecordForward(c *Call, p *kernel.Program) bool {
	rows, n := rowsOf(c)
	p.Softmax(rows, n, c.Out, c.In[0])
	return true
}

// RecordBackward: the losses go around a softmax; its derivative is rarely asked for.
func (Softmax) RecordBackward(c *Call, _ *kernel.Program) bool { return c.DIn[0] == nil }

// LogSoftmax is y_i = x_i − log Σ exp(x_j) along the last axis; shapes are kept.
//
// Backward: dx = dy − exp(y)·Σ dy.
type LogSoftmax struct{}

var (
	_ Op       = LogSoftmax{}
	_ InPlacer = LogSoftmax{}
	_ Coster   = LogSoftmax{}
)

func (LogSoftmax) Infer(in [][]int) ([]int, *tensor.Error) { return lastAxis(in[0], "log_softmax") }
func (LogSoftmax) Cost(_ [][]int, out []int) int           { return 12 * size(out) }
func (LogSoftmax) InPlace() bool                           { return true }
func (LogSoftmax) BackwardReads() (in, out bool)           { return false, true }

func (LogSoftmax) Forward(c *Call) {
	rows, n := rowsOf(c)
	kernel.LogSoftmax(rows, n, c.Out, c.In[0])
}

func (LogSoftmax) Backward(c *Call) {
	if c.DIn[0] != nil {
		rows, n := rowsOf(c)
		kernel.LogSoftmaxGrad(rows, n, c.DIn[0], c.DOut, c.Out)
	}
}

func lastAxis(shape []int, what string) ([]int, *tensor.Error) {
	if len(shape) == 0 {
		return nil, tensor.Errorf(tensor.CodeShape, "%s wants at least one axis behind the batch, got [batch]", what)
	}
	return shape, nil
}

// rowsOf returns the number of rows along the last axis and their length.
func rowsOf(c *Call) (rows, n int) {
	n = c.OutShape[len(c.OutShape)-1]
	return len(c.Out) / n, n
}
