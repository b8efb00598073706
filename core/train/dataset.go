package train

import (
	"math/rand/v2"

	"github.com/terrarium-ml/terrarium/core/internal/kernel"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// A Dataset is data to train on, whatever it lies in: memory, a file larger than
// that, images that are made anew each time. A row has one value for each input of the
// network and one target for each output. Tensors makes one of tensors.
//
// What a Dataset fills in is checked batch by batch: for finite numbers, and for
// targets that suit the loss.
type Dataset interface {
	// Rows returns how many rows there are.
	Rows() int
	// Shapes returns the shape of a row of each input and of each target, in the order
	// of the network's inputs and outputs.
	Shapes() (inputs, targets [][]int)
	// Fill writes rows into the memory of a batch. An error ends training, and the step
	// did not happen. Training allocates nothing by itself; if Fill does, that shows.
	Fill(b *Batch) error
}

// A Batch is what a Dataset fills. Everything in it is good until Fill returns.
type Batch struct {
	Rows     []int       // which rows are wanted, from 0, in this order
	Training bool        // false: the rows as they are, for an evaluation
	Inputs   [][]float32 // of each input, row behind row; to be written
	Targets  [][]float32 // of each output, row behind row; to be written
	Weights  [][]float32 // of each output, what each row counts; 1 if it is left alone

	// Rand is the random stream of this step: what is drawn from it comes again when the
	// step is repeated.
	Rand *rand.PCG
}

// Tensors returns the data set of tensors [rows, …]: x has one for each input of a
// network, y one for each output.
func Tensors(x, y []*tensor.Tensor) Dataset { return &tensors{x, y} }

// tensors is checked as a whole before training, and not again.
type tensors struct{ x, y []*tensor.Tensor }

func (d *tensors) Rows() int {
	if len(d.x) == 0 || d.x[0] == nil {
		return 0
	}
	return d.x[0].Rows()
}

func (d *tensors) Shapes() (inputs, targets [][]int) {
	row := func(t *tensor.Tensor) []int {
		if t == nil || len(t.Shape) == 0 {
			return nil
		}
		return t.Shape[1:]
	}
	for _, t := range d.x {
		inputs = append(inputs, row(t))
	}
	for _, t := range d.y {
		targets = append(targets, row(t))
	}
	return inputs, targets
}

func (d *tensors) Fill(b *Batch) error {
	for i, t := range d.x {
		fillRows(b.Inputs[i], t, b.Rows)
	}
	for i, t := range d.y {
		fillRows(b.Targets[i], t, b.Rows)
	}
	return nil
}

// fillRows copies rows of t one behind the other.
func fillRows(dst []float32, t *tensor.Tensor, rows []int) {
	kernel.GatherRows(len(dst)/len(rows), dst, t.Data, rows)
}

// missing tells whether a tensor is nil, or there is none.
func (d *tensors) missing() bool {
	for _, list := range [][]*tensor.Tensor{d.x, d.y} {
		for _, t := range list {
			if t == nil {
				return true
			}
		}
		if len(list) == 0 {
			return true
		}
	}
	return false
}
