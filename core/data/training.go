package data

import (
	"fmt"
	"math"
)

// TrainingDefaults are a sound first network and training run. Names are Keras's in
// TensorFlow.js's spelling.
type TrainingDefaults struct {
	Hidden           []int             `json:"hidden"`      // units of each hidden Dense layer
	Activation       string            `json:"activation"`  // of the hidden layers
	Initializer      string            `json:"initializer"` // of the hidden layers' kernels
	Dropout          float64           `json:"dropout"`     // after each hidden layer; 0 = no such layer
	L2               float64           `json:"l2"`          // on every kernel; 0 = none
	OutputUnits      int               `json:"outputUnits"`
	OutputActivation string            `json:"outputActivation"` // sigmoid, softmax or linear
	Loss             string            `json:"loss"`             // binaryCrossentropy, sparseCategoricalCrossentropy or meanSquaredError
	Metrics          []string          `json:"metrics"`
	Optimizer        string            `json:"optimizer"`
	LearningRate     float64           `json:"learningRate"`
	BatchSize        int               `json:"batchSize"`
	Epochs           int               `json:"epochs"`
	Patience         int               `json:"patience"` // early stopping: epochs without a better val_loss; 0 = none
	Monitor          string            `json:"monitor"`  // val_loss, or loss where there is no validation part
	RestoreBest      bool              `json:"restoreBest"`
	ClassWeight      []float64         `json:"classWeight,omitzero"` // offered where one class is over 3 times as common as another; not applied by default
	Reasons          map[string]string `json:"reasons"`              // by the JSON names above, in plain language
}

// SuggestTraining chooses a network and training options from the number of rows,
// features and classes alone.
func SuggestTraining(p *Prepared) TrainingDefaults {
	rows := len(p.Train.Rows)
	o := &p.Pipeline.Output
	d := TrainingDefaults{
		Activation: "relu", Initializer: "heNormal", OutputUnits: o.Units(),
		Optimizer: "adam", RestoreBest: true, Reasons: make(map[string]string),
	}
	d.chooseLoss(o)
	d.chooseSize(rows)
	d.chooseLength(rows, len(p.Validation.Rows))
	d.chooseWeights(o)
	return d
}

func (d *TrainingDefaults) chooseLoss(o *Output) {
	switch {
	case o.Task == TaskRegression:
		d.OutputActivation, d.Loss, d.Metrics = "linear", "meanSquaredError", []string{"meanAbsoluteError"}
		d.Reasons["loss"] = "For a number, the error is squared: large misses count most."
	case o.Units() == 1:
		d.OutputActivation, d.Loss, d.Metrics = "sigmoid", "binaryCrossentropy", []string{"accuracy"}
		d.Reasons["loss"] = "For two classes, the network gives one probability, and is punished for confident mistakes."
	default:
		d.OutputActivation, d.Loss, d.Metrics = "softmax", "sparseCategoricalCrossentropy", []string{"accuracy"}
		d.Reasons["loss"] = "The network gives each class a probability, and is punished for confident mistakes."
	}
}

// chooseSize gives more rows a larger network, and a small table more restraint.
func (d *TrainingDefaults) chooseSize(rows int) {
	switch {
	case rows < 5_000:
		d.Hidden, d.BatchSize, d.LearningRate, d.L2, d.Dropout = []int{32, 16}, 16, 0.003, 0.001, 0.1
	case rows < 30_000:
		d.Hidden, d.BatchSize, d.LearningRate, d.L2 = []int{64, 32}, 64, 0.003, 0.0001
	default:
		d.Hidden, d.BatchSize, d.LearningRate = []int{128, 64}, 256, 0.003
	}
	d.Reasons["hidden"] = fmt.Sprintf("%s to learn from: %s. A larger network would have room to learn the rows by heart, a smaller one may miss the rule.",
		plural(rows, "row", "rows"), "two hidden layers of "+fmt.Sprintf("%d and %d units", d.Hidden[0], d.Hidden[1]))
	d.Reasons["batchSize"] = fmt.Sprintf("The weights are improved after every %d rows: often enough to get on, seldom enough to be fast.", d.BatchSize)
	d.Reasons["learningRate"] = "How far each improvement goes. Lower it if the loss jumps up and down; raise it if the loss hardly falls."
	if d.L2 > 0 {
		d.Reasons["l2"] = "Keeps weights small, which helps against learning a small table by heart."
	}
	if d.Dropout > 0 {
		d.Reasons["dropout"] = "Switches off some units at random while training, which helps against learning a small table by heart."
	}
}

// chooseLength trains until the validation part says that it is enough. A row of a
// large table is seen less often.
func (d *TrainingDefaults) chooseLength(rows, validation int) {
	switch {
	case rows < 5_000:
		d.Epochs, d.Patience = 150, 20
	case rows < 30_000:
		d.Epochs, d.Patience = 60, 10
	default:
		d.Epochs, d.Patience = 30, 5
	}
	d.Monitor = "val_loss"
	d.Reasons["epochs"] = fmt.Sprintf("Up to %d times through the rows; training stops earlier when the validation loss has not become better for %d epochs, and the best weights are kept.", d.Epochs, d.Patience)
	if validation == 0 {
		d.Epochs, d.Patience, d.Monitor, d.RestoreBest = d.Epochs/3, 0, "loss", false
		d.Reasons["epochs"] = fmt.Sprintf("%d times through the rows. Without a validation part nothing says when to stop, so training is kept short.", d.Epochs)
	}
}

// chooseWeights offers class weights where one class is over three times as common as
// another: each class then weighs the same in all.
func (d *TrainingDefaults) chooseWeights(o *Output) {
	if o.Task != TaskClassification {
		return
	}
	total, most, least := 0, 0, math.MaxInt
	for _, n := range o.Counts {
		total += n
		most, least = max(most, n), min(least, max(n, 1))
	}
	if most <= 3*least {
		return
	}
	for _, n := range o.Counts {
		d.ClassWeight = append(d.ClassWeight, float64(total)/float64(len(o.Counts)*max(n, 1)))
	}
	d.Reasons["classWeight"] = fmt.Sprintf("The commonest class has %.0f times as many training rows as the rarest. With these weights rare classes count as much as common ones: more of them are found, and there are more false alarms.", float64(most)/float64(least))
}
