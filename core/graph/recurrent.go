package graph

import (
	"github.com/terrarium-ml/terrarium/core/internal/kernel"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// A Recurrence is what the recurrent operations SimpleRNN, LSTM and GRU have in common:
// an operation runs over a whole sequence, one sample a row, and its state h goes from
// each step of time to the next.
//
//	x [time, in]  kernel [in, k·u]  recurrent [u, k·u]  bias [k·u], if Bias
//	mask [time], if Mask    h₀ [u] (an LSTM also c₀ [u]), if Initial
//	→ the last state [u], or with Sequences every one [time, u]
//
// u is the number of units and k that of a cell's gates, whose blocks stand side by
// side. Without Initial the state begins as zeros. Backwards reads the sequence from its
// last step to the first; results stay in the order of reading.
//
// A step whose mask is 0 is padding: it changes no state, and the state before it stands
// in the result. (Before the first step that counts that is h₀, as in TensorFlow.js.)
//
// While training, Dropout sets features of x to zero, and RecurrentDropout units of h
// where it is multiplied by the recurrent kernel: with that probability, for a sample the
// same ones at all steps, the others being multiplied by 1/(1−rate) (Gal, Ghahramani,
// 2016).
//
// # How it is computed
//
// Everything lies in the order of time: step by step, and for a step sample by sample.
// The inputs of all steps are multiplied by the kernel in one product. Then each step is
// one product of the states with the recurrent kernel, added to that, and one kernel for
// the gates of the whole batch. The gradients of the weights are one product each, over
// all steps and samples: their k runs over steps in the order of reading and, within a
// step, over samples (C1). Work of Forward is used up by Backward.
type Recurrence struct {
	Act, Gate     Activation // of the candidate; of the gates
	Backwards     bool
	Sequences     bool
	Bias          bool
	Mask, Initial bool

	Dropout, RecurrentDropout float32
}

// The inputs of a recurrent operation by position; bias, mask and initial states follow.
const (
	inX = iota
	inKernel
	inRecurrent
	inBias
)

func (r Recurrence) maskAt() int {
	if r.Bias {
		return inBias + 1
	}
	return inBias
}

func (r Recurrence) initialAt() int {
	if r.Mask {
		return r.maskAt() + 1
	}
	return r.maskAt()
}

// BackwardReads: inputs are gathered anew, but a mask is looked at again.
func (r Recurrence) BackwardReads() (in, out bool) { return r.Mask, false }

func (r Recurrence) cell() kernel.Cell {
	return kernel.Cell{Act: r.Act.Kind, ActAlpha: r.Act.Alpha, Gate: r.Gate.Kind, GateAlpha: r.Gate.Alpha}
}

// bias returns the bias of the product with x, or nil.
func (r Recurrence) bias(c *Call) []float32 {
	if !r.Bias {
		return nil
	}
	return c.In[inBias][:c.InShape[inKernel][1]]
}

// infer checks the shapes for a cell of so many gates and states.
func (r Recurrence) infer(in [][]int, gates, states int) ([]int, *tensor.Error) {
	x := in[inX]
	if len(x) != 2 {
		return nil, tensor.Errorf(tensor.CodeShape, "want input [batch, time, features], got %s; put a Reshape or RepeatVector before it", tensor.FormatBatch(x))
	}
	w, u := in[inKernel], in[inRecurrent]
	must(len(w) == 2 && len(u) == 2 && u[1] == gates*u[0] && w[1] == u[1], "a recurrent operation wants a kernel [in, k·u] and a recurrent kernel [u, k·u]")
	if w[0] != x[1] {
		return nil, tensor.Errorf(tensor.CodeShape, "want input [batch, time, %d], got %s", w[0], tensor.FormatBatch(x))
	}
	if !r.Initial {
		states = 0
	}
	must(len(in) == r.initialAt()+states, "a recurrent operation has another number of inputs")
	if r.Mask {
		if m := in[r.maskAt()]; len(m) != 1 || m[0] != x[0] {
			return nil, tensor.Errorf(tensor.CodeShape, "want a mask [batch, %d], one number a step of time, got %s", x[0], tensor.FormatBatch(m))
		}
	}
	if r.Initial {
		for _, s := range in[r.initialAt():] {
			if len(s) != 1 || s[0] != u[0] {
				return nil, tensor.Errorf(tensor.CodeShape, "want an initial state [batch, %d], got %s", u[0], tensor.FormatBatch(s))
			}
		}
	}
	if r.Sequences {
		return []int{x[0], u[0]}, nil
	}
	return []int{u[0]}, nil
}

func (r Recurrence) cost(in [][]int) int {
	steps, features, units, columns := in[inX][0], in[inX][1], in[inRecurrent][0], in[inRecurrent][1]
	return steps * columns * (2*(features+units) + 10)
}
