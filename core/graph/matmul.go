package graph

import (
	"github.com/terrarium-ml/terrarium/core/internal/kernel"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// MatMul is y = x·w + b, the product of the last axis of x with a matrix.
//
//	x [.., in]  w [in, out]  b [out], optional  →  y [.., out]
//
// A weight of more axes is taken for the matrix that its numbers make: its first InAxes
// axes (1 if 0) are in, the others out, and so are all axes of b.
//
// Each product follows C1's rule: blocks of 256 terms in ascending order, then the
// bias.
type MatMul struct{ InAxes int }

var (
	_ Op       = MatMul{}
	_ Coster   = MatMul{}
	_ Recorder = MatMul{}
	_ Weigher  = MatMul{}
)

func (o MatMul) Infer(in [][]int) ([]int, *tensor.Error) {
	x, w := in[0], in[1]
	must(len(w) > max(1, o.InAxes), "MatMul wants a kernel [in, out]")
	k, n := o.matrix(w)
	must(len(in) == 2 || size(in[2]) == n, "MatMul wants a bias [out]")
	if len(x) == 0 || x[len(x)-1] != k {
		return nil, tensor.Errorf(tensor.CodeShape, "want input [batch, …, %d], got %s", k, tensor.FormatBatch(x))
	}
	y := append([]int{}, x...)
	y[len(y)-1] = n
	return y, nil
}

func (o MatMul) WeightMatrix(in [][]int) (k, n int) { return o.matrix(in[1]) }

// matrix returns the sizes of the matrix [in, out] that a weight stands for.
func (o MatMul) matrix(w []int) (in, out int) {
	axes := max(1, o.InAxes)
	return size(w[:axes]), size(w[axes:])
}

func (o MatMul) Cost(in [][]int, out []int) int {
	k, _ := o.matrix(in[1])
	return 2 * k * size(out)
}

// BackwardReads: x and w, but not y.
func (MatMul) BackwardReads() (in, out bool) { return true, false }

// blockFlops is the largest product that runs without looking whether the step was
// abandoned: 3 to 6 ms. The kernel module does twice as much in a time, and packs B for each
// block: at n = 1,024 half as many blocks are 7 % faster.
var blockFlops = func() int {
	if kernel.HaveModule() {
		return 256 << 20
	}
	return 64 << 20
}()

// rowsPerBlock divides m rows of flops each so that no part is above blockFlops.
func rowsPerBlock(flops int) int { return max(8, blockFlops/max(1, flops)) }

func (o MatMul) Forward(c *Call) {
	x, w := c.In[0], c.In[1]
	k, n := o.matrix(c.InShape[1])
	var b []float32
	if len(c.In) == 3 {
		b = c.In[2]
	}
	m := len(x) / k
	if m == 1 && c.Panels != nil {
		kernel.RowPanels(c.scratch(), n, k, x, c.Panels, w, b, c.Out)
		return
	}
	for step, i := rowsPerBlock(2*k*n), 0; i < m; i += step {
		rows := min(step, m-i)
		kernel.GemmNN(c.scratch(), rows, n, k, x[i*k:], k, w, n, b, c.Out[i*n:], n, false)
		if i+rows < m && c.Pause(2*rows*k*n) {
			return
		}
	}
}

// Backward:
//
//	dx = dy·wᵀ    dw = xᵀ·dy    db = Σ rows of dy
func (o MatMul) Backward(c *Call) {
	x, w, dy := c.In[0], c.In[1], c.DOut
	k, n := o.matrix(c.InShape[1])
	m := len(x) / k
	if dx := c.DIn[0]; dx != nil {
		for step, i := rowsPerBlock(2*k*n), 0; i < m; i += step {
			rows := min(step, m-i)
			kernel.GemmNT(c.scratch(), rows, k, n, dy[i*n:], n, w, n, nil, dx[i*k:], k, false)
			if i+rows < m && c.Pause(2*rows*k*n) {
				return
			}
		}
	}
	if dw := c.DIn[1]; dw != nil {
		for step, i := rowsPerBlock(2*m*n), 0; i < k; i += step {
			rows := min(step, k-i)
			kernel.GemmTN(c.scratch(), rows, n, m, x[i:], k, dy, n, nil, dw[i*n:], n, false)
			if i+rows < k && c.Pause(2*rows*m*n) {
				return
			}
		}
	}
	if len(c.In) == 3 && c.DIn[2] != nil {
		kernel.ColSums(m, n, dy, n, c.DIn[2], false)
	}
}

func (o MatMul) RecordForward(c *Call, p *kernel.Program) bool {
	x := c.In[0]
	k, n := o.matrix(c.InShape[1])
	var b []float32
	if len(c.In) == 3 {
		b = c.In[2]
	}
	m := len(x) / k
	if m == 1 && c.Panels != nil {
		p.RowPanels(c.scratch(), n, k, x, c.Panels, c.In[1], b, c.Out)
	} else {
		p.Product(c.scratch(), false, false, m, n, k, x, k, c.In[1], n, b, c.Out, n)
	}
	return true
}

func (o MatMul) RecordBackward(c *Call, p *kernel.Program) bool {
	x, w, dy := c.In[0], c.In[1], c.DOut
	k, n := o.matrix(c.InShape[1])
	m := len(x) / k
	if dx := c.DIn[0]; dx != nil {
		p.Product(c.scratch(), false, true, m, k, n, dy, n, w, n, nil, dx, k)
	}
	if dw := c.DIn[1]; dw != nil {
		p.Product(c.scratch(), true, false, k, n, m, x, k, dy, n, nil, dw, n)
	}
	if len(c.In) == 3 && c.DIn[2] != nil {
		p.ColSums(m, n, dy, c.DIn[2])
	}
	return true
}
