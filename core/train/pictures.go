package train

import "github.com/terrarium-ml/terrarium/core/data/image"

// Pictures returns the training part of prepared pictures as a data set, augmented anew
// each time they are learned from: what becomes of a picture depends on the seed, the
// epoch, the step and its place alone.
func Pictures(p *image.Prepared) Dataset { return pictures{p} }

type pictures struct{ *image.Prepared }

var _ Dataset = pictures{}

func (d pictures) Shapes() (inputs, targets [][]int) {
	width, height, channels := d.Config.Size()
	return [][]int{{height, width, channels}}, [][]int{{1}}
}

func (d pictures) Fill(b *Batch) error {
	stream := b.Rand
	if !b.Training {
		stream = nil
	}
	d.Prepared.Fill(b.Inputs[0], b.Rows, stream)
	for i, row := range b.Rows {
		b.Targets[0][i] = d.Train.Y.Data[row]
	}
	return nil
}
