package train

import (
	"math/rand/v2"

	"github.com/terrarium-ml/terrarium/core/data"
)

// Pictures returns the training part of prepared pictures as a data set, augmented anew
// each time they are learned from: what becomes of a picture depends on the seed, the
// epoch, the step and its place alone. An image.Prepared p is handed in as p.Prepared and
// p.Fill: package image registers decoders as a program starts, and one that trains
// on something else should not carry them.
func Pictures(p *data.Prepared, fill func(dst []float32, rows []int, stream *rand.PCG)) Dataset {
	return pictures{p, fill}
}

type pictures struct {
	prepared *data.Prepared
	fill     func(dst []float32, rows []int, stream *rand.PCG)
}

var _ Dataset = pictures{}

func (d pictures) Rows() int { return len(d.prepared.Train.Rows) }

func (d pictures) Shapes() (inputs, targets [][]int) {
	return [][]int{d.prepared.Pipeline.Shape()}, [][]int{{1}}
}

func (d pictures) Fill(b *Batch) error {
	stream := b.Rand
	if !b.Training {
		stream = nil
	}
	d.fill(b.Inputs[0], b.Rows, stream)
	for i, row := range b.Rows {
		b.Targets[0][i] = d.prepared.Train.Y.Data[row]
	}
	return nil
}
