package image

import (
	"fmt"

	"github.com/terrarium-ml/terrarium/core/data"
)

// A Layer is a hidden layer of a suggested network, in Keras's words as TensorFlow.js
// spells them.
type Layer struct {
	ClassName string
	Config    map[string]any
}

// Suggest chooses size, colours and augmentation from the pictures. Small pictures of one
// size stay as they are.
func (s *Set) Suggest() Setup {
	p := s.Profile()
	side := 32
	if p.Pictures < 1500 {
		side = 48
	}
	setup := Setup{Width: side, Height: side, Channels: 3, Fit: FitCrop, Split: data.DefaultSplit(), Augment: Augment{Rotate: 8, Shift: 0.06, Zoom: 0.08}}
	if p.Grey {
		setup.Channels = 1
	}
	if long := max(p.Width, p.Height); long > 0 && long <= side && min(p.Width, p.Height) >= 8 {
		setup.Width, setup.Height = p.Width, p.Height
	}
	if p.Pictures < 500 {
		setup.Augment.Brightness = 0.15
		setup.Augment.Shift = 0.1
	}
	return setup
}

// Network suggests the hidden layers: as many pairs of convolution and pooling as the
// size allows, each with twice the filters of the one before, then a dense layer.
// Dropout is stronger where there are fewer pictures.
func (p *Prepared) Network() []Layer {
	short := min(p.Config.width, p.Config.height)
	filters := 16
	var layers []Layer
	add := func(class string, config map[string]any) { layers = append(layers, Layer{class, config}) }
	for {
		add("Conv2D", map[string]any{"filters": filters, "kernelSize": []int{3, 3}, "activation": "relu", "padding": "same", "kernelInitializer": "heNormal"})
		add("MaxPooling2D", map[string]any{"poolSize": []int{2, 2}})
		short /= 2
		if short < 8 {
			break
		}
		filters = min(2*filters, 64)
	}
	dropout := 0.3
	if p.Rows() < 1000 {
		dropout = 0.4
	}
	add("Flatten", map[string]any{})
	add("Dropout", map[string]any{"rate": dropout})
	add("Dense", map[string]any{"units": 64, "activation": "relu", "kernelInitializer": "heNormal"})
	return layers
}

// Training suggests how to train that network.
func (p *Prepared) Training() data.TrainingDefaults {
	d := data.SuggestTraining(p.Prepared)
	rows := p.Rows()
	d.Hidden, d.Dropout, d.L2 = []int{}, 0, 0
	d.LearningRate, d.BatchSize = 0.001, 32
	switch {
	case rows < 500:
		d.Epochs, d.Patience, d.BatchSize = 60, 12, 16
	case rows < 3000:
		d.Epochs, d.Patience = 30, 6
	default:
		d.Epochs, d.Patience, d.LearningRate = 12, 4, 0.002
	}
	if len(p.Validation.Rows) == 0 {
		d.Epochs, d.Patience = max(d.Epochs/2, 5), 0
	}
	d.Reasons = map[string]string{
		"loss":         d.Reasons["loss"],
		"classWeight":  d.Reasons["classWeight"],
		"epochs":       fmt.Sprintf("Up to %d times through the pictures; training stops earlier when the validation loss has not become better for %d epochs, and the best weights are kept.", d.Epochs, d.Patience),
		"batchSize":    fmt.Sprintf("The weights are improved after every %d pictures.", d.BatchSize),
		"learningRate": "How far each improvement goes. Lower it if the loss jumps up and down; raise it if the loss hardly falls.",
	}
	return d
}
