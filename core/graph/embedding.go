package graph

import (
	"github.com/terrarium-ml/terrarium/core/internal/kernel"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// Embedding looks rows of a table up by their numbers.
//
//	index [..], whole numbers as float32  table [words, n]  →  y [.., n]
//
// An index that names no row gives zeros; whoever feeds data is to refuse it before.
//
// Backward: dtable starts at zeros, and each row of dy is added, in ascending order of
// samples and places, to the row that was looked up. The gradient has the table's whole
// size, so a step costs words·n beside the places·n that are looked up. An index has
// the gradient 0.
type Embedding struct{}

var (
	_ Op             = Embedding{}
	_ BackwardReader = Embedding{}
)

func (Embedding) Infer(in [][]int) ([]int, *tensor.Error) {
	must(len(in[1]) == 2, "Embedding wants a table [words, n]")
	return append(append([]int{}, in[0]...), in[1][1]), nil
}

func (Embedding) BackwardReads() (in, out bool) { return true, false }

func (Embedding) Forward(c *Call) {
	kernel.Embedding(c.InShape[1][0], c.InShape[1][1], c.Out, c.In[0], c.In[1])
}

func (Embedding) Backward(c *Call) {
	if d := c.DIn[0]; d != nil {
		kernel.Fill(d, 0)
	}
	if d := c.DIn[1]; d != nil {
		kernel.EmbeddingGrad(c.InShape[1][0], c.InShape[1][1], d, c.DOut, c.In[0])
	}
}
