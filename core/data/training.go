package data

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
	ClassWeight      []float64         `json:"classWeight,omitempty"` // offered where one class is over 3 times as common as another; not applied by default
	Reasons          map[string]string `json:"reasons"`               // by the JSON names above, in plain language
}

// SuggestTraining chooses a network and training options from the number of rows,
// features and classes alone.
func SuggestTraining(p *Prepared) TrainingDefaults { panic("TODO") }
