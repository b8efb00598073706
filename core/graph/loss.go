package graph

import (
	"github.com/terrarium-ml/terrarium/core/internal/kernel"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// A Loss compares a prediction with its target along the last axis.
//
//	prediction [.., n]  target [.., n], or [..] for sparse kinds  →  loss [..]
//
// It is where a training plan begins to go backward: DOut holds what each loss
// counts, weight / (number of losses), and Backward gives the prediction's
// gradient. Targets have none.
type Loss struct{ Kind LossKind }

// A LossKind selects a formula; the formulas stand with the kernels.
type LossKind uint8

// The losses that are computed. The Logits kinds take what comes before the
// sigmoid or the softmax, which is stable and saves the activation's backward.
const (
	MeanSquaredError LossKind = iota
	MeanAbsoluteError
	BinaryCrossentropy
	BinaryCrossentropyLogits
	CategoricalCrossentropy
	CategoricalCrossentropyLogits
	SparseCategoricalCrossentropy
	SparseCategoricalCrossentropyLogits
	lossKinds
)

var (
	_ Op       = Loss{}
	_ Coster   = Loss{}
	_ Recorder = Loss{}
)

// Sparse tells whether targets are class numbers instead of vectors.
func (k LossKind) Sparse() bool {
	return k == SparseCategoricalCrossentropy || k == SparseCategoricalCrossentropyLogits
}

// A lossKernel is a loss and its gradient: rows of n values each; loss and scale
// have a value a row.
type lossKernel struct {
	forward  func(rows, n int, loss, p, t []float32)
	backward func(rows, n int, dp, p, t, scale []float32)
}

var lossKernels = [lossKinds]lossKernel{
	MeanSquaredError:                    {kernel.MSE, kernel.MSEGrad},
	MeanAbsoluteError:                   {kernel.MAE, kernel.MAEGrad},
	BinaryCrossentropy:                  {kernel.BCE, kernel.BCEGrad},
	BinaryCrossentropyLogits:            {kernel.BCELogits, kernel.BCELogitsGrad},
	CategoricalCrossentropy:             {kernel.CCE, kernel.CCEGrad},
	CategoricalCrossentropyLogits:       {kernel.CCELogits, kernel.CCELogitsGrad},
	SparseCategoricalCrossentropy:       {kernel.SparseCCE, kernel.SparseCCEGrad},
	SparseCategoricalCrossentropyLogits: {kernel.SparseCCELogits, kernel.SparseCCELogitsGrad},
}

func (l Loss) Infer(in [][]int) ([]int, *tensor.Error) {
	p, t := in[0], in[1]
	if len(p) == 0 {
		return nil, tensor.Errorf(tensor.CodeShape, "a loss wants predictions with at least one axis behind the batch, got [batch]")
	}
	want := p
	if l.Kind.Sparse() {
		want = p[:len(p)-1]
	}
	if !tensor.SameShape(want, t) {
		return nil, tensor.Errorf(tensor.CodeShape, "predictions %s want targets %s, got %s",
			tensor.FormatBatch(p), tensor.FormatBatch(want), tensor.FormatBatch(t))
	}
	return p[:len(p)-1], nil
}

func (Loss) BackwardReads() (in, out bool) { return true, false }

func (Loss) Cost(in [][]int, _ []int) int { return 15 * size(in[0]) }

func (l Loss) Forward(c *Call) {
	n := c.InShape[0][len(c.InShape[0])-1]
	lossKernels[l.Kind].forward(len(c.In[0])/n, n, c.Out, c.In[0], c.In[1])
}

func (l Loss) Backward(c *Call) {
	if c.DIn[0] == nil {
		return
	}
	n := c.InShape[0][len(c.InShape[0])-1]
	lossKernels[l.Kind].backward(len(c.In[0])/n, n, c.DIn[0], c.In[0], c.In[1], c.DOut)
}

// RecordForward records the losses behind a softmax, and behind a single sigmoid.
func (l Loss) RecordForward(c *Call, p *kernel.Program) bool {
	n := c.InShape[0][len(c.InShape[0])-1]
	rows := len(c.In[0]) / n
	switch {
	case l.Kind == BinaryCrossentropyLogits && n == 1:
		p.BCELogits(c.Out, c.In[0], c.In[1])
	case l.Kind == CategoricalCrossentropyLogits:
		p.CCELogits(rows, n, c.Out, c.In[0], c.In[1])
	case l.Kind == SparseCategoricalCrossentropyLogits:
		p.SparseCCELogits(rows, n, c.Out, c.In[0], c.In[1])
	default:
		return false
	}
	return true
}

func (l Loss) RecordBackward(c *Call, p *kernel.Program) bool {
	if c.DIn[0] == nil {
		return true
	}
	n := c.InShape[0][len(c.InShape[0])-1]
	rows := len(c.In[0]) / n
	switch {
	case l.Kind == BinaryCrossentropyLogits && n == 1:
		p.BCELogitsGrad(c.DIn[0], c.In[0], c.In[1], c.DOut)
	case l.Kind == CategoricalCrossentropyLogits:
		p.CCELogitsGrad(rows, n, c.DIn[0], c.In[0], c.In[1], c.DOut)
	case l.Kind == SparseCategoricalCrossentropyLogits:
		p.SparseCCELogitsGrad(rows, n, c.DIn[0], c.In[0], c.In[1], c.DOut)
	default:
		return false
	}
	return true
}
