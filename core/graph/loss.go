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
//
// A mask is a count of 0: a place whose DOut is 0 gives no gradient and, since the
// caller multiplies with the same counts, adds nothing to the batch's loss. A mask of
// [time] therefore multiplies the weights of a row's places; whoever wants the mean
// over the places that are left divides by their number instead of that of all.
type Loss struct {
	Kind LossKind
	A, B float32 // what some kinds take: see there
}

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
	CategoricalHinge
	CosineSimilarity
	tableKinds // those before it take no A and B and stand in lossKernels

	Huber                  // A: where the parabola ends
	CategoricalFocal       // A: the exponent γ, B: the factor α
	CategoricalFocalLogits // the same
	pointKinds             // those after it are functions of one prediction

	MeanAbsolutePercentageError
	MeanSquaredLogarithmicError
	LogCosh
	Hinge
	SquaredHinge
	Poisson
	KLDivergence
	Quantile          // A: the quantile
	BinaryFocal       // A: γ; B: α, the weight of class 1 beside 1−α, or −1 for none
	BinaryFocalLogits // the same
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

var lossKernels = [tableKinds]lossKernel{
	MeanSquaredError:                    {kernel.MSE, kernel.MSEGrad},
	MeanAbsoluteError:                   {kernel.MAE, kernel.MAEGrad},
	BinaryCrossentropy:                  {kernel.BCE, kernel.BCEGrad},
	BinaryCrossentropyLogits:            {kernel.BCELogits, kernel.BCELogitsGrad},
	CategoricalCrossentropy:             {kernel.CCE, kernel.CCEGrad},
	CategoricalCrossentropyLogits:       {kernel.CCELogits, kernel.CCELogitsGrad},
	SparseCategoricalCrossentropy:       {kernel.SparseCCE, kernel.SparseCCEGrad},
	SparseCategoricalCrossentropyLogits: {kernel.SparseCCELogits, kernel.SparseCCELogitsGrad},
	CategoricalHinge:                    {kernel.CategoricalHinge, kernel.CategoricalHingeGrad},
	CosineSimilarity:                    {kernel.CosineSimilarity, kernel.CosineSimilarityGrad},
}

var pointLosses = [lossKinds]kernel.PointLoss{
	MeanAbsolutePercentageError: kernel.AbsolutePercentage,
	MeanSquaredLogarithmicError: kernel.SquaredLogarithmic,
	LogCosh:                     kernel.LogCosh,
	Hinge:                       kernel.Hinge,
	SquaredHinge:                kernel.SquaredHinge,
	Poisson:                     kernel.Poisson,
	KLDivergence:                kernel.KLDivergence,
	Quantile:                    kernel.Quantile,
	BinaryFocal:                 kernel.Focal,
	BinaryFocalLogits:           kernel.FocalLogits,
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
	rows, loss, p, t := len(c.In[0])/n, c.Out, c.In[0], c.In[1]
	switch {
	case l.Kind < tableKinds:
		lossKernels[l.Kind].forward(rows, n, loss, p, t)
	case l.Kind == Huber:
		kernel.Huber(l.A, rows, n, loss, p, t)
	case l.Kind == CategoricalFocal:
		kernel.CategoricalFocal(l.A, l.B, rows, n, loss, p, t)
	case l.Kind == CategoricalFocalLogits:
		kernel.CategoricalFocalLogits(l.A, l.B, rows, n, loss, p, t)
	default:
		kernel.PointLosses(pointLosses[l.Kind], l.A, l.B, rows, n, loss, p, t)
	}
}

func (l Loss) Backward(c *Call) {
	if c.DIn[0] == nil {
		return
	}
	n := c.InShape[0][len(c.InShape[0])-1]
	rows, dp, p, t := len(c.In[0])/n, c.DIn[0], c.In[0], c.In[1]
	switch {
	case l.Kind < tableKinds:
		lossKernels[l.Kind].backward(rows, n, dp, p, t, c.DOut)
	case l.Kind == Huber:
		kernel.HuberGrad(l.A, rows, n, dp, p, t, c.DOut)
	case l.Kind == CategoricalFocal:
		kernel.CategoricalFocalGrad(l.A, l.B, rows, n, dp, p, t, c.DOut)
	case l.Kind == CategoricalFocalLogits:
		kernel.CategoricalFocalLogitsGrad(l.A, l.B, rows, n, dp, p, t, c.DOut)
	default:
		kernel.PointLossGrads(pointLosses[l.Kind], l.A, l.B, rows, n, dp, p, t, c.DOut)
	}
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
