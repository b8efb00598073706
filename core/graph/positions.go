package graph

import (
	"github.com/terrarium-ml/terrarium/core/internal/kernel"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// AddPositions adds to each step of time what belongs to its position, the same for
// every sample: row t of a table.
//
//	x [time, n]  table [steps ≥ time, n]  →  y [time, n]
//
// The table is the second input, or, where Table is not nil, that, which is constant.
//
// Backward: dx = dy; dtable is the sum of dy over the samples, and 0 for the steps
// behind the last.
type AddPositions struct{ Table []float32 }

var (
	_ Op             = AddPositions{}
	_ InPlacer       = AddPositions{}
	_ BackwardReader = AddPositions{}
)

func (o AddPositions) Infer(in [][]int) ([]int, *tensor.Error) {
	x := in[0]
	if len(x) != 2 {
		return nil, tensor.Errorf(tensor.CodeShape, "want input [batch, time, width], got %s", tensor.FormatBatch(x))
	}
	if o.Table != nil {
		must(len(o.Table) == size(x), "AddPositions wants a table as large as a row of its input")
		return x, nil
	}
	if table := in[1]; x[0] > table[0] || x[1] != table[1] {
		return nil, tensor.Errorf(tensor.CodeShape, "want input [batch, up to %d, %d], got %s", table[0], table[1], tensor.FormatBatch(x))
	}
	return x, nil
}

func (AddPositions) InPlace() bool                 { return true }
func (AddPositions) BackwardReads() (in, out bool) { return false, false }

func (o AddPositions) Forward(c *Call) {
	table, n := o.Table, len(c.Out)/c.N
	if table == nil {
		table = c.In[1]
	}
	for i := 0; i < len(c.Out); i += n {
		kernel.Add(c.Out[i:i+n], c.In[0][i:i+n], table)
	}
}

func (o AddPositions) Backward(c *Call) {
	if o.Table == nil && c.DIn[1] != nil {
		n := len(c.DOut) / c.N
		kernel.ColSums(c.N, n, c.DOut, n, c.DIn[1], false)
		kernel.Fill(c.DIn[1][n:], 0)
	}
	if c.DIn[0] != nil {
		copyIfApart(c.DIn[0], c.DOut)
	}
}
