package series

import (
	"fmt"

	"github.com/terrarium-ml/terrarium/core/data"
	"github.com/terrarium-ml/terrarium/core/json"
)

// A Layer is a layer of a suggested network, as Keras and TensorFlow.js know it: class name and
// configuration of an nn.LayerConfig.
type Layer struct {
	ClassName string          `json:"class_name"`
	Config    json.RawMessage `json:"config"`
}

// A Network is a suggested network, from the input to the last layer, and how to train it.
type Network struct {
	Name     string                `json:"name"` // dense, lstm or convolution
	Reason   string                `json:"reason"`
	Layers   []Layer               `json:"layers"`
	Training data.TrainingDefaults `json:"training"`
}

// Networks suggests three networks: a dense one over the whole window; an LSTM, which
// reads it period by period (S. Hochreiter, J. Schmidhuber, 1997); causal convolutions
// whose dilation doubles until they reach over the window (A. van den Oord et al., 2016).
// All are small where there is little to learn from.
func (p *Prepared) Networks() []Network {
	units := 16
	switch n := len(p.Train.Rows); {
	case n >= 5000:
		units = 64
	case n >= 500:
		units = 32
	}
	input := layer("InputLayer", map[string]any{"inputShape": []int{p.Config.window, p.Config.features()}})
	output := layer("Dense", map[string]any{"units": p.Config.horizon})
	hidden := func(n int) Layer {
		return layer("Dense", map[string]any{"units": n, "activation": "relu", "kernel_initializer": "he_normal"})
	}
	flatten := layer("Flatten", map[string]any{})
	convolution := []Layer{input}
	for reach, dilation := 1, 1; reach < p.Config.window; dilation *= 2 {
		convolution = append(convolution, layer("Conv1D", map[string]any{"filters": units, "kernel_size": 3, "dilation_rate": dilation,
			"padding": "causal", "activation": "relu", "kernel_initializer": "he_normal"}))
		reach += 2 * dilation
	}
	d := p.training()
	return []Network{
		{"dense", "Sees the whole window at once: fast, and good where few periods matter.", []Layer{input, flatten, hidden(2 * units), hidden(units), output}, d},
		{"lstm", "Reads the window period by period and remembers: good where the order matters.", []Layer{input, layer("LSTM", map[string]any{"units": units}), output}, d},
		{"convolution", "Looks for patterns of ever longer spans: fast also for long windows.", append(convolution, flatten, output), d},
	}
}

func layer(class string, config map[string]any) Layer {
	text, err := json.Marshal(config)
	if err != nil {
		panic("series: a layer of names and numbers always encodes: " + err.Error())
	}
	return Layer{class, text}
}

// training suggests how to train a network.
func (p *Prepared) training() data.TrainingDefaults {
	d := data.SuggestTraining(p.Prepared)
	d.Hidden, d.Dropout, d.L2 = []int{}, 0, 0
	delete(d.Reasons, "hidden")
	delete(d.Reasons, "dropout")
	delete(d.Reasons, "l2")
	d.Reasons["epochs"] = fmt.Sprintf("Up to %d times through the windows; training stops earlier when the loss on the validation part, the time just behind, has not become better for %d epochs, and the best weights are kept.", d.Epochs, d.Patience)
	if len(p.Validation.Rows) == 0 {
		d.Reasons["epochs"] = fmt.Sprintf("%d times through the windows. Without a validation part nothing says when to stop, so training is kept short.", d.Epochs)
	}
	d.Reasons["batchSize"] = fmt.Sprintf("The weights are improved after every %d windows.", d.BatchSize)
	return d
}
